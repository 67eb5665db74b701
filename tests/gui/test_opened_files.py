"""Files on the command line of the window, handed over by a second start, or opened by the system."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant import paths
from tests.gui.doubles import Services
from ui import app
from ui.common.theme import Theme
from ui.shell import single_instance
from ui.shell.opened_files import Application, absolute_paths
from ui.shell.single_instance import SingleInstance, call_first_instance, socket_path

ROOT = Path(__file__).resolve().parents[2]
ODD = ["a b#c?d %41.pdf", "two\nlines.txt", "中文 ü.md", "--help", "50%.odt"]
if os.name != "nt":
    ODD.append(os.fsdecode(b"not utf-8 \xff\xfe.txt"))


@pytest.fixture(autouse=True)
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Not below `tmp_path`, which may be too long for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def quiet(theme: Theme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.common.motion.wanted_by_system", lambda: False)


class Program:
    """The program with these files, on a double of the services."""

    def __init__(self, qapp: QApplication, files: list[str]) -> None:
        self.running = app.RunningApp(qapp, files)
        self.window = self.running.window
        self.services: Services | None = None
        self.running._make_services = self._make  # type: ignore[method-assign, assignment]

    def _make(self) -> Any:
        self.services = Services(self.window.bridge.receive)
        return self.services

    def added(self) -> list[tuple[str, ...]]:
        calls = self.services.documents.calls if self.services else []
        return [arguments[0] for name, arguments in calls if name == "add"]

    def run_until_added(self) -> None:
        def look() -> None:
            if self.added():
                timer.stop()
                self.window.close()

        timer = QTimer()
        timer.timeout.connect(look)
        timer.start(5)
        latest = QTimer(singleShot=True)
        latest.timeout.connect(self.window.close)
        latest.start(120_000)
        assert self.running.run() == 0
        latest.stop()
        self.window.deleteLater()


def test_paths_and_urls_become_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ODD:
        whole = tmp_path / name
        assert absolute_paths([name, str(whole), whole.as_uri()]) == [str(whole)] * 3
    assert absolute_paths(["", "../other"]) == [str(tmp_path / ".." / "other")]


@pytest.mark.skipif(os.name == "nt", reason="URLs are read by Qt there")
def test_urls_are_read_as_other_programs_write_them() -> None:
    told = ["file:///tmp/a#b?c d.pdf", "FILE:/tmp/x", "file://localhost/tmp/50%.pdf", "file:///tmp/\udcff"]
    assert absolute_paths(told) == ["/tmp/a#b?c d.pdf", "/tmp/x", "/tmp/50%.pdf", "/tmp/\udcff"]


@pytest.mark.skipif(os.name == "nt", reason="a folder in use stays there")
def test_a_start_from_a_folder_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    monkeypatch.setenv("PWD", str(tmp_path / "gone"))
    (tmp_path / "gone").rmdir()
    assert absolute_paths(["a.pdf"]) == [str(tmp_path / "gone" / "a.pdf")]


def test_files_wait_for_the_services(quiet: None, qapp: QApplication, tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ODD]
    program = Program(qapp, files)
    program.run_until_added()
    assert program.added() == [tuple(files)]


def test_models_and_recordings_go_where_they_go_when_dropped(
    quiet: None, qapp: QApplication, tmp_path: Path
) -> None:
    sound, text = tmp_path / "talk.wav", tmp_path / "notes.txt"
    for each in (sound, text):
        each.write_bytes(b"RIFF")
    program = Program(qapp, [str(sound), str(text)])
    given: list[tuple[str, ...]] = []
    program.window.document_actions.recordings_given.connect(lambda sorted: given.append(sorted.recordings))
    program.run_until_added()
    assert given == [(str(sound),)]
    assert program.added() == [(str(text),)]


def test_files_of_a_second_start_are_taken_by_the_window(
    quiet: None, qapp: QApplication, tmp_path: Path
) -> None:
    """With a real second process, which paints no window and ends with 0."""
    (tmp_path / "work").mkdir()
    paths.lock_file().parent.mkdir(parents=True, exist_ok=True)
    paths.lock_file().touch()
    program = Program(qapp, [])
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        code = "import sys; from assistant.__main__ import window_main; sys.exit(window_main())"
        arguments = [*ODD, (tmp_path / "a b.pdf").as_uri()]
        command = [sys.executable, "-c", code, *map(os.fsencode, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen(command, cwd=tmp_path / "work", env=environment))

    program.window.context.services_ready.connect(start)
    program.run_until_added()
    wanted = [*(str(tmp_path / "work" / name) for name in ODD), str(tmp_path / "a b.pdf")]
    assert program.added() == [tuple(wanted)]
    assert started[0].wait(60) == 0


def test_the_window_comes_forward_with_the_files(
    quiet: None, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program(qapp, [])
    forward: list[None] = []
    monkeypatch.setattr(program.window, "come_forward", lambda: forward.append(None))
    program.window.context.services_ready.connect(lambda: program.running.take(["/a/b.pdf"]))
    program.run_until_added()
    assert forward == [None]
    assert program.added() == [("/a/b.pdf",)]


def test_many_files_arrive_whole(qtbot: QtBot) -> None:
    """More than a socket holds at once, said while the window listens in the same thread."""
    instance = SingleInstance(paths.home())
    given: list[list[str]] = []
    instance.files_given.connect(given.append)
    caller = QLocalSocket()
    caller.connectToServer(socket_path(paths.home()) or "")
    assert caller.waitForConnected(1000)
    urls = [f"file:///{'x' * 200}/{number}" for number in range(10_000)]
    caller.write(f"open {len(urls)}\n".encode() + "".join(f"{url}\n" for url in urls).encode())
    qtbot.waitUntil(lambda: bool(given))
    assert given == [urls]
    qtbot.waitUntil(lambda: bytes(caller.readAll().data()) == b"heard\n")
    instance.close()


def test_half_a_list_is_not_taken(qtbot: QtBot) -> None:
    instance = SingleInstance(paths.home())
    given: list[object] = []
    instance.files_given.connect(given.append)
    caller = QLocalSocket()
    caller.connectToServer(socket_path(paths.home()) or "")
    assert caller.waitForConnected(1000)
    caller.write(b"open 2\nfile:///a\n")
    caller.waitForBytesWritten(1000)
    qtbot.wait(50)
    caller.abort()
    with qtbot.waitSignal(instance.called):
        assert call_first_instance(paths.home())
    assert given == []
    instance.close()


def test_endless_talk_is_cut_off(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single_instance, "MOST_BYTES", 1000)
    instance = SingleInstance(paths.home())
    caller = QLocalSocket()
    caller.connectToServer(socket_path(paths.home()) or "")
    assert caller.waitForConnected(1000)
    with qtbot.waitSignal(caller.disconnected):
        caller.write(b"open 1\n" + b"x" * 2000)
    instance.close()


def test_a_window_that_closes_meanwhile_has_not_taken_them(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_instance, "TAKEN_WITHIN_MS", 100)
    instance = SingleInstance(paths.home())  # it accepts, but nobody reads: no event loop runs
    assert not call_first_instance(paths.home(), ["/a/b.pdf"])
    instance.close()


def test_a_file_that_the_system_opens(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """As macOS tells it; the event is the same on every system."""
    assert isinstance(qapp, Application)
    file = tmp_path / ODD[0]
    with qtbot.waitSignal(qapp.files_opened) as told:
        qapp.postEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(file))))
    assert told.args == [[str(file)]]
