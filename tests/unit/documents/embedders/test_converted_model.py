"""Folders from anywhere that are to search documents: taken over, or refused with a reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant.documents.embedder_records import EmbedderState
from assistant.documents.embedders.conversion_process import make_apart
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_choices import Standing, choices
from assistant.documents.embedders.embedder_conversion import builtin_embedder, convert_model
from assistant.documents.embedders.embedder_estimate import BUILTIN_SHAPE
from assistant.documents.embedders.embedder_folder import BUILTIN_ID, MANIFEST, checked
from assistant.documents.embedders.embedder_shape import shape_of
from assistant.documents.embedders.embedder_sources import EmbedderSource, library_ids, sources
from assistant.documents.embedders.embedding import Embedder
from assistant.errors import AssistantError, ModelUnusable, StorageError
from assistant.models.catalog.records import EmbedderFacts
from assistant.models.library.library import Library
from tests.made_models import converted as tiny
from tests.made_models import embedders

FACTS = EmbedderFacts(6, 384, 1536, 30_522, "mean", "ask: ", "tell: ")


def source(folder: Path, facts: EmbedderFacts | None = None) -> EmbedderSource:
    return EmbedderSource("other", "Other", "", ("mul",), 10, folder, facts, added=5.0)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "made"


# --- CTranslate2 conversions


def test_what_a_conversion_says_of_itself_is_followed(tmp_path: Path, target: Path) -> None:
    convert_model(source(embedders.converted(tmp_path / "other"), FACTS), target)
    made = checked(target)
    assert (made.pooling, made.max_tokens, made.dimension) == ("mean", 256, 384)
    assert (made.question_prefix, made.passage_prefix) == ("question: ", "text: ")
    assert (made.id, made.title, made.languages, made.added) == ("other", "Other", ("mul",), 5.0)
    assert made.name.startswith("other-")
    text = "Each cow was given 2.5 kilograms of barley a day."
    builtin = builtin_embedder()
    assert np.allclose(Embedder(target).embed([text]), builtin.embed([f"text: {text}"]), atol=0.01)
    assert np.allclose(
        Embedder(target).embed_question("Why?"), builtin.embed(["question: Why?"])[0], atol=0.01
    )


def test_what_it_does_not_say_the_catalogue_says(tmp_path: Path, target: Path) -> None:
    folder = embedders.converted(tmp_path / "other", pooling=None)
    for name in ("config_sentence_transformers.json", "sentence_bert_config.json"):
        (folder / name).unlink()
    words = json.loads((folder / "vocabulary.json").read_text())
    (folder / "vocabulary.json").unlink()
    (folder / "vocabulary.txt").write_text("\n".join(words) + "\n")
    convert_model(source(folder, FACTS), target)
    made = checked(target)
    assert (made.pooling, made.max_tokens, made.question_prefix) == ("mean", 512, "ask: ")
    assert json.loads((target / "vocabulary.json").read_text()) == words


def test_what_differs_goes_by_another_name(tmp_path: Path) -> None:
    names = set()
    for number, pooling in enumerate(("pooling_mode_mean_tokens", "pooling_mode_cls_token")):
        folder = embedders.converted(tmp_path / f"other {number}", pooling)
        convert_model(source(folder), tmp_path / f"made {number}")
        names.add(checked(tmp_path / f"made {number}").name)
    convert_model(source(embedders.converted(tmp_path / "same")), tmp_path / "made again")
    assert len(names) == 2
    assert checked(tmp_path / "made again").name in names


def test_one_that_this_program_made_is_taken_as_it_is(tmp_path: Path, target: Path) -> None:
    folder = shutil.copytree(builtin_embedder().folder, tmp_path / "other")
    convert_model(source(folder), target)
    assert checked(target).pooling == "mean"
    (folder / MANIFEST).write_text("x")
    with pytest.raises(StorageError):
        convert_model(source(folder), tmp_path / "again")


Damage = Callable[[Path], object]


def cut(folder: Path) -> None:
    with (folder / "model.bin").open("r+b") as weights:
        weights.truncate(2_000_000)


def with_a_token_too_many(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text("utf-8"))
    tokenizer["model"]["vocab"]["a word that the model does not know"] = 30_522
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), "utf-8")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "1_Pooling/config.json").write_text("[" * 9999), "pooling"),
        (lambda folder: (folder / "1_Pooling/config.json").write_text('{"pooling_mode": "max"}'), "pooling"),
        (
            lambda folder: (folder / "1_Pooling/config.json").write_text(
                '{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true}'
            ),
            "pooling",
        ),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json"),
        (lambda folder: (folder / "vocabulary.json").unlink(), "vocabulary.json"),
        (lambda folder: (folder / "tokenizer.json").write_text('{"model": 4}'), "cannot be loaded"),
        (cut, "incomplete"),
        (lambda folder: (folder / "model.bin").write_bytes(b"\xff" * 200), "model.bin"),
        (with_a_token_too_many, "another model"),
    ],
)
def test_a_damaged_conversion_is_refused(tmp_path: Path, target: Path, damage: Damage, words: str) -> None:
    folder = embedders.converted(tmp_path / "other")
    damage(folder)
    with pytest.raises(AssistantError, match=words):
        convert_model(source(folder), target)


def test_a_model_for_something_else_is_refused(tmp_path: Path, target: Path) -> None:
    with pytest.raises(StorageError, match="translation"):
        convert_model(source(tiny.translation(tmp_path / "opus-mt-de-en")), target)
    with pytest.raises(StorageError, match="no longer exists"):
        convert_model(replace(source(tmp_path), folder=None), target)


# --- sentence-transformers' own folders


def test_pickled_weights_are_no_weights(tmp_path: Path, target: Path) -> None:
    folder = tiny.embedder(tmp_path / "other")
    (folder / "model.safetensors").unlink()
    assert (folder / "pytorch_model.bin").is_file()
    with pytest.raises(ModelUnusable, match="PyTorch"):
        convert_model(source(folder), target)


class Convert:
    """Work for another process."""

    def __init__(self, folder: Path) -> None:
        self._source = source(folder)

    def __call__(self, target: Path) -> None:
        convert_model(self._source, target)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "modules.json").write_text("[{}]"), "program"),
        (
            lambda folder: (folder / "modules.json").write_text('[{"type": "evil.Module", "path": ""}]'),
            "program",
        ),
        (lambda folder: (folder / "tokenizer.json").unlink(), "tokenizer.json"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"\xff" * 100), "model.safetensors"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, target: Path, damage: Damage, words: str) -> None:
    folder = tiny.embedder(tmp_path / "other")
    damage(folder)
    with pytest.raises(ModelUnusable, match=words):
        convert_model(source(folder), target)


# --- what there is to choose from


def test_sources_and_choices(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    library = Library(folder)
    library.add([embedders.converted(tmp_path / "bge-small-en-v1.5")], link=True).result(60)
    tokens = tiny.embedder(tmp_path / "mine")
    library.add([tokens], link=True).result(60)
    found = sources(folder)
    assert next(iter(found)) == BUILTIN_ID
    assert library_ids(folder) == {"bge-small-en-v1.5", "mine"}
    assert found["bge-small-en-v1.5"].facts is None  # it has another shape than the one of that name
    assert found["mine"].shape is None
    assert found["multilingual-e5-small"].facts == EmbedderFacts(
        12, 384, 1536, 250_037, "mean", "query: ", "passage: "
    )
    standing = Standing(BUILTIN_ID, "mine", 3000, 30.0)
    listed = {each.id: each for each in choices(found, ConvertedEmbedders(tmp_path / "made"), standing)}
    assert listed[BUILTIN_ID].state is EmbedderState.ACTIVE
    assert listed["mine"].state is EmbedderState.CHANGING
    assert listed["bge-small-en-v1.5"].state is EmbedderState.INSTALLED
    assert listed["bge-small-en-v1.5"].seconds == pytest.approx(100)
    assert listed["e5-small-v2"].state is EmbedderState.OFFERED
    unmeasured = choices(
        found, ConvertedEmbedders(tmp_path / "made"), replace(standing, active="mine", speed=None)
    )
    assert {each.id: each.seconds for each in unmeasured}[BUILTIN_ID] == pytest.approx(100)
    states = [each.state is EmbedderState.OFFERED for each in listed.values()]
    assert states == sorted(states)
    assert all(each.memory > 200_000_000 for each in listed.values())
    (tmp_path / "mine" / "config.json").unlink()
    assert sources(folder).get("mine") is None  # its files are gone
    assert "mine" in library_ids(folder)
    assert sources(None).keys() >= {BUILTIN_ID, "bge-base-en-v1.5"}


def test_the_same_model_saved_in_another_way_is_known_by_name_and_shape(tmp_path: Path) -> None:
    folder = embedders.converted(tmp_path / "all-MiniLM-L6-v2")
    assert shape_of(folder) == BUILTIN_SHAPE
    Library(tmp_path / "library").add([folder], link=True).result(60)
    found = sources(tmp_path / "library")
    assert found["all-minilm-l6-v2"].folder in (None, folder)


def test_converted_ones_stay_as_long_as_they_are_used_or_can_be(tmp_path: Path) -> None:
    here = ConvertedEmbedders(tmp_path / "embedders")
    model = source(embedders.converted(tmp_path / "other"))
    made = make_apart(Convert(model.folder or tmp_path), here.folder)
    assert list(here.all()) == [made.name]
    assert here.usable(made.name)
    assert here.made_of("other", model) == checked(made)
    assert here.made_of("other", None) == checked(made)
    assert here.made_of("other", replace(model, added=6.0)) is None  # another one under the same id
    assert here.made_of("another", None) is None
    here.sweep([made.name], [])
    here.sweep([], ["other"])
    assert made.is_dir()
    (made / "tokenizer.json").write_text("{}")
    assert not here.usable(made.name)
    here.sweep(["x"], ["y"])
    assert here.all() == {}
