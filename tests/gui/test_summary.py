"""Summaries: from the menu of a document to an answer that is kept, stopped and made again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from assistant.chat.history.records import MessageState
from assistant.chat.records import PromptProgress, Role
from assistant.documents.grounded_records import Claim, Verdict
from assistant.documents.records import DocumentState, Quote, Scope
from assistant.errors import NoModel, UserInputError
from tests.gui.chat_doubles import model
from tests.gui.doubles import Pending, Services, document
from tests.told import told
from ui.chat.page import ChatPage
from ui.transcript.entry import EntryAction, TranscriptEntry
from ui.window import Window

Connect = Callable[..., Services]
ROWS = (
    document(2, "/d/report.pdf"),
    document(3, "/d/half.pdf", state=DocumentState.INDEXING),
    document(4, "/d/scan.pdf", state=DocumentState.PARTIAL, chunks=0),
    document(5, "/d/other.pdf"),
)
QUOTE = Quote(3, 0.9, 2, "/d/report.pdf", "", 7, "page 7", (), "Debt was 1.9.", ((1, 2, 3, 4),), 5, 0, 13)
ASKED = "Summarise “report.pdf”."
TEXT = "Debt was 1.9 [3]. It rained."
CLAIMS = (Claim(0, 17, Verdict.SUPPORTED, (3,)), Claim(18, 28, Verdict.UNSUPPORTED, (), (1,)))


@pytest.fixture
def ready(window: Window, connected: Connect, qtbot: QtBot) -> ChatPage:
    """With services and a model; the documents are in view."""
    connected(*ROWS)
    window.chat.models.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: window.chat.models.info is not None)
    return window.chat


def entries_of_menu(window: Window, number: int) -> dict[str, Any]:
    document_panel = window.documents.document_panel
    menu = document_panel.menu_for([document_panel.model.get(number)])  # type: ignore[list-item]
    return {action.text(): action for action in menu.actions()}


def from_the_menu(window: Window, number: int = 2) -> None:
    entries_of_menu(window, number)["Summarise"].trigger()


def begun(chat: ChatPage, services: Services, qtbot: QtBot, number: int = 1) -> None:
    qtbot.waitUntil(lambda: len(services.grounded.summarised) == number and len(chat.conversation.path) > 1)


def last(chat: ChatPage) -> TranscriptEntry:
    return chat.transcript.entries()[-1]


def made(chat: ChatPage, services: Services, window: Window, qtbot: QtBot) -> None:
    """A whole summary."""
    from_the_menu(window)
    begun(chat, services, qtbot)
    services.grounded.say(TEXT)
    services.grounded.sum_up(TEXT, *CLAIMS, quotes=(QUOTE,))
    qtbot.waitUntil(lambda: not chat.controller.running)


def test_only_what_has_all_its_text_can_be_summarised(window: Window, connected: Connect) -> None:
    connected(*ROWS)
    assert [number for number in (2, 3, 4, 5) if "Summarise" in entries_of_menu(window, number)] == [2, 5]
    report = window.documents.side_panel.report
    shown = []
    for row in ROWS:
        window.documents.side_panel.show_report(row)
        shown.append(not report.summarise.isHidden())
    assert shown == [True, False, False, True]


def test_from_the_menu_to_a_summary_on_the_disk(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, failures: list[Any]
) -> None:
    from_the_menu(window)
    assert window._stack.currentWidget() is ready
    assert [entry.text for entry in ready.transcript.entries()] == [ASKED, ""]
    begun(ready, services, qtbot)
    ((number, request),) = services.grounded.summarised
    assert number == 2
    assert request.instructions.startswith("You are a helpful assistant")
    assert last(ready).doing == "Reading the document…"
    services.grounded.progress("Summarising", 2, 12)
    qtbot.waitUntil(lambda: last(ready).doing == "Summarising, 3 of 12")
    services.grounded.progress("Writing the summary", 11, 12)
    qtbot.waitUntil(lambda: last(ready).doing == "Writing the summary…")
    services.grounded.report(PromptProgress(30, 120))
    qtbot.waitUntil(lambda: last(ready).doing == "Reading the text… 25 %")
    services.grounded.say("Debt was")
    qtbot.waitUntil(lambda: last(ready).text == "Debt was")
    assert last(ready).doing == ""
    services.grounded.sum_up(TEXT, *CLAIMS, quotes=(QUOTE,), note="Only a part could be summarised.")
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert (last(ready).text, last(ready).quotes, last(ready).doubts) == (TEXT, (QUOTE,), (28,))
    assert last(ready).problem == "Only a part could be summarised."
    assert (last(ready).model, last(ready).figures) == ("Tiny 0.5B", "10.0 tokens per second")
    assert ready.composer.context_usage.text() == "", "the memory was full of the document"
    ready.transcript.citation_wanted.emit(last(ready).key, 3)
    assert window.panel.shown is window.documents.side_panel.viewer
    # It is all there when the conversation is opened again.
    info = ready.conversation.info
    assert info is not None
    assert info.title == ASKED
    ready.conversation.begin()
    assert list(ready.attachments.names) == []
    ready.conversation.open(info.id)
    qtbot.waitUntil(lambda: list(ready.attachments.names) == [2])
    assert (last(ready).quotes, last(ready).doubts) == ((QUOTE,), (28,))
    assert last(ready).problem == "Only a part could be summarised."
    assert not failures


def test_from_the_report_and_what_is_asked_after_it(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    ready.composer.insert("a draft")
    window.documents.side_panel.show_report(ROWS[0])
    window.documents.side_panel.report.summarise.click()
    assert window.panel.isHidden()
    begun(ready, services, qtbot)
    assert ready.composer.text() == "a draft", "what is being written stays"
    services.grounded.sum_up(TEXT, *CLAIMS, quotes=(QUOTE,))
    qtbot.waitUntil(lambda: not ready.controller.running)
    ready.controller.send("And in 2022?")
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    assert services.grounded.asked[0][1] == Scope(documents=(2,))


def test_another_conversation_is_left_alone(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    made(ready, services, window, qtbot)
    first = ready.conversation.info
    from_the_menu(window, 5)
    begun(ready, services, qtbot, 2)
    assert first is not None
    assert ready.conversation.info is not None
    assert ready.conversation.info.id != first.id
    assert len(services.history.open(first.id).messages) == 2
    assert list(ready.attachments.names) == [5]


def test_stop_ends_it_and_there_is_nothing_to_go_on_with(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    from_the_menu(window)
    begun(ready, services, qtbot)
    services.grounded.say("Debt was")
    qtbot.waitUntil(lambda: last(ready).text == "Debt was")
    window._escape()
    assert services.grounded.runs[0].cancelled
    assert not ready.controller.running
    assert (last(ready).text, last(ready).problem, last(ready).can_continue) == (
        "Debt was",
        "Stopped.",
        False,
    )
    info = ready.conversation.info
    assert info is not None
    qtbot.waitUntil(lambda: services.history.open(info.id).messages[-1].state is MessageState.STOPPED)
    ready._do(EntryAction.CONTINUE, last(ready).key)
    assert not ready.controller.running


def test_again_summarises_again(ready: ChatPage, services: Services, window: Window, qtbot: QtBot) -> None:
    made(ready, services, window, qtbot)
    info = ready.conversation.info
    assert info is not None
    ready.conversation.begin()
    ready.conversation.open(info.id)  # what it was is known from the disk
    qtbot.waitUntil(lambda: len(ready.conversation.path) == 2)
    ready._do_with_last(EntryAction.AGAIN)
    begun(ready, services, qtbot, 2)
    assert services.grounded.summarised[1][0] == 2
    services.grounded.sum_up("Otherwise [3].", Claim(0, 14, Verdict.SUPPORTED, (3,)), quotes=(QUOTE,))
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert (last(ready).text, last(ready).version, last(ready).versions) == ("Otherwise [3].", 2, 2)
    assert not services.grounded.asked
    assert not services.chat.requests


@pytest.mark.parametrize(("text", "summaries"), [(ASKED, 2), ("What was debt?", 1)])
def test_a_request_sent_again_is_one_unless_it_says_something_else(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, text: str, summaries: int
) -> None:
    made(ready, services, window, qtbot)
    ready._do(EntryAction.EDIT, ready.transcript.entries()[0].key)
    ready.controller.send(text)
    qtbot.waitUntil(lambda: len(services.grounded.runs) == 2)
    assert len(services.grounded.summarised) == summaries


@pytest.mark.parametrize(
    "error",
    [
        told(UserInputError, "This document has no text.", "Choose another one."),
        told(NoModel, "No model is loaded that could write a summary.", "Choose one on the Chat page."),
    ],
)
def test_what_fails_is_said_where_the_summary_would_stand(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, error: UserInputError
) -> None:
    from_the_menu(window)
    begun(ready, services, qtbot)
    services.grounded.fail(error)
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert last(ready).problem == f"{error.message} {error.hint}"
    assert not window.notices.all()


def test_without_a_model_one_is_asked_for_first(
    window: Window, connected: Connect, services: Services, qtbot: QtBot
) -> None:
    connected(*ROWS)
    from_the_menu(window)
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Choose a chat model"
    assert not services.history.conversations(), "nothing is begun that may not be wanted"
    dialog.filesSelected.emit(["/models/tiny.gguf"])
    dialog.reject()
    begun(window.chat, services, qtbot)
    assert services.chat.loads[0][0] == Path("/models/tiny.gguf")


@pytest.mark.parametrize("stays", [True, False])
def test_a_model_on_its_way_is_waited_for_in_this_conversation_only(
    window: Window, connected: Connect, services: Services, qtbot: QtBot, stays: bool
) -> None:
    services.settings.chat.model = "/models/before.gguf"
    connected(*ROWS)
    slow = Pending()
    services.chat.queue["load"].append(slow)
    from_the_menu(window)
    assert [notice.message for notice in window.notices.all()] == [
        "“report.pdf” is summarised as soon as the model is loaded."
    ]
    if not stays:
        window.chat.conversation.begin()
    slow.finish(model())
    qtbot.waitUntil(lambda: window.chat.models.info is not None)
    if stays:
        begun(window.chat, services, qtbot)
    else:
        QTest.qWait(50)
        assert not services.grounded.summarised
        assert window.chat.controller.empty


def test_the_one_document_of_a_conversation_can_be_summarised_in_it(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    window.go_to("chat")
    offered = ready.composer.summarise
    ready.conversation.remember(documents=[{"id": 2, "name": "report.pdf"}])
    qtbot.waitUntil(lambda: not offered.isHidden())
    ready.controller.send("Hello")
    assert offered.isHidden(), "while an answer is written"
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    services.grounded.end("Hello.")
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert not offered.isHidden()
    info = ready.conversation.info
    offered.click()
    begun(ready, services, qtbot)
    assert ready.conversation.info is not None
    assert info is not None
    assert ready.conversation.info.id == info.id
    said = [message.content for message in ready.conversation.path if message.role is Role.USER]
    assert said == ["Hello", ASKED]


def test_several_documents_are_not_summarised_at_once(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    both = [{"id": 2, "name": "report.pdf"}, {"id": 5, "name": "other.pdf"}]
    ready.conversation.remember(documents=both)
    qtbot.waitUntil(lambda: len(ready.attachments._known) == 2)
    assert ready.composer.summarise.isHidden()
    ready.conversation.begin()
    ready.conversation.remember(documents=[{"id": 3, "name": "half.pdf"}])
    qtbot.waitUntil(lambda: 3 in ready.attachments._known)
    assert ready.composer.summarise.isHidden(), "it is still being read"
