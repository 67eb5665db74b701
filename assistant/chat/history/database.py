"""The history's SQLite file: one connection, and what is kept aside when it cannot be used."""

from __future__ import annotations

from pathlib import Path

from assistant.chat.history import schema
from assistant.errors import Problem
from assistant.sqlite_file import Reasons, SqliteFile, set_aside

DAMAGED, NEWER = "damaged", "newer"

PRAGMAS = ("synchronous = FULL",)  # a power failure takes a second of an answer, no more
BUSY_SECONDS = 10.0
"""How long another process may hold the file."""

_REASONS = Reasons(
    damaged="history-damaged",
    full="history-disk-full",
    busy="history-busy",
    denied="history-denied",
    disk_error="history-disk-error",
    failed="history-failed",
    closed="history-closed",
    no_folder="history-no-folder",
    not_set_aside="history-not-set-aside",
)


class _Newer(Exception):
    """The file was written by a newer version of the program."""


class HistoryFile(SqliteFile):
    """Methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Open `file` or begin it. One that is damaged or was written by a newer version is kept beside it
        under another name, in `aside`; nothing is ever deleted.

        Raises:
            StorageError: the folder cannot be made or written.
        """
        self.notices: list[Problem] = []
        """What the person should know about how opening went."""
        try:
            self._begin(file)
        except _Newer:
            kept = set_aside(file, NEWER, "history-newer-not-set-aside")
            self.notices.append(Problem("newer-history", "history-newer", {"name": kept.name}))
            self._begin(file)

    def _begin(self, file: Path) -> None:
        super().__init__(file, _REASONS, schema.MIGRATIONS, PRAGMAS, busy_seconds=BUSY_SECONDS)

    def _refuse_newer(self, version: int) -> None:
        raise _Newer

    def aside(self, why: str) -> list[Path]:
        """The files that were kept aside and not read yet, oldest first."""
        found = self.file.parent.glob(f"{self.file.name}.{why}-[0-9]*")
        return sorted(path for path in found if not path.name.endswith(("-wal", "-shm", "-journal")))

    def any_aside(self) -> bool:
        """Whether a file is kept aside, read or not: not all in it may have been readable."""
        return any(
            True for why in (DAMAGED, NEWER) for _ in self.file.parent.glob(f"{self.file.name}.{why}-*")
        )
