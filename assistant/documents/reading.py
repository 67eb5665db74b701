"""Reads documents through the reader's process, and survives what they do to it.

A file can crash its reader, eat all memory or never end. Then the reader is started again, and the part that
did it twice is recorded as failed; reading goes on behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from assistant.documents.records import Opened, Outcome, PagePicture, Part
from assistant.errors import (
    Cancelled,
    UnreadableDocument,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.jobs import CancelToken
from assistant.workers.supervisor import Worker

ENGINE = "assistant.documents.reader:ReaderEngine"
MEMORY_LIMIT = 1_350_000_000
"""Bytes beyond what the reader needs for itself, so that all of it stays below 1.5 GB."""

_SECONDS = 25.0
"""Without a sign of life. Twice this must stay below a minute: so long may a hostile file hold up the queue."""
_SECONDS_PER_BYTE = 1 / 1_500_000
"""A large spreadsheet takes its time to open, even on a slow drive."""

_PARTS_AT_ONCE = 16
_CHARACTERS_AT_ONCE = 200_000
_MOST_POISONED = 3
"""In a row. Then the rest of the document is given up."""

_Report = Callable[[Any], None]


def new_reader(name: str, *, idle_seconds: float | None = None) -> Worker:
    """A reader's process, not started yet."""
    return Worker(
        ENGINE, name=name, memory_limit=MEMORY_LIMIT, hard_memory_limit=True, idle_seconds=idle_seconds
    )


class DocumentReader:
    """One document at a time, from one thread."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def open(self, path: str, size: int, password: str | None, token: CancelToken) -> Opened:
        """Open a document; `size` in bytes allows large ones more time.

        Raises:
            DocumentError: it cannot be read, for a reason that people understand.
            WorkerStartFailed: there is no reader.
            Cancelled: `token` was cancelled.
        """
        for attempt in (1, 2):
            try:
                opened = self._call("open", size, token, path=path, password=password)
            except (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive) as error:
                if attempt == 2:
                    raise UnreadableDocument(
                        f"This file cannot be opened: {why(error)}.",
                        "Open it with the program that made it and save it again.",
                        {"worker": error.code},
                    ) from error
            else:
                assert isinstance(opened, Opened)
                return opened
        raise AssertionError("the loop returns or raises")

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
        one_by_one_until = 0
        poisoned = 0
        while opened.parts is None or number <= opened.parts:
            alone = number < one_by_one_until
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
            except (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive) as error:
                if not alone:
                    # Which of them it was shows when they are read one by one: the culprit then does it again.
                    one_by_one_until = number + _PARTS_AT_ONCE
                    continue
                poisoned += 1
                yield _failed(opened, number, f"Reading it failed: {why(error)}.")
                number += 1
                if poisoned == _MOST_POISONED:
                    yield from _given_up(opened, number)
                    return
                continue
            poisoned = 0
            for part in batch.parts:
                yield part
                number = max(number, part.number + 1)
            if not batch.more:
                return
            if not batch.parts:
                raise UnreadableDocument(
                    "Reading this file does not come to an end.",
                    "Open it with the program that made it and save it again.",
                )

    def picture(
        self, path: str, page: int, width: int, password: str | None, token: CancelToken
    ) -> PagePicture:
        """A page as pixels, `width` of them wide. Raises as `open` does."""
        try:
            picture = self._call("render", 0, token, path=path, page=page, width=width, password=password)
        except (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive) as error:
            raise UnreadableDocument(f"This page cannot be shown: {why(error)}.") from error
        assert isinstance(picture, PagePicture)
        return picture

    def _call(self, method: str, size: int, token: CancelToken, **arguments: Any) -> Any:
        while True:
            token.raise_if_cancelled()
            limit = _SECONDS + size * _SECONDS_PER_BYTE
            run = self._worker.submit(method, time_limit=limit, **arguments)
            try:
                while True:
                    try:
                        return run.result(0.1)
                    except TimeoutError:
                        if token.cancelled:
                            run.cancel()
                            raise Cancelled from None
            except (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive, WorkerStartFailed):
                raise
            except WorkerError as error:
                # Another call was the cause of the restart: this one may simply be made again.
                if not error.details.get("restarted"):
                    raise


def why(error: WorkerError) -> str:
    """A clause for people, without a full stop."""
    if isinstance(error, WorkerOutOfMemory):
        return "it needs more memory than reading a document may take"
    if isinstance(error, WorkerUnresponsive):
        return "it takes far too long"
    return "the reader crashed at it, twice"


def _failed(opened: Opened, number: int, reason: str) -> Part:
    return Part(number, f"{opened.unit} {number}", Outcome.FAILED, (), reason)


def _given_up(opened: Opened, first: int) -> Iterator[Part]:
    for number in range(first, (opened.parts or 0) + 1):
        yield _failed(opened, number, "It was not tried, because several before it could not be read.")
