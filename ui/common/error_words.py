"""What each error says in the window: the sentences of `resources/errors.json` in the person's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from assistant.error_messages import MESSAGES, filled
from assistant.errors import AssistantError, Problem
from ui.common.translation import listed


def message(error: AssistantError | Problem) -> str:
    """What happened, in the person's language."""
    return _said(MESSAGES[error.reason][0], error)


def hint(error: AssistantError | Problem) -> str:
    """What to do about it, or ""."""
    return _said(MESSAGES[error.reason][1], error)


def both(error: AssistantError | Problem) -> str:
    return f"{message(error)} {hint(error)}".strip()


def _said(text: str, error: AssistantError | Problem) -> str:
    return filled(QCoreApplication.translate("errors", text), error.details, listed) if text else ""
