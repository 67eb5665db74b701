"""Opens a document of any format: its family is detected, then that family's reader reads it.

A reader is imported only when a file of its family comes, so that a text file costs no PDF library.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from assistant.documents.formats.detection import Family, family_of
from assistant.documents.records import Opened, Part
from assistant.errors import AccessDenied, AssistantError, DocumentGone, UnreadableDocument

log = logging.getLogger(__name__)


class Document(Protocol):
    """An open document. `parts` may be called again and again; it starts anew each time."""

    opened: Opened

    def parts(self, first: int = 1) -> Iterator[Part]:
        """Parts from number `first` on. An unreadable one comes as Outcome.FAILED; nothing is raised."""
        ...

    def close(self) -> None: ...


class _Reader(Protocol):
    def open(self, path: Path, password: str | None) -> Document: ...


READERS = {
    Family.PDF: "pdf.document",
    Family.WORD: "office.word",
    Family.PRESENTATION: "office.slides",
    Family.WORKBOOK: "office.sheets",
    Family.ENCRYPTED_OFFICE: "office.encryption",
    Family.OPENDOCUMENT: "opendocument.document",
    Family.LEGACY_OFFICE: "legacy.document",
    Family.MAIL: "mail.mailbox",
    Family.EPUB: "epub",
    Family.HTML: "html_page",
    Family.MARKUP: "markdown",
    Family.CSV: "csv_tables",
    Family.JSON: "json_data",
    Family.RTF: "rtf",
    Family.TRANSCRIPT: "transcript",
    Family.TEXT: "plain_text",
    Family.IMAGE: "image_file",
}
"""The module in this room that reads each family."""


def open_document(path: Path, password: str | None = None) -> Document:
    """The document at `path`, ready to be read.

    Raises DocumentGone, AccessDenied, UnsupportedFormat, UnreadableDocument or PasswordRequired.
    """
    family = family_of(path)
    reader = cast(_Reader, importlib.import_module(f"{__package__}.{READERS[family]}"))
    try:
        return reader.open(path, password)
    except FileNotFoundError as error:
        raise DocumentGone("file-not-there", name=path.name) from error
    except PermissionError as error:
        raise AccessDenied("file-forbidden", name=path.name) from error
    except (AssistantError, MemoryError):
        raise
    except Exception as error:
        log.warning("The %s reader stumbled over a file", family, exc_info=error)
        raise UnreadableDocument("file-damaged") from error
