"""What is said of a model's licence before it is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.models.catalog.records import Licence
from assistant.models.library import licences
from assistant.models.library.library import Library
from tests.made_models import random_translators as made


def test_of_a_model_that_is_for_non_commercial_use_alone(tmp_path: Path) -> None:
    made.nllb(tmp_path / "models" / "nllb-200-600m")
    made.marian(tmp_path / "models" / "opus-mt-en-de")
    (found,) = Library(tmp_path / "library").licences([tmp_path / "models"])
    assert (found.name, found.licence) == ("nllb-200-600m", licences.NLLB)
    assert not found.licence.commercial


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: apache-2.0\n---\n", Licence("APACHE-2.0", True)),
        ("---\ntags:\n- x\nlicense: cc-by-nc-sa-4.0\n---\n", Licence("CC-BY-NC-SA-4.0", False)),
        ("---\nlicense: other\n---\n", None),
        ("# A model\nlicense: mit\n", None),
        ("", None),
    ],
)
def test_as_the_card_says(tmp_path: Path, card: str, licence: Licence | None) -> None:
    folder = made.marian(tmp_path / "m")
    (folder / "README.md").write_text(card)
    assert licences.of_folder(folder) == licence


def test_what_is_no_model_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.gguf").write_bytes(b"nothing")
    assert Library(tmp_path / "library").licences([tmp_path / "a.gguf", tmp_path / "gone", "b.zip"]) == ()
