"""What each error says in the window: its sentences, by the reason that it carries."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from assistant.error_messages import filled
from assistant.errors import AssistantError, Problem

_WORDS: dict[str, tuple[str, str]] = {}
"""Message and hint for each reason of `assistant.error_messages`, with the same places for values."""


def message(error: AssistantError | Problem) -> str:
    """What happened, in the person's language."""
    words = _WORDS.get(error.reason)
    return error.message if words is None else _said(words[0], error)


def hint(error: AssistantError | Problem) -> str:
    """What to do about it, or ""."""
    words = _WORDS.get(error.reason)
    return error.hint if words is None else _said(words[1], error)


def both(error: AssistantError | Problem) -> str:
    return f"{message(error)} {hint(error)}".strip()


def _said(text: str, error: AssistantError | Problem) -> str:
    return filled(QCoreApplication.translate("errors", text), error.details) if text else ""
