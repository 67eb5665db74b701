"""PURE: what must come out of a translation as it went in: numbers, addresses, code, placeholders, names.

Numbers may change their form (1,250.50 and 1.250,50; 10:30 and 10.30; 24.12.2024 and 12/24/2024), not their
digits. Everything else is compared character by character.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from assistant.text_folding import is_unspaced
from assistant.translation.edits import Alignment, replaced


class Kind(StrEnum):
    CODE = "code"
    TAG = "tag"
    PLACEHOLDER = "placeholder"
    ADDRESS = "address"
    """Of the web or of mail."""
    FILE = "file"
    IDENTIFIER = "identifier"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    text: str
    start: int
    key: str
    """What must be the same on both sides."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_SUFFIXES = (
    "7z avi bak bat bin bmp c cfg cmd conf cpp cs csv css db deb dll doc docx epub exe flac gif go "
    "gz h htm html ico ini iso jar java jpeg jpg js json log lua m4a md mkv mov mp3 mp4 odp ods odt "
    "ogg pdf php png po ppt pptx ps1 py rar rb rpm rs rtf sh so sql srt svg tar tex tif tiff toml ts "
    "tsv txt vtt wav webm webp xls xlsx xml yaml yml zip"
).replace(" ", "|")
_TOPS = "com org net edu gov io dev app info eu de fr es it uk ch at nl ru cn jp in br".replace(" ", "|")

_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]{1,15}"
_IN_BLOB = r"[A-Za-z0-9+/=_-]"
"""Of what is encoded (base64 and the like): no word is so long."""
_IN_ADDRESS = r"[^\s<>\"'”»）】。，、]{0,2000}"
# Each repetition has a bound: a text of a stranger must not make the search go on for ever.
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.CODE, rf"(?<!{_IN_BLOB}){_IN_BLOB}{{100,}}"),
    (Kind.CODE, r"```[^`]+```|`[^`\n]+`"),
    (Kind.ADDRESS, rf"(?:{_ADDRESS})://{_IN_ADDRESS}(?<![.,;:!?)\]}}])|\bwww\.{_IN_ADDRESS}[\w/]"),
    (Kind.ADDRESS, r"(?:mailto:)?[\w.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"),
    (Kind.TAG, r"</?[A-Za-z][\w:.-]{0,60}(?:\s[^<>]{0,500})?/?>|&(?:[a-z]{2,8}|\#\d{1,6}|\#x[0-9a-f]{1,5});"),
    (Kind.PLACEHOLDER, r"\{\{[^{}\n]{1,60}\}\}|[$\#%]?\{\s?[^{}\s][^{}\n]{0,60}\}|\{\}"),
    (Kind.PLACEHOLDER, r"%\(\w{1,60}\)[-+\#]?\d*(?:\.\d+)?[a-z]|%\d+\$[a-z@]"),
    (Kind.PLACEHOLDER, r"(?<!\d)%(?:\.\d+)?l?l?[sdifuxgcn@](?![A-Za-z])|%[1-9](?![\d%])"),
    (Kind.PLACEHOLDER, r"\$\w{1,60}\$|\$[A-Za-z_]\w*|\[\[\w{1,60}\]\]"),
    (Kind.FILE, r"(?<![\w/])(?:~|\.{1,2})?(?:/[\w.+-]{1,80}){2,30}/?|\b[A-Za-z]:\\[\w.\\+-]{0,500}[\w\\]"),
    (Kind.FILE, rf"\b[\w+-]{{1,80}}(?:\.[\w+-]{{1,40}}){{0,6}}\.(?:{_SUFFIXES})\b(?!\w)"),
    (Kind.ADDRESS, rf"\b(?:[a-z0-9-]{{1,63}}\.){{1,6}}(?:{_TOPS})\b(?:/{_IN_ADDRESS}[\w/])?"),
    (Kind.IDENTIFIER, r"\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b"),
    (Kind.IDENTIFIER, r"\b(?=[a-f]{0,64}\d)(?=\d{0,64}[a-f])[0-9a-f]{7,64}\b|\b0x[0-9A-Fa-f]{1,64}\b"),
    (Kind.IDENTIFIER, r"\b[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}\b|\b97[89](?:[- ]\d{1,7}){3}[- ][\dX]\b"),
    (Kind.IDENTIFIER, r"\b[A-Z]{2}\d{2}(?:\x20?[A-Z0-9]{4}){3,7}(?:\x20?[A-Z0-9]{1,3})?\b"),
    (Kind.IDENTIFIER, r"(?<![\d.,])(?!\d{1,3}(?:\.\d{3}){3}\b)\d{1,3}(?:\.\d{1,3}){3}(?!\d|[.,]\d)"),
    (Kind.IDENTIFIER, r"(?<![\w-])--[a-z][\w-]+|(?<!\w)[@\#][A-Za-z_]\w+"),
    (Kind.IDENTIFIER, r"\b[A-Za-z]\w*_\w+\b|\b[a-z]\w{0,60}\(\)"),
    (Kind.IDENTIFIER, r"\b[A-Z]{1,5}-?\d+(?:[.-]\d+)*[A-Z]?\b|\b[a-z]+[A-Z][a-z]+(?:[A-Z][a-z]+)*\b"),
    (Kind.IDENTIFIER, r"\+\d{1,3}[\d\x20()/.-]{5,20}\d"),
    (Kind.NUMBER, r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)"),
    (
        Kind.NUMBER,
        r"(?:(?<![\w)\]])[-−])?\d+(?:[.,:/'’٬٫\u00a0\u202f\u2009h]\d+|(?<!\d\d\d\d)\x20\d{3}(?!\d))*",
    ),
    (Kind.NUMBER, "[¼-¾⅐-⅞↉]|[²³¹⁰⁴-⁹]+|[₀-₉]+|[①-⓿Ⅰ-ↈ]"),
)
_VALUE = re.compile("|".join(f"(?P<g{index}>{pattern})" for index, (_, pattern) in enumerate(_PATTERNS)))
_KINDS = tuple(kind for kind, _ in _PATTERNS)
_BREAKS = re.compile(r"[.,:/'’٬٫\s\u00a0\u202f\u2009h]")
_THOUSANDS = re.compile(r"\d{1,3}(?:([.,'’٬\s\u00a0\u202f\u2009])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")
_WORD = re.compile(r"[^\W\d_]+")
_SPELLED = {*range(13), 15, *range(20, 101, 10), 1000, 1_000_000}
"""Numbers that languages write as words one time and as digits another one."""
_HOURS = re.compile(r"\s*(?:h|Uhr|u|/|[^\x00-\x7f]+)\s*")
"""Between hours and minutes, beside what `_BREAKS` has."""
_MOST_REPAIRS = 20
"""Values that are missing; where there are more, nothing is beyond doubt."""
_LONGEST_COMPARED = 400
"""Characters of a value; of longer ones no other form is looked for."""
_ALIKE = 0.5
"""Of the characters of a value; less is another one."""


