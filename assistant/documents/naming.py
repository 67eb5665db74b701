"""PURE: which documents a question names, by words of their titles and file names, years and quarters."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.documents.terms import fold

_PART = re.compile(r"[^\W\d_]+|\d+")
_CAMEL_CUT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_YEAR = re.compile(r"(?:fy|cy)(\d\d)")
_LONG_YEAR = re.compile(r"(?:fy|cy|fye)(\d{4})")
_QUARTER = re.compile(r"(?:q[1-4]|[1-4]q|h[12])")
_MOST_WORDS = 4
_YEAR_WEIGHT = 0.5
_EARLIER_YEAR = 0.5
"""Of several years in a question the last counts whole: a report also tells of the years before its own."""
_MOST_COMMON = 0.5
PLAIN = 0.6
"""From here on a document counts as named."""


def _words(text: str) -> list[str]:
    """Runs of letters and of digits in lower case, without accents: "BESTBUY_2024Q2" is bestbuy, 2024, q2."""
    text = unicodedata.normalize("NFKC", text)
    found: list[str] = []
    for piece in re.split(r"[\W_]+", text):
        if not piece:
            continue
        whole = fold(piece.casefold())
        short, long = _SHORT_YEAR.fullmatch(whole), _LONG_YEAR.fullmatch(whole)
        if short:
            found.append(f"20{short[1]}")
        elif long:
            found.append(long[1])
        elif _QUARTER.fullmatch(whole) or whole.isalpha():
            humps = [fold(hump.casefold()) for hump in _CAMEL_CUT.split(piece)]
            found.extend(humps if len(humps) > 1 else [whole])
        else:
            match = re.fullmatch(r"((?:19|20)\d\d)(q[1-4]|h[12])", whole)
            found.extend([match[1], match[2]] if match else [whole])
    return found


def _tells(word: str) -> bool:
    """Whether a word may name a document: no small number, no single letter."""
    if word.isdigit():
        return bool(_YEAR.fullmatch(word)) or len(word) >= 5
    return len(word) > 1


def _joined(words: Sequence[str], ignored: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The words, and neighbours written as one (best, buy, bestbuy), each with what it is made of.

    No run of ignored words alone.
    """
    found: dict[str, tuple[str, ...]] = {}
    for first in range(len(words)):
        for last in range(first + 1, min(first + _MOST_WORDS, len(words)) + 1):
            run = tuple(words[first:last])
            if any(word not in ignored for word in run):
                found["".join(run)] = run
    return found


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question says of which documents it is about."""

    documents: dict[int, float]
    """How plainly each is named, above 0 and up to 1."""
    words: frozenset[str]
    """The words of the question, in lower case without accents, that name a document plainly."""


class Names:
    """The names of all documents, prepared for many questions."""

    def __init__(self, documents: Iterable[tuple[int, str, str]]) -> None:
        """`documents`: (id, path, title)."""
        self._holders: dict[str, set[int]] = {}
        self._count = 0
        for identity, path, title in documents:
            self._count += 1
            stem, title_words = _words(PurePath(path).stem), _words(title)
            for word in {*stem, *title_words, *_joined(title_words), *_joined(stem)}:
                if _tells(word):
                    self._holders.setdefault(word, set()).add(identity)

    def meant(self, question: str, ignored: Collection[str] = ()) -> Meant:
        """The documents that the question names, and by which of its words.

        A word counts by how few documents have it; what more than half of them have does not count. Years
        and quarters count half: alone they hardly name a document, beside a name they choose among several.

        Args:
            ignored: words that name nothing, in lower case without accents.
        """
        words = _words(question)
        years = [word for word in words if _YEAR.fullmatch(word)]
        last_year = max(years, default="")
        scores: dict[int, float] = {}
        naming: dict[str, set[int]] = {}
        for word, parts in _joined(words, ignored).items():
            holders = self._holders.get(word)
            if not holders or not _tells(word):
                continue
            if self._count > 1 and len(holders) > _MOST_COMMON * self._count:
                continue
            value = math.log(1 + self._count / len(holders)) / math.log(1 + self._count)
            if _YEAR.fullmatch(word):
                value *= _YEAR_WEIGHT * (1.0 if word == last_year else _EARLIER_YEAR)
            elif _QUARTER.fullmatch(word):
                value *= _YEAR_WEIGHT
            if word.isalpha():
                for part in parts:
                    naming.setdefault(part, set()).update(holders)
            for identity in holders:
                scores[identity] = scores.get(identity, 0.0) + value
        most = max(1.0, max(scores.values(), default=0.0))
        documents = {identity: score / most for identity, score in scores.items()}
        plain = {identity for identity, score in documents.items() if score >= PLAIN}
        return Meant(documents, frozenset(word for word, holders in naming.items() if holders & plain))
