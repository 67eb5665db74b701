"""What each error says in English: what happened, and what to do about it.

For logs, programs and the command line; the window has a table of its own, which can be translated. A reason
is raised as `AssistantError("reason", name=value)`, and `{name}` stands for the value. After a colon: `size`
of so many bytes, `number`, `duration` of so many seconds, `count noun`.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from assistant import quantities

Detail = str | int | float | bool | None

MESSAGES: dict[str, tuple[str, str]] = {
    "as-told": ("{message}", "{hint}"),
    # --- the data folder, files, settings, the network guard ------------------------------------------------
    #
    # --- engines' processes ---------------------------------------------------------------------------------
    #
    # --- models: files, library, downloads ------------------------------------------------------------------
    #
    # --- chat and its history -------------------------------------------------------------------------------
    #
    # --- documents: formats ---------------------------------------------------------------------------------
    #
    # --- documents: indexing, searching, answering ----------------------------------------------------------
    #
    "collection-keeps-name": ("The collection “{name}” keeps its name.", "The program itself uses it."),
    # --- the command line and the window --------------------------------------------------------------------
    #
}


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
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


_formatter = _Formatter()


def words(reason: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and what to do about it or "".

    Raises:
        KeyError: there is no such reason, or a value that its sentences name is missing.
    """
    message, hint = MESSAGES[reason]
    return _formatter.vformat(message, (), details), _formatter.vformat(hint, (), details)


def filled(text: str, details: Mapping[str, Any]) -> str:
    """Any text with such places, for the window's own words."""
    return _formatter.vformat(text, (), details)
