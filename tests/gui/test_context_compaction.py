"""A long conversation: what no longer fits is summarised while nobody asks for anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.doubles import Services
from ui.chat import context_compaction
from ui.chat.page import ChatPage
from ui.window import Window


@pytest.fixture
def chat(window: Window, connected: Callable[..., Services], qtbot: QtBot) -> ChatPage:
    connected()
    window.go_to("chat")
    window.chat.models.load(Path("/models/tiny.gguf"))
    qtbot.waitUntil(lambda: window.chat.models.info is not None)
    window.chat.compaction._timer.setInterval(10)
    return window.chat


def say(chat: ChatPage, services: Services, qtbot: QtBot, text: str, **figures: Any) -> None:
    asked = len(services.chat.requests)
    chat.controller.send(text)
    qtbot.waitUntil(lambda: len(services.chat.requests) == asked + 1)
    services.chat.end(f"Answer to {text}", **figures)
    qtbot.waitUntil(lambda: not chat.controller.running)


def test_it_is_made_kept_and_used(chat: ChatPage, services: Services, qtbot: QtBot) -> None:
    say(chat, services, qtbot, "one")
    say(chat, services, qtbot, "two", dropped_messages=2)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 3)
    asked = services.chat.requests[2]
    assert [source.sentences for source in asked.sources] == [("one",), ("Answer to one",)]
    services.chat.end("One was asked and answered [1].")
    qtbot.waitUntil(lambda: "gist" in (chat.conversation.info.meta if chat.conversation.info else {}))
    chat.controller.send("three")
    qtbot.waitUntil(lambda: len(services.chat.requests) == 4)
    asked = services.chat.requests[3]
    assert asked.summary == "One was asked and answered."
    assert [message.content for message in asked.messages] == ["two", "Answer to two", "three"]


def test_whoever_goes_on_is_not_kept_waiting(chat: ChatPage, services: Services, qtbot: QtBot) -> None:
    say(chat, services, qtbot, "one")
    say(chat, services, qtbot, "two", dropped_messages=2)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 3)
    chat.controller.send("three")
    qtbot.waitUntil(lambda: services.chat.runs[2].cancelled)
    qtbot.waitUntil(lambda: len(services.chat.requests) == 4)
    assert services.chat.requests[3].summary == ""


def test_nothing_is_made_while_all_fits(chat: ChatPage, services: Services, qtbot: QtBot) -> None:
    say(chat, services, qtbot, "one")
    qtbot.wait(100)
    assert len(services.chat.requests) == 1
    assert context_compaction.WAIT_MS >= 1000
