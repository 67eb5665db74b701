"""The text of an answer from documents as the window shows it and the history keeps it."""

from __future__ import annotations

from dataclasses import replace

from assistant.documents.grounded_records import CheckedText, GroundedAnswer
from ui.common import error_words
from ui.common.translation import translate


def checked(result: GroundedAnswer) -> CheckedText:
    """What the model wrote; that there is no answer is said in the person's language."""
    if not result.refused:
        return result.checked
    said = translate("common", "This is not in your documents.")
    if result.answer.absence is not None:
        said = f"{said} {error_words.message(result.answer.absence)}"
    return replace(result.checked, text=said)
