"""What crosses between the program and the recognition of pictures: plain frozen values.

Boxes are in pixels of the picture as it was given, from its top left corner: x0 ≤ x1 to the right, y0 ≤ y1
downwards, however the text in it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".jfif", ".webp", ".heic", ".heif")
PICTURE_SUFFIXES = (*PHOTO_SUFFIXES, ".png", ".bmp", ".gif")
"""Of files that hold one picture; a TIFF file is rather a document with pages."""

PixelBox: TypeAlias = tuple[float, float, float, float]


class Recogniser(StrEnum):
    """What recognises a picture."""

    AUTO = "auto"
    """Chosen by script, and by how sure each is."""
    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"


@dataclass(frozen=True, slots=True)
class RecognitionOptions:
    recogniser: Recogniser = Recogniser.AUTO
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes that the person says the text is in; none: detected."""
    expected: tuple[str, ...] = ()
    """Languages of what stands around it, such as a document's other pages: likelier than others."""


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    text: str
    box: PixelBox
    confidence: float
    """0 to 1, as sure as the recogniser says it is."""


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    words: tuple[RecognisedWord, ...]
    """In reading order; joined with `space` they are the line's text."""
    block: int
    """Lines with the same number belong together, such as those of a column."""
    space: str = " "
    """What stands between two words: "" in scripts without spaces."""

    @property
    def text(self) -> str:
        return self.space.join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class RecognisedPicture:
    lines: tuple[RecognisedLine, ...]
    """In reading order; none where no text was found."""
    turned: int
    """By how many degrees clockwise the picture has to be turned to stand upright: 0, 90, 180 or 270."""
    recogniser: Recogniser
    """Which one it was in the end, never AUTO."""
    languages: tuple[str, ...]
    """ISO 639-1, the most frequent first, as far as known."""
    confidence: float
    """0 to 1: how many of its characters are likely right."""
    skew: float = 0.0
    """By how many degrees clockwise its lines slope, once it stands upright."""

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class RecognitionLanguage:
    """A language file of Tesseract that is here."""

    tesseract: str
    """As Tesseract calls it: "deu", "chi_sim"."""
    language: str
    """ISO 639-1 (or 639-2 where there is no shorter one); "" for files of a whole script and for "osd"."""
    path: str
    builtin: bool
    """It came along with the program."""
    script: str = ""
    """As Tesseract's orientation names it: "Latin", "Cyrillic", "Han"…; "" where that is not known."""


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture that was made safe to show and to keep: upright, no larger than asked for, PNG or JPEG."""

    path: str
    width: int
    height: int
