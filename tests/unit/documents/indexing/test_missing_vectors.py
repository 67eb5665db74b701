"""Vectors of chunks that are stored: made from exactly what was embedded when they were read."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from assistant.documents.indexing import pause_gate
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.indexing.missing_vectors import MissingVectors
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.documents.records import FileSeen, Outcome, Part, Section
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import Cancelled, DiskFull
from assistant.jobs import CancelToken
from tests.unit.documents.store_samples import vector_of

OLD, NEW = "old", "new"
PROSE = "\n\n".join(
    f"Paragraph {n} tells of the harvest. " + "Rye grew well that year. " * 12 for n in range(9)
)
TABLE = "Field  Harvest  Days\n" + "\n".join(f"Field {row}  {row * 3}.5  {row + 7}" for row in range(150))
SECTIONS = (
    Section("A short beginning without a heading.", 1, "page 1"),
    Section(f"The harvest\n\n{PROSE}", 2, "page 2", ("Report", "The harvest")),
    Section(PROSE, 3, "page 3", ("Report", "A heading that is very long indeed " * 9, "Inner")),
    Section(TABLE, 4, "page 4", ("Report", "Figures"), table=True),
    Section("1  2  3\n4  5  6", 5, "page 5", (), table=True),
    Section("undecodable \udcff and nul \x00", 6, "page 6", ("Odd \udcff",)),
)


class Embedder:
    """Remembers what it was asked for."""

    name = NEW

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.seconds = 0.0

    def embed(self, texts: Sequence[str], token: CancelToken | None = None) -> Any:
        time.sleep(self.seconds)
        if token is not None:
            token.raise_if_cancelled()
        self.texts += texts
        return np.stack([vector_of(text) for text in texts])


def add(store: Store, tokenizer: Tokenizer, path: str, *sections: Section) -> list[str]:
    """Store a document with its old vectors; what was embedded."""
    document = store.register([FileSeen(path, 1, 1)])[0].document
    row = store.document(document)
    assert row is not None
    preparer = ChunkPreparer(Chunker(tokenizer), row.title)
    parts = [
        preparer.prepare(Part(number, section.location, Outcome.TEXT, (section,)))
        for number, section in enumerate(sections, 1)
    ]
    texts = {chunk.embedding: chunk.embedded_text for part in parts for chunk in part.chunks}
    vectors = {key: vector_of(f"old {text}") for key, text in texts.items()}
    store.add_batch(document, [part.with_vectors(vectors) for part in parts], OLD)
    return list(texts.values())


def make(store: Store, tokenizer: Tokenizer, gate: PauseGate | None = None) -> list[str]:
    """Make all that is missing; what was embedded for it."""
    embedder = Embedder()
    missing = MissingVectors(store, Chunker(tokenizer), gate)
    missing.make(embedder, CancelToken(), lambda *_: None)  # type: ignore[arg-type]
    return embedder.texts


def test_they_are_made_from_what_was_embedded(store: Store, tokenizer: Tokenizer) -> None:
    embedded = add(store, tokenizer, "/farm/year.pdf", *SECTIONS)
    again = make(store, tokenizer)
    assert len(embedded) > 12
    odd = {text for text in embedded if "undecodable" in text}
    assert set(embedded) - odd == set(again) - {text for text in again if "undecodable" in text}
    (replaced,) = set(again) - set(embedded)
    assert replaced == "year.pdf > Odd \ufffd\nundecodable \ufffd and nul  "  # as it was stored
    assert store.lacking_count(NEW) == 0


def test_a_copy_shares_the_vectors_of_the_first_one(store: Store, tokenizer: Tokenizer) -> None:
    (embedded,) = add(store, tokenizer, "/farm/well.txt", SECTIONS[0])
    copy = store.register([FileSeen("/farm/another name.txt", 1, 1)])[0].document
    store.copy_contents(1, copy)
    store.opened(copy, "text", "another name.txt", "part", 1)
    assert make(store, tokenizer) == [embedded]
    # Where the first one is gone, nobody knows its title.
    store.clear(1)
    while store.drop_vectors_but([OLD]):
        pass
    assert make(store, tokenizer) == [embedded.replace("well.txt", "another name.txt")]


def test_of_a_renamed_document_they_are_made_with_its_title_of_today(
    store: Store, tokenizer: Tokenizer
) -> None:
    (embedded,) = add(store, tokenizer, "/farm/well.txt", SECTIONS[0])
    store.opened(1, "text", "The new well", "part", 1)
    assert make(store, tokenizer) == [embedded.replace("well.txt", "The new well")]
    assert store.lacking_count(NEW) == 0


def test_how_far_it_is_told(store: Store, tokenizer: Tokenizer) -> None:
    add(store, tokenizer, "/farm/year.pdf", *SECTIONS)
    told: list[tuple[int, int, float | None]] = []
    embedder = Embedder()
    missing = MissingVectors(store, Chunker(tokenizer))
    missing.make(embedder, CancelToken(), lambda *how: told.append(how))  # type: ignore[arg-type]
    total = store.chunk_count()
    assert told[0] == (0, total, None)
    assert told[-1][:2] == (total, total)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][2] == 0


def test_what_comes_meanwhile_is_made_too(store: Store, tokenizer: Tokenizer) -> None:
    add(store, tokenizer, "/farm/year.pdf", *SECTIONS)
    embedder = Embedder()

    def told(done: int, total: int, _: float | None) -> None:
        if done and store.by_path("/farm/late.txt") is None:
            add(store, tokenizer, "/farm/late.txt", SECTIONS[0])

    MissingVectors(store, Chunker(tokenizer)).make(embedder, CancelToken(), told)  # type: ignore[arg-type]
    assert store.lacking_count(NEW) == 0
    assert any(text.startswith("late.txt") for text in embedder.texts)


def test_it_waits_while_indexing_is_paused_and_can_be_stopped_then(
    store: Store, tokenizer: Tokenizer
) -> None:
    add(store, tokenizer, "/farm/year.pdf", *SECTIONS)
    gate, token, embedder = PauseGate(lambda: None), CancelToken(), Embedder()
    gate.pause()
    ended: list[type[BaseException]] = []

    def work() -> None:
        try:
            MissingVectors(store, Chunker(tokenizer), gate).make(embedder, token, lambda *_: None)  # type: ignore[arg-type]
        except Cancelled as cancelled:
            ended.append(type(cancelled))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    assert embedder.texts == []
    token.cancel()
    thread.join(5)
    assert ended == [Cancelled]
    gate.resume()
    assert make(store, tokenizer, gate)


def test_a_full_disk_is_said_and_waited_for(
    store: Store, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, tokenizer, "/farm/year.pdf", *SECTIONS)
    monkeypatch.setattr(pause_gate, "_AGAIN_S", 0.05)
    room = 0
    usage = shutil.disk_usage(store.file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=room))
    with pytest.raises(DiskFull):
        make(store, tokenizer)
    gate = PauseGate(lambda: None)
    thread = threading.Thread(target=make, args=(store, tokenizer, gate))
    thread.start()
    deadline = time.monotonic() + 5
    while gate.held is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert gate.held.code == "disk-full"
    room = 10**12
    thread.join(10)
    assert gate.held is None
    assert store.lacking_count(NEW) == 0
