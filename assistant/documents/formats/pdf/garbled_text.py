"""PURE: whether the text of a page is no language, though each of its characters is one.

Some programs number the letters of a font as they like and do not say which is which: a page that shows "This
is" holds "7KLV LV". Only Latin letters are judged, and only where hardly a common word of any language is
among them; a page that is not sure to be wrong is left as it is.
"""

from __future__ import annotations

import re
import unicodedata

from assistant.documents.text.word_lists import all_stopwords

_FEWEST_WORDS = 20
"""A page of fewer is not judged."""
_MOST_ODD = 0.2
"""Words with signs among their letters, or without a vowel. With the two that follow: none of 1,800 pages of
223 files, and 1,689 of 1,694 whose letters were shifted by 29, as a common fault has it."""
_FEWEST_COMMON = 0.03
"""Of the words of a language that has a list of its common words, a quarter and more are in it."""
_FEWEST_VOWELS = 0.25
"""Of the letters; languages in Latin letters have .35 to .5, code from .3 on, shifted letters up to .19."""
_AROUND = "()[]{}\"'“”‘’«».,;:!?…—–-*/•$€£%&+=<>"
_VOWELLESS = re.compile(r"[b-df-hj-np-tv-xz]{3,}", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w\s\-'’./&@:,+%–—­()?=#~‐‑]")
_LAST_LATIN = "\u024f"


def is_garbled(text: str) -> bool:
    words = text.split()
    judged = [core for word in words if _is_latin(core := word.strip(_AROUND))]
    if len(judged) < _FEWEST_WORDS:
        return False
    odd = sum(bool(_SIGNS.search(word) or _VOWELLESS.fullmatch(word)) for word in judged)
    common = sum(word.strip(_AROUND).casefold() in all_stopwords() for word in words)
    bare = unicodedata.normalize("NFD", text.lower())
    letters = [letter for letter in bare if "a" <= letter <= "z"]
    vowels = sum(letter in "aeiouy" for letter in letters)
    return (
        odd > _MOST_ODD * len(judged)
        and common < _FEWEST_COMMON * len(words)
        and vowels < _FEWEST_VOWELS * len(letters)
    )


def _is_latin(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) >= 3 and all(letter <= _LAST_LATIN for letter in letters)
