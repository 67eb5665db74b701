"""Errors whose words a test makes up."""

from __future__ import annotations

from typing import Any, TypeVar

from assistant.errors import AssistantError

E = TypeVar("E", bound=AssistantError)


def told(kind: type[E], message: str, hint: str = "", details: dict[str, Any] | None = None) -> E:
    return kind("as-told", message=message, hint=hint, **(details or {}))
