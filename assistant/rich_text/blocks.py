"""What Markdown is turned into: a flat row of blocks, each complete in itself, of which the last grows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag
from typing import TypeAlias


class SpanStyle(IntFlag):
    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    FORMULA = 16


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters that look the same."""

    text: str
    style: SpanStyle = SpanStyle.PLAIN
    link: str = ""
    level: int = 0
    """1 raised, -1 lowered, for exponents and indices."""
    cites: tuple[int, ...] = ()
    """Numbers of the quotes that this span points to; its text is how it was written, "[1, 2]"."""


Spans: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: Spans
    heading: int = 0
    """1 to 6; 0 for ordinary text."""
    indent: int = 0
    """How many lists it stands in."""
    marker: str = ""
    """"•", "3." or, for a task, "☐" or "☑"; "" where a list's item goes on."""
    quoted: int = 0
    close: bool = False
    """Stands close to the paragraph before it, as the items of a tight list do."""
    formula: bool = False
    """Stands alone, in the middle."""


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = ""
    indent: int = 0
    quoted: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    """ISO 639-1; "" where it is not known."""
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Spans, ...], ...]
    """The first is the heading."""
    alignment: tuple[str, ...] = ()
    """"left", "center", "right" or "" of each column."""
    languages: tuple[Language, ...] = ()
    """Of each column, where they differ; the columns are then of the same width."""
    mirrored: bool = False
    """The first column stands at the right."""


@dataclass(frozen=True, slots=True)
class Rule:
    pass


@dataclass(frozen=True, slots=True)
class Picture:
    """Only in what is written into files."""

    file: bytes = field(repr=False)
    kind: str
    """"png" or "jpg"."""
    width: int
    height: int
    name: str


Block: TypeAlias = Paragraph | Code | Table | Rule | Picture


def plain(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def plain_block(block: Block) -> str:
    """The words of a block, as they are searched and read aloud."""
    match block:
        case Paragraph():
            return plain(block.spans)
        case Code():
            return block.text
        case Table():
            return "\n".join("\t".join(plain(cell) for cell in row) for row in block.rows)
        case Picture():
            return block.name
    return ""
