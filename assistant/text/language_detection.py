"""Which language a text is written in."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from assistant.text_folding import script_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN: Final = "und"
"""What `detect` says of a text without enough words: numbers, codes, a single symbol."""

_CHARACTERS_READ = 600
"""Enough to be sure of any language, and quick (0.5 ms)."""

_ALIASES = {
    "wuu": "zh", "yue": "zh", "nn": "no", "pcm": "en", "gcr": "fr", "gcf": "fr", "arz": "ar", "ary": "ar",
    "an": "es", "ext": "es", "lb": "de", "wa": "fr", "oc": "ca", "vec": "it", "lij": "it", "zxx": UNKNOWN,
    "hbo": "he", "grc": "el", "bs": "sr", "ms": "id", "uzs": "uz", "sdh": "ku",
}  # fmt: skip
"""Small languages that short texts of a large neighbour are taken for; its word lists serve both."""

_SCRIPTS = {"HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "LAO": "lo", "KHMER": "km",
            "MYANMAR": "my", "CJK": "zh", "BOPOMOFO": "zh", "GREEK": "el", "HEBREW": "he", "TAMIL": "ta",
            "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "GUJARATI": "gu", "GURMUKHI": "pa",
            "BENGALI": "bn", "SINHALA": "si", "GEORGIAN": "ka", "ARMENIAN": "hy"}  # fmt: skip
"""Scripts that tell the language without reading: the one that nearly all text in them is written in."""

_SURE = 0.5
_AS_LIKELY = 0.05
"""So likely, beside the likeliest, an expected language must be."""
_LETTER = re.compile(r"[^\W\d_]")
_NO_WORD = re.compile(r"[\d\s!-/:-@\[-`{-~]+")
"""Digits, spaces and ASCII punctuation. Marks stay: Indic vowel signs are no letters to `re`."""
_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from assistant.text import language_model  # only texts in common scripts need it

    return language_model.identifier()


def script_language(text: str) -> str | None:
    """The language that the script alone tells, or None (Latin, Cyrillic, Arabic, Devanagari …)."""
    counts: Counter[str] = Counter()
    for char in text[:_CHARACTERS_READ]:
        if char.isalpha() and not char.isascii():
            counts[script_of(char)] += 1
        elif char.isalpha():
            counts["LATIN"] += 1
    if not counts:
        return None
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    total = counts.total()
    if kana >= 2 and kana + counts["CJK"] > 0.3 * total and kana > 0.05 * total:
        return "ja"
    script, count = counts.most_common(1)[0]
    return _SCRIPTS.get(script) if count > 0.5 * total else None


def detect(text: str, among: Iterable[str] = ()) -> tuple[str, float]:
    """The language (ISO 639-1 where there is one) and how sure that is, 0 to 1.

    `UNKNOWN` with 0 where there are no words. A text of two words is easily taken for another language:
    when that is to be feared (below 0.5), the likeliest of `among` is taken, unless it is far less likely.
    """
    text = text[:_CHARACTERS_READ]
    by_script = script_language(text)
    if by_script is not None:
        return by_script, 1.0
    if _LETTER.search(text) is None:
        return UNKNOWN, 0.0
    read = _NO_WORD.sub(" ", unicodedata.normalize("NFC", text))
    with _LOCK:
        ranked = [(_ALIASES.get(language, language), share) for language, share in _identifier().rank(read)]
    language, confidence = ranked[0]
    if confidence < _SURE:
        expected = frozenset(among)
        least = _AS_LIKELY * confidence
        language, confidence = next(
            (pair for pair in ranked if pair[0] in expected and pair[1] >= least), ranked[0]
        )
    return language, float(confidence)
