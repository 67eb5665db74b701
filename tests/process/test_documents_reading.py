"""Reading through a process that a file can kill: what is good is read, what kills is named."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.documents.indexing import reader_client
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.records import Outcome, Part
from assistant.errors import Cancelled, DocumentGone, PasswordRequired, UnreadableDocument
from assistant.jobs import CancelToken
from assistant.workers.supervisor import Worker
from tests.process import made_pdfs

pytestmark = [
    pytest.mark.keeps_children,
    pytest.mark.allow_log("crashed", "was stopped", "needed more than", "did not respond", "was restarted"),
]

_LIMIT = 3.0
"""Seconds without a sign of life; enough for what does not hang, also on a computer with much to do."""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    worker = Worker(
        "tests.process.hostile_reader:HostileReader",
        name="The document reader",
        memory_limit=300_000_000,
        hard_memory_limit=True,
    )
    yield worker
    worker.stop()


@pytest.fixture
def reader(worker: Worker) -> DocumentReader:
    return DocumentReader(worker, seconds=_LIMIT)


def read(reader: DocumentReader, path: Path, first: int = 1, password: str | None = None) -> list[Part]:
    size, token = path.stat().st_size, CancelToken()
    opened = reader.open(str(path), size, password, token)
    return list(reader.parts(str(path), size, opened, first, password, token))


def outcomes(parts: list[Part]) -> str:
    return "".join(part.outcome.value[0] for part in parts)


def made(folder: Path, *pages: made_pdfs.Page, password: str | None = None) -> Path:
    path = folder / "made.pdf"
    path.write_bytes(made_pdfs.pdf(pages, password))
    return path


def test_parts_come_in_order_from_any_of_them(reader: DocumentReader, tmp_path: Path) -> None:
    path = made(tmp_path, *(f"Page number {number} of many" for number in range(1, 41)))
    assert [part.number for part in read(reader, path)] == list(range(1, 41))
    assert [part.number for part in read(reader, path, first=39)] == [39, 40]
    assert read(reader, path, first=41) == []


@pytest.mark.parametrize(
    ("poison", "words"),
    [("CRASH", "crashes"), ("HANG", "too long"), ("EAT", "memory")],
)
def test_the_part_that_kills_the_reader_is_failed_and_the_rest_is_read(
    reader: DocumentReader, tmp_path: Path, poison: str, words: str
) -> None:
    path = made(tmp_path, *["Good page"] * 4, f"{poison} here", *["Good page"] * 3)
    parts = read(reader, path)
    assert [part.number for part in parts] == list(range(1, 9))
    assert outcomes(parts) == "ttttfttt"
    assert words in parts[4].reason
    assert parts[4].label == "page 5"


def test_one_accident_is_forgiven(reader: DocumentReader, tmp_path: Path) -> None:
    path = made(tmp_path, "Good page", "ONCE only", "Good page")
    assert outcomes(read(reader, path)) == "ttt"


def test_after_several_in_a_row_the_rest_is_given_up(reader: DocumentReader, tmp_path: Path) -> None:
    path = made(tmp_path, "Good page", *["CRASH here"] * 6)
    parts = read(reader, path)
    assert outcomes(parts) == "tffffff"
    assert "skipped" in parts[-1].reason


def test_a_file_that_hangs_at_every_part_does_not_hold_up_the_rest(
    reader: DocumentReader, tmp_path: Path
) -> None:
    path = made(tmp_path, *["HANG here"] * 6)
    began = time.monotonic()
    assert outcomes(read(reader, path)) == "ffffff"
    assert time.monotonic() - began < 3 * (_LIMIT + 6)  # three time limits, and starting the reader anew


def test_a_file_that_kills_the_reader_when_it_is_opened(reader: DocumentReader, tmp_path: Path) -> None:
    path = tmp_path / "open-crash.txt"
    path.write_text("x")
    with pytest.raises(UnreadableDocument, match="crashes"):
        read(reader, path)


def test_passwords(reader: DocumentReader, tmp_path: Path) -> None:
    path = made(tmp_path, "Secret page", password="owl")
    with pytest.raises(PasswordRequired):
        read(reader, path)
    with pytest.raises(PasswordRequired) as wrong:
        read(reader, path, password="cat")
    assert wrong.value.details.get("wrong") is True
    assert outcomes(read(reader, path, password="owl")) == "t"


def test_a_file_that_is_not_there(reader: DocumentReader, tmp_path: Path) -> None:
    with pytest.raises(DocumentGone):
        reader.open(str(tmp_path / "nothing.txt"), 0, None, CancelToken())


def test_stopping_does_not_wait_for_the_file(reader: DocumentReader, tmp_path: Path) -> None:
    path = made(tmp_path, "Good page", "HANG here")
    size, token = path.stat().st_size, CancelToken()
    opened = reader.open(str(path), size, None, token)
    threading.Timer(0.3, token.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        list(reader.parts(str(path), size, opened, 1, None, token))
    assert time.monotonic() - began < _LIMIT


def test_names_that_are_no_text(reader: DocumentReader, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/two\nlines \xe9.txt"))
    path.write_text("Some words in a file with an odd name.")
    (part,) = read(reader, path)
    assert part.outcome is Outcome.TEXT


def test_large_files_get_more_time() -> None:
    assert 3 * reader_client.SECONDS < 60
    assert reader_client.time_limit(reader_client.SECONDS, 300_000_000) > 200
