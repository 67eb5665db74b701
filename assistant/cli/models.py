"""The command line's `models …`: arguments and printing, no decisions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from assistant.cli.common import Json, Report, reports_errors, wait_with_progress
from assistant.cli.models_output import (
    bundle_json,
    bundle_words,
    embedder_json,
    embedder_words,
    installed_json,
    outlook_json,
    outlook_words,
    pick_json,
    print_added_models,
    print_computer,
    print_discovered,
    print_installed,
    print_licences,
    print_offer,
    print_picks,
    print_used_for_chat,
    unfinished_json,
    unfinished_words,
    verified_json,
)
from assistant.cli.output import print_json, print_problem, printable, recognised_words, stderr, stdout
from assistant.documents.embedder_records import EmbedderStatus, EmbedderStep
from assistant.documents.embedders.embedder_folder import BUILTIN_ID, BUILTIN_NAME
from assistant.errors import NoModel, UserInputError
from assistant.jobs import Progress
from assistant.models.catalog.records import Task
from assistant.models.download.records import Offer
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import WhatIf
from assistant.models.library.records import Extras, Installed
from assistant.quantities import count, duration, number, size
from assistant.services import Services
from assistant.workers.run import Run

models = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Manage models: what fits this computer, and what is on it.",
)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID…", help="IDs, as listed by `models`. Without them, all.")
]
T = TypeVar("T")


@models.callback(invoke_without_command=True)
def default(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_models(as_json=as_json)
    elif as_json:
        raise typer.BadParameter("it must come after the command", param_hint="--json")


@models.command("list")
@reports_errors
def list_models(as_json: Json = False) -> None:
    """List the models on this computer."""
    with Services() as services:
        installed, measured = services.models.library.installed(), services.models.measured()
        unfinished = services.models.unfinished()
        active, coming = services.documents.known_embedders()
        recognised = services.models.recognised_languages()
    searching = active.title if active else BUILTIN_NAME
    if as_json:
        print_json(
            {
                "models": [installed_json(model) for model in installed],
                "measured": [asdict(each) for each in measured],
                "unfinished": [unfinished_json(each) for each in unfinished],
                "embedder": {
                    "id": active.id if active else BUILTIN_ID,
                    "name": searching,
                    "next": coming.id if coming else None,
                },
                "recognised_languages": list(recognised),
            }
        )
        return
    if installed:
        print_installed(installed, measured)
    else:
        stdout.print("No models yet. See what fits this computer with: offline-assistant models fit")
    for each in unfinished:
        stdout.print(unfinished_words(each))
    stdout.print(f"Documents are searched with {printable(searching)}.")
    if coming is not None:
        stdout.print(f"{printable(coming.title)} takes over when it has read them all.")
    stdout.print(recognised_words(recognised))


@models.command()
@reports_errors
def fit(
    model: Annotated[
        str | None,
        typer.Argument(metavar="[FILE|ID]", help="One model. Without it, all that can be downloaded."),
    ] = None,
    task: Annotated[Task | None, typer.Option("--task", help="Only models for this task.")] = None,
    memory: Annotated[
        float | None, typer.Option("--memory", min=0, help="As if it had this much memory, in GB.")
    ] = None,
    graphics: Annotated[
        float | None,
        typer.Option(
            "--graphics-memory", min=0, help="As if its graphics card had this much, in GB; 0 for none."
        ),
    ] = None,
    context: Annotated[
        int | None, typer.Option("--context", min=256, help="Conversation memory, in tokens.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also list models that do not run well here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what this computer has and which models it runs well."""
    with Services() as services:
        if model is not None:
            file = Path(model).expanduser()
            path = file if file.exists() else Path(find(services, model).path)
            found = services.models.outlook(path)
            if as_json:
                print_json(outlook_json(found))
            else:
                stdout.print(printable(outlook_words(found)))
            return
        what_if = WhatIf(in_bytes(memory), in_bytes(graphics), context)
        computer = services.models.computer()
        if computer.pace is None and not as_json:  # a person waits a second for what programs ask again for
            computer = with_progress(lambda _: services.models.look())
        picks = services.models.picks(what_if)
    picks = tuple(pick for pick in picks if task is None or task in pick.entry.tasks)
    if as_json:
        print_json({"computer": asdict(computer), "models": [pick_json(pick) for pick in picks]})
    else:
        print_computer(computer)
        print_picks(picks, everything=everything)


