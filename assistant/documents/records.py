"""What the documents room hands to others: plain frozen values that cross a pipe.

Boxes are in points from the top left corner of the page as it is displayed (its crop box, after its
rotation): x0 ≤ x1 to the right, y0 ≤ y1 downwards. Pages count from 1. Offsets count characters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from assistant.chat.records import Completion, Source
from assistant.documents.embedder_records import EmbedderStatus
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


# --- events that the documents worker sends unasked ------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentsChanged:
    """New or changed rows, at most a few times a second, and the ids of rows that are gone."""

    documents: tuple[DocumentInfo, ...]
    gone: tuple[int, ...] = ()


class IndexingState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class IndexingStatus:
    state: IndexingState
    document: int | None = None
    title: str = ""
    pages_done: int = 0
    pages: int | None = None
    chunks_done: int = 0
    """Chunks of this document so far."""
    documents_left: int = 0
    seconds_left: float | None = None
    """For the whole queue."""
    notice: Problem | None = None
    """Why it stands still, e.g. a full disk."""
    builtin: bool = False
    """The document is the handbook's, not the person's."""
    builtin_left: int = 0
    """How many of `documents_left` are the handbook's."""

    @property
    def own_left(self) -> int:
        """Documents of the person that are not finished."""
        return self.documents_left - self.builtin_left


class RecognitionState(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    """The person paused it."""
    WAITING = "waiting"
    """For the text of other documents, an idle computer or mains power; `RecognitionStatus.reason`."""


@dataclass(frozen=True, slots=True)
class RecognitionStatus:
    """How far the recognition of pictures has come."""

    state: RecognitionState
    document: int | None = None
    title: str = ""
    page: int | None = None
    """Of the document, the one in hand."""
    pages_left: int = 0
    """Of all documents."""
    documents_left: int = 0
    seconds_left: float | None = None
    """For all that waits; None until a page was measured."""
    reason: str = ""
    """Why it waits: "text", "idle", "mains", "off"."""
    notice: Problem | None = None
    """Why nothing can be recognised."""


@dataclass(frozen=True, slots=True)
class WordOnPage:
    """A recognised word where it stands."""

    text: str
    box: Box
    confidence: float


DocumentsEvent: TypeAlias = DocumentsChanged | IndexingStatus | RecognitionStatus | EmbedderStatus
"""What the documents worker sends unasked."""


# --- a model's answer, and what of it the quotes support -------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """Quotes, and the same places with the sentences around them for a model to read."""

    answer: Answer
    sources: tuple[Source, ...]
    """One for each quote, with its number."""
    places: tuple[tuple[tuple[int, int], ...], ...]
    """Of each source's sentences in the section of its quote."""
    language: str
    """Of the question, ISO 639-1."""
    task: bool
    """It asks for a piece of work, such as a letter, and not for something to be told."""


class Verdict(StrEnum):
    SUPPORTED = "supported"
    """At least one citation holds."""
    UNSUPPORTED = "unsupported"
    """It cited, and none of what it cited says so: its citations were taken off."""
    UNCHECKED = "unchecked"
    """It speaks another language than what it cites, so words cannot be compared; numbers and names agree."""
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a model's answer."""

    start: int
    end: int
    """text[start:end] of the checked answer, citations included."""
    verdict: Verdict
    citations: tuple[int, ...]
    """Numbers of quotes that stand behind it now."""
    removed: tuple[int, ...] = ()
    """What the model cited and what does not say so."""
    added: tuple[int, ...] = ()
    """Those of `citations` that the model left out, though they say what the claim adds to the question."""


@dataclass(frozen=True, slots=True)
class CheckedText:
    text: str
    """With the citations that hold, as [n], each before the full stop."""
    claims: tuple[Claim, ...]
    absent: bool
    """It says that the answer is not in the documents, or says something short that nothing supports."""
    unsourced: tuple[int, ...] = ()
    """Where sentences end that cite nothing and that nothing stands behind."""

    @property
    def doubts(self) -> tuple[int, ...]:
        """Where sentences end whose quotes say something else."""
        return tuple(claim.end for claim in self.claims if claim.verdict is Verdict.UNSUPPORTED)

    @property
    def citations(self) -> tuple[int, ...]:
        return tuple(sorted({number for claim in self.claims for number in claim.citations}))

    @property
    def removed(self) -> tuple[int, ...]:
        return tuple(sorted({number for claim in self.claims for number in claim.removed}))


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    answer: Answer
    """The quotes."""
    checked: CheckedText
    completion: Completion | None
    """None where no model was asked: none is loaded, or nothing was found that it could read."""
    refused: bool = False
    """The text is the program's own: it says in English that there is no answer."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a document that a summary reads as one source."""

    page: int | None
    location: str
    heading: tuple[str, ...]
    section: int
    start: int
    sentences: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """Of each sentence in the section's text."""


@dataclass(frozen=True, slots=True)
class Summary:
    document: int
    title: str
    checked: CheckedText
    quotes: tuple[Quote, ...]
    """What is cited, by number."""
    passes: int
    """How often the model was asked."""
    note: str = ""
    completion: Completion | None = None
    """Of the last pass."""
