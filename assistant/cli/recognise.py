"""`recognise`: the pictures of a document once more, in another way, and a copy that can be searched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.common import Json, Report, language_code, reports_errors, wait, wait_with_progress
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
from assistant.documents.records import DocumentInfo, DocumentState, RecognitionStatus
from assistant.errors import Problem, UserInputError
from assistant.services import Services
from assistant.vision.records import Recogniser, RecognitionOptions
from assistant.workers.run import Run


@reports_errors
def recognise(
    target: Annotated[str, typer.Argument(metavar="PATH|ID", help="Path or ID, as listed by `documents`.")],
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
        Path | None, typer.Option("--output", help="Save a PDF whose recognised text can be searched.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Recognise text in the pictures of a document again, and show what each page gave."""
    codes = tuple(language_code(each) or "" for each in language or ())
    with Services() as services:
        document = _document(services, target)
        reports = services.documents.report(document.id).result()
        pages = [report.number for report in reports if not page or report.number in page]
        if not any(report.pictures for report in reports if report.number in pages):
            raise UserInputError("nothing-to-recognise")
        options = RecognitionOptions(recogniser, codes)
        services.documents.recognise([document.id], options, tuple(pages)).result()
        (document,) = wait_until_recognised(services, [document.id])
        reports = services.documents.report(document.id).result()
        if output is not None:
            wait(services.documents.searchable_copy(document.id, output))
    shown = [report for report in reports if report.number in pages]
    if as_json:
        print_json({"document": document_json(document), "pages": [part_json(each) for each in shown]})
    else:
        for report in shown:
            stdout.print(part_line(report))
        if output is not None:
            stdout.print(f"saved  {printable(str(output))}")
    if document.error:
        print_problem(document.error, document.path)
    if document.state is DocumentState.FAILED:
        raise typer.Exit(1)


def _document(services: Services, target: str) -> DocumentInfo:
    path = str(Path(target).absolute())
    for document in services.documents.documents().result():
        if document.path == path or (target.isdigit() and document.id == int(target)):
            return document
    raise UserInputError("no-such-document")


def wait_until_recognised(services: Services, ids: list[int]) -> tuple[DocumentInfo, ...]:
    """Wait until nothing of these documents is left that can be recognised now."""
    if not ids:
        return ()
    complained: set[Problem] = set()

    def shown(status: Any) -> dict[str, Any] | None:
        if not isinstance(status, RecognitionStatus):
            return None
        if status.notice and status.notice not in complained:
            complained.add(status.notice)
            print_problem(status.notice)
        return {
            "description": f"Recognising {printable(status.title)}",
            "completed": 0,
            "total": None,
            "counts": recognition_progress(status),
        }

    def begin(report: Report) -> Run[tuple[DocumentInfo, ...]]:
        return services.documents.wait_for_recognition(ids, on_report=report)

    return wait_with_progress(begin, "Starting text recognition…", shown)
