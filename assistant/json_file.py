"""The JSON files of what a person has made: written whole, and kept where they cannot be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from assistant import atomic_write
from assistant.errors import DamagedStore, DiskFull, Problem, StorageError, UserInputError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reasons:
    """Which errors say what is wrong with a file: keys of `error_messages.MESSAGES`."""

    not_readable: str
    damaged: str
    damaged_not_kept: str
    newer: str
    newer_not_kept: str
    not_saved: str
    disk_full: str


class JsonFile:
    """One file. Whoever uses it sees to it that one thread at a time writes."""

    def __init__(self, path: Path, version: int, reasons: Reasons) -> None:
        """
        Args:
            path: it may not exist yet.
            version: what this program writes; a higher one is of a newer program.
        """
        self.notice: Problem | None = None
        """What could not be read; None if all is well."""
        self._path = path
        self._version = version
        self._reasons = reasons

    def read(self, understood: Callable[[dict[str, Any]], T]) -> T | None:
        """What `understood` makes of the file; None where there is none that can be used.

        A damaged one is put aside, of a newer one a copy is kept, and `notice` says so.

        Args:
            understood: may raise whatever a file raises that holds something else than was expected.
        """
        try:
            table = json.loads(self._path.read_text(encoding="utf-8-sig"))
            found = understood(table)
            if table["version"] > self._version:
                # What this version knows of it is used; the newer file stays for the newer program.
                self._keep_copy_of_newer()
            return found
        except FileNotFoundError:
            pass
        except OSError as error:
            self.notice = StorageError(self._reasons.not_readable, why=_why(error)).problem
        except (ValueError, KeyError, TypeError, AttributeError, UserInputError, RecursionError) as error:
            self._set_aside(str(error))
        return None

    def write(self, values: Mapping[str, Any]) -> None:
        """Put these in the place of what there is; nobody else may read them.

        Raises:
            DiskFull, StorageError: it cannot be written; the old file is untouched.
        """
        content = json.dumps({"version": self._version, **values}, ensure_ascii=False, indent=2)
        try:
            atomic_write.write(self._path, f"{content}\n", private=True)
        except OSError as error:
            if atomic_write.disk_is_full(error):
                raise DiskFull(self._reasons.disk_full) from error
            raise StorageError(self._reasons.not_saved, why=_why(error)) from error

    def _keep_copy_of_newer(self) -> None:
        kept = atomic_write.unused(self._path, "newer")
        try:
            kept.write_bytes(self._path.read_bytes())
        except OSError as error:
            self.notice = StorageError(self._reasons.newer_not_kept, why=_why(error)).problem
        else:
            self.notice = StorageError(self._reasons.newer, name=kept.name).problem

    def _set_aside(self, damage: str) -> None:
        kept = atomic_write.unused(self._path, "damaged")
        try:
            self._path.rename(kept)
        except OSError as error:
            failed = DamagedStore(self._reasons.damaged_not_kept, damage=damage, why=_why(error))
            self.notice = failed.problem
        else:
            self.notice = DamagedStore(self._reasons.damaged, damage=damage, name=kept.name).problem


def _why(error: OSError) -> str:
    return error.strerror or str(error)
