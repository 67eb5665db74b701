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
