"""How a document stands once it was read, from what each of its parts gave."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.documents.records import DocumentInfo, DocumentState, Outcome, PartReport
from assistant.documents.store.store import Store
from assistant.error_messages import Detail
from assistant.errors import Problem, UnreadableDocument

STOPPED = Problem("stopped", "reading-stopped")
NO_TEXT = "no-text"
SOME_UNREADABLE = "some-parts-unreadable"
WAITING = "waiting-for-recognition"
_NOTHING_READABLE = frozenset({"no-text-some-unreadable", "no-part-readable", "not-readable"})


def final_state(
    unit: str, reports: Iterable[PartReport], problem: Problem | None = None
) -> tuple[DocumentState, Problem | None]:
    """The state, and what to tell about it.

    Ready means that all of the text can be found; blank parts do not stand against it, pictures of text and
    failed parts do. While some wait to be recognised, it is neither ready nor failed. `problem` is what ended
    the reading early, if anything did.
    """
    text = pictures = blank = waiting = total = 0
    failed: list[PartReport] = []
    for report in reports:
        total += 1
        waiting += report.waiting
        if report.outcome in (Outcome.TEXT, Outcome.OCR):
            text += 1
            if report.problem is not None:  # it has text, but a picture in it could not be read
                failed.append(report)
        elif report.outcome is Outcome.FAILED:
            failed.append(report)
        elif report.is_picture:
            pictures += 1
        else:
            blank += 1
    if waiting:
        return DocumentState.PARTIAL, problem or _waiting(unit, total, waiting)
    if problem is not None:
        return (DocumentState.PARTIAL if text else DocumentState.FAILED), problem
    if not text:
        return DocumentState.FAILED, _nothing(unit, pictures, blank, failed)
    if not pictures and not failed:
        return DocumentState.READY, None
    return DocumentState.PARTIAL, _something(unit, total, pictures, failed)


def settle(store: Store, document: int, problem: Problem | None = None) -> None:
    """Say in the store how a document stands that is not being read; `problem`: what is to be told of it."""
    with store.transaction():
        row = store.document(document)
        if row is not None and row.state not in (
            DocumentState.QUEUED,
            DocumentState.INDEXING,
            DocumentState.MISSING,
        ):
            # Done after each page, of thousands perhaps: while some wait, none is looked at.
            reports = () if row.report.waiting else store.report(document)
            store.set_state(document, *settled(row, reports, problem))


def settled(
    row: DocumentInfo, reports: Iterable[PartReport], problem: Problem | None = None
) -> tuple[DocumentState, Problem | None]:
    """The same for a document that was read before: why that ended early is told until it is read again.

    `reports` are not looked at while some parts wait, which the figures of the row say.
    """
    told = row.error
    of_parts = told is None or told.code in (NO_TEXT, SOME_UNREADABLE, WAITING)
    if problem is None and told is not None and not of_parts and told.reason not in _NOTHING_READABLE:
        problem = told
    if row.report.waiting:
        return DocumentState.PARTIAL, problem or _waiting(row.unit, row.pages_done, row.report.waiting)
    return final_state(row.unit, reports, problem)


def _waiting(unit: str, total: int, waiting: int) -> Problem:
    values: dict[str, Detail] = {"unit": unit, "total": total, "waiting": waiting}
    if waiting == total:
        return Problem(WAITING, "only-part-waits" if total == 1 else "all-parts-wait", values)
    return Problem(WAITING, "one-part-waits" if waiting == 1 else "some-parts-wait", values)


def _nothing(unit: str, pictures: int, blank: int, failed: list[PartReport]) -> Problem:
    values: dict[str, Detail] = {"unit": unit, "pictures": pictures, "blank": blank, "failed": len(failed)}
    if failed and (pictures or blank):
        return Problem(UnreadableDocument.code, "no-text-some-unreadable", values)
    if failed:
        why = failed[0].reason
        return Problem(UnreadableDocument.code, "no-part-readable" if why else "not-readable", {"why": why})
    if not pictures:
        return Problem(NO_TEXT, "no-text")
    if not blank:
        return Problem(NO_TEXT, "only-part-is-picture" if pictures == 1 else "all-parts-are-pictures", values)
    picture = "picture" if pictures == 1 else "pictures"
    return Problem(NO_TEXT, f"{picture}-and-blank" if blank == 1 else f"{picture}-and-blanks", values)


def _something(unit: str, total: int, pictures: int, failed: list[PartReport]) -> Problem:
    values: dict[str, Detail] = {"unit": unit, "total": total, "pictures": pictures, "failed": len(failed)}
    reasons = []
    if pictures:
        reasons.append("one-picture" if pictures == 1 else "some-pictures")
    if failed:
        reasons.append("some-unreadable")
        values["why"] = failed[0].reason
    return Problem(SOME_UNREADABLE if failed else NO_TEXT, "-".join(reasons), values)
