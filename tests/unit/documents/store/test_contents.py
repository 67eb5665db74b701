"""Batches, duplicates, copies, and the vectors that belong to chunks."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from assistant.documents.records import FileSeen, Outcome, Section
from assistant.documents.store.rows import NewPart, NewSection
from assistant.documents.store.store import Store
from assistant.errors import DocumentGone, StorageError
from tests.unit.documents.store_samples import MODEL, add_document, chunk, part, vector_of


def test_a_batch_given_twice_is_stored_once(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    parts = [part(1, "one", "two"), part(2, "three")]
    assert len(store.add_batch(document, parts, MODEL)) == 3
    assert store.add_batch(document, parts, MODEL) == []
    assert len(store.add_batch(document, [*parts, part(3, "four")], MODEL)) == 1
    assert store.stored_parts(document) == {1, 2, 3}
    assert len(store.chunk_ids(MODEL)) == 4


def test_how_much_of_a_document_is_in_which_language(store: Store) -> None:
    document = add_document(store, "/a", part(1, "same words"), part(2, "more"))
    add_document(store, "/b", part(1, "another document"))
    (language,) = {row.language for row in store.chunk_rows(store.chunk_ids(MODEL)).values()}
    assert store.languages_of(document) == {language: 14}
    assert store.languages_of(99) == {}


def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    text = "no vector"
    broken = NewPart(
        2,
        "2",
        Outcome.TEXT,
        None,
        (NewSection(Section(text, 2, "2"), (chunk(text, 0, 9, with_vector=False),)),),
    )
    with pytest.raises(StorageError):
        store.add_batch(document, [part(1, "fine"), broken], MODEL)
    assert store.stored_parts(document) == set()
    assert len(store.chunk_ids(MODEL)) == 0
    assert store.keyword_search("fine", 5) == []


def test_a_batch_for_a_purged_document_says_so(store: Store) -> None:
    document = add_document(store, "/a", part(1, "x"))
    store.remove([document])
    assert store.purge().documents == (document,)
    with pytest.raises(DocumentGone):
        store.add_batch(document, [part(2, "y")], MODEL)


def test_equal_text_is_embedded_once(store: Store) -> None:
    add_document(store, "/a", part(1, "same words"))
    key = Store.embedding_key("same words")
    assert store.known_embeddings([key, Store.embedding_key("other")], MODEL) == {key}
    assert store.known_embeddings([key], "another model") == set()
    document = store.register([FileSeen("/b", 1, 1)])[0].document
    text = "same words"
    again = NewPart(
        1,
        "1",
        Outcome.TEXT,
        None,
        (NewSection(Section(text, 1, "1"), (chunk(text, 0, 10, with_vector=False),)),),
    )
    ids = store.add_batch(document, [again], MODEL)
    _, documents, matrix = store.vectors(ids, MODEL)
    assert documents == [document]
    assert np.allclose(matrix[0], vector_of(text), atol=1e-3)


def test_many_keys_are_looked_up(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    lines = [f"line {number}" for number in range(1200)]
    store.add_batch(document, [part(1, *lines)], MODEL)
    keys = [Store.embedding_key(line) for line in lines]
    assert store.known_embeddings(keys, MODEL) == set(keys)


def test_vectors_kept_ahead_are_known(store: Store) -> None:
    key = Store.embedding_key("x")
    store.keep_embeddings({key: vector_of("x")}, MODEL)
    store.keep_embeddings({key: vector_of("x")}, MODEL)
    assert store.known_embeddings([key], MODEL) == {key}
    assert store.drop_unused_embeddings() == 1


def test_vectors_are_walked_through_by_chunk(store: Store) -> None:
    add_document(store, "/a", part(1, *(f"text {number}" for number in range(25))))
    seen: list[int] = []
    while True:
        ids, documents, matrix = store.vectors_after(seen[-1] if seen else 0, MODEL, 10)
        if not ids:
            break
        assert matrix.shape == (len(ids), 8)
        assert np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=1e-6)
        assert set(documents) == {1}
        seen += ids
    assert seen == store.chunk_ids(MODEL).tolist()
    assert store.vectors([999], MODEL)[0] == []
    assert store.chunk_ids("another").tolist() == []


def test_a_part_that_is_filled_in_later_takes_its_place(store: Store) -> None:
    document = add_document(
        store, "/a", part(1, "one"), part(2, outcome=Outcome.FAILED, reason="Broken."), part(3, "three")
    )
    assert store.clear_failed(document) == 1
    store.queue(document)
    waiting = store.next_waiting()
    assert waiting is not None
    assert waiting.next_part == 2
    store.add_batch(document, [part(2, "two a", "two b"), part(3, "three")], MODEL)
    rows = sorted(store.chunk_rows(store.chunk_ids(MODEL)).values(), key=lambda row: row.position)
    assert [row.text for row in rows] == ["one", "two a", "two b", "three"]
    assert [row.position for row in rows] == [0, 1, 2, 3]


def test_a_copy_shares_the_vectors(store: Store) -> None:
    boxes = np.full((5, 4), 7.0, dtype=np.float32)
    text = "alpha"
    boxed = NewPart(
        2, "2", Outcome.TEXT, None, (NewSection(Section(text, 2, "2", boxes=boxes), (chunk(text, 0, 5),)),)
    )
    source = add_document(store, "/a", part(1, "one", "two"), boxed)
    store.opened(source, "pdf", "Title", "page", 2)
    target = store.register([FileSeen("/copy", 1, 1)])[0].document
    ids = store.copy_contents(source, target)
    assert len(ids) == 3
    copied = store.chunk_rows(ids)
    assert [copied[row].text for row in ids] == ["one", "two", "alpha"]
    assert {row.document for row in copied.values()} == {target}
    assert store.report(target) == store.report(source)
    assert np.array_equal(store.section_boxes(copied[ids[2]].section), boxes)
    assert {row for row, _ in store.keyword_search("alpha", 5)} == {3, ids[2]}

    store.remove([source])
    store.purge()
    assert store.drop_unused_embeddings() == 0
    assert store.vectors(ids, MODEL)[0] == ids


def test_reading_goes_on_while_another_thread_writes(store: Store) -> None:
    add_document(store, "/a", part(1, "first"))
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with store.transaction():
            add_document(store, "/b", part(1, "second"))
            inside.set()
            leave.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert inside.wait(10)
        assert [info.path for info in store.documents()] == ["/a"]
        assert store.keyword_search("second", 5) == []
    finally:
        leave.set()
        writer.join()
    assert len(store.documents()) == 2
    assert store.keyword_search("second", 5)


def test_text_that_sqlite_cannot_hold_keeps_its_offsets(store: Store) -> None:
    document = add_document(store, "/a", part(1, "nul \x00 and \udcff lone", "second"))
    rows = store.chunk_rows(store.chunk_ids(MODEL))
    assert [row.text for row in rows.values()] == ["nul   and \ufffd lone", "second"]
    assert store.section_text(rows[2].section)[rows[2].start : rows[2].end] == "second"
    assert store.report(document)[0].characters == 23
