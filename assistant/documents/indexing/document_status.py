"""PURE: how a document stands once it was read, from what each of its parts gave."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.documents.records import DocumentState, Outcome, PartReport, Problem

STOPPED = Problem(
    "stopped",
    "You stopped reading it. What was read before can be asked.",
    "Choose “Try again” to read the rest.",
)
NO_TEXT = "no-text"
SOME_UNREADABLE = "some-parts-unreadable"
_UNREADABLE = "It could not be read."
_SAVE_AGAIN = "Open it with the program that made it and save it again."
_ADD_TEXT = "A version of it with text can be added instead."
NO_RECOGNITION = "text recognition is not installed yet"


def is_picture(report: PartReport) -> bool:
    """Whether a part gave no text because it shows it as a picture. A blank part has nothing to give."""
    return report.outcome is Outcome.EMPTY and "picture" in report.reason


def verdict(
    unit: str, reports: Iterable[PartReport], problem: Problem | None = None
) -> tuple[DocumentState, Problem | None]:
    """The state, and what to tell about it.

    Ready means that all of the text can be found; blank parts do not stand against it, pictures of text and
    failed parts do. `problem` is what ended the reading early, if anything did.
    """
    text = pictures = blank = 0
    failed: list[PartReport] = []
    for report in reports:
        if report.outcome in (Outcome.TEXT, Outcome.OCR):
            text += 1
        elif report.outcome is Outcome.FAILED:
            failed.append(report)
        elif is_picture(report):
            pictures += 1
        else:
            blank += 1
    if problem is not None:
        return (DocumentState.PARTIAL if text else DocumentState.FAILED), problem
    if not text:
        return DocumentState.FAILED, _nothing(unit, pictures, blank, failed)
    if not pictures and not failed:
        return DocumentState.READY, None
    return DocumentState.PARTIAL, _something(unit, text + pictures + blank + len(failed), pictures, failed)


def _nothing(unit: str, pictures: int, blank: int, failed: list[PartReport]) -> Problem:
    if failed:
        if not pictures and not blank:
            what = f"It could not be read: {failed[0].reason}" if failed[0].reason else _UNREADABLE
            return Problem("unreadable", what, _SAVE_AGAIN)
        return Problem(
            "unreadable",
            f"No text was found: {_count(len(failed), unit)} could not be read, and the rest has none.",
            _SAVE_AGAIN,
        )
    if pictures and not blank:
        what = (
            f"Its only {unit} is a picture without text"
            if pictures == 1
            else f"All {_count(pictures, unit)} are pictures without text"
        )
        return Problem(NO_TEXT, f"{what}; {NO_RECOGNITION}.", _ADD_TEXT)
    if pictures:
        return Problem(
            NO_TEXT,
            f"There is no text in it: {_count(pictures, unit)} {_are(pictures)} only a picture, "
            f"{blank} {_are(blank)} blank; {NO_RECOGNITION}.",
            _ADD_TEXT,
        )
    return Problem(NO_TEXT, "There is no text in it.", "")


def _something(unit: str, total: int, pictures: int, failed: list[PartReport]) -> Problem:
    sentences: list[str] = []
    if pictures:
        sentences.append(
            f"{pictures} of {_count(total, unit)} {_are(pictures)} only a picture; {NO_RECOGNITION}."
        )
    if failed:
        sentences.append(f"{len(failed)} of {_count(total, unit)} could not be read: {failed[0].reason}")
    return Problem(
        SOME_UNREADABLE if failed else NO_TEXT, " ".join(sentences), "The rest of it can be asked as usual."
    )


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
