"""Text analysis for keyword search: how a text becomes the terms that are indexed and asked for.

PURE. `search.query_terms` makes its terms here too, so that both sides agree. The steps:

1. Compatibility forms are unified (NFKC: full-width letters, ligatures), case is folded, digits of every
   script become 0–9, invisible characters go (soft hyphens, joiners, direction marks).
2. It is cut at everything that is not a letter, digit or mark. Marks belong to words: Indic vowel signs are
   marks. Numbers stay whole and exact: 1,117,400 and 1.117.400 are `1117400`, 36.8 and 36,8 are `36_8`.
   A word with a hyphen, or letters and digits in one name (COVID-19, 10-K, camelCase), is indexed as its
   parts and as a whole.
3. Scripts without spaces (Han, kana, Hangul, Thai, Lao, Khmer, Burmese) become overlapping pairs of
   characters, each with the marks that stand on it.
4. Words are stemmed with the Snowball stemmer of the language, then lose their accents. Where a stemmer goes
   by the accents, the stem of the word without them is a second term, so that a question typed without
   accents finds the text.
5. A number that is written in groups (an account, a telephone, an ISBN, 1 234 567,50) is at the end of its
   sentence once more as a whole, however it is grouped.

The index and its words hold no characters but letters, digits, marks and "_", so a term needs no escaping
beyond the quotes that FTS5 wants around every string.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]

from assistant import languages
from assistant.text_folding import ACCENTS, UNSPACED_RUN, character_pairs, compatible, without_accents

_LONGEST_TERM = 40
"""Longer words (base64, hashes of hashes) are cut to this many characters on both sides."""

SENTENCE_MARK = " . "
"""Stands between the terms of two sentences."""
ROW_MARK = " , "
"""Stands between the terms of two rows of a table."""
_SENTENCE_END = re.compile(r"(?<=[.!?…।۔؟])[\"'”’»)\]]*\s+(?![a-zß-öø-ÿ])|(?<=[。！？])|\n{2,}")

_WORDS_KEPT = 65_536
"""Words whose terms are remembered."""

_STEMMED = {
    "ar", "ca", "cs", "da", "de", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fr", "ga", "hi", "hu",
    "hy", "id", "it", "lt", "ne", "nl", "no", "pl", "pt", "ro", "ru", "sr", "st", "sv", "ta", "tr", "yi",
}  # fmt: skip
"""Codes of languages with a Snowball stemmer, which goes by the language's English name."""

_GROUPED = re.compile(
    r"(\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:'\d{3})+|\d{1,2}(?:,\d{2})+,\d{3})(?:[.,](\d+))?"
)
"""Groups of three, as most of the world writes them, or of two, as India does."""
_SPACED_AMOUNT = re.compile(r"(?<!\S)(\d{1,3}(?: \d{3})+)(?:[.,](\d+))?(?=[.,:]?(?:\s|$))")
"""Groups of three with spaces between."""
_SPACED_NUMBER = re.compile(
    r"(?<!\S)(?:[a-z]{2})?\d{1,4}(?: [a-z]{4})?(?:[ -]\d{2,4}){2,}(?: \d)?(?=[.,:]?(?:\s|$))", re.IGNORECASE
)
"""An account, a card or a telephone: groups of up to four digits, perhaps behind two letters."""
_FEWEST_DIGITS = 8
"""Fewer digits are figures side by side."""
YEAR = re.compile(r"(?:19|20)\d\d")
"""Four digits that are more likely a year than an amount; for `fullmatch`."""
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?)+")
_DECIMAL = re.compile(r"(\d+)[.,](\d+)")
_CAMEL = re.compile(r"[a-z][A-Z]")
_CAMEL_CUT = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_JOINERS = re.compile(r"[-./,'_:]+")
_KEPT_JOINERS = frozenset("-./,'_:")
_APOSTROPHES = frozenset("'’‘ʼ＇`´")
_HYPHENS = frozenset("-‐‑−–")


