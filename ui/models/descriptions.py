"""Models in short plain words: what they are for, what they take, how fast they are; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.jobs import Progress
from assistant.models.records import (
    PAGE_TOKENS,
    CatalogEntry,
    Computer,
    Fit,
    Installed,
    Licence,
    Measured,
    ModelKind,
    Problem,
    Speed,
    Task,
)
from ui.common import formatting, quantities

WORDS_OF_A_TOKEN = 0.75
SLOW = 3.0
"""Words a second under which a decimal is worth its place."""

KINDS = {
    ModelKind.CHAT: "chat",
    ModelKind.ADAPTER: "addition to a chat model",
    ModelKind.PROJECTOR: "lets a chat model see pictures",
    ModelKind.SPEECH: "speech",
    ModelKind.TRANSLATION: "translation",
    ModelKind.EMBEDDING: "search in documents",
    ModelKind.RERANKING: "order of what is found",
}
ICONS = {
    ModelKind.CHAT: "chat-circle",
    ModelKind.ADAPTER: "stack",
    ModelKind.PROJECTOR: "eye",
    ModelKind.SPEECH: "microphone",
    ModelKind.TRANSLATION: "translate",
    ModelKind.EMBEDDING: "files",
    ModelKind.RERANKING: "sort-ascending",
}
TASKS = {
    Task.CHAT: "Chat",
    Task.DOCUMENTS: "Documents",
    Task.CODE: "Code",
    Task.PICTURES: "Pictures",
    Task.SPEECH: "Speech",
    Task.TRANSLATION: "Translation",
}


def pages(tokens: int) -> str:
    """ "about 6 pages"."""
    return f"about {quantities.count(max(1, round(tokens / PAGE_TOKENS)), 'page')}"


def pace(tokens_a_second: float) -> str:
    """ "9 words a second"."""
    value = tokens_a_second * WORDS_OF_A_TOKEN
    if value >= SLOW:
        return quantities.count(round(value), "word") + " a second"
    return f"{value:.1f} words a second" if value >= 0.05 else "less than a word in ten seconds"


@lru_cache(maxsize=1024)
def sentence(text: str) -> str:
    """On one line, beginning with a capital letter. The same ones are shown again and again."""
    text = formatting.one_line(text)
    return text[:1].upper() + text[1:]


def parameters(number: int) -> str:
    for unit, size in (("billion", 1e9), ("million", 1e6)):
        if number >= size:
            return f"{quantities.decimal(number / size)} {unit}"
    return quantities.number(number)


def enumerated(parts: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


# --- this computer -----------------------------------------------------------------------------------------


def computer(found: Computer) -> str:
    """This computer in plain sentences; what is not known is left out."""
    hardware, devices = found.hardware, found.devices
    has = []
    if hardware.memory_total:
        total, free = quantities.size(hardware.memory_total), quantities.size(hardware.memory_available)
        has.append(f"{total} of memory, {free} of it free,")
    if hardware.physical_cores:
        has.append(quantities.count(hardware.physical_cores, "core"))
    said = [f"This computer has {' and '.join(has)}."] if has else []
    usable = [device for device in devices if device.usable]
    for device in usable:
        where = (
            "which shares that memory"
            if device.shared
            else f"with {quantities.size(device.total)} of its own"
        )
        said.append(f"Its graphics card {formatting.name(device.name)}, {where}, is used.")
    for device in devices:
        if not device.usable:
            why = formatting.one_line(device.note) or "It cannot be used."
            said.append(f"A graphics card is here, {formatting.name(device.name)}. {why}")
    if not devices:
        said.append("It has no graphics card that can be used.")
    if hardware.on_battery:
        said.append("It runs on its battery now, which can make answers slower.")
    return " ".join(said)


# --- a model -----------------------------------------------------------------------------------------------


def what_it_is(model: Installed, languages: Sequence[str]) -> str:
    """ "Chat in English and Chinese · used where it lies"."""
    kind = KINDS[model.kind].capitalize()
    parts = [f"{kind} in {enumerated(languages)}" if languages else kind]
    if model.linked:
        parts.append("used where it lies")
    return " · ".join(parts)


def beside_name(entry: CatalogEntry) -> str:
    """ "2.5 GB · not for commercial use"."""
    parts = [quantities.size(entry.size)] if entry.size else []
    if not entry.licence.commercial:
        parts.append("not for commercial use")
    return " · ".join(parts)


def licence(found: Licence) -> str:
    use = "may be used at work" if found.commercial else "not for commercial use"
    return f"{formatting.name(found.name)} ({use})"


def best_for(tasks: Sequence[Task], where: str = "here") -> str:
    """ "Best for documents here"; "" for no tasks."""
    if not tasks:
        return ""
    return f"Best for {enumerated([TASKS[task].casefold() for task in tasks])} {where}"


def fit(found: Fit, free: int, speed: Speed | None = None) -> str:
    """ "takes 5.1 of 11.2 GB free, about 9 words a second", or why it does not fit."""
    if not found.fits:
        return formatting.one_line(found.reason)
    text = f"takes {quantities.size_of(found.estimate.total, free)} free"
    return f"{text}, about {pace(speed.writing)}" if speed is not None and speed.writing else text


def came_true(measured: Measured) -> str:
    """ "took 3.0 GB (3.1 GB predicted) · 9 words a second (10 predicted)"."""
    parts = []
    if measured.measured:
        parts.append(
            f"took {quantities.size(measured.measured)} ({quantities.size(measured.predicted)} predicted)"
        )
    if measured.measured_speed.writing:
        predicted = pace(measured.predicted_speed.writing).removesuffix(" words a second")
        parts.append(f"{pace(measured.measured_speed.writing)} ({predicted} predicted)")
    return " · ".join(parts)


def problem(found: Problem) -> str:
    return formatting.one_line(f"{found.message} {found.hint}")


def progress(report: Progress | None) -> str:
    """ "1.2 GB of 2.5 GB · 4 min left"; what is being done where no amount is known."""
    if report is None:
        return "Beginning"
    text = amount(report) if report.total else formatting.one_line(report.doing) or "Beginning"
    if report.seconds_left is None:
        return text
    return f"{text} · {quantities.duration(report.seconds_left)} left"


def amount(report: Progress | None) -> str:
    """ "1.2 GB of 2.5 GB"."""
    if report is None or not report.total:
        return "the beginning"
    return f"{quantities.size(report.done)} of {quantities.size(report.total)}"


def share(report: Progress | None) -> float:
    """How much of it is done, from 0 to 1."""
    if report is None or not report.total:
        return 0.0
    return max(0.0, min(1.0, report.done / report.total))