@lru_cache(maxsize=2048)
def values(text: str) -> tuple[Value, ...]:
    """All of them, in order, none within another."""
    found = []
    for match in _VALUE.finditer(text):
        kind = _KINDS[int(str(match.lastgroup)[1:])]
        said = match.group()
        found.append(Value(kind, said, match.start(), _number(said) if kind is Kind.NUMBER else said))
    return tuple(found)


def has_words(text: str) -> bool:
    """Whether there is anything to translate beside values and signs."""
    rest = _VALUE.sub(" ", text)
    return any(len(word) > 1 or not word.isascii() for word in _WORD.findall(rest))


def has_verbatim(text: str) -> bool:
    """Whether there is a value that can be put back where it is lost."""
    return any(value.kind is not Kind.NUMBER for value in values(text))


def _number(text: str) -> str:
    """The digits in a form that all spellings of the number share."""
    if text[0] in "-−":
        return "-" + _number(text[1:])
    text = "".join(map(_plain, text))
    grouped = _THOUSANDS.match(text)
    if grouped:
        whole, rest = grouped.group(), text[grouped.end() :]
        digits = re.sub(r"\D", "", whole)
        if not rest:
            return digits
        if len(rest) > 1 and rest[0] not in whole and _BREAKS.match(rest) and rest[1:].isdigit():
            return f"{digits}|{rest[1:]}"
    parts = re.split(rf"-|{_BREAKS.pattern}", text)
    if len(parts) == 1:
        return text
    if len(parts) != 3:
        return "|".join(parts)
    return "|".join(sorted(part.lstrip("0") or "0" for part in parts))  # a date, in any order


def _plain(sign: str) -> str:
    """ "½" as "1/2", "²" and "२" as "2"."""
    if sign.isdecimal():
        return str(unicodedata.digit(sign))
    return unicodedata.normalize("NFKC", sign).replace("⁄", "/") if sign.isnumeric() else sign


# --- comparing


