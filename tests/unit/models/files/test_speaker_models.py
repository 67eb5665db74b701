"""ONNX models that tell who speaks: what they state is read without loading them, and doubted."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelUnusable
from assistant.jobs import CancelToken
from assistant.models.files import onnx_metadata
from assistant.models.files.detection import look_through, recognise
from assistant.models.files.model_paths import sort_out
from assistant.models.files.records import ModelKind
from assistant.models.library.library import Library
from tests.made_models import onnx_writer

MADE = Path(__file__).parents[3] / "made_models" / "speakers"
GRAPH = onnx_writer.piece(7, b"nodes and weights")
STATED = {
    "sample_rate": 16_000, "window_size": 160_000, "receptive_field_size": 991, "receptive_field_shift": 270,
    "num_speakers": 3, "powerset_max_classes": 2, "num_classes": 7,
}  # fmt: skip


def written(path: Path, about: dict[str, object]) -> Path:
    path.write_bytes(onnx_writer.number(1, 8) + GRAPH + onnx_writer.metadata(about))
    return path


def test_the_two_kinds_are_told_apart_and_kept_in_the_library(tmp_path: Path) -> None:
    library = Library(tmp_path / "models")
    paths = [MADE / "segmentation.onnx", MADE / "embedding.onnx"]
    assert sort_out([str(path) for path in paths]).models == tuple(map(str, paths))
    added = library.add(paths).result()
    assert not added.refused
    kinds = {model.name: model.kind for model in library.installed()}
    assert kinds == {
        "segmentation": ModelKind.SPEAKER_SEGMENTATION,
        "embedding": ModelKind.SPEAKER_EMBEDDING,
    }
    assert all(Path(model.path).is_file() for model in library.installed())


def test_in_a_folder_of_models_as_they_are_published(tmp_path: Path) -> None:
    folder = tmp_path / "sherpa-onnx-pyannote-segmentation-3-0"
    folder.mkdir()
    written(folder / "model.onnx", dict(STATED))
    written(folder / "speech.onnx", {"model_type": "whisper"})  # of no use here, and no reason to complain
    (found,) = look_through(tmp_path, CancelToken())
    assert not isinstance(found, tuple)
    assert (found.kind, found.name) == (ModelKind.SPEAKER_SEGMENTATION, folder.name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"num_classes": None}, "does not state its num_classes"),
        ({"window_size": "x" * 5000}, "window_size=xxx"),
        ({"window_size": 2**40}, "impossible"),
        ({"sample_rate": 8000}, "sample_rate=8000"),
        ({"num_classes": 9}, "num_classes=9"),
        ({"powerset_max_classes": 3}, "powerset_max_classes=3"),
        ({"num_speakers": -1}, "num_speakers=-1"),
        ({"powerset_max_classes": None}, "only those that tell who speaks"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, change: dict[str, object], said: str) -> None:
    about = {name: value for name, value in (STATED | change).items() if value is not None}
    with pytest.raises(ModelUnusable, match=said) as caught:
        recognise(written(tmp_path / "m.onnx", about))
    assert caught.value.hint


def test_embeddings_of_each_framework(tmp_path: Path) -> None:
    about: dict[str, object] = {
        "framework": "wespeaker",
        "output_dim": 256,
        "sample_rate": 16_000,
        "language": "en",
    }
    with pytest.raises(ModelUnusable, match="normalize_samples"):
        recognise(written(tmp_path / "w.onnx", about))
    about["normalize_samples"] = 1
    assert recognise(written(tmp_path / "w.onnx", about)).kind is ModelKind.SPEAKER_EMBEDDING
    with pytest.raises(ModelUnusable, match="window_size_ms"):
        recognise(written(tmp_path / "n.onnx", about | {"framework": "nemo"}))


def test_damaged_files_are_refused_and_none_hangs(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.onnx", dict(STATED)).read_bytes()
    assert onnx_metadata.read(tmp_path / "whole.onnx")["num_classes"] == "7"
    chance = random.Random(5)
    path = tmp_path / "m.onnx"
    for number in range(400):
        damaged = bytearray(whole)
        for _ in range(1 + number % 4):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged[: chance.randrange(1, len(damaged) + 1)]))
        with suppress(ModelError):
            recognise(path)
    for size in range(1, len(whole)):
        path.write_bytes(whole[:size])
        try:
            assert onnx_metadata.read(path).keys() < STATED.keys()
        except ModelUnusable:
            continue
