"""Texts and documents translated in the terminal; what is to be looked at goes to standard error."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.common import Json, language_code, reports_errors, wait, wait_in_queue
from assistant.cli.output import (
    StatusLine,
    print_json,
    print_problem,
    printable,
    stderr,
    stdout,
)
from assistant.cli.translation_output import (
    document_json,
    engine_table,
    engines_json,
    print_concerns,
    print_lost,
    print_route,
    print_same,
    progress_words,
    text_json,
)
from assistant.errors import DocumentGone, UserInputError
from assistant.services import Services
from assistant.translation.jobs.records import DocumentChanged, DocumentState, TranslatedDocument
from assistant.translation.records import Formality, Layout, TranslationOptions


@reports_errors
def translate(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What to translate. Use - to read standard input.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A document to translate; it is never overwritten.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="LANG", help="A code such as de, or a name such as German.")
    ] = None,
    source: Annotated[str | None, typer.Option("--from", metavar="LANG", help="Detected without it.")] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="A new file, or a folder; else beside the document."),
    ] = None,
    layout: Annotated[
        Layout, typer.Option("--layout", help="The translation alone, below each paragraph, or beside it.")
    ] = Layout.TRANSLATION,
    engine: Annotated[
        str | None, typer.Option("--engine", help="A folder, or a model as `models` lists it.")
    ] = None,
    formal: Annotated[
        bool | None, typer.Option("--formal/--informal", help="How language models address the reader.")
    ] = None,
    glossary: Annotated[
        Path | None, typer.Option("--glossary", help="Also use the terms of a CSV or TBX file.")
    ] = None,
    languages: Annotated[
        bool, typer.Option("--languages", help="List the languages that the models here translate.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Translate a text or a document. Ctrl-C stops; the same command goes on from there."""
    if languages:
        _list_languages(as_json=as_json)
        return
    if (text is None) == (file is None):
        raise typer.BadParameter("Give a text, or a document with --file.")
    if text is not None and output is not None:
        raise typer.BadParameter("--output is for documents; redirect standard output instead.")
    if file is not None and not file.exists():
        raise DocumentGone("no-such-path")
    target, source = language_code(to), language_code(source)
    asked = sys.stdin.read() if text == "-" else text
    with Services() as services:
        formality = None if formal is None else (Formality.FORMAL if formal else Formality.INFORMAL)
        options = services.translation_options(target, source, engine, formality)
        if glossary is not None:
            services.translations.glossary.borrow(glossary)
        if asked is not None:
            _translate_text(services, asked, options, as_json=as_json)
        elif file is not None:
            _translate_file(services, file, options, layout, output, as_json=as_json)


def _list_languages(*, as_json: bool) -> None:
    with Services() as services:
        translations = services.translations
        engines, known = translations.engines(), translations.languages()
    if as_json:
        print_json(engines_json(engines, known))
    elif not engines:
        stdout.print("No model that translates yet. See what runs well here: offline-assistant models fit")
    else:
        stdout.print(engine_table(engines))


def _translate_text(services: Services, text: str, options: TranslationOptions, *, as_json: bool) -> None:
    if not text.strip():
        raise UserInputError("translate-nothing")
    status = StatusLine()
    status.show("Translating…")
    try:
        found = wait(services.translations.translate(text, options))
    finally:
        status.hide()
    if as_json:
        print_json(text_json(found))
    else:
        sys.stdout.write(found.text if found.text.endswith("\n") else f"{found.text}\n")
        sys.stdout.flush()
    print_same(found.language, options.target)
    print_route(found.route, options.engine)
    print_concerns(found.paragraphs)


def _translate_file(
    services: Services,
    file: Path,
    options: TranslationOptions,
    layout: Layout,
    output: Path | None,
    *,
    as_json: bool,
) -> None:
    translations = services.translations
    (begun,) = translations.add_documents([file], options, layout, output=output)
    _wait(services, begun)
    document = translations.document(begun.id)
    if document.problem:
        if as_json:
            print_json({"error": document.problem.as_json(), "path": document.path})
        print_problem(document.problem)
        raise typer.Exit(1)
    if as_json:
        print_json(document_json(document))
    else:
        stderr.print(f"Written: {printable(document.output)}")
    print_same(document.language, options.target)
    print_route(translations.route(document.language, options), options.engine)
    print_concerns(translations.marked(document.id))
    print_lost(document.lost)


def _wait(services: Services, document: TranslatedDocument) -> None:
    translations = services.translations

    def shown(event: DocumentChanged) -> dict[str, Any] | None:
        now = event.document
        if event.id != document.id or now is None or not now.total:
            return None
        return {"completed": now.done, "total": now.total, "counts": progress_words(now)}

    name = printable(Path(document.path).name)
    wait_in_queue(translations, document.id, f"Translating {name}", shown)
    if translations.document(document.id).state is DocumentState.STOPPED:
        raise KeyboardInterrupt