@dataclass(frozen=True, slots=True)
class Difference:
    missing: tuple[Value, ...]
    """Of the source."""
    added: tuple[Value, ...]
    """Of the translation."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.added)


def difference(source: str, translation: str) -> Difference:
    """What of the values is on one side only."""
    here, there = values(source), values(translation)
    missing, added = _without(here, there), _without(there, here)
    if _same_digits(missing, added, translation) or _same_digits(added, missing, source):
        return Difference((), ())
    if _WORD.search(source):
        known = {value.key for value in here}
        added = [value for value in added if value.key in known or not _may_be_spelled(value)]
    return Difference(tuple(missing), tuple(added))


def _without(some: Iterable[Value], others: Iterable[Value]) -> list[Value]:
    left = Counter((value.key) for value in others)
    rest = []
    for value in some:
        if left[value.key]:
            left[value.key] -= 1
        else:
            rest.append(value)
    return rest


def _may_be_spelled(value: Value) -> bool:
    return value.kind is Kind.NUMBER and value.key.isdigit() and int(value.key[:9]) in _SPELLED


def _same_digits(some: Sequence[Value], others: Sequence[Value], text: str) -> bool:
    """Whether times and fractions ("10:30", "1/2") stand in the other text as two numbers: "10 h 30"."""
    left = list(others)
    for value in some:
        parts = value.key.split("|")
        pair, left = left[: len(parts)], left[len(parts) :]
        if [other.key for other in pair] != parts or any(other.kind is not Kind.NUMBER for other in pair):
            return False
        if len(parts) > 1 and not _HOURS.fullmatch(text[pair[0].end : pair[-1].start]):
            return False
    return not left


# --- repairing


def repaired(source: str, text: str, alignment: Alignment = ()) -> tuple[str, Alignment]:
    """The translation with altered and lost values put back, where their place is beyond doubt.

    Numbers are never put back: "3 pm" may well have become "15 Uhr".
    """
    missing = difference(source, text).missing
    for value in missing if len(missing) <= _MOST_REPAIRS else ():
        if value.kind is Kind.NUMBER:
            continue
        place = (
            _altered(value, source, text) or _spaced_out(value, text) or _gap(value, source, text, alignment)
        )
        if place is None:
            continue
        start, end, before, after = place
        text, alignment = replaced(text, alignment, start, end, before + value.text + after)
    return text, alignment


Place = tuple[int, int, str, str]
"""What is replaced, and what stands before and after what takes its place."""


def _altered(value: Value, source: str, text: str) -> Place | None:
    """The one value of its kind that the translation has instead, or the only one that resembles it."""
    found = difference(source, text)
    rivals = [other for other in found.missing if other.kind is value.kind]
    others = [other for other in found.added if other.kind is value.kind]
    if len(rivals) > 1 or len(others) != 1:
        others = [other for other in others if _likeness(other.text, value.text) > _ALIKE]
        if len(others) != 1 or any(
            _likeness(other.text, others[0].text) >= _likeness(value.text, others[0].text)
            for other in rivals
            if other is not value
        ):
            return None
    return others[0].start, others[0].end, "", ""


def _likeness(one: str, other: str) -> float:
    if max(len(one), len(other)) > _LONGEST_COMPARED:
        return float(one == other)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _spaced_out(value: Value, text: str) -> Place | None:
    """The value with spaces, other capitals or full-width signs in it: "% s", "{ Name }"."""
    if len(value.text) > _LONGEST_COMPARED:
        return None
    signs = [re.escape(sign) + _WIDE.get(sign, "") for sign in value.text if not sign.isspace()]
    pattern = r"\s*".join(f"(?:{sign})" for sign in signs)
    found = list(re.finditer(pattern, text, re.IGNORECASE))
    bare = value.text.strip("`")
    if not found and bare != value.text:
        quoted = rf"[`'\"“”„‘’«»「」‹›]?{re.escape(bare)}[`'\"“”„‘’«»「」‹›]?"
        found = list(re.finditer(quoted, text, re.IGNORECASE))
    if len(found) != 1 or found[0].group() == value.text:
        return None
    return found[0].start(), found[0].end(), "", ""


_WIDE = {
    sign: "|" + re.escape(chr(ord(sign) + 0xFEE0))
    for sign in map(chr, range(0x21, 0x7F))
    if not sign.isalnum()
}
"""Beside each sign of ASCII, the full-width form that Chinese and Japanese have."""


def _gap(value: Value, source: str, text: str, alignment: Alignment) -> Place | None:
    """Where a lost value stood: at the beginning, at the end, or behind what its neighbour became."""
    if not text:
        return None
    if not _WORD.search(source[: value.start]):
        return 0, 0, "", "" if is_unspaced(text[0]) else " "
    if not _WORD.search(source[value.end :]):
        signs = re.search(r"[\s.!?…:;,。！？।)\]\"”»]*\Z", text)
        end = signs.start() if signs else len(text)
        return end, end, "" if end and is_unspaced(text[end - 1]) else " ", ""
    before = [target for (_, end), target in alignment if end <= value.start and value.start - end < 2]
    if not before:
        return None
    place = max(end for _, end in before)
    if place < len(text) and _WORD.match(text, place) and not is_unspaced(text[place]):
        return None
    unspaced = is_unspaced(text[place - 1])
    return place, place, "" if unspaced else " ", ""
