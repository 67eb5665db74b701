"""Text to pieces and back, with places."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ModelUnusable
from assistant.translation import model_families, tokenizers
from tests.made_models import random_translators as made


def test_pieces_have_their_places(tmp_path: Path) -> None:
    pieces = tokenizers.open_pieces(model_families.read(made.marian(tmp_path / "m")))
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
    model = model_families.read(made.marian(tmp_path / "m"))
    (model.files / "source.spm").write_bytes(content)
    with pytest.raises(ModelUnusable) as caught:
        tokenizers.open_pieces(model)
    assert caught.value.problem.reason == "translation-file-damaged"


def test_a_damaged_tokenizer_is_refused(tmp_path: Path) -> None:
    model = model_families.read(made.madlad(tmp_path / "m"))
    (model.files / "spiece.model").unlink()
    with pytest.raises(ModelUnusable) as caught:
        tokenizers.open_pieces(model)
    assert caught.value.problem.reason == "translation-without-tokenizer"
    (model.files / "tokenizer.json").write_text('{"model": {"type": "Unigram"}}')
    with pytest.raises(ModelUnusable):
        tokenizers.open_pieces(model)


def test_a_package_with_byte_pairs(tmp_path: Path) -> None:
    folder = made.argos(tmp_path / "p", "en", "fr")
    (folder / "sentencepiece.model").unlink()
    pairs = ["#version: 0.2", "t h", "th e</w>", "d o", "do g</w>", "' t</w>"]
    (folder / "bpe.model").write_text("\n".join(pairs))
    pieces = tokenizers.open_pieces(model_families.read(folder))
    text = 'The dog’s "the" 1,250.50, U.S. is.'
    (cut,) = pieces.cut([text])
    assert cut[:7] == ["T@@", "h@@", "e", "dog", "&@@", "a@@", "p@@"]
    assert "the" in cut
    words = " ".join(cut).replace("@@ ", "").split()
    assert words == ["The", "dog", "&apos;s", "&quot;", "the", "&quot;", "1,250.50", ",", "U.S.", "is", "."]
    places = pieces.places(text)
    assert len(places) == len(cut)
    assert text[slice(*places[3])] == "dog"
    written = ["L&apos;", "eau@@", "x", ",", "(", "ici", ")", "&quot;", "oui", "&quot;", "."]
    assert tokenizers.joined(pieces.spaced(written)) == 'L\'eaux, (ici) "oui".'
    (folder / "bpe.model").write_text("#version: 0.2\nno-pair")
    with pytest.raises(ModelUnusable):
        tokenizers.open_pieces(model_families.read(folder))


def test_chinese_is_written_without_spaces(tmp_path: Path) -> None:
    folder = made.argos(tmp_path / "p", "en", "zh")
    (folder / "sentencepiece.model").unlink()
    (folder / "bpe.model").write_text("t h")
    pieces = tokenizers.open_pieces(model_families.read(folder))
    assert tokenizers.joined(pieces.spaced(["老@@", "狗", "睡觉", "。"])) == "老狗睡觉。"
