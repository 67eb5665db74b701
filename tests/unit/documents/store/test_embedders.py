"""Vectors by two embedders side by side, and the moment in which chunks go from one to the other."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from assistant.documents.records import HANDBOOK_COLLECTION, FileSeen, Outcome, Section
from assistant.documents.store.embedders import KnownEmbedder, look_up
from assistant.documents.store.rows import NewChunk, NewPart, NewSection, Vector
from assistant.documents.store.store import Store
from tests.unit.documents.store_samples import MODEL, add_document, part, vector_of

OTHER = KnownEmbedder("e5", "E5 small", "e5-01234567", ("mul",))


def other_vector(text: str) -> Vector:
    """Of another length, and of unit length."""
    vector = np.zeros(5, dtype=np.float32)
    vector[len(text) % 5] = 1.0
    return vector


def make(store: Store, limit: int = 100) -> int:
    """Make what the other embedder lacks, up to so many chunks; how many keys that were."""
    pieces = store.lacking(OTHER.name, 0, limit)
    store.keep_embeddings(
        {piece.key: other_vector(piece.section.text[piece.start : piece.end]) for piece in pieces}, OTHER.name
    )
    return len({piece.key for piece in pieces})


def test_what_is_known_of_the_embedders(store: Store) -> None:
    assert (store.active_embedder(), store.next_embedder()) == (None, None)
    store.set_next_embedder(OTHER)
    assert look_up(store.file) == (None, OTHER)
    store.set_active_embedder(OTHER)
    store.set_next_embedder(None)
    assert look_up(store.file) == (OTHER, None) == (store.active_embedder(), store.next_embedder())


def test_what_another_version_wrote_is_passed_over(store: Store, tmp_path: Path) -> None:
    store.set_value("embedder", '{"shape": 4}')
    store.set_value("embedder-next", "[" * 5000)
    assert (store.active_embedder(), store.next_embedder()) == (None, None)
    for damaged in ('{"id": 1, "title": "a"}', '{"id": "a", "title": "a", "name": []}', "4", "null"):
        store.set_value("embedder", damaged)
        assert store.active_embedder() is None
    assert look_up(tmp_path / "nothing here") == (None, None)


def test_a_piece_brings_all_that_it_was_made_from(store: Store) -> None:
    add_document(store, "/farm/well.txt", part(1, "alpha", "beta"))
    first, second = store.lacking(OTHER.name, 0, 9)
    assert (first.title, first.section.heading) == ("well.txt", ("Chapter", "Part 1"))
    assert [each.section.text[each.start : each.end] for each in (first, second)] == ["alpha", "beta"]
    assert store.lacking(OTHER.name, first.chunk, 9)[0].chunk == second.chunk
    assert store.lacking(MODEL, 0, 9) == []
    assert store.titles_with(first.key) == ["well.txt"]


def test_both_have_vectors_until_one_takes_over(store: Store) -> None:
    document = add_document(store, "/a", part(1, "alpha", "beta"), part(2, "alpha"))
    chunks = store.chunk_ids(MODEL).tolist()
    assert (store.lacking_count(OTHER.name), store.lacking_count(MODEL)) == (3, 0)
    assert not store.exchange(OTHER)
    assert make(store) == 2  # "alpha" stands twice
    assert store.chunk_ids(OTHER.name).tolist() == chunks
    ids, documents, matrix = store.vectors(chunks, OTHER.name)
    assert (ids, documents) == (chunks, [document] * 3)
    assert np.allclose(matrix[1], other_vector("beta"))
    assert np.allclose(store.vectors(chunks, MODEL)[2][1], vector_of("beta"), atol=1e-3)
    assert store.points_elsewhere(OTHER.name)
    assert not store.points_elsewhere(MODEL)
    store.set_next_embedder(OTHER)
    assert store.exchange(OTHER)
    assert (store.active_embedder(), store.next_embedder()) == (OTHER, None)
    assert not store.points_elsewhere(OTHER.name)
    assert np.allclose(store.vectors_after(0, OTHER.name, 9)[2][1], other_vector("beta"))
    # A search that began before still has the old ones.
    assert np.allclose(store.vectors(chunks, MODEL)[2][1], vector_of("beta"), atol=1e-3)
    while store.drop_vectors_but([OTHER.name], limit=1):
        pass
    assert store.figures()["embeddings"] == 2
    assert store.vectors(chunks, MODEL)[0] == []
    assert store.chunk_ids(MODEL).tolist() == []


def test_walking_through_all_passes_over_what_lacks_a_vector(store: Store) -> None:
    add_document(store, "/a", *(part(number, f"text {number}") for number in range(1, 8)))
    make(store, limit=2)
    after, found = 0, []
    while ids := store.vectors_after(after, OTHER.name, 1)[0]:
        found += ids
        after = ids[-1]
    assert found == [1, 2]


def test_no_vector_that_is_used_or_made_is_dropped(store: Store) -> None:
    add_document(store, "/a", part(1, "alpha", "beta"))
    add_document(store, "/b", part(1, "gamma"))
    make(store)
    store.remove([2])
    while store.purge().more:
        pass
    assert store.drop_unused_embeddings() == 2  # "gamma", by both
    assert store.lacking_count(OTHER.name) == 0
    assert store.drop_vectors_but([MODEL]) == 2
    assert store.figures()["embeddings"] == 2
    assert store.drop_vectors_but(["none of them"]) == 0  # the chunks point to them


def test_a_new_document_meanwhile_lacks_its_vector(store: Store) -> None:
    add_document(store, "/a", part(1, "alpha"))
    make(store)
    add_document(store, "/b", part(1, "alpha", "delta"))
    assert store.lacking_count(OTHER.name) == 1
    assert not store.exchange(OTHER)
    make(store)
    assert store.exchange(OTHER)


@pytest.mark.parametrize("statement", ["UPDATE chunks", "INSERT OR REPLACE"])
def test_an_exchange_that_is_cut_short_changes_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    add_document(store, "/a", part(1, "alpha", "beta"))
    make(store)
    store.set_next_embedder(OTHER)
    connection = store._connection()

    class Failing:
        """A connection on which one statement fails, as on a full disk."""

        def execute(self, sql: str, values: object = ()) -> sqlite3.Cursor:
            if sql.startswith(statement):
                raise MemoryError("on purpose")
            return connection.execute(sql, values)  # type: ignore[arg-type]

        @property
        def in_transaction(self) -> bool:
            return connection.in_transaction

    monkeypatch.setattr(store, "_connection", lambda: Failing())
    with pytest.raises(MemoryError):
        store.exchange(OTHER)
    monkeypatch.undo()
    assert (store.active_embedder(), store.next_embedder()) == (None, OTHER)
    assert store.points_elsewhere(OTHER.name)
    assert store.exchange(OTHER)


def test_languages_of_the_persons_own_documents(store: Store) -> None:
    def add(path: str, texts: dict[str, str], collection: str) -> None:
        document = store.register([FileSeen(path, 1, 1)], collection)[0].document
        parts = [
            NewPart(
                number,
                "page",
                Outcome.TEXT,
                None,
                (
                    NewSection(
                        Section(text, number, "page"),
                        (NewChunk(0, len(text), language, text, Store.embedding_key(text), vector_of("x")),),
                    ),
                ),
            )
            for number, (language, text) in enumerate(texts.items(), 1)
        ]
        store.add_batch(document, parts, MODEL)

    store.ensure_collection(HANDBOOK_COLLECTION, builtin=True)
    add("/handbook", {"en": "words " * 100}, HANDBOOK_COLLECTION)
    add("/one", {"hi": "x" * 300, "en": "y" * 100}, "Mine")
    add("/two", {"hi": "x" * 20, "en": "y" * 80}, "Mine")
    add("/three", {"de": "z" * 50}, "Mine")
    assert store.own_languages() == {"hi": 320, "en": 180, "de": 50}
    assert store.own_documents_in(["hi", "de"]) == 2
    assert store.own_documents_in(["en"]) == 1
    store.remove([4])
    assert store.own_documents_in(["de"]) == 0
