"""PURE: what the codes of a PDF's glyphs mean as text: ligatures, spaces, lost letters, reading direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

LOST = "\ufffd"
"""Stands for a glyph whose font does not say which character it is."""

_SYMBOL_FONT = {
    0xB7: "•", 0xA7: "▪", 0xD8: "➢", 0xFC: "✓", 0xFE: "☒", 0xA8: "☐", 0x6F: "☐", 0x6E: "■", 0x20: "",
}  # fmt: skip
"""The usual signs of Symbol and Wingdings, which Word maps to U+F000 + code."""

_DROPPED = frozenset(
    [0x200B, 0xFEFF, 0x061C, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_COMBINING = {
    0x60: "\u0300", 0xA8: "\u0308", 0xAF: "\u0304", 0xB4: "\u0301", 0xB8: "\u0327", 0x2C6: "\u0302",
    0x2C7: "\u030c", 0x2D8: "\u0306", 0x2D9: "\u0307", 0x2DA: "\u030a", 0x2DB: "\u0328", 0x2DC: "\u0303",
    0x2DD: "\u030b",
}  # fmt: skip
ACCENTS = frozenset(_COMBINING)
"""Codes of accents that some programs draw over a letter of their own."""


def plain(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Which codes stand for themselves, without a look into `meaning`."""
    found: npt.NDArray[np.bool_] = ((codes > 32) & (codes < 127)) | (
        (codes > 0xA0) & (codes < 0x2B0) & (codes != 0xAD)
    )
    return found


@lru_cache(maxsize=4096)
def meaning(code: int) -> str:
    """The text of one code: none, one or several characters; a space for any kind of space."""
    if 0 < code <= 32 or code == 0xA0:
        return " "
    if code in (0xAD, 0x2010, 0x2011):
        return "-"  # as a glyph, a soft hyphen is one that is drawn
    if code in _DROPPED:
        return ""
    if 0x80 <= code < 0xA0:
        return bytes([code]).decode("cp1252", "replace")
    if 0xF020 <= code < 0xF100:
        low = code - 0xF000
        return _SYMBOL_FONT.get(low, chr(low) if low < 0x7F else LOST)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000 or code == 0x7F or (code & 0xFFFE) == 0xFFFE:
        return LOST
    character = chr(code)
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category in ("Co", "Cn"):
        return LOST
    if (
        0xFB00 <= code <= 0xFDFF  # Latin ligatures, Hebrew and Arabic presentation forms
        or 0xFE70 <= code <= 0xFEFC
        or 0xF900 <= code <= 0xFAFF  # ideographs that are in Unicode twice
        or 0x2E80 <= code <= 0x2FDF  # radicals, which fonts put for the ideographs
    ):
        return unicodedata.normalize("NFKC", character).strip() or LOST
    return character


def accented(accent: int, letter: int) -> str:
    """The letter with the accent of that code on it, or "" where there is no such character."""
    base = {"ı": "i", "ȷ": "j"}.get(chr(letter), chr(letter))
    both = unicodedata.normalize("NFC", base + _COMBINING[accent])
    return both if len(both) == 1 else ""


# --- scripts -------------------------------------------------------------------------------------

_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_RTL_LETTER = re.compile("[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u06fa-\u08c7]")
_LTR_LETTER = re.compile(r"[A-Za-z\u00c0-\u02af\u0370-\u0588\u0900-\u1fff\u3040-\ud7ff]")


LAM = 0x644
ALEFS = (0x622, 0x623, 0x625, 0x627)


def is_right_to_left(text: str) -> bool:
    return _RTL_LETTER.search(text) is not None


