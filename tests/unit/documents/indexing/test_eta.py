"""The estimate is sensible before anything is measured and becomes right with measuring."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.documents.indexing.eta import Backlog, Estimator, QueuedFile, ReadProgress, Total


def test_sensible_before_anything_is_known() -> None:
    # Five megabytes of PDF are about 300 pages: some tens of seconds, neither hours nor nothing.
    assert 10 < Estimator().seconds_left(None, {"pdf": Total(1, 5_000_000)}) < 120
    assert Estimator().seconds_left(None, {}) == 0


def test_the_speed_of_this_computer_counts_soon_and_the_newest_most() -> None:
    estimator = Estimator()
    estimator.worked(100, 10)
    assert estimator.chunks_per_second == pytest.approx(10)
    for _ in range(20):
        estimator.worked(100, 1)
    assert estimator.chunks_per_second == pytest.approx(100, rel=0.05)


def test_pages_without_text_do_not_count_as_slowness() -> None:
    estimator = Estimator()
    estimator.worked(100, 10)
    estimator.worked(0, 1000)
    assert estimator.chunks_per_second == pytest.approx(10)


def test_formats_are_learnt() -> None:
    estimator = Estimator()
    before = estimator.chunks_of(QueuedFile("pdf", 1_000_000))
    estimator.finished(QueuedFile("pdf", 10_000_000), 20)  # scans: many bytes, little text
    assert estimator.chunks_of(QueuedFile("pdf", 1_000_000)) < before / 5


def test_a_document_under_way_is_judged_by_its_own_pages() -> None:
    estimator = Estimator()
    estimator.worked(300, 10)
    book = QueuedFile("pdf", 1_000_000)
    nearly = estimator.seconds_left(ReadProgress(book, parts=100, parts_done=90, chunks_done=900), {})
    assert nearly == pytest.approx(100 / 30, rel=0.01)


@given(
    some.integers(0, 10**12),
    some.one_of(some.none(), some.integers(0, 10**5)),
    some.integers(0, 10**5),
    some.integers(0, 10**6),
)
def test_never_negative(size: int, parts: int | None, parts_done: int, chunks_done: int) -> None:
    begun = ReadProgress(QueuedFile("txt", size), parts, parts_done, chunks_done)
    assert Estimator().seconds_left(begun, {"": Total(1, 0)}) >= 0


def test_a_backlog_keeps_its_sums() -> None:
    backlog = Backlog()
    backlog.add(1, QueuedFile("pdf", 100))
    backlog.add(2, QueuedFile("pdf", 50))
    backlog.add(2, QueuedFile("pdf", 60))
    backlog.add(3, QueuedFile("txt", 5))
    assert backlog.totals() == {"pdf": Total(2, 160), "txt": Total(1, 5)}
    assert backlog.totals(but=1)["pdf"] == Total(1, 60)
    backlog.discard(1)
    backlog.discard(1)
    assert len(backlog) == 2
    assert not backlog.any_of([1])
    assert backlog.any_of([1, 3])
    assert backlog.totals() == {"pdf": Total(1, 60), "txt": Total(1, 5)}
