"""What each error says in English: what happened, and what to do about it.

The sentences stand in `resources/errors.json`: reason → [message, hint], by room. A reason is raised as
`AssistantError("reason", name=value)`, and `{name}` stands for the value, or for several as a list. After a
colon: `size` of so many bytes, `number`, `duration` of so many seconds, `count noun`.
"""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from assistant import paths, quantities

Detail = str | int | float | bool | Sequence[str] | None


def _read() -> dict[str, tuple[str, str]]:
    rooms = json.loads((paths.resources() / "errors.json").read_text("utf-8"))
    return {reason: (message, hint) for room in rooms.values() for reason, (message, hint) in room.items()}


MESSAGES = _read()
"""Message and hint by reason."""


class _Formatter(string.Formatter):
    def __init__(self, listed: Callable[[Sequence[str]], str]) -> None:
        self._listed = listed

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            return self._listed(value)
        kind, _, noun = format_spec.partition(" ")
        match kind:
            case "size":
                return quantities.size(value)
            case "number":
                return quantities.number(value)
            case "duration":
                return quantities.duration(value)
            case "count":
                return quantities.count(value, noun)
        return str(super().format_field(value, format_spec))


_formatter = _Formatter(quantities.listed)


def words(reason: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and what to do about it or "".

    Raises:
        KeyError: there is no such reason, or a value that its sentences name is missing.
    """
    message, hint = MESSAGES[reason]
    return _formatter.vformat(message, (), details), _formatter.vformat(hint, (), details)


def filled(text: str, details: Mapping[str, Any], listed: Callable[[Sequence[str]], str]) -> str:
    """Any text with such places, for the window's own words; `listed` makes its lists."""
    return _Formatter(listed).vformat(text, (), details)
