"""The assistants: those that came with the program, and the person's own in one JSON file."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import PLAIN_ASSISTANT
from assistant.errors import Problem, UserInputError
from assistant.json_file import JsonFile, Reasons

FILE_VERSION = 1
"""Of the person's file; a higher one is of a newer program."""
_REASONS = Reasons(
    not_readable="assistants-not-readable",
    damaged="assistants-damaged",
    damaged_not_kept="assistants-damaged-not-kept",
    newer="assistants-newer",
    newer_not_kept="assistants-newer-not-kept",
    not_saved="assistant-not-saved",
    disk_full="assistant-not-saved-disk-full",
)

_WORDS = {field.name for field in fields(Assistant) if field.type == "str"} - {"id"}
"""Fields that hold text."""
_SWITCHES = {"all_documents"}
"""Fields that hold a yes or no."""
_ONE_LINE = {"name", "about", "not_for", "language"}
"""Fields in which a line end becomes a space."""
_LONGEST = {"name": 80, "about": 300, "not_for": 300, "language": 20, "instructions": 20_000}
"""Characters that a field may have."""
_LONGEST_OTHER = 4_000
"""Characters of the fields that are not named there."""


class Assistants:
    """All of them. Methods may be called from any thread; each change is on the disk when it returns."""

    def __init__(self, own: Path, builtin: Path) -> None:
        """Read both files; one of the person's that cannot be used is put aside, and `notice` says so.

        Args:
            own: the person's file; it may not exist yet.
            builtin: the file that came with the program.
        """
        self._file = JsonFile(own, FILE_VERSION, _REASONS)
        self._lock = threading.Lock()
        self._builtin = {each.id: each for each in _builtin(builtin)}
        self._own = self._file.read(self._understood) or {}

    @property
    def notice(self) -> Problem | None:
        """What could not be read; None if all is well."""
        return self._file.notice

    # --- what there is

    def all(self) -> tuple[Assistant, ...]:
        """Those that came with the program in their order, then the person's own by name."""
        with self._lock:
            first = [self._own.get(id, each) for id, each in self._builtin.items()]
            own = [each for id, each in self._own.items() if id not in self._builtin]
        return (*first, *sorted(own, key=lambda each: each.name.casefold()))

    def get(self, id: str) -> Assistant:
        """The assistant with this id; the plain helper where there is none any more."""
        with self._lock:
            found = self._own.get(id) or self._builtin.get(id)
            return found or self._own.get(PLAIN_ASSISTANT) or self._builtin[PLAIN_ASSISTANT]

    def find(self, name: str) -> Assistant:
        """The assistant with this id or, in any case of letters, this name.

        Raises:
            UserInputError: there is none; the hint lists those that there are.
        """
        wanted = name.strip().casefold()
        for each in self.all():
            if wanted in (each.id.casefold(), each.name.casefold()):
                return each
        known = [each.name for each in self.all()]
        raise UserInputError("no-such-assistant", name=name.strip(), known=known)

    # --- changing

    def create(self, name: str, instructions: str, **values: Any) -> Assistant:
        """Make one of the person's own.

        Args:
            values: the other fields of Assistant, by name.

        Raises:
            UserInputError: a field is empty that must not be, is too long, or does not exist.
            StorageError: it cannot be written.
        """
        with self._lock:
            taken = self._builtin.keys() | self._own.keys()
            made = Assistant(_free_id(name, taken), name="", instructions="", own=True)
            made = _changed(made, {"name": name, "instructions": instructions, **values})
            return self._keep(made)

    def edit(self, id: str, **values: Any) -> Assistant:
        """Change fields of an assistant; one that came with the program can be had back by `delete`.

        Raises:
            UserInputError: there is no such assistant, or a value does not do.
            StorageError: it cannot be written.
        """
        with self._lock:
            known = self._own.get(id) or self._builtin.get(id)
            if known is None:
                raise UserInputError("assistant-gone")
            return self._keep(_changed(replace(known, own=True), values))

    def collection_renamed(self, name: str, new_name: str) -> None:
        """Assistants that answer from a collection go on doing so under its new name.

        Raises:
            StorageError: it cannot be written.
        """
        with self._lock:
            followed = {
                id: replace(each, collection=new_name)
                for id, each in self._own.items()
                if each.collection == name
            }
            if followed:
                self._write({**self._own, **followed})
                self._own.update(followed)

    def delete(self, id: str) -> Assistant:
        """Remove one of the person's own, or take back the changes to one that came with the program.

        Returns:
            what was removed; `restore` brings it back.

        Raises:
            UserInputError: it came with the program and is unchanged, or is not there.
            StorageError: it cannot be written.
        """
        with self._lock:
            if id not in self._own:
                if id in self._builtin:
                    raise UserInputError("assistant-is-builtin")
                raise UserInputError("assistant-not-there")
            remaining = {key: each for key, each in self._own.items() if key != id}
            self._write(remaining)
            removed = self._own[id]
            self._own = remaining
            return removed

    def restore(self, assistant: Assistant) -> Assistant:
        """Bring back what `delete` removed."""
        with self._lock:
            return self._keep(replace(assistant, own=True))

    # --- the file

    def _keep(self, assistant: Assistant) -> Assistant:
        changed = {**self._own, assistant.id: assistant}
        self._write(changed)
        self._own = changed
        return assistant

    def _understood(self, table: dict[str, Any]) -> dict[str, Assistant]:
        return {each.id: each for each in map(self._as_assistant, table["assistants"])}

    def _as_assistant(self, entry: dict[str, Any]) -> Assistant:
        known = {key: value for key, value in entry.items() if key in _WORDS | _SWITCHES}
        id = entry["id"]
        if not isinstance(id, str) or not id:
            raise ValueError("an assistant without an id")
        bare = Assistant(id, name="", instructions="", own=True, builtin=id in self._builtin)
        return _changed(bare, known)

    def _write(self, own: dict[str, Assistant]) -> None:
        listed = [
            {key: value for key, value in asdict(each).items() if key not in ("own", "builtin") and value}
            for each in own.values()
        ]
        self._file.write({"assistants": listed})


def _builtin(file: Path) -> list[Assistant]:
    listed = json.loads(file.read_text(encoding="utf-8"))["assistants"]
    return [Assistant(**entry, builtin=True) for entry in listed]


def _changed(assistant: Assistant, values: dict[str, Any]) -> Assistant:
    """The assistant with these values, tidied and checked."""
    tidy: dict[str, Any] = {}
    for key, value in values.items():
        if key in _SWITCHES and isinstance(value, bool):
            tidy[key] = value
            continue
        if key not in _WORDS or not isinstance(value, str):
            raise UserInputError("assistant-field-unknown", field=key)
        most = _LONGEST.get(key, _LONGEST_OTHER)
        if len(value) > most:
            raise UserInputError("assistant-field-too-long", field=key, most=most)
        tidy[key] = " ".join(value.split()) if key in _ONE_LINE else value.strip()
    changed = replace(assistant, **tidy)
    if not changed.name:
        raise UserInputError("assistant-without-name")
    return changed


def _free_id(name: str, taken: set[str]) -> str:
    base = re.sub(r"\W+", "-", name.strip().casefold()).strip("-")[:40] or "assistant"
    id, number = base, 1
    while id in taken:
        number += 1
        id = f"{base}-{number}"
    return id
