"""Dictation with the real services, a real recording and a real model: from sound to text, kills included."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from assistant.services import Services
from tests.gui.sound_server import NoSoundServer, sound_server
from tests.gui.speech_doubles import ScriptedMicrophone, silence
from tests.gui.speech_material import Material, share_found
from ui.dictation.controller import DictationController, DictationState
from ui.dictation.microphone import Microphone
from ui.dictation.page import DictatePage
from ui.window import Window

PATIENCE_MS = 120_000
PAUSE = silence(1.2)


@pytest.fixture
def page(window: Window, listening_services: Services) -> DictatePage:
    window.connect_services(listening_services)
    window._dictation = DictationController(window.context, window, ScriptedMicrophone(50))
    window.go_to("dictate")
    return window.dictate


def microphone(page: DictatePage) -> ScriptedMicrophone:
    found = page.dictation.microphone
    assert isinstance(found, ScriptedMicrophone)
    return found


def done(page: DictatePage, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: page.dictation.state is DictationState.IDLE, timeout=PATIENCE_MS)
    assert page.dictation.trouble is None
    return page.editor.toPlainText()


def test_speech_becomes_text_in_the_middle_of_what_was_typed(
    page: DictatePage, speech: Material, qtbot: QtBot
) -> None:
    """Begun with no model loaded; stopped with the last word."""
    page.editor.setPlainText("Typed before. And after.")
    cursor = page.editor.textCursor()
    cursor.setPosition(13)
    page.editor.setTextCursor(cursor)
    for sound, _ in speech.spoken:
        microphone(page).say(sound + PAUSE)
    page.toggle()
    qtbot.waitUntil(lambda: microphone(page).said, timeout=PATIENCE_MS)
    page.dictation.stop()
    text = done(page, qtbot)
    assert text.startswith("Typed before. ")
    assert text.endswith(" And after.")
    assert share_found(text, " ".join(reference for _, reference in speech.spoken)) > 0.75
    (kept,) = page._context.services.recordings.all()
    assert kept.text
    assert kept.text in text


def test_words_come_while_somebody_speaks(page: DictatePage, speech: Material, qtbot: QtBot) -> None:
    page._context.services.speech.load(speech.model).result()
    seen: list[str] = []
    longest, reference = max(speech.spoken, key=lambda spoken: len(spoken[0]))
    microphone(page)._timer.setInterval(100)
    microphone(page).say(longest + PAUSE + longest + PAUSE)
    page.toggle()

    def live() -> bool:
        if words := page.editor.document().begin().layout().preeditAreaText():
            seen.append(words)
        return microphone(page).said

    qtbot.waitUntil(live, timeout=PATIENCE_MS)
    page.dictation.stop()
    text = done(page, qtbot)
    if not seen:
        pytest.skip("this computer was too slow for live words")
    assert share_found(text, f"{reference} {reference}") > 0.6


@pytest.mark.allow_log(r"speech worker")
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    page: DictatePage, speech: Material, qtbot: QtBot
) -> None:
    services = page._context.services
    for sound, _ in speech.spoken:
        microphone(page).say(sound + PAUSE)
    page.toggle()
    qtbot.waitUntil(lambda: bool(page.editor.toPlainText()), timeout=PATIENCE_MS)
    first = page.editor.toPlainText()
    pid = services.speech.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: microphone(page).said, timeout=PATIENCE_MS)
    page.dictation.stop()
    text = done(page, qtbot)
    assert text.startswith(first)
    assert text.count(first) == 1
    assert share_found(text, " ".join(reference for _, reference in speech.spoken)) > 0.75


# --- a real audio path ------------------------------------------------------------------------------------


@pytest.fixture
def real_microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One that hears what is played."""
    try:
        with sound_server(tmp_path) as environment:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            yield
    except NoSoundServer as error:
        pytest.skip(str(error))


@pytest.mark.qt_log_ignore("pipewire", extend=True)
@pytest.mark.usefixtures("real_microphone")
def test_from_the_air_to_the_text(page: DictatePage, speech: Material, tmp_path: Path, qtbot: QtBot) -> None:
    """Spoken at the moment in which the microphone opens, with no model loaded."""
    page.dictation.microphone = Microphone(page)
    dictation = page.dictation = DictationController(page._context, page, Microphone(page))
    if not dictation.microphone.inputs():
        pytest.skip("Qt finds no microphone here")
    sound, reference = speech.spoken[0]
    file = tmp_path / "said.raw"
    file.write_bytes(sound + silence(1.0))
    opened: list[bool] = []
    dictation.microphone.opened.connect(lambda *_: opened.append(True))
    page.toggle()
    assert opened
    play = ["paplay", "--raw", "--rate=16000", "--channels=1", "--format=s16le", str(file)]
    with subprocess.Popen(play) as player:
        qtbot.waitUntil(lambda: player.poll() is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(page.editor.toPlainText()), timeout=PATIENCE_MS)
    dictation.stop()
    text = done(page, qtbot)
    assert share_found(text, reference) > 0.6
