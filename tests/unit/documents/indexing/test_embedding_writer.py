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
from assistant.documents.indexing.embedding_work import EmbeddingFinish, EmbeddingWork
from assistant.documents.indexing.embedding_writer import EmbeddingWriter
from assistant.documents.indexing.eta import Estimator, QueuedFile
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.records import FileSeen, Outcome, Section
from assistant.documents.store.rows import NewChunk, NewPart, NewSection
from assistant.documents.store.store import Store
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


class Setup:
    """A writer with its store and all that goes with it."""

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
        """As SearchLoader gives the models."""
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
def setup(tmp_path: Path) -> Iterator[Setup]:
    setup = Setup(tmp_path / "documents")
    yield setup
    setup.close()


def part(number: int, *texts: str) -> NewPart:
    """A part with one section for each text, each one chunk."""
    sections = tuple(
        NewSection(
            Section(text, None, f"part {number}"),
            (NewChunk(0, len(text), "en", text, Store.embedding_key(text), None, "", text),),
        )
        for text in texts
    )
    return NewPart(number, f"part {number}", Outcome.TEXT, None, sections)


def test_small_documents_share_a_batch(setup: Setup) -> None:
    setup.gate.pause()
    works = [setup.work(f"{number}.txt") for number in range(12)]
    for number, work in enumerate(works):
        setup.writer.put(work, part(1, f"text of {number}"))
        setup.writer.put(work, EmbeddingFinish(parts=1))
    setup.gate.resume()
    setup.until(lambda: len(setup.finished) == 12)
    assert len(setup.embedded) == 1
    assert [document for document, _ in setup.finished] == [work.document for work in works]
    assert setup.store.figures()["chunks"] == len(setup.vectors.ids) == 12


def test_reading_stays_one_batch_ahead(setup: Setup) -> None:
    setup.gate.pause()
    work = setup.work()
    put = 0

    def fill() -> None:
        nonlocal put
        for number in range(1, 500):
            setup.writer.put(work, part(number, f"text {number}"))
            put += 1

    thread = threading.Thread(target=fill, daemon=True)
    thread.start()
    time.sleep(0.3)
    assert put == setup.writer.batch_size
    setup.gate.resume()
    thread.join(10)
    setup.until(lambda: setup.store.figures()["parts"] == 499)
    assert sorted(setup.store.stored_parts(work.document)) == list(range(1, 500))


def test_what_one_embedder_made_is_not_stored_for_another(setup: Setup) -> None:
    """The embedder is exchanged between embedding and storing: the batch is embedded again."""

    class Other(Embedder):
        name = "other-model"

        def embed(self, texts: Sequence[str], token: Any = None) -> Any:
            return -super().embed(texts, token)

    first, other, work = setup.embedder, Other(), setup.work()
    with setup.writer.store_lock:  # as whoever exchanges it has
        setup.writer.put(work, part(1, "one", "seven"))
        setup.until(lambda: first.calls)
        setup.embedder = other
    setup.writer.put(work, EmbeddingFinish(parts=1))
    setup.until(lambda: setup.finished)
    assert sorted(text for call in other.calls for text in call) == ["one", "seven"]
    ids = setup.store.chunk_ids("other-model").tolist()
    assert len(ids) == 2
    assert setup.store.chunk_ids("test-model").tolist() == []
    assert (setup.store.vectors(ids, "other-model")[2] <= 0).all()


def test_the_same_text_is_embedded_once(setup: Setup) -> None:
    one, other = setup.work("one"), setup.work("other")
    setup.writer.put(one, part(1, "the same", "the same", "another"))
    setup.until(lambda: setup.store.figures()["parts"] == 1)
    setup.writer.put(other, part(1, "the same", "third"))
    setup.until(lambda: setup.store.figures()["parts"] == 2)
    assert sorted(text for call in setup.embedded for text in call) == ["another", "the same", "third"]
    assert setup.writer.embedded == 3


def test_what_is_dropped_is_not_stored(setup: Setup) -> None:
    setup.gate.pause()
    dropped, kept = setup.work("dropped"), setup.work("kept")
    setup.writer.put(dropped, part(1, "x"))
    setup.writer.put(kept, part(1, "y"))
    setup.writer.drop(dropped)
    with pytest.raises(Cancelled):
        setup.writer.put(dropped, part(2, "z"))
    setup.gate.resume()
    setup.until(lambda: setup.store.figures()["parts"] == 1)
    assert setup.store.stored_parts(dropped.document) == set()


def test_dropping_a_batch_in_hand(setup: Setup) -> None:
    setup.embedder.seconds = 0.3
    work = setup.work()
    setup.writer.put(work, part(1, "x"))
    setup.until(lambda: setup.embedded)
    setup.writer.drop(work)
    time.sleep(0.6)
    assert setup.store.figures()["parts"] == 0


def test_a_part_of_many_batches_loses_no_work(setup: Setup) -> None:
    texts = [f"row {number}" for number in range(200)]
    work = setup.work()
    setup.embedder.seconds = 0.05
    setup.writer.put(work, part(1, *texts))
    setup.until(lambda: len(setup.embedded) >= 2)
    assert setup.store.figures()["embeddings"] > 0  # kept, though the part is not stored yet
    assert setup.store.figures()["parts"] == 0
    setup.until(lambda: setup.store.figures()["parts"] == 1)
    assert sum(map(len, setup.embedded)) == 200


def test_a_full_disk_is_waited_for(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_AGAIN_S", 0.05)
    usage = shutil.disk_usage(setup.store.file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    work = setup.work()
    setup.writer.put(work, part(1, "x"))
    setup.writer.put(work, EmbeddingFinish(parts=1))
    setup.until(lambda: setup.gate.held)
    held = setup.gate.held
    assert held is not None
    assert held.code == "disk-full"
    assert setup.store.figures()["parts"] == 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    setup.until(lambda: setup.finished and not setup.gate.held)
    assert setup.store.figures()["parts"] == 1


@pytest.mark.allow_log("embedding a batch failed")
def test_what_cannot_be_embedded_fails_and_the_next_goes_on(setup: Setup) -> None:
    setup.embedder.fails = True
    bad, good = setup.work("bad"), setup.work("good")
    setup.writer.put(bad, part(1, "x"))
    setup.until(lambda: setup.finished)
    assert setup.finished[0][1].problem is not None
    setup.embedder.fails = False
    setup.writer.put(good, part(1, "y"))
    setup.writer.put(good, EmbeddingFinish(parts=1))
    setup.until(lambda: len(setup.finished) == 2)
    assert (
        setup.finished[1] == (good.document, EmbeddingFinish(parts=1)) or setup.finished[1][1].problem is None
    )


def test_closing_does_not_wait_for_what_is_paused(setup: Setup) -> None:
    setup.gate.pause()
    setup.writer.put(setup.work(), part(1, "x"))
    began = time.monotonic()
    setup.gate.close()
    setup.writer.close(5)
    assert time.monotonic() - began < 1
    assert not any(thread.is_alive() for thread in setup.writer._threads)
