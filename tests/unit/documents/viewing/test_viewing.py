"""A whole document to look at: its text by stretches in both directions, its headings, words found in it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.documents.records import Outcome, Section
from assistant.documents.store.rows import NewPart, NewSection
from assistant.documents.store.store import Store
from assistant.documents.viewer_records import OutlineEntry, TextRun
from assistant.documents.viewing import find as finding
from assistant.documents.viewing.headings import headings
from assistant.documents.viewing.stretches import CHARACTERS, stretch_before, stretch_from
from assistant.jobs import CancelToken
from tests.unit.documents.store_samples import add_document


def sections(*given: Section) -> NewPart:
    return NewPart(1, "part 1", Outcome.TEXT, None, tuple(NewSection(section, ()) for section in given))


def texts(*given: str) -> NewPart:
    return sections(*(Section(text, None, f"paragraph {n}") for n, text in enumerate(given)))


def forwards(store: Store, document: int) -> list[TextRun]:
    runs: list[TextRun] = []
    section = start = 0
    while True:
        stretch = stretch_from(store, document, section, start)
        assert stretch.at_start is not bool(runs)
        runs += stretch.runs
        if stretch.at_end:
            return runs
        section, start = runs[-1].section, runs[-1].end


def backwards(store: Store, document: int, section: int, start: int) -> list[TextRun]:
    runs: list[TextRun] = []
    while True:
        stretch = stretch_before(store, document, section, start)
        runs = [*stretch.runs, *runs]
        if stretch.at_start:
            return runs
        section, start = runs[0].section, runs[0].start


def test_stretches_give_the_whole_text_in_both_directions(store: Store) -> None:
    long = "".join(f"line {n}\n" for n in range(9000))
    given = ["short", long, *(f"paragraph {n} " * 20 for n in range(200)), "the end"]
    add_document(store, "/other", texts("of another document"))
    document = add_document(store, "/a", texts(*given))
    runs = forwards(store, document)
    assert "".join(run.text for run in runs) == "".join(given)
    assert max(len(run.text) for run in runs) < 2 * CHARACTERS
    assert all(run.text.endswith("\n") for run in runs if run.section == runs[1].section)
    last = runs[-1]
    back = backwards(store, document, last.section, last.end)
    assert "".join(run.text for run in back) == "".join(given)
    assert max(len(run.text) for run in back) < 2 * CHARACTERS


def test_a_stretch_begins_where_it_is_wanted(store: Store) -> None:
    document = add_document(store, "/a", texts("first", "second text", "third"))
    second = stretch_from(store, document).runs[1].section
    stretch = stretch_from(store, document, second, 7)
    assert [(run.start, run.text) for run in stretch.runs] == [(7, "text"), (0, "third")]
    assert (stretch.at_start, stretch.at_end) == (False, True)
    before = stretch_before(store, document, second, 7)
    assert [run.text for run in before.runs] == ["first", "second "]
    assert before.at_start
    with pytest.raises(LookupError):
        stretch_from(store, document, 999)


def test_nothing_was_read(store: Store) -> None:
    document = add_document(store, "/a")
    assert stretch_from(store, document).runs == ()
    assert headings(store, document) == ()
    assert finding.find(store, document, "word", CancelToken()).places == ()


def test_each_heading_is_named_once(store: Store) -> None:
    paths = (("Report",), ("Report", "Debt"), ("Report", "Debt"), ("Report", "Equity"), (), ("Notes", "One"))
    given = [Section("text", page, "", path) for page, path in enumerate(paths, 1)]
    document = add_document(store, "/a", sections(*given))
    first = stretch_from(store, document).runs[0].section
    assert headings(store, document) == (
        OutlineEntry("Report", 0, 1, first),
        OutlineEntry("Debt", 1, 2, first + 1),
        OutlineEntry("Equity", 1, 4, first + 3),
        OutlineEntry("Notes", 0, 6, first + 5),
        OutlineEntry("One", 1, 6, first + 5),
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("total debt", ["Total\nDebt", "total  debt"]),
        ("resume", ["résumé"]),
        ("RÉSUMÉ", ["résumé"]),
        ("كتاب", ["كِتَاب"]),
        ("strasse", ["Straße"]),
        ("a.c", []),
        ("  ", []),
    ],
)
def test_words_are_found_however_they_are_written(store: Store, words: str, found: list[str]) -> None:
    text = "Total\nDebt and total  debt; a résumé, كِتَاب, abc, Straße"
    document = add_document(store, "/a", texts(text))
    places = finding.find(store, document, words, CancelToken()).places
    assert [text[place.start : place.end] for place in places] == found


def test_what_is_found_has_its_page_and_boxes(store: Store) -> None:
    boxes = np.array([[10 * n, 5, 10 * n + 9, 15] for n in range(11)], np.float32)
    given = (Section("hello world", 7, "page 7", boxes=boxes), Section("world", None, "notes"))
    document = add_document(store, "/a", sections(*given))
    on_page, beside = finding.find(store, document, "World", CancelToken()).places
    assert (on_page.page, on_page.boxes) == (7, ((60.0, 5.0, 109.0, 15.0),))
    assert (beside.page, beside.boxes) == (None, ())


def test_too_many_places_are_not_listed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_PLACES", 3)
    document = add_document(store, "/a", texts("a a", "a a", "a a"))
    found = finding.find(store, document, "a", CancelToken())
    assert len(found.places) == 3
    assert found.more
