"""What the command line prints: for people, and as JSON for programs."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as ProgressBar
from rich.status import Status
from rich.table import Table
from rich.text import Text

from assistant import languages
from assistant.doctor import DoctorReport
from assistant.documents.event_records import IndexingStatus, RecognitionStatus
from assistant.documents.grounded_records import GroundedAnswer
from assistant.documents.records import (
    Answer,
    DocumentInfo,
    DocumentState,
    Outcome,
    PartReport,
    Quote,
    SearchHit,
)
from assistant.errors import AssistantError, Problem
from assistant.jobs import Progress
from assistant.quantities import count, duration, listed, size

NOTHING_FOUND = "Nothing found in your documents."
DOUBT = "[?]"
NO_SOURCE = "[no source]"
READ_FROM_PICTURE = " · read from a picture"

stdout = Console(highlight=False, markup=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    sys.stdout.write(f"{json.dumps(value, default=str)}\n")
    sys.stdout.flush()


def print_error(message: str, hint: str = "") -> None:
    stderr.print(printable(f"{message} {hint}".rstrip()))


def print_problem(problem: Problem | AssistantError, about: str = "") -> None:
    """What happened and what to do, on one line that may begin with what it is about."""
    print_error(f"{about}: {problem.message}" if about else problem.message, problem.hint)


def printable(name: str) -> str:
    """A name on one line: control characters and broken UTF-8 written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def report_document(document: DocumentInfo, *, quiet: bool) -> None:
    if document.error:
        print_problem(document.error, document.path)
    if not quiet and document.state is not DocumentState.FAILED:
        stdout.print(f"{document.state.value:8} {printable(document.path)}  {what_it_gave(document)}")


def what_it_gave(document: DocumentInfo) -> str:
    """For people: "12 pages, 3 without text"."""
    unit = document.unit or "part"
    words = count(document.pages_done, unit)
    if document.report.ocr:
        words += f", {document.report.ocr} recognised"
    if document.report.waiting:
        words += f", {document.report.waiting} waiting for text recognition"
    if document.report.empty > document.report.waiting:
        words += f", {document.report.empty} without text"
    if document.report.failed:
        words += f", {document.report.failed} unreadable"
    return words


def table(*titles: str, numbers: str) -> Table:
    """An empty table; the column with this title is of numbers."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for title in titles:
        made.add_column(title, justify="right" if title == numbers else "left", overflow="fold")
    return made


def document_table(documents: Iterable[DocumentInfo]) -> Table:
    made = table("ID", "State", "Collection", "Document", "Pages", numbers="ID")
    for document in documents:
        made.add_row(
            str(document.id),
            document.state.value,
            Text(printable(document.collection)),
            Text(printable(document.path)),
            what_it_gave(document),
        )
    return made


def document_json(document: DocumentInfo) -> dict[str, Any]:
    return {
        "id": document.id,
        "path": document.path,
        "collection": document.collection,
        "state": document.state.value,
        "pages": document.pages,
        "chunks": document.chunks,
        "report": asdict(document.report),
        "error": document.error.as_json() if document.error else None,
    }


def part_json(part: PartReport) -> dict[str, Any]:
    return {
        "number": part.number,
        "label": part.label,
        "outcome": part.outcome.value,
        "waiting": part.waiting,
        "characters": part.characters,
        "recogniser": part.recogniser or None,
        "confidence": None if part.confidence is None else round(part.confidence, 3),
        "languages": list(part.languages),
        "reason": part.reason or None,
    }


def part_line(part: PartReport) -> str:
    """For people: "page 3  recognised, 96 % sure (tesseract; German)"."""
    words = "waiting for text recognition" if part.waiting else _OUTCOMES[part.outcome]
    if part.confidence is not None:
        by = "; ".join([part.recogniser, *([listed(_names(part.languages))] if part.languages else [])])
        words += f", {part.confidence:.0%} sure ({by})"
    return f"{printable(part.label)}  {words}{f': {part.reason}' if part.reason else ''}"


_OUTCOMES = {
    Outcome.TEXT: "text",
    Outcome.OCR: "recognised",
    Outcome.EMPTY: "empty",
    Outcome.FAILED: "failed",
}


def _names(codes: Sequence[str]) -> list[str]:
    return [languages.name(code) for code in codes]


def hit_json(hit: SearchHit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "path": hit.path,
        "page": hit.page,
        "location": hit.location,
        "text": hit.text,
        "recognised": _sure(hit.recognised),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "answer": answer_text(answer),
        "mode": "quotes",
        "citations": [_citation(quote) for quote in answer.quotes],
        "seconds": round(answer.seconds, 3),
    }


def grounded_json(grounded: GroundedAnswer) -> dict[str, Any]:
    """What a model answered, with the quotes that its citations name and that hold."""
    completion = grounded.completion
    written = completion.reading_seconds + completion.writing_seconds if completion else 0.0
    return {
        "answer": grounded.checked.text,
        "mode": "model",
        "citations": [
            _citation(quote) for quote in grounded.answer.quotes if quote.n in grounded.checked.citations
        ],
        "seconds": round(grounded.answer.seconds + written, 3),
    }


def _citation(quote: Quote) -> dict[str, Any]:
    return {
        "n": quote.n,
        "path": quote.path,
        "page": quote.page,
        "quote": quote.quote,
        "boxes": [[round(edge, 1) for edge in box] for box in quote.boxes],
        "recognised": _sure(quote.recognised),
    }


def _sure(recognised: float | None) -> float | None:
    """How sure the recognition of a picture was; null for what is text."""
    return None if recognised is None else round(recognised, 3)


def answer_text(answer: Answer) -> str:
    if answer.quotes:
        return "\n".join(f"{quote.quote} [{quote.n}]" for quote in answer.quotes)
    return f"{NOTHING_FOUND} {answer.absence.message}" if answer.absence else NOTHING_FOUND


def print_hits(hits: Sequence[SearchHit]) -> None:
    for hit in hits:
        place = f"{hit.rank}. {printable(hit.title)} · {hit.location}"
        place += READ_FROM_PICTURE if hit.recognised is not None else ""
        stdout.print(Text(place, style="bold"))
        stdout.print(f"   {' '.join(hit.text.split())[:300]}")
    if not hits:
        stdout.print(NOTHING_FOUND)


def print_answer(answer: Answer) -> None:
    """What the documents do not hold comes first, then the quotes."""
    if answer.absence and answer.quotes:
        print_problem(answer.absence)
    for quote in answer.quotes:
        shown = [quote.quote[start:end] for start, end in quote.lines] or [quote.quote]
        said = "\n ".join(" ".join(line.split()) for line in shown)
        stdout.print(f"“{said}” [{quote.n}]")
        place = " · ".join((printable(quote.title), quote.location, *quote.heading[-1:]))
        place += READ_FROM_PICTURE if quote.recognised is not None else ""
        stdout.print(Text(f"    {place}", style="dim"))
    if not answer.quotes:
        stdout.print(NOTHING_FOUND)
        if answer.absence:
            print_problem(answer.absence)
    if answer.note:
        stderr.print(answer.note)


def print_grounded(grounded: GroundedAnswer) -> None:
    """A model's answer, under its quotes, with a mark behind each sentence that none of them bears out."""
    checked = grounded.checked
    marks = {**dict.fromkeys(checked.unsourced, NO_SOURCE), **dict.fromkeys(checked.doubts, DOUBT)}
    text, at = "", 0
    for place in sorted(marks):
        text += f"{checked.text[at:place]} {marks[place]}"
        at = place
    text += checked.text[at:]
    stdout.print()
    for line in text.splitlines():
        stdout.print(printable(line))
    if checked.doubts:
        stderr.print(f"{DOUBT} The quote cited here does not say this.")
    if checked.unsourced:
        stderr.print(f"{NO_SOURCE} No quote supports this sentence.")