def in_bytes(gigabytes: float | None) -> int | None:
    return None if gigabytes is None else round(gigabytes * 10**9)


@models.command()
@reports_errors
def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files or folders.")],
    link: Annotated[bool, typer.Option("--link", help="Use them in place; copy nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Add models from files or folders."""
    with Services() as services:
        if not as_json:
            print_licences(services.models.library.licences(paths))
        added = with_progress(lambda report: services.models.library.add(paths, link=link, on_report=report))
    if as_json:
        print_json(
            {
                "models": [installed_json(model) for model in added.models],
                "already": [installed_json(model) for model in added.already],
                "refused": [{"path": path, "error": problem.as_json()} for path, problem in added.refused],
            }
        )
    print_added_models(added, quiet=as_json)
    if added.refused:
        raise typer.Exit(1)


@models.command()
@reports_errors
def get(
    id: Annotated[str, typer.Argument(metavar="ID", help="As listed by `models fit`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Confirm the download, for scripts.")] = False,
    as_json: Json = False,
) -> None:
    """Download a model after you have confirmed it."""
    with Services() as services:
        offer = services.models.offer(id)
        if offer.problem is not None:
            if as_json:
                print_json({"error": offer.problem.as_json()})
            print_problem(offer.problem)
            raise typer.Exit(1)
        if not yes and not confirm(offer, as_json=as_json):
            stderr.print("Nothing was downloaded.")
            raise typer.Exit(1)
        model = with_progress(lambda report: services.models.get(id, on_report=report))
    if as_json:
        print_json({"model": installed_json(model)})
    else:
        stdout.print(
            f"{printable(model.name)} is now on this computer: {printable(model.id)}, {size(model.size)}"
        )


def confirm(offer: Offer, *, as_json: bool) -> bool:
    if as_json or not sys.stdin.isatty():
        licence = offer.entry.licence.name
        raise UserInputError("download-not-confirmed", size=offer.size, host=offer.host, licence=licence)
    print_offer(offer)
    return typer.confirm("Download it?")


@models.command()
@reports_errors
def verify(ids: Ids = None, as_json: Json = False) -> None:
    """Compare every byte of the models with what was added."""
    with Services() as services:
        wanted = [find(services, id).id for id in ids or ()]
        verified = with_progress(lambda report: services.models.library.verify(wanted, on_report=report))
    if as_json:
        print_json({"models": [verified_json(each) for each in verified]})
    for each in verified:
        if each.problem is not None:
            print_problem(each.problem, each.model.id)
        elif not as_json:
            stdout.print(f"intact   {printable(each.model.id)}")
    if any(each.problem for each in verified):
        raise typer.Exit(1)


@models.command()
@reports_errors
def remove(
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="As listed by `models`.")],
    as_json: Json = False,
) -> None:
    """Remove models. The files of models used in place are not deleted.

    Given the ID of an unfinished download, the partial download is discarded.
    """
    with Services() as services:
        waiting = {each.entry.id for each in services.models.unfinished()} & set(ids)
        wanted = [find(services, id).id for id in ids if id not in waiting]  # all are known, or none goes
        removed = [services.models.library.remove(id) for id in wanted]
        discarded = [services.models.discard(id) for id in ids if id in waiting]
    if as_json:
        print_json(
            {
                "removed": [installed_json(model) for model in removed],
                "discarded": [unfinished_json(each) for each in discarded],
            }
        )
        return
    for model in removed:
        stdout.print(f"removed  {printable(model.id)}  {printable(model.name)}")
    for each in discarded:
        stdout.print(f"discarded  {each.entry.id}  {size(each.done)}")


