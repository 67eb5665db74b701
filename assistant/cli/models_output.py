"""What the command line prints of models: for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from assistant import languages
from assistant.cli.output import print_json, print_problem, printable, stdout, table
from assistant.documents.embedder_records import EmbedderChoice, EmbedderState, EmbedderStatus
from assistant.languages import MANY
from assistant.models.catalog.records import Licence
from assistant.models.download.records import Offer, UnfinishedDownload
from assistant.models.files.records import DiscoveredModel, ModelKind
from assistant.models.fit.records import Computer, Fit, Measured, Outlook, Pick
from assistant.models.library.records import AddedModels, BundleSummary, Installed, StatedLicence, Verified
from assistant.quantities import count, duration, listed, size, size_of

MOST_SHOWN = 12
"""So many models that run well, besides those that are recommended."""
_MOST_NAMED = 5
"""Languages."""


# --- what is here --------------------------------------------------------------------------------------


def print_installed(installed: Sequence[Installed], measured: Iterable[Measured]) -> None:
    latest = {each.path: each for each in measured}
    shown = table("ID", "For", "Size", "Model", "Where", "Used (predicted)", numbers="Size")
    for model in installed:
        where = "missing" if model.missing else "in place" if model.linked else "here"
        took = latest.get(model.path)
        shown.add_row(
            Text(printable(model.id)), _purpose(model.kind), size(model.size), Text(printable(model.name)),
            where, took_words(took) if took else "",
        )  # fmt: skip
    stdout.print(shown)
    for model in installed:
        if model.note:
            stdout.print(f"{printable(model.id)}: {printable(model.note)}")


def print_added_models(added: AddedModels, *, quiet: bool = False) -> None:
    """Those that were refused are said in any case."""
    if not quiet:
        for model in added.models:
            stdout.print(f"added    {printable(model.id)}  {printable(model.name)}, {size(model.size)}")
        for model in added.already:
            stdout.print(f"already  {printable(model.id)}  {printable(model.name)}")
    for path, problem in added.refused:
        print_problem(problem, path)


def _purpose(kind: ModelKind) -> str:
    """For people; it may stand in two lines."""
    return kind.value.replace("-", " ")


def took_words(took: Measured) -> str:
    """What a model took and did on this computer, with what had been expected in brackets."""
    words = f"{size(took.measured)} ({size(took.predicted)})"
    if took.measured_speed.writing:
        words += f", {took.measured_speed.writing:.1f} tokens/s ({took.predicted_speed.writing:.1f})"
    return words


def installed_json(model: Installed) -> dict[str, Any]:
    found = asdict(model)
    for computed in ("shape", "projector", "origin"):
        del found[computed]
    return found


def print_used_for_chat(model: Installed, *, as_json: bool) -> None:
    if as_json:
        print_json({"chat": installed_json(model)})
    else:
        stdout.print(f"{printable(model.name)} answers from now on.")


def embedder_words(choice: EmbedderChoice) -> str:
    """What searching with a model means."""
    if MANY in choice.languages:
        words = f"{choice.name} searches documents in many languages."
    elif len(choice.languages) > _MOST_NAMED:
        words = f"{choice.name} searches documents in {len(choice.languages)} languages."
    elif choice.languages:
        names = listed([languages.name(code) for code in choice.languages])
        words = f"{choice.name} searches documents in {names}."
    else:
        words = f"{choice.name} does not state its languages."
    words += f" It needs {size(choice.memory)} of memory."
    if choice.state is not EmbedderState.ACTIVE and choice.seconds:
        words += f" Reading all documents again takes about {duration(choice.seconds)};"
        words += " meanwhile search works as before."
    return words


def embedder_json(status: EmbedderStatus) -> dict[str, Any]:
    return {
        "id": status.id,
        "name": status.name,
        "languages": list(status.languages),
        "next": status.change.id if status.change else None,
        "notice": status.notice.as_json() if status.notice else None,
    }


def unfinished_words(unfinished: UnfinishedDownload) -> str:
    id, done = unfinished.entry.id, size_of(unfinished.done, unfinished.entry.size)
    return f"{id}: {done} downloaded. `models get {id}` resumes, `models remove {id}` discards it."


def unfinished_json(unfinished: UnfinishedDownload) -> dict[str, Any]:
    return {"id": unfinished.entry.id, "done": unfinished.done, "size": unfinished.entry.size}


def verified_json(verified: Verified) -> dict[str, Any]:
    return {
        "id": verified.model.id,
        "name": verified.model.name,
        "ok": verified.problem is None,
        "error": verified.problem.as_json() if verified.problem else None,
    }


def print_discovered(found: Iterable[DiscoveredModel]) -> None:
    shown = table("For", "Size", "Program", "Model", "Path", numbers="Size")
    for model in found:
        shown.add_row(
            _purpose(model.kind), size(model.size), model.where, Text(printable(model.name)),
            Text(printable(model.path)),
        )  # fmt: skip
    stdout.print(shown)


def bundle_words(bundle: BundleSummary) -> str:
    """For people: "3 models, documents and conversations (5.1 GB)"."""
    parts = [count(len(bundle.models), "model")]
    parts += ["documents"] * bundle.documents + ["conversations"] * bundle.chats
    return f"{listed(parts)} ({size(bundle.size)})"


def bundle_json(bundle: BundleSummary) -> dict[str, Any]:
    return {
        **asdict(bundle),
        "models": [installed_json(model) for model in bundle.models],
        "refused": [problem.as_json() for problem in bundle.refused],
    }


# --- what fits -----------------------------------------------------------------------------------------


def print_computer(computer: Computer) -> None:
    stdout.print(f"This computer: {computer.hardware}")
    for device in computer.devices:
        memory = f"{size(device.free)} free of {size(device.total)}"
        note = f"; {device.note}" if device.note else ""
        stdout.print(f"Graphics: {printable(device.name)}, {memory}{note}")


def print_picks(picks: Sequence[Pick], *, everything: bool) -> None:
    """What is recommended, and the best of what runs well besides; or everything, with why it does not."""
    recommended = [pick for pick in picks if pick.recommended_for]
    well = [pick for pick in picks if pick.comfortable and not pick.recommended_for]
    badly = [pick for pick in picks if not pick.comfortable and not pick.recommended_for]
    _print_group("Recommended", recommended)
    _print_group("Also run well", well if everything else well[:MOST_SHOWN])
    if everything:
        _print_group("Do not run well here", badly)
        return
    left = [f"{len(well) - MOST_SHOWN} more run well"] if len(well) > MOST_SHOWN else []
    left += [f"{len(badly)} do not run well"] if badly else []
    if left:
        stdout.print(f"\n{', '.join(left)}: offline-assistant models fit --all")


def _print_group(title: str, picks: Sequence[Pick]) -> None:
    if not picks:
        return
    width = max(len(pick.entry.id) for pick in picks)
    stdout.print(Text(f"\n{title}", style="bold"))
    for pick in picks:
        tasks = listed([task.value for task in pick.recommended_for])
        name = f"{pick.entry.name}, for {tasks}" if tasks else pick.entry.name
        words = pick.sentence if pick.fits else pick.why_not
        if pick.fits and pick.why_not:
            words = f"{words}. {pick.why_not}"
        stdout.print(f"{pick.entry.id:{width}}  {name}: {words}")


def pick_json(pick: Pick) -> dict[str, Any]:
    fit, speed = pick.fit, pick.speed
    return {
        "id": pick.entry.id,
        "name": pick.entry.name,
        "kind": pick.entry.kind.value,
        "tasks": [task.value for task in pick.entry.tasks],
        "languages": list(pick.entry.languages),
        "licence": pick.entry.licence.name,
        "size": pick.entry.size,
        "fits": pick.fits,
        "comfortable": pick.comfortable,
        "recommended_for": [task.value for task in pick.recommended_for],
        "sentence": pick.sentence,
        "why_not": pick.why_not,
        "fit": fit_json(fit) if fit else None,
        "speed": asdict(speed) if speed else None,
    }


def outlook_json(found: Outlook) -> dict[str, Any]:
    return {"fit": fit_json(found.fit), "speed": asdict(found.speed) if found.speed else None}


def outlook_words(found: Outlook) -> str:
    if found.speed is None:
        return found.fit.reason
    reads, writes = f"{found.speed.reading:.0f}", f"{found.speed.writing:.1f}"
    return f"{found.fit.reason} It reads about {reads} and writes about {writes} tokens a second."


def fit_json(fit: Fit) -> dict[str, Any]:
    return {
        "place": fit.place.value,
        "reason": fit.reason,
        "memory": fit.estimate.total,
        "setting": asdict(fit.setting),
    }


# --- what can be got -----------------------------------------------------------------------------------


def print_offer(offer: Offer) -> None:
    """What the person is asked to confirm."""
    stdout.print(f"{offer.entry.name}: {size(offer.size)} from {offer.host}.")
    stdout.print(licence_words(offer.entry.licence))
    stdout.print(f"The disk has {size(offer.disk_free)} free.")


def print_licences(stated: Sequence[StatedLicence]) -> None:
    """Of models that are about to be added."""
    for each in stated:
        stdout.print(f"{printable(each.name)}: {licence_words(each.licence)}")


def licence_words(licence: Licence) -> str:
    use = "commercial use allowed" if licence.commercial else "not for commercial use"
    note = f" {licence.note}" if licence.note else ""
    return f"Licence: {licence.name}, {use}.{note}"
