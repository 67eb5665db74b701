"""Pictures are recognised after all text, one page after the other, and whatever happens meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from assistant.documents.event_records import RecognitionState
from assistant.documents.indexing import embedding_writer
from assistant.documents.indexing.document_status import settle
from assistant.documents.recognition import part_recogniser, recognition_thread
from assistant.documents.recognition.schedule import AT_ONCE, MAINS
from assistant.documents.records import DocumentState, Outcome, PartCounts
from assistant.documents.store.store import Store
from assistant.errors import (
    AssistantError,
    ModelTooLarge,
    NoModel,
    Problem,
    UnreadableDocument,
    WorkerStartFailed,
)
from assistant.vision.records import Recogniser, RecognitionOptions
from tests.unit.documents.recognition.conftest import Setup


def problem(setup: Setup, document: int) -> Problem:
    error = setup.row(document).error
    assert error is not None
    return error


def fail(texts: object, token: object = None) -> None:
    raise RuntimeError("on purpose")


def test_text_comes_first_then_page_after_page(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells ring", "a page of text", "picture:at noon")
    setup.until(lambda: setup.pictures.seen)
    assert setup.row(scan).state is DocumentState.PARTIAL
    assert problem(setup, scan).message == "2 of 3 pages wait for text recognition."
    status = setup.recognition.status()
    assert (status.state, status.document, status.page) == (RecognitionState.RUNNING, scan, 1)
    assert (status.pages_left, status.documents_left, status.seconds_left) == (2, 1, None)
    # What comes now is read before the next page is recognised.
    notes = setup.add("notes.txt", "nothing but text")
    setup.until(lambda: setup.row(notes).state is DocumentState.READY)
    assert setup.pictures.seen == ["bells ring"]
    setup.pictures.may_go_on.set()
    setup.finish()
    assert setup.row(scan).state is DocumentState.READY
    assert setup.row(scan).report == PartCounts(text=1, ocr=2)
    assert setup.text(scan) == ["bells ring", "a page of text", "at noon"]
    assert setup.pictures.seen == ["bells ring", "at noon"]
    assert setup.models.vectors.ids == set(setup.store.chunk_ids("test-model").tolist())
    assert setup.recognition.status().state is RecognitionState.IDLE
    assert [word.text for word in setup.store.recognised_words(scan, 1)] == ["bells", "ring"]


def test_pages_say_what_was_seen_in_them(setup: Setup) -> None:
    setup.pictures.errors["torn"] = UnreadableDocument("picture-crashes")
    scan = setup.add(
        "scan.pdf", "picture:bells ring", "picture:", "picture:torn", "text|picture:torn", "text"
    )
    setup.finish()
    reports = setup.store.report(scan)
    assert [report.outcome for report in reports] == [
        Outcome.OCR,
        Outcome.EMPTY,
        Outcome.FAILED,
        Outcome.TEXT,
        Outcome.TEXT,
    ]
    assert [report.problem and report.problem.reason for report in reports] == [
        None,
        "picture-without-text",
        "picture-crashes",
        "picture-crashes",
        None,
    ]
    assert [report.recogniser for report in reports] == ["tesseract", "tesseract", "", "", ""]
    assert not any(report.waiting for report in reports)
    assert setup.row(scan).state is DocumentState.PARTIAL
    # Tried again, what failed is read and recognised once more; what was seen stays.
    setup.pictures.errors.clear()
    setup.pictures.seen.clear()
    setup.indexer.retry(scan)
    setup.finish()
    assert sorted(setup.pictures.seen) == ["torn", "torn"]
    assert setup.row(scan).state is DocumentState.READY


def test_a_scan_in_which_nothing_is_seen_has_no_text(setup: Setup) -> None:
    scan = setup.add("photo.pdf", "picture:")
    setup.finish()
    assert setup.row(scan).state is DocumentState.FAILED
    assert problem(setup, scan).reason == "no-text"


def test_letters_seen_in_noise_are_no_text(setup: Setup) -> None:
    setup.pictures.sure = 0.3
    photo = setup.add("photo.pdf", "picture:leaves leaves")
    setup.finish()
    (page,) = setup.store.report(photo)
    assert (page.outcome, page.confidence, page.reason) == (
        Outcome.EMPTY,
        None,
        "No text was recognised in its picture.",
    )
    assert setup.store.recognised_words(photo, 1) == ()


def test_pictures_in_a_page_of_text_add_to_it(setup: Setup) -> None:
    slides = setup.add("slides.pdf", "the title|picture:a chart")
    setup.finish()
    assert setup.text(slides) == ["the title", "a chart"]
    places = [setup.store.section(each) for each in setup.store.sections_after(slides, 0, 9)]
    assert [place and (place.location, place.page, place.recognised) for place in places] == [
        ("page 1", 1, None),
        ("picture 1 on page 1", 1, 0.9),
    ]
    assert setup.row(slides).report == PartCounts(text=1)


def test_languages_around_a_page_are_expected(setup: Setup) -> None:
    german = "Die Glocken des alten Turms läuten am Mittag und noch einmal am Abend, wenn die Tore schließen."
    setup.add("scan.pdf", german, "picture:bells")
    setup.finish()
    assert setup.pictures.options == [RecognitionOptions(expected=("de",))]
    setup.recognition.configure(["fr"], "at_once")
    setup.add("other.pdf", "picture:cloches")
    setup.finish()
    assert setup.pictures.options[-1].languages == ("fr",)


def test_recognised_again_in_another_way(setup: Setup) -> None:
    setup.recognition.configure([], "off")
    other = setup.add("other.pdf", "picture:noon")
    scan = setup.add("scan.pdf", "picture:bells ring", "picture:again")
    setup.until(lambda: not setup.indexer.pending())
    assert setup.recognition.status().reason == "off"
    options = RecognitionOptions(Recogniser.RAPIDOCR, ("ja",))
    setup.recognition.request([scan], options, [2])
    setup.finish()
    # Only what was asked for: everything else is switched off.
    assert (setup.pictures.seen, setup.pictures.options) == (["again"], [options])
    assert setup.row(scan).report == PartCounts(ocr=1, empty=1, waiting=1)
    assert setup.row(other).report.waiting == 1
    setup.recognition.request([scan], options, [])
    setup.finish()
    assert setup.row(scan).state is DocumentState.READY
    assert len(setup.text(scan)) == 2


def test_paused_and_resumed(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells ring")
    setup.until(lambda: setup.pictures.seen)
    setup.recognition.pause()
    assert setup.recognition.status().state is RecognitionState.PAUSED
    assert not setup.recognition.pending()
    setup.pictures.may_go_on.set()
    setup.recognition.resume()
    setup.finish()
    assert setup.row(scan).state is DocumentState.READY
    assert setup.pictures.seen == ["bells ring"] * 2


def test_mains_power_is_noticed_though_nobody_tells(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_thread, "_LOOK_S", 0.01)
    setup.on_battery = True
    setup.recognition.configure((), MAINS)
    scan = setup.add("scan.pdf", "picture:bells")
    setup.until(lambda: setup.row(scan).state is DocumentState.PARTIAL)
    assert setup.recognition.status().reason == "mains"
    setup.on_battery = False
    setup.until(lambda: setup.row(scan).state is DocumentState.READY)


@pytest.mark.parametrize("when", [AT_ONCE, MAINS])
def test_where_nothing_waits_nobody_looks(setup: Setup, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    waited: list[float | None] = []
    wait_for = threading.Condition.wait_for

    def noted(self: threading.Condition, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        if threading.current_thread().name == "recognising":
            waited.append(timeout)
        return wait_for(self, predicate, timeout)

    setup.add("scan.pdf", "picture:bells")
    setup.finish()
    monkeypatch.setattr(threading.Condition, "wait_for", noted)
    setup.recognition.configure((), when)
    setup.until(lambda: waited)
    assert set(waited) == {None}


def test_stopped_it_waits_no_more(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells ring", "text", "picture:again")
    setup.until(lambda: setup.pictures.seen)
    setup.recognition.stop([scan])
    assert problem(setup, scan).message == "2 of 3 pages are pictures that were not recognised."
    setup.pictures.may_go_on.set()
    setup.finish()
    assert setup.text(scan) == ["text"]
    assert [report.is_picture for report in setup.store.report(scan)] == [True, False, True]


def test_a_page_in_hand_goes_with_its_document(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells ring")
    setup.until(lambda: setup.pictures.seen)
    with setup.indexer.take_lock:
        setup.indexer.release([scan])
        setup.store.remove([scan])
    setup.recognition.documents_removed()
    setup.until(lambda: setup.recognition.status().state is RecognitionState.IDLE)
    setup.pictures.may_go_on.set()
    setup.store.restore([scan])
    setup.finish()
    assert setup.text(scan) == ["bells ring"]


def test_a_file_that_changed_is_read_again_first(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:old bells")
    setup.until(lambda: setup.pictures.seen)
    # Nobody tells of the change, as where the folder is not watched.
    (setup.folder / "scan.pdf").write_text("picture:new bells\ntext")
    setup.pictures.may_go_on.set()
    setup.until(lambda: setup.row(scan).state is DocumentState.READY)
    assert setup.text(scan) == ["new bells", "text"]


def test_a_file_that_is_gone_waits_until_it_is_back(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells", "picture:ring")
    setup.until(lambda: setup.pictures.seen)
    path = setup.folder / "scan.pdf"
    away = setup.folder / "away.pdf"
    path.rename(away)
    setup.pictures.may_go_on.set()
    setup.until(lambda: setup.row(scan).state is DocumentState.MISSING)
    setup.finish()
    away.rename(path)
    setup.take_up(path)
    setup.finish()
    assert setup.text(scan) == ["bells", "ring"]
    assert setup.row(scan).state is DocumentState.READY


def test_a_locked_file_waits_for_its_password_and_holds_nothing_up(setup: Setup) -> None:
    setup.recognition.pause()
    scan = setup.add("scan.pdf", "password:secret", "text", "picture:bells", password="secret")
    other = setup.add("other.pdf", "picture:noon")
    setup.until(lambda: not setup.indexer.pending())
    setup.close()
    setup.start()  # passwords are kept in memory only
    setup.until(lambda: setup.row(other).state is DocumentState.READY)
    setup.until(lambda: problem(setup, scan).code == "password-required")
    assert setup.row(scan).state is DocumentState.PARTIAL
    assert setup.recognition.status().state is RecognitionState.IDLE
    setup.indexer.retry(scan, "wrong")
    setup.finish()
    assert setup.row(scan).report.waiting == 1
    setup.indexer.retry(scan, "secret")
    setup.finish()
    assert setup.text(scan) == ["text", "bells"]
    assert setup.row(scan).state is DocumentState.READY


def test_two_files_with_the_same_content_are_recognised_once(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    first = setup.add("a.pdf", "picture:bells ring", "text", "picture:at noon")
    setup.until(lambda: setup.pictures.seen)
    second = setup.add("b.pdf", "picture:bells ring", "text", "picture:at noon")
    setup.until(lambda: not setup.indexer.pending())
    setup.pictures.may_go_on.set()
    setup.finish()
    third = setup.add("c.pdf", "picture:bells ring", "text", "picture:at noon")
    setup.finish()
    assert setup.pictures.seen == ["bells ring", "at noon"]
    for document in (first, second, third):
        assert setup.row(document).state is DocumentState.READY
        assert setup.text(document) == ["bells ring", "text", "at noon"]
    assert setup.models.vectors.ids == set(setup.store.chunk_ids("test-model").tolist())


@pytest.mark.allow_log("recognised just now")
@pytest.mark.parametrize(
    "error",
    [
        WorkerStartFailed("voice-activity-unusable", why="it is not there"),
        ModelTooLarge("recognition-no-room", needed=9, free=1),
        NoModel("no-language-files"),
    ],
)
def test_without_anything_to_recognise_with_pages_go_on_waiting(
    setup: Setup, error: AssistantError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognition_thread, "_AGAIN_S", 0.05)
    setup.pictures.errors["bells"] = error
    scan = setup.add("scan.pdf", "picture:bells")
    setup.until(lambda: setup.recognition.status().notice)
    assert not setup.recognition.pending()  # nobody need wait for it
    assert setup.row(scan).report.waiting == 1
    setup.pictures.errors.clear()
    setup.until(lambda: setup.row(scan).state is DocumentState.READY)
    assert setup.recognition.status().notice is None


def test_what_an_earlier_run_left_goes_on(setup: Setup) -> None:
    setup.pictures.may_go_on.clear()
    scan = setup.add("scan.pdf", "picture:bells", "picture:ring")
    setup.until(lambda: setup.pictures.seen)
    setup.close()
    setup.start()
    setup.finish()
    assert setup.text(scan) == ["bells", "ring"]
    assert setup.row(scan).state is DocumentState.READY


@pytest.mark.allow_log("recognising a part of document")
def test_a_page_that_breaks_what_reads_its_words_has_failed(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    def divide_by_zero(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(part_recogniser, "page_sections", divide_by_zero)
    scan = setup.add("scan.pdf", "picture:bells", "text")
    setup.finish()
    (first, _) = setup.store.report(scan)
    assert (first.outcome, first.reason) == (
        Outcome.FAILED,
        "Something went wrong while its text was recognised: ZeroDivisionError: ",
    )


@pytest.mark.allow_log("on purpose|embedding a batch failed")
def test_a_page_that_cannot_be_stored_waits_until_all_is_stored_of_its_failure(
    setup: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_early: list[bool] = []

    def slow_settle(store: Store, document: int) -> None:
        waiting: list[int] = []
        other = threading.Thread(target=lambda: waiting.append(setup.store.waiting_parts().parts))
        other.start()
        other.join(0.3)
        done_early.append(0 in waiting)
        settle(store, document)

    monkeypatch.setattr(setup.models.embedder, "embed", fail)
    monkeypatch.setattr(embedding_writer, "settle", slow_settle)
    setup.add("scan.pdf", "picture:bells")
    setup.finish()
    assert done_early == [False]
    assert setup.pictures.seen == ["bells"]


@pytest.mark.allow_log("on purpose|embedding a batch failed")
def test_a_page_that_cannot_be_stored_has_failed(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup.models.embedder, "embed", fail)
    scan = setup.add("scan.pdf", "picture:bells")
    setup.finish()
    assert setup.store.report(scan)[0].outcome is Outcome.FAILED
    assert setup.row(scan).state is DocumentState.FAILED
    assert problem(setup, scan).reason == "no-part-readable"


def test_two_pages_at_once_are_stored_in_their_order(two_at_once: Setup) -> None:
    setup = two_at_once
    pages = ["bells ring", "at noon", "and again", "at night"]
    setup.pictures.held = {"bells ring", "and again"}
    scan = setup.add("scan.pdf", *(f"picture:{page}" for page in pages))
    # The second is done first, and makes room for the third. No further one is begun.
    setup.until(lambda: len(setup.pictures.seen) == 3)
    assert sorted(setup.pictures.seen) == sorted(pages[:3])
    assert setup.row(scan).report.ocr == 0
    assert setup.recognition.status().page == 1
    setup.pictures.held.clear()
    setup.finish()
    assert setup.text(scan) == pages
    assert sorted(setup.pictures.seen) == sorted(pages)
    for number, page in enumerate(pages, 1):
        words = setup.store.recognised_words(scan, number)
        assert " ".join(word.text for word in words) == page


def test_stop_of_one_document_leaves_the_page_of_another(two_at_once: Setup) -> None:
    setup = two_at_once
    setup.pictures.held = {"bells ring", "at noon"}
    first = setup.add("a.pdf", "picture:bells ring")
    second = setup.add("b.pdf", "picture:at noon")
    setup.until(lambda: len(setup.pictures.seen) == 2)
    setup.recognition.stop([first])
    setup.pictures.held.clear()
    setup.finish()
    assert setup.text(second) == ["at noon"]
    assert setup.text(first) == []
    assert sorted(setup.pictures.seen) == ["at noon", "bells ring"]


def test_of_two_pages_at_once_one_that_crashes_has_failed(two_at_once: Setup) -> None:
    setup = two_at_once
    setup.pictures.errors["torn"] = UnreadableDocument("picture-crashes")
    scan = setup.add("scan.pdf", "picture:torn", "picture:bells ring", "picture:torn", "picture:at noon")
    setup.finish()
    reports = setup.store.report(scan)
    assert [report.outcome for report in reports] == [Outcome.FAILED, Outcome.OCR] * 2
    assert setup.text(scan) == ["bells ring", "at noon"]


def test_paused_all_pages_in_hand_are_let_go_and_come_back(two_at_once: Setup) -> None:
    setup = two_at_once
    setup.pictures.held = {"bells ring"}
    scan = setup.add("scan.pdf", "picture:bells ring", "picture:at noon", "picture:at night")
    setup.until(lambda: len(setup.pictures.seen) == 3)
    setup.recognition.pause()
    setup.pictures.held.clear()
    assert setup.row(scan).report.ocr == 0
    setup.recognition.resume()
    setup.finish()
    assert setup.text(scan) == ["bells ring", "at noon", "at night"]


def test_the_same_page_in_two_files_is_not_recognised_side_by_side(two_at_once: Setup) -> None:
    setup = two_at_once
    setup.recognition.pause()
    files = [setup.add(name, "picture:bells ring") for name in ("a.pdf", "b.pdf")]
    setup.until(lambda: not setup.indexer.pending())
    setup.recognition.resume()
    setup.finish()
    assert setup.pictures.seen == ["bells ring"]
    assert [setup.text(each) for each in files] == [["bells ring"]] * 2
