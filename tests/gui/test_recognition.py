"""Text recognised in scans and pictures: what the window says of it, and what a person does with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from assistant.documents.event_records import RecognitionState, RecognitionStatus
from assistant.documents.records import (
    Answer,
    DocumentInfo,
    DocumentState,
    Outcome,
    PartCounts,
    PartReport,
    Quote,
    QuotePlace,
)
from assistant.errors import Problem, UnreadableDocument
from assistant.vision.records import Recogniser, RecognitionOptions
from tests.gui.doubles import Pending, Services, document
from tests.scripted_vision import ScriptedVision
from ui.common import document_state
from ui.documents.document_list_model import DocumentRole, needs_attention
from ui.documents.document_row_delegate import RowAction, icon_of, main_action
from ui.documents.quote_card import QuoteCard
from ui.documents.quotes_view import with_source
from ui.documents.report_view import ReportView
from ui.recognition import controller
from ui.recognition.dialog import RecogniseDialog
from ui.recognition.language_picker import LanguagePicker
from ui.transcript.entry import quote_words
from ui.window import Window

Connect = Callable[..., Services]
RUNNING = RecognitionStatus(RecognitionState.RUNNING, 4, "scan.pdf", 4, 36, 2, 130.0)


def scan(**other: Any) -> DocumentInfo:
    counts = PartCounts(text=3, empty=6, waiting=6)
    values = {"state": DocumentState.PARTIAL, "pages": 9, "pages_done": 9, "report": counts, **other}
    return document(4, "/d/scan.pdf", **values)


PARTS = (
    PartReport(1, "page 1", Outcome.TEXT, None, 1400),
    PartReport(2, "page 2", Outcome.OCR, None, 1280, False, "tesseract", 0.97, ("de",), 1),
    PartReport(3, "page 3", Outcome.OCR, None, 90, False, "rapidocr", 0.61, (), 1),
    PartReport(
        4, "page 4", Outcome.EMPTY, Problem("no-text", "page-is-picture"), 0, waiting=True, pictures=1
    ),
    PartReport(5, "page 5", Outcome.TEXT, None, 200, waiting=True, pictures=2),
    PartReport(6, "page 6", Outcome.FAILED, None, 0, pictures=1),
    PartReport(7, "page 7", Outcome.TEXT, Problem("unreadable", "picture-crashes"), 80, pictures=1),
)


# --- rows


def test_a_photograph_without_text_is_no_fault() -> None:
    nothing = Problem("no-text", "no-text")
    photograph = document(
        5, "/d/holiday.jpg", kind="image", state=DocumentState.FAILED, pages=1, error=nothing
    )
    assert document_state.state(photograph) == "No text was found in this picture."
    assert icon_of(photograph) == ("image", "text2")
    assert not needs_attention(photograph)
    assert main_action(photograph) is RowAction.WHY
    empty = replace(photograph, kind="text")
    assert icon_of(empty)[1] == "error"
    assert needs_attention(empty)


@pytest.mark.parametrize(
    ("row", "status", "words"),
    [
        (scan(), None, "Partly ready · 6 of 9 pages wait for text recognition"),
        (
            scan(report=PartCounts(text=8, empty=1, waiting=1)),
            RecognitionStatus(RecognitionState.PAUSED, pages_left=1),
            "Partly ready · 1 of 9 pages waits for text recognition · paused",
        ),
        (
            scan(chunks=0, report=PartCounts(empty=9, waiting=9)),
            RecognitionStatus(RecognitionState.WAITING, pages_left=9, reason="idle"),
            "Waiting for text recognition · 9 pages · until the computer is idle",
        ),
        (
            scan(chunks=0, pages=1, report=PartCounts(empty=1, waiting=1)),
            None,
            "Waiting for text recognition",
        ),
        (scan(), RUNNING, "6 of 9 pages still to recognise"),
        (scan(), replace(RUNNING, documents_left=1), "6 of 9 pages still to recognise · 2 min left"),
        (scan(), replace(RUNNING, document=5), "Partly ready · 6 of 9 pages wait for text recognition"),
        (
            scan(state=DocumentState.READY, report=PartCounts(text=3, ocr=6)),
            None,
            "Ready · 9 pages · 6 recognised",
        ),
        (scan(state=DocumentState.READY, report=PartCounts(ocr=9)), None, "Ready · 9 pages · recognised"),
    ],
)
def test_a_row_says_what_is_recognised_and_what_waits(
    row: DocumentInfo, status: RecognitionStatus | None, words: str
) -> None:
    assert document_state.state(row, None, status) == words


def test_what_waits_for_recognition_needs_nobody() -> None:
    assert not needs_attention(scan())
    assert icon_of(scan())[0] == "clock"
    assert needs_attention(scan(report=PartCounts(empty=5, failed=1, waiting=5)))
    assert needs_attention(scan(report=PartCounts(text=3, empty=6)))
    assert [part.number for part in PARTS if part.needs_attention] == [6, 7]
    assert main_action(scan()) is None
    assert main_action(scan(), in_hand=True) is RowAction.STOP


def test_a_document_whose_reading_was_stopped_says_both() -> None:
    row = scan(error=Problem("stopped", "reading-stopped"))
    said = document_state.state(row)
    assert said.startswith("Partly ready · 6 of 9 pages wait for text recognition · ")
    assert "stopped" in said
    assert needs_attention(row)
    assert not needs_attention(scan(error=Problem("waiting-for-recognition", "", {})))


def test_several_are_recognised_now_or_not_at_all(window: Window, connected: Connect) -> None:
    rows = [scan(), replace(scan(), id=5), document(6, "/d/text.pdf")]
    services = connected(*rows)
    by_name = {action.text(): action for action in window.documents.document_panel.menu_for(rows).actions()}
    by_name["Recognise text now"].trigger()
    by_name["Do not recognise text"].trigger()
    assert services.documents.called("recognise") == [((4, 5), RecognitionOptions(), ())]
    assert services.documents.called("stop_recognition") == [((4, 5),)]


def test_a_document_of_pictures_alone_says_that_it_is_to_be_recognised(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    row = document(
        4, "/d/photos.docx", state=DocumentState.PARTIAL, chunks=0, report=PartCounts(empty=12, waiting=12)
    )
    connected(row)
    window.documents.document_panel.open_wanted.emit(row)
    said = "The text of this document is still to be recognised"
    qtbot.waitUntil(lambda: any(label.text() == said for label in window.panel.findChildren(QLabel)))


def test_the_row_in_hand_shows_its_progress_and_stops(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(scan())
    view = window.documents.document_panel.list
    index = view.documents.index_of(4)
    assert not index.data(DocumentRole.IN_HAND)
    services.documents.on_event(RUNNING)
    qtbot.waitUntil(lambda: bool(index.data(DocumentRole.IN_HAND)))
    assert index.data(DocumentRole.STATE_WORDS) == "6 of 9 pages still to recognise"
    place = view._delegate._action_rect(view.visualRect(index), RowAction.STOP)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert services.documents.called("stop_recognition") == [((4,),)]
    assert not services.documents.called("stop_document")


# --- the status line


def test_the_status_line_counts_pages_pauses_and_stops(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(scan())
    line = window.status
    services.documents.on_event(RUNNING)
    qtbot.waitUntil(lambda: line._job.isVisible())
    said = line.doing.text().replace("\u2068", "").replace("\u2069", "")
    assert said == "Recognising text · scan.pdf, page 4 · 36 pages left"
    assert line.left.text() == "2 min left"
    services.documents.on_event(replace(RUNNING, page=31, pages_left=9))
    qtbot.waitUntil(lambda: (line.bar.value(), line.bar.maximum()) == (27, 36))
    line.pause.click()
    services.documents.on_event(replace(RUNNING, state=RecognitionState.PAUSED, pages_left=9))
    qtbot.waitUntil(lambda: line.pause.text() == "Resume")
    assert line.doing.text() == "Paused · recognising text · 9 pages left"
    assert line.left.isHidden()
    line.pause.click()
    services.documents.on_event(replace(RUNNING, pages_left=9))
    qtbot.waitUntil(lambda: line.stop.isVisible())
    line.stop.click()
    called = [name for name, _ in services.documents.calls if name.endswith("_recognition")]
    assert called == ["pause_recognition", "resume_recognition", "stop_recognition"]
    services.documents.on_event(RecognitionStatus(RecognitionState.IDLE))
    qtbot.waitUntil(lambda: line._job.isHidden())


def test_what_waits_for_its_time_is_no_job(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(scan())
    with qtbot.waitSignal(window.recognition.changed):
        services.documents.on_event(RecognitionStatus(RecognitionState.WAITING, pages_left=6, reason="idle"))
    assert window.status._job.isHidden()
    notice = Problem("storage", "document-store-full")
    services.documents.on_event(RecognitionStatus(RecognitionState.WAITING, pages_left=6, notice=notice))
    qtbot.waitUntil(lambda: window.status.doing.text().startswith("The disk is full: "))
    assert window.status.bar.isHidden()


# --- the report


@pytest.fixture
def report(window: Window, connected: Connect, qtbot: QtBot) -> ReportView:
    services = connected(scan())
    services.documents.queue["report"].append(PARTS)
    window.documents.document_panel.details_wanted.emit(services.documents.rows[4])
    report = window.documents.side_panel.report
    qtbot.waitUntil(lambda: report.model.rowCount() == 2)
    report.only_gaps.click()
    return report


def test_the_report_says_how_sure_each_page_is(report: ReportView) -> None:
    rows = [report.model.index(row) for row in range(report.model.rowCount())]
    assert [index.data(Qt.ItemDataRole.AccessibleTextRole) for index in rows] == [
        "page 1: 1,400 characters",
        "page 2: recognised · 97 % sure · 1,280 characters · with Tesseract, in German",
        "page 3: recognised · 61 % sure · 90 characters · with RapidOCR",
        "page 4: waits for text recognition",
        "page 5: 200 characters · waits for text recognition",
        "page 6: could not be read",
        "page 7: 80 characters · The picture repeatedly makes text recognition crash.",
    ]


def test_a_page_is_recognised_again_as_the_person_says(
    window: Window, services: Services, report: ReportView, qtbot: QtBot
) -> None:
    menu = report.menu_for(report.model.index(1))
    next(action for action in menu.actions() if action.text() == "Recognise text again…").trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(RecogniseDialog)))
    (dialog,) = window.findChildren(RecogniseDialog)
    assert dialog.languages.value == ("de",)
    assert "page 2" in dialog.heading.text()
    dialog.recogniser.choose(1)
    assert dialog.about.text().startswith("Fast")
    dialog.yes.click()
    options = RecognitionOptions(Recogniser.TESSERACT, ("de",))
    assert services.documents.called("recognise") == [((4,), options, (2,))]


def test_a_page_that_is_looked_at_is_recognised_again(
    window: Window, services: Services, report: ReportView, qtbot: QtBot
) -> None:
    viewer = window.documents.side_panel.viewer
    window.documents.document_panel.open_wanted.emit(services.documents.rows[4])
    qtbot.waitUntil(lambda: viewer.pages.page == 1 and viewer._loaded)
    services.documents.queue["report"].append(PARTS)
    (action,) = viewer.pages.menu_for(3).actions()
    action.trigger()
    qtbot.waitUntil(lambda: bool(window.findChildren(RecogniseDialog)))
    (dialog,) = window.findChildren(RecogniseDialog)
    dialog.yes.click()
    assert services.documents.called("recognise") == [((4,), RecognitionOptions(), (3,))]
    services.documents.queue["report"].append(PARTS)
    viewer.pages.menu_for(1).actions()[0].trigger()
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].message == "This page has no picture that could show text."


def test_all_pictures_of_a_document_are_recognised_again(
    window: Window, services: Services, report: ReportView, qtbot: QtBot
) -> None:
    report.recognise.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(RecogniseDialog)))
    (dialog,) = window.findChildren(RecogniseDialog)
    dialog.yes.click()
    assert services.documents.called("recognise") == [((4,), RecognitionOptions(), ())]


def test_languages_are_ticked_one_after_the_other(window: Window) -> None:
    picker = LanguagePicker("Languages", 260)
    picker.setParent(window)
    menu = picker.menu()
    assert [action.text() for action in menu.actions()] == ["Detect language", ""]
    picker.offer(ScriptedVision().here)
    menu = picker.menu()
    menu.popup(window.pos())
    by_name = {action.text(): action for action in menu.actions()}
    for name in ("German", "Arabic"):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(by_name[name]).center())
        assert menu.isVisible()
    assert picker.value == ("de", "ar")
    assert picker.accessibleName() == "Languages: German and Arabic"
    assert not by_name["Detect language"].isChecked()
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(by_name["German"]).center())
    assert picker.value == ("ar",)
    by_name["Detect language"].trigger()
    assert picker.value == ()
    assert not by_name["Arabic"].isChecked()
    menu.close()


# --- a searchable copy


def test_a_searchable_copy_is_saved_and_told(
    window: Window, connected: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qtbot: QtBot
) -> None:
    row = scan(state=DocumentState.READY, report=PartCounts(ocr=9))
    services = connected(row)
    asked: list[Any] = []
    monkeypatch.setattr(controller, "choose_new_file", lambda *arguments: asked.append(arguments))
    menu = window.documents.document_panel.menu_for([row])
    next(action for action in menu.actions() if action.text() == "Save a searchable copy…").trigger()
    _, _, _, chosen, name, _ = asked[0]
    assert name == "scan (searchable).pdf"
    services.documents.queue["searchable_copy"] += [
        Pending(),
        UnreadableDocument("file-damaged", name="scan.pdf"),
    ]
    pending = services.documents.queue["searchable_copy"][0]
    chosen(str(tmp_path / name))
    assert [notice.message for notice in window.notices.all()] == ["Writing “scan (searchable).pdf”…"]
    pending.finish(tmp_path / name)
    qtbot.waitUntil(lambda: window.notices.all()[0].message == "“scan (searchable).pdf” was saved.")
    chosen(str(tmp_path / name))
    qtbot.waitUntil(lambda: "damaged" in window.notices.all()[-1].message)
    assert len(window.notices.all()) == 2


def test_only_pages_that_were_recognised_are_copied_searchable() -> None:
    recognised = scan(state=DocumentState.READY, report=PartCounts(ocr=9))
    assert document_state.can_be_copied_searchable(recognised)
    assert not document_state.can_be_copied_searchable(replace(recognised, kind="docx"))
    assert not document_state.can_be_copied_searchable(replace(recognised, state=DocumentState.MISSING))
    assert not document_state.can_be_copied_searchable(replace(recognised, report=PartCounts(text=9)))


# --- the settings


def test_languages_and_times_are_chosen_and_told_to_the_documents(
    window: Window, connected: Connect, qtbot: QtBot
) -> None:
    services = connected(scan())
    window.go_to("settings")
    card = window.settings.recognition
    qtbot.waitUntil(lambda: bool(card.languages._here))
    saved = services.saved
    by_name = {action.text(): action for action in card.languages.menu().actions()}
    by_name["German"].trigger()
    times = {action.text(): action for action in card._times().actions()}
    times["On mains power only"].trigger()
    chosen = services.settings.recognition
    assert (chosen.languages, chosen.when) == (["de"], "mains")
    assert services.documents.called("set_recognition") == [(("de",), "at_once"), (("de",), "mains")]
    assert card.when.accessibleName() == "When to recognise: On mains power only"
    qtbot.waitUntil(lambda: services.saved == saved + 2)


def test_more_languages_are_brought_as_models(window: Window, connected: Connect) -> None:
    connected()
    window.go_to("settings")
    card = window.settings.recognition
    card.languages.menu().actions()[-1].trigger()
    assert window.shows("models")


# --- quotes


@pytest.mark.parametrize(
    ("sure", "said"), [(None, ""), (0.96, "read from a picture"), (0.58, "read from a picture, 58 % sure")]
)
def test_a_quote_says_that_it_was_read_from_a_picture(
    window: Window, connected: Connect, sure: float | None, said: str, qtbot: QtBot
) -> None:
    services = connected(scan())
    quote = Quote(
        1,
        0.9,
        4,
        "/d/scan.pdf",
        "scan.pdf",
        4,
        "page 4",
        (),
        "The rent is 1,240.",
        (),
        1,
        0,
        18,
        recognised=sure,
    )
    services.documents.queue["ask"].append(Answer("Rent?", (quote,), 0.01))
    window.documents.questions.field.ask("Rent?")
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(lambda: bool(view.cards()))
    (card,) = view.cards()
    assert card.recognised.text() == said
    assert card.recognised.isHidden() is (sure is None)
    assert card.accessibleName().endswith(said)
    ending = f" · {said}" if said else ""
    assert (
        with_source(quote)
        .replace("\u2068", "")
        .replace("\u2069", "")
        .endswith(f"(scan.pdf · page 4{ending})")
    )
    assert (
        quote_words(quote).replace("\u2068", "").replace("\u2069", "").endswith(f"scan.pdf · page 4{ending}")
    )


@pytest.mark.parametrize(
    ("words", "side"),
    [("The rent is 1,240.", Qt.AlignmentFlag.AlignLeft), ("يبلغ الإيجار", Qt.AlignmentFlag.AlignRight)],
)
def test_where_a_quote_is_from_stands_at_its_side(
    window: Window, qtbot: QtBot, words: str, side: Qt.AlignmentFlag
) -> None:
    end = len(words)
    quote = Quote(1, 0.9, 4, "/d/s.png", "s", 1, "page 1", (), words, (), 1, 0, end, recognised=0.9)
    card = QuoteCard(QuotePlace((1,), quote))
    qtbot.addWidget(card)
    assert card.recognised.alignment() & side