class _Characters(dict[int, str]):
    """For str.translate: letters, digits and marks stay, joiners within words stay, the rest is a space."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category == "Nd":
            kept = str(unicodedata.digit(char))
        elif category[0] in "LNM":
            kept = char
        elif char in _APOSTROPHES:
            kept = "'"
        elif char in _HYPHENS:
            kept = "-"
        elif char in _KEPT_JOINERS:
            kept = char
        elif category == "Cf":
            kept = ""
        else:
            kept = " "
        self[code] = kept
        return kept


_CHARACTERS = _Characters()

_LETTERS = {
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h",
    "ى": "ي", "ی": "ي", "ې": "ي", "ک": "ك", "ة": "ه", "ە": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه",
    "ٱ": "ا",
    "ँ": "ं", "ঁ": "ং", "़": "", "়": "", "਼": "", "઼": "", "଼": "", "಼": "",
}  # fmt: skip
"""Letters that are written either way: dotless i, Arabic and Persian forms, Indic nasal signs and nukta."""


_FOLDED = {**ACCENTS, **{ord(letter): kept for letter, kept in _LETTERS.items()}}


def fold(word: str) -> str:
    """A word in lower case without accents, and with one form for letters that are written either way."""
    if word.isascii():
        return word
    bare = without_accents(word, _FOLDED)
    return bare.replace("न्", "ं").replace("म्", "ं")  # हिन्दी and हिंदी are one word


def _lower(word: str, language: str) -> str:
    if language in ("tr", "az"):
        word = word.replace("I", "ı").replace("İ", "i")
    return word.casefold()


def _pieces(raw: str) -> Iterator[str]:
    """The words in a run without spaces, still in their own case: parts, and the whole where that helps."""
    raw = raw.strip("-./,'_:")
    if not raw:
        return
    if _JOINERS.search(raw) is None:
        yield raw
        return
    for piece in raw.replace("/", " ").replace("_", " ").replace(":", " ").split():
        piece = piece.strip("-.,'")
        if not piece:
            continue
        grouped = _GROUPED.fullmatch(piece)
        if grouped:
            yield _number(grouped[1], grouped[2])
            continue
        decimal = _DECIMAL.fullmatch(piece)
        if decimal:
            yield f"{decimal[1]}_{decimal[2]}"
            continue
        parts = [part for part in _JOINERS.split(piece) if part]
        if len(parts) == 1:
            yield parts[0]
            continue
        if all(len(part) == 1 for part in parts) and "." in piece and not any(p.isdigit() for p in parts):
            yield "".join(parts)  # U.S.A.
            continue
        yield from parts
        few = len(parts) <= 3 or "".join(parts).isdigit()
        if "-" in piece and "'" not in piece and few and len(piece) <= 24:
            yield "".join(parts)


def _number(groups: str, decimals: str | None) -> str:
    """The term of an amount that was written in groups."""
    whole = "".join(filter(str.isdigit, groups))
    return f"{whole}_{decimals}" if decimals else whole


def _in_common_form(text: str) -> str:
    """Words and numbers with their joiners; all else is a space. (030) 12 and 030 12 are alike."""
    return compatible(text).replace(") ", " ").translate(_CHARACTERS)


def runs(text: str) -> list[str]:
    """A text cut at spaces and at what is no part of a word; see `words`."""
    return _in_common_form(text).split()


def grouped_numbers(text: str) -> list[str]:
    """The terms of numbers that are written in groups with spaces between, each as a whole."""
    return _grouped_numbers(_in_common_form(text))


def _grouped_numbers(text: str) -> list[str]:
    found = [_number(amount[1], amount[2]) for amount in _SPACED_AMOUNT.finditer(text)]
    for number in _SPACED_NUMBER.finditer(text):
        joined = number[0].replace(" ", "").replace("-", "").casefold()
        if sum(map(str.isdigit, joined)) >= _FEWEST_DIGITS and not _YEARS.fullmatch(number[0]):
            found.append(joined)
    return list(dict.fromkeys(found))


def words(raw: str, language: str) -> Iterator[tuple[str, bool]]:
    """The words of a run, in lower case with accents; true marks a pair of characters."""
    for piece in _pieces(raw):
        if _CAMEL.search(piece):
            parts = _CAMEL_CUT.split(piece)
            if len(parts) > 1:
                for part in parts:
                    yield _lower(part, language), False
        if piece.isascii():
            yield _lower(piece, language), False
            continue
        for number, run in enumerate(UNSPACED_RUN.split(piece)):
            if not run:
                continue
            if number % 2:
                for pair in character_pairs(run):
                    yield pair, True
            else:
                yield _lower(run, language), False


def is_pair_script(term: str) -> bool:
    """Whether a term is of a script that is indexed in pairs of characters."""
    return UNSPACED_RUN.fullmatch(term) is not None


def terms_of(word: str, language: str) -> tuple[str, ...]:
    """All terms of a word in lower case: with accents that a stemmer goes by, also the one without them."""
    made = term_of(word, language)
    if word.isascii():
        return (made,) if made else ()
    bare = term_of(fold(word), language) if fold(word) else ""
    return tuple(term for term in dict.fromkeys((made, bare)) if term)


@lru_cache(maxsize=_WORDS_KEPT)
def term_of(word: str, language: str) -> str:
    """A word in lower case as it stands in the index; empty if nothing is left of it."""
    if language in _STEMMED and not word[0].isdigit():
        # A stemmer holds the word that it works on, and is made in a moment: no two threads share one.
        word = Stemmer.Stemmer(languages.name(language).casefold(), 0).stemWord(word) or word
    return fold(word)[:_LONGEST_TERM]


def _terms_of(raw: str, language: str) -> tuple[str, ...]:
    found: list[str] = []
    for word, pair in words(raw, language):
        found += (fold(word),) if pair else terms_of(word, language)
    return tuple(term for term in found if term)


_known_terms_of = lru_cache(maxsize=_WORDS_KEPT)(_terms_of)


def terms(text: str, language: str) -> Iterator[str]:
    """The terms of a text in their order. `language` is ISO 639-1; any other value means no stemming."""
    common = _in_common_form(text)
    for raw in common.split():
        # The same words come again and again; a long run is a sentence of a script without spaces, or a blob.
        yield from _known_terms_of(raw, language) if len(raw) <= _LONGEST_TERM else _terms_of(raw, language)
    yield from _grouped_numbers(common)


def index_terms(text: str, language: str, *, rows: bool = False) -> str:
    """What goes into the keyword index for a text: its terms, with marks between sentences and rows.

    The marks are no terms. They let a search see which terms stand in one sentence, and which in one line.

    Args:
        rows: every line of the text is a row of a table. Then all of it counts as one sentence, for a cell
            and the name of its column are said together.
    """
    if rows:
        return ROW_MARK.join(_joined(text.splitlines(), language))
    return SENTENCE_MARK.join(_joined(_SENTENCE_END.split(text), language))


def _joined(lines: list[str], language: str) -> Iterator[str]:
    for line in lines:
        made = " ".join(terms(line, language))
        if made:
            yield made
