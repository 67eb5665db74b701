"""Under `strace`, a whole run of the program opens no Internet socket: not one call is even tried."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import paths
from tests.made_models.grounded.facts import PRODUCT

INTERNET = re.compile(r"socket\((AF_INET6?|AF_PACKET)\b")


def traced(home: Path, trace: Path, *arguments: str, status: int = 0) -> str:
    """Run a command of the program with all its children under strace; returns its standard output."""
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=socket", "-o", str(trace)]
    result = subprocess.run(
        [*strace, sys.executable, "-m", "assistant", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    )
    assert result.returncode == status, result.stderr
    return result.stdout


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_add_ask_and_chat_open_no_internet_socket(tmp_path: Path) -> None:
    home = tmp_path / "home"
    note = tmp_path / "note.html"
    note.write_text('<p>The bridge was closed in 1987.</p><img src="http://192.0.2.1/picture.png">')
    trace = tmp_path / "trace"
    traced(home, trace, "add", str(note))
    calls = trace.read_text()
    printed = traced(home, trace, "ask", "When was the bridge closed?", "--json")
    calls += trace.read_text()
    assert "1987" in json.loads(printed)["citations"][0]["quote"]
    traced(home, trace, "chat", "--model", str(PRODUCT), "Hello.")
    calls += trace.read_text()
    assert not INTERNET.findall(calls)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_download_that_nobody_confirmed_opens_no_internet_socket(tmp_path: Path) -> None:
    """The courier is there and waits; it does nothing by itself."""
    trace = tmp_path / "trace"
    fit = json.loads(traced(tmp_path / "home", trace, "models", "fit", "--json"))
    calls = trace.read_text()
    smallest = min((model for model in fit["models"] if model["size"]), key=lambda model: model["size"])
    refused = traced(tmp_path / "home", trace, "models", "get", smallest["id"], "--json", status=1)
    assert "not confirmed" in json.loads(refused)["error"]["message"]
    assert not INTERNET.findall(calls + trace.read_text())
