"""Nothing readable is never ready, and a blank page alone does not make a document partial."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from assistant.documents.indexing.document_status import final_state
from assistant.documents.records import DocumentState, Outcome, PartReport
from assistant.errors import Problem

TEXT = PartReport(1, "page 1", Outcome.TEXT, None, 100)
BLANK = PartReport(2, "page 2", Outcome.EMPTY, Problem("no-text", "page-blank"), 0)
SCAN = PartReport(3, "page 3", Outcome.EMPTY, Problem("no-text", "page-is-picture"), 0)
FAILED = PartReport(4, "page 4", Outcome.FAILED, Problem.as_told("unreadable", "It is damaged."), 0)


@pytest.mark.parametrize(
    ("reports", "state", "words"),
    [
        ([TEXT], DocumentState.READY, ""),
        ([TEXT, BLANK], DocumentState.READY, ""),
        (
            [TEXT, SCAN],
            DocumentState.PARTIAL,
            "1 of 2 pages is a picture; text recognition is not available yet.",
        ),
        ([TEXT, TEXT, FAILED], DocumentState.PARTIAL, "1 of 3 pages could not be read: It is damaged."),
        (
            [SCAN] * 9,
            DocumentState.FAILED,
            "All 9 pages are pictures without text; text recognition is not available yet.",
        ),
        (
            [SCAN],
            DocumentState.FAILED,
            "Its only page is a picture without text; text recognition is not available yet.",
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


@given(some.lists(some.sampled_from([TEXT, BLANK, SCAN, FAILED])))
def test_ready_means_text_and_the_rest_has_a_reason(reports: list[PartReport]) -> None:
    state, problem = final_state("page", reports)
    assert (state is DocumentState.READY) == (problem is None)
    assert problem is None or problem.message
    if state is not DocumentState.FAILED:
        assert TEXT in reports
