"""PURE: how well an embedder speaks a language, told by its tokenizer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from assistant.documents.search.closeness import UNRELATED
from assistant.documents.text.terms import is_pair_script

_FLUENT = 0.85
"""A language with so large a part of what plain English has counts as spoken fluently."""
_CHARACTERS_READ = 1500
_MOST_UNKNOWN = 0.2
"""Of Chinese characters: who lacks more of them does not read them."""


class Encoding(Protocol):
    """What tokenizers gives for a text."""

    @property
    def ids(self) -> list[int]: ...
    @property
    def offsets(self) -> list[tuple[int, int]]: ...


class Encoder(Protocol):
    """A tokenizer of the library tokenizers."""

    def encode(self, sequence: str, *, add_special_tokens: bool) -> Encoding: ...
    def token_to_id(self, token: str) -> int | None: ...


def fluency(encoder: Encoder, texts: Iterable[str]) -> float:
    """How well the model of a tokenizer speaks the language of texts, 0 to 1; 1 where there is no letter.

    The measure is the part of all letters that stand in words which the tokenizer knows whole, beside that
    part of plain English: vocabularies of a hundred languages cut more words than those of one. In a script
    without spaces, tokens of two characters and more are words; of Chinese characters, which BERT takes one
    by one, nearly all must be known. A model that was trained on a language has most of its
    words whole; others come in splinters or as "unknown".

    Measured with the vocabulary of BERT (all-MiniLM, BGE, Arctic, GTE, E5 in English): English 1, French .44,
    Spanish .37, German .31, Chinese .05, Hindi, Russian, Arabic and Japanese 0. The vectors of all-MiniLM
    alone reach there, in nDCG@10 on xquad: English .96, German .70, Spanish .67, Chinese .26, Hindi .07. With
    that of XLM-R (multilingual E5 and MiniLM): Chinese 1, French .98, Japanese 1, English .88, Russian .85,
    Spanish .82, German .68, Hindi .65, Arabic .55; multilingual-e5-small reaches .96 to .98 in xquad's five.
    """
    whole, letters = _counted(encoder, texts)
    if not letters:
        return 1.0
    plain, plain_letters = _counted(encoder, UNRELATED)
    return min(1.0, whole / letters / max(_FLUENT * plain / plain_letters, 0.1))


def _counted(encoder: Encoder, texts: Iterable[str]) -> tuple[float, int]:
    """(letters in words known whole, letters)."""
    unknown = {encoder.token_to_id(name) for name in ("[UNK]", "<unk>")}
    whole = 0.0
    letters = han = han_known = han_whole = 0
    for text in texts:
        text = text[:_CHARACTERS_READ].encode("utf-8", "replace").decode()  # no lone surrogates
        encoding = encoder.encode(text, add_special_tokens=False)
        letters += sum(map(str.isalpha, text))
        han += sum(map(_is_han, text))
        for identity, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            piece = text[start:end].lstrip()  # SentencePiece counts the space to the word
            size = sum(map(str.isalpha, piece))
            if not size or identity in unknown:
                continue
            if is_pair_script(piece):
                ideographs = sum(map(_is_han, piece))
                han_known += ideographs
                han_whole += ideographs if size > 1 else 0
                whole += size - ideographs if size > 1 else 0
            elif size > 1 and not _goes_on(text, end - len(piece) - 1) and not _goes_on(text, end):
                whole += size
    known = max(0.0, han - (han - han_known) / _MOST_UNKNOWN)
    return whole + max(han_whole, known), letters


def _goes_on(text: str, at: int) -> bool:
    """Whether a word goes on there."""
    return 0 <= at < len(text) and _in_word(text[at])


@lru_cache(maxsize=4096)
def _in_word(char: str) -> bool:
    """Letters and the marks on them: the vowels of Hindi are marks."""
    return unicodedata.category(char)[0] in "LM"


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
