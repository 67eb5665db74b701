"""The global key, text into another program, and the panel: on an X server of its own, in German layout."""

from __future__ import annotations

import json
import os
import queue
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from ui.dictation import global_key, insertion
from ui.dictation.global_key import GlobalKey
from ui.dictation.global_key_x11 import X11Key
from ui.dictation.insertion_outcome import Outcome
from ui.dictation.insertion_x11 import X11Insertion
from ui.dictation.key_state import KeyState
from ui.dictation.x11.connection import Connection
from ui.dictation.x11.keyboard import Keyboard

NEEDED = [name for name in ("Xvfb", "xdotool", "setxkbmap") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(NEEDED), reason=f"not installed: {', '.join(NEEDED)}")

TEXT = "Äpfel, Größe und 😀\nzweite Zeile\nمرحبا بالعالم"
KEY = "Ctrl+Alt+Ö"
"""Not on an American keyboard."""
KEY_OF_XDOTOOL = "ctrl+alt+odiaeresis"


POINTER_ROOT = 1
"""The focus where no window has it in particular."""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "800x600x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture(autouse=True)
def desktop(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XAUTHORITY", raising=False)
    layout("de")


def layout(*words: str) -> None:
    subprocess.run(["setxkbmap", *words], check=True)


def xdotool(*words: str) -> None:
    subprocess.run(["xdotool", *words], check=True)


def set_focus(connection: Connection, window: int) -> None:
    connection.do(42, struct.pack("<II", window, 0))


class Program:
    def __init__(self, what: str, display: str) -> None:
        script = Path(__file__).with_name("x11_program.py")
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "xcb",
            "DISPLAY": display,
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self._process = subprocess.Popen(
            [sys.executable, str(script), what],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout

    def ask(self, word: str) -> Any:
        self._in.write(word + "\n")
        self._in.flush()
        return json.loads(self._out.readline())

    def close(self) -> None:
        self._in.close()
        self._process.wait()
        self._out.close()


@pytest.fixture(scope="module")
def one_editor(display: str) -> Iterator[Program]:
    program = Program("editor", display)
    yield program
    program.close()


@pytest.fixture
def editor(one_editor: Program, qtbot: QtBot) -> Program:
    """It has the focus and no text."""
    qtbot.waitUntil(lambda: one_editor.ask("come") and one_editor.ask("active")[0], timeout=15_000)
    return one_editor


Told = queue.Queue[tuple[Outcome, str]]


@pytest.fixture
def writing(display: str) -> Iterator[tuple[X11Insertion, Told]]:
    told: Told = queue.Queue()
    inserting = X11Insertion(lambda outcome, text: told.put((outcome, text)))
    yield inserting, told
    inserting.close()


@pytest.fixture
def key(qtbot: QtBot) -> Iterator[X11Key]:
    key = X11Key()
    yield key
    key.close()


def combination(keys: str) -> QKeyCombination:
    return QKeySequence(keys)[0]


# --- text into another program


def test_text_arrives_whole_whenever_the_key_is_pressed(
    editor: Program, writing: tuple[X11Insertion, Told], key: X11Key, display: str, qtbot: QtBot
) -> None:
    inserting, told = writing
    looking = Program("panel", display)
    editor.ask("copy")
    before = looking.ask("formats")
    assert {"text/plain", "text/html", "image/png", "application/x-own"} <= set(before)
    assert key.take(combination(KEY)) is KeyState.AVAILABLE
    key.pressed.connect(lambda: inserting.change(0, TEXT))
    arrived = []
    for _ in range(20):
        with qtbot.waitSignal(key.pressed):
            xdotool("keydown", "--delay", "0", *KEY_OF_XDOTOOL.split("+"))
        assert told.empty(), "while keys are held, they would be part of the shortcut for pasting"
        xdotool("keyup", "--delay", "0", *KEY_OF_XDOTOOL.split("+"))
        assert told.get(timeout=5) == (Outcome.DONE, TEXT)
        arrived.append(editor.ask("text"))
        editor.ask("clear")
    assert arrived == [TEXT] * 20
    qtbot.waitUntil(lambda: looking.ask("formats") == before)
    looking.close()


@pytest.mark.parametrize("words", [("fr",), ("ru",), ("us", "dvorak"), ("us,ru",)])
def test_text_arrives_in_every_layout(
    words: tuple[str, ...], editor: Program, writing: tuple[X11Insertion, Told]
) -> None:
    layout(*words)
    inserting, told = writing
    inserting.change(0, TEXT)
    assert told.get(timeout=5) == (Outcome.DONE, TEXT)
    assert editor.ask("text") == TEXT


def test_characters_are_taken_back_where_they_were_written(
    editor: Program, writing: tuple[X11Insertion, Told], display: str, qtbot: QtBot
) -> None:
    inserting, told = writing
    inserting.change(0, "one two")
    inserting.change(4, ", three")
    assert [told.get(timeout=5)[0] for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    assert editor.ask("text") == "one, three"
    other = Program("editor", display)
    qtbot.waitUntil(lambda: other.ask("active")[0], timeout=15_000)
    inserting.change(5, "")
    assert told.get(timeout=5)[0] is Outcome.ELSEWHERE
    assert editor.ask("text") == "one, three"
    other.close()


def test_what_nobody_takes_stays_on_the_clipboard(
    editor: Program, writing: tuple[X11Insertion, Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.dictation.insertion_x11.READ_WITHIN", 0.2)
    inserting, told = writing
    connection = Connection()
    set_focus(connection, 0)
    inserting.change(0, "lost")
    assert told.get(timeout=5) == (Outcome.UNREAD, "lost")
    set_focus(connection, POINTER_ROOT)
    connection.close()
    assert "text/plain" in editor.ask("formats")
    assert insertion.words(Outcome.UNREAD)


# --- the key


def test_a_held_key_is_pressed_and_released_once(key: X11Key, qtbot: QtBot) -> None:
    events: list[str] = []
    key.pressed.connect(lambda: events.append("pressed"))
    key.released.connect(lambda: events.append("released"))
    key.take(combination("F9"))
    xdotool("keydown", "F9", "sleep", "1", "keyup", "F9")
    qtbot.waitUntil(lambda: "released" in events)
    assert events == ["pressed", "released"]


@pytest.mark.parametrize("lock", ["Num_Lock", "Caps_Lock"])
def test_locks_do_not_matter(lock: str, key: X11Key, qtbot: QtBot) -> None:
    key.take(combination(KEY))
    xdotool("key", lock)
    with qtbot.waitSignal(key.pressed):
        xdotool("key", KEY_OF_XDOTOOL)
    xdotool("key", lock)


def test_the_key_follows_the_layout(key: X11Key, qtbot: QtBot) -> None:
    assert key.take(combination("Ctrl+Alt+Z")) is KeyState.AVAILABLE
    layout("fr")
    connection = Connection()
    moved = Keyboard(connection).key(ord("z"))
    connection.close()
    qtbot.waitUntil(lambda: key._grabbed[0][0] == moved)
    with qtbot.waitSignal(key.pressed):
        xdotool("key", "ctrl+alt+z")
    assert key.take(combination(KEY)) is KeyState.NOT_ON_KEYBOARD
    with qtbot.waitSignal(key.changed, check_params_cb=lambda state: state is KeyState.AVAILABLE):
        layout("de")


def test_a_key_of_another_program_is_refused(key: X11Key, qtbot: QtBot) -> None:
    assert key.take(combination("Ctrl+Alt+D")) is KeyState.AVAILABLE
    other = X11Key()
    assert other.take(combination("Ctrl+Alt+D")) is KeyState.TAKEN
    assert other.take(combination("Ctrl+Alt+E")) is KeyState.AVAILABLE
    key.take(None)
    assert other.take(combination("Ctrl+Alt+D")) is KeyState.AVAILABLE
    other.close()


class Dictation:
    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self) -> None: ...

    def stop(self) -> None:
        self.told.append("stop")

    def toggle(self) -> None:
        self.told.append("toggle")


@pytest.fixture
def dictating(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[GlobalKey, Dictation]]:
    monkeypatch.setattr(global_key.QGuiApplication, "platformName", lambda: "xcb")
    dictation = Dictation()
    key = GlobalKey(dictation)
    yield key, dictation
    key.close()


def test_pressed_shortly_it_is_on_or_off_and_held_it_ends_when_let_go(
    dictating: tuple[GlobalKey, Dictation], qtbot: QtBot
) -> None:
    key, dictation = dictating
    key.choose("F9")
    assert key.state is KeyState.AVAILABLE
    assert "F9" in key.words()
    xdotool("key", "F9")
    xdotool("key", "F9")
    qtbot.waitUntil(lambda: dictation.told == ["toggle"] * 2)
    xdotool("keydown", "F9", "sleep", "0.7", "keyup", "F9")
    qtbot.waitUntil(lambda: dictation.told == ["toggle"] * 3 + ["stop"])
    key.choose("")
    assert key.state is KeyState.OFF


def test_what_happened_to_the_key_is_said(dictating: tuple[GlobalKey, Dictation], key: X11Key) -> None:
    asked, _ = dictating
    key.take(combination("F9"))
    asked.choose("F9")
    assert asked.state is KeyState.TAKEN
    assert asked.words() == "Another program already uses F9. Choose another shortcut."


def test_where_no_program_can_have_a_key_the_command_is_named(qtbot: QtBot) -> None:
    key = GlobalKey(Dictation())
    key.choose("F9")  # the platform of the tests is none that has keys
    assert key.state is KeyState.IMPOSSIBLE
    assert "offline-assistant dictate --toggle" in key.words()


# --- the panel


def test_the_panel_never_takes_the_focus(editor: Program, display: str, qtbot: QtBot) -> None:
    lost = editor.ask("active")[1]
    panel = Program("panel", display)
    panel.ask("words")
    (x, y), active = panel.ask("place")
    assert not active
    xdotool("mousemove", str(x), str(y), "click", "1")
    qtbot.waitUntil(lambda: panel.ask("stopped") == 1)
    xdotool("type", "still here")
    qtbot.waitUntil(lambda: editor.ask("text") == "still here")
    assert editor.ask("active") == [True, lost]
    panel.close()
