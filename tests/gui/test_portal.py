"""Under Wayland: the global key, text into other programs and the panel by the desktop's own services."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QKeyCombination
from PySide6.QtGui import QImage, QKeySequence
from pytestqt.qtbot import QtBot

from tests.gui.portal_double import Desktop
from ui.chat.page import ChatPage
from ui.dictation.global_key import GlobalKey
from ui.dictation.insertion import PORTAL_TOKEN, Insertion
from ui.dictation.insertion_outcome import Outcome
from ui.dictation.key_state import KeyState
from ui.dictation.notification_panel import NotificationPanel
from ui.dictation.other_program import _new_panel
from ui.portal.keysyms import BACKSPACE, RETURN, SHIFT_L, trigger
from ui.window import Window

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")

UP, DOWN = 0, 1


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session of Wayland, as far as the program can tell."""
    reading, writing = os.pipe()
    address = f"unix:path={tmp_path / 'bus'}"
    config = tmp_path / "bus.conf"
    config.write_text(
        f"<busconfig><type>session</type><listen>{address}</listen><policy context='default'>"
        "<allow send_destination='*'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>"
    )
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", f"--print-address={writing}"]
    server = subprocess.Popen(command, pass_fds=[writing])
    os.close(writing)
    with os.fdopen(reading) as told:
        assert told.readline()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    yield address
    server.terminate()
    server.wait()


@pytest.fixture
def desktop(bus: str) -> Iterator[Desktop]:
    desktop = Desktop(bus)
    yield desktop
    desktop.close()


class Dictation:
    def __init__(self) -> None:
        self.done: list[str] = []

    def start(self) -> None:
        self.done.append("start")

    def stop(self) -> None:
        self.done.append("stop")

    def toggle(self) -> None:
        self.done.append("toggle")


@pytest.fixture
def dictation() -> Dictation:
    return Dictation()


@pytest.fixture
def key(dictation: Dictation) -> Iterator[GlobalKey]:
    key = GlobalKey(dictation)
    yield key
    key.close()


@pytest.fixture
def insertion(bus: str, qtbot: QtBot) -> Iterator[Insertion]:
    insertion = Insertion()
    yield insertion
    insertion.close()


# --- the key


def test_the_desktop_gives_the_key_and_tells_when_it_is_pressed(
    desktop: Desktop, key: GlobalKey, dictation: Dictation, qtbot: QtBot
) -> None:
    key.choose("Ctrl+Alt+D")
    assert key.state is KeyState.ASKED
    qtbot.waitUntil(lambda: key.state is KeyState.AVAILABLE)
    assert "Strg+Alt+D works in every program" in key.words()
    ((_, ((id, about),), _, _),) = desktop.calls_of("BindShortcuts")
    assert (id, about["preferred_trigger"]) == ("dictate", ("s", "CTRL+ALT+d"))
    desktop.press()
    desktop.release()
    qtbot.waitUntil(lambda: dictation.done == ["toggle"])


