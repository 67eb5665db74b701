"""PURE: what of a text is searched for in the history, and the piece of it that is shown.

A text is folded (compatibility forms, case, accents), and runs of scripts without spaces become overlapping
pairs of characters; SQLite cuts the rest into words.
"""

from __future__ import annotations

import unicodedata

from assistant.text_folding import UNSPACED_RUN, character_pairs, folded_with_offsets, without_accents

_SNIPPET = 160
"""Characters of a snippet."""
_BEFORE = 50
"""Of these, how many stand before the first word that is looked for."""

_LONGEST_RUN = 30
"""Characters without a space that are cut at a word; longer ones are cut anywhere."""


def fold(text: str) -> str:
    """A text in lower case, without accents, in one form."""
    if text.isascii():
        return text.lower()
    return without_accents(unicodedata.normalize("NFKC", text).casefold())


def index_words(text: str) -> str:
    """What goes into the full-text table for a text."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return UNSPACED_RUN.sub(lambda run: f" {' '.join(character_pairs(run[0]))} ", folded)


def query_words(query: str) -> list[str]:
    """The folded words of a query, runs of scripts without spaces apart from the rest."""
    words: list[str] = []
    for word in fold(query).split():
        cut = 0
        for run in UNSPACED_RUN.finditer(word):
            words += [word[cut : run.start()], run[0]]
            cut = run.end()
        words.append(word[cut:])
    return [word for word in words if any(unicodedata.category(char)[0] in "LN" for char in word)]


def match_expression(words: list[str]) -> str:
    """For FTS5's MATCH: all of the words, each also as the beginning of a longer one."""
    phrases = []
    for word in words:
        if UNSPACED_RUN.fullmatch(word):
            word = " ".join(character_pairs(word, last=False))
        phrases.append('"{}"*'.format(word.replace('"', '""')))
    return " AND ".join(phrases)


def snippet(text: str, words: list[str]) -> str:
    """A piece of the text on one line, around the first of the words."""
    start = max(0, _first(text, words) - _BEFORE)
    if start:
        space = text.find(" ", start, start + _LONGEST_RUN)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        space = text.rfind(" ", end - _LONGEST_RUN, end)
        end = space if space > start else end
    piece = " ".join(text[start:end].split())
    return f"{'… ' if start else ''}{piece}{' …' if end < len(text) else ''}"


def _first(text: str, words: list[str]) -> int:
    lower = text.lower()
    places = [_find(lower, word) for word in words] if len(lower) == len(text) else []
    places = [place for place in places if place >= 0]
    if places:
        return min(places)
    folded, offsets = folded_with_offsets(text, fold)
    places = [place for place in (_find(folded, word) for word in words) if place >= 0]
    return offsets[min(places)] if places else 0


def _find(text: str, word: str, start: int = 0) -> int:
    """Where the word stands from `start` on, at the beginning of a word or in a run without spaces; or -1."""
    at = text.find(word, start)
    while at > 0 and text[at - 1].isalnum() and not UNSPACED_RUN.match(word):
        at = text.find(word, at + 1)
    return at
