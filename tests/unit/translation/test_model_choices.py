"""What can be chosen of the models that the library holds."""

from __future__ import annotations

from pathlib import Path

from assistant.models.catalog.records import Licence
from assistant.models.files.detection import recognise
from assistant.models.files.records import ModelKind
from assistant.models.library.records import Installed
from assistant.translation.model_choices import choices
from assistant.translation.records import EngineChoice
from tests.made_models import random_translators as made


def choice(path: Path, *languages: str, licence: Licence | None = None) -> EngineChoice:
    model = Installed("id", path.name, ModelKind.TRANSLATION, str(path), 1, False, languages=languages)
    (found,) = choices([model], lambda _: licence)
    return found


def test_one_for_a_pair(tmp_path: Path) -> None:
    found = choice(made.marian(tmp_path / "opus-mt-en-de"), "en", "de", licence=Licence("CC-BY-4.0", True))
    assert (found.pairs, found.languages) == ((("en", "de"),), ())
    assert (found.licence, found.non_commercial, found.chat) == ("CC-BY-4.0", False, False)


def test_one_for_several_targets(tmp_path: Path) -> None:
    found = choice(made.marian(tmp_path / "opus-mt-en-ROMANCE", ("fra", "spa", "por", "pt_br")), "mul")
    assert set(found.pairs) == {("en", "fr"), ("en", "es"), ("en", "pt")}


def test_one_from_several_sources(tmp_path: Path) -> None:
    found = choice(made.marian(tmp_path / "opus-mt-zle-en"), "mul")
    assert set(found.pairs) == {("ru", "en"), ("uk", "en"), ("be", "en")}


def test_those_between_any_two(tmp_path: Path) -> None:
    assert choice(made.m2m100(tmp_path / "a"), "mul").languages == ("de", "en", "fr")
    assert choice(made.madlad(tmp_path / "b"), "mul").languages == ("de", "en", "he", "zh")
    nllb = choice(made.nllb(tmp_path / "c"), "mul")
    assert nllb.languages == ("de", "en", "zh")
    assert nllb.non_commercial
    assert nllb.licence == "CC-BY-NC-4.0"


def test_a_package(tmp_path: Path) -> None:
    assert choice(made.argos(tmp_path / "p", "nb", "en"), "nb", "en").pairs == (("no", "en"),)


def test_what_is_gone_or_of_another_kind_is_none(tmp_path: Path) -> None:
    gone = Installed("a", "a", ModelKind.TRANSLATION, str(tmp_path), 1, False, missing=True)
    other = Installed("b", "b", ModelKind.SPEECH, str(tmp_path), 1, False)
    assert choices([gone, other]) == ()


def test_one_whose_languages_are_not_known_is_none(tmp_path: Path) -> None:
    folder = made.marian(tmp_path / "some-model")
    model = Installed("id", "some-model", ModelKind.TRANSLATION, str(folder), 1, False)
    assert choices([model]) == ()
    found = recognise(folder)
    assert found.note.startswith("Its languages are not known.")
