"""Each family's model takes its sentences as it wants them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import ModelUnusable
from assistant.translation import model_families
from assistant.translation.model_families import Family
from tests.made_models import random_translators as made


@pytest.mark.parametrize(
    ("make", "family"),
    [
        (made.marian, Family.MARIAN),
        (made.m2m100, Family.M2M100),
        (made.nllb, Family.NLLB),
        (made.madlad, Family.MADLAD),
        (made.argos, Family.ARGOS),
    ],
)
def test_the_family_is_known(tmp_path: Path, make: Callable[[Path], Path], family: Family) -> None:
    assert model_families.read(make(tmp_path / "model")).family is family


def test_languages_are_told_as_the_family_wants_it(tmp_path: Path) -> None:
    nllb = model_families.read(made.nllb(tmp_path / "nllb"))
    assert [nllb.token(code) for code in ("de", "zh", "zh-Hant")] == ["deu_Latn", "zho_Hans", "zho_Hant"]
    madlad = model_families.read(made.madlad(tmp_path / "madlad"))
    assert madlad.token("he") == "<2iw>"
    marian = model_families.read(made.marian(tmp_path / "marian", ("por", "pob", "fra")))
    assert marian.token("fr") == ">>fra<<"
    with pytest.raises(ModelUnusable) as caught:
        nllb.token("fr")
    assert caught.value.problem.reason == "translation-model-language"


def test_of_several_marks_for_a_language_the_usual_one_is_taken(tmp_path: Path) -> None:
    tags = ("nno_Latn", "nob_Latn", "arb_Latn", "arb_Arab", "arz_Arab", "srp_Cyrl", "ceb_Latn")
    nllb = model_families.read(made.nllb(tmp_path / "nllb", tags))
    assert [nllb.token(code) for code in ("no", "nb", "ar", "sr", "ceb")] == [
        "nob_Latn", "nob_Latn", "arb_Arab", "srp_Cyrl", "ceb_Latn"
    ]  # fmt: skip


def test_a_sentence_is_no_longer_than_the_places_that_the_model_counts(tmp_path: Path) -> None:
    folder = model_families.read(made.marian(tmp_path / "m"))
    assert folder.most_tokens == made.POSITIONS // 2 - 4
    assert folder.most_output == made.POSITIONS - 4


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("shared_vocabulary.json", "[", "translation-file-damaged"),
        ("shared_vocabulary.json", '["</s>"]', "translation-vocabulary-differs"),
        ("config.json", "{", "translation-file-damaged"),
        ("model.bin", "no model", "not-ctranslate2"),
    ],
)
def test_a_damaged_folder_says_what_is_damaged(tmp_path: Path, file: str, content: str, reason: str) -> None:
    folder = made.marian(tmp_path / "m")
    (folder / file).write_text(content)
    with pytest.raises(ModelUnusable) as caught:
        model_families.read(folder)
    assert caught.value.problem.reason == reason


def test_a_package_that_names_no_languages_is_none(tmp_path: Path) -> None:
    folder = made.argos(tmp_path / "p", "", "")
    with pytest.raises(ModelUnusable) as caught:
        model_families.read(folder)
    assert caught.value.problem.reason == "not-argos"


def test_a_stray_mark_does_not_make_a_model_one_for_many(tmp_path: Path) -> None:
    assert model_families.read(made.marian(tmp_path / "m", ("deu",))).tokens == {}
