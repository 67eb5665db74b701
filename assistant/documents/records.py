"""What the documents room hands to others: plain frozen values that cross a pipe.

Boxes are in points from the top left corner of the page as it is displayed (its crop box, after its
rotation): x0 ≤ x1 to the right, y0 ≤ y1 downwards. Pages count from 1. Offsets count characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from assistant.errors import Problem

if TYPE_CHECKING:  # the window shows these records, and does without numpy
    import numpy as np
    import numpy.typing as npt

Box: TypeAlias = tuple[float, float, float, float]
CharBoxes: TypeAlias = "npt.NDArray[np.float32]"
"""Shape (len(text), 4). A character without a place on the page (a space put in, a line end) is all NaN."""

DEFAULT_COLLECTION = "My documents"
HANDBOOK_COLLECTION = "Handbook"


# --- what a reader gives -------------------------------------------------------------------------


class Outcome(StrEnum):
    """What one page or part of a document gave."""

    TEXT = "text"
    OCR = "ocr"
    EMPTY = "empty"
    FAILED = "failed"


@dataclass(frozen=True, eq=False, slots=True)
class Section:
    """A run of text with one place in its document. A chunk or a quote never crosses a section."""

    text: str
    page: int | None
    """Page, slide or sheet, from 1; None where the format has no such thing (mail, Markdown, code)."""
    location: str
    """For people: "page 58", "slide 3", "sheet Prices, rows 2–40", "chapter 4", "lines 10–42"."""
    heading: tuple[str, ...] = ()
    """Path of headings, outermost first."""
    table: bool = False
    """Every line of the text is one row; rows are never cut."""
    boxes: CharBoxes | None = None
    recognised: float | None = None
    """It was read from a picture, and how sure that is, 0 to 1; None: it is text."""


WHOLE_PAGE = 0
"""The number of the picture that shows a page as it looks."""


@dataclass(frozen=True, slots=True)
class PartPicture:
    """A picture in a part that may show text."""

    number: int
    """WHOLE_PAGE, or it counts the pictures of the part from 1."""
    label: str = ""
    """For people: "picture 2"; "" for the whole page."""


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The unit of progress and of resumption: a page, slide, sheet, chapter, message or block of lines."""

    number: int
    label: str
    outcome: Outcome
    sections: tuple[Section, ...] = ()
    problem: Problem | None = None
    """Why the part is empty or failed."""
    pictures: tuple[PartPicture, ...] = ()
    """To be recognised: the whole page, whose text then stands in for the part's, or pictures in it."""

    @property
    def reason(self) -> str:
        """The problem in English; "" where there is none."""
        return self.problem.message if self.problem else ""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is known of a document once it is open."""

    kind: str
    """The format found by looking inside, e.g. "pdf", "docx", "text"."""
    title: str
    unit: str
    """What a part is called: page, slide, sheet, chapter, message, part."""
    parts: int | None
    """How many, or None where only reading to the end tells."""


@dataclass(frozen=True, slots=True)
class FileSeen:
    """A file on the disk, as it is now."""

    path: str
    """Absolute; bytes that are not UTF-8 are kept as lone surrogates, as `os.fsdecode` gives them."""
    size: int
    mtime_ns: int


# --- what the store knows ------------------------------------------------------------------------


class DocumentState(StrEnum):
    QUEUED = "queued"
    INDEXING = "indexing"
    READY = "ready"
    PARTIAL = "partial"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PartCounts:
    """How many parts gave what."""

    text: int = 0
    ocr: int = 0
    empty: int = 0
    failed: int = 0
    waiting: int = 0
    """Of all those, how many wait for their pictures to be recognised."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    id: int
    path: str
    title: str
    collection: str
    kind: str
    unit: str
    state: DocumentState
    size: int
    """In bytes."""
    pages: int | None
    """Parts in all, whatever the unit; None while unknown."""
    pages_done: int
    chunks: int
    report: PartCounts
    error: Problem | None = None
    watched: bool = False
    """True when it came in through a folder that is watched."""
    mtime_ns: int = 0
    """When its file was changed, as that was seen last."""


_PICTURES = frozenset({"page-is-picture", "slide-without-text", "chapter-without-text"})
"""Reasons of parts without text that may show it as a picture."""


