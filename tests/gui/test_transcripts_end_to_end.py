"""A recording with the real services and a real model: from its drop to an answer whose citation plays it."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.documents.records import Answer, DocumentInfo, DocumentState
from assistant.services import Services
from assistant.speech.transcripts.records import COLLECTION, TranscriptState
from tests.gui.conftest import Dragging
from tests.gui.speech_doubles import RATE, silence
from tests.gui.speech_material import Material, share_found
from ui.window import Window

PATIENCE_MS = 180_000
PAUSE = 4.0
"""Seconds between the two who speak: another paragraph."""


@pytest.fixture
def services(window: Window, listening_services: Services) -> Services:
    listening_services.start()
    window.connect_services(listening_services)
    return listening_services


def test_a_dropped_recording_can_be_read_and_asked_and_its_citation_is_heard(
    window: Window,
    services: Services,
    speech: Material,
    tmp_path: Path,
    drag: Callable[..., Dragging],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (first, first_words), (second, second_words) = speech.spoken[:2]
    recording = tmp_path / "talk.wav"
    with wave.open(str(recording), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(first + silence(PAUSE) + second)
    begins = len(first) / 2 / RATE + PAUSE
    drag(str(recording)).drop()
    actions = window.transcripts.actions
    states = lambda: [info.state for info in actions.all.values()]  # noqa: E731
    qtbot.waitUntil(lambda: states() == [TranscriptState.DONE], timeout=PATIENCE_MS)
    (id,) = actions.all
    window.transcripts.open(id)
    editor = window.transcripts.editor
    qtbot.waitUntil(lambda: editor.transcript is not None)
    lines = editor.text.toPlainText().split("\n")
    assert share_found(" ".join(lines), f"{first_words} {second_words}") > 0.6
    paragraph = next(each for each in editor.transcript.paragraphs if each.start > begins - 1)
    spoken = next(word for word in paragraph.segments[0].segment.words if word.end - word.start > 0.02)
    editor.player.heard.emit(spoken.start + 0.01)
    assert editor.text.heard_text() == spoken.text.strip()

    def ready() -> bool:
        found: tuple[DocumentInfo, ...] = services.documents.documents(COLLECTION).result(30)
        return [each.state for each in found] == [DocumentState.READY]

    qtbot.waitUntil(ready, timeout=PATIENCE_MS)
    answer: Answer = services.documents.ask(paragraph.text).result(60)
    quote = next(each for each in answer.quotes if each.path.endswith(".transcript"))
    window.panel.close_panel()
    played: list[float | None] = []
    monkeypatch.setattr(editor.player, "play", lambda seconds=None, until=None: played.append(seconds))
    window._show_quote(quote)
    qtbot.waitUntil(lambda: bool(played), timeout=PATIENCE_MS)
    assert window.panel.shown is editor
    assert played[0] is not None
    assert abs(played[0] - paragraph.start) < 3.0
