"""One part of a document: its pictures, what is recognised in them, and the text that gives."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.documents.embedders.embedder_conversion import builtin_tokenizer
from assistant.documents.formats.pdf.headings import Headings
from assistant.documents.formats.pdf.hyphens import Hyphens
from assistant.documents.indexing.chunk_preparation import ChunkPreparer
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.recognition.options import options_for
from assistant.documents.recognition.picture_recogniser import PictureRecogniser
from assistant.documents.recognition.recognised_sections import (
    page_sections,
    picture_sections,
    words_on_page,
)
from assistant.documents.records import WHOLE_PAGE, Outcome, Part, PartPicture, Section, WordOnPage
from assistant.documents.store.rows import PartToRecognise, RecognisedPart
from assistant.documents.store.store import Store
from assistant.documents.text.chunking import Chunker
from assistant.errors import (
    Cancelled,
    DocumentError,
    DocumentGone,
    PasswordRequired,
    Problem,
)
from assistant.jobs import CancelToken, turn
from assistant.vision.records import RecognisedPicture, RecognitionOptions

_POINTS_PER_INCH = 72
_NUMBERED = ("page", "slide", "sheet")
"""Units whose number is that of a page."""

_LEAST_SURE = 0.4
"""What is less sure is no text: in noise and foliage letters are seen, too, and are 30 % sure."""

NOTHING_SEEN = Problem("no-text", "picture-without-text")


@dataclass(slots=True)
class _Document:
    """What is kept of the document in hand, from page to page."""

    id: int
    content: bytes | None
    headings: dict[int, Headings] = field(default_factory=dict)
    """That stand at the end of the page that was recognised last."""
    hyphens: Hyphens = field(default_factory=Hyphens)


@dataclass(frozen=True, slots=True)
class Looked:
    """What was recognised in the pictures of a part."""

    pictures: tuple[tuple[PartPicture, float, RecognisedPicture], ...]
    """Each with how many pixels an inch has."""
    problem: Problem | None
    """Why the first of the others could not be recognised."""
    known: dict[str, int]
    """Languages of the document's text."""


@dataclass(slots=True)
class _Seen:
    """The text that one picture of a part gives."""

    picture: RecognisedPicture
    sections: list[Section]
    words: tuple[WordOnPage, ...] = ()


