"""PURE: which lines are headings, how they rank, and the path of headings that text stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from assistant.documents.formats.pdf import glyph_text
from assistant.documents.formats.pdf.characters import BOLD, ITALIC, NORMAL, Characters
from assistant.documents.formats.pdf.columns import Block
from assistant.documents.formats.pdf.lines import Line

MAX_HEADING = 160
"""A longer text, in characters, is no heading."""
MAX_PATH = 4
"""How many of the headings that a text stands under are told, the innermost ones."""

Key: TypeAlias = tuple[float, ...]

_CONTINUED = re.compile(r"\((?:continued|cont['’]?d\.?|fortsetzung|suite|continuación)\)\W*$", re.IGNORECASE)
"""A heading that is only said again at the top of a page."""


@dataclass(frozen=True, slots=True)
class Census:
    """How many characters of a page have which size, rounded to half points, and how many are bold."""

    sizes: dict[float, int]
    bold: int

    @staticmethod
    def of(page: Characters) -> Census:
        found, counts = np.unique(np.round(2 * page.em) / 2, return_counts=True)
        sizes = dict(zip(found.tolist(), counts.tolist(), strict=True))
        return Census(sizes, int((page.weight == BOLD).sum()))


@dataclass(frozen=True, slots=True)
class TextStyle:
    """What is normal on a page and around it, so that a heading can stand out."""

    em: float
    bold: bool
    """Most of the text is bold: then bold says nothing."""

    @staticmethod
    def of(pages: Iterable[Census]) -> TextStyle:
        sizes: dict[float, int] = {}
        bold = 0
        for page in pages:
            for size, count in page.sizes.items():
                sizes[size] = sizes.get(size, 0) + count
            bold += page.bold
        em = max(sizes, key=lambda size: (sizes[size], -size), default=10.0)
        return TextStyle(em, bold * 2 > sum(sizes.values()))


@dataclass(slots=True)
class Headings:
    """The headings that the text at hand stands under, outermost first."""

    stack: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.stack[-MAX_PATH:])

    def enter(self, key: Key, text: str, goes_on: bool = False) -> None:
        """A new heading ends all those that are not above it.

        `goes_on`: nothing stands between it and the heading before; if they look alike, they are one.
        """
        if _CONTINUED.search(text):
            return
        if (
            goes_on
            and self.stack
            and self.stack[-1][0] == key
            and len(self.stack[-1][1]) + len(text) < MAX_HEADING
        ):
            self.stack[-1] = (key, f"{self.stack[-1][1]} {text}")
            return
        while self.stack and self.stack[-1][0] >= key:
            self.stack.pop()
        self.stack.append((key, text))

    def copy(self) -> Headings:
        return Headings(list(self.stack))


# --- headings ----------------------------------------------------------------------------------------

_NUMBERED = re.compile(
    r"(?:(part|book|title|teil|partie|parte)|(item|chapter|kapitel|chapitre|capítulo|capitolo|appendix|annex|article"
    r"|schedule|anhang|artikel))\s+(?:\d+[a-z]?|[ivxlc]+|[a-z])\b",
    re.IGNORECASE,
)
_UNITS = re.compile(r"\(?(?:[\w$]+,? ){0,2}in (?:millions|thousands|billions)\b", re.IGNORECASE)
_DEPTH = re.compile(r"\d{1,2}((?:\.\d{1,2})*)\.?\s")


def heading_end(block: Block, at: int, style: TextStyle, tables: dict[int, int]) -> int:
    """The line after the heading that begins at `at`; `at` itself where none does."""
    lines = block.lines
    first = lines[at]
    may_be = _may_be_heading(first, style)
    if not may_be and not _is_title(block, at, tables):
        return at
    end = at + 1
    while (
        end < len(lines)
        and end not in tables
        and end - at < 4
        and abs(lines[end].em - first.em) < 0.06 * first.em
        and lines[end].weight == first.weight
        and lines[end].base - lines[end - 1].base < 1.7 * first.em
        and (_may_be_heading(lines[end], style) if may_be else _is_title(block, end, tables))
    ):
        end += 1
    text = heading_text(lines[at:end])
    if len(text) > MAX_HEADING or sum(map(str.isalpha, text)) < 2:
        return at
    if first.weight == ITALIC and first.em < 1.15 * style.em and not _stands_alone(lines, at, end, tables):
        return at
    if _UNITS.match(text):
        return at  # it speaks of a table's amounts
    following = lines[end] if end < len(lines) else None
    if (
        following is not None
        and following.bold
        and first.bold
        and end not in tables
        and first.em < 1.1 * style.em
        and following.base - lines[end - 1].base < 1.5 * first.em
        and len(following.text) > 60
    ):
        return at  # a whole paragraph in bold is no heading
    return end


def is_centred(block: Block, line: Line) -> bool:
    """Whether a line that is not a full one stands in the middle of its block."""
    width = block.x1 - block.x0
    shift = abs((line.x0 + line.x1) - (block.x0 + block.x1)) / 2
    return shift < 0.03 * width and line.x1 - line.x0 < 0.7 * width and line.x0 - block.x0 > 2 * line.em


def _is_title(block: Block, at: int, tables: dict[int, int]) -> bool:
    """Whether a line in plain print names the table that follows: short, in the middle, capitalised."""
    line = block.lines[at]
    text = line.text
    if (
        len(line.cells) > 1
        or len(text) > 90
        or text.endswith((".", ",", ";", ":"))
        or not is_centred(block, line)
    ):
        return False
    if not any(near in tables for near in range(at + 1, at + 4)):
        return False
    words = [word for word in text.split() if len(word) > 3 and word[0].isalpha()]
    return text[0] == "(" or (bool(words) and sum(word[0].isupper() for word in words) >= 0.6 * len(words))


def _stands_alone(lines: Sequence[Line], at: int, end: int, tables: dict[int, int]) -> bool:
    """Whether one short line has room above it and is not a caption: in italics, that is a heading."""
    first = lines[at]
    if end != at + 1 or end in tables or end == len(lines) or lines[end].weight == ITALIC:
        return False
    room = first.base - lines[at - 1].base if at else first.em * 2
    return room > 1.25 * (lines[end].base - first.base) or room > 1.6 * first.em


def _may_be_heading(line: Line, style: TextStyle) -> bool:
    if len(line.cells) > 2 or (len(line.cells) == 2 and not _NUMBERED.match(line.text)):
        return False
    text = line.text
    if len(text) > MAX_HEADING or text.endswith((",", ";")):
        return False
    stands_out = line.weight != NORMAL or line.em >= 1.15 * style.em or text.isupper()
    if not stands_out:
        return False
    if glyph_text.starts_item(text) and (
        not text[0].isalnum() or (not line.bold and line.em < 1.15 * style.em)
    ):
        return False
    letters = [c for c in text if c.isalpha()]
    if len(letters) < 2 or sum(map(str.isdigit, text)) > 2 * len(letters):
        return False
    if line.em >= 1.15 * style.em and len(text) <= 120:
        return True
    if line.em < 0.93 * style.em:
        return False
    if line.bold and not style.bold:
        return not (text.endswith(".") and len(text) > 80)
    if line.weight == ITALIC:
        return len(text) <= 90 and not text.endswith((".", ":", ")")) and text[:1].isupper()
    # In plain print capitals are what there is to stand out with.
    return len(letters) >= 6 and " " in text and text.isupper() and len(text) <= 80 and not text.endswith(".")


def heading_text(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(line.text.split()) for line in lines)


def heading_key(block: Block, lines: Sequence[Line]) -> Key:
    """Sorts headings by rank, the outermost first."""
    text = heading_text(lines)
    numbered = _NUMBERED.match(text)
    if numbered:
        return (0.0,) if numbered.group(1) else (1.0,)
    first = lines[0]
    depth = _DEPTH.match(text)
    look = 0 if first.bold and text.isupper() else 1 if first.bold else 2 if text.isupper() else 3
    if first.weight == ITALIC:
        look = 4
    if is_centred(block, first):
        look = min(look, 0)
    size = round(2 * first.em) / 2
    return (2.0, -size, float(look), float(depth.group(1).count(".")) if depth else 0.0)
