"""The program from its start to its end: one window for each data folder, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.errors import DataFolderBusy, DiskFull
from tests.gui.doubles import Services
from tests.told import told
from ui import app
from ui.common.theme import Theme
from ui.shell.single_instance import (
    SingleInstance,
    call_first_instance,
    socket_path,
    tell_first_instance,
)


@pytest.fixture(autouse=True)
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Not below `tmp_path`, which may be too long for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def running(theme: Theme, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[app.RunningApp]:
    """The program on a double of the services; `run` returns when the window is closed. Nothing fades."""
    monkeypatch.setattr("ui.common.motion.wanted_by_system", lambda: False)
    program = app.RunningApp(qapp)
    made: list[Services] = []

    def make() -> Any:
        made.append(Services(program.window.bridge.receive))
        return made[-1]

    program.made = made  # type: ignore[attr-defined]
    monkeypatch.setattr(program, "_make_services", make)
    yield program
    program.window.deleteLater()
    qapp.setQuitOnLastWindowClosed(True)


def test_the_window_is_painted_before_the_services_are_there(
    running: app.RunningApp, qapp: QApplication
) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(running.window.isVisible())
        seen.append(running.window.context.ready)
        running.window.context.services_ready.connect(running.window.close)

    QTimer.singleShot(0, look)
    assert running.run() == 0
    assert seen == [True, False]
    assert [services.closed for services in running.made] == [True]  # type: ignore[attr-defined]


@pytest.mark.parametrize("damage", [None, b"", b"rubbish" * 40])
def test_the_window_comes_back_as_it_was(
    running: app.RunningApp, qapp: QApplication, damage: bytes | None
) -> None:
    def grow() -> None:
        running.window.resize(780, 610)
        running.window.close()

    paths.home().mkdir(parents=True)
    running.window.context.services_ready.connect(lambda: QTimer.singleShot(50, grow))
    assert running.run() == 0
    if damage is not None:
        paths.window_file().write_bytes(damage)
    again = app.RunningApp(qapp)
    assert ((again.window.width(), again.window.height()) == (780, 610)) == (damage is None)
    again.window.deleteLater()


def test_ctrl_c_closes_in_order(running: app.RunningApp) -> None:
    running.window.context.services_ready.connect(lambda: os.kill(os.getpid(), signal.SIGINT))
    assert running.run() == 0
    assert running.made[0].closed  # type: ignore[attr-defined]


def test_closing_while_the_services_open(running: app.RunningApp) -> None:
    slow = running._make_services

    def make() -> Any:
        time.sleep(0.2)
        return slow()

    running._make_services = make  # type: ignore[method-assign]
    QTimer.singleShot(50, running.window.close)
    assert running.run() == 0
    assert running.made[0].closed  # type: ignore[attr-defined]


def test_a_busy_folder_is_waited_for(running: app.RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "RETRY_EVERY_MS", 30)
    make = running._make_services
    tries: list[int] = []
    said: list[str] = []

    def busy_twice() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise told(
                DataFolderBusy, "Another command uses this data folder.", "Wait.", {"owner": "command line"}
            )
        said.extend(notice.message for notice in running.window.notices.all())
        return make()

    running._make_services = busy_twice  # type: ignore[method-assign]
    running.window.context.services_ready.connect(lambda: QTimer.singleShot(0, running.window.close))
    assert running.run() == 0
    assert len(tries) == 3
    assert said == ["Another command uses this data folder."]
    assert not running.window.notices.all()


def test_a_folder_that_cannot_be_used_is_a_notice_with_another_try(
    running: app.RunningApp, qtbot: QtBot
) -> None:
    make = running._make_services
    tries: list[int] = []

    def once_full() -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise told(DiskFull, "The disk is full.", "Free some space.")
        return make()

    running._make_services = once_full  # type: ignore[method-assign]

    def try_again() -> None:
        (notice,) = running.window.notices.all()
        assert notice.action is not None
        notice.action.do()

    running.window.notices.changed.connect(
        lambda: QTimer.singleShot(0, try_again) if len(tries) == 1 else None
    )
    running.window.context.services_ready.connect(running.window.close)
    assert running.run() == 0
    assert len(tries) == 2


@pytest.mark.allow_log("a failure that nobody handled")
def test_an_exception_in_a_slot_is_shown(running: app.RunningApp) -> None:
    def fail() -> None:
        raise ValueError("a defect")

    said: list[str] = []
    running.window.notices.changed.connect(
        lambda: (said.append(running.window.notices.all()[0].message), running.window.close())
    )
    QTimer.singleShot(0, lambda: sys.excepthook(ValueError, ValueError("a defect"), None))
    assert running.run() == 0
    assert said == ["Something in the program went wrong (ValueError)."]


# --- one window for each data folder


def test_a_second_start_rings(qtbot: QtBot) -> None:
    home = paths.home()
    assert not call_first_instance(home), "nobody is there yet"
    instance = SingleInstance(home)
    with qtbot.waitSignal(instance.called):
        assert call_first_instance(home)
    instance.close()
    assert not call_first_instance(home)


def test_two_data_folders_do_not_hear_each_other(tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path / "one")
    assert socket_path(tmp_path / "one") != socket_path(tmp_path / "two")
    assert not call_first_instance(tmp_path / "two")
    instance.close()


def test_an_instance_left_by_a_killed_window_is_replaced(qtbot: QtBot, tmp_path: Path) -> None:
    import socket

    where = socket_path(tmp_path)
    assert where is not None
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(where)
    dead.close()
    assert not call_first_instance(tmp_path)
    instance = SingleInstance(tmp_path)
    with qtbot.waitSignal(instance.called):
        assert call_first_instance(tmp_path)
    instance.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe's name has no folder there")
def test_a_folder_that_others_can_write_is_not_trusted(tmp_path: Path, runtime_folder: Path) -> None:
    runtime_folder.chmod(0o777)
    assert socket_path(tmp_path) is None
    assert not call_first_instance(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe's name has no folder there")
def test_a_folder_too_long_for_a_socket_is_not_used(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("long" * 20)))
    (tmp_path / ("long" * 20)).mkdir(mode=0o700)
    instance = SingleInstance(tmp_path)
    with qtbot.waitSignal(instance.called):
        assert call_first_instance(tmp_path)
    instance.close()


def test_a_second_program_raises_the_first_and_leaves(qtbot: QtBot, tmp_path: Path) -> None:
    """With a real second process: it must not paint a window and must end with 0."""
    paths.lock_file().parent.mkdir(parents=True)
    paths.lock_file().touch()
    instance = SingleInstance(paths.home())
    called: list[int] = []
    instance.called.connect(lambda: called.append(1))
    second = subprocess.Popen(
        [sys.executable, "-c", "import sys; from ui.app import main; sys.exit(main(['x']))"],
        cwd=Path(__file__).resolve().parents[2],
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=120_000)
    assert second.returncode == 0
    assert called == [1]
    instance.close()


@pytest.mark.parametrize("word", ["start", "stop", "toggle"])
def test_a_command_tells_the_window_to_dictate(word: str, qtbot: QtBot) -> None:
    home = paths.home()
    assert not tell_first_instance(home, word), "nobody is there yet"
    instance = SingleInstance(home)
    called: list[None] = []
    instance.called.connect(lambda: called.append(None))
    with qtbot.waitSignal(instance.dictation_wanted) as told:
        assert tell_first_instance(home, word)
    assert told.args == [word]
    assert not called, "the window stays where it is"
    instance.close()


@pytest.mark.parametrize("said", [b"", b"delete everything\n", b"x" * 4096])
def test_who_says_something_else_is_not_heard(said: bytes, qtbot: QtBot) -> None:
    instance = SingleInstance(paths.home())
    heard: list[object] = []
    instance.called.connect(lambda: heard.append("called"))
    instance.dictation_wanted.connect(heard.append)
    caller = QLocalSocket()
    caller.connectToServer(socket_path(paths.home()) or "")
    assert caller.waitForConnected(1000)
    caller.write(said)
    caller.flush()
    assert tell_first_instance(paths.home(), "stop")
    qtbot.waitUntil(lambda: heard == ["stop"])
    caller.abort()
    instance.close()
