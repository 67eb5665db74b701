"""Reads documents through the reader's process, and survives what they do to it.

A file can crash its reader, eat all memory or never end. Then the reader is started again, and the part that
did it twice is recorded as failed; reading goes on behind it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.documents.indexing.deadly_calls import (
    CRASHES,
    MOST_CRASHES,
    MOST_KILLS,
    call,
    how,
    tried_again,
    was_killed,
)
from assistant.documents.records import Opened, Outcome, PagePicture, Part
from assistant.documents.viewer_records import PageLayout
from assistant.errors import (
    UnreadableDocument,
    WorkerUnresponsive,
)
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.workers.supervisor import Worker

ENGINE = "assistant.documents.indexing.reader_process:ReaderEngine"
MEMORY_LIMIT = 1_350_000_000
"""Bytes beyond what the reader needs for itself, so that all of it stays below 1.5 GB."""

SECONDS = 18.0
"""After so long without a sign of life reading is given up; three times this, what a file costs, is below a
minute."""
_SECONDS_PER_BYTE = 1 / 1_500_000
"""Added to `SECONDS`: a large spreadsheet takes its time to open, even on a slow drive."""

_PARTS_AT_ONCE = 16
"""Parts that one call reads at most."""
_CHARACTERS_AT_ONCE = 200_000
"""After so many characters a call reads no further part."""
_NEIGHBOURS = 3
"""So far around a part its neighbours are looked at, unless it is asked for alone."""
_MOST_IN_A_ROW = 3
"""So many parts that kill the reader, one after the other, and the rest of the document is given up."""
_MOST_HANGS = 2
"""So many parts that take far too long, anywhere, and the rest is given up: each costs so much time."""


def new_reader(name: str, *, niceness: int = 0, idle_seconds: float | None = None) -> Worker:
    """A reader's process, not started yet. `niceness`: how far it stands back behind others, up to 19."""
    return Worker(
        ENGINE,
        {"niceness": niceness},
        name=name,
        memory_limit=MEMORY_LIMIT,
        hard_memory_limit=True,
        idle_seconds=idle_seconds,
    )


