"""PURE: what becomes of a hyphen at the end of a line when the next line is joined to it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from enum import StrEnum

_ENDS_WITH_HYPHEN = re.compile(r"([^\W\d_]+)-$")
_STARTS_WITH_WORD = re.compile(r"[^\W\d_]+")
_KEEPS_HYPHEN = re.compile(
    "all|anti|co|cross|end|ex|first|five|four|full|half|high|in|inter|intra|long|low|mid|multi|non|off|on|one|out"
    "|post|pre|quasi|re|second|self|semi|short|single|sub|third|three|time|two|under|up|well|year"
)
_JOINING_WORDS = frozenset(
    {
        "und", "oder", "bzw", "beziehungsweise", "sowie", "bis", "and", "or", "nor", "to", "et", "ou", "e",
        "ed", "o", "y", "u", "en", "of", "och", "eller", "og", "tai", "ja", "i", "lub", "oraz", "a", "nebo",
        "és", "vagy", "și", "ve", "и", "или",
    }
)  # fmt: skip
"""A word before one of these has left its other half to the word behind it: "Vor- und Nachmittag"."""
_SECOND_HALVES = re.compile(
    "absorbing|aided|approved|averse|awarded|aware|backed|based|bearing|blind|born|bound|breaking|bred"
    "|built|burning|capable|centered|centred|certified|cleaning|coated|coded|compatible|compliant"
    "|conditioned|conscious|consuming|containing|controlled|cooled|cutting|deprived|dependent|determined"
    "|determining|driven|dwelling|effective|efficient|eligible|enabled|engined|exempt|eyed|facing"
    "|filled|finding|fired|flavored|flavoured|focused|footed|founded|free|friendly|fueled|fuelled"
    "|funded|generated|generating|growing|grown|haired|handed|headed|hearted|heated|heavy|hungry"
    "|induced|infected|intensive|intolerant|laden|lasting|launched|leading|limited|linked|loving"
    "|lowering|made|making|managed|measuring|minded|mounted|neutral|operated|orientated|oriented|owned"
    "|packed|paid|painted|paying|pleasing|polluting|powered|preserving|preventing|priced|printed"
    "|producing|prone|protected|protecting|proven|providing|raising|ranging|ready|recorded|reducing"
    "|regulating|related|reliant|repellent|resistant|rich|saving|scale|seeking|selling|sensitive|shaped"
    "|sharing|sided|sighted|skilled|soluble|solving|sourced|speaking|specific|stained|starved|stricken"
    "|supplied|supported|taking|tempered|tested|thinking|tolerant|treated|tuned|using|vulnerable|washed"
    "|watching|wearing|weighted|winged|winning|written|yielding"
)
"""What English puts behind a hyphen, as in "price-determining"; words are seldom cut before such an end."""
_ADJECTIVE = re.compile(r"..(?:ing|ed|ent|ant|able|ible|ive|ic|al|ary|ous)$")
_SYLLABLES = re.compile(
    "abs|bar|be|car|com|con|cor|coun|counter|de|dis|es|ex|for|fore|im|ir|mar|mis|ob|over|par|per|pro|pur|sub"
    "|super|sur|sus|tar|trans|un"
)
"""Beginnings of words that are no words before a hyphen."""
_ENGLISH = re.compile(r"\b(?:the|of|and|is|was|are|with|for)\b")
_LEAST_ENGLISH = 0.06
"""In an English text, more of the words than this are such small ones."""
_TEXTS_KEPT = 300
"""Pages whose words are remembered."""


class Joint(StrEnum):
    """How two lines are joined of which the first ends with a hyphen."""

    DROPPED = "without the hyphen"
    KEPT = "with the hyphen"
    SPACED = "with the hyphen and a space"
    NONE = "there is no word that goes on"


class Hyphens:
    """Decides for a word that is cut at a line's end whether its hyphen belongs to it.

    The document itself says: a word that it writes elsewhere in one piece loses the hyphen, one that it
    writes with a hyphen keeps it. Else it depends on what the halves are, and on whether the document cuts
    words at all: one made from a web page does not.
    """

    def __init__(self) -> None:
        self._texts: deque[str] = deque(maxlen=_TEXTS_KEPT)
        self._lines = 0
        self._cut = 0
        self._words = 0
        self._english = 0

    def learn(self, lines: Sequence[str]) -> None:
        """Take note of the words of these lines."""
        text = "\n".join(lines).lower()
        self._texts.append(text)
        self._words += text.count(" ") + len(lines)
        self._english += len(_ENGLISH.findall(text))
        long = [line for line in lines if len(line) > 40]
        self._lines += len(long)
        self._cut += sum(line[-1] == "-" and line[-2].isalpha() for line in long)

    def joint(self, line: str, following: str) -> Joint:
        """What becomes of the hyphen at the end of `line` when `following` is joined to it."""
        if not line.endswith("-") or not line[-2:-1].isalnum() or not following[:1].isalnum():
            return Joint.NONE
        cut, rest = _ENDS_WITH_HYPHEN.search(line), _STARTS_WITH_WORD.match(following)
        if cut is None or rest is None:  # one of them is a number
            return Joint.SPACED if rest is not None and rest.group().lower() in _JOINING_WORDS else Joint.KEPT
        before, after = cut.group(1).lower(), rest.group().lower()
        joined, hyphened = self._writes(before + after), self._writes(f"{before}-{after}")
        if after in _JOINING_WORDS and not joined and not hyphened:
            return Joint.SPACED
        if not rest.group()[0].islower():
            return Joint.KEPT
        if joined:
            return Joint.DROPPED
        if hyphened or _KEEPS_HYPHEN.fullmatch(before) or self._is_compound(before, after):
            return Joint.KEPT
        dropped = self._lines == 0 or self._cut >= 0.03 * self._lines
        return Joint.DROPPED if dropped else Joint.KEPT

    def _is_compound(self, before: str, after: str) -> bool:
        """Whether English joins these two by a hyphen; other languages write such words in one."""
        if self._english <= _LEAST_ENGLISH * self._words or len(before) < 3 or _SYLLABLES.fullmatch(before):
            return False
        if _SECOND_HALVES.fullmatch(after):
            return True
        both = len(before) >= 4 and _ADJECTIVE.search(after) is not None
        return both and self._stands_alone(before) and self._stands_alone(after)

    def _stands_alone(self, word: str) -> bool:
        """Whether the document has this word inside a line, where it is no half of another one."""
        pattern = re.compile(rf"(?<= ){re.escape(word)}(?=[ .,;:])")
        return any(word in text and pattern.search(text) for text in self._texts)

    def _writes(self, word: str) -> bool:
        pattern = re.compile(rf"(?<![^\W\d_]){re.escape(word)}(?![^\W\d_])")
        return any(word in text and pattern.search(text) for text in self._texts)
