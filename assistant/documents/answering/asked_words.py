"""PURE: where the words that a question asks for stand in a text, in whatever form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import accumulate

from assistant.documents.search.query_terms import Concept
from assistant.documents.text.terms import fold, terms
from assistant.text.sentences import Span
from assistant.text_folding import UNSPACED_RUN, with_marks

_JOINERS = frozenset("'’‘ʼ-‐‑.,_")
"""They belong to a word if letters or digits stand on both sides."""


def asked_words(text: str, concepts: Sequence[Concept], language: str) -> tuple[Span, ...]:
    """Where words and phrases of these concepts stand, in order; neighbours are one.

    Args:
        language: of the text, ISO 639-1.
    """
    words = list(_words(text, language))
    marked: set[Span] = set()
    for concept in concepts:
        for form in concept.forms:
            wanted = form.split(" ")
            for at in range(len(words) - len(wanted) + 1):
                here = words[at : at + len(wanted)]
                if all(term in found for term, (_, found) in zip(wanted, here, strict=True)):
                    marked.update(span for span, _ in here)
    joined: list[Span] = []
    for start, end in sorted(marked):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _words(text: str, language: str) -> Iterator[tuple[Span, frozenset[str]]]:
    """The words with their terms; of a script without spaces, its pairs of characters."""
    for start, end in _runs(text):
        run = text[start:end]
        at = 0
        for number, piece in enumerate(UNSPACED_RUN.split(run)):
            if piece and number % 2:
                for first, last in _pairs(piece):
                    span = start + at + first, start + at + last
                    yield span, frozenset({fold(piece[first:last])})
            elif piece:
                yield (start + at, start + at + len(piece)), frozenset(terms(piece, language))
            at += len(piece)


def _pairs(piece: str) -> Iterator[Span]:
    """Two characters each, with their marks; of a single one, that."""
    ends = [0, *accumulate(map(len, with_marks(piece)))]
    yield from zip(ends, ends[2:] or ends[1:], strict=False)


def _runs(text: str) -> Iterator[Span]:
    begin: int | None = None
    for at, character in enumerate(text):
        inside = _is_part(character) or (
            character in _JOINERS and begin is not None and at + 1 < len(text) and _is_part(text[at + 1])
        )
        if inside and begin is None:
            begin = at
        elif not inside and begin is not None:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, len(text)


def _is_part(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"
