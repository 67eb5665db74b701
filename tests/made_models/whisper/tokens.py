"""The tokenizer of the model: a small BPE, then Whisper's own marks in Whisper's order.

CTranslate2 takes a model for multilingual if one of its tokens is empty, as one of Whisper's is.
"""

from __future__ import annotations

import random
from functools import cache

from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from tests.made_models.whisper.network import TIME_TAGS
from tests.made_models.whisper.sentences import LANGUAGES, SPELLINGS, sentence, vocabulary

_MERGED = 800
"""Tokens of text: the 256 bytes, and what often stands together; most words are one."""
END, START, TRANSLATE, TRANSCRIBE = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
)
LANGUAGE_MODEL, PREVIOUS, NO_SPEECH = "<|startoflm|>", "<|startofprev|>", "<|nospeech|>"
NO_TIMES = "<|notimestamps|>"
EMPTY = "<|empty|>"
"""Stands in the tokenizer for the empty token, which it cannot hold."""


@cache
def tokenizer() -> Tokenizer:
    chance = random.Random(0)
    texts = [" " + sentence(language, chance) for language in LANGUAGES for _ in range(3000)]
    texts += [f" {spelling}" for spelling in SPELLINGS.values()] * 50
    texts += [f" {word} {word.capitalize()}" for language in LANGUAGES for word in vocabulary(language)] * 4
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    made.train_from_iterator(
        texts, trainers.BpeTrainer(vocab_size=_MERGED, initial_alphabet=alphabet, show_progress=False)
    )
    marks = [EMPTY, END, START, *(f"<|{code}|>" for code in _LANGUAGE_CODES)]
    marks += [TRANSLATE, TRANSCRIBE, LANGUAGE_MODEL, PREVIOUS, NO_SPEECH, NO_TIMES]
    made.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in marks])
    times = [AddedToken(f"<|{tag * 0.02:.2f}|>", special=False, normalized=False) for tag in range(TIME_TAGS)]
    made.add_tokens(times)
    return made


def mark(name: str) -> int:
    found = tokenizer().token_to_id(name)
    if found is None:
        raise LookupError(name)
    return int(found)


def time_tag(seconds: float) -> int:
    return mark(NO_TIMES) + 1 + min(max(round(seconds / 0.02), 0), TIME_TAGS - 1)


@cache
def word_tokens(word: str) -> tuple[int, ...]:
    """Of a word with the space before it and the punctuation behind it."""
    return tuple(tokenizer().encode(" " + word, add_special_tokens=False).ids)


def vocabulary_of_model() -> list[str]:
    made = tokenizer()
    names = [made.id_to_token(token) for token in range(made.get_vocab_size())]
    return ["" if name == EMPTY else name for name in names]
