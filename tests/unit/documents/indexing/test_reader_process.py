"""The reader's engine: batches, files kept open and let go, pictures, and formats that break down."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.documents.formats.open_document import Document
from assistant.documents.formats.pdf.pdf_file import PdfFile
from assistant.documents.indexing import reader_process
from assistant.documents.indexing.reader_process import ReadBatch, ReaderEngine
from assistant.documents.records import Opened, Outcome, Part, Section, WordOnPage
from assistant.documents.store.codec import pack_words
from assistant.errors import (
    Cancelled,
    DocumentGone,
    PasswordRequired,
    UnreadableDocument,
    UnsupportedFormat,
)
from assistant.jobs import CancelToken
from tests.unit.documents.formats.make_pdf import Pdf


class Context:
    """As a call has it."""

    def __init__(self) -> None:
        self.token = CancelToken()
        self.reported: list[Any] = []

    def report(self, value: Any) -> None:
        self.token.raise_if_cancelled()
        self.reported.append(value)


@pytest.fixture
def engine() -> Iterator[ReaderEngine]:
    engine = ReaderEngine()
    yield engine
    engine.close()


def book(folder: Path, pages: int = 7) -> Path:
    document = Pdf()
    for number in range(1, pages + 1):
        document.page().text(50, 700, f"This is what page {'abcdefghij'[number]} says.")
    return document.save(folder / "book.pdf")


def texts(batch: ReadBatch) -> list[str]:
    return [section.text for part in batch.parts for section in part.sections]


def test_a_document_comes_in_batches(engine: ReaderEngine, tmp_path: Path) -> None:
    path = str(book(tmp_path))
    context = Context()
    assert engine.open(context, path) == Opened("pdf", "book", "page", 7)
    found: list[Part] = []
    more, calls = True, 0
    while more:
        batch = engine.read(context, path, len(found) + 1, max_parts=3)
        found.extend(batch.parts)
        more, calls = batch.more, calls + 1
    assert calls == 3
    assert [part.number for part in found] == [1, 2, 3, 4, 5, 6, 7]
    assert context.reported == [1, 2, 3, 4, 5, 6, 7], "each part is a sign of life"
    assert found[6].sections[0].text == "This is what page h says."


def test_a_batch_ends_after_so_many_characters(engine: ReaderEngine, tmp_path: Path) -> None:
    path = str(book(tmp_path))
    batch = engine.read(Context(), path, 1, max_chars=40)
    assert len(batch.parts) == 2
    assert batch.more


def test_reading_may_begin_anywhere_and_again(engine: ReaderEngine, tmp_path: Path) -> None:
    path = str(book(tmp_path))
    whole = texts(engine.read(Context(), path, 1))
    assert texts(engine.read(Context(), path, 5)) == whole[4:]
    assert texts(engine.read(Context(), path, 2, max_parts=1)) == whole[1:2]
    assert texts(engine.read(Context(), path, 2, max_parts=1)) == whole[1:2]
    beyond = engine.read(Context(), path, 8)
    assert beyond.parts == ()
    assert not beyond.more


def test_a_page_read_by_itself_touches_no_other(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the others may be the one that killed the reader before this."""
    path = str(book(tmp_path))
    touched: list[int] = []
    read = PdfFile.read
    monkeypatch.setattr(PdfFile, "read", lambda self, index: touched.append(index) or read(self, index))
    assert texts(engine.read(Context(), path, 4, max_parts=1)) == ["This is what page e says."]
    assert touched == [3]
    assert len(texts(engine.read(Context(), path, 5))) == 3


def test_a_changed_file_is_opened_anew(engine: ReaderEngine, tmp_path: Path) -> None:
    path = book(tmp_path)
    assert engine.open(Context(), str(path)).parts == 7
    book(tmp_path, pages=2)
    os.utime(path, ns=(1, 1))
    assert engine.open(Context(), str(path)).parts == 2
    path.unlink()
    with pytest.raises(DocumentGone):
        engine.read(Context(), str(path), 1)


