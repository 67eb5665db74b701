"""PURE: "heard → written": whole words are replaced by what a person wants instead, exactly."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.speech.dictation.records import Replacement
from assistant.text_folding import is_unspaced


@dataclass(frozen=True, slots=True)
class Replaced:
    taken: int
    """Characters of what came before that are replaced, too."""
    text: str
    untouched: int
    """Characters at the end of the text that are as they were heard."""


class Replacements:
    """Of two that begin at the same place the longer one counts; what was written is not replaced again."""

    def __init__(self, entries: Iterable[Replacement] = ()) -> None:
        self._by_first: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        self._longest = 0
        for entry in sorted(entries, key=lambda each: len(each.heard), reverse=True):
            words = unicodedata.normalize("NFC", entry.heard).split()
            if words:
                pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
                self._by_first.setdefault(_first(words[0]), []).append((pattern, entry.written))
                self._longest = max(self._longest, sum(map(len, words)) + len(words))

    def apply(self, text: str, before: str = "") -> Replaced:
        """The text with all replacements.

        Args:
            before: what was heard just before it: words that begin there and end in the text count as well.
        """
        if not self._by_first:
            return Replaced(0, text, len(text))
        before = before[-self._longest - 1 :]  # with the character before the first that can count
        whole = before + text
        pieces: list[str] = []
        done, taken, position = len(before), 0, int(len(before) > self._longest)
        while position < len(whole):
            found = self._at(whole, position)
            # Words that lie in what came before entirely have been looked at with it.
            if found is None or found[0] <= len(before):
                position += 1
                continue
            end, written = found
            taken = taken or max(0, len(before) - position)
            pieces += [whole[done:position], written]
            done = position = end
        return Replaced(taken, "".join(pieces) + whole[done:], len(whole) - done)

    def _at(self, text: str, position: int) -> tuple[int, str] | None:
        for pattern, written in self._by_first.get(_first(text[position]), ()):
            match = pattern.match(text, position)
            if match and not (_goes_on(text, position) or _goes_on(text, match.end())):
                return match.end(), written
        return None


def _first(text: str) -> str:
    return text[0].casefold()[0]


def _goes_on(text: str, position: int) -> bool:
    """Whether a word stands on both sides of this place; scripts without spaces do not say."""
    if not 0 < position < len(text):
        return False
    left, right = text[position - 1], text[position]
    if unicodedata.category(right)[0] == "M":
        return True
    return _in_word(left) and _in_word(right) and not (is_unspaced(left) or is_unspaced(right))


def _in_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LNM"
