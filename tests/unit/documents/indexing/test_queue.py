"""What is taken in hand next, and what has to wait for what."""

from __future__ import annotations

import time

import pytest

from assistant.documents.indexing import queue as agendas
from assistant.documents.indexing.eta import Total
from assistant.documents.indexing.queue import IndexingQueue
from assistant.documents.records import DocumentInfo, DocumentState, PartCounts
from assistant.documents.store.store import Waiting


def row(identity: int, name: str = "a.txt", size: int = 10) -> DocumentInfo:
    return DocumentInfo(
        identity, f"/{name}", name, "C", "", "part", DocumentState.QUEUED, size, None, 0, 0, PartCounts()
    )


class Queue:
    """The store's queue, as far as the agenda sees it."""

    def __init__(self, *rows: DocumentInfo) -> None:
        self.rows = list(rows)

    def next_waiting(self, skip: list[int]) -> Waiting | None:
        for each in self.rows:
            if each.id not in skip:
                self.rows.remove(each)
                return Waiting(each, 0, None, 0, False, 1)
        return None


def test_what_is_taken_is_in_hand_and_still_waits() -> None:
    agenda = IndexingQueue()
    assert agenda.add([row(1), row(2)])
    assert not agenda.add([row(3)])
    taken = agenda.take(Queue(row(1)).next_waiting)
    assert taken is not None
    assert [work.document for work in agenda.in_hand()] == [1]
    assert agenda.in_hand([2, 3]) == []
    assert agenda.pending([1])
    agenda.put_back(1)
    assert agenda.in_hand() == []
    assert agenda.pending([1])
    agenda.put_away(1)
    assert not agenda.pending([1])
    assert agenda.pending()


def test_the_same_content_waits_for_the_first_of_its_kind() -> None:
    agenda = IndexingQueue()
    queue = Queue(row(1), row(2))
    agenda.take(queue.next_waiting)
    agenda.take(queue.next_waiting)
    assert agenda.postpone_for_twin(2, [1, 2])
    assert not agenda.postpone_for_twin(1, [1, 2])
    queue.rows.append(row(2))
    assert agenda.take(queue.next_waiting) is None
    agenda.put_away(1)
    taken = agenda.take(queue.next_waiting)
    assert taken is not None
    assert taken[0].document == 2


def test_a_file_that_changes_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agendas, "_SETTLING_S", 0.2)
    agenda = IndexingQueue()
    queue = Queue(row(1))
    agenda.take(queue.next_waiting)
    assert [agenda.count_change(1), agenda.count_change(1)] == [1, 2]
    agenda.postpone_after_change(1)
    queue.rows.append(row(1))
    assert agenda.take(queue.next_waiting) is None
    began = time.monotonic()
    agenda.sleep()
    assert agenda.take(queue.next_waiting) is not None
    assert 0.3 < time.monotonic() - began < 2


def test_what_is_told_of_is_what_was_stored_last() -> None:
    agenda = IndexingQueue()
    assert agenda.overview() == (None, 0, {})
    queue = Queue(row(1, "a.pdf", 100), row(2, "b.pdf", 50))
    agenda.add([row(3, "c.txt", 7)])
    first, second = agenda.take(queue.next_waiting), agenda.take(queue.next_waiting)
    assert first is not None
    assert second is not None
    assert agenda.overview() == (first[0], 3, {"pdf": Total(1, 50), "txt": Total(1, 7)})
    agenda.stored(second[0])
    assert agenda.overview() == (second[0], 3, {"pdf": Total(1, 100), "txt": Total(1, 7)})
    agenda.put_away(2)
    assert agenda.overview()[0] is first[0]
