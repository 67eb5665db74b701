"""Pictures in the chat: dropped, pasted, chosen, sent, read as text or seen, looked at, edited."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.chat.records import MessagePicture
from assistant.errors import UnreadableDocument, WorkerCrashed
from tests.gui.chat_doubles import model
from tests.gui.doubles import Services
from tests.told import told
from ui.chat.message_pictures import MOST
from ui.chat.page import ChatPage
from ui.chat.screen_picture import ScreenFrame
from ui.common.picture_button import PictureButton
from ui.transcript.entry import EntryAction
from ui.window import Window

Connect = Callable[..., Services]


def picture(folder: Path, name: str, size: tuple[int, int] = (60, 40), color: str = "red") -> str:
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    assert image.save(str(folder / name))
    return str(folder / name)


@pytest.fixture
def seeing(chat: ChatPage, services: Services, qtbot: QtBot) -> ChatPage:
    services.chat.queue["load"].append(model(sees=True))
    chat.models.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: chat.models.info is not None)
    return chat


def add(chat: ChatPage, qtbot: QtBot, *files: str) -> None:
    before = len(chat.pictures.kept())
    chat.take(list(files))
    qtbot.waitUntil(lambda: len(chat.pictures.kept()) == before + len(files))


def send(chat: ChatPage, services: Services, qtbot: QtBot, text: str) -> None:
    """Up to where the model is asked."""
    asked = len(services.chat.requests)
    chat.composer.field.setPlainText(text)
    QTest.keyClick(chat.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(services.chat.requests) == asked + 1)


def answer(chat: ChatPage, services: Services, qtbot: QtBot, text: str) -> None:
    services.chat.end(text)
    qtbot.waitUntil(lambda: not chat.controller.running)


# --- into the message


def test_pictures_go_with_the_message_and_other_files_with_the_conversation(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    red, blue = picture(tmp_path, "red.png"), picture(tmp_path, "blue.PNG", color="blue")
    ready.take([red, "/d/r.pdf", blue])
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 2)
    assert [each.picture.name for each in ready.composer.pictures.buttons] == ["red.png", "blue.PNG"]
    qtbot.waitUntil(lambda: "add" in dict(services.documents.calls))
    assert list(dict(services.documents.calls)["add"][0]) == ["/d/r.pdf"]


def test_it_is_not_sent_before_its_pictures_are_there(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    ready.take([picture(tmp_path, "red.png")])
    assert not ready.composer.send.isEnabled()
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)
    assert ready.composer.send.isEnabled()  # words are not needed


def test_a_picture_is_taken_out_again(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add(ready, qtbot, picture(tmp_path, "red.png"), picture(tmp_path, "blue.png", color="blue"))
    ready.composer.pictures.removed.emit(0)
    assert [each.name for each in ready.pictures.kept()] == ["blue.png"]
    ready.composer.pictures.removed.emit(0)
    assert ready.composer.pictures.isHidden()
    assert not ready.composer.send.isEnabled()


def test_what_cannot_be_read_says_why(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.refusal = told(UnreadableDocument, "It is damaged.", "Copy it again.")
    ready.take([picture(tmp_path, "red.png")])
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    notice = window.notices.all()[0]
    assert (notice.message, notice.hint) == ("“red.png” was not added: It is damaged.", "Copy it again.")
    assert ready.composer.pictures.isHidden()


def test_there_is_an_end_to_how_many(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    ready.take([picture(tmp_path, f"{number}.png") for number in range(MOST + 1)])
    assert len(ready.composer.pictures.buttons) == MOST
    assert not ready.composer.send.isEnabled()
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == MOST)
    assert window.notices.all()[0].message == "At most 10 pictures go with a message."


def test_a_picture_is_pasted(ready: ChatPage, services: Services, qtbot: QtBot) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    QGuiApplication.clipboard().setImage(image)
    ready.composer.field.paste()
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)
    (kept,) = ready.pictures.kept()
    assert (kept.name, kept.width, kept.height) == ("", 30, 20)
    assert ready.composer.text() == ""


def test_files_of_pictures_are_pasted_and_words_stay_words(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(picture(tmp_path, "red.png"))])
    ready.composer.field.insertFromMimeData(data)
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)
    both = QMimeData()  # as a table sheet gives it: its words, and how they look
    both.setImageData(QImage(9, 9, QImage.Format.Format_RGB32))
    both.setText("12\t40")
    ready.composer.field.insertFromMimeData(both)
    assert ready.composer.text() == "12\t40"
    assert len(ready.pictures.kept()) == 1


def test_a_picture_without_a_file_is_dropped(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setImageData(QImage(30, 20, QImage.Format.Format_RGB32))
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(300, 300), *how))
    assert window.drops.overlay.text() == "Drop to add this picture to your message"
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), *how))
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)


def test_elsewhere_pictures_become_documents(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    red = picture(tmp_path, "red.png")
    window.go_to("documents")
    window.drops.drop([red], "", "Documents")
    qtbot.waitUntil(lambda: "add" in dict(services.documents.calls))
    assert list(dict(services.documents.calls)["add"][0]) == [red]
    assert not ready.pictures.kept()


def test_pictures_are_chosen(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog, "open", lambda dialog: dialog.filesSelected.emit([str(tmp_path / "a.png")])
    )
    picture(tmp_path, "a.png")
    names = [action.text() for action in ready.pictures.menu().actions()]
    assert names == ["Choose pictures…", "Part of the screen…"]
    ready.pictures.choose()
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)


# --- a model that does not see


def test_the_text_of_pictures_is_read_instead(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.texts.append("Total 12.40")
    services.vision.held = threading.Event()
    add(ready, qtbot, picture(tmp_path, "red.png"))
    assert ready.composer.pictures.note.text.text() == (
        "“Tiny 0.5B” does not see pictures: it reads the text recognised in them."
    )
    ready.composer.field.setPlainText("How much is it?")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Recognising" in ready.transcript.entries()[-1].doing)
    services.vision.held.set()
    qtbot.waitUntil(lambda: len(services.chat.requests) == 1)
    (message,) = services.chat.requests[0].messages
    assert message.pictures == ()
    assert "Total 12.40" in message.content
    assert message.content.endswith("How much is it?")
    answer(ready, services, qtbot, "12.40")
    said, answered = ready.transcript.entries()
    assert (len(said.pictures), said.text) == (1, "How much is it?")
    assert answered.read_only_text
    pages: list[str] = []
    ready._context.page_wanted.connect(pages.append)
    ready.transcript.seeing_model_wanted.emit()
    assert pages == ["models"]
    send(ready, services, qtbot, "Thanks")  # nothing is recognised twice
    assert len(services.vision.recognised) == 1
    assert "Total 12.40" in services.chat.requests[1].messages[0].content
    answer(ready, services, qtbot, "Welcome")
    assert not ready.transcript.entries()[-1].read_only_text


def test_stop_ends_it_before_the_model_is_asked(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.held = threading.Event()
    add(ready, qtbot, picture(tmp_path, "red.png"))
    ready.composer.field.setPlainText("How much is it?")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(services.vision.recognised) == 1)
    ready.controller.stop()
    assert not ready.controller.running
    services.vision.held.set()
    qtbot.waitUntil(lambda: ready.transcript.entries()[-1].problem == "Stopped.")
    assert services.chat.requests == []


def test_a_failure_of_the_recognition_is_the_answers(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.texts.append(told(WorkerCrashed, "The recognition crashed.", "Try again."))
    add(ready, qtbot, picture(tmp_path, "red.png"))
    ready.composer.field.setPlainText("How much is it?")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The recognition crashed." in ready.transcript.entries()[-1].problem)
    services.vision.texts.append("Total 12.40")
    ready.controller.do(EntryAction.AGAIN, ready.transcript.entries()[-1].key)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 1)


def test_documents_are_searched_for_the_question_alone(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.texts.append("Total 12.40")
    ready.attachments.names = {2: "r.pdf"}
    ready.attachments._keep()
    qtbot.waitUntil(lambda: ready.conversation.info is not None)
    add(ready, qtbot, picture(tmp_path, "red.png"))
    ready.composer.field.setPlainText("How much is it?")
    QTest.keyClick(ready.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(services.grounded.asked) == 1)
    assert services.grounded.questions == ["How much is it?"]
    assert "Total 12.40" in services.grounded.asked[0][0].messages[-1].content


# --- a model that sees


def test_a_model_that_sees_gets_the_pictures(
    seeing: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add(seeing, qtbot, picture(tmp_path, "red.png"), picture(tmp_path, "blue.png", color="blue"))
    assert seeing.composer.pictures.note.text.text() == ""
    files = [each.file for each in seeing.pictures.kept()]
    send(seeing, services, qtbot, "Which is red?")
    (message,) = services.chat.requests[0].messages
    folder = paths.chat_pictures_folder()
    assert message.content == "Which is red?"
    assert message.pictures == tuple(MessagePicture(str(folder / each), 60, 40) for each in files)
    answer(seeing, services, qtbot, "The first.")
    assert not seeing.transcript.entries()[-1].read_only_text
    assert services.vision.recognised == []
    assert seeing.composer.pictures.isHidden()


def test_whether_a_model_sees_is_known_before_it_is_loaded(
    ready: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    services.models.projectors["/models/tiny.gguf"] = Path("/models/mmproj.gguf")
    ready.models.unload()
    add(ready, qtbot, picture(tmp_path, "red.png"))
    assert ready.composer.pictures.note.text.text() == ""
    del services.models.projectors["/models/tiny.gguf"]
    ready.models.changed.emit()
    qtbot.waitUntil(lambda: "does not see" in ready.composer.pictures.note.text.text())


def test_before_a_model_is_chosen_it_is_told_that_some_see(
    chat: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    assert chat.models.chosen is None
    add(chat, qtbot, picture(tmp_path, "red.png"))
    assert chat.composer.pictures.note.text.text().startswith("Some models see pictures")
    services.chat.queue["load"].append(model(sees=True))
    chat.models.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: chat.composer.pictures.note.text.text() == "")


# --- in the conversation


def test_pictures_are_seen_larger_with_their_text(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    services.vision.texts += ["Total 12.40", ""]
    add(ready, qtbot, picture(tmp_path, "red.png"), picture(tmp_path, "blue.png", color="blue"))
    ready.composer.pictures.buttons[1].click()
    assert window.panel.title() == "blue.png"
    send(ready, services, qtbot, "Which?")
    answer(ready, services, qtbot, "The first.")
    key = ready.transcript.entries()[0].key
    view = ready.transcript.view(key)
    assert view is not None
    qtbot.mouseClick(view.findChildren(PictureButton)[0], Qt.MouseButton.LeftButton)
    panel = ready._picture_panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.text.text() == "Total 12.40")
    panel.copy.click()
    assert QGuiApplication.clipboard().text() == "Total 12.40"
    panel.after.click()
    assert panel.text.text() == "No text was recognised in it."
    assert (panel.count.text(), panel.after.isEnabled()) == ("2 of 2", False)


def test_a_message_of_a_picture_alone_names_its_conversation(
    seeing: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add(seeing, qtbot, picture(tmp_path, "red.png"))
    send(seeing, services, qtbot, "")
    answer(seeing, services, qtbot, "Red.")
    qtbot.waitUntil(
        lambda: seeing.conversation.info is not None and seeing.conversation.info.title == "red.png"
    )


def test_a_message_keeps_its_pictures_when_it_is_edited(
    seeing: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add(seeing, qtbot, picture(tmp_path, "red.png"))
    send(seeing, services, qtbot, "What is this?")
    answer(seeing, services, qtbot, "Red.")
    first = seeing.transcript.entries()[0]
    seeing.controller.do(EntryAction.EDIT, first.key)
    assert [each.name for each in seeing.pictures.kept()] == ["red.png"]
    add(seeing, qtbot, picture(tmp_path, "blue.png", color="blue"))
    send(seeing, services, qtbot, "What are these?")
    assert len(services.chat.requests[-1].messages[0].pictures) == 2
    answer(seeing, services, qtbot, "Red and blue.")
    seeing.controller.do(EntryAction.EARLIER, seeing.transcript.entries()[0].key)
    qtbot.waitUntil(lambda: seeing.transcript.entries()[0].pictures == first.pictures)
    seeing.controller.do(EntryAction.EDIT, first.key)
    seeing.escape()
    assert seeing.composer.pictures.isHidden()


def test_a_picture_that_is_gone_is_said(
    seeing: ChatPage, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add(seeing, qtbot, picture(tmp_path, "red.png"))
    (kept,) = seeing.pictures.kept()
    send(seeing, services, qtbot, "What is this?")
    services.history.pictures.path(kept.file).unlink()
    answer(seeing, services, qtbot, "Red.")
    view = seeing.transcript.view(seeing.transcript.entries()[0].key)
    assert view is not None
    assert not view.grab().isNull()


# --- of the screen


@pytest.fixture
def frame(qtbot: QtBot) -> ScreenFrame:
    screen = QGuiApplication.primaryScreen()
    shot = QPixmap(screen.geometry().size())
    shot.fill(QColor("blue"))
    frame = ScreenFrame(screen, shot)
    qtbot.addWidget(frame)
    frame.open()
    return frame


def test_a_frame_is_drawn_around_a_part_of_the_screen(frame: ScreenFrame, qtbot: QtBot) -> None:
    place = QRect(20, 30, 100, 50)
    with qtbot.waitSignal(frame.chosen) as taken:
        QTest.mousePress(frame, Qt.MouseButton.LeftButton, pos=place.topLeft())
        QTest.mouseMove(frame, place.center())
        QTest.mouseMove(frame, place.bottomRight())
        assert not frame.grab().isNull()
        QTest.mouseRelease(frame, Qt.MouseButton.LeftButton, pos=place.bottomRight())
    image = taken.args[0]
    assert (image.width(), image.height()) == (place.width(), place.height())
    assert image.pixelColor(5, 5) == QColor("blue")


def test_a_click_takes_nothing_and_keys_take_all_or_leave(frame: ScreenFrame, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(frame.chosen):
        QTest.mouseClick(frame, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(frame.chosen) as taken:
        QTest.keyClick(frame, Qt.Key.Key_Return)
    assert taken.args[0].size() == frame.size()
    with qtbot.waitSignal(frame.left):
        QTest.keyClick(frame, Qt.Key.Key_Escape)


def test_the_window_makes_way_and_comes_back(
    ready: ChatPage, services: Services, window: Window, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("ui.chat.screen_picture.LET_GO_MS", 0)
    ready.composer.add_picture.setFocus()
    ready.pictures.screen.take()
    assert window.isHidden()
    qtbot.waitUntil(lambda: bool(ready.pictures.screen.frames))
    QTest.keyClick(ready.pictures.screen.frames[0], Qt.Key.Key_Return)
    assert not window.isHidden()
    qtbot.waitUntil(lambda: len(ready.pictures.kept()) == 1)
    assert ready.pictures.kept()[0].name == "Screenshot"
    assert window.focusWidget() is ready.composer.field