def progress_bar() -> ProgressBar:
    """On standard error, and only where a person is looking. Its tasks have a field `counts`."""
    return ProgressBar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )


def print_doctor(report: DoctorReport) -> None:
    stdout.print(f"Offline Assistant {report.version}")
    stdout.print(f"Data folder  {printable(report.home)}")
    stdout.print(f"Computer     {report.hardware}")
    used = " ".join(report.used_instructions) or "none: the chat engine does not start"
    stdout.print(f"Instructions {printable(used)}")
    for device in report.devices:
        stdout.print(f"Graphics     {printable(device.name)}, {size(device.total)}. {device.note}".rstrip())
    for engine in report.engines:
        libraries = ", ".join(f"{name} {version or 'MISSING'}" for name, version in engine.libraries.items())
        stdout.print(f"{engine.name.capitalize():12} {libraries}")
    for model in report.models:
        missing = "  MISSING" if model.missing else ""
        stdout.print(f"Model        {printable(model.name)}, {size(model.size)}{missing}")
    stdout.print(f"Documents    searched with {printable(report.embedder)}")
    stdout.print(f"Scans        {recognised_words(report.recognised_languages)}")
    stdout.print(f"Network      {report.guard.words}")
    for proof in report.proofs:
        stdout.print(f"  {'refused' if proof.refused else 'REACHED'}  {proof.name}: {proof.words}")
    stdout.print(f"  attempts since the program started: {report.attempts}")
    stdout.print(f"Courier      {printable(report.downloads.message)}")


def recognised_words(codes: Sequence[str]) -> str:
    """In which languages text in pictures is recognised."""
    if not codes:
        return (
            "No language file of Tesseract came along: text in pictures is not recognised until one is added."
        )
    return f"Text in pictures is recognised in {listed([languages.name(code) for code in codes])}."


class StatusLine:
    """What happens now, on a line that goes again; only where a person is looking. Any thread may call."""

    def __init__(self) -> None:
        self._status: Status | None = None
        self._lock = threading.Lock()

    def show(self, words: str) -> None:
        if not stderr.is_terminal:
            return
        with self._lock:
            if self._status is None:
                self._status = Status(words, console=stderr)
                self._status.start()
            else:
                self._status.update(words)

    def show_progress(self, progress: Progress) -> None:
        percent = f" {100 * progress.done // progress.total} %" if progress.total else ""
        self.show(f"{printable(progress.doing)}{percent}")

    def hide(self) -> None:
        with self._lock:
            if self._status is not None:
                self._status.stop()
                self._status = None


def recognition_progress(status: RecognitionStatus) -> str:
    """For people: "page 3 · 12 pages left · 1 min left"."""
    words = [f"page {status.page}"] if status.page is not None else []
    words.append(f"{count(status.pages_left, 'page')} left")
    if status.seconds_left is not None:
        words.append(f"{duration(status.seconds_left)} left")
    return " · ".join(words)


def indexing_progress(status: IndexingStatus) -> str:
    """For people: "3 of 12 parts · 2 documents left · 1 min left"."""
    words = f"{status.pages_done} of {status.pages or '?'} parts"
    if status.documents_left > 1:
        words += f" · {status.documents_left} documents left"
    if status.seconds_left is not None:
        words += f" · {duration(status.seconds_left)} left"
    return words
