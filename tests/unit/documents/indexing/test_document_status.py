"""Nothing readable is never ready, and a blank page alone does not make a document partial."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.documents.indexing.document_status import STOPPED, final_state, settled
from assistant.documents.records import DocumentInfo, DocumentState, Outcome, PartCounts, PartReport
from assistant.errors import Problem

TEXT = PartReport(1, "page 1", Outcome.TEXT, None, 100)
BLANK = PartReport(2, "page 2", Outcome.EMPTY, Problem("no-text", "page-blank"), 0)
SCAN = PartReport(3, "page 3", Outcome.EMPTY, Problem("no-text", "page-is-picture"), 0)
WAITING = replace(SCAN, waiting=True)
TURNED_DOWN = PartReport(6, "page 6", Outcome.TEXT, Problem("unreadable", "picture-crashes"), 100)
FAILED = PartReport(4, "page 4", Outcome.FAILED, Problem.as_told("unreadable", "It is damaged."), 0)


@pytest.mark.parametrize(
    ("reports", "state", "words"),
    [
        ([TEXT], DocumentState.READY, ""),
        ([TEXT, BLANK], DocumentState.READY, ""),
        (
            [TEXT, SCAN],
            DocumentState.PARTIAL,
            "1 of 2 pages is a picture that was not recognised.",
        ),
        ([TEXT, TEXT, FAILED], DocumentState.PARTIAL, "1 of 3 pages could not be read: It is damaged."),
        (
            [SCAN] * 9,
            DocumentState.FAILED,
            "All 9 pages are pictures, and their text was not recognised.",
        ),
        (
            [SCAN],
            DocumentState.FAILED,
            "Its only page is a picture, and its text was not recognised.",
        ),
        (
            [TEXT, WAITING, FAILED],
            DocumentState.PARTIAL,
            "1 of 3 pages waits for text recognition.",
        ),
        ([WAITING] * 2, DocumentState.PARTIAL, "All 2 pages are pictures that wait for text recognition."),
        (
            [TEXT, TURNED_DOWN],
            DocumentState.PARTIAL,
            "1 of 2 pages could not be read: The picture repeatedly makes text recognition crash.",
        ),
        ([BLANK], DocumentState.FAILED, "It has no text."),
        ([], DocumentState.FAILED, "It has no text."),
        ([FAILED, FAILED], DocumentState.FAILED, "It could not be read: It is damaged."),
    ],
)
def test_states(reports: list[PartReport], state: DocumentState, words: str) -> None:
    found, problem = final_state("page", reports)
    assert found is state
    assert (problem.message if problem else "") == words


def test_what_ended_it_early_is_kept() -> None:
    stopped = Problem.as_told("stopped", "Stopped.")
    assert final_state("page", [TEXT], stopped) == (DocumentState.PARTIAL, stopped)
    assert final_state("page", [SCAN], stopped) == (DocumentState.FAILED, stopped)
    assert final_state("page", [WAITING], stopped) == (DocumentState.PARTIAL, stopped)


def test_recognition_takes_back_only_what_was_told_of_pictures() -> None:
    def after(told: Problem | None) -> Problem | None:
        row = DocumentInfo(1, "/a", "a", "c", "pdf", "page", DocumentState.PARTIAL, 1, 1, 1, 1, PartCounts())
        return settled(replace(row, error=told), [TEXT])[1]

    assert after(final_state("page", [WAITING])[1]) is None
    assert after(final_state("page", [SCAN])[1]) is None
    assert after(final_state("page", [FAILED])[1]) is None
    assert after(STOPPED) == STOPPED
    never_ends = Problem("unreadable", "reading-never-ends")
    assert after(never_ends) == never_ends


@pytest.mark.parametrize("problem", [None, STOPPED])
@pytest.mark.parametrize("reports", [[WAITING], [TEXT, WAITING], [WAITING, FAILED, WAITING]])
def test_while_pages_wait_the_figures_of_the_row_say_the_same(
    reports: list[PartReport], problem: Problem | None
) -> None:
    counts = PartCounts(waiting=sum(report.waiting for report in reports))
    row = DocumentInfo(
        1, "/a", "a", "c", "pdf", "page", DocumentState.PARTIAL, 1, len(reports), len(reports), 1, counts
    )
    assert settled(row, (), problem) == final_state("page", reports, problem)


@given(some.lists(some.sampled_from([TEXT, BLANK, SCAN, FAILED])))
def test_ready_means_text_and_the_rest_has_a_reason(reports: list[PartReport]) -> None:
    state, problem = final_state("page", reports)
    assert (state is DocumentState.READY) == (problem is None)
    assert problem is None or problem.message
    if state is not DocumentState.FAILED:
        assert TEXT in reports