def test_many_files_are_not_all_kept_open(engine: ReaderEngine, tmp_path: Path) -> None:
    paths = []
    for number in range(12):
        (tmp_path / str(number)).mkdir()
        paths.append(book(tmp_path / str(number)))
    for path in paths:
        engine.open(Context(), str(path))
        engine.render(Context(), str(path), 1, 20)
    here = Path("/proc/self/fd")
    if here.is_dir():
        opened = [link.readlink() for link in here.iterdir() if link.is_symlink()]
        assert sum(tmp_path in target.parents for target in opened) <= 8
    for path in paths:
        assert len(engine.read(Context(), str(path), 1).parts) == 7


def test_a_locked_file_is_read_with_its_password(engine: ReaderEngine, tmp_path: Path) -> None:
    document = Pdf()
    document.page().text(50, 700, "behind the lock")
    path = str(document.save(tmp_path / "locked.pdf", password="tulip"))
    with pytest.raises(PasswordRequired):
        engine.open(Context(), path)
    assert engine.open(Context(), path, password="tulip").parts == 1
    assert texts(engine.read(Context(), path, 1, password="tulip")) == ["behind the lock"]
    assert engine.render(Context(), path, 1, 100, password="tulip").width == 100
    with pytest.raises(PasswordRequired):
        engine.read(Context(), path, 1)


def test_only_pages_have_pictures(engine: ReaderEngine, tmp_path: Path) -> None:
    picture = engine.render(Context(), str(book(tmp_path)), 3, 200)
    assert (picture.page, picture.pages, picture.width) == (3, 7, 200)
    note = tmp_path / "note.txt"
    note.write_text("only words")
    with pytest.raises(UnsupportedFormat):
        engine.render(Context(), str(note), 1, 200)
    with pytest.raises(UnsupportedFormat):
        engine.part_picture(Context(), str(note), 1, 1)


def test_a_page_is_given_to_be_recognised(engine: ReaderEngine, tmp_path: Path) -> None:
    document = Pdf()
    document.page(width=72, height=36).picture(0, 0, 72, 36)
    path = str(document.save(tmp_path / "scan.pdf"))
    (part,) = engine.read(Context(), path, 1).parts
    (wanted,) = part.pictures
    picture = engine.part_picture(Context(), path, part.number, wanted.number)
    assert (picture.width, picture.height) == (200, 100)
    assert len(picture.pixels) == 200 * 100 * picture.channels


def test_a_searchable_copy_is_written(engine: ReaderEngine, tmp_path: Path) -> None:
    document = Pdf()
    document.page().picture(0, 0, 612, 792)
    path, copy, context = str(document.save(tmp_path / "scan.pdf")), str(tmp_path / "copy.pdf"), Context()
    words = {1: pack_words([WordOnPage("Contract", (50, 50, 100, 60), 0.9)])}
    engine.searchable_copy(context, path, copy, words)
    assert texts(engine.read(Context(), copy, 1)) == ["Contract"]
    context.token.cancel()
    with pytest.raises(Cancelled):
        engine.searchable_copy(context, path, str(tmp_path / "other.pdf"), words)
    note = tmp_path / "note.txt"
    note.write_text("only words")
    with pytest.raises(UnsupportedFormat):
        engine.searchable_copy(Context(), str(note), copy, words)


def test_a_stopped_run_stops_between_parts(engine: ReaderEngine, tmp_path: Path) -> None:
    context = Context()
    context.token.cancel()
    with pytest.raises(Cancelled):
        engine.read(context, str(book(tmp_path)), 1)