@dataclass(frozen=True, slots=True)
class PartReport:
    number: int
    label: str
    outcome: Outcome
    problem: Problem | None
    characters: int
    waiting: bool = False
    """Its pictures are to be recognised."""
    recogniser: str = ""
    """Which one read its pictures, as vision.records.Recogniser says; "" where none did."""
    confidence: float | None = None
    """How sure that one was, 0 to 1."""
    languages: tuple[str, ...] = ()
    """Of the recognised text, ISO 639-1."""
    pictures: int = 0
    """How many it has that may show text."""

    @property
    def reason(self) -> str:
        """The problem in English; "" where there is none."""
        return self.problem.message if self.problem else ""

    @property
    def is_picture(self) -> bool:
        """It has no text but may show some; a part that is simply blank has nothing to give."""
        problem = self.problem
        return self.outcome is Outcome.EMPTY and problem is not None and problem.reason in _PICTURES

    @property
    def needs_attention(self) -> bool:
        """Something that is in the document was not read."""
        picture_failed = self.outcome in (Outcome.TEXT, Outcome.OCR) and self.problem is not None
        return not self.waiting and (self.outcome is Outcome.FAILED or self.is_picture or picture_failed)


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    name: str
    documents: int
    builtin: bool
    folders: tuple[str, ...] = ()
    """Folders that are watched for this collection."""


@dataclass(frozen=True, slots=True)
class AddedDocuments:
    """What `add` did with each path; a path that could not be taken is in `refused`."""

    documents: tuple[DocumentInfo, ...]
    already: tuple[DocumentInfo, ...] = ()
    """Known before and unchanged."""
    refused: tuple[tuple[str, Problem], ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedDocuments:
    """`documents` can be brought back with `restore` until `purge` or the next start."""

    documents: tuple[DocumentInfo, ...]
    unknown: tuple[str, ...] = ()


# --- asking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look. Empty means everywhere."""

    collection: str | None = None
    documents: tuple[int, ...] = ()


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class SearchHit:
    rank: int
    score: float
    """0 to 1; comparable within one question only."""
    document: int
    path: str
    title: str
    page: int | None
    location: str
    heading: tuple[str, ...]
    text: str
    section: int
    start: int
    end: int
    """`text` is the section's text[start:end]."""
    recognised: float | None = None
    """It was read from a picture, and how sure that is, 0 to 1; None: it is text."""


@dataclass(frozen=True, slots=True)
class Quote:
    n: int
    score: float
    document: int
    path: str
    title: str
    page: int | None
    location: str
    heading: tuple[str, ...]
    quote: str
    boxes: tuple[Box, ...]
    """One box for each line of the quote on its page; empty for formats without pages of fixed layout."""
    section: int
    start: int
    end: int
    asked: tuple[tuple[int, int], ...] = ()
    """Characters of the quote that say what was asked for."""
    lines: tuple[tuple[int, int], ...] = ()
    """Paragraphs, items of lists and rows in the quote; none where it is read as one."""
    recognised: float | None = None
    """It was read from a picture, and how sure that is, 0 to 1; None: it is text."""


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Quotes that are neighbours, as one reads them."""

    numbers: tuple[int, ...]
    """Of the quotes, best first."""
    quote: Quote
    """From the first of them to the last, with what stands between; its number is the best one's."""


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """A question in a language that no document is in, and that the embedder cannot compare with theirs."""

    language: str
    """ISO 639-1."""
    documents: str
    """The language that most of the documents are in."""


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    quotes: tuple[Quote, ...]
    """Best first, at most five; empty means: nothing found in your documents."""
    seconds: float
    note: str = ""
    """Said beside the answer, e.g. that indexing is still going on."""
    absence: Problem | None = None
    """Why there is no answer: nothing was found, or the quotes do not speak of what was asked for."""
    places: tuple[QuotePlace, ...] = ()
    """The quotes by the places where they stand, best first."""
    foreign: ForeignQuestion | None = None
    """It was searched as it stands, and would be found better in the language of the documents."""


# --- looking at the source -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as pixels: `pixels` is BGRX rows, 4 bytes a pixel, `width * 4` bytes a row."""

    page: int
    pages: int
    width: int
    height: int
    scale: float
    """Pixels for one point: multiply a Box by it."""
    pixels: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class WordOnPage:
    """A recognised word where it stands."""

    text: str
    box: Box
    confidence: float
