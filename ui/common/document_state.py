"""How a document stands, in words: what it gave, how far it is read, what is wrong with it."""

from __future__ import annotations

from pathlib import PurePath

from assistant.documents.event_records import IndexingStatus, RecognitionState, RecognitionStatus
from assistant.documents.records import DocumentInfo, DocumentState
from assistant.errors import PasswordRequired
from ui.common import error_words, recognition_words
from ui.common.formatting import one_line
from ui.common.quantities import duration, number
from ui.common.translation import arg, translate

_WAITING = "waiting-for-recognition"
"""The code of the problem of such documents."""
_PICTURED = ("pdf", "image")
"""The kinds of documents whose pages can be pictured."""
UNFINISHED = frozenset({DocumentState.QUEUED, DocumentState.INDEXING})
"""States of a document that waits to be read, or is being read."""


def state(
    document: DocumentInfo,
    status: IndexingStatus | None = None,
    recognition: RecognitionStatus | None = None,
) -> str:
    """The second line of a document's row."""
    problem = "" if document.error is None else one_line(error_words.both(document.error))
    match document.state:
        case DocumentState.QUEUED:
            return translate("common", "Waiting")
        case DocumentState.INDEXING:
            return progress(document, status)
        case DocumentState.READY:
            words = [translate("common", "Ready")]
            if total := document.pages or document.pages_done:
                words.append(_counted(document.unit, total))
            if recognised := document.report.ocr:
                some = arg(translate("common", "%1 recognised"), number(recognised))
                words.append(translate("common", "recognised") if recognised == total else some)
            return " · ".join(words)
        case DocumentState.PARTIAL if document.report.waiting:
            said = _to_be_recognised(document, recognition)
            return said if waits_for_recognition(document) else f"{said} · {problem}"
        case DocumentState.PARTIAL:
            return " · ".join([translate("common", "Partly ready"), _gaps(document) or problem])
        case DocumentState.MISSING:
            return problem or translate(
                "common", "The file is missing. Its text is kept until the file is back."
            )
    if has_nothing_to_read(document):
        return translate("common", "No text was found in this picture.")
    return problem or translate("common", "It could not be read.")


def progress(document: DocumentInfo, status: IndexingStatus | None = None) -> str:
    """How far a document that is being read is: "34 of 80 pages · 20 s left"."""
    if document.pages:
        words = [_counted_of(document.unit, document.pages_done, document.pages)]
    elif document.pages_done:
        words = [_counted(document.unit, document.pages_done)]
    else:
        words = [translate("common", "Opening")]
    if (
        status
        and status.document == document.id
        and status.documents_left <= 1
        and status.seconds_left is not None
    ):
        words.append(arg(translate("common", "%1 left"), duration(status.seconds_left)))
    return " · ".join(words)


def waits_for_recognition(document: DocumentInfo) -> bool:
    """It is only partly ready because its pictures are still to be recognised."""
    error = document.error
    return (
        document.state is DocumentState.PARTIAL
        and document.report.waiting > 0
        and (error is None or error.code == _WAITING)
    )


def has_nothing_to_read(document: DocumentInfo) -> bool:
    """A picture that was looked at and shows no text, such as a photograph: nothing is wrong with it."""
    error = document.error
    return document.kind == "image" and error is not None and error.reason == "no-text"


def is_in_hand(document: DocumentInfo, recognition: RecognitionStatus | None) -> bool:
    """Whether a page of it is being recognised now."""
    return (
        recognition is not None
        and recognition.state is RecognitionState.RUNNING
        and recognition.document == document.id
        and document.report.waiting > 0
    )


def _to_be_recognised(document: DocumentInfo, recognition: RecognitionStatus | None) -> str:
    """ "6 of 9 pages still to recognise · 2 min left", "Partly ready · 6 of 9 pages wait for…"."""
    waiting, total = document.report.waiting, document.pages or document.pages_done
    some = _counted_of(document.unit, waiting, total)
    if recognition is not None and is_in_hand(document, recognition):
        words = [translate("common", "Recognising text")]
        if total > 1:
            words = [arg(translate("common", "%1 still to recognise"), some)]
        if recognition.documents_left <= 1:
            words.append(recognition_words.time_left(recognition))
    elif document.chunks:
        said = (
            translate("common", "%1 waits for text recognition")
            if waiting == 1
            else translate("common", "%1 wait for text recognition")
        )
        words = [translate("common", "Partly ready"), arg(said, some)]
        words.append(recognition_words.why_it_waits(recognition))
    else:
        words = [translate("common", "Waiting for text recognition")]
        if total > 1:
            words.append(_counted(document.unit, waiting))
        words.append(recognition_words.why_it_waits(recognition))
    return " · ".join(filter(None, words))


def has_pages(document: DocumentInfo) -> bool:
    """Whether its pages can be pictured; of one that could not be opened only its name is known."""
    return document.kind in _PICTURED or (
        not document.kind and PurePath(document.path).suffix.lower() == ".pdf"
    )


def can_be_copied_searchable(document: DocumentInfo) -> bool:
    """Words were recognised on its pages, which are still there."""
    here = document.state is not DocumentState.MISSING
    return here and has_pages(document) and document.report.ocr > 0


def needs_password(document: DocumentInfo) -> bool:
    return document.error is not None and document.error.code == PasswordRequired.code


def _gaps(document: DocumentInfo) -> str:
    """What a document did not give: "6 of 9 pages have no text"; empty if nothing is missing."""
    total = document.pages or document.pages_done
    empty, failed = document.report.empty, document.report.failed
    words = []
    if empty:
        said = translate("common", "%1 has no text") if empty == 1 else translate("common", "%1 have no text")
        words.append(arg(said, _counted_of(document.unit, empty, total)))
    if failed:
        amount = number(failed) if words else _counted_of(document.unit, failed, total)
        words.append(arg(translate("common", "%1 could not be read"), amount))
    return ", ".join(words)


def _counted(unit: str, total: int) -> str:
    match unit:
        case "page":
            return translate("common", "%n page(s)", None, total)
        case "slide":
            return translate("common", "%n slide(s)", None, total)
        case "sheet":
            return translate("common", "%n sheet(s)", None, total)
        case "chapter":
            return translate("common", "%n chapter(s)", None, total)
        case "message":
            return translate("common", "%n message(s)", None, total)
    return translate("common", "%n part(s)", None, total)


def _counted_of(unit: str, some: int, total: int) -> str:
    match unit:
        case "page":
            text = translate("common", "%1 of %n page(s)", None, total)
        case "slide":
            text = translate("common", "%1 of %n slide(s)", None, total)
        case "sheet":
            text = translate("common", "%1 of %n sheet(s)", None, total)
        case "chapter":
            text = translate("common", "%1 of %n chapter(s)", None, total)
        case "message":
            text = translate("common", "%1 of %n message(s)", None, total)
        case _:
            text = translate("common", "%1 of %n part(s)", None, total)
    return arg(text, number(some))
