"""Words for people, and foreign text made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.event_records import IndexingState, IndexingStatus
from assistant.documents.records import DocumentState, PartCounts
from assistant.errors import Problem
from tests.gui.doubles import document
from ui.common import document_state, error_words, formatting
from ui.common.translation import listed


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("two\nlines\r.txt", "two↵lines↵.txt"),
        ("tab\there", "tab here"),
        ("bell\x07\x00", "bell��"),
        ("broken \udcff", "broken �"),
        ("harmless\u202efdp.exe", "harmlessfdp.exe"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("👩‍💻 notes", "👩‍💻 notes"),
    ],
)
def test_a_name_is_one_safe_line(given: str, shown: str) -> None:
    assert formatting.name(given) == shown


@given(st.text(st.characters(), max_size=80))
def test_whatever_a_text_holds_can_be_shown(text: str) -> None:
    for shown in (formatting.name(text), formatting.passage(text), formatting.one_line(text)):
        shown.encode("utf-8")
    assert len(formatting.passage(text)) == len(text)
    assert "\n" not in formatting.name(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.integers(0, 40))
def test_positions_in_utf16_and_back(text: str, position: int) -> None:
    position = min(position, len(text))
    assert formatting.utf16_cut(text, formatting.utf16_length(text[:position])) == position


@pytest.mark.parametrize(
    ("text", "answer"),
    [("שלום", True), ("123 العربية", True), ("Ünited", False), ("2023", False), ("", False), ("漢字", False)],
)
def test_direction_is_that_of_the_first_letter(text: str, answer: bool) -> None:
    assert formatting.is_right_to_left(text) is answer


def test_a_place_names_document_page_and_heading() -> None:
    place = formatting.place("report.pdf", "page 58", ("Notes", "Balance sheet"))
    for sign in (formatting.FIRST_STRONG_ISOLATE, formatting.POP_ISOLATE):
        place = place.replace(sign, "")
    assert place == "report.pdf · page 58 · Balance sheet"


def test_an_arabic_name_keeps_to_itself() -> None:
    assert formatting.place("تقرير.pdf", "page 7").startswith(f"{formatting.FIRST_STRONG_ISOLATE}تقرير")


def test_a_long_title_leaves_room_for_the_page() -> None:
    place = formatting.place("x" * 200 + "final.pdf", "page 7")
    assert len(place) < 70
    assert "…xxfinal.pdf" in place


def test_states_in_words() -> None:
    problem = Problem.as_told("unreadable", "The file is damaged.", "Save it anew.")
    cases = {
        "Ready · 12 pages": document(1, "a.pdf"),
        "Waiting": document(1, "a.pdf", state=DocumentState.QUEUED),
        "Opening": document(1, "a.pdf", state=DocumentState.INDEXING, pages=None, pages_done=0, chunks=0),
        "34 of 80 parts": document(
            1, "a.docx", state=DocumentState.INDEXING, unit="part", pages=80, pages_done=34, chunks=3
        ),
        "Partly ready · 6 of 9 pages have no text, 1 could not be read": document(
            1, "a.pdf", state=DocumentState.PARTIAL, pages=9, report=PartCounts(2, 0, 6, 1)
        ),
        "The file is damaged. Save it anew.": document(1, "a", state=DocumentState.FAILED, error=problem),
    }
    for text, row in cases.items():
        assert document_state.state(row) == text


def test_the_time_left_stands_in_the_row_that_is_read() -> None:
    row = document(4, "a.pdf", state=DocumentState.INDEXING, pages=80, pages_done=34, chunks=0)
    status = IndexingStatus(IndexingState.RUNNING, document=4, documents_left=1, seconds_left=20)
    assert document_state.state(row, status) == "34 of 80 pages · 20 s left"
    other = IndexingStatus(IndexingState.RUNNING, document=5, documents_left=1, seconds_left=20)
    assert document_state.state(row, other) == "34 of 80 pages"


def test_files_go_by_their_names_and_the_handbook_by_its_titles() -> None:
    from assistant import paths

    named = document(1, "/d/wasteland.epub", title="The Waste Land")
    assert formatting.document_name(named) == "wasteland.epub"
    assert formatting.subtitle(named) == "The Waste Land"
    assert formatting.subtitle(document(2, "/d/Report.pdf", title="report")) == ""
    help_page = document(3, str(paths.resources() / "handbook" / "6-privacy.md"), title="Privacy")
    assert formatting.document_name(help_page) == "Privacy"
    assert formatting.subtitle(help_page) == ""


@pytest.mark.parametrize(
    ("parts", "most", "words"),
    [
        ([], None, ""),
        (["a"], 2, "a"),
        (["a", "b"], 2, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c", "d"], 2, "a, b and 2 more"),
        (["100 %1", "%2", "c"], None, "100 %1, %2 and c"),
    ],
)
def test_a_list_is_read_as_one(parts: list[str], most: int | None, words: str) -> None:
    assert listed(parts, most) == words


def test_what_an_error_lists_is_read_as_a_list() -> None:
    details = {"languages": ["English", "Spanish", "Hausa"], "language": "Thai"}
    problem = Problem("absent", "documents-in-other-language", details)
    assert error_words.message(problem) == problem.message
    assert "in English, Spanish and Hausa; the question is in Thai" in problem.message