class DocumentReader:
    """One document at a time, from one thread."""

    def __init__(self, worker: Worker, seconds: float = SECONDS) -> None:
        """`seconds` without a sign of life are allowed for a small file."""
        self._worker = worker
        self._seconds = seconds
        self._last_reason = ""

    def open(self, path: str, size: int, password: str | None, token: CancelToken) -> Opened:
        """Open a document; `size` in bytes allows large ones more time.

        Raises:
            DocumentError: it cannot be read, for a reason that people understand.
            WorkerStartFailed: there is no reader.
            Cancelled: `token` was cancelled.
        """
        try:
            opened = tried_again(
                lambda: self._call("open", size, token, path=path, password=password), after_hanging=True
            )
        except CRASHES as error:
            raise UnreadableDocument(f"open-{how(error)}", worker=error.code) from error
        assert isinstance(opened, Opened)
        return opened

    def parts(
        self,
        path: str,
        size: int,
        opened: Opened,
        first: int,
        password: str | None,
        token: CancelToken,
    ) -> Iterator[Part]:
        """The parts from `first` on. One that kills the reader comes as Outcome.FAILED.

        Raises as `open` does.
        """
        number = first
        crashes: Counter[int] = Counter()
        in_a_row = hangs = kills = 0
        alone_until, unexplained = 0, False
        while opened.parts is None or number <= opened.parts:
            if crashes[number] >= MOST_CRASHES:
                in_a_row += 1
                yield _failed(opened, number, self._last_reason)
                number += 1
                alone_until = max(alone_until, number + _NEIGHBOURS)
                if in_a_row == _MOST_IN_A_ROW or hangs == _MOST_HANGS:
                    yield from _given_up(opened, number)
                    return
                continue
            alone = number < alone_until
            unexplained = unexplained and alone
            try:
                batch = self._call(
                    "read",
                    size,
                    token,
                    path=path,
                    first=number,
                    password=password,
                    max_parts=1 if alone else _PARTS_AT_ONCE,
                    max_chars=_CHARACTERS_AT_ONCE,
                )
            except CRASHES as error:
                kills += was_killed(error)
                if was_killed(error) and kills <= MOST_KILLS:
                    continue
                self._last_reason = f"part-{how(error)}"
                if alone:
                    hung = isinstance(error, WorkerUnresponsive)  # so long is no accident
                    hangs += hung
                    crashes[number] += 2 if unexplained or hung else 1
                    unexplained = False
                else:
                    # Which of them it was shows when each is read alone: then it does it again. A part may
                    # be looked at for its neighbours' sake, so it can lie a little further on.
                    alone_until, unexplained = number + _PARTS_AT_ONCE + _NEIGHBOURS, True
                continue
            if batch.parts:
                in_a_row = 0
            for part in batch.parts:
                yield part
                number = max(number, part.number + 1)
            if not batch.more:
                return
            if not batch.parts:
                raise UnreadableDocument("reading-never-ends")

    def picture(
        self, path: str, page: int, width: int, password: str | None, token: CancelToken
    ) -> PagePicture:
        """A page as pixels, `width` of them wide. Raises as `open` does."""
        try:
            picture = self._call("render", 0, token, path=path, page=page, width=width, password=password)
        except CRASHES as error:
            raise UnreadableDocument(f"page-{how(error)}") from error
        assert isinstance(picture, PagePicture)
        return picture

    def part_picture(
        self, path: str, part: int, number: int, password: str | None, token: CancelToken
    ) -> Picture:
        """A picture of a part, of those that `Part.pictures` names. Raises as `open` does."""
        arguments = {"path": path, "part": part, "number": number, "password": password}
        try:
            picture = tried_again(
                lambda: self._call("part_picture", 0, token, **arguments), after_hanging=True
            )
        except CRASHES as error:
            raise UnreadableDocument(f"page-{how(error)}") from error
        assert isinstance(picture, Picture)
        return picture

    def searchable_copy(
        self,
        path: str,
        size: int,
        output: str,
        words: Mapping[int, bytes],
        password: str | None,
        token: CancelToken,
    ) -> None:
        """Writes a PDF to `output`: the document with `words`, from `Store.packed_words`, over its pictures.

        Raises as `open` does, and StorageError where `output` cannot be written.
        """
        try:
            self._call(
                "searchable_copy", size, token, path=path, output=output, words=words, password=password
            )
        except CRASHES as error:
            raise UnreadableDocument(f"open-{how(error)}", worker=error.code) from error

    def layout(self, path: str, size: int, password: str | None, token: CancelToken) -> PageLayout:
        """The pages of a document, without drawing them. Raises as `open` does."""
        try:
            layout = self._call("layout", size, token, path=path, password=password)
        except CRASHES as error:
            raise UnreadableDocument(f"open-{how(error)}", worker=error.code) from error
        assert isinstance(layout, PageLayout)
        return layout

    def _call(
        self,
        method: str,
        size: int,
        token: CancelToken,
        **arguments: Any,
    ) -> Any:
        return call(self._worker, method, time_limit(self._seconds, size), token, **arguments)


def time_limit(seconds: float, size: int) -> float:
    """Seconds without a sign of life after which reading a file of `size` bytes is given up."""
    return seconds + size * _SECONDS_PER_BYTE


def _failed(opened: Opened, number: int, reason: str) -> Part:
    problem = UnreadableDocument(reason).problem
    return Part(number, f"{opened.unit} {number}", Outcome.FAILED, problem=problem)


def _given_up(opened: Opened, first: int) -> Iterator[Part]:
    for number in range(first, (opened.parts or 0) + 1):
        yield _failed(opened, number, "part-not-tried")
