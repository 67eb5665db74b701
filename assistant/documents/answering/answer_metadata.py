"""PURE: what the history keeps with an answer, beside its words."""

from __future__ import annotations

from typing import Any

from assistant.chat.records import Completion
from assistant.documents.records import GroundedAnswer, Summary


def of(result: Completion | GroundedAnswer | Summary) -> dict[str, Any]:
    """How it came about and, from documents, what it cites and where the quotes do not bear it out."""
    if isinstance(result, Completion):
        return _figures(result)
    figures = _figures(result.completion) if result.completion is not None else {}
    doubts, unsourced = list(result.checked.doubts), list(result.checked.unsourced)
    if isinstance(result, GroundedAnswer):
        quotes = list(result.answer.quotes)
        marks = {"doubts": doubts, "unsourced": unsourced, "absent": result.checked.absent}
        return {**figures, "quotes": quotes, **marks}
    figures.pop("context", None)  # it was full of the document, and not of the conversation
    return {
        **figures,
        "quotes": list(result.quotes),
        "doubts": doubts,
        "unsourced": unsourced,
        "note": result.note,
        "passes": result.passes,
    }


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
    }
