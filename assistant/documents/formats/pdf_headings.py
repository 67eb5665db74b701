"""PURE: which lines are headings, how they rank, and the path of headings that text stands under."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from assistant.documents.formats import pdf_text
from assistant.documents.formats.pdf_characters import ITALIC
from assistant.documents.formats.pdf_lines import Line

MAX_HEADING = 160
MAX_PATH = 4

Key: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Style:
    """What is normal in a document, so that a heading can stand out."""

    em: float
    bold: bool
    """Most of the text is bold: then bold says nothing."""

    @staticmethod
    def of(lines: Iterable[Line]) -> Style:
        sizes: dict[float, int] = {}
        bold = total = 0
        for line in lines:
            length = sum(len(word.text) for word in line.words)
            size = round(2 * line.em) / 2
            sizes[size] = sizes.get(size, 0) + length
            total += length
            bold += length * line.bold
        return Style(max(sizes, key=lambda size: (sizes[size], -size), default=10.0), bold * 2 > total)


@dataclass(slots=True)
class Headings:
    """The headings that the text at hand stands under, outermost first."""

    stack: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.stack[-MAX_PATH:])

    def enter(self, key: Key, text: str) -> None:
        """A new heading ends all those that are not above it."""
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
_DEPTH = re.compile(r"\d{1,2}((?:\.\d{1,2})*)\.?\s")


def heading_end(lines: Sequence[Line], at: int, style: Style, tables: dict[int, int]) -> int:
    """The line after the heading that begins at `at`; `at` itself where none does."""
    first = lines[at]
    if not _may_be_heading(first, style):
        return at
    end = at + 1
    while (
        end < len(lines)
        and end not in tables
        and end - at < 4
        and abs(lines[end].em - first.em) < 0.06 * first.em
        and lines[end].weight == first.weight
        and lines[end].base - lines[end - 1].base < 1.7 * first.em
        and _may_be_heading(lines[end], style)
    ):
        end += 1
    if first.weight == ITALIC and first.em < 1.15 * style.em and not _stands_alone(lines, at, end, tables):
        return at
    text = heading_text(lines[at:end])
    following = lines[end] if end < len(lines) else None
    if len(text) > MAX_HEADING or sum(map(str.isalpha, text)) < 2:
        return at
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


def _stands_alone(lines: Sequence[Line], at: int, end: int, tables: dict[int, int]) -> bool:
    """Whether one short line has room above it and is not a caption: in italics, that is a heading."""
    first = lines[at]
    if end != at + 1 or end in tables or end == len(lines) or lines[end].weight == ITALIC:
        return False
    room = first.base - lines[at - 1].base if at else first.em * 2
    return room > 1.25 * (lines[end].base - first.base) or room > 1.6 * first.em


def _may_be_heading(line: Line, style: Style) -> bool:
    if len(line.cells) > 2 or (len(line.cells) == 2 and not _NUMBERED.match(line.text)):
        return False
    text = line.text
    if len(text) > MAX_HEADING or text.endswith((",", ";")):
        return False
    if pdf_text.starts_item(text) and (
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


def heading_key(lines: Sequence[Line], style: Style) -> Key:
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
    size = round(2 * first.em) / 2
    return (2.0, -size, float(look), float(depth.group(1).count(".")) if depth else 0.0)
