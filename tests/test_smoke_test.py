"""The smoke test of the installer can fail: on what a program says, on what it leaves, on an empty window."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

import smoke_test
from long_work import Stop
from smoke import window
from smoke.program import Failed, Place, Program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what runs is read from /proc")


@pytest.fixture(autouse=True)
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smoke.program.GRACE_SECONDS", 0.3)


def program(folder: Path, script: str) -> Program:
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return Program(Place(path, folder))


def test_what_a_program_prints_is_read_and_its_failure_is_told(tmp_path: Path) -> None:
    good = program(tmp_path, """echo "{\\"home\\": \\"$HOME\\", \\"said\\": \\"$1\\"}" """)
    assert good.ask("hello") == {"home": str(tmp_path), "said": "hello"}
    (good.data() / "logs").mkdir(parents=True)
    (good.data() / "logs" / "chat.log").write_text("--- process 1\nout of memory\n")
    bad = program(tmp_path, "echo broken >&2; exit 3")
    with pytest.raises(Failed, match=r"ended with 3, not 0\nbroken\n--- chat\.log\nout of memory"):
        bad.run("hello")
    with pytest.raises(Failed, match="printed no JSON"):
        program(tmp_path, "echo hello").ask()


def test_a_program_that_is_not_there_is_told_before_anything_is_tried(tmp_path: Path) -> None:
    with pytest.raises(Stop, match="There is no program"):
        smoke_test.check(tmp_path)


def test_a_process_that_outlives_its_program_is_told(tmp_path: Path) -> None:
    leaving = program(tmp_path, "sleep 60 >&- 2>&- & exit 0")
    with pytest.raises(Failed, match=r"left processes behind: .*sleep 60"):
        leaving.run()
    (left,) = leaving.processes()
    assert left == leaving.first_process() != os.getpid()
    leaving.kill(left)
    assert leaving.left() == []


def test_colours_of_a_display_are_counted(tmp_path: Path) -> None:
    width, height = window.SCREEN
    fields = [0] * 25
    fields[0], fields[12], fields[19] = 104, width * 4, 2
    grey = bytearray(104 + 2 * 12 + width * 4 * height)
    struct.pack_into(">25I", grey, 0, *fields)
    picture = tmp_path / "screen"
    picture.write_bytes(grey)
    assert window._Display(":0", picture).colours() == 1
    row = struct.pack(f"<{width}I", *range(width))
    picture.write_bytes(grey[: -len(row) * 8] + row * 8)
    assert window._Display(":0", picture).colours() == width