class PartRecogniser:
    """Looks at several parts at once, and makes text of what it has seen in one after the other."""

    def __init__(
        self,
        store: Store,
        reader: DocumentReader,
        recogniser: PictureRecogniser,
        password: Callable[[int], str | None],
    ) -> None:
        self._store = store
        self._reader = reader
        self._recogniser = recogniser
        self._password = password
        self._chunker: Chunker | None = None
        self._document: _Document | None = None
        self._reading = threading.Lock()
        """The reader gives one picture at a time."""

    def look(self, task: PartToRecognise, languages: Sequence[str], token: CancelToken) -> Looked:
        """Recognise the pictures of a part. May be called from several threads.

        Raises:
            DocumentGone: the file is not there.
            PasswordRequired: for the file.
            WorkerError, ModelTooLarge, NoModel: there is nothing to recognise with.
            Cancelled: `token` was cancelled.
        """
        known = self._store.languages_of(task.document)
        options = options_for(task.requested, languages, known)
        found: list[tuple[PartPicture, float, RecognisedPicture]] = []
        problem: Problem | None = None
        for picture in task.pictures:
            try:
                found.append((picture, *self._recognised(task, picture, options, token)))
            except (DocumentGone, PasswordRequired, Cancelled):
                raise
            except DocumentError as error:
                problem = problem or error.problem
        return Looked(tuple(found), problem, known)

    def part(self, task: PartToRecognise, looked: Looked) -> RecognisedPart:
        """What the part gives now; a picture that could not be recognised is a problem of it.

        For one thread, which takes the pages in their order.
        """
        seen = [self._seen(task, *each) for each in looked.pictures]
        return self._part(task, seen, looked.problem, looked.known)

    @staticmethod
    def failed(task: PartToRecognise, problem: Problem) -> RecognisedPart:
        """None of its pictures could be recognised; text that it has stays."""
        has_text = task.outcome in (Outcome.TEXT, Outcome.OCR)
        outcome = task.outcome if has_text else Outcome.FAILED
        return RecognisedPart(task.number, task.label, outcome, problem, task=task)

    # --- one picture ------------------------------------------------------------------------------------

    def _recognised(
        self, task: PartToRecognise, picture: PartPicture, options: RecognitionOptions, token: CancelToken
    ) -> tuple[float, RecognisedPicture]:
        password = self._password(task.document)
        with turn(self._reading, token):
            pixels = self._reader.part_picture(task.path, task.number, picture.number, password, token)
        return pixels.dpi, self._recogniser.recognise(pixels, options, token)

    def _seen(
        self, task: PartToRecognise, picture: PartPicture, dpi: float, found: RecognisedPicture
    ) -> _Seen:
        if found.confidence < _LEAST_SURE:
            return _Seen(found, [])
        if picture.number != WHOLE_PAGE:
            page = task.number if task.unit in _NUMBERED else None
            return _Seen(found, picture_sections(found, page, _location(task, picture), ()))
        document = self._of(task)
        scale = _POINTS_PER_INCH / dpi
        headings = document.headings.get(task.number - 1, Headings()).copy()
        sections = page_sections(found, scale, (task.number, task.label), headings, document.hyphens)
        document.headings = {task.number: headings}
        return _Seen(found, sections, words_on_page(found, scale))

    def _of(self, task: PartToRecognise) -> _Document:
        document = self._document
        if document is None or (document.id, document.content) != (task.document, task.content):
            document = self._document = _Document(task.document, task.content)
        return document

    # --- the part ---------------------------------------------------------------------------------------

    def _part(
        self,
        task: PartToRecognise,
        seen: Sequence[_Seen],
        problem: Problem | None,
        known: dict[str, int],
    ) -> RecognisedPart:
        if not seen and problem is not None:
            return self.failed(task, problem)
        sections = tuple(section for each in seen for section in each.sections)
        outcome = task.outcome
        if sections and (task.whole or outcome is not Outcome.TEXT):
            outcome = Outcome.OCR
        elif not sections and outcome is Outcome.EMPTY:
            problem = problem or NOTHING_SEEN
        elif not sections:
            problem = problem or task.problem
        part = Part(task.number, task.label, outcome, sections, problem)
        with_text = [each for each in seen if each.sections]
        found = list(dict.fromkeys(each for one in with_text for each in one.picture.languages))
        prepared = self._preparer(task, known, found).prepare(part)
        weights = [sum(len(line.text) for line in each.picture.lines) for each in with_text]
        sure = [each.picture.confidence * weight for each, weight in zip(with_text, weights, strict=True)]
        most = max(with_text or seen, key=lambda each: len(each.picture.text))
        return RecognisedPart(
            prepared.number,
            prepared.label,
            prepared.outcome,
            prepared.problem,
            prepared.sections,
            task=task,
            recogniser=most.picture.recogniser.value,
            confidence=sum(sure) / sum(weights) if sections else None,
            languages=tuple(found),
            words=tuple(word for each in seen for word in each.words),
        )

    def _preparer(self, task: PartToRecognise, known: dict[str, int], found: Sequence[str]) -> ChunkPreparer:
        if self._chunker is None:
            self._chunker = Chunker(builtin_tokenizer())
        return ChunkPreparer(self._chunker, task.title, known or dict.fromkeys(found[:1], 1))


def _location(task: PartToRecognise, picture: PartPicture) -> str:
    """Where a picture in a part is, for people."""
    name = picture.label or f"picture {picture.number}"
    if task.unit in _NUMBERED:
        return f"{name} on {task.label}"
    return name if task.parts == 1 else f"{name} in {task.label}"
