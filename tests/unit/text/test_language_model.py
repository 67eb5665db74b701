"""The unpacked language model gives what the packed one gives, and is done without where it is not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.text import language_model

TEXTS = (
    "The quick brown fox jumps over the lazy dog near the river bank.",
    "Der schnelle braune Fuchs springt über den faulen Hund am Flussufer.",
    "Быстрая коричневая лиса прыгает через ленивую собаку у реки.",
    "तेज भूरी लोमड़ी नदी के किनारे आलसी कुत्ते के ऊपर कूदती है।",
    "cash flow",
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "language_model"
    language_model.unpack(folder)
    return folder


def test_it_gives_the_same_as_the_packed_one(unpacked: Path, tmp_path: Path) -> None:
    packed = language_model.identifier(tmp_path / "none")
    mapped = language_model.identifier(unpacked)
    assert [mapped.rank(text) for text in TEXTS] == [packed.rank(text) for text in TEXTS]


def test_it_is_mapped_and_not_read(unpacked: Path) -> None:
    held = language_model.identifier(unpacked).nb_ptc
    assert not held.flags.owndata
    assert not held.flags.writeable


def test_it_is_unpacked_once(unpacked: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in unpacked.iterdir()}
    language_model.unpack(unpacked)
    assert {file: file.stat().st_mtime_ns for file in unpacked.iterdir()} == before


@pytest.mark.allow_log(r"unpacked language model cannot be used")
@pytest.mark.parametrize("name", language_model._ARRAYS)
@pytest.mark.parametrize("part", [0, 0.5], ids=["empty", "half"])
def test_one_that_is_cut_short_is_done_without(unpacked: Path, name: str, part: float) -> None:
    (file,) = unpacked.glob(f"{name}-*")
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * part)])
    try:
        assert language_model.identifier(unpacked).classify(TEXTS[0])[0] == "en"
    finally:
        file.write_bytes(whole)
