"""Registering, queueing, listing, removing; collections and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.documents.records import DocumentState, FileSeen, Outcome, PartCounts
from assistant.documents.store.rows import Change, Registered
from assistant.documents.store.store import Store
from assistant.errors import DocumentGone, UnreadableDocument, UserInputError
from tests.told import told
from tests.unit.documents.store_samples import MODEL, add_document, part


def test_a_path_is_new_then_unchanged_then_changed(store: Store) -> None:
    file = FileSeen("/home/a.pdf", 10, 1)
    assert store.register([file]) == [Registered(1, Change.NEW)]
    assert store.register([file]) == [Registered(1, Change.UNCHANGED)]
    assert store.register([FileSeen("/home/a.pdf", 10, 2)]) == [Registered(1, Change.CHANGED)]
    assert store.register([FileSeen("/home/a.pdf", 11, 2)]) == [Registered(1, Change.CHANGED)]


@pytest.mark.parametrize(
    "name",
    [
        b"plain.txt",
        b"broken \xff\xfe utf-8.txt",
        b"line\nbreak.txt",
        "日本語 – ünï.txt".encode(),
        b"quote'\";--.txt",
    ],
)
def test_any_file_name_survives(store: Store, name: bytes) -> None:
    path = os.fsdecode(b"/home/" + name)
    document = store.register([FileSeen(path, 1, 1)])[0].document
    info = store.document(document)
    assert info is not None
    assert os.fsencode(info.path) == b"/home/" + name
    assert store.by_path(path) == info
    info.title.encode()  # a title can be printed whatever the path holds


def test_an_interrupted_document_is_queued_again_with_what_was_done(tmp_path: Path) -> None:
    store = Store(tmp_path)
    document = add_document(store, "/a.pdf", part(1, "one"), part(2, "two"))
    store.close()

    store = Store(tmp_path)
    assert store.next_waiting() is None  # it still says that it is being indexed
    assert store.recover() == 1
    waiting = store.next_waiting()
    assert waiting is not None
    assert (waiting.info.id, waiting.next_part, waiting.attempts, waiting.stale) == (document, 3, 1, False)
    assert waiting.info.pages_done == 2
    store.close()


def test_a_changed_document_is_stale_and_found_until_it_is_cleared(store: Store) -> None:
    document = add_document(store, "/a.txt", part(1, "old words"))
    store.set_state(document, DocumentState.READY)
    assert store.register([FileSeen("/a.txt", 99, 99)])[0].change is Change.CHANGED

    waiting = store.next_waiting()
    assert waiting is not None
    assert (waiting.stale, waiting.next_part) == (True, 1)
    assert store.keyword_search("old", 5)

    assert len(store.clear(document)) == 1
    assert store.keyword_search("old", 5) == []
    waiting = store.next_waiting()
    assert waiting is not None
    assert (waiting.stale, waiting.next_part, waiting.info.chunks) == (False, 1, 0)


def test_those_that_keep_failing_come_last(store: Store) -> None:
    first, second = (row.document for row in store.register([FileSeen("/1", 1, 1), FileSeen("/2", 1, 1)]))
    for _ in range(2):
        store.begin(first)
        store.recover()
    waiting = store.next_waiting()
    assert waiting is not None
    assert waiting.info.id == second
    waiting = store.next_waiting(skip=[second])
    assert waiting is not None
    assert waiting.info.id == first
    assert store.waiting_count() == 2
    assert store.next_waiting(skip=[first, second]) is None


def test_what_is_known_once_a_file_is_open(store: Store) -> None:
    document = store.register([FileSeen("/x/report.pdf", 1, 1)])[0].document
    store.opened(document, "pdf", "Annual\x00 report \ud800", "page", 12)
    info = store.document(document)
    assert info is not None
    assert (info.kind, info.title, info.unit, info.pages) == ("pdf", "Annual  report ?", "page", 12)
    store.opened(document, "pdf", "", "page", None)
    assert store.document(document) == info


def test_a_state_keeps_its_error_until_the_next_one(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    for problem in (
        told(UnreadableDocument, "It is damaged.", "Save it again.").problem,
        DocumentGone("no-such-document", page=3, wrong=True, whole=None).problem,
    ):
        store.set_state(document, DocumentState.FAILED, problem)
        info = store.document(document)
        assert info is not None
        assert (info.state, info.error) == (DocumentState.FAILED, problem)
    store.queue(document)
    info = store.document(document)
    assert info is not None
    assert (info.state, info.error) == (DocumentState.QUEUED, None)
    with pytest.raises(ValueError, match="set_missing"):
        store.set_state(document, DocumentState.MISSING)


def test_a_missing_document_comes_back_as_it_was(store: Store) -> None:
    document = add_document(store, "/a", part(1, "words"))
    store.set_state(document, DocumentState.READY)
    store.set_missing([document])
    info = store.document(document)
    assert info is not None
    assert info.state is DocumentState.MISSING
    assert store.keyword_search("words", 5)
    assert store.register([FileSeen("/a", 10, 1)])[0].change is Change.UNCHANGED
    info = store.document(document)
    assert info is not None
    assert info.state is DocumentState.READY


def test_a_missing_document_is_not_tried(store: Store) -> None:
    document = store.register([FileSeen("/a", 1, 1)])[0].document
    store.set_missing([document])
    assert store.next_waiting() is None
    assert store.waiting_count() == 0


def test_a_moved_file_is_recognised_by_its_content(store: Store) -> None:
    document = add_document(store, "/old/a.pdf", part(1, "words"))
    store.set_content(document, b"hash")
    assert [info.id for info in store.with_content(b"hash")] == [document]
    store.relocate(document, FileSeen("/new/a.pdf", 10, 5))
    info = store.by_path("/new/a.pdf")
    assert info is not None
    assert (info.id, info.chunks) == (document, 1)
    assert store.by_path("/old/a.pdf") is None

    other = store.register([FileSeen("/other", 1, 1)])[0].document
    with pytest.raises(UserInputError):
        store.relocate(other, FileSeen("/new/a.pdf", 10, 5))


def test_counts_follow_the_parts(store: Store) -> None:
    document = add_document(
        store,
        "/a",
        part(1, "one", "two"),
        part(2, outcome=Outcome.EMPTY, reason="A scan."),
        part(3, outcome=Outcome.FAILED, reason="Broken."),
        part(4, "ocr", outcome=Outcome.OCR),
    )
    info = store.document(document)
    assert info is not None
    assert (info.pages_done, info.chunks, info.report) == (4, 3, PartCounts(1, 1, 1, 1))
    assert [row.reason for row in store.report(document)] == ["", "A scan.", "Broken.", ""]


def test_removed_documents_are_hidden_at_once_and_can_come_back(store: Store) -> None:
    keep = add_document(store, "/keep", part(1, "shared words"))
    gone = add_document(store, "/gone", part(1, "shared text"))
    assert [info.id for info in store.remove([gone, 12345])] == [gone]
    assert [info.id for info in store.documents()] == [keep]
    assert store.document(gone) is None
    assert store.by_path("/gone") is None
    assert {row for row, _ in store.keyword_search("shared", 9)} == {1}
    assert store.document_ids() == [keep]
    assert [info.id for info in store.restore([gone])] == [gone]
    assert store.document_ids() is None
    assert {row for row, _ in store.keyword_search("shared", 9)} == {1, 2}


def test_adding_a_removed_file_again_brings_it_back_unread(store: Store) -> None:
    document = add_document(store, "/a", part(1, "words"))
    store.remove([document])
    assert store.register([FileSeen("/a", 10, 1)], "Other") == [Registered(document, Change.RESTORED)]
    info = store.document(document)
    assert info is not None
    assert (info.chunks, info.collection) == (1, "Other")


def test_a_removed_file_that_changed_is_a_new_document(store: Store) -> None:
    document = add_document(store, "/a", part(1, "words"))
    store.remove([document])
    new = store.register([FileSeen("/a", 11, 2)])[0]
    assert new.change is Change.NEW
    assert new.document != document
    assert store.restore([document]) == []  # its path is taken
    assert [info.id for info in store.documents()] == [new.document]


def test_purging_goes_in_steps_and_takes_everything(store: Store) -> None:
    big = add_document(store, "/big", *(part(number, f"alpha {number}", "beta") for number in range(1, 31)))
    small = add_document(store, "/small", part(1, "gamma"))
    kept = add_document(store, "/kept", part(1, "alpha delta"))
    store.remove([big, small])
    chunks: list[int] = []
    documents: list[int] = []
    steps = 0
    while True:
        step = store.purge(max_chunks=16)
        chunks += step.chunks
        documents += step.documents
        steps += 1
        if not step.more:
            break
    assert (len(chunks), sorted(documents)) == (61, [big, small])
    assert steps >= 4
    assert [row for row, _ in store.keyword_search("alpha", 9)] == store.chunk_ids(MODEL).tolist()
    assert store.report(big) == []
    assert store.restore([big]) == []
    assert store.drop_unused_embeddings() == 32
    assert store.vectors(store.chunk_ids(MODEL).tolist(), MODEL)[1] == [kept]
    assert store.purge().more is False


def test_purging_gives_space_back(store: Store) -> None:
    document = add_document(store, "/big", part(1, *(f"line {number} " * 60 for number in range(2000))))
    add_document(store, "/kept", part(1, "alpha"))
    before = store._one("PRAGMA page_count")
    store.remove([document])
    while store.purge().more:
        pass
    store.drop_unused_embeddings()
    after = store._one("PRAGMA page_count")
    assert before is not None
    assert after is not None
    assert after[0] < before[0] / 4
    assert store.keyword_search("alpha", 5)


def test_collections(store: Store) -> None:
    store.ensure_collection("Handbook", builtin=True)
    document = add_document(store, "/a", part(1, "x"), collection="  My   papers ")
    assert [(row.name, row.documents, row.builtin) for row in store.collections()] == [
        ("My documents", 0, False),
        ("My papers", 1, False),
        ("Handbook", 0, True),
    ]
    store.move([document], "Archive")
    assert [info.id for info in store.documents("Archive")] == [document]
    store.rename_collection("Archive", "Old things")
    assert [info.collection for info in store.documents()] == ["Old things"]
    with pytest.raises(UserInputError):
        store.rename_collection("Old things", "Handbook")
    with pytest.raises(UserInputError):
        store.rename_collection("No such", "Name")
    with pytest.raises(UserInputError):
        store.move([document], " \n ")
    store.add_folder("/old", "Old things")
    store.delete_collection("Old things")
    assert [info.collection for info in store.documents()] == ["My documents"]
    assert [folder.collection for folder in store.folders()] == ["My documents"]
    assert "Old things" not in [row.name for row in store.collections()]
    with pytest.raises(UserInputError):
        store.delete_collection("Old things")


def test_watched_folders(store: Store) -> None:
    store.add_folder("/drive", "Photos")
    store.register([FileSeen("/drive/a", 1, 1), FileSeen("/drive/sub/b", 2, 2)], "Photos", folder="/drive")
    store.register([FileSeen("/elsewhere", 1, 1)])
    assert store.known_files("/drive") == [
        (1, FileSeen("/drive/a", 1, 1), False),
        (2, FileSeen("/drive/sub/b", 2, 2), False),
    ]
    assert [info.watched for info in store.documents()] == [True, True, False]
    assert store.collections()[1].folders == ("/drive",)
    assert store.drop_folder("/drive") is True
    assert store.drop_folder("/drive") is False
    assert [info.watched for info in store.documents()] == [False] * 3
    with pytest.raises(UserInputError):
        store.register([FileSeen("/drive/c", 1, 1)], folder="/drive")


def test_documents_below_a_folder(store: Store) -> None:
    paths = ["/a/b", "/a/b/c", "/a/b/c/d", "/a/bc", "/a/b0", "/a"]
    store.register([FileSeen(path, 1, 1) for path in paths])
    assert [info.path for info in store.under("/a/b")] == ["/a/b/c", "/a/b/c/d"]
    assert [info.path for info in store.under("/a/b/")] == ["/a/b/c", "/a/b/c/d"]
    assert len(store.under("/")) == 6


def test_ten_thousand_documents_are_registered_and_listed(store: Store) -> None:
    files = [FileSeen(f"/many/{number:05}.txt", number, number) for number in range(10_000)]
    assert len(store.register(files)) == 10_000
    assert all(row.change is Change.UNCHANGED for row in store.register(files))
    assert len(store.documents()) == 10_000