def test_a_key_that_is_held_ends_the_dictation_when_it_is_let_go(
    desktop: Desktop, key: GlobalKey, dictation: Dictation, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.dictation.global_key.HELD_AFTER_MS", 20)
    key.choose("F9")
    qtbot.waitUntil(lambda: key.state is KeyState.AVAILABLE)
    with qtbot.waitSignal(key.held):
        desktop.press()
    qtbot.wait(60)
    desktop.release()
    qtbot.waitUntil(lambda: dictation.done == ["toggle", "stop"])


def test_what_the_person_does_not_want_is_not_taken(desktop: Desktop, key: GlobalKey, qtbot: QtBot) -> None:
    desktop.answer = 1
    key.choose("F9")
    qtbot.waitUntil(lambda: key.state is KeyState.REFUSED)
    assert "did not give the key" in key.words()


def test_without_a_portal_the_way_by_the_command_is_told(bus: str, key: GlobalKey, qtbot: QtBot) -> None:
    key.choose("F9")
    qtbot.waitUntil(lambda: key.state is KeyState.IMPOSSIBLE)
    assert "offline-assistant dictate --toggle" in key.words()


def test_a_session_that_the_desktop_closes_takes_the_key_back(
    desktop: Desktop, key: GlobalKey, qtbot: QtBot
) -> None:
    key.choose("F9")
    qtbot.waitUntil(lambda: key.state is KeyState.AVAILABLE)
    with qtbot.waitSignal(key.held):
        desktop.press()
    with qtbot.waitSignal(key.held, check_params_cb=lambda held: not held):
        desktop.end_session()
    qtbot.waitUntil(lambda: key.state is KeyState.IMPOSSIBLE)


def test_another_key_takes_the_place_of_the_first(
    desktop: Desktop, key: GlobalKey, dictation: Dictation, qtbot: QtBot
) -> None:
    key.choose("F9")
    key.choose("F10")
    qtbot.waitUntil(lambda: key.state is KeyState.AVAILABLE)
    assert desktop.calls_of("BindShortcuts")[-1][1][0][1]["preferred_trigger"] == ("s", "F10")
    desktop.press()
    qtbot.waitUntil(lambda: dictation.done == ["toggle"])
    key.choose("")
    assert key.state is KeyState.OFF


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Ctrl+Alt+D", "CTRL+ALT+d"),
        ("Meta+Shift+PgUp", "SHIFT+LOGO+Page_Up"),
        ("F9", "F9"),
        ("Ctrl+5", "CTRL+5"),
    ],
)
def test_keys_in_the_words_of_the_specification(keys: str, words: str) -> None:
    combination: QKeyCombination = QKeySequence(keys)[0]  # type: ignore[index]
    assert trigger(combination) == words


# --- the text


def typed(desktop: Desktop) -> list[tuple[int, int]]:
    return [(keysym, state) for _, _, keysym, state in desktop.calls_of("NotifyKeyboardKeysym")]


def taps(*keysyms: int) -> list[tuple[int, int]]:
    return [(keysym, state) for keysym in keysyms for state in (DOWN, UP)]


def test_text_is_typed_key_by_key(desktop: Desktop, insertion: Insertion, qtbot: QtBot) -> None:
    assert insertion.possible
    insertion.prepare()
    with qtbot.waitSignal(insertion.done) as done:
        insertion.change(0, "Ös\nم😀")
    assert done.args == [Outcome.DONE, "Ös\nم😀"]
    new_line = [(SHIFT_L, DOWN), *taps(RETURN), (SHIFT_L, UP)]
    assert typed(desktop) == [
        *taps(0xD6, ord("s")),
        *new_line,
        *taps(0x01000000 + ord("م"), 0x01000000 + ord("😀")),
    ]


