"""PURE: what two spellings of a word share, scripts without spaces, characters that files cannot hold."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

_EAST_ASIAN = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3040-\u30fa\u30fc-\u30ff"
    "\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""Han, kana and Hangul, for a class of a regular expression."""

_SOUTH_EAST_ASIAN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"
"""Thai, Lao, Burmese and Khmer with their marks."""

UNSPACED_RUN = re.compile(f"([{_EAST_ASIAN}]+|[{_SOUTH_EAST_ASIAN}]+)")
"""Characters in a row of a script that puts no spaces between words."""

_UNSPACED = re.compile(
    "[\u2e80-\u30ff\u3100-\u312f\u3190-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\uffe0-\uffe6"
    f"\U0001aff0-\U0001b16f\U00020000-\U0003ffff{_SOUTH_EAST_ASIAN}]"
)
"""Those scripts with their punctuation. Hangul, which is searched as they are, does put spaces."""

_DROPPED = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640),
    (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8), (0x06EA, 0x06ED),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x00AD, 0x00AD), (0x200B, 0x200F),
)  # fmt: skip

_SURROGATES = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The text with a sign for each lone surrogate, which nothing can write as UTF-8; offsets stay."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def writable(text: str, instead: str = "") -> str:
    """The text with another sign, or none, for each character that XML cannot hold."""
    return _NO_XML.sub(instead, text)


ACCENTS: Mapping[int, str] = dict.fromkeys(
    itertools.chain.from_iterable(range(first, last + 1) for first, last in _DROPPED), ""
)
"""Accents and points of Latin, Greek, Cyrillic, Hebrew and Arabic, and what is invisible, for str.translate.

Marks of other scripts are vowels.
"""


_RAISED_DIGIT = re.compile("(?<=[0-9])(?=[\u2070\u00b9\u00b2\u00b3\u2074-\u2079])")


def compatible(text: str) -> str:
    """The text with compatibility forms as one (NFKC), but for raised digits behind others: 10⁶ is no 106."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _RAISED_DIGIT.sub("^", text))


def without_accents(text: str, table: Mapping[int, str] = ACCENTS) -> str:
    """The text without accents, composed (NFC). `table`: what becomes of each decomposed character."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(table))


def is_unspaced(character: str) -> bool:
    """Whether it is of a script that puts no spaces between words; its punctuation is."""
    return _UNSPACED.match(character) is not None


def joined(texts: Iterable[str]) -> str:
    """Texts one after the other, with a space between them where their script has spaces."""
    whole = ""
    for text in texts:
        text = text.strip()
        if whole and text and not (is_unspaced(whole[-1]) and is_unspaced(text[0])):
            whole += " "
        whole += text
    return whole


def folded_with_offsets(text: str, fold: Callable[[str], str]) -> tuple[str, list[int]]:
    """The text folded character by character, and where in it each character of the result comes from."""
    pieces: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        folded = fold(character)
        pieces.append(folded)
        offsets += [offset] * len(folded)
    return "".join(pieces), offsets


def with_marks(run: str) -> list[str]:
    """The characters of a run, each with the marks that stand on it."""
    characters: list[str] = []
    for char in run:
        if characters and unicodedata.category(char)[0] == "M":
            characters[-1] += char
        else:
            characters.append(char)
    return characters


def character_pairs(run: str, *, last: bool = True) -> list[str]:
    """Overlapping pairs of characters with their marks; `last`: the last one alone as well.

    With it in the index, a search by prefix finds that character too. A run of one gives that one.
    """
    characters = with_marks(run)
    pairs = [first + second for first, second in itertools.pairwise(characters)]
    return [*pairs, characters[-1]] if last or not pairs else pairs


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """What its name in Unicode begins with: "LATIN", "CJK"; "" where it has none."""
    return unicodedata.name(character, "").split(" ")[0]


def bare_span(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space around it; empty at its end where there is nothing else."""
    part = text[start:end]
    bare = part.lstrip()
    start += len(part) - len(bare)
    return start, start + len(bare.rstrip())
