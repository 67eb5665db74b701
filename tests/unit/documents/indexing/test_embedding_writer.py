"""The second half of indexing with a real store: batches, order, stopping, pausing and a full disk."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.documents.indexing import pause_gate as gates
from assistant.documents.indexing.chunk_preparation import PreparedChunk, PreparedPart
from assistant.documents.indexing.embedding_writer import EmbeddingFinish, EmbeddingWork, EmbeddingWriter
from assistant.documents.indexing.eta import Estimator, QueuedFile
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.records import Outcome, Part, Section
from assistant.documents.store.store import FileSeen, Store
from assistant.errors import Cancelled


class Embedder:
    """As quick or slow as the test wants; remembers what it was asked for."""

    name = "test-model"

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.seconds = 0.0
        self.fails = False

    def embed(self, texts: Sequence[str], token: Any = None) -> Any:
        self.calls.append(list(texts))
        time.sleep(self.seconds)
        if self.fails:
            raise RuntimeError("on purpose")
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]


class Vectors:
    def __init__(self) -> None:
        self.ids: list[int] = []

    def add(self, ids: Sequence[int], vectors: Any, documents: Sequence[int]) -> None:
        self.ids += ids


class Desk:
    """A line with its store and all that goes with it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        self.embedder = Embedder()
        self.vectors = Vectors()
        self.embedded = self.embedder.calls
        self.finished: list[tuple[int, EmbeddingFinish]] = []
        self.gate = PauseGate(lambda: None)
        self.writer = EmbeddingWriter(self.store, self, self.gate, Estimator(), lambda _: None, self._finish)  # type: ignore[arg-type]
        self.writer.start()

    def get(self, token: Any = None) -> Any:
        """As Loading gives the models."""
        return self

    def _finish(self, work: EmbeddingWork, finish: EmbeddingFinish) -> None:
        self.finished.append((work.document, finish))

    def work(self, name: str = "a.txt") -> EmbeddingWork:
        (registered,) = self.store.register([FileSeen(f"/{name}", 1, 1)])
        return EmbeddingWork(registered.document, name, f"/{name}", QueuedFile("txt", 1))

    def until(self, what: Callable[[], Any]) -> None:
        deadline = time.monotonic() + 10
        while not what():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def close(self) -> None:
        self.gate.close()
        self.writer.close(5)
        self.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "documents")
    yield desk
    desk.close()


def part(number: int, *texts: str) -> PreparedPart:
    """A part with one section for each text, each one piece."""
    sections = tuple(Section(text, None, f"part {number}") for text in texts)
    pieces = tuple(
        (PreparedChunk(0, len(text), "en", text, "", text, Store.embedding_key(text)),) for text in texts
    )
    return PreparedPart(Part(number, f"part {number}", Outcome.TEXT, sections), pieces)


def test_small_documents_share_a_batch(desk: Desk) -> None:
    desk.gate.pause()
    works = [desk.work(f"{number}.txt") for number in range(12)]
    for number, work in enumerate(works):
        desk.writer.put(work, part(1, f"text of {number}"))
        desk.writer.put(work, EmbeddingFinish(parts=1))
    desk.gate.resume()
    desk.until(lambda: len(desk.finished) == 12)
    assert len(desk.embedded) == 1
    assert [document for document, _ in desk.finished] == [work.document for work in works]
    assert desk.store.figures()["chunks"] == len(desk.vectors.ids) == 12


def test_reading_stays_one_batch_ahead(desk: Desk) -> None:
    desk.gate.pause()
    work = desk.work()
    put = 0

    def fill() -> None:
        nonlocal put
        for number in range(1, 500):
            desk.writer.put(work, part(number, f"text {number}"))
            put += 1

    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    time.sleep(0.3)
    assert put == desk.writer.batch_size
    desk.gate.resume()
    thread.join(10)
    desk.until(lambda: desk.store.figures()["parts"] == 499)
    assert sorted(desk.store.stored_parts(work.document)) == list(range(1, 500))


def test_the_same_text_is_embedded_once(desk: Desk) -> None:
    one, other = desk.work("one"), desk.work("other")
    desk.writer.put(one, part(1, "the same", "the same", "another"))
    desk.until(lambda: desk.store.figures()["parts"] == 1)
    desk.writer.put(other, part(1, "the same", "third"))
    desk.until(lambda: desk.store.figures()["parts"] == 2)
    assert sorted(text for call in desk.embedded for text in call) == ["another", "the same", "third"]
    assert desk.writer.embedded == 3


def test_what_is_dropped_is_not_stored(desk: Desk) -> None:
    desk.gate.pause()
    dropped, kept = desk.work("dropped"), desk.work("kept")
    desk.writer.put(dropped, part(1, "x"))
    desk.writer.put(kept, part(1, "y"))
    desk.writer.drop(dropped)
    with pytest.raises(Cancelled):
        desk.writer.put(dropped, part(2, "z"))
    desk.gate.resume()
    desk.until(lambda: desk.store.figures()["parts"] == 1)
    assert desk.store.stored_parts(dropped.document) == set()


def test_dropping_a_batch_in_hand(desk: Desk) -> None:
    desk.embedder.seconds = 0.3
    work = desk.work()
    desk.writer.put(work, part(1, "x"))
    desk.until(lambda: desk.embedded)
    desk.writer.drop(work)
    time.sleep(0.6)
    assert desk.store.figures()["parts"] == 0


def test_a_part_of_many_batches_loses_no_work(desk: Desk) -> None:
    texts = [f"row {number}" for number in range(200)]
    work = desk.work()
    desk.embedder.seconds = 0.05
    desk.writer.put(work, part(1, *texts))
    desk.until(lambda: len(desk.embedded) >= 2)
    assert desk.store.figures()["embeddings"] > 0  # kept, though the part is not stored yet
    assert desk.store.figures()["parts"] == 0
    desk.until(lambda: desk.store.figures()["parts"] == 1)
    assert sum(map(len, desk.embedded)) == 200


def test_a_full_disk_is_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_AGAIN_S", 0.05)
    usage = shutil.disk_usage(desk.store.file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    work = desk.work()
    desk.writer.put(work, part(1, "x"))
    desk.writer.put(work, EmbeddingFinish(parts=1))
    desk.until(lambda: desk.gate.held)
    held = desk.gate.held
    assert held is not None
    assert held.code == "disk-full"
    assert desk.store.figures()["parts"] == 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    desk.until(lambda: desk.finished and not desk.gate.held)
    assert desk.store.figures()["parts"] == 1


@pytest.mark.allow_log("embedding a batch failed")
def test_what_cannot_be_embedded_fails_and_the_next_goes_on(desk: Desk) -> None:
    desk.embedder.fails = True
    bad, good = desk.work("bad"), desk.work("good")
    desk.writer.put(bad, part(1, "x"))
    desk.until(lambda: desk.finished)
    assert desk.finished[0][1].problem is not None
    desk.embedder.fails = False
    desk.writer.put(good, part(1, "y"))
    desk.writer.put(good, EmbeddingFinish(parts=1))
    desk.until(lambda: len(desk.finished) == 2)
    assert (
        desk.finished[1] == (good.document, EmbeddingFinish(parts=1)) or desk.finished[1][1].problem is None
    )


def test_closing_does_not_wait_for_what_is_paused(desk: Desk) -> None:
    desk.gate.pause()
    desk.writer.put(desk.work(), part(1, "x"))
    began = time.monotonic()
    desk.gate.close()
    desk.writer.close(5)
    assert time.monotonic() - began < 1
    assert not any(thread.is_alive() for thread in desk.writer._threads)
