"""The process that opens untrusted files: opens a document, reads it in batches, draws its pages.

A file can be made to crash, to hang or to eat memory, and the libraries that read it are native code. So
they run here, in a child of the documents worker, and the parent sets the limits: it kills this process when
a part takes too long or too much memory, starts it again and goes on behind that part. Nothing here guards
against that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from assistant.documents.formats.open_document import Document, open_document
from assistant.documents.records import Opened, Outcome, PagePicture, Part
from assistant.documents.store.codec import PackedWords, storable
from assistant.documents.viewer_records import PageLayout
from assistant.errors import (
    AccessDenied,
    AssistantError,
    DocumentError,
    DocumentGone,
    UnreadableDocument,
    UnsupportedFormat,
)
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken

_Result = TypeVar("_Result")

_log = logging.getLogger(__name__)

_OPEN_FILES = 4
"""Kept open between calls, for reading and for drawing each."""

_MOST_BREAKDOWNS = 3
"""A reader that breaks down at so many parts in a row is given up."""

_NOT_TRIED = UnreadableDocument("part-not-tried").problem


class ReaderContext(Protocol):
    """What a call brings along; see assistant.workers.child.CallContext."""

    token: CancelToken

    def report(self, value: Any) -> None: ...


@dataclass(frozen=True, slots=True)
class ReadBatch:
    parts: tuple[Part, ...]
    more: bool
    """False once the document's last part is among `parts` or before them."""


@dataclass(eq=False, slots=True)
class _OpenFile:
    """A document and the thread that does all the work on it.

    A format's reader stops in the middle of a file between two batches, and lxml for one corrupts its memory
    when a parser that was begun on one thread goes on on another.
    """

    thread: ThreadPoolExecutor
    document: Document
    stamp: tuple[int, int, int]
    lock: threading.Lock = field(default_factory=threading.Lock)
    parts: Iterator[Part] | None = None
    next_part: int = 1
    breakdowns: int = 0

    def do(self, work: Callable[[], _Result]) -> _Result:
        return self.thread.submit(work).result()


class ReaderEngine:
    """An engine as assistant.workers.child runs it. Calls may come side by side."""

    def __init__(self, emit: Callable[[Any], None] | None = None, niceness: int = 0) -> None:
        """`niceness`: how far this process stands back behind others that want the processor, up to 19."""
        if niceness and hasattr(os, "nice"):
            os.nice(niceness)
        self._reading = _OpenFiles()
        self._drawing = _OpenFiles()

    def open(self, context: ReaderContext, path: str, password: str | None = None) -> Opened:
        """What a document is. It stays open for `read`.

        Raises PasswordRequired, UnreadableDocument, UnsupportedFormat, DocumentGone or AccessDenied.
        """
        with self._reading.take(Path(path), password) as file:
            return file.document.opened

    def read(
        self,
        context: ReaderContext,
        path: str,
        first: int,
        password: str | None = None,
        max_parts: int = 16,
        max_chars: int = 200_000,
    ) -> ReadBatch:
        """Parts from number `first` on, until there are `max_parts` or more than `max_chars` characters.

        Reports the number of each part as it is done, so that a time limit counts for one part. Raises like
        `open`, and Cancelled.
        """
        with self._reading.take(Path(path), password) as file:
            batch = file.do(lambda: _read(file, context, first, max_parts, max_chars))
        if not batch.more:
            self._reading.drop(Path(path), password)
        return batch

    def render(
        self, context: ReaderContext, path: str, page: int, width: int, password: str | None = None
    ) -> PagePicture:
        """A picture of a page of a PDF, counted from 1, `width` pixels wide if that is reasonable.

        Raises like `open`, and UnsupportedFormat where a format has no page pictures.
        """
        with self._drawing.take(Path(path), password) as file:
            draw = getattr(file.document, "render", None)
            if draw is None:
                raise UnsupportedFormat("no-page-pictures")
            picture: PagePicture = file.do(lambda: draw(page, width))
            return picture

    def part_picture(
        self, context: ReaderContext, path: str, part: int, number: int, password: str | None = None
    ) -> Picture:
        """A picture of a part, of those that the part names, to be recognised.

        Of a whole page, `dpi` maps its pixels to the page's points. Raises like `open`, and
        UnsupportedFormat where a format has no pictures.
        """
        with self._drawing.take(Path(path), password) as file:
            show = getattr(file.document, "picture", None)
            if show is None:
                raise UnsupportedFormat("no-page-pictures")
            picture: Picture = file.do(lambda: show(part, number))
            return picture

    def searchable_copy(
        self,
        context: ReaderContext,
        path: str,
        output: str,
        words: Mapping[int, bytes],
        password: str | None = None,
    ) -> None:
        """Writes a PDF to `output`: the document with `words`, packed by page, over its pictures.

        Reports each page as it is done. Raises like `open`, StorageError, Cancelled, and UnsupportedFormat
        where a format has no pages.
        """

        def done(page: int) -> None:
            context.report(page)
            context.token.raise_if_cancelled()

        with self._drawing.take(Path(path), password) as file:
            write = getattr(file.document, "searchable_copy", None)
            if write is None:
                raise UnsupportedFormat("no-page-pictures")
            file.do(lambda: write(Path(output), PackedWords(words), done))

    def layout(self, context: ReaderContext, path: str, password: str | None = None) -> PageLayout:
        """The pages of a PDF and its bookmarks. Raises as `render` does."""
        with self._drawing.take(Path(path), password) as file:
            lay_out = getattr(file.document, "layout", None)
            if lay_out is None:
                raise UnsupportedFormat("no-page-pictures")
            layout: PageLayout = file.do(lay_out)
            return layout

    def close(self) -> None:
        self._reading.clear()
        self._drawing.clear()


