"""The safety net that every test hangs in is itself shown to catch."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).with_name("conftest.py").read_text()
TESTS = """
import logging, multiprocessing, os, subprocess, threading, time, warnings
from pathlib import Path
import pytest

def test_bad_process():
    multiprocessing.get_context("spawn").Process(target=time.sleep, args=(60,)).start()

def test_bad_thread():
    threading.Thread(target=time.sleep, args=(2,)).start()

def test_bad_log():
    logging.getLogger("assistant.anything").warning("a surprise")

def test_bad_warning():
    warnings.warn("nobody looked at this")

@pytest.mark.allow_log("a surpr")
def test_good_log():
    logging.getLogger("assistant.anything").warning("a surprise")

def test_good_process_and_thread():
    subprocess.run(["true"], check=True)
    thread = threading.Thread(target=print)
    thread.start()
    thread.join()

def test_good_home(tmp_path):
    assert Path(os.environ["OFFLINE_ASSISTANT_HOME"]).is_relative_to(tmp_path)
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
"""
SETTINGS = "[pytest]\nmarkers =\n    allow_log: x\n    keeps_children: x\nfilterwarnings = error\n"


def test_what_is_left_behind_fails_its_test_and_nothing_else_does(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.replace("GRACE_SECONDS = 3.0", "GRACE_SECONDS = 0.3"))
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text(SETTINGS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rfEp", str(tmp_path)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120).stdout
    caught = set(re.findall(r"^(?:FAILED|ERROR) \S+::(\w+)", said, re.MULTILINE))
    assert caught == {"test_bad_process", "test_bad_thread", "test_bad_log", "test_bad_warning"}, said
    for words in ("left behind:\nprocess", "left behind:\nthread", "unexpected in the log:\nWARNING"):
        assert words in said


def test_processes_keep_what_they_compile() -> None:
    """Whatever the environment says; else each of them compiles all that it imports."""
    assert not sys.dont_write_bytecode
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
