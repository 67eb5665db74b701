"""`models …` as scripts use it: real processes, the contract's shapes and exit statuses."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from assistant import paths
from assistant.data_lock import DataLock
from tests.made_models import embedders
from tests.made_models.grounded.facts import PRODUCT
from tests.process.courier_setup import wait_until
from tests.process.file_server import FileServer, running, stall, whole

ROOT = Path(__file__).resolve().parents[2]
ID = "small"
Catalogue: TypeAlias = tuple[str, ...]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, paths.HOME_VARIABLE: str(home), "PYTHONPATH": str(ROOT)}


def assistant(home: Path, *arguments: str, catalogue: Catalogue = ()) -> subprocess.CompletedProcess[str]:
    """A command in a home of its own; with `catalogue`, of the program that has another one."""
    return subprocess.run(
        [*program(catalogue), "models", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment(home),
    )


def program(catalogue: Catalogue) -> list[str]:
    if not catalogue:
        return [sys.executable, "-m", "assistant"]
    return [sys.executable, "-m", "tests.process.models_program", *catalogue]


def printed(result: subprocess.CompletedProcess[str], status: int = 0) -> dict[str, Any]:
    assert result.returncode == status, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def server() -> Iterator[FileServer]:
    with running() as server:
        yield server


@pytest.fixture
def catalogue(tmp_path: Path, server: FileServer) -> Catalogue:
    """The folder of what is shipped, but with a catalogue of one model, and the server that has it."""
    folder, content = tmp_path / "resources", PRODUCT.read_bytes()
    large = ("embedder", "language_model")
    shutil.copytree(paths.resources(), folder, ignore=shutil.ignore_patterns("icons", "*.png", *large))
    for name in large:
        (folder / name).symlink_to(paths.resources() / name)
    server.serve("/small.gguf", whole(content))
    models = json.loads((folder / "models.json").read_text("utf-8"))
    entry = next(entry for entry in models["models"] if entry["kind"] == "chat")
    file = {
        "name": "small.gguf",
        "address": "https://huggingface.co/small.gguf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    models["models"] = [{**entry, "id": ID, "name": "Small One", "files": [file]}]
    (folder / "models.json").write_text(json.dumps(models), "utf-8")
    return str(folder), server.address("")


# --- what is here --------------------------------------------------------------------------------------


def test_models_are_added_listed_checked_and_removed(home: Path, tmp_path: Path) -> None:
    assert printed(assistant(home, "--json"))["models"] == []
    assert "models fit" in assistant(home).stdout
    file = tmp_path / "product.gguf"
    shutil.copyfile(PRODUCT, file)
    added = printed(assistant(home, "add", str(file), "--json"))
    (model,) = added["models"]
    assert (model["kind"], model["size"], model["linked"]) == ("chat", PRODUCT.stat().st_size, False)
    assert printed(assistant(home, "add", str(file), "--json"))["already"][0]["id"] == model["id"]
    assert printed(assistant(home, "list", "--json"))["models"][0]["id"] == model["id"]
    assert model["id"] in assistant(home).stdout

    verified = printed(assistant(home, "verify", "--json"))
    assert verified["models"] == [{"id": model["id"], "name": model["name"], "ok": True, "error": None}]
    with Path(model["path"]).open("r+b") as stored:
        stored.seek(-1, os.SEEK_END)
        stored.write(b"x")
    (bad,) = printed(assistant(home, "verify", model["name"].upper(), "--json"), status=1)["models"]
    assert (bad["ok"], bad["error"]["code"]) == (False, "model-unusable")

    assert printed(assistant(home, "remove", model["id"], "--json"))["removed"][0]["id"] == model["id"]
    assert printed(assistant(home, "list", "--json"))["models"] == []
    assert printed(assistant(home, "remove", model["id"], "--json"), status=1)["error"]["code"] == "no-model"


def test_what_is_no_model_is_refused_beside_what_is(home: Path, tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<!DOCTYPE html><p>404</p>")
    result = assistant(home, "add", str(PRODUCT), str(tmp_path / "page.gguf"), "--link", "--json")
    found = printed(result, status=1)
    assert [model["path"] for model in found["models"]] == [str(PRODUCT)]
    assert found["models"][0]["linked"]
    assert found["refused"][0]["path"].endswith("page.gguf")
    assert set(found["refused"][0]["error"]) == {"code", "message", "hint"}
    assert "page.gguf" in result.stderr


def test_models_go_to_another_computer_in_a_folder(home: Path, tmp_path: Path) -> None:
    (model,) = printed(assistant(home, "add", str(PRODUCT), "--json"))["models"]
    carried = printed(assistant(home, "export", str(tmp_path / "stick"), "--json"))
    assert [each["id"] for each in carried["models"]] == [model["id"]]
    other = tmp_path / "other"
    assert "1 model (" in assistant(other, "import", str(tmp_path / "stick")).stdout
    (there,) = printed(assistant(other, "list", "--json"))["models"]
    assert Path(there["path"]).read_bytes() == PRODUCT.read_bytes()
    assert assistant(other, "import", str(tmp_path), "--json").returncode == 1


def test_a_chat_takes_a_model_by_its_name(home: Path) -> None:
    (model,) = printed(assistant(home, "add", str(PRODUCT), "--json"))["models"]
    for name in (model["id"], model["name"]):
        talk = [sys.executable, "-m", "assistant", "chat", "--model", name, "Hello.", "--json"]
        said = subprocess.run(talk, capture_output=True, text=True, timeout=120, env=environment(home))
        assert said.returncode == 0, said.stderr
    talk[5] = "nothing like it"
    said = subprocess.run(talk, capture_output=True, text=True, timeout=120, env=environment(home))
    assert said.returncode == 1
    assert json.loads(said.stdout)["error"]["code"] == "no-model"


# --- what fits -----------------------------------------------------------------------------------------


def test_fit_starts_no_engine(home: Path) -> None:
    found = printed(assistant(home, "fit", "--json"))
    assert not list((home / "logs").glob("*")), "each engine that is started begins a log"
    assert found["computer"]["hardware"]["memory_total"] > 0
    assert len(found["models"]) > 25
    assert {"id", "fits", "sentence", "why_not", "recommended_for"} <= set(found["models"][0])


def test_fit_for_people_an_imagined_computer_and_one_file(home: Path) -> None:
    shown = assistant(home, "fit")
    assert shown.stdout.startswith("This computer: ")
    assert "\nRecommended\n" in shown.stdout
    assert len(assistant(home, "fit", "--all").stdout) > len(shown.stdout)
    chat = ["fit", "--task", "chat", "--json"]
    little = printed(assistant(home, *chat, "--memory", "2", "--graphics-memory", "0"))["models"]
    much = printed(assistant(home, *chat, "--memory", "512"))["models"]
    assert sum(model["fits"] for model in little) < sum(model["fits"] for model in much)
    assert all("chat" in model["tasks"] for model in much)
    fit = printed(assistant(home, "fit", str(PRODUCT), "--json"))["fit"]
    assert fit["place"] == "processor"
    assert 0 < fit["memory"] < 2**30


# --- getting -------------------------------------------------------------------------------------------


def test_a_confirmed_model_comes_and_is_a_model_of_the_library(
    home: Path, catalogue: Catalogue, server: FileServer
) -> None:
    unconfirmed = printed(assistant(home, "get", ID, "--json", catalogue=catalogue), status=1)
    assert "not confirmed" in unconfirmed["error"]["message"]
    assert "--yes" in unconfirmed["error"]["hint"]
    assert server.asked == []
    model = printed(assistant(home, "get", ID, "--yes", "--json", catalogue=catalogue))["model"]
    assert (model["entry"], model["linked"]) == (ID, False)
    assert Path(model["path"]).read_bytes() == PRODUCT.read_bytes()
    listed = printed(assistant(home, "list", "--json", catalogue=catalogue))["models"]
    assert [each["id"] for each in listed] == [model["id"]]
    assert printed(assistant(home, "verify", "--json", catalogue=catalogue))["models"][0]["ok"]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal")
@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_person_at_a_terminal_is_shown_what_it_means(
    home: Path, catalogue: Catalogue, server: FileServer, answer: str
) -> None:
    main, terminal = pty.openpty()
    with subprocess.Popen(
        [*program(catalogue), "models", "get", ID],
        stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home),
    ) as asking:  # fmt: skip
        os.write(main, f"{answer}\n".encode())
        shown, complained = asking.communicate(timeout=60)
    os.close(main)
    os.close(terminal)
    assert "Small One: 1.7 MB from 127.0.0.1." in shown
    assert "Licence: " in shown
    assert (asking.returncode, len(server.asked)) == ((0, 1) if answer == "y" else (1, 0))
    assert "Nothing was downloaded" not in complained or answer == "n"


def test_ctrl_c_keeps_what_has_come(home: Path, catalogue: Catalogue, server: FileServer) -> None:
    content = PRODUCT.read_bytes()
    server.serve("/small.gguf", stall(content, 900_000), whole(content))
    command = [*program(catalogue), "models", "get", ID, "--yes"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(home)) as getting:
        part = home / "models" / "downloads" / ID / "parts" / "small.gguf.part"
        wait_until(lambda: part.exists() and part.stat().st_size == 900_000)
        getting.send_signal(signal.SIGINT)
        _, complained = getting.communicate(timeout=60)
    assert getting.returncode == 130
    assert "What was finished is kept" in complained
    waiting = {"id": ID, "done": 900_000, "size": len(content)}
    assert printed(assistant(home, "list", "--json", catalogue=catalogue))["unfinished"] == [waiting]
    printed(assistant(home, "get", ID, "--yes", "--json", catalogue=catalogue))
    assert server.ranges()[-1] == "bytes=900000-"


def test_another_model_searches_documents(home: Path, tmp_path: Path) -> None:
    folder = embedders.converted(tmp_path / "other")
    printed(assistant(home, "add", str(folder), "--json"))
    (tmp_path / "well.txt").write_text("The new well reached water at 43 metres.")
    add = [*program(()), "add", str(tmp_path / "well.txt")]
    subprocess.run(add, check=True, capture_output=True, timeout=120, env=environment(home))
    assert "Documents are searched with all-MiniLM-L6-v2." in assistant(home, "list").stdout
    used = assistant(home, "use", "OTHER")
    assert used.returncode == 0, used.stderr
    meaning, done = used.stdout.splitlines()
    assert meaning.startswith("other does not state its languages. It needs ")
    assert "meanwhile search works as before" in meaning
    assert done == "Documents are searched with other from now on."
    listed = printed(assistant(home, "list", "--json"))
    assert listed["embedder"] == {"id": "other", "name": "other", "next": None}
    back = printed(assistant(home, "use", "all-minilm-l6-v2", "--json"))["embedder"]
    assert (back["id"], back["languages"], back["notice"]) == ("all-minilm-l6-v2", ["en"], None)
    refused = assistant(home, "use", "bge-small-en-v1.5", "--json")
    assert printed(refused, 1)["error"]["code"] == "bad-request"
    assert printed(assistant(home, "use", "nothing", "--json"), 1)["error"]["code"] == "bad-request"


def test_a_chat_model_answers_from_then_on(home: Path, tmp_path: Path) -> None:
    model = printed(assistant(home, "add", str(PRODUCT), "--json"))["models"][0]
    assert assistant(home, "use", model["id"]).stdout == f"{model['name']} answers from now on.\n"
    assert f'model = "{model["path"]}"' in (home / "settings.toml").read_text()


def test_what_has_come_of_a_download_can_be_thrown_away(home: Path, catalogue: Catalogue) -> None:
    folder = home / "models" / "downloads" / ID
    (folder / "parts").mkdir(parents=True)
    (folder / "parts" / "small.gguf.part").write_bytes(b"x" * 900_000)
    said = assistant(home, "list", catalogue=catalogue).stdout
    assert f"{ID}: 900 kB of 1.7 MB downloaded." in said
    assert f"`models remove {ID}` discards it" in said
    gone = assistant(home, "remove", ID, catalogue=catalogue).stdout
    assert gone == f"discarded  {ID}  900 kB\n"
    assert not folder.exists()
    assert printed(assistant(home, "remove", ID, "--json", catalogue=catalogue), status=1)["error"]


@pytest.mark.parametrize("by", ["environment", "settings"])
def test_where_downloads_are_off_it_says_who_switched_them_off(
    home: Path, catalogue: Catalogue, server: FileServer, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    home.mkdir()
    if by == "environment":
        monkeypatch.setenv("OFFLINE_ASSISTANT_NO_DOWNLOADS", "1")
    else:
        (home / "settings.toml").write_text("[downloads]\nallowed = false")
    error = printed(assistant(home, "get", ID, "--yes", "--json", catalogue=catalogue), status=1)["error"]
    assert error["code"] == "downloads-off"
    assert by in error["message"]
    assert server.asked == []


def test_an_unknown_id_a_busy_folder_and_wrong_use(home: Path) -> None:
    error = printed(assistant(home, "get", "nothing-like-it", "--yes", "--json"), status=1)["error"]
    assert error["code"] == "bad-request"
    assert assistant(home, "get").returncode == 2
    assert assistant(home, "frobnicate").returncode == 2
    assert assistant(home, "--json", "list").returncode == 2
    with DataLock(home / "lock", "window"):
        assert printed(assistant(home, "--json"), status=1)["error"]["code"] == "data-folder-busy"
