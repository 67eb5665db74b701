"""Chat: from choosing a model to an answer that is kept, stopped, leafed through and found again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTranslator
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from assistant.chat.history.records import MessageState, StoredMessage
from assistant.chat.records import Finish, PromptProgress, Role
from assistant.documents.grounded_records import CheckedText, Claim, Verdict
from assistant.documents.records import AddedDocuments, Quote, Scope
from assistant.errors import ModelUnusable, Problem, WorkerCrashed
from assistant.jobs import Progress
from tests.gui.chat_doubles import model
from tests.gui.doubles import Pending, Services, document
from tests.told import told
from ui.chat.page import ChatPage
from ui.chat.transcript_entries import entry_of
from ui.common.dialogs import QuestionDialog
from ui.common.menus import Menu
from ui.transcript.entry import EntryAction
from ui.transcript.link_dialog import LinkDialog
from ui.window import Window

Connect = Callable[..., Services]
QUOTE = Quote(1, 0.9, 2, "/d/r.pdf", "r.pdf", 7, "page 7", (), "Debt was 1.9.", ((1, 2, 3, 4),), 5, 0, 13)


def write(chat: ChatPage, text: str) -> None:
    chat.composer.field.setPlainText(text)
    QTest.keyClick(chat.composer.field, Qt.Key.Key_Return)


def said(chat: ChatPage, services: Services, qtbot: QtBot, question: str, answer: str) -> None:
    """One turn of the conversation."""
    asked = len(services.chat.requests)
    write(chat, question)
    qtbot.waitUntil(lambda: len(services.chat.requests) == asked + 1)
    services.chat.say(answer)
    services.chat.end(answer)
    qtbot.waitUntil(lambda: not chat.controller.running)


def texts(chat: ChatPage) -> list[str]:
    return [entry.text for entry in chat.transcript.entries()]


# --- the model


def test_without_a_model_there_is_one_sentence_and_two_ways(chat: ChatPage) -> None:
    assert chat._stack.currentWidget() is chat._no_model
    ways = [button.text().strip() for button in chat._no_model.buttons]
    assert ways == ["Choose a model file", "Models for this computer"]
    assert chat.models.button.text().strip() == "Choose a model"


def test_loading_shows_how_far_it_is_and_can_be_stopped(
    chat: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    slow = Pending()
    services.chat.queue["load"].append(slow)
    chat.models.load(Path("/models/slow.gguf"))
    chat.models._progressed(Progress("Reading the weights", 40, 100))
    qtbot.waitUntil(lambda: "40 %" in chat.models.button.text())
    assert chat.models.menu().actions()[0].text() == "Stop loading"
    chat.models.stop()
    assert slow.cancelled
    assert "%" not in chat.models.button.text()
    assert not window.notices.all()


def test_a_model_that_cannot_be_used_is_said_in_words(
    chat: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    services.chat.queue["load"].append(told(ModelUnusable, "“x.gguf” is cut off.", "Copy it again."))
    chat.models.load(Path("/models/x.gguf"))
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.notices.all()[0].message == "“x.gguf” is cut off."
    assert chat.models.info is None
    write(chat, "Hello")
    qtbot.waitUntil(lambda: chat.models.info is not None)  # the next message tries again


def test_the_model_before_answers_on_after_one_that_cannot_be_used(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    services.chat.queue["load"] += [told(ModelUnusable, "“x.gguf” is cut off.", "Copy it again."), Pending()]
    ready.models.load(Path("/models/x.gguf"))
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert ready.models.info is not None
    ready.models.load(Path("/models/slow.gguf"))
    assert ready.models.info is None
    ready.models.stop()
    assert ready.models.info is not None
    said(ready, services, qtbot, "Hello", "Hello.")
    assert len(services.chat.loads) == 3


def test_the_model_is_remembered_and_told_of(ready: ChatPage, services: Services, window: Window) -> None:
    assert services.settings.chat.model == "/models/tiny.gguf"
    assert window.status.note.text() == "Tiny 0.5B · 398 MB"
    ready.models.show_details()
    assert window.panel.title() == "Tiny 0.5B"
    ready.models.unload()
    assert services.chat.loaded is None
    assert window.status.note.text() == ""


@pytest.mark.parametrize("way", ["drop", "add files"])
def test_documents_and_a_model_given_together_each_go_to_their_place(
    window: Window, connected: Connect, services: Services, drag: Any, qtbot: QtBot, way: str
) -> None:
    connected()
    given = ["/d/report.pdf", "/models/first.gguf", "/models/other.gguf"]
    if way == "drop":
        drag(*given).drop()
    else:
        window.documents.add_files.click()
        qtbot.waitUntil(lambda: bool(window.findChildren(QFileDialog)))
        dialog = window.findChildren(QFileDialog)[-1]
        dialog.filesSelected.emit(given)
        dialog.close()
    qtbot.waitUntil(lambda: services.chat.loaded is not None)
    assert [path for path, _ in services.chat.loads] == [Path("/models/first.gguf")]
    assert [added for added, _, _ in services.documents.called("add")] == [("/d/report.pdf",)]
    qtbot.waitUntil(lambda: (("/models/other.gguf",), True) in services.models.called("add"))
    assert window._stack.currentWidget() is window.documents
    said = ("“Tiny 0.5B” now answers.", "The other files are among your documents.")
    qtbot.waitUntil(lambda: said in [(notice.message, notice.hint) for notice in window.notices.all()])


def test_a_model_given_like_a_document_leaves_the_one_that_answers(
    window: Window, connected: Connect, services: Services, ready: ChatPage, drag: Any, qtbot: QtBot
) -> None:
    window.go_to("documents")
    loads = len(services.chat.loads)
    dragging = drag("/models/dropped.gguf")
    assert window.drops.overlay.text() == "Drop to add “dropped.gguf” to your models"
    dragging.drop()
    qtbot.waitUntil(lambda: (("/models/dropped.gguf",), True) in services.models.called("add"))
    assert len(services.chat.loads) == loads
    assert not services.documents.called("add")


def test_a_gguf_file_dropped_on_the_chat_answers(
    window: Window, connected: Connect, services: Services, drag: Any, qtbot: QtBot
) -> None:
    connected()
    window.go_to("chat")
    dragging = drag("/models/dropped.gguf")
    assert window.drops.overlay.text() == "Drop to chat with “dropped.gguf”"
    dragging.drop()
    qtbot.waitUntil(lambda: bool(services.chat.loads))
    assert services.chat.loads[0][0] == Path("/models/dropped.gguf")


# --- a turn


def test_from_the_question_to_an_answer_on_the_disk(
    ready: ChatPage, services: Services, qtbot: QtBot, failures: list[Any]
) -> None:
    write(ready, "What is **this**?")
    assert texts(ready) == ["What is **this**?", ""], "what was said is seen at once"
    assert ready.composer.text() == ""
    assert ready.composer.send.accessibleName().startswith("Stop")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    (request,) = services.chat.requests
    assert [(message.role, message.content) for message in request.messages] == [
        (Role.USER, "What is **this**?")
    ]
    assert request.instructions.startswith("You are a helpful assistant")
    services.chat.report(PromptProgress(60, 120))
    qtbot.waitUntil(lambda: "50 %" in ready.transcript.entries()[-1].doing)
    services.chat.say("It is ")
    services.chat.say("a **test**.")
    qtbot.waitUntil(lambda: texts(ready)[-1] == "It is a **test**.")
    services.chat.end("It is a **test**.")
    qtbot.waitUntil(lambda: not ready.controller.running)
    entry = ready.transcript.entries()[-1]
    assert (entry.model, entry.figures) == ("Tiny 0.5B", "10.0 tokens per second")
    assert ready.composer.context_usage.text() == "memory 4 % full"
    info = ready.conversation.info
    assert info is not None
    stored = services.history.open(info.id).messages
    assert [(message.role, message.content, message.state) for message in stored] == [
        (Role.USER, "What is **this**?", MessageState.COMPLETE),
        (Role.ASSISTANT, "It is a **test**.", MessageState.COMPLETE),
    ]
    assert not failures


def test_stop_counts_at_once_and_what_is_written_stays(
    ready: ChatPage, services: Services, qtbot: QtBot
) -> None:
    write(ready, "Tell me all")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    services.chat.say("Half an ans")
    qtbot.waitUntil(lambda: texts(ready)[-1] == "Half an ans")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Escape)
    assert services.chat.runs[0].cancelled
    assert not ready.controller.running
    entry = ready.transcript.entries()[-1]
    assert (entry.text, entry.problem, entry.can_continue) == ("Half an ans", "Stopped.", True)
    info = ready.conversation.info
    assert info is not None
    qtbot.waitUntil(
        lambda: services.history.open(info.id).messages[-1].state is MessageState.STOPPED  # type: ignore[union-attr]
    )
    ready._do(EntryAction.CONTINUE, entry.key)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 2)
    assert services.chat.requests[1].continue_last
    assert services.chat.requests[1].messages[-1].content == "Half an ans"
    services.chat.say("wer.")
    services.chat.end("wer.")
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert texts(ready)[-1] == "Half an answer."


def test_a_stop_before_the_answer_begins(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    write(ready, "Never mind")
    ready.controller.stop()
    qtbot.waitUntil(lambda: not ready.controller.running)
    qtbot.waitUntil(lambda: len(ready.conversation.path) == 2)
    assert ready.transcript.entries()[-1].problem == "Stopped."


def test_a_crash_is_said_where_the_answer_would_stand(
    ready: ChatPage, services: Services, qtbot: QtBot
) -> None:
    write(ready, "Crash")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    services.chat.say("Before")
    services.chat.fail(told(WorkerCrashed, "The chat worker died.", "Ask again."))
    qtbot.waitUntil(lambda: not ready.controller.running)
    entry = ready.transcript.entries()[-1]
    assert entry.text == "Before"
    assert entry.problem == "The chat worker died. Ask again."
    said(ready, services, qtbot, "Again?", "Yes")
    assert texts(ready)[-1] == "Yes"


OWN_WORDS = {"code": "storage", "message": "It was full.", "hint": "Make room."}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            {**OWN_WORDS, "reason": "export-not-written", "details": {"name": "a.md", "why": "No room"}},
            "“a.md” could not be saved: No room. Choose another folder.",
        ),
        (OWN_WORDS, "It was full. Make room."),
        ({**OWN_WORDS, "reason": "of-a-later-version", "details": {}}, "It was full. Make room."),
        ({**OWN_WORDS, "reason": "export-not-written", "details": {}}, "It was full. Make room."),
        ({**OWN_WORDS, "reason": "export-not-written", "details": 1}, "It was full. Make room."),
        ("full", "This could not be answered."),
    ],
)
def test_what_was_wrong_with_an_answer_is_said_by_any_version(error: object, said: str) -> None:
    failed = MessageState.FAILED
    message = StoredMessage(2, 1, 1, Role.ASSISTANT, "", failed, 0.0, meta={"error": error})
    assert entry_of(message, last=True).problem == said


def test_an_answer_that_was_cut_off_says_why(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    write(ready, "Long")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    services.chat.end("So far", finish=Finish.LENGTH, dropped_messages=2, overflow=True)
    qtbot.waitUntil(lambda: not ready.controller.running)
    entry = ready.transcript.entries()[-1]
    assert entry.can_continue
    assert "maximum length" in entry.problem
    assert "no longer fits" in entry.problem


def test_only_an_overflow_is_told_as_one(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    write(ready, "Hello")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    services.chat.end("Hi", dropped_messages=8, prompt_tokens=80, context=4096)
    qtbot.waitUntil(lambda: not ready.controller.running)
    assert not ready.transcript.entries()[-1].problem


# --- versions


def test_answering_again_keeps_both_versions(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    said(ready, services, qtbot, "Sing", "la la")
    ready._do_with_last(EntryAction.AGAIN)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 2)
    services.chat.end("lo lo")
    qtbot.waitUntil(lambda: not ready.controller.running)
    entry = ready.transcript.entries()[-1]
    assert (entry.text, entry.version, entry.versions) == ("lo lo", 2, 2)
    ready._do(EntryAction.EARLIER, entry.key)
    qtbot.waitUntil(lambda: texts(ready)[-1] == "la la")
    entry = ready.transcript.entries()[-1]
    assert (entry.version, entry.versions) == (1, 2)
    ready._do(EntryAction.LATER, entry.key)
    qtbot.waitUntil(lambda: texts(ready)[-1] == "lo lo")


def test_editing_and_sending_again_begins_another_branch(
    ready: ChatPage, services: Services, qtbot: QtBot
) -> None:
    said(ready, services, qtbot, "One", "1")
    said(ready, services, qtbot, "Two", "2")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Up)
    assert ready.composer.text() == "Two"
    assert ready.composer.editing
    said(ready, services, qtbot, "Three", "3")
    assert texts(ready) == ["One", "1", "Three", "3"]
    assert [message.content for message in services.chat.requests[-1].messages] == ["One", "1", "Three"]
    entry = ready.transcript.entries()[2]
    assert entry.versions == 2
    ready._do(EntryAction.EARLIER, entry.key)
    qtbot.waitUntil(lambda: texts(ready) == ["One", "1", "Two", "2"])


def test_escape_stops_the_answer_before_it_closes_the_panel(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    write(ready, "Tell me more.")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    ready.models.show_details()
    assert window.panel.shown is not None
    window._escape()
    assert not ready.controller.running
    assert window.panel.shown is not None
    window._escape()
    assert window.panel.shown is None


def test_escape_stops_the_loading_of_the_model_that_is_to_answer(
    ready: ChatPage, services: Services, window: Window
) -> None:
    ready.models.show_details()
    slow = Pending()
    services.chat.queue["load"].append(slow)
    ready.models.load(Path("/models/slow.gguf"))
    write(ready, "Hello")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Return)
    assert window.notices.all()[-1].message == "You get an answer as soon as the model is loaded."
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Escape)
    assert slow.cancelled
    assert not ready.models.loading
    assert window.panel.shown is not None
    assert ready.composer.text() == "Hello"
    assert not services.chat.requests
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Escape)
    assert window.panel.shown is None


def test_a_narrow_window_shares_its_header_between_the_title_and_the_model(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: bool(services.models.here))
    (known,) = services.models.here.values()
    services.models.put(replace(known, name="A model with quite a long name of its own"))
    window.model_actions.refresh()
    qtbot.waitUntil(lambda: ready.models.name().startswith("A model with"))
    said(ready, services, qtbot, "What does the contract say about the notice period?", "Three months.")
    window.resize(1000, 720)
    QApplication.processEvents()
    shown = QFontMetrics(ready.name.font()).elidedText(
        ready.name.text(), Qt.TextElideMode.ElideRight, ready.name.width()
    )
    assert len(shown) >= 12
    button = ready.models.button.text()
    assert "…" in button
    assert len(button) >= 12
    assert not ready.assistants.button.text()
    window.resize(1900, 720)
    QApplication.processEvents()
    assert len(ready.models.button.text()) > len(button)
    assert ready.assistants.button.text()
    assert not ready.name.toolTip()


# --- documents


def test_a_dropped_document_grounds_the_answers(
    ready: ChatPage, services: Services, window: Window, drag: Any, qtbot: QtBot
) -> None:
    services.documents.queue["add"].append(AddedDocuments((document(7, "/d/report.pdf"),)))
    dragging = drag("/d/report.pdf")
    assert window.drops.overlay.text() == "Drop to add “report.pdf” to this conversation"
    dragging.drop()
    qtbot.waitUntil(lambda: list(ready.attachments.names) == [7])
    qtbot.waitUntil(lambda: ready.conversation.info is not None)
    write(ready, "What was debt?")
    qtbot.waitUntil(lambda: bool(services.grounded.asked))
    assert services.grounded.asked[0][1] == Scope(documents=(7,))
    assert not services.chat.requests
    services.grounded.quotes(QUOTE)
    qtbot.waitUntil(lambda: ready.transcript.entries()[-1].doing == "Reading 1 quote…")
    services.grounded.say("It was 1.9 [1]. It rained [1].")
    qtbot.waitUntil(lambda: ready.transcript.entries()[-1].text.startswith("It was"))
    claims = (
        Claim(0, 15, Verdict.SUPPORTED, (1,)),
        Claim(16, 26, Verdict.UNSUPPORTED, (), (1,)),
        Claim(27, 36, Verdict.UNCITED, ()),
    )
    text = "It was 1.9 [1]. It rained. It snowed."
    services.grounded.finish(CheckedText(text, claims, False, (len(text),)))
    qtbot.waitUntil(lambda: not ready.controller.running)
    entry = ready.transcript.entries()[-1]
    assert entry.text == text
    assert entry.unsourced == (len(text),)
    assert entry.quotes == (QUOTE,)
    assert entry.doubts == (26,)
    ready.transcript.citation_wanted.emit(entry.key, 1)
    assert window.panel.shown is window.documents.side_panel.viewer
    # It is all there when the conversation is opened again.
    info = ready.conversation.info
    assert info is not None
    ready.conversation.begin()
    assert list(ready.attachments.names) == []
    ready.conversation.open(info.id)
    qtbot.waitUntil(lambda: list(ready.attachments.names) == [7])
    assert ready.transcript.entries()[-1].quotes == (QUOTE,)


class OtherLanguage(QTranslator):
    def translate(self, context: str, text: str, _: str | None = None, number: int = -1) -> str:
        return {"This is not in your documents.": "Dort steht es nicht."}.get(text, text)


def test_that_there_is_no_answer_is_said_in_the_language_of_the_window(
    ready: ChatPage, services: Services, qtbot: QtBot
) -> None:
    other = OtherLanguage()
    QApplication.installTranslator(other)
    try:
        ready.assistants.choose(services.assistants.get("documents"))
        write(ready, "Who is Adobe?")
        qtbot.waitUntil(lambda: bool(services.grounded.asked))
        services.grounded.refuse(Problem("not-in-documents", "name-in-no-document", {"name": "Adobe"}))
        qtbot.waitUntil(lambda: not ready.controller.running)
    finally:
        QApplication.removeTranslator(other)
    assert texts(ready)[-1] == "Dort steht es nicht. No document mentions “Adobe”."
    info = ready.conversation.info
    assert info is not None
    assert services.history.open(info.id).messages[-1].content == texts(ready)[-1]  # type: ignore[union-attr]


def test_text_dropped_goes_into_the_message(ready: ChatPage, window: Window) -> None:
    window.drops.drop([], "some text", "")
    assert ready.composer.text() == "some text"


# --- conversations


def test_the_list_shows_finds_renames_and_brings_back(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    said(ready, services, qtbot, "Ponds and frogs", "Croak")
    ready._new()
    said(ready, services, qtbot, "Mountains", "High")
    conversations = ready.conversation_actions
    rows = conversations.list.view.rows

    def titles() -> list[str]:
        return [row.info.title for row in rows() if row.info is not None]

    qtbot.waitUntil(lambda: titles() == ["Mountains", "Ponds and frogs"])
    assert rows()[0].heading == "Today"
    conversations.list.search.setText("croak")
    qtbot.waitUntil(lambda: titles() == ["Ponds and frogs"])
    hit = next(row for row in rows() if row.info is not None)
    assert hit.hit is not None
    conversations.list.view.open_wanted.emit(hit.info.id, hit.hit.message)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: texts(ready) == ["Ponds and frogs", "Croak"])
    conversations.list.search.clear()
    qtbot.waitUntil(lambda: len(titles()) == 2)
    info = ready.conversation.info
    assert info is not None
    conversations.pin(info)
    qtbot.waitUntil(lambda: rows()[0].heading == "Pinned")
    conversations.move(info, "Nature")
    qtbot.waitUntil(lambda: [folder.name for folder in conversations._folders] == ["Nature"])
    conversations.remove(info)
    qtbot.waitUntil(lambda: titles() == ["Mountains"])
    assert ready.conversation.info is None
    (notice,) = [notice for notice in window.notices.all() if notice.action is not None]
    notice.action.do()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: len(titles()) == 2)


@pytest.mark.qt_log_ignore("plugin does not support")  # of the platform, at a menu
def test_a_folder_is_called_otherwise(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    """By the keyboard alone: the menu, the dialog, names that cannot be had and one that can."""
    conversations, rows = ready.conversation_actions, ready.conversation_actions.list.view.rows
    for folder in ("Nature", "Farm"):
        said(ready, services, qtbot, f"About {folder}", "Well")
        assert ready.conversation.info is not None
        conversations.move(ready.conversation.info, folder)
        ready._new()
    in_bin = services.history.create("Old", folder="Nature")
    services.history.delete([in_bin.id])
    qtbot.waitUntil(lambda: [folder.name for folder in conversations._folders] == ["Farm", "Nature"])
    assert not any("Rename" in action.text() for action in conversations.folder_menu().actions())
    conversations.show_folder("Nature")
    qtbot.waitUntil(lambda: [row.info.title for row in rows() if row.info] == ["About Nature"])

    button = conversations.list.folder_button
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    QTest.keyClick(button, Qt.Key.Key_Return)
    menu = next(each for each in conversations.list.findChildren(Menu) if each.isVisible())
    (rename,) = [action for action in menu.actions() if action.text() == "Rename “Nature”…"]
    menu.setActiveAction(rename)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    (dialog,) = ready.findChildren(QuestionDialog)
    assert dialog.field.accessibleName() == "Name of the folder"
    assert dialog.value() == dialog.field.selectedText() == "Nature"
    for name, refused in (
        ("  ", "A folder needs a name."),
        ("farm", "There is already a folder “farm”."),
        ("Fa&rm", ""),
    ):
        dialog.field.clear()
        QTest.keyClicks(dialog.field, name)
        assert dialog.refused.text() == dialog.field.accessibleDescription() == refused
        assert dialog.refused.isVisible() is bool(refused)
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)
        assert dialog.isVisible() is bool(refused)
    qtbot.waitUntil(lambda: [folder.name for folder in conversations._folders] == ["Fa&rm", "Farm"])
    qtbot.waitUntil(lambda: [row.info.title for row in rows() if row.info] == ["About Nature"])
    assert button.text().strip() == "Fa&&rm"
    assert button.accessibleName() == "Shown: Fa&rm"
    (restored,) = services.history.restore([in_bin.id])
    assert restored.folder == "Fa&rm"


def test_out_and_in_again(ready: ChatPage, services: Services, tmp_path: Path, qtbot: QtBot) -> None:
    said(ready, services, qtbot, "Keep me", "Kept")
    info = ready.conversation.info
    assert info is not None
    for form, name in (("markdown", "talk.md"), ("json", "talk.json")):
        ready.conversation_actions.files.write(tmp_path / name, [info.id], form)
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists())  # type: ignore[misc]
    assert "Kept" in (tmp_path / "talk.md").read_text("utf-8")
    ready.conversation_actions.remove(info)
    qtbot.waitUntil(lambda: bool(services.history.bin()))
    services.history.purge()
    ready.conversation_actions.files.read([tmp_path / "talk.json"])
    qtbot.waitUntil(lambda: [each.title for each in services.history.conversations()] == ["Keep me"])


# --- the rest


def test_an_assistant_answers_in_its_own_way(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    tutor = services.assistants.get("tutor")
    ready.assistants.choose(tutor)
    assert ready.assistants.button.text().strip() == "Tutor"
    said(ready, services, qtbot, "Teach", "Well")
    assert services.chat.requests[0].instructions.startswith("You are a helpful, patient tutor")
    assert ready.conversation.info is not None
    assert ready.conversation.info.assistant == "tutor"
    assert services.settings.chat.assistant == "tutor"


def test_a_link_opens_only_after_a_word(ready: ChatPage, window: Window, qtbot: QtBot) -> None:
    ready.transcript.link_wanted.emit("https://example.org/a?b=1")
    (question,) = ready.findChildren(LinkDialog)
    assert question.address == "https://example.org/a?b=1"
    assert not question.yes.isHidden()
    question.reject()
    other = LinkDialog(window, "file:///etc/passwd", window.notices)
    qtbot.addWidget(other)
    assert other.yes.isHidden()


def test_copying_and_reading_aloud(
    ready: ChatPage, services: Services, voices: list[str], qtbot: QtBot
) -> None:
    said(ready, services, qtbot, "Hi", "**Hello**")
    QTest.keyClick(
        ready, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert QApplication.clipboard().text() == "**Hello**"
    spoken: list[str] = []
    ready.voice.say = spoken.append  # type: ignore[method-assign, assignment]
    ready._do(EntryAction.READ, ready.transcript.entries()[-1].key)
    assert spoken == ["Hello"]


def test_the_field_grows_to_eight_lines(ready: ChatPage) -> None:
    field = ready.composer.field
    one = field.height()
    field.setPlainText("\n".join("12345678"))
    eight = field.height()
    field.setPlainText("\n".join("1234567890"))
    assert one < eight == field.height()
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert ready.composer.text().count("\n") == 9, "Shift and Enter begin a line"


def test_closing_the_window_keeps_what_was_written(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    write(ready, "Long tale")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    services.chat.say("Once upon")
    window.leave()
    (info,) = services.history.conversations()
    last = services.history.open(info.id).messages[-1]
    assert (last.content, last.state) == ("Once upon", MessageState.STOPPED)


def test_where_it_is_narrow_the_list_lies_over_the_conversation(chat: ChatPage, window: Window) -> None:
    window.resize(760, 480)
    QApplication.processEvents()
    assert chat._side.isHidden()
    chat.fold_list.click()
    assert not chat._side.isHidden()
    chat.escape()
    assert chat._side.isHidden()
    window.resize(1280, 720)
    QApplication.processEvents()
    assert not chat._side.isHidden()


def test_the_model_that_was_chosen_is_loaded_with_the_first_message(
    window: Window, connected: Connect, services: Services, qtbot: QtBot
) -> None:
    services.settings.chat.model = "/models/before.gguf"
    connected()
    window.go_to("chat")
    # One that fails does not take its place.
    services.chat.queue["load"].append(told(ModelUnusable, "“x.gguf” is cut off.", "Copy it again."))
    window.chat.models.load(Path("/models/x.gguf"))
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert window.chat.models.chosen == Path("/models/before.gguf")
    services.chat.queue["load"].append(model("/models/before.gguf"))
    write(window.chat, "Hello")
    qtbot.waitUntil(lambda: bool(services.chat.requests))
    assert services.chat.loads[-1][0] == Path("/models/before.gguf")
    qtbot.waitUntil(lambda: bool(services.models.library.called("add")))  # what is used is in the library
    assert services.models.library.called("add")[0] == (("/models/before.gguf",), True)