@models.command()
@reports_errors
def use(
    id: Annotated[str, typer.Argument(metavar="ID", help="As listed by `models`.")],
    as_json: Json = False,
) -> None:
    """Use a model from now on, for chat or for document search."""
    with Services() as services:
        model = services.models.find(id)
        if model is not None and model.kind is ModelKind.CHAT:
            services.remember_chat_model(Path(model.path))
            print_used_for_chat(model, as_json=as_json)
            return
        choice = services.embedder(id)
        if not as_json:
            stdout.print(printable(embedder_words(choice)))
        services.documents.use_embedder(choice.id).result()
        try:
            status = wait_with_progress(
                lambda report: services.documents.wait_for_embedder(on_report=report),
                "One moment…",
                change_shown,
            )
        except KeyboardInterrupt:
            stderr.print("The change continues in the background whenever Offline Assistant runs.")
            raise typer.Exit(130) from None
    if as_json:
        print_json({"embedder": embedder_json(status)})
    if status.id != choice.id and status.notice is not None:
        print_problem(status.notice)
    if status.id != choice.id:
        raise typer.Exit(1)
    if not as_json:
        stdout.print(f"Documents are searched with {printable(status.name)} from now on.")


def change_shown(status: Any) -> dict[str, Any] | None:
    """For people: "1,200 of 5,000 passages · 3 min left"."""
    if not isinstance(status, EmbedderStatus) or status.change is None:
        return None
    change = status.change
    if change.held is not None:
        return {"description": printable(change.held.message), "total": None, "counts": ""}
    if change.step is EmbedderStep.CONVERTING:
        return {"description": "Preparing the model", "total": None, "counts": ""}
    counts = f"{number(change.chunks_done)} of {count(change.chunks, 'passage')}"
    if change.seconds_left is not None:
        counts += f" · {duration(change.seconds_left)} left"
    return {
        "description": "Reading the documents",
        "completed": change.chunks_done,
        "total": change.chunks,
        "counts": counts,
    }


@models.command()
@reports_errors
def discover(as_json: Json = False) -> None:
    """Find models of other programs on this computer."""
    with Services() as services:
        found = with_progress(lambda report: services.models.library.discover(on_report=report))
    if as_json:
        print_json({"found": [asdict(each) for each in found]})
    elif found:
        print_discovered(found)
        stdout.print("To use one in place: offline-assistant models add --link PATH")
    else:
        stdout.print("No other models were found on this computer.")


@models.command()
@reports_errors
def export(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where to copy them, for instance a folder on a stick.")
    ],
    ids: Ids = None,
    documents: Annotated[
        bool, typer.Option("--documents", help="Also copy the index of your documents.")
    ] = False,
    chats: Annotated[bool, typer.Option("--chats", help="Also copy your conversations.")] = False,
    as_json: Json = False,
) -> None:
    """Copy models into a folder, for another computer."""
    with Services() as services:
        wanted = [find(services, id).id for id in ids or ()]
        extras = Extras(documents, chats)
        bundle = with_progress(
            lambda report: services.models.export_to(folder, wanted, extras, on_report=report)
        )
    if as_json:
        print_json(bundle_json(bundle))
    else:
        stdout.print(f"{bundle_words(bundle)} copied to {printable(bundle.folder)}")


@models.command("import")
@reports_errors
def import_models(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder that `models export` made.")],
    as_json: Json = False,
) -> None:
    """Import what `models export` copied on another computer."""
    with Services() as services:
        bundle = with_progress(lambda report: services.models.import_from(folder, on_report=report))
    if as_json:
        print_json(bundle_json(bundle))
    else:
        stdout.print(f"{bundle_words(bundle)} imported from {printable(bundle.folder)}")
        for problem in bundle.refused:
            print_problem(problem)


def find(services: Services, name: str) -> Installed:
    """The model of the library with this id or name."""
    model = services.models.find(name)
    if model is None:
        raise NoModel("no-model-of-this-name", name=printable(name))
    return model


def with_progress(begin: Callable[[Report], Run[T]]) -> T:
    return wait_with_progress(begin, "One moment…", progress_shown)


def progress_shown(report: Any) -> dict[str, Any] | None:
    """For people: "1.2 GB of 4.9 GB · 3 min left"."""
    if not isinstance(report, Progress):
        return None
    counts = f"{size(report.done)} of {size(report.total)}" if report.total else ""
    if report.seconds_left is not None:
        counts += f" · {duration(report.seconds_left)} left"
    return {
        "description": printable(report.doing),
        "completed": report.done,
        "total": report.total,
        "counts": counts,
    }
