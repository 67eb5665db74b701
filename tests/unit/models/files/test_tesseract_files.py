from __future__ import annotations

import struct
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelUnusable
from assistant.models.files.detection import recognise
from assistant.models.files.model_paths import sort_out
from assistant.models.files.records import ModelKind
from assistant.models.files.tesseract_files import language_of
from assistant.models.library.library import Library
from assistant.vision.language_files import LanguageFiles
from tests.unit.models.library.adding import add, added

NETWORK, VERSION, SHAPES = 17, 23, 3


def language_file(
    path: Path, made_for: str = "", *, holds: tuple[int, ...] = (NETWORK,), entries: int = 24
) -> Path:
    """A head as Tesseract writes it, and a few bytes for each thing that it lists."""
    inside = dict.fromkeys(holds, b"some bytes")
    if made_for:
        inside[VERSION] = f"4.00.00alpha:{made_for}:synth20170629".encode()
    offset = 4 + 8 * entries
    offsets = []
    for place in range(entries):
        offsets.append(offset if place in inside else -1)
        offset += len(inside.get(place, b""))
    path.parent.mkdir(parents=True, exist_ok=True)
    head = struct.pack(f"<i{entries}q", entries, *offsets)
    path.write_bytes(head + b"".join(inside[place] for place in sorted(inside)))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ModelUnusable) as refused:
        recognise(path)
    return refused.value.problem.reason


@pytest.mark.parametrize(
    ("file", "name", "languages"),
    [
        ("deu", "German (deu)", ("de",)),
        ("chi_sim_vert", "Chinese (chi_sim_vert)", ("zh",)),
        ("frk", "German (frk)", ("de",)),
        ("Cyrillic", "Cyrillic script", ()),
    ],
)
def test_a_language_file_is_told_by_its_head(
    file: str, name: str, languages: tuple[str, ...], tmp_path: Path
) -> None:
    found = recognise(language_file(tmp_path / f"{file}.traineddata", file))
    assert (found.kind, found.name, found.languages) == (ModelKind.RECOGNITION, name, languages)


def test_what_tells_the_direction_of_a_page_needs_no_network(tmp_path: Path) -> None:
    found = recognise(language_file(tmp_path / "osd.traineddata", holds=(1, SHAPES), entries=11))
    assert (found.languages, found.kind) == ((), ModelKind.RECOGNITION)


def test_what_is_none_or_damaged_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "deu.traineddata"
    for content in (b"x" * 40, b"", b"<!doctype html><p>", struct.pack("<i", 24) + b"\0" * 20, b"\xff" * 300):
        file.write_bytes(content)
        with pytest.raises(ModelError):
            recognise(file)
    file.write_bytes(language_file(file, "deu").read_bytes()[:120])
    assert refusal(file) == "language-file-damaged"
    assert refusal(language_file(file, holds=(1, SHAPES))) == "language-file-too-old"  # of Tesseract 3


def test_a_file_that_is_called_by_another_language_is_refused(tmp_path: Path) -> None:
    for wrong in ("fra", "deu (1)"):
        file = language_file(tmp_path / f"{wrong}.traineddata", "deu")
        with pytest.raises(ModelUnusable) as refused:
            recognise(file)
        assert refused.value.problem.details["right"] == "deu.traineddata"
    assert recognise(language_file(tmp_path / "deu_mine.traineddata", "deu")).languages == ("de",)


def test_language_files_are_dropped_added_and_used(tmp_path: Path) -> None:
    came = tmp_path / "came"
    ours = language_file(came / "swa.traineddata", "swa")
    language_file(came / "ukr.traineddata", "ukr")
    (came / "lat.traineddata").write_bytes(b"no")
    assert sort_out([str(ours)]).models == (str(ours),)
    library = Library(tmp_path / "library")
    done = add(library, came)
    assert {model.languages for model in done.models} == {("sw",), ("uk",)}
    assert [problem.reason for _, problem in done.refused] == ["language-file-damaged"]
    builtin = tmp_path / "builtin"
    language_file(builtin / "eng.traineddata", "eng")
    files = LanguageFiles([str(tmp_path / "library")], builtin)
    assert [(each.tesseract, each.builtin) for each in files.all()] == [
        ("eng", True), ("swa", False), ("ukr", False)
    ]  # fmt: skip
    library.remove(done.models[0].id)
    gone = done.models[0].languages[0]
    assert gone not in {each.language for each in files.all()}  # though it could still be brought back
    linked = added(library, language_file(tmp_path / "elsewhere" / "deu.traineddata", "deu"), link=True)
    assert linked.path in {each.path for each in files.all()}


def test_codes_of_tesseract_become_those_of_everybody() -> None:
    assert [language_of(code) for code in ("eng", "chi_tra", "srp_latn", "equ", "Arabic", "xyz")] == [
        "en", "zh", "sr", "", "", "xyz"
    ]  # fmt: skip
