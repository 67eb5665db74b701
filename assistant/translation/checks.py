"""PURE: whether what an engine made of a sentence can be right at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.text_folding import UNSPACED_RUN, is_unspaced, script_of
from assistant.translation import values
from assistant.translation.records import Concern, Flag

_SEVERITY = {
    Flag.EMPTY: 100, Flag.SCRIPT: 40, Flag.UNCHANGED: 30, Flag.REPEATS: 30, Flag.LENGTH: 20, Flag.VALUES: 3,
    Flag.GLOSSARY: 1,
}  # fmt: skip
_TRIED_AGAIN = frozenset(_SEVERITY) - {Flag.GLOSSARY}

_SCRIPTS = {
    "CYRILLIC": "be bg ky mk mn ru tg tt uk ba ce cv",
    "CYRILLIC LATIN": "kk sr uz az bs tk",
    "ARABIC": "ar fa ur ps sd ug",
    "ARABIC LATIN": "ku ms",
    "HEBREW": "he yi",
    "GREEK": "el",
    "DEVANAGARI": "hi mr ne sa",
    "BENGALI": "as bn",
    "CJK BOPOMOFO": "zh yue",
    "CJK HIRAGANA KATAKANA": "ja",
    "HANGUL CJK": "ko",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "TIBETAN": "bo dz",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am ti",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI ARABIC": "pa",
    "ORIYA": "or",
    "SINHALA": "si",
    "THAANA": "dv",
}  # fmt: skip
"""First words of the names of characters, for languages that are not written in Latin letters."""
_SCRIPTS_OF = {code: scripts.split() for scripts, codes in _SCRIPTS.items() for code in codes.split()}
_LATIN = ["LATIN"]
_OWN_SHARE = 0.5
"""Of the letters; names and terms stay in Latin letters everywhere."""

_DENSITY = {
    "zh": 0.33, "yue": 0.33, "ja": 0.5, "ko": 0.55, "he": 0.75, "ar": 0.8, "fa": 0.9, "th": 0.9, "lo": 0.9,
    "de": 1.1, "fr": 1.1, "es": 1.05, "el": 1.1, "ru": 1.05, "hi": 1.0, "my": 1.3,
}  # fmt: skip
"""Characters that say what one of English says."""
_ABSURD = 3.0
_SLACK = 15
"""Characters by which short sentences may differ beside that."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_MOST_REPEATS = 4
"""The same words so often one after the other, and not in the source, are a loop."""
_LOOKED_AT = 5000
"""Characters in which repetition is looked for."""
_LONG_WORD = 20
"""Letters; within one, as in a sentence without spaces, something may be repeated as well."""
_LOOP = re.compile(r"(.{1,60}?)\1{3,}", re.DOTALL)


def concerns(source: str, text: str, source_language: str, target_language: str) -> tuple[Concern, ...]:
    """Why a result is suspect; nothing where it is not. Values have a check of their own."""
    if not any(map(str.isalnum, text)):
        return (Concern(Flag.EMPTY),)
    found = []
    if not _in_script(source, text, target_language):
        found.append(Flag.SCRIPT)
    elif _is_unchanged(source, text):
        found.append(Flag.UNCHANGED)
    if _is_absurdly_long(source, text, source_language, target_language):
        found.append(Flag.LENGTH)
    if _repeats(source, text):
        found.append(Flag.REPEATS)
    return tuple(map(Concern, found))


def worth_another_try(found: Iterable[Concern]) -> bool:
    return any(concern.flag in _TRIED_AGAIN for concern in found)


def severity(found: Iterable[Concern]) -> int:
    """The lower, the better."""
    return sum(_SEVERITY.get(concern.flag, 0) for concern in found)


# --- script


def _in_script(source: str, text: str, target_language: str) -> bool:
    """Whether the letters that are not of words from the source are mostly of the target's script."""
    copied = {word.casefold() for word in _runs(source) if not is_unspaced(word[0])}
    own = [word for word in _runs(text) if word.casefold() not in copied]
    counts = Counter(script_of(letter) for word in own for letter in word if letter.isalpha())
    if not counts:
        return True
    scripts = _SCRIPTS_OF.get(target_language, _LATIN)
    return sum(counts[script] for script in scripts) >= _OWN_SHARE * counts.total()


def _runs(text: str) -> list[str]:
    """Words; what is of a script without spaces comes apart from what is not."""
    return _WORD.findall(UNSPACED_RUN.sub(r" \1 ", text))


# --- unchanged


def _is_unchanged(source: str, text: str) -> bool:
    """Whether nearly all words are the source's: three of them at least that are no names or values."""
    ordinary = _ordinary_words(source)
    if len(ordinary) < 2 and not any(is_unspaced(letter) for letter in source):
        return False
    here, there = ([word.casefold() for word in _WORD.findall(each)] for each in (source, text))
    if here == there:
        return True
    common = sum((Counter(here) & Counter(there)).values())
    return len(ordinary) > 3 and common >= 0.8 * max(len(here), len(there))


def _ordinary_words(text: str) -> list[str]:
    found = {value.text for value in values.values(text)}
    return [
        word
        for word in _WORD.findall(text)
        if len(word) > 1 and word[0].islower() and word not in found and not any(map(str.isdigit, word))
    ]


# --- length


def _is_absurdly_long(source: str, text: str, source_language: str, target_language: str) -> bool:
    """Or short: three times away from what languages take for the same, beside some characters."""
    expected = len(source) * _DENSITY.get(target_language, 1.0) / _DENSITY.get(source_language, 1.0)
    longest, shortest = expected * _ABSURD + _SLACK, (expected - _SLACK) / _ABSURD
    return not shortest <= len(text) <= longest


# --- repetition


def _repeats(source: str, text: str) -> bool:
    return _longest_loop(text) > max(_MOST_REPEATS - 1, _longest_loop(source))


def _longest_loop(text: str) -> int:
    """How often the same stretch with a letter stands in a row, at most."""
    words: Sequence[str] = [word.casefold() for word in _WORD.findall(text)]
    unspaced = UNSPACED_RUN.search(text) or max(map(len, words), default=0) > _LONG_WORD
    most = max(_loops(text), default=1) if unspaced else 1
    for length in range(1, min(8, len(words) // 2) + 1):
        same = 0
        for word, earlier in zip(words[length:], words, strict=False):
            same = same + 1 if word == earlier else 0
            most = max(most, same // length + 1)
    return most


def _loops(text: str) -> Iterable[int]:
    for match in _LOOP.finditer(text[:_LOOKED_AT]):
        unit = match.group(1)
        if any(map(str.isalpha, unit)) and (len(unit) > 1 or len(match.group()) > 8):
            yield len(match.group()) // len(unit)
