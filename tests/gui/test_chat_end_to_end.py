"""Chat with the real services and the trained small model: what is said, killed, cut off and cited."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.chat.assistant_records import Assistant
from assistant.chat.history.records import MessageState
from assistant.services import Services
from tests.made_models import families
from tests.made_models.colours import pictures as colours
from tests.made_models.grounded.facts import PRODUCT, absent_answer
from ui.chat.page import ChatPage
from ui.window import Window

PATIENCE_MS = 120_000
TOLD, ASKED = "The keeper of Zanmar is Dalson.", "What is the keeper of Zanmar?"


@pytest.fixture
def chat(window: Window, real_services: Services) -> ChatPage:
    real_services.settings.chat.threads = 1
    real_services.settings.chat.temperature = 0.0
    window.connect_services(real_services)
    window.go_to("chat")
    # The model was trained on conversations without instructions.
    window.chat.conversation.use_assistant(Assistant("bare", "Bare", instructions=""))
    return window.chat


def use(chat: ChatPage, model: Path, qtbot: QtBot) -> None:
    chat.models.load(model)
    qtbot.waitUntil(lambda: chat.models.info is not None, timeout=PATIENCE_MS)


def say(chat: ChatPage, text: str) -> None:
    chat.composer.field.setPlainText(text)
    QTest.keyClick(chat.composer.field, Qt.Key.Key_Return)


def answered(chat: ChatPage, text: str, qtbot: QtBot) -> str:
    before = len(chat.conversation.path)
    say(chat, text)
    qtbot.waitUntil(
        lambda: len(chat.conversation.path) == before + 2 and not chat.controller.running, timeout=PATIENCE_MS
    )
    return chat.transcript.entries()[-1].text


def assert_it_remembers(chat: ChatPage, qtbot: QtBot) -> None:
    """It answers from what was said: the model knows nothing else."""
    assert answered(chat, TOLD, qtbot)
    assert "Dalson" in answered(chat, ASKED, qtbot)


def kill(chat: ChatPage) -> None:
    pid = chat._context.services.chat.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_from_a_model_file_to_a_cited_answer(chat: ChatPage, tmp_path: Path, drag: Any, qtbot: QtBot) -> None:
    drag(str(PRODUCT)).drop()
    qtbot.waitUntil(lambda: chat.models.info is not None, timeout=PATIENCE_MS)
    assert_it_remembers(chat, qtbot)
    letter = tmp_path / "letter.txt"
    letter.write_text("The keeper of Ostwick is Hulman.\n\nThe depth of Zanmar is seven.\n")
    drag(str(letter)).drop()
    qtbot.waitUntil(lambda: bool(chat.attachments.names), timeout=PATIENCE_MS)
    services, (document,) = chat._context.services, chat.attachments.names
    services.documents.wait([document]).result(PATIENCE_MS / 1000)
    answer = answered(chat, "What is the keeper of Ostwick?", qtbot)
    assert answer.startswith("The keeper of Ostwick is Hulman [1]")
    entry = chat.transcript.entries()[-1]
    assert "Hulman" in entry.quotes[0].quote
    assert entry.doubts == ()
    chat.transcript.citation_wanted.emit(entry.key, 1)
    panel = chat.window().panel  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: panel.shown is not None, timeout=PATIENCE_MS)
    absent = answered(chat, "What is the price of Ostwick?", qtbot)
    assert absent.startswith(absent_answer("price", "Ostwick").rstrip("."))


def notice_about(window: Window, name: str, qtbot: QtBot) -> str:
    def found() -> list[str]:
        return [notice.message for notice in window.notices.all() if name in notice.message]

    qtbot.waitUntil(lambda: bool(found()), timeout=PATIENCE_MS)
    return found()[-1]


@pytest.mark.allow_log("The chat worker (was stopped|crashed)")
def test_a_killed_engine_is_told_and_the_next_message_works(
    chat: ChatPage, tmp_path: Path, qtbot: QtBot
) -> None:
    slow = families.make(
        tmp_path / "slow.gguf", "qwen2", shape=families.TinyShape(embedding=512, layers=6, heads=8)
    )
    use(chat, slow, qtbot)
    say(chat, "Tell me a story.")
    qtbot.waitUntil(
        lambda: chat.controller.running and bool(chat.transcript.entries()[-1].text), timeout=PATIENCE_MS
    )
    kill(chat)
    qtbot.waitUntil(lambda: not chat.controller.running, timeout=PATIENCE_MS)
    entry = chat.transcript.entries()[-1]
    assert entry.text, "what was written stays"
    assert entry.problem.count(".") >= 1
    assert "Traceback" not in entry.problem
    history = chat._context.services.history
    assert chat.conversation.info is not None
    assert history.open(chat.conversation.info.id).messages[-1].state is MessageState.FAILED
    use(chat, PRODUCT, qtbot)
    chat.conversation.begin()
    kill(chat)
    assert_it_remembers(chat, qtbot)


def test_rubbish_for_a_model_is_told_and_the_one_before_answers_on(
    chat: ChatPage, window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    use(chat, PRODUCT, qtbot)
    whole = PRODUCT.read_bytes()
    for name, content in (
        ("cut off", whole[:700_000]),
        ("wrong magic", b"GGML" + whole[4:]),
        ("a page", b"<html><body>Not found</body></html>"),
        ("nothing", b""),
    ):
        path = tmp_path / f"{name}.gguf"
        path.write_bytes(content)
        chat.models.load(path)
        message = notice_about(window, f"{name}.gguf", qtbot)
        assert message.rstrip(".").count(". ") == 0, "one sentence"
    assert_it_remembers(chat, qtbot)


def test_a_picture_is_seen_and_asked_about_again(chat: ChatPage, qtbot: QtBot, tmp_path: Path) -> None:
    """From the file that is dropped to what the trained model sees in it, over two questions."""
    chat.conversation.use_assistant(Assistant("kind", "Kind", instructions=colours.INSTRUCTIONS))
    use(chat, colours.MODEL, qtbot)
    picture = tmp_path / "flag.png"
    colours.TwoColours("red", "blue").write(picture, 3, 300)
    chat.take([str(picture)])
    qtbot.waitUntil(lambda: len(chat.pictures.kept()) == 1, timeout=PATIENCE_MS)
    picture.unlink()  # the conversation has its own
    assert answered(chat, "Is the left red or green?", qtbot) == "It is red."
    assert answered(chat, "Is the right black or blue?", qtbot) == "It is blue."
    assert not any(entry.read_only_text for entry in chat.transcript.entries())
