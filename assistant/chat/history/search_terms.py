"""PURE: what of a text is searched for in the history, and where in a text the words looked for stand.

A text is folded (compatibility forms, case, accents), and runs of scripts without spaces become overlapping
pairs of characters; SQLite cuts the rest into words.
"""

from __future__ import annotations

import itertools
import re
import unicodedata

_SNIPPET = 160
_BEFORE = 50
"""Characters of a snippet, and how many of them stand before the first word looked for."""

_LONGEST_RUN = 30
"""Characters without a space that are cut at a word; longer ones are cut anywhere."""

# Han, kana and Hangul; Thai, Lao, Burmese and Khmer with their marks.
_UNSPACED = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3040-\u30fa\u30fc-\u30ff"
    "\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]+"
    "|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f]+"
)

_DROPPED = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640),
    (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E8), (0x06EA, 0x06ED),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x00AD, 0x00AD), (0x200B, 0x200F),
)  # fmt: skip
"""Accents and points of Latin, Greek, Cyrillic, Hebrew and Arabic, and what is invisible."""

_ACCENTS = dict.fromkeys(
    itertools.chain.from_iterable(range(first, last + 1) for first, last in _DROPPED), None
)


def fold(text: str) -> str:
    """A text in lower case, without accents, in one form."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold()).translate(_ACCENTS)
    return unicodedata.normalize("NFC", bare)


def index_words(text: str) -> str:
    """What goes into the full-text table for a text."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return _UNSPACED.sub(lambda run: f" {' '.join(_pairs(run[0], last=True))} ", folded)


def query_words(query: str) -> list[str]:
    """The folded words of a query, runs of scripts without spaces apart from the rest."""
    words: list[str] = []
    for word in fold(query).split():
        cut = 0
        for run in _UNSPACED.finditer(word):
            words += [word[cut : run.start()], run[0]]
            cut = run.end()
        words.append(word[cut:])
    return [word for word in words if any(unicodedata.category(char)[0] in "LN" for char in word)]


def match_expression(words: list[str]) -> str:
    """For FTS5's MATCH: all of the words, each also as the beginning of a longer one."""
    phrases = []
    for word in words:
        if _UNSPACED.fullmatch(word):
            word = " ".join(_pairs(word, last=False))
        phrases.append('"{}"*'.format(word.replace('"', '""')))
    return " AND ".join(phrases)


def _pairs(run: str, *, last: bool) -> list[str]:
    """Overlapping pairs of characters with their marks; `last`: also the last one alone."""
    characters: list[str] = []
    for char in run:
        if characters and unicodedata.category(char)[0] == "M":
            characters[-1] += char
        else:
            characters.append(char)
    pairs = [first + second for first, second in itertools.pairwise(characters)]
    return [*pairs, characters[-1]] if last or not pairs else pairs


def snippet(text: str, words: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece of the text on one line around the first of the words, and where in it the words stand."""
    start = max(0, _first(text, words) - _BEFORE)
    if start:
        space = text.find(" ", start, start + _LONGEST_RUN)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        space = text.rfind(" ", end - _LONGEST_RUN, end)
        end = space if space > start else end
    piece = " ".join(text[start:end].split())
    line = f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"
    return line, marks(line, words)


def marks(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand in a text, as (first character, character after the last), in order."""
    folded, origin = _mapped(text)
    found: list[tuple[int, int]] = []
    for word in words:
        at = _find(folded, word)
        while at >= 0:
            found.append((origin[at], origin[at + len(word) - 1] + 1))
            at = _find(folded, word, at + len(word))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def _first(text: str, words: list[str]) -> int:
    lower = text.lower()
    places = [_find(lower, word) for word in words] if len(lower) == len(text) else []
    places = [place for place in places if place >= 0]
    if places:
        return min(places)
    folded, origin = _mapped(text)
    places = [place for place in (_find(folded, word) for word in words) if place >= 0]
    return origin[min(places)] if places else 0


def _find(text: str, word: str, start: int = 0) -> int:
    """Where the word stands from `start` on, at the beginning of a word or in a run without spaces; or -1."""
    at = text.find(word, start)
    while at > 0 and text[at - 1].isalnum() and not _UNSPACED.match(word):
        at = text.find(word, at + 1)
    return at


def _mapped(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the one in `text` that it comes from."""
    pieces: list[str] = []
    origin: list[int] = []
    for number, char in enumerate(text):
        piece = fold(char)
        pieces.append(piece)
        origin += [number] * len(piece)
    return "".join(pieces), origin