def test_what_is_taken_back_is_taken_back_by_keys(
    desktop: Desktop, insertion: Insertion, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(insertion.done):
        insertion.change(2, "a")
    assert typed(desktop) == taps(BACKSPACE, BACKSPACE, ord("a"))


def test_the_person_is_asked_once(
    desktop: Desktop, insertion: Insertion, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(insertion.done):
        insertion.change(0, "a")
    assert "restore_token" not in desktop.calls_of("SelectDevices")[0][1]
    again = Insertion()
    with qtbot.waitSignal(again.done):
        again.change(0, "b")
    again.close()
    assert desktop.calls_of("SelectDevices")[1][1]["restore_token"] == ("s", "until revoked")
    assert (tmp_path / "home" / "speech" / PORTAL_TOKEN).exists()


def test_nothing_is_typed_while_the_key_is_held(desktop: Desktop, insertion: Insertion, qtbot: QtBot) -> None:
    insertion.key_held(True)
    insertion.change(0, "a")
    qtbot.waitUntil(lambda: bool(desktop.calls_of("Start")))
    qtbot.wait(100)
    assert not typed(desktop)
    with qtbot.waitSignal(insertion.done):
        insertion.key_held(False)
    assert typed(desktop) == taps(ord("a"))


def test_a_refusal_is_told(desktop: Desktop, insertion: Insertion, qtbot: QtBot) -> None:
    desktop.answer = 1
    with qtbot.waitSignal(insertion.done) as done:
        insertion.change(0, "a")
    assert done.args == [Outcome.REFUSED, "a"]
    desktop.answer = 0
    with qtbot.waitSignal(insertion.done) as done:
        insertion.change(0, "b")
    assert done.args == [Outcome.DONE, "b"]


def test_no_portal_is_told(insertion: Insertion, qtbot: QtBot) -> None:
    with qtbot.waitSignal(insertion.done) as done:
        insertion.change(0, "a")
    assert done.args == [Outcome.IMPOSSIBLE, "a"]


# --- the panel


def test_a_notification_stands_for_the_panel(desktop: Desktop, qtbot: QtBot) -> None:
    panel = _new_panel()
    assert isinstance(panel, NotificationPanel)
    panel.open()
    panel.show_state("Listening")
    panel.show_words("a < b")
    qtbot.waitUntil(lambda: bool(desktop.calls_of("Notify")))
    _, replaced, _, title, words, actions, _, _ = desktop.calls_of("Notify")[0]
    assert (replaced, title, words) == (0, "Listening", "a &lt; b")
    with qtbot.waitSignal(panel.stop_wanted):
        desktop.click(7, actions[0])
    panel.show_words("more")
    qtbot.waitUntil(lambda: len(desktop.calls_of("Notify")) == 2)
    assert desktop.calls_of("Notify")[1][1] == 7, "in the place of the first"
    panel.hide()
    qtbot.waitUntil(lambda: desktop.calls_of("CloseNotification") == [(7,)])
    panel.close()


def test_nobody_to_show_notifications_is_no_fault(
    bus: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    panel = NotificationPanel()
    panel.open()
    panel.show_words("heard")
    qtbot.waitUntil(lambda: not panel._timer.isActive() and panel._thread is None)
    panel.close()


# --- a picture of the screen


@pytest.fixture
def chat(desktop: Desktop, chat: ChatPage) -> ChatPage:
    """In a window that opens on this desktop."""
    return chat


def test_the_desktop_has_a_part_of_the_screen_chosen(
    chat: ChatPage, desktop: Desktop, window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.save(str(tmp_path / "my screen.png"))
    desktop.picture = (tmp_path / "my screen.png").as_uri()
    chat.pictures.screen.take()
    assert not window.isHidden()  # the desktop asks over all that is there
    qtbot.waitUntil(lambda: len(chat.pictures.kept()) == 1)
    (kept,) = chat.pictures.kept()
    assert (kept.name, kept.width, kept.height) == ("Screenshot", 30, 20)
    ((parent, options),) = desktop.calls_of("Screenshot")
    assert (parent, options["interactive"]) == ("", ("b", True))


def test_who_chooses_no_part_of_the_screen_is_told_nothing(
    chat: ChatPage, desktop: Desktop, window: Window, qtbot: QtBot
) -> None:
    desktop.answer = 1
    with qtbot.waitSignal(chat.pictures.screen.answered):
        chat.pictures.screen.take()
    assert not window.notices.all()
    assert not chat.pictures.kept()


@pytest.mark.parametrize("address", ["", "https://example.org/a.png", "file:///not/here.png"])
def test_a_desktop_that_gives_no_picture_is_told_of(
    chat: ChatPage, desktop: Desktop, window: Window, qtbot: QtBot, address: str
) -> None:
    desktop.picture = address
    chat.pictures.screen.take()
    qtbot.waitUntil(lambda: bool(window.notices.all()))
    assert "pictures of the screen" in window.notices.all()[0].message
