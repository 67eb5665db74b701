"""Chat on the command line with a real process and a tiny model whose words mean nothing."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from assistant import paths
from assistant.chat.history.history import History
from assistant.chat.history.records import READ_ONLY_TEXT, MessageState
from assistant.chat.records import Role
from tests.made_models import families, projectors
from tests.made_models.colours.pictures import MODEL, TwoColours

ANSWER_TOKENS = 24


def chat(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "chat", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    )


def objects(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return families.make(tmp_path_factory.mktemp("model") / "tiny.gguf", "llama")


@pytest.fixture(scope="module")
def slow_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that is still writing when it is stopped."""
    shape = families.TinyShape(embedding=512, layers=6, heads=8)
    shape.context = 16_384
    return families.make(tmp_path_factory.mktemp("model") / "slow.gguf", "qwen2", shape=shape)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers are short in it, and always the same."""
    home = tmp_path_factory.mktemp("home")
    chosen = f"longest_answer = {ANSWER_TOKENS}\ntemperature = 0.0\n"
    (home / "settings.toml").write_text(f"version = 1\n[chat]\n{chosen}")
    return home


def test_without_a_model_it_says_how_to_name_one(tmp_path: Path) -> None:
    asked = chat(tmp_path, "Hello", "--json")
    assert asked.returncode == 1
    assert objects(asked)[0]["error"]["code"] == "no-model"
    assert "--model FILE.gguf" in asked.stderr
    assert not (tmp_path / "history.sqlite3").exists()


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    wrong = tmp_path / "notes.gguf"
    wrong.write_text("no model")
    asked = chat(tmp_path, "Hello", "--model", str(wrong))
    assert asked.returncode == 1
    assert len(asked.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "settings.toml").exists()
    gone = chat(tmp_path, "Hello", "--model", str(tmp_path / "gone.gguf"))
    assert gone.returncode == 1
    assert "gone.gguf" in gone.stderr


def test_wrong_use(tmp_path: Path) -> None:
    nobody = chat(tmp_path, "Hello", "--assistant", "Nobody")
    assert nobody.returncode == 1
    assert "Farm adviser" in nobody.stderr
    assert chat(tmp_path, " ").returncode == 1
    assert chat(tmp_path, "--wrong").returncode == 2


def test_a_prompt_is_answered_and_kept_and_the_model_remembered(home: Path, model: Path) -> None:
    asked = chat(home, "How deep is the well?", "--model", str(model))
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.strip()
    assert "maximum length" in asked.stderr
    assert str(model) in (home / "settings.toml").read_text()
    assert str(model.parent) in next((home / "models").glob("library/*/model.json")).read_text()
    history = History(home / "history.sqlite3")
    (info,) = history.conversations()
    question, answer = history.open(info.id).messages
    history.close()
    assert (info.title, question.content) == ("How deep is the well?", "How deep is the well?")
    assert (answer.role, answer.state, answer.model) == (Role.ASSISTANT, MessageState.COMPLETE, "Tiny llama")
    assert answer.content
    assert (answer.meta["tokens"], answer.meta["finish"]) == (ANSWER_TOKENS, "length")

    lines = chat(home, "--json", "--assistant", "farm adviser", stdin="one\n\n two \n")
    assert lines.returncode == 0, lines.stderr
    first, second = objects(lines)
    assert {"answer", "model", "conversation", "finish", "tokens", "seconds"} <= first.keys()
    assert first["conversation"] == second["conversation"] != info.id
    history = History(home / "history.sqlite3")
    kept = history.open(first["conversation"])
    history.close()
    assert kept.info.assistant == "farm"
    assert [m.content for m in kept.messages] == ["one", first["answer"], "two", second["answer"]]


def test_what_a_picture_shows_is_answered(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text("version = 1\n[chat]\ntemperature = 0.0\n")
    picture = TwoColours("red", "blue").write(tmp_path / "colours.png")
    asking = ("--picture", picture.path, "--model", str(MODEL), "--json")
    asked = chat(home, *asking, stdin="What is on the left?\nWhat is on the right?\n")
    assert [each["answer"] for each in objects(asked)] == ["It is red.", "It is blue."]


def test_pictures_go_with_the_first_message(home: Path, model: Path, tmp_path: Path) -> None:
    """This model does not see, and there is no text to be read in the picture."""
    red = projectors.picture(tmp_path / "red.png", [[(255, 0, 0)] * 40] * 30)
    asked = chat(home, "--picture", str(red), "--model", str(model), stdin="What is this?\nAnd now?\n")
    assert asked.returncode == 0, asked.stderr
    assert asked.stderr.count("it reads the text recognised in them") == 1
    history = History(home / "history.sqlite3")
    said, answer, more, other = history.open(history.conversations()[0].id).messages
    history.close()
    (kept,) = said.pictures
    assert (kept.name, kept.width, kept.height, kept.text) == ("red.png", 40, 30, "")
    assert history.pictures.path(kept.file).is_file()
    assert answer.meta[READ_ONLY_TEXT]
    assert (more.pictures, READ_ONLY_TEXT in other.meta) == ((), False)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_ctrl_c_stops_the_answer_and_a_second_one_leaves(home: Path, slow_model: Path) -> None:
    import fcntl
    import pty
    import termios

    endless = (home / "settings.toml").read_text().replace(f"= {ANSWER_TOKENS}", "= 100000")
    (home / "settings.toml").write_text(endless)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", "--model", str(slow_model)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    )
    os.close(theirs)
    try:
        screen = Screen(ours)
        assert b"Ctrl-D leaves" in screen.until(b"> ")
        os.write(ours, b"Tell me a story\n")
        screen.until(b"Tell me a story")
        screen.until(b"\x1b[2K")  # the line that says what happens is gone: words come
        time.sleep(0.2)
        os.write(ours, b"\x03")
        assert b"Stopped" in screen.until(b"again to leave.")
        screen.until(b"> ")
        # A key pressed in the very moment in which the prompt appears may be lost.
        for _ in range(20):
            os.write(ours, b"\x03")
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
                break
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    history = History(home / "history.sqlite3")
    newest = history.conversations()[0]
    answer = history.open(newest.id).messages[1]
    history.close()
    assert newest.title == "Tell me a story"
    assert answer.state is MessageState.STOPPED


class Screen:
    """What a pseudo-terminal shows."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._unread = b""

    def until(self, mark: bytes, seconds: float = 60.0) -> bytes:
        """All up to the mark; what comes after it is for the next call."""
        deadline = time.monotonic() + seconds
        while mark not in self._unread:
            assert time.monotonic() < deadline, self._unread
            if select.select([self._terminal], [], [], 0.2)[0]:
                self._unread += os.read(self._terminal, 4096)
        seen, _, self._unread = self._unread.partition(mark)
        return seen
