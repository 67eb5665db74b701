"""How well an embedder speaks a language, by tokenizers of both kinds."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from assistant import paths
from assistant.documents.search.language_coverage import fluency

ENGLISH = "The price of the new building was paid by the committee. " * 4
GERMAN = "Der Preis des neuen Gebäudes wurde vom zuständigen Ausschuss bezahlt. " * 4
HINDI = "नई इमारत की कीमत समिति ने चुकाई। " * 4
CHINESE = "新大楼的费用由委员会支付。" * 4


@pytest.fixture(scope="module")
def builtin() -> Tokenizer:
    file = paths.resources() / "embedder" / "tokenizer.json"
    if not file.is_file():
        pytest.skip("the embedder is not made yet")
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def test_an_english_model_speaks_english(builtin: Tokenizer) -> None:
    assert fluency(builtin, [ENGLISH]) == 1.0
    assert 0.05 < fluency(builtin, [GERMAN]) < 0.6
    assert fluency(builtin, [HINDI]) < 0.1
    assert fluency(builtin, [CHINESE]) < 0.1


def unigram(*texts: str) -> Tokenizer:
    """Of SentencePiece's kind: a piece holds the space before its word. Common words stand whole in it."""
    words = sorted({f"▁{word}" for text in texts for word in text.split()})
    plain = sorted({letter for text in texts for letter in text})
    pieces = [("<unk>", 0.0), ("▁", -6.0), *((word, -4.0) for word in words), *((one, -8.0) for one in plain)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def test_words_of_sentencepiece_are_whole_in_spite_of_their_spaces_and_vowel_signs() -> None:
    tokenizer = unigram(ENGLISH, HINDI)
    assert fluency(tokenizer, [ENGLISH]) == 1.0
    assert fluency(tokenizer, [HINDI]) == 1.0
    assert fluency(tokenizer, [GERMAN]) < 0.2


def word_pieces(characters: str) -> Tokenizer:
    """Of BERT's kind, which takes Chinese characters one by one."""
    vocabulary = {"[UNK]": 0}
    for word in (*ENGLISH.lower().replace(".", " .").split(), *characters):
        vocabulary.setdefault(word, len(vocabulary))
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def test_chinese_characters_one_by_one_are_enough_if_nearly_all_are_known() -> None:
    assert fluency(word_pieces(CHINESE), [CHINESE]) == 1.0
    assert fluency(word_pieces(CHINESE[:5]), [CHINESE]) < 0.1


def test_where_there_is_no_letter_nothing_speaks_against_the_vectors(builtin: Tokenizer) -> None:
    assert fluency(builtin, ["12 – 34"]) == 1.0
    assert fluency(builtin, []) == 1.0
    assert fluency(builtin, ["\ud800"]) == 1.0
