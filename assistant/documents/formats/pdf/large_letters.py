"""PURE geometry: large letters that are no lines of their own: initials in the text, stamps across it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from assistant.documents.formats.pdf.characters import Word

LARGE_INITIAL = 1.7
"""How many times as large as the text around it the first letter of a chapter is, at least."""
LARGE_STAMP = 1.8
"""How many times as large as the text under it a stamp is, at least."""
_STAMPED = frozenset(
    {
        "draft", "copy", "sample", "specimen", "confidential", "paid", "void", "approved", "received",
        "rejected", "cancelled", "canceled", "duplicate", "obsolete", "superseded", "entwurf", "kopie",
        "muster", "vertraulich", "bezahlt", "ungültig", "genehmigt", "eingegangen", "abgelehnt", "storniert",
        "duplikat", "brouillon", "copie", "spécimen", "confidentiel", "payé", "annulé", "approuvé", "reçu",
        "borrador", "copia", "muestra", "confidencial", "pagado", "anulado", "aprobado", "recibido", "bozza",
        "riservato", "pagato", "annullato", "rascunho", "pago", "concept", "betaald", "vertrouwelijk",
    }
)  # fmt: skip
_MONTHS = frozenset(
    {
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär", "mai",
        "okt", "dez", "fév", "avr", "jui", "aoû", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu",
        "lug", "set", "ott", "mei", "mrt", "fev", "out",
    }
)  # fmt: skip
"""How the names of months begin."""
_MAX_STAMP_WORDS = 60
"""More large words than this are a text."""


def usual_size(words: Sequence[Word]) -> float:
    """The font size in which most characters of these words are set."""
    sizes: dict[float, int] = {}
    for word in words:
        size = round(2 * word.em) / 2
        sizes[size] = sizes.get(size, 0) + len(word.text)
    return max(sizes, key=lambda size: (sizes[size], -size), default=0.0)


def apart_from_stamps(words: list[Word], usual: float) -> tuple[list[Word], list[Word]]:
    """The words of the text, and those that are printed large across it, such as DRAFT.

    `usual`: the size of most of them.
    """
    large = [word for word in words if word.em >= LARGE_STAMP * usual and len(word.text) > 1]
    if not usual or not large or len(large) > _MAX_STAMP_WORDS:
        return words, []
    small = [word for word in words if word.em < LARGE_STAMP * usual]
    stamps = {id(word) for word in large if sum(_lies_under(one, word) for one in small) >= 2}
    stamps.update(id(word) for line in _lines(large) if _is_stamp(line) for word in line)
    if not stamps:
        return words, []
    return [word for word in words if id(word) not in stamps], [word for word in words if id(word) in stamps]


def are_large(rows: Sequence[Sequence[Word]], usual: float) -> bool:
    """Whether rows that run another way than the text hold nothing but words as large as a stamp."""
    return all(word.em >= LARGE_STAMP * usual for row in rows for word in row)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Large words by the line that they stand on."""
    in_order = sorted(words, key=lambda word: (word.base, word.x0))
    return [list(line) for _, line in groupby(in_order, key=lambda word: round(word.base))]


def _is_stamp(line: Sequence[Word]) -> bool:
    """Whether a line by itself says what people stamp onto papers, with a date perhaps; no heading does."""
    texts = [word.text.strip(".,:!*-–()") for word in line]
    named = [text for text in texts if text.casefold() in _STAMPED]
    others = [text for text in texts if text.casefold() not in _STAMPED]
    dated = all(text.casefold()[:3] in _MONTHS or not any(map(str.isalpha, text)) for text in others)
    return bool(named) and dated and all(text.isupper() for text in named)


def _lies_under(small: Word, large: Word) -> bool:
    """Whether the middle of a word is covered by the letters of a larger one."""
    top, bottom = large.base - 0.7 * large.em, large.base + 0.1 * large.em
    middle = small.base - 0.3 * small.em
    return top < middle < bottom and small.x0 < large.x1 and small.x1 > large.x0


def with_initials(words: list[Word], usual: float) -> list[Word]:
    """Words in which large first letters stand on the first of the lines beside them.

    `usual`: the size of most of them.
    """
    if not any(word.em >= LARGE_INITIAL * usual for word in words):
        return words
    found: list[Word] = []
    for word in words:
        first = None
        if usual and word.em >= LARGE_INITIAL * usual and _is_initial(word.text):
            first = _first_beside(word, words)
        if first is None:
            found.append(word)
            continue
        found.append(
            replace(
                word,
                y0=first.y0,
                y1=first.y1,
                x1=min(word.x1, first.x0),
                base=first.base,
                em=first.em,
                joins=not (first.space == 2 and first.start == word.start + len(word.text)),
            )
        )
    return found


def _is_initial(text: str) -> bool:
    letters = [sign for sign in text if sign.isalpha()]
    return (
        len(letters) == 1
        and len(text) <= 3
        and all(sign.isalpha() or unicodedata.category(sign)[0] == "P" for sign in text)
    )


def _first_beside(initial: Word, words: Sequence[Word]) -> Word | None:
    """The first word of the uppermost of the lines that begin right beside an initial."""
    beside = [
        word
        for word in words
        if word is not initial
        and word.em < initial.em / 1.5
        and -0.3 * word.em < word.x0 - initial.x1 < 1.2 * word.em
        and initial.base - 0.95 * initial.em < word.base - 0.3 * word.em < initial.base
    ]
    return min(beside, key=lambda word: (word.base, word.x0), default=None)
