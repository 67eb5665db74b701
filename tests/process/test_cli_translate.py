"""`translate` as scripts use it, with a trained model: texts, documents, what is refused, and a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import paths
from assistant.translation.records import TranslationOptions
from tests.made_models.translation.sentences import sample
from tests.process.courier_setup import wait_until
from tests.process.test_cli import assistant, objects
from tests.process.translation_setup import paragraphs, services

PATIENCE = 60.0
PAIR = ("en", "de")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with services(home, "en-de"):
        return home


def test_texts_go_to_standard_output_and_doubts_to_standard_error(home: Path) -> None:
    english = "The dog sleeps. The teacher reads the old letter in the garden. " * 3
    french = "Il fait beau aujourd'hui, et nous allons à la plage."
    both = assistant(home, "translate", "-", "--to", "de", "--json", stdin=f"{english}\n\n{french}\n")
    (found,) = objects(both)
    assert (found["from"], found["to"], found["pivot"]) == ("en", "de", "")
    assert found["text"].startswith("Der Hund schläft.")
    assert found["text"].endswith(f"\n\n{french}\n")
    assert found["sentences"][-1]["concerns"] == [{"flag": "language", "detail": ""}]
    assert "no model here translates from its language" in both.stderr


def test_a_pair_without_a_model_goes_by_way_of_another_language(tmp_path: Path) -> None:
    with services(tmp_path, "de-en", "en-fr"):
        pass
    made = assistant(tmp_path, "translate", "Der Hund schläft.", "--to", "fr", "--from", "de")
    assert made.stdout == "Le chien dort.\n"
    assert "by way of English" in made.stderr


def test_a_killed_document_goes_on_and_is_as_without_the_kill(home: Path, tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text(text := "\n".join(example.source for example in sample(PAIR, 5, 150)))
    arguments = ["translate", "--file", str(document), "--to", "de"]
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", *arguments],
        stderr=subprocess.PIPE,
        env={**os.environ, paths.HOME_VARIABLE: str(home)},
    ) as program:
        wait_until(lambda: paragraphs(home) > 0, PATIENCE)
        program.kill()
    assert program.returncode == -signal.SIGKILL
    kept = paragraphs(home)
    assert [path.name for path in tmp_path.iterdir() if "German" in path.name] == []
    gone_on = assistant(home, *arguments, "--json")
    (written,) = objects(gone_on)
    assert written["written"] == str(tmp_path / "a (German).txt"), gone_on.stderr
    assert 0 < kept < written["sentences"]
    with services(home) as opened:
        (only,) = opened.translations.documents()  # the one that was killed
    assert only.output == written["written"]
    with services(tmp_path / "other", "en-de") as others:  # who know nothing of what was translated before
        options = TranslationOptions("de")
        (begun,) = others.translations.add_documents([document], options, output=tmp_path / "c.txt")
        assert others.translations.wait([begun.id], PATIENCE)
    assert (tmp_path / "a (German).txt").read_text() == (tmp_path / "c.txt").read_text() != text
    assert document.read_text() == text
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]