def test_calls_come_side_by_side(engine: ReaderEngine, tmp_path: Path) -> None:
    path = str(book(tmp_path))
    whole = texts(engine.read(Context(), path, 1))
    wrong: list[object] = []

    def work() -> None:
        try:
            for first in (1, 4, 2):
                if texts(engine.read(Context(), path, first)) != whole[first - 1 :]:
                    wrong.append(first)
                engine.render(Context(), path, first, 30)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class Fragile:
    """A document whose reader breaks down at some parts."""

    def __init__(self, broken: dict[int, Exception], parts: int | None = 6) -> None:
        self.opened = Opened("text", "fragile", "part", parts)
        self._broken = broken
        self.closed = 0
        self.threads: set[int] = set()

    def parts(self, first: int = 1) -> Iterator[Part]:
        for number in range(first, 7):
            self.threads.add(threading.get_ident())
            if number in self._broken:
                raise self._broken[number]
            text = "half of a character: \ud83d, and a \0"
            yield Part(number, f"part {number}", Outcome.TEXT, (Section(text, None, f"part {number}"),))

    def close(self) -> None:
        self.threads.add(threading.get_ident())
        self.closed += 1


def fragile(
    monkeypatch: pytest.MonkeyPatch, folder: Path, broken: dict[int, Exception], parts: int | None = 6
) -> tuple[str, Fragile]:
    document = Fragile(broken, parts)
    monkeypatch.setattr(reader_process, "open_document", lambda path, password: document)
    path = folder / "fragile.txt"
    path.write_text("x")
    return str(path), document


def test_a_breakdown_fails_one_part(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, document = fragile(monkeypatch, tmp_path, {3: KeyError("x"), 5: RecursionError()})
    batch = engine.read(Context(), path, 1)
    assert [part.number for part in batch.parts] == [1, 2, 3, 4, 5, 6]
    assert [part.number for part in batch.parts if part.outcome is Outcome.FAILED] == [3, 5]
    assert batch.parts[2].reason == "This is damaged, or in an unknown format."
    assert batch.parts[4].reason == "This is nested too deeply to be read."
    assert not batch.more
    assert document.closed == 1


def test_a_reader_that_keeps_breaking_down_is_given_up(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = fragile(monkeypatch, tmp_path, {number: ValueError() for number in range(2, 7)})
    batch = engine.read(Context(), path, 1)
    assert [part.number for part in batch.parts] == [1, 2, 3, 4, 5, 6]
    assert {part.outcome for part in batch.parts[1:]} == {Outcome.FAILED}
    assert batch.parts[5].reason == "It was skipped, because several before it could not be read."
    assert not batch.more


def test_a_document_of_unknown_length_ends_where_it_breaks_down(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = fragile(monkeypatch, tmp_path, {3: ValueError()}, parts=None)
    batch = engine.read(Context(), path, 1)
    assert [part.outcome for part in batch.parts] == [Outcome.TEXT, Outcome.TEXT, Outcome.FAILED]
    assert not batch.more


def test_all_work_on_a_document_is_done_on_one_thread(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many threads the calls come on: lxml's parsers must not wander."""
    path, document = fragile(monkeypatch, tmp_path, {})
    for first in range(1, 7):
        caller = threading.Thread(target=engine.read, args=(Context(), path, first), kwargs={"max_parts": 1})
        caller.start()
        caller.join()
    assert document.closed == 1
    assert len(document.threads) == 1


def test_what_is_wrong_with_the_whole_file_is_raised(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = fragile(monkeypatch, tmp_path, {2: DocumentGone("file-gone"), 4: MemoryError()})
    assert engine.read(Context(), path, 1, max_parts=1).parts[0].number == 1
    with pytest.raises(DocumentGone):
        engine.read(Context(), path, 2)
    with pytest.raises(MemoryError):
        engine.read(Context(), path, 3)


def test_text_that_cannot_be_stored_is_mended(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = fragile(monkeypatch, tmp_path, {})
    assert texts(engine.read(Context(), path, 1))[0] == "half of a character: \ufffd, and a  "


def test_errors_of_libraries_become_errors_for_people(
    engine: ReaderEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(path: Path, password: str | None) -> Document:
        raise IndexError("list index out of range")

    monkeypatch.setattr(reader_process, "open_document", stumble)
    path = tmp_path / "odd.txt"
    path.write_text("x")
    with pytest.raises(UnreadableDocument) as error:
        engine.open(Context(), str(path))
    assert "IndexError" in error.value.details["error"]
