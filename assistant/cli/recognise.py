"""`recognise`: the pictures of documents once more, in another way, and a copy that can be searched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.common import (
    Json,
    Report,
    language_code,
    reports_errors,
    wait,
    wait_with_progress,
    with_notices,
)
from assistant.cli.output import (
    document_json,
    part_json,
    part_line,
    print_json,
    print_problem,
    printable,
    recognition_progress,
    stdout,
)
from assistant.documents.event_records import RecognitionStatus
from assistant.documents.records import DocumentInfo, DocumentState, PartReport
from assistant.errors import Problem, UserInputError
from assistant.services import Services
from assistant.vision.records import Recogniser, RecognitionOptions
from assistant.workers.run import Run


@reports_errors
def recognise(
    targets: Annotated[
        list[str], typer.Argument(metavar="PATH|ID…", help="Path or ID, as listed by `documents`.")
    ],
    recogniser: Annotated[
        Recogniser, typer.Option("--with", help="What recognises it; without it, the better one is chosen.")
    ] = Recogniser.AUTO,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="A language that it is in; may be repeated.")
    ] = None,
    page: Annotated[
        list[int] | None, typer.Option("--page", min=1, help="Only this page; may be repeated.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Save a PDF whose recognised text can be searched, of one document."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recognise text in the pictures of documents again, and show what each page gave."""
    targets = list(dict.fromkeys(targets))
    if output is not None and len(targets) > 1:
        raise typer.BadParameter("--output takes one document.")
    codes = tuple(language_code(each) or "" for each in language or ())
    options = RecognitionOptions(recogniser, codes)
    failed = False
    with Services() as services:
        known = services.documents.documents().result()
        begun: dict[str, int | Problem] = {}
        for target in targets:
            try:
                begun[target] = _begin(services, _document(known, target), options, page or ())
            except UserInputError as error:
                begun[target] = error.problem
        ids = [id for id in begun.values() if isinstance(id, int)]
        finished = {document.id: document for document in wait_until_recognised(services, ids)}
        for target, begin in begun.items():
            if isinstance(begin, Problem):
                failed = True
                if as_json:
                    print_json({"target": target, "error": begin.as_json()})
                print_problem(begin, target)
                continue
            document = finished[begin]
            failed |= document.state is DocumentState.FAILED
            if output is not None:
                wait(services.documents.searchable_copy(document.id, output))
            reports = services.documents.report(document.id).result()
            shown = [report for report in reports if not page or report.number in page]
            _show(document, shown, named=len(targets) > 1, as_json=as_json)
    if output is not None and not failed and not as_json:
        stdout.print(f"saved  {printable(str(output))}")
    if failed:
        raise typer.Exit(1)


def _begin(
    services: Services, document: DocumentInfo, options: RecognitionOptions, pages: Sequence[int]
) -> int:
    """Have it recognised; the number of the document.

    Raises:
        UserInputError: there is no picture in it.
    """
    reports = services.documents.report(document.id).result()
    wanted = [report for report in reports if not pages or report.number in pages]
    if not any(report.pictures for report in wanted):
        raise UserInputError("nothing-to-recognise")
    services.documents.recognise([document.id], options, [report.number for report in wanted]).result()
    return document.id


def _show(document: DocumentInfo, reports: Sequence[PartReport], *, named: bool, as_json: bool) -> None:
    """
    Args:
        named: its path stands above its pages.
    """
    if as_json:
        print_json({"document": document_json(document), "pages": [part_json(each) for each in reports]})
    else:
        if named:
            stdout.print(printable(document.path), style="bold")
        for report in reports:
            stdout.print(part_line(report))
    if document.error:
        print_problem(document.error, document.path)


def _document(known: Sequence[DocumentInfo], target: str) -> DocumentInfo:
    """
    Raises:
        UserInputError: there is no such document.
    """
    path = str(Path(target).absolute())
    for document in known:
        if document.path == path or (target.isdigit() and document.id == int(target)):
            return document
    raise UserInputError("no-such-document")


def wait_until_recognised(services: Services, ids: list[int]) -> tuple[DocumentInfo, ...]:
    """Wait until nothing of these documents is left that can be recognised now."""
    if not ids:
        return ()

    def words(status: RecognitionStatus) -> dict[str, Any]:
        return {
            "description": f"Recognising {printable(status.title)}",
            "completed": 0,
            "total": None,
            "counts": recognition_progress(status),
        }

    def begin(report: Report) -> Run[tuple[DocumentInfo, ...]]:
        return services.documents.wait_for_recognition(ids, on_report=report)

    shown = with_notices(RecognitionStatus, words)
    return wait_with_progress(begin, "Starting text recognition…", shown)