def right_to_left_codes(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    return (
        ((codes >= 0x590) & (codes < 0x900))
        | ((codes >= 0xFB1D) & (codes < 0xFE00))
        | ((codes >= 0xFE70) & (codes < 0xFEFD))
    )


_IDEOGRAPH = re.compile(
    "[\u2e80-\u312f\u31a0-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\U00020000-\U00031fff]"
)


def ideographic(character: str) -> bool:
    """Whether this script is written without spaces between words, as Chinese and Japanese are."""
    return character > "\u2e7f" and _IDEOGRAPH.match(character) is not None


def ideographs(text: str) -> int:
    return 0 if text.isascii() else len(_IDEOGRAPH.findall(text))


_Word = TypeVar("_Word")


def reads_backwards(texts: Sequence[str]) -> bool:
    """Whether a line of these words reads from right to left, as most of them do."""
    directions = [_direction(text) for text in texts]
    return -1 in directions and directions.count(-1) >= directions.count(1)


def reading_order(words: Sequence[_Word], texts: Sequence[str], backwards: bool) -> list[_Word]:
    """Words as seen from left to right → words as read, in a line that reads forwards or backwards.

    Stretches of the other direction are turned about; numbers go with what is around them (Unicode Annex 9,
    cut down to whole words).
    """
    directions = [_direction(text) for text in texts]
    order = list(range(len(words)))
    if backwards:
        order.reverse()
    other = 1 if backwards else -1
    at = 0
    while at < len(order):
        if directions[order[at]] != other:
            at += 1
            continue
        last = at
        for ahead in range(at + 1, len(order)):
            if directions[order[ahead]] == other:
                last = ahead
            elif directions[order[ahead]] == -other:
                break
        order[at : last + 1] = reversed(order[at : last + 1])
        at = last + 1
    return [words[index] for index in order]


def _direction(text: str) -> int:
    """1: left to right, -1: right to left, 0: neither."""
    if _RIGHT_TO_LEFT.search(text):
        return -1
    return 1 if _LTR_LETTER.search(text) else 0


# --- lines and words -----------------------------------------------------------------------------

_LEADER = re.compile(r"[.·…_‥∙•\-–—=]{4,}|[…‥]{2,}")
_LEADERS_AT_END = re.compile(r"(?<=[^.…])(?:\.{4,}|…{2,}|_{4,})$")


def is_leader(text: str) -> bool:
    """Whether a word is only a dotted or drawn line."""
    return _LEADER.fullmatch(text) is not None


def without_leader(text: str) -> str:
    """A word without the dotted line that it runs out in."""
    return _LEADERS_AT_END.sub("", text)


_BULLETS = frozenset("•‣◦⁃∙·▪▫■□●○◆◇➢➤►▶✓✔✗☐☑❖")
_MARK = re.compile(r"[*–—-]|o")
_ENUMERATION = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\.?")


def is_bullet(text: str) -> bool:
    """Whether a word is nothing but the sign before an item of a list."""
    return text in _BULLETS


def is_list_mark(text: str) -> bool:
    """Whether a word by itself at the beginning of a line marks an item of a list."""
    return text in _BULLETS or _MARK.fullmatch(text) is not None or _ENUMERATION.fullmatch(text) is not None


def starts_item(text: str) -> bool:
    """Whether a line is the first of an item of a list."""
    word = text.split(" ", 1)[0].strip()
    return len(text) > len(word) and is_list_mark(word)


def ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", ":", "。", "！", "？", "．", "؟", "।", "…"))


# --- titles and unreadable pages -------------------------------------------------------------------

_PROGRAM_PREFIX = re.compile(
    r"^(?:Microsoft (?:Word|PowerPoint|Excel|Office \w+)|Print|Layout \d+)\s*-\s*", re.IGNORECASE
)
_FILE_ENDING = re.compile(
    r"\.(?:pdf|docx?|dotx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|tex|dvi|ps|eps|indd|qxd|html?|pub|fm|wpd|exe|p65|cdr)$",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:\(?(?:untitled|anonymous|unnamed|unknown|no title|sans titre|ohne titel|sin título|document|dokument"
    r"|documento|title|titre|titel|test|slide|presentation|präsentation|présentation|powerpoint|workbook|book"
    r"|blank|new|scan|scanned|image|print|page|adobe photoshop pdf)[\s_-]*\d*\)?)",
    re.IGNORECASE,
)


def sensible_title(title: str) -> str:
    """A title from a file's information if a person may have written it, else ""."""
    title = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    title = _PROGRAM_PREFIX.sub("", title)
    if (
        _FILE_ENDING.search(title)
        or _NO_TITLE.fullmatch(title)
        or LOST in title
        or not 3 <= len(title) <= 250
    ):
        return ""
    letters = sum(c.isalpha() for c in title)
    # A number of an office or a machine says nothing: "0000764478-23-000006", "S25C-0i25080113320".
    if (
        letters < 3
        or letters * 2 < len(title.replace(" ", ""))
        or not re.search(r"[^\W\d_]{3}|[\u3040-\ud7ff]{2}", title)
    ):
        return ""
    if " " not in title and ("_" in title or "/" in title or "\\" in title):
        return ""
    return title


def lost_share(text: str) -> float:
    """The part of a text's characters, spaces aside, that stand for glyphs nobody can name, 0 to 1."""
    lost = text.count(LOST)
    return lost / max(1, len("".join(text.split()))) if lost else 0.0
