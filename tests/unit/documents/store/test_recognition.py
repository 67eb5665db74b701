"""Parts that wait for their pictures: which comes next, and what is stored of what was seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.documents.records import (
    WHOLE_PAGE,
    DocumentState,
    FileSeen,
    Outcome,
    PartCounts,
    PartPicture,
    WordOnPage,
)
from assistant.documents.store.codec import PackedWords
from assistant.documents.store.rows import NewPart, NewSection, PartToRecognise, RecognisedPart, WaitingParts
from assistant.documents.store.store import Store
from assistant.errors import Problem
from tests.unit.documents.store_samples import MODEL, part

NOTHING_READ = Problem("no-text", "page-is-picture")
WORDS = (WordOnPage("Bells", (10.0, 20.0, 40.0, 30.0), 0.93), WordOnPage("鐘", (50.0, 20.0, 60.0, 30.0), 0.5))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def scan(number: int) -> NewPart:
    """A page that is a picture."""
    return NewPart(number, f"page {number}", Outcome.EMPTY, NOTHING_READ, pictures=(PartPicture(WHOLE_PAGE),))


def add(store: Store, path: str, *parts: NewPart, content: bytes = b"") -> int:
    document = store.register([FileSeen(path, 1, 1)])[0].document
    store.set_content(document, content or path.encode())
    store.add_batch(document, parts, MODEL)
    store.set_state(document, DocumentState.PARTIAL)
    return document


def seen(task: PartToRecognise, *lines: str) -> RecognisedPart:
    """What recognition gives for a part."""
    read = part(task.number, *lines)
    sections = tuple(NewSection(replace(each.section, recognised=0.9), each.chunks) for each in read.sections)
    return RecognisedPart(
        task.number,
        task.label,
        Outcome.OCR if lines else task.outcome,
        None if lines else task.problem,
        sections,
        task=task,
        recogniser="tesseract",
        confidence=0.9,
        languages=("en",),
        words=WORDS if lines else (),
    )


def next_of(store: Store) -> PartToRecognise:
    task = store.next_to_recognise()
    assert task is not None
    return task


def test_pages_come_as_the_documents_did_and_those_asked_for_first(store: Store) -> None:
    first = add(store, "/a", part(1, "some text"), scan(2), scan(3))
    second = add(store, "/b", scan(1))
    assert store.waiting_parts() == WaitingParts(3, 2, requested=False)
    task = next_of(store)
    assert (task.document, task.number, task.pictures, task.whole) == (first, 2, (PartPicture(0),), True)
    assert (task.outcome, task.problem, task.requested) == (Outcome.EMPTY, NOTHING_READ, "")
    following = store.next_to_recognise([(first, 2)])
    assert following is not None
    assert following.number == 3
    without = store.next_to_recognise(without=[first])
    assert without is not None
    assert without.document == second
    assert store.request_recognition(second, [], '{"recogniser": "rapidocr"}') == 1
    assert store.waiting_parts() == WaitingParts(3, 2, requested=True)
    assert store.waiting_parts([first]) == WaitingParts(2, 1, requested=False)
    assert (next_of(store).document, next_of(store).requested) == (second, '{"recogniser": "rapidocr"}')
    only = store.next_to_recognise([(second, 1)], requested=True)
    assert only is None


@pytest.mark.parametrize("how", ["queued", "missing", "removed", "changed"])
def test_what_is_not_as_it_was_read_does_not_come(store: Store, how: str) -> None:
    document = add(store, "/a", scan(1))
    task = next_of(store)
    if how == "queued":
        store.queue(document)
    elif how == "missing":
        store.set_missing([document])
    elif how == "removed":
        store.remove([document])
    else:
        store.register([FileSeen("/a", 2, 2)])
    assert store.next_to_recognise() is None
    assert store.waiting_parts().parts == 0
    assert store.replace_part(seen(task, "a line"), MODEL) == ([], [], [])
    if how == "removed":
        store.restore([document])
        assert next_of(store).document == document


def test_a_page_gets_the_text_that_was_seen(store: Store) -> None:
    document = add(store, "/a", part(1, "before"), scan(2), part(3, "behind"))
    dropped, added, touched = store.replace_part(seen(next_of(store), "bells ring", "at noon"), MODEL)
    assert (dropped, len(added), touched) == ([], 2, [document])
    assert store.next_to_recognise() is None
    (row,) = store.documents()
    assert (row.report, row.chunks) == (PartCounts(text=2, ocr=1), 4)
    rows = store.chunk_rows(added)
    assert [(rows[each].text, rows[each].position, rows[each].recognised) for each in added] == [
        ("bells ring", 1, 0.9),
        ("at noon", 2, 0.9),
    ]
    page = store.report(document)[1]
    assert (page.outcome, page.problem, page.characters) == (Outcome.OCR, None, len("bells ring\nat noon"))
    assert (page.waiting, page.recogniser, page.confidence, page.languages, page.pictures) == (
        False,
        "tesseract",
        0.9,
        ("en",),
        1,
    )
    assert [(word.text, word.confidence) for word in store.recognised_words(document, 2)] == [
        ("Bells", 0.93),
        ("鐘", 0.5),
    ]
    assert store.recognised_words(document, 2)[0].box == pytest.approx((10, 20, 40, 30), abs=0.1)
    assert dict(PackedWords(store.packed_words(document))) == {2: store.recognised_words(document, 2)}
    assert store.figures()["double"] == 0


def test_recognised_again_it_stands_in_for_what_was_seen_before(store: Store) -> None:
    document = add(store, "/a", scan(1))
    _, first, _ = store.replace_part(seen(next_of(store), "bells ring"), MODEL)
    store.request_recognition(document, [1], '{"languages": ["fr"]}')
    again = next_of(store)
    dropped, added, _ = store.replace_part(seen(again, "les cloches"), MODEL)
    assert dropped == first
    assert [row.text for row in store.chunk_rows(added).values()] == ["les cloches"]
    assert store.figures()["double"] == 0
    # Nothing seen the next time: what there was stays.
    store.request_recognition(document, [], "{}")
    assert store.replace_part(seen(next_of(store)), MODEL)[0] == []
    assert store.documents()[0].chunks == 1


def test_a_page_that_is_read_from_its_picture_keeps_the_notes_on_it(store: Store) -> None:
    stamp, notes = part(1, "received 4 May"), part(1, "ask Mary about this")
    moved = replace(notes.sections[0], section=replace(notes.sections[0].section, location="page 1, notes"))
    page = replace(stamp, sections=(*stamp.sections, moved), pictures=(PartPicture(WHOLE_PAGE),))
    document = add(store, "/a", page)
    store.replace_part(seen(next_of(store), "received 4 May", "bells ring"), MODEL)
    sections = [store.section_text(each) for each in store.sections_after(document, 0, 9)]
    assert sections == ["ask Mary about this", "received 4 May\nbells ring"]


def test_a_result_that_is_not_wanted_any_more_is_not_stored(store: Store) -> None:
    document = add(store, "/a", scan(1))
    task = next_of(store)
    store.request_recognition(document, [], '{"recogniser": "rapidocr"}')
    assert store.replace_part(seen(task, "a line"), MODEL) == ([], [], [])
    assert next_of(store).requested
    wanted = next_of(store)
    assert store.stop_recognition(document) == 1
    assert store.replace_part(seen(wanted, "a line"), MODEL) == ([], [], [])
    assert store.documents()[0].chunks == 0


def test_pictures_in_a_part_add_to_its_text(store: Store) -> None:
    slide = replace(part(1, "title of the slide"), pictures=(PartPicture(1, "picture 1"),))
    document = add(store, "/a", slide)
    for text in ("a chart", "a better chart"):
        task = next_of(store)
        assert not task.whole
        found = replace(seen(task, text), outcome=Outcome.TEXT, words=())
        store.replace_part(found, MODEL)
        store.request_recognition(document, [], "{}")
    sections = [store.section_text(each) for each in store.sections_after(document, 0, 9)]
    assert sections == ["title of the slide", "a better chart"]


def test_a_copy_gets_what_was_seen_and_waits_for_the_rest(store: Store) -> None:
    first = add(store, "/a", scan(1), scan(2), scan(3), content=b"same")
    store.replace_part(seen(next_of(store), "bells ring"), MODEL)
    copy = store.register([FileSeen("/b", 1, 1)])[0].document
    store.set_content(copy, b"same")
    store.copy_contents(first, copy)
    assert store.documents(ids=[copy])[0].report == PartCounts(ocr=1, empty=2, waiting=2)
    assert len(store.recognised_words(copy, 1)) == 2
    # The same page is recognised once for both.
    _, added, touched = store.replace_part(seen(next_of(store), "at noon"), MODEL)
    assert touched == [first, copy]
    assert [row.document for row in store.chunk_rows(added).values()] == [first, copy]
    assert store.documents(ids=[copy])[0].report == PartCounts(ocr=2, empty=1, waiting=1)
    # Stopping one of them stops one of them.
    store.stop_recognition(first)
    assert next_of(store).document == copy
    other = store.register([FileSeen("/c", 1, 1)])[0].document
    store.copy_contents(first, other)
    assert store.documents(ids=[other])[0].report.waiting == 1
    assert store.figures()["double"] == 0


def test_what_was_seen_goes_with_its_document(store: Store) -> None:
    document = add(store, "/a", scan(1))
    store.replace_part(seen(next_of(store), "bells ring"), MODEL)
    store.clear(document)
    assert store.recognised_words(document, 1) == ()


def test_trying_again_lets_pictures_wait_that_were_not_recognised(store: Store) -> None:
    failed = NewPart(1, "page 1", Outcome.FAILED, Problem("unreadable", "picture-crashes"))
    document = add(store, "/a", failed, scan(2), scan(3))
    store.stop_recognition(document)
    task = PartToRecognise(
        document, "/a", 1, 1, "a", "", "page", 3, b"/a", 3, "page 3", Outcome.EMPTY, NOTHING_READ, (), ""
    )
    store.request_recognition(document, [3], "{}")
    looked_at = replace(
        seen(replace(task, requested="{}")), problem=Problem("no-text", "picture-without-text")
    )
    assert store.replace_part(looked_at, MODEL)[2] == [document]
    assert store.clear_failed(document) == 1
    assert [(page.number, page.waiting) for page in store.report(document)] == [(2, True), (3, False)]
