"""A question, its quotes, and the place each comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from assistant.documents.records import (
    Answer,
    DocumentState,
    PartCounts,
    Quote,
    Scope,
)
from assistant.errors import Problem, WorkerCrashed
from tests.gui.doubles import Pending, Services, document
from tests.told import told
from ui.common.paragraphs import Paragraphs
from ui.window import Window

Connect = Callable[..., Services]

BOXES = ((60.0, 400.0, 540.0, 416.0), (60.0, 420.0, 300.0, 436.0))
PDF = Quote(
    1,
    0.9,
    2,
    "/d/report.pdf",
    "report.pdf",
    7,
    "page 7",
    ("Balance sheet",),
    "Total debt\nwas 1.9.",
    BOXES,
    5,
    0,
    20,
)
MARKDOWN = Quote(2, 0.5, 3, "/d/notes.md", "notes.md", None, "lines 10–42", (), "Debt fell.", (), 6, 12, 22)
ROWS = (document(2, "/d/report.pdf"), document(3, "/d/notes.md", unit="part"))


def ask(window: Window, question: str) -> None:
    field = window.documents.questions.field.field
    field.clear()
    QTest.keyClicks(field, question)
    QTest.keyClick(field, Qt.Key.Key_Return)


def answered(window: Window, connected: Connect, qtbot: QtBot, *quotes: Quote) -> Services:
    services = connected(*ROWS)
    services.documents.queue["ask"].append(Answer("debt?", quotes, 0.04))
    ask(window, "debt?")
    qtbot.waitUntil(lambda: len(window.documents.questions.quotes_view.cards()) == len(quotes) > 0)
    return services


def test_quotes_appear_with_their_places(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = answered(window, connected, qtbot, PDF, MARKDOWN)
    quotes_view = window.documents.questions.quotes_view
    assert services.documents.called("ask") == [("debt?", Scope())]
    assert quotes_view.heading.text() == "Best passage"
    first, second = quotes_view.cards()
    assert first.text.text() == "Total debt was 1.9."
    assert "page 7" in first.place.text()
    assert "Balance sheet" in first.place.text()
    assert "lines 10–42" in second.place.text()
    assert first.accessibleName().startswith("Quote 1: Total debt was 1.9. From ")
    assert window.documents.document_panel._stack.isHidden(), "the list folds to make room"


def test_escape_closes_one_thing_after_the_other(window: Window, connected: Connect, qtbot: QtBot) -> None:
    answered(window, connected, qtbot, PDF)
    card = window.documents.questions.quotes_view.cards()[0]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Space)
    assert window.panel.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.panel.isHidden()
    assert card.property("chosen") == "false"
    assert window.documents.questions.quotes_view.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.documents.questions.quotes_view.isHidden()
    assert not window.documents.document_panel._stack.isHidden()


def test_quotes_are_walked_with_the_arrow_keys(window: Window, connected: Connect, qtbot: QtBot) -> None:
    answered(window, connected, qtbot, PDF, MARKDOWN)
    first, second = window.documents.questions.quotes_view.cards()
    window.activateWindow()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second


def test_copying_keeps_the_source(window: Window, connected: Connect, qtbot: QtBot) -> None:
    answered(window, connected, qtbot, PDF)
    card = window.documents.questions.quotes_view.cards()[0]
    QTest.keyClick(card, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "“Total debt\nwas 1.9.”\n(report.pdf · page 7)"


def test_nothing_found_is_said_with_what_to_try(window: Window, connected: Connect, qtbot: QtBot) -> None:
    drawings = document(4, "/d/scan.pdf", state=DocumentState.PARTIAL, report=PartCounts(empty=9))
    waiting = replace(drawings, id=5, report=PartCounts(empty=9, waiting=9))
    services = connected(*ROWS, drawings, waiting)
    window.documents.collections.choose("My documents")
    ask(window, "Who won the cup?")
    quotes_view = window.documents.questions.quotes_view
    qtbot.waitUntil(quotes_view.isVisible)
    assert quotes_view.heading.text() == "Nothing found in your documents."
    said = [widget.text() for widget in quotes_view.findChildren(Paragraphs)]
    assert any("1 document has pages without text" in text for text in said)
    assert any("1 document has pages whose text is still to be recognised." in text for text in said)
    quotes_view.everywhere_wanted.emit()
    assert services.documents.called("ask")[-1] == ("Who won the cup?", Scope())


def test_why_there_is_no_answer_is_said(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(*ROWS)
    absence = Problem("not-in-documents", "name-in-no-document", {"name": "Adobe"})
    services.documents.queue["ask"] += [
        Answer("Adobe?", (), 0.01, absence=absence),
        Answer("Adobe?", (PDF,), 0.01, absence=absence),
    ]
    quotes_view = window.documents.questions.quotes_view
    ask(window, "Adobe?")
    qtbot.waitUntil(quotes_view.isVisible)
    tips = [widget.text() for widget in quotes_view.findChildren(Paragraphs)]
    assert tips[0].startswith("No document mentions “Adobe”.")
    ask(window, "Adobe?")
    qtbot.waitUntil(lambda: len(quotes_view.cards()) == 1)
    labels = [label.text() for label in quotes_view.findChildren(QLabel) if label.isVisible()]
    assert labels.index("No document mentions “Adobe”.") < labels.index("Closest passages")
    assert quotes_view.heading.text() == "No answer in your documents"


def test_a_question_asked_too_early_is_asked_again(window: Window, connected: Connect, qtbot: QtBot) -> None:
    reading = document(2, "/d/report.pdf", state=DocumentState.INDEXING)
    services = connected(reading)
    services.documents.queue["ask"] += [Answer("debt?", (), 0.01), Answer("debt?", (PDF,), 0.01)]
    ask(window, "debt?")
    view = window.documents.questions.quotes_view
    qtbot.waitUntil(view.isVisible)
    assert not view.cards()
    assert view.heading.text() == "Nothing found yet"
    said = [widget.text() for widget in view.findChildren(Paragraphs)]
    assert said == ["1 document is still being read; then the question is asked again."]
    services.documents.put(replace(reading, state=DocumentState.READY))
    qtbot.waitUntil(lambda: len(window.documents.questions.quotes_view.cards()) == 1)


def test_what_is_found_on_the_way_is_not_waited_for(window: Window, connected: Connect, qtbot: QtBot) -> None:
    reading = [document(n, f"/d/{n}.pdf", state=DocumentState.INDEXING) for n in range(2, 7)]
    services = connected(*reading)
    asked = services.documents.called
    ask(window, "debt?")
    qtbot.waitUntil(window.documents.questions.quotes_view.isVisible)
    services.documents.queue["ask"].append(Answer("debt?", (PDF,), 0.01))
    for row in reading[:2]:
        services.documents.put(replace(row, state=DocumentState.READY))
    QTest.qWait(150)
    assert len(asked("ask")) == 1
    services.documents.put(replace(reading[2], state=DocumentState.READY))
    qtbot.waitUntil(lambda: len(window.documents.questions.quotes_view.cards()) == 1)
    assert len(asked("ask")) == 2


def test_asking_before_the_documents_are_open(window: Window, services: Services, qtbot: QtBot) -> None:
    services.documents.rows = {row.id: row for row in ROWS}
    services.documents.queue["ask"].append(Answer("debt?", (PDF,), 0.01))
    ask(window, "debt?")
    assert window.documents.questions.quotes_view.heading.text() == "Opening your documents…"
    window.connect_services(services)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: len(window.documents.questions.quotes_view.cards()) == 1)


def test_only_the_latest_answer_is_shown(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(*ROWS)
    slow, quick = Pending(), Pending()
    services.documents.queue["ask"] += [slow, quick]
    ask(window, "first?")
    qtbot.waitUntil(lambda: window.documents.questions.quotes_view.heading.text() == "Searching…")
    ask(window, "second?")
    quick.finish(Answer("second?", (MARKDOWN,), 0.01))
    qtbot.waitUntil(lambda: len(window.documents.questions.quotes_view.cards()) == 1)
    slow.finish(Answer("first?", (PDF, MARKDOWN), 0.01))
    QTest.qWait(20)
    assert len(window.documents.questions.quotes_view.cards()) == 1


def test_a_crash_while_asking_is_a_notice(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(*ROWS)
    services.documents.queue["ask"].append(
        told(WorkerCrashed, "The reader ended (signal 11).", "It was started again.")
    )
    ask(window, "debt?")
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].hint == "It was started again."
    assert window.documents.questions.quotes_view.isHidden()


def test_asking_one_document_only(window: Window, connected: Connect, qtbot: QtBot) -> None:
    services = connected(*ROWS)
    window.documents.document_panel.ask_only_wanted.emit(ROWS[1])
    ask(window, "debt?")
    assert services.documents.called("ask")[-1][1] == Scope(documents=(3,))
    field = window.documents.questions.field
    assert field.narrowed.text().strip() == "notes.md"
    field.narrowed.click()
    ask(window, "debt?")
    assert services.documents.called("ask")[-1][1] == Scope()


def test_earlier_questions_come_back(window: Window, connected: Connect) -> None:
    connected(*ROWS)
    for question in ("one?", "two?", "three?"):
        ask(window, question)
    field = window.documents.questions.field.field
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "two?"
    QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert field.text() == "one?"
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.text() == "three?"


def test_keys_lead_to_the_question(window: Window, connected: Connect) -> None:
    connected(*ROWS)
    window.activateWindow()
    window.documents.document_panel.list.setFocus()
    QTest.keyClick(window.documents.document_panel.list, Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is window.documents.questions.field.field
    QTest.keyClicks(window.documents.questions.field.field, "a/b")
    assert window.documents.questions.field.text() == "a/b"
    window.go_to("settings")
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is window.documents.questions.field.field


def test_an_empty_question_is_not_asked(window: Window, connected: Connect) -> None:
    services = connected(*ROWS)
    ask(window, "   ")
    assert not services.documents.called("ask")