class _OpenFiles:
    """Files that are kept open: the least recently used one goes, and one that has changed on the disk."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[Path, str | None], _OpenFile] = OrderedDict()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def take(self, path: Path, password: str | None) -> Iterator[_OpenFile]:
        """The open file, for this thread alone. Raises DocumentError."""
        key = (path, password)
        stamp = _stamp(path)
        while True:
            with self._lock:
                file = self._files.get(key)
                stale = file is not None and file.stamp != stamp
                if file is None or stale:
                    self._files.pop(key, None)
            if stale and file is not None:
                _close(file)
                continue
            if file is None:
                file = _open(path, password, stamp)
                with self._lock:
                    other = self._files.setdefault(key, file)
                    surplus = [
                        self._files.popitem(last=False)[1] for _ in range(len(self._files) - _OPEN_FILES)
                    ]
                for old in [*surplus, *([file] if other is not file else [])]:
                    _close(old)
                file = other
            with file.lock:
                with self._lock:
                    here = self._files.get(key) is file
                    if here:
                        self._files.move_to_end(key)
                if here:  # else another thread has closed it meanwhile
                    yield file
                    return

    def drop(self, path: Path, password: str | None) -> None:
        with self._lock:
            file = self._files.pop((path, password), None)
        if file is not None:
            _close(file)

    def clear(self) -> None:
        with self._lock:
            files = list(self._files.values())
            self._files.clear()
        for file in files:
            _close(file)


def _open(path: Path, password: str | None, stamp: tuple[int, int, int]) -> _OpenFile:
    thread = ThreadPoolExecutor(1, thread_name_prefix="document")
    try:
        return _OpenFile(thread, thread.submit(open_document, path, password).result(), stamp)
    except BaseException as error:
        thread.shutdown(wait=False)
        if isinstance(error, (AssistantError, MemoryError)) or not isinstance(error, Exception):
            raise
        # A damaged file makes the libraries that read it raise almost anything.
        _log.info("%s cannot be opened", path.suffix, exc_info=True)
        raise _damaged(error) from error


def _close(file: _OpenFile) -> None:
    with file.lock:
        file.do(lambda: _let_go(file))
        file.thread.shutdown()


def _let_go(file: _OpenFile) -> None:
    file.parts = None
    try:
        file.document.close()
    except Exception:
        _log.info("a document could not be closed", exc_info=True)


def _read(file: _OpenFile, context: ReaderContext, first: int, max_parts: int, max_chars: int) -> ReadBatch:
    parts: list[Part] = []
    characters = 0
    if hasattr(file.document, "alone"):
        # One part at a time is asked for where one of them killed the reader: the others must not touch it.
        file.document.alone = max_parts == 1
    if file.parts is None or file.next_part != first:
        file.parts, file.next_part, file.breakdowns = file.document.parts(first), first, 0
    while len(parts) < max(1, max_parts) and characters <= max_chars:
        context.token.raise_if_cancelled()
        part = _next(file)
        if part is None:
            return ReadBatch(tuple(parts), more=False)
        parts.append(_clean(part))
        file.next_part = part.number + 1
        characters += sum(len(section.text) for section in part.sections)
        context.report(part.number)
    total = file.document.opened.parts
    return ReadBatch(tuple(parts), more=total is None or file.next_part <= total)


def _next(file: _OpenFile) -> Part | None:
    """The next part, None at the end. Where the format's reader breaks down, the part is failed."""
    assert file.parts is not None
    try:
        part = next(file.parts, None)
        file.breakdowns = 0
        return part
    except (DocumentError, MemoryError):
        file.parts = None
        raise
    except Exception as error:
        _log.info("a part cannot be read", exc_info=True)
        file.breakdowns += 1
        number = file.next_part
        unit = file.document.opened.unit
        total = file.document.opened.parts
        if total is None:
            file.parts = iter(())
        elif file.breakdowns >= _MOST_BREAKDOWNS:
            file.parts = (
                Part(later, f"{unit} {later}", Outcome.FAILED, problem=_NOT_TRIED)
                for later in range(number + 1, total + 1)
            )
        else:
            file.parts = file.document.parts(number + 1)
        return Part(number, f"{unit} {number}", Outcome.FAILED, problem=_damaged(error).problem)


def _damaged(error: Exception) -> UnreadableDocument:
    reason = "nested-too-deeply" if isinstance(error, RecursionError) else "not-understood"
    return UnreadableDocument(reason, error=f"{type(error).__name__}: {error}"[:500])


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        status = os.stat(path)
    except FileNotFoundError as error:
        raise DocumentGone("file-gone") from error
    except PermissionError as error:
        raise AccessDenied("file-denied") from error
    except (OSError, ValueError) as error:
        raise UnreadableDocument("file-not-read", why=str(error)) from error
    return status.st_mtime_ns, status.st_size, status.st_ino


def _clean(part: Part) -> Part:
    """The part without what no database and no screen takes: halves of characters, NULs."""
    sections = tuple(replace(section, text=storable(section.text)) for section in part.sections)
    return replace(part, sections=sections)
