"""Transcripts of recordings, as the program writes them: paragraphs whose places are times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.text_cleaning import flowing
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument
from assistant.quantities import clock
from assistant.speech.transcripts import document
from assistant.speech.transcripts.paragraphs import paragraphs

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

_LONG = 300
"""Characters: about twenty seconds, so that a place is near to what is said there."""


def open(path: Path, password: str | None) -> Document:
    """Raises UnreadableDocument where it is none of these files."""
    try:
        transcript = document.read(path)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableDocument("file-damaged") from error

    def sections() -> Iterator[Section]:
        for paragraph in paragraphs(transcript.segments, long=_LONG):
            yield Section(flowing(paragraph.labelled), None, clock(paragraph.start))

    return FlowDocument("transcript", title_of(path, transcript.title), sections, count=True)
