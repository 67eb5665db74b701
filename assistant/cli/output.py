"""What the command line prints: for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from assistant.documents.records import (
    Answer,
    DocumentInfo,
    DocumentState,
    GroundedAnswer,
    IndexingStatus,
    Quote,
    SearchHit,
    Verdict,
)
from assistant.quantities import count, duration, size
from assistant.services import DoctorReport

NOTHING_FOUND = "Nothing found in your documents."

errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
output = Console(highlight=False, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    print(json.dumps(value, default=str), flush=True)


def complain(message: str, hint: str = "") -> None:
    errors.print(f"{message} {hint}".rstrip())


def printable(name: str) -> str:
    """A name on one line: control characters and broken UTF-8 written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def report_document(document: DocumentInfo, *, quiet: bool) -> None:
    if document.error:
        complain(f"{printable(document.path)}: {document.error.message}", document.error.hint)
    if not quiet and document.state is not DocumentState.FAILED:
        output.print(f"{document.state.value:8} {printable(document.path)}  {what_it_gave(document)}")


def what_it_gave(document: DocumentInfo) -> str:
    """For people: "12 pages, 3 without text"."""
    unit = document.unit or "part"
    words = count(document.pages_done, unit)
    if document.report.empty:
        words += f", {document.report.empty} without text"
    if document.report.failed:
        words += f", {document.report.failed} not readable"
    return words


def document_table(listed: Iterable[DocumentInfo]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("ID", "State", "Collection", "Document", "What it gave"):
        table.add_column(title, justify="right" if title == "ID" else "left", overflow="fold")
    for document in listed:
        table.add_row(
            str(document.id),
            document.state.value,
            Text(printable(document.collection)),
            Text(printable(document.path)),
            what_it_gave(document),
        )
    return table


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


def hit_json(hit: SearchHit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "path": hit.path,
        "page": hit.page,
        "location": hit.location,
        "text": hit.text,
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
    }


def answer_text(answer: Answer) -> str:
    return "\n".join(f"{quote.quote} [{quote.n}]" for quote in answer.quotes) or NOTHING_FOUND


def print_hits(hits: Sequence[SearchHit]) -> None:
    for hit in hits:
        output.print(Text(f"{hit.rank}. {printable(hit.title)} · {hit.location}", style="bold"))
        output.print(f"   {' '.join(hit.text.split())[:300]}")
    if not hits:
        output.print(NOTHING_FOUND)


def print_answer(answer: Answer) -> None:
    for quote in answer.quotes:
        output.print(f"“{' '.join(quote.quote.split())}” [{quote.n}]")
        place = " · ".join((printable(quote.title), quote.location, *quote.heading[-1:]))
        output.print(Text(f"    {place}", style="dim"))
    if not answer.quotes:
        output.print(NOTHING_FOUND)
    if answer.note:
        errors.print(answer.note)


def print_grounded(grounded: GroundedAnswer) -> None:
    """A model's answer, under its quotes; [?] stands where a citation was taken off."""
    text, at = "", 0
    for claim in grounded.checked.claims:
        text += grounded.checked.text[at : claim.end] + (
            " [?]" if claim.verdict is Verdict.UNSUPPORTED else ""
        )
        at = claim.end
    text += grounded.checked.text[at:]
    output.print()
    for line in text.splitlines():
        output.print(printable(line))
    if any(claim.verdict is Verdict.UNSUPPORTED for claim in grounded.checked.claims):
        errors.print("[?] The model cited a quote here that does not say so.")


def progress_bar() -> Progress:
    """On standard error, and only where a person is looking. Its tasks have a field `counts`."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )


def print_doctor(report: DoctorReport) -> None:
    output.print(f"Offline Assistant {report.version}")
    output.print(f"Data folder  {printable(report.home)}")
    output.print(f"Computer     {report.hardware}")
    for device in report.devices:
        output.print(f"Graphics     {printable(device.name)}, {size(device.total)}. {device.note}".rstrip())
    for engine in report.engines:
        libraries = ", ".join(f"{name} {version or 'MISSING'}" for name, version in engine.libraries.items())
        output.print(f"{engine.name.capitalize():12} {libraries}")
    for model in report.models:
        missing = "  MISSING" if model.missing else ""
        output.print(f"Model        {printable(model.name)}, {size(model.size)}{missing}")
    output.print(f"Network      {report.guard.words}")
    for proof in report.proofs:
        output.print(f"  {'refused' if proof.refused else 'REACHED'}  {proof.name}: {proof.words}")
    output.print(f"  attempts since the start: {report.attempts}")
    output.print(f"Downloads    {printable(report.downloads)}")


def counts(status: IndexingStatus) -> str:
    words = f"{status.pages_done} of {status.pages or '?'} parts"
    if status.documents_left > 1:
        words += f" · {status.documents_left} documents left"
    if status.seconds_left is not None:
        words += f" · {duration(status.seconds_left)} left"
    return words
