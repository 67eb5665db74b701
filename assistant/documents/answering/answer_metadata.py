"""PURE: what the history keeps with an answer, beside its words."""

from __future__ import annotations

from typing import Any

from assistant.chat.records import Completion
from assistant.documents.grounded_records import GroundedAnswer, Summary


def of(result: Completion | GroundedAnswer | Summary) -> dict[str, Any]:
    """How it came about and, from documents, what it cites and where the quotes do not bear it out."""
    if isinstance(result, Completion):
        return _figures(result)
    figures = _figures(result.completion) if result.completion is not None else {}
    marks = {"doubts": list(result.checked.doubts), "unsourced": list(result.checked.unsourced)}
    if isinstance(result, GroundedAnswer):
        quotes = list(result.answer.quotes)
        return {**figures, "quotes": quotes, **marks, "absent": result.checked.absent}
    figures.pop("context", None)  # it was full of the document, and not of the conversation
    quotes = list(result.quotes)
    return {**figures, "quotes": quotes, **marks, "note": result.note, "passes": result.passes}


def _figures(completion: Completion) -> dict[str, Any]:
    return {
        "finish": completion.finish.value,
        "tokens": completion.tokens,
        "thinking_tokens": completion.thinking_tokens,
        "prompt_tokens": completion.prompt_tokens,
        "reading_seconds": round(completion.reading_seconds, 3),
        "writing_seconds": round(completion.writing_seconds, 3),
        "context": completion.context,
        "dropped_messages": completion.dropped_messages,
        "overflow": completion.overflow,
    }
