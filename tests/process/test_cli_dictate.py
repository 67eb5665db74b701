"""`dictate` as a key of the desktop calls it: real processes, and a window's socket."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import paths
from ui.shell.single_instance import socket_path


@pytest.fixture(autouse=True)
def runtime_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Not below `tmp_path`, which may be too long for a socket."""
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def dictate(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", "dictate", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_running_window_is_told() -> None:
    with socket.socket(socket.AF_UNIX) as window:
        window.bind(socket_path(paths.home()) or "")
        window.listen()
        told = dictate("--toggle")
        assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
        caller, _ = window.accept()
        with caller:
            assert caller.makefile().readline() == "toggle\n"


def test_without_a_window_it_says_so() -> None:
    told = dictate("--start")
    assert told.returncode == 1
    assert told.stderr.splitlines() == [
        "Offline Assistant is not open, and its window is what listens. "
        "Start it with `offline-assistant`, then dictate."
    ]


@pytest.mark.parametrize("options", [(), ("--start", "--stop"), ("--listen",)])
def test_wrong_use(options: tuple[str, ...]) -> None:
    assert dictate(*options).returncode == 2
