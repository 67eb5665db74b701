"""What is taken in hand next, and what has to wait for what."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from assistant.documents.indexing import queue as queue_module
from assistant.documents.indexing.eta import Total
from assistant.documents.indexing.queue import IndexingQueue
from assistant.documents.records import HANDBOOK_COLLECTION, DocumentInfo, DocumentState, PartCounts
from assistant.documents.store.rows import Waiting


def row(identity: int, name: str = "a.txt", size: int = 10) -> DocumentInfo:
    return DocumentInfo(
        identity, f"/{name}", name, "C", "", "part", DocumentState.QUEUED, size, None, 0, 0, PartCounts()
    )


class Source:
    """The store, as far as the queue sees it."""

    def __init__(self, *rows: DocumentInfo) -> None:
        self.rows = list(rows)

    def next_waiting(self, skip: list[int]) -> Waiting | None:
        for each in self.rows:
            if each.id not in skip:
                self.rows.remove(each)
                return Waiting(each, None, 0, False, 1)
        return None


def test_what_is_taken_is_in_hand_and_still_waits() -> None:
    queue = IndexingQueue()
    assert queue.add([row(1), row(2)])
    assert not queue.add([row(3)])
    taken = queue.take(Source(row(1)).next_waiting)
    assert taken is not None
    assert [work.document for work in queue.active()] == [1]
    assert queue.active([2, 3]) == []
    assert queue.pending([1])
    queue.put_back(1)
    assert queue.active() == []
    assert queue.pending([1])
    queue.discard(1)
    assert not queue.pending([1])
    assert queue.pending()


def test_the_same_content_waits_for_the_first_of_its_kind() -> None:
    queue = IndexingQueue()
    source = Source(row(1), row(2))
    queue.take(source.next_waiting)
    queue.take(source.next_waiting)
    assert queue.postpone_for_duplicate(2, [1, 2])
    assert not queue.postpone_for_duplicate(1, [1, 2])
    source.rows.append(row(2))
    assert queue.take(source.next_waiting) is None
    queue.discard(1)
    taken = queue.take(source.next_waiting)
    assert taken is not None
    assert taken[0].document == 2


def test_a_file_that_changes_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "_SETTLING_S", 0.2)
    queue = IndexingQueue()
    source = Source(row(1))
    queue.take(source.next_waiting)
    assert [queue.count_change(1), queue.count_change(1)] == [1, 2]
    queue.postpone_after_change(1)
    source.rows.append(row(1))
    assert queue.take(source.next_waiting) is None
    began = time.monotonic()
    queue.sleep()
    assert queue.take(source.next_waiting) is not None
    assert 0.3 < time.monotonic() - began < 2


def test_what_is_told_of_is_what_was_stored_last() -> None:
    queue = IndexingQueue()
    assert queue.overview() == (None, 0, {})
    source = Source(row(1, "a.pdf", 100), row(2, "b.pdf", 50))
    queue.add([row(3, "c.txt", 7)])
    first, second = queue.take(source.next_waiting), queue.take(source.next_waiting)
    assert first is not None
    assert second is not None
    assert queue.overview() == (first[0], 3, {"pdf": Total(1, 50), "txt": Total(1, 7)})
    queue.stored(second[0])
    assert queue.overview() == (second[0], 3, {"pdf": Total(1, 100), "txt": Total(1, 7)})
    queue.discard(2)
    queue.add([replace(row(9, "help.md"), collection=HANDBOOK_COLLECTION)])
    assert queue.builtin(9) == (True, 1)
    assert queue.builtin(1) == (False, 1)
    queue.discard(9)
    assert queue.builtin(9) == (False, 0)
    assert queue.overview()[0] is first[0]
