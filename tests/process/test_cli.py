"""The command line as scripts use it: real processes, the contract's shapes and exit statuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from assistant import paths
from assistant.data_lock import DataLock
from tests.made_models.grounded.facts import PRODUCT

WELL = "The new well in the north field reached water at 43 metres in April."
FEED = "Each cow was given 2.5 kilograms of barley a day during the winter."


def assistant(home: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=400,
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    )


def objects(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two readable documents and one that only calls itself a PDF."""
    folder = tmp_path_factory.mktemp("farm")
    (folder / "well.txt").write_text(f"Notes of the year.\n\n{WELL}\n\nThe fence was mended in May.\n")
    feed = docx.Document()
    feed.add_heading("Feeding", 1)
    feed.add_paragraph(FEED)
    feed.save(str(folder / "feed.docx"))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n" + b"\0" * 400)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, farm: Path) -> Path:
    """A home into which the farm's folder was added; the broken file is told, the others are taken."""
    home = tmp_path_factory.mktemp("home")
    added = assistant(home, "add", str(farm), "--collection", "Farm", "--json")
    assert added.returncode == 1, added.stderr
    assert "broken.pdf" in added.stderr
    (result,) = objects(added)
    assert {Path(document["path"]).name: document["state"] for document in result["documents"]} == {
        "well.txt": "ready",
        "feed.docx": "ready",
        "broken.pdf": "failed",
    }
    return home


def test_documents_lists_states_and_what_each_gave(home: Path, farm: Path) -> None:
    (listed,) = objects(assistant(home, "documents", "--json"))
    well = next(document for document in listed["documents"] if document["path"] == str(farm / "well.txt"))
    assert set(well) == {"id", "path", "collection", "state", "pages", "chunks", "report", "error"}
    assert well["collection"] == "Farm"
    assert well["chunks"] >= 1
    assert well["report"] == {"text": 1, "ocr": 0, "empty": 0, "failed": 0, "waiting": 0}
    assert well["error"] is None
    broken = next(document for document in listed["documents"] if document["path"].endswith("broken.pdf"))
    assert set(broken["error"]) == {"code", "message", "hint"}


def test_search_answers_one_object_for_each_line(home: Path, farm: Path) -> None:
    asked = assistant(
        home, "search", "-", "--json", "-k", "3", stdin="How deep is the well?\nwinter barley for cows\n"
    )
    assert asked.returncode == 0, asked.stderr
    first, second = objects(asked)
    assert set(first["results"][0]) == {"rank", "score", "path", "page", "location", "text", "recognised"}
    assert first["results"][0]["path"] == str(farm / "well.txt")
    assert second["results"][0]["path"] == str(farm / "feed.docx")
    assert [result["rank"] for result in first["results"]] == list(range(1, len(first["results"]) + 1))


def test_ask_quotes_the_sentence_that_answers(home: Path, farm: Path) -> None:
    asked = assistant(
        home,
        "ask",
        "-",
        "--json",
        stdin="At what depth was water reached?\nWho won the chess cup of 1972?\nWhat did Adobe pay?\n",
    )
    found, absent, named = objects(asked)
    assert set(found) == {"answer", "mode", "citations", "seconds"}
    assert found["mode"] == "quotes"
    assert found["citations"][0]["n"] == 1
    assert WELL in found["citations"][0]["quote"]
    assert found["citations"][0]["path"] == str(farm / "well.txt")
    assert absent["citations"] == []
    assert "Nothing found" in absent["answer"]
    assert named["answer"].endswith("No document mentions “Adobe”.")


def test_a_model_added_with_a_document_goes_to_the_models(home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("The lease ends on the fourth of May.\n")
    added = assistant(home, "add", str(letter), str(PRODUCT), "--json")
    assert added.returncode == 0
    (document,) = json.loads(added.stdout)["documents"]
    assert document["path"] == str(letter)
    listed = assistant(home, "models", "list", "--json")
    assert str(PRODUCT) in [model["path"] for model in json.loads(listed.stdout)["models"]]


def test_a_recording_added_with_a_document_is_to_be_transcribed(home: Path, tmp_path: Path) -> None:
    letter, talk = tmp_path / "letter.txt", tmp_path / "talk.mp3"
    letter.write_text("The rent is due on the first of each month.\n")
    talk.write_bytes(b"sound")
    added = assistant(home, "add", str(letter), str(talk), "--json")
    assert added.returncode == 1
    (result,) = objects(added)
    assert [document["path"] for document in result["documents"]] == [str(letter)]
    (refused,) = result["refused"]
    assert (refused["path"], refused["error"]["code"]) == (str(talk), "unsupported-format")
    assert added.stderr.startswith(f"{talk}: This is a recording")
    assert "`offline-assistant transcribe`" in added.stderr


def test_removing_says_what_is_unknown(home: Path, tmp_path: Path) -> None:
    extra = tmp_path / "extra.md"
    extra.write_text("# Rain\n\nIt rained on nine days in June.\n")
    assert assistant(home, "add", str(extra)).returncode == 0
    removed = assistant(home, "remove", str(extra), "no-such-file.txt")
    assert removed.returncode == 1
    assert "extra.md" in removed.stdout
    assert "no-such-file.txt" in removed.stderr
    assert extra.exists()


def test_a_busy_data_folder_is_said_plainly(tmp_path: Path) -> None:
    lock = DataLock(tmp_path / "lock", "window")
    lock.acquire()
    try:
        refused = assistant(tmp_path, "documents", "--json")
    finally:
        lock.release()
    assert refused.returncode == 1
    assert objects(refused)[0]["error"]["code"] == "data-folder-busy"
    assert len(refused.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("arguments", [["search"], ["search", "x", "-k", "0"], ["no-such-command"]])
def test_wrong_use_ends_with_two(tmp_path: Path, arguments: list[str]) -> None:
    assert assistant(tmp_path, *arguments).returncode == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always one")
def test_a_window_without_a_display_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = assistant(tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("There is no display here")
    assert len(result.stderr.splitlines()) == 1


def test_an_empty_question_is_refused(tmp_path: Path) -> None:
    refused = assistant(tmp_path, "search", "  ", "--json")
    assert refused.returncode == 1
    assert objects(refused)[0]["error"]["code"] == "bad-request"


def test_doctor_proves_that_nothing_is_reached(tmp_path: Path) -> None:
    report = assistant(tmp_path, "doctor", "--json")
    assert report.returncode == 0, report.stderr
    (found,) = objects(report)
    assert found["guard"] in ("kernel", "python")
    assert found["proofs"]
    assert all(proof["refused"] for proof in found["proofs"])
    assert found["attempts"] == 0
    assert found["downloads"].startswith("Downloads are on. The courier, the one process")
    assert json.loads(report.stdout)["embedder"] == "all-MiniLM-L6-v2"


@pytest.mark.parametrize("by", ["environment", "settings"])
def test_doctor_says_who_switched_downloads_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "environment":
        monkeypatch.setenv("OFFLINE_ASSISTANT_NO_DOWNLOADS", "1")
    else:
        (tmp_path / "settings.toml").write_text("[downloads]\nallowed = false")
    report = assistant(tmp_path, "doctor")
    assert "Courier      Downloads are off: " in report.stdout
    assert by in report.stdout
