"""PURE: which documents a question names, by words of their titles and file names, years and quarters."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.documents.text.terms import YEAR, fold
from assistant.text_folding import compatible

_PART = re.compile(r"[^\W\d_]+|\d+")
_CAMEL_CUT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORT_YEAR = re.compile(r"(?:fy|cy)(\d\d)")
_LONG_YEAR = re.compile(r"(?:fy|cy|fye)(\d{4})")
_QUARTER = re.compile(r"(?:q[1-4]|[1-4]q|h[12])")
_CAPITALS = re.compile(r"\b[A-Z]{3,6}\b")
"""A word that may abbreviate a name."""
_MOST_WORDS = 4
"""Words of a name that are also looked for written as one."""
_YEAR_WEIGHT = 0.5
"""Factor on years and quarters: many names have them."""
_EARLIER_YEAR = 0.5
"""Of several years in a question the last counts whole: a report also tells of the years before its own."""
_MOST_COMMON = 0.5
"""A word that is in the names of a larger part of all documents tells nothing."""
NAMED = 0.6
"""From here on a document counts as named, on the scale of `Mentions.documents`."""
HARDLY_NAMED = 0.25
"""If no document is named more plainly than this, none is meant."""


def _words(text: str) -> list[str]:
    """Runs of letters and of digits in lower case, without accents: "BESTBUY_2024Q2" is bestbuy, 2024, q2."""
    text = compatible(text)
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
            parts = [fold(part.casefold()) for part in _CAMEL_CUT.split(piece)]
            found.extend(parts if len(parts) > 1 else [whole])
        else:
            match = re.fullmatch(r"((?:19|20)\d\d)(q[1-4]|h[12])", whole)
            found.extend([match[1], match[2]] if match else [whole])
    return found


def _tells(word: str) -> bool:
    """Whether a word may name a document: no small number, no single letter."""
    if word.isdigit():
        return bool(YEAR.fullmatch(word)) or len(word) >= 5
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


def _abbreviations(question: str) -> list[str]:
    """Its words in capitals, in lower case; none if all of it is in capitals."""
    return [] if question.isupper() else [word.casefold() for word in _CAPITALS.findall(question)]


def _abbreviates(short: str, name: str) -> bool:
    """Whether it is the beginning of a name, or of two words that a name is written from: AMEX, JPM."""
    if name.startswith(short):
        return True
    return any(name.startswith(short[:cut]) and short[cut:] in name[cut:] for cut in range(2, len(short) - 1))


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a question says of which documents it is about."""

    documents: dict[int, float]
    """How plainly each is named, above 0 and up to 1."""
    words: frozenset[str]
    """The words of the question, in lower case without accents, that name a document plainly."""

    @property
    def plain(self) -> bool:
        """Whether any document is named plainly."""
        return any(score >= NAMED for score in self.documents.values())


NO_MENTIONS = Mentions({}, frozenset())
"""Of a question that names no document."""


class DocumentMentions:
    """The names of all documents, prepared for many questions."""

    def __init__(self, documents: Iterable[tuple[int, str, str]]) -> None:
        """`documents`: (id, path, title)."""
        holders: dict[str, set[int]] = {}
        joined: dict[str, set[int]] = {}
        names: dict[int, tuple[list[str], ...]] = {}
        for identity, path, title in documents:
            names[identity] = _words(PurePath(path).stem), _words(title)
            for name in names[identity]:
                for word, parts in _joined(name).items():
                    if _tells(word):
                        (holders if len(parts) == 1 else joined).setdefault(word, set()).add(identity)
        self._alone = _telling(holders, len(names))
        """Who has a word in its name: here two words of a question written as one are looked for."""
        for word, more in joined.items():
            holders[word] = holders.get(word, set()) | more
        self._either = _telling(holders, len(names))
        """Who has a word, or two written as one: here the single words of a question are looked for.

        So Best Buy in a question and BESTBUY in a name are the same, and so the other way round, while two
        words here and the same two words there count as two words.
        """
        self._values = {word: _value(word, len(held), len(names)) for word, held in self._either.items()}
        self._names = {
            identity: tuple(self._weighed(name) for name in pair) for identity, pair in names.items()
        }

    def _weighed(self, name: Sequence[str]) -> tuple[dict[str, float], float]:
        """The words of a name that tell something, with their values, and the sum of these."""
        values = {word: self._values[word] for word in name if word in self._values}
        return values, sum(values.values())

    def find(self, question: str, ignored: Collection[str] = ()) -> Mentions:
        """The documents that the question names, and by which of its words.

        A word counts by how few documents have it; what more than half of them have does not count. Years
        and quarters count half: alone they hardly name a document, beside a name they choose among several.
        The sum counts by how much of a document's name it makes up, for a long title shares a word with many
        a question without being meant.

        Args:
            ignored: words that name nothing, in lower case without accents.
        """
        words = _words(question)
        last_year = max((word for word in words if YEAR.fullmatch(word)), default="")
        asked = _joined(words, ignored)
        for short in _abbreviations(question):
            if short not in self._either:
                asked.update((name, (short,)) for name in self._either if _abbreviates(short, name))
        found: dict[int, list[str]] = {}
        for word, parts in asked.items():
            for identity in (self._either if len(parts) == 1 else self._alone).get(word, ()):
                found.setdefault(identity, []).append(word)
        values = {
            word: self._values[word] * (_EARLIER_YEAR if YEAR.fullmatch(word) and word != last_year else 1.0)
            for word in {word for held in found.values() for word in held}
        }
        scores = {
            identity: sum(values[word] for word in _longest(held, asked)) * self._share(identity, held, asked)
            for identity, held in found.items()
        }
        most = max(1.0, max(scores.values(), default=0.0))
        documents = {identity: score / most for identity, score in scores.items()}
        naming = {
            part
            for identity, score in documents.items()
            if score >= NAMED
            for word in found[identity]
            if word.isalpha()
            for part in asked[word]
        }
        return Mentions(documents, frozenset(naming))

    def _share(self, identity: int, held: Sequence[str], asked: Mapping[str, tuple[str, ...]]) -> float:
        """How much of one of a document's names the question says."""
        said = {*held, *(part for word in held for part in asked[word])}
        best = 0.0
        for values, whole in self._names[identity]:
            if whole:
                best = max(best, sum(value for word, value in values.items() if word in said) / whole)
        return best


def _telling(holders: Mapping[str, set[int]], documents: int) -> dict[str, set[int]]:
    """Without words that most documents have in their names."""
    most = max(1.0, _MOST_COMMON * documents)
    return {word: held for word, held in holders.items() if len(held) <= most}


def _value(word: str, holders: int, documents: int) -> float:
    """How much a word tells of which document is meant, 0 to 1."""
    value = math.log(1 + documents / holders) / math.log(1 + documents)
    return value * _YEAR_WEIGHT if YEAR.fullmatch(word) or _QUARTER.fullmatch(word) else value


def _longest(held: Sequence[str], asked: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Without words that are part of a longer run among them: bestbuy, but not best and buy once more."""
    parts = {part for word in held if len(asked[word]) > 1 for part in asked[word]}
    return [word for word in held if len(asked[word]) > 1 or word not in parts]
