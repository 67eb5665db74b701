"""Text to pieces and back, with places."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ModelUnusable
from assistant.translation import tokenizers
from tests.made_models import random_translators as made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source.spm").write_bytes(made.sentence_pieces())
    return tmp_path


def test_pieces_have_their_places(folder: Path) -> None:
    pieces = tokenizers.open_pieces(folder, "m")
    text = "the  old\nHund 😀x\ud800!"
    places = pieces.places(text)
    assert len(places) == len(pieces.cut([text])[0])
    assert "".join(text[start:end] for start, end in places) == "".join(text.split())


def test_what_was_written_becomes_text() -> None:
    pieces = ["▁Der", "▁alte", "▁H", "und", "▁", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "<unk>", "</s>"]
    assert tokenizers.joined(pieces) == "Der alte Hund 😀"
    text, places = tokenizers.joined_with_places(pieces)
    assert text == "Der alte Hund 😀"
    assert [text[start:end] for start, end in places[:4]] == ["Der", "alte", "H", "und"]
    assert text[slice(*places[8])] == "😀"
    assert tokenizers.joined(["▁Der", "▁Hund"]) == "Der Hund"
    assert tokenizers.joined([]) == ""
    assert tokenizers.joined(["<0xF0>", "x"]) == "x"


@pytest.mark.parametrize("content", [b"", b"\x0a" + bytes(200), b"no model at all" * 20])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "source.spm").write_bytes(content)
    with pytest.raises(ModelUnusable) as caught:
        tokenizers.open_pieces(tmp_path, "m")
    assert caught.value.problem.reason == "translation-file-damaged"


def test_a_damaged_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text('{"model": {"type": "Unigram"}}')
    with pytest.raises(ModelUnusable):
        tokenizers.open_pieces(tmp_path, "m")
