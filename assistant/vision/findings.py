"""PURE: what the two libraries find in a picture, before anything is chosen or put in order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from assistant.vision.records import RecognisedWord

Corner: TypeAlias = tuple[float, float]
Corners: TypeAlias = tuple[Corner, Corner, Corner, Corner]


@dataclass(frozen=True, slots=True)
class FoundLine:
    words: tuple[RecognisedWord, ...]
    """As they are read; their boxes are upright."""
    corners: Corners
    """Where the line lies: from where its first letter begins at the top, along it, and back below it."""
    space: str = " "
    """What stands between two words: "" in scripts without spaces."""
    block: int = 0
    """Lines with the same number belong together; 0 for all where the library has no blocks."""

    @property
    def text(self) -> str:
        return self.space.join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a picture lies, and what is written in it, as Tesseract sees it."""

    turn: int
    """By how many degrees clockwise it has to be turned to stand upright: 0, 90, 180 or 270."""
    turn_confidence: float
    """Tesseract's own measure: more than about 2 is right mostly, 15 is sure."""
    script: str
    """As Tesseract calls it: "Latin", "Cyrillic", "Han", "Japanese", "Arabic"…"""
    script_confidence: float
    """As `turn_confidence`."""


class Layout(Enum):
    """How Tesseract looks for lines."""

    PAGE = auto()
    """Columns and blocks first."""
    BLOCK = auto()
    """All of the picture is one block of text."""
    LINE = auto()
    """All of the picture is one line; it is not looked at what in it are letters."""
    SCATTERED = auto()
    """As much text as can be found, in no order of its own."""
