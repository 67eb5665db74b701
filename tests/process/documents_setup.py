"""A documents service with a folder for its files, as the tests of the documents worker use it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.documents.records import DocumentInfo, DocumentState, Scope
from assistant.documents.service import DocumentsService
from assistant.errors import Problem


class DocumentsSetup:
    """A service with a folder for its files, and all that it told."""

    def __init__(self, folder: Path, when: str = "off") -> None:
        """`when`: pictures are recognised; see `settings.Recognition`."""
        self.folder = folder
        self.events: list[Any] = []
        (folder / "handbook").mkdir(parents=True, exist_ok=True)
        (folder / "handbook/1-start.md").write_text(
            "# First steps\n\nDrop a folder on the window: every file that can be read is taken up.\n"
        )
        self.library = folder / "home/models/library"
        self.embedders = folder / "home/embedders"
        self.service = DocumentsService(
            folder / "home/documents",
            handbook=folder / "handbook",
            library=self.library,
            embedders=self.embedders,
            when=when,
            on_event=self.events.append,
        )

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def add(self, *paths: Path, **options: Any) -> tuple[DocumentInfo, ...]:
        """Add and wait until all is read."""
        added = self.service.add(paths, **options).result(60)
        assert not added.refused
        return self.finished([row.id for row in (*added.documents, *added.already)])

    def finished(self, ids: Sequence[int]) -> tuple[DocumentInfo, ...]:
        return self.service.wait(ids).result(120)

    def row(self, path: Path) -> DocumentInfo:
        """The document at this path, which must be there."""
        row = self.known(path)
        assert row is not None, self.states()
        return row

    def known(self, path: Path) -> DocumentInfo | None:
        rows = [row for row in self.service.documents().result(30) if row.path == str(path)]
        assert len(rows) < 2
        return rows[0] if rows else None

    def until(self, what: Callable[[], Any], seconds: float = 200) -> Any:
        """Wait until it is true."""
        deadline = time.monotonic() + seconds
        while not (found := what()):
            assert time.monotonic() < deadline, self.states()
            time.sleep(0.1)
        return found

    def states(self) -> dict[str, str]:
        return {Path(row.path).name: row.state.value for row in self.service.documents().result(30)}

    def state(self, path: Path) -> DocumentState | None:
        row = self.known(path)
        return row.state if row else None

    def found(self, question: str, **scope: Any) -> list[str]:
        """The names of the documents that are found, best first."""
        hits = self.service.search(question, scope=Scope(**scope)).result(60)
        return list(dict.fromkeys(Path(hit.path).name for hit in hits))

    def indexing(self) -> IndexingState | None:
        """The state that was told last."""
        told = [event.state for event in list(self.events) if isinstance(event, IndexingStatus)]
        return told[-1] if told else None


def problem(row: DocumentInfo) -> Problem:
    """What is wrong with a document with which something must be wrong."""
    assert row.error is not None, row
    return row.error
