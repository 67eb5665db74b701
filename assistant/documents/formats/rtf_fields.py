"""PURE: what is filled in at the form fields of RTF."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED

_UNSET = 25
"""What a check box says that was never touched."""


@dataclass(slots=True)
class FormField:
    """A field of a form while it is read (RTF 1.9.1, Form Fields)."""

    choices: list[str] = field(default_factory=list)
    result: int | None = None
    default: int = 0

    def set(self, value: int | None) -> None:
        self.result = value if value != _UNSET else None

    def set_default(self, value: int | None) -> None:
        self.default = value or 0

    def shown(self, instruction: str) -> str:
        """What stands at the field: a ticked or empty box, the choice; a text stands in its result."""
        value = self.result if self.result is not None else self.default
        if instruction.startswith("FORMCHECKBOX"):
            return TICKED if value else EMPTY
        if instruction.startswith("FORMDROPDOWN"):
            return self.choices[value] if 0 <= value < len(self.choices) else ""
        return ""
