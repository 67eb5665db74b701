"""The command line: arguments and printing, no decisions."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from assistant import __version__
from assistant.cli.ask import TerminalAsk
from assistant.cli.chat import TerminalChat
from assistant.cli.common import Json, Report, reports_errors, wait_with_progress, with_notices
from assistant.cli.dictate import tell_window
from assistant.cli.models import models
from assistant.cli.models_output import print_added_models
from assistant.cli.output import (
    document_json,
    document_table,
    hit_json,
    indexing_progress,
    print_doctor,
    print_error,
    print_hits,
    print_json,
    print_problem,
    printable,
    report_document,
    stdout,
)
from assistant.cli.recognise import recognise, wait_until_recognised
from assistant.cli.transcribe import transcribe
from assistant.cli.translate import translate
from assistant.doctor import doctor
from assistant.documents.event_records import IndexingStatus
from assistant.documents.records import HANDBOOK_COLLECTION, DocumentInfo, DocumentState, Scope
from assistant.errors import PasswordRequired, UnsupportedFormat, UserInputError
from assistant.services import Services
from assistant.workers.run import Run

app = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A private assistant that runs entirely on this computer. Without a command, it opens the window.",
)
app.add_typer(models, name="models")
app.command()(recognise)
app.command()(transcribe)
app.command()(translate)

Collection = Annotated[str | None, typer.Option("--collection", help="Use only this collection.")]
IntoCollection = Annotated[str | None, typer.Option("--collection", help="Add them to this collection.")]


def run() -> NoReturn:
    """Carry out the command line; leaves the process with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # names of files may hold anything
    app()
    raise AssertionError("typer leaves by SystemExit")


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    if version:
        stdout.print(f"offline-assistant {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        from ui.app import main as open_window  # Qt is loaded only for the window

        raise typer.Exit(open_window(sys.argv))


@app.command()
@reports_errors
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files or folders.")],
    collection: IntoCollection = None,
    password: Annotated[
        str | None, typer.Option("--password", help="Password for protected documents.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Watch these folders for changes from now on.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Add files or folders, and wait until they have been read, and pictures of text recognised. Models among
    them are used in place."""
    with Services() as services:
        given = services.sort_out([str(path) for path in paths])
        added_models = services.models.library.add(given.models, link=True).result()
        print_added_models(added_models, quiet=as_json)
        documents = services.documents
        added = documents.add(given.others, collection, password=password, watch=watch).result()
        recordings = [(path, UnsupportedFormat("recording-no-document").problem) for path in given.recordings]
        refused = (*added.refused, *recordings)
        known = [*added.documents, *added.already]
        finished = wait_until_read(services, [document.id for document in known])
        finished = tuple(unlock(services, document, may_ask=not as_json) for document in finished)
        finished = wait_until_recognised(services, [document.id for document in finished])
        if as_json:
            print_json(
                {
                    "documents": [document_json(document) for document in finished],
                    "refused": [
                        {"path": path, "error": problem.as_json()}
                        for path, problem in (*added_models.refused, *refused)
                    ],
                }
            )
        for document in finished:
            report_document(document, quiet=as_json)
        for path, problem in refused:
            print_problem(problem, path)
    failed = any(document.state is DocumentState.FAILED for document in finished)
    if added_models.refused or refused or failed:
        raise typer.Exit(1)


@app.command()
@reports_errors
def documents(collection: Collection = None, as_json: Json = False) -> None:
    """List the documents, their state, and how many pages have text."""
    with Services() as services:
        listed = services.documents.documents(collection).result()
    if as_json:
        print_json({"documents": [document_json(document) for document in listed]})
        return
    if not listed:
        stdout.print("No documents yet. Add some with: offline-assistant add FOLDER")
        return
    stdout.print(document_table(listed))
    for document in listed:
        if document.error:
            print_problem(document.error, str(document.id))


@app.command()
@reports_errors
def remove(
    targets: Annotated[
        list[str], typer.Argument(metavar="PATH|ID…", help="Path or ID, as listed by `documents`.")
    ],
    as_json: Json = False,
) -> None:
    """Remove documents from the index. The files themselves are not deleted."""
    with Services() as services:
        removed = services.documents.remove(targets).result()
    if as_json:
        taken_out = [document_json(document) for document in removed.documents]
        print_json({"removed": taken_out, "unknown": list(removed.unknown)})
    else:
        for document in removed.documents:
            stdout.print(f"removed  {printable(document.path)}")
    for target in removed.unknown:
        print_error(
            f"{target} is not in the list of documents.", "See it with `offline-assistant documents`."
        )
    if removed.unknown:
        raise typer.Exit(1)


@app.command()
@reports_errors
def search(
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION", help="What to look for. Use - to read questions from standard input."
        ),
    ],
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="Number of results.")] = 8,
    collection: Collection = None,
    as_json: Json = False,
) -> None:
    """Find the passages that best match a question."""
    all_asked = questions(question)
    with Services() as services:
        wait_for_handbook(services, collection)
        for asked in all_asked:
            hits = services.documents.search(asked, k, Scope(collection=collection)).result()
            if as_json:
                print_json({"results": [hit_json(hit) for hit in hits]})
            else:
                print_hits(hits)


@app.command()
@reports_errors
def ask(
    question: Annotated[
        str,
        typer.Argument(metavar="QUESTION", help="The question. Use - to read questions from standard input."),
    ],
    collection: Collection = None,
    quotes: Annotated[bool, typer.Option("--quotes", help="Show quotes only, without a model.")] = False,
    as_json: Json = False,
) -> None:
    """Answer from the documents with quotes. If a chat model is chosen, it answers too."""
    all_asked = questions(question)
    with Services() as services:
        wait_for_handbook(services, collection)
        asking = TerminalAsk(services, Scope(collection=collection), as_json=as_json)
        if not quotes:
            asking.load()
        for asked in all_asked:
            asking.ask(asked)


@app.command()
@reports_errors
def chat(
    prompt: Annotated[
        str | None, typer.Argument(help="Your message. Without it, each line of standard input is one.")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A GGUF file, or a model listed by `models`. It is remembered."),
    ] = None,
    assistant: Annotated[
        str | None, typer.Option("--assistant", help="Name of the assistant that answers.")
    ] = None,
    picture: Annotated[
        list[Path] | None, typer.Option("--picture", help="A picture that goes with the first message.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Chat with a language model. Ctrl-C stops an answer."""
    if prompt is not None and not prompt.strip():
        raise UserInputError("message-empty")
    with Services() as services:
        name = assistant or services.settings.chat.assistant
        talk = TerminalChat(
            services,
            services.assistants.find(name) if assistant else services.assistants.get(name),
            as_json=as_json,
        )
        talk.add_pictures(picture or ())
        talk.load(model)
        if prompt is not None and prompt != "-":
            talk.answer_once(prompt.strip())
        elif prompt is None and sys.stdin.isatty() and not as_json:
            talk.interactive()
        elif not talk.answer_lines():
            raise typer.Exit(1)


@app.command()
@reports_errors
def dictate(
    start: Annotated[bool, typer.Option("--start", help="Begin to listen.")] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Listen no more.")] = False,
    toggle: Annotated[bool, typer.Option("--toggle", help="Begin, or stop if it listens.")] = False,
    as_json: Json = False,
) -> None:
    """Dictate with the running window into the program that has the focus: for a key of your desktop."""
    given = {"--start": start, "--stop": stop, "--toggle": toggle}
    chosen = [option for option, is_given in given.items() if is_given]
    if len(chosen) != 1:
        raise typer.BadParameter("Give one of --start, --stop and --toggle.")
    if not tell_window(chosen):
        raise UserInputError("no-window-to-dictate")
    if as_json:
        print_json({"told": chosen[0].removeprefix("--")})


@app.command("doctor")
@reports_errors
def show_doctor(as_json: Json = False) -> None:
    """Show the hardware, the engines and the network proof."""
    report = doctor()
    if as_json:
        print_json(asdict(report) | {"downloads": report.downloads.message})
    else:
        print_doctor(report)
    if not all(proof.refused for proof in report.proofs):
        raise typer.Exit(1)


def wait_until_read(services: Services, ids: list[int]) -> tuple[DocumentInfo, ...]:
    """Wait until these documents are finished."""
    if not ids:
        return ()

    def words(status: IndexingStatus) -> dict[str, Any]:
        return {
            "description": f"Reading {printable(status.title)}",
            "completed": status.pages_done,
            "total": status.pages,
            "counts": indexing_progress(status),
        }

    def begin(report: Report) -> Run[tuple[DocumentInfo, ...]]:
        return services.documents.wait(ids, on_report=report)

    return wait_with_progress(begin, "Starting the reader…", with_notices(IndexingStatus, words))


def wait_for_handbook(services: Services, collection: str | None) -> None:
    """The handbook is read at the first start; a question that goes to it waits for that."""
    documents = services.documents
    if collection == HANDBOOK_COLLECTION or (collection is None and not documents.documents().result()):
        documents.wait([]).result()  # until it is known which pages it has
        wait_until_read(services, [page.id for page in documents.documents(HANDBOOK_COLLECTION).result()])


def unlock(services: Services, document: DocumentInfo, *, may_ask: bool) -> DocumentInfo:
    """Ask a person at a terminal for the password of a document, until it opens or they give up."""
    while may_ask and document.error and document.error.code == PasswordRequired.code and sys.stdin.isatty():
        print_error(f"{document.path}: {document.error.message}")
        password = getpass.getpass("Password (press Enter to skip): ")
        if not password:
            break
        services.documents.retry(document.id, password).result()
        (document,) = wait_until_read(services, [document.id])
    return document


def questions(argument: str) -> Iterator[str]:
    """The question itself, or one for each line of standard input that is not blank."""
    if argument == "-":
        return (line.strip() for line in sys.stdin if not line.isspace())
    if not argument.strip():
        raise UserInputError("question-empty")
    return iter([argument.strip()])
