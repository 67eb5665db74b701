"""Models in short plain words: what they are for, what they take, how fast they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant import languages
from assistant.errors import Problem
from assistant.jobs import Progress
from assistant.models.catalog.records import CatalogEntry, Licence, Task
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import PAGE_TOKENS, Computer, Device, Fit, Measured, Speed
from assistant.models.library.records import Installed
from ui.common import error_words, formatting, quantities
from ui.common.translation import arg, listed, translate

WORDS_PER_TOKEN = languages.words_of_a_token("en")
"""Speeds are said in English words."""
SLOW = 3.0
"""Words a second under which a decimal is worth its place."""
LEAST = 0.05
"""Words a second under which no number is said."""
MOST_ON_A_CARD = 3
"""Languages that are named on a model's card."""
MOST_IN_DETAILS = 20
"""Languages that are named among the details of a model."""

ICONS = {
    ModelKind.CHAT: "chat-circle",
    ModelKind.ADAPTER: "stack",
    ModelKind.PROJECTOR: "eye",
    ModelKind.SPEECH: "microphone",
    ModelKind.SPEAKER_SEGMENTATION: "user",
    ModelKind.SPEAKER_EMBEDDING: "user",
    ModelKind.TRANSLATION: "translate",
    ModelKind.RECOGNITION: "file-text",
    ModelKind.EMBEDDING: "files",
    ModelKind.RERANKING: "sort-ascending",
}


def kind(found: ModelKind) -> str:
    """ "chat", "document search"."""
    return {
        ModelKind.CHAT: translate("models", "chat"),
        ModelKind.ADAPTER: translate("models", "adapter for a chat model"),
        ModelKind.PROJECTOR: translate("models", "lets a chat model see pictures"),
        ModelKind.SPEECH: translate("models", "speech"),
        ModelKind.SPEAKER_SEGMENTATION: translate("models", "who speaks: turns"),
        ModelKind.SPEAKER_EMBEDDING: translate("models", "who speaks: voices"),
        ModelKind.TRANSLATION: translate("models", "translation"),
        ModelKind.RECOGNITION: translate("models", "text recognition"),
        ModelKind.EMBEDDING: translate("models", "document search"),
        ModelKind.RERANKING: translate("models", "ranking of search results"),
    }[found]


def task(found: Task) -> str:
    """ "documents", as it stands in a sentence."""
    return {
        Task.CHAT: translate("models", "chat"),
        Task.DOCUMENTS: translate("models", "documents"),
        Task.CODE: translate("models", "code"),
        Task.PICTURES: translate("models", "pictures"),
        Task.SPEECH: translate("models", "speech"),
        Task.TRANSLATION: translate("models", "translation"),
    }[found]


def pages(tokens: int) -> str:
    """ "about 6 pages"."""
    return translate("models", "about %n page(s)", None, max(1, round(tokens / PAGE_TOKENS)))


def pace(tokens_a_second: float) -> str:
    """ "9 words a second"."""
    value = tokens_a_second * WORDS_PER_TOKEN
    if value >= SLOW:
        return translate("models", "%n word(s) a second", None, round(value))
    if value >= LEAST:
        return arg(translate("models", "%1 words a second"), f"{value:.1f}")
    return translate("models", "less than a word in ten seconds")


@lru_cache(maxsize=1024)
def sentence(text: str) -> str:
    """On one line, beginning with a capital letter. The same ones are shown again and again."""
    text = formatting.one_line(text)
    return text[:1].upper() + text[1:]


def parameters(number: int) -> str:
    """ "4 billion"."""
    if number >= 1e9:
        return arg(translate("models", "%1 billion"), quantities.decimal(number / 1e9))
    if number >= 1e6:
        return arg(translate("models", "%1 million"), quantities.decimal(number / 1e6))
    return quantities.number(number)


# --- this computer -----------------------------------------------------------------------------------------


def computer(found: Computer) -> str:
    """This computer in plain sentences; what is not known is left out."""
    hardware, cores = found.hardware, found.hardware.physical_cores
    total = quantities.size(hardware.memory_total)
    said = []
    if hardware.memory_total and cores:
        text = translate("models", "This computer has %1 of memory and %n core(s).", None, cores)
        said.append(arg(text, total))
    elif hardware.memory_total:
        said.append(arg(translate("models", "This computer has %1 of memory."), total))
    elif cores:
        said.append(translate("models", "This computer has %n core(s).", None, cores))
    said += [_card(device) for device in sorted(found.devices, key=lambda device: not device.usable)]
    if not found.devices:
        said.append(translate("models", "It has no graphics card that can be used."))
    if hardware.on_battery:
        said.append(translate("models", "It is running on battery, which can make answers slower."))
    return " ".join(said)


def _card(device: Device) -> str:
    name = formatting.name(device.name)
    if not device.usable:
        why = formatting.one_line(device.note) or translate("models", "It cannot be used.")
        return arg(translate("models", "Graphics card %1: %2"), name, why)
    if device.shared:
        return arg(translate("models", "Its graphics card %1, which shares that memory, is used."), name)
    own = quantities.size(device.total)
    return arg(translate("models", "Its graphics card %1, with %2 of its own, is used."), name, own)


# --- a model -----------------------------------------------------------------------------------------------


def what_it_is(model: Installed) -> str:
    """ "Chat in English and Chinese · used in place"."""
    text = sentence(kind(model.kind))
    if model.languages:
        text = arg(
            translate("models", "%1 in %2", "a kind of model, and its languages"), text, _few(model.languages)
        )
    return f"{text} · {translate('models', 'used in place')}" if model.linked else text


def what_is_recognised(codes: Sequence[str]) -> str:
    """ "Recognised in Arabic, Chinese, English and more"."""
    return arg(translate("models", "Recognised in %1", "text in pictures, in some languages"), _few(codes))


def _few(codes: Sequence[str]) -> str:
    """ "English and Chinese", "English, German, French and more"."""
    named = [languages.name(code) for code in codes if code != languages.MANY][:MOST_ON_A_CARD]
    if len(named) == len(codes):
        return listed(named)
    if not named:
        return translate("models", "many languages")
    return listed([*named, translate("models", "more", "languages")])


def language_names(codes: Sequence[str]) -> str:
    """ "English, Spanish and many more"."""
    named = [languages.name(code) for code in codes if code != languages.MANY]
    if languages.MANY in codes:
        many = translate("models", "many more", "languages") if named else translate("models", "many")
        return listed([*named[:MOST_IN_DETAILS], many])
    return listed(named, MOST_IN_DETAILS)


def beside_name(entry: CatalogEntry) -> str:
    """ "2.5 GB · not for commercial use"."""
    size = quantities.size(entry.size)
    if entry.licence.commercial:
        return size
    return f"{size} · {translate('models', 'not for commercial use')}"


def licence(found: Licence) -> str:
    """ "Apache-2.0 (commercial use allowed)"."""
    return arg(
        translate("models", "%1 (commercial use allowed)", "a licence")
        if found.commercial
        else translate("models", "%1 (not for commercial use)", "a licence"),
        formatting.name(found.name),
    )


def recommended_for(tasks: Sequence[Task], *, imagined: bool) -> str:
    """ "Recommended for documents"; "" for no tasks."""
    if not tasks:
        return ""
    return arg(
        translate("models", "Recommended for %1 there", "on another computer")
        if imagined
        else translate("models", "Recommended for %1", "a task, or several"),
        listed([task(each) for each in tasks]),
    )


def fit(found: Fit, speed: Speed | None = None) -> str:
    """ "needs 5.1 GB of memory · about 9 words a second", or why it does not fit."""
    if not found.fits:
        return formatting.one_line(found.reason)
    needed = arg(translate("models", "needs %1 of memory"), quantities.size(found.estimate.total))
    if speed is None or not speed.writing:
        return needed
    return f"{needed} · {arg(translate('models', 'about %1', '9 words a second'), pace(speed.writing))}"


def measured(found: Measured) -> str:
    """ "took 3 GB (3.1 GB predicted) · 9 words a second (10 predicted)"."""
    parts = []
    if found.measured:
        taken, predicted = quantities.size(found.measured), quantities.size(found.predicted)
        parts.append(arg(translate("models", "used %1 (%2 predicted)", "memory"), taken, predicted))
    if found.measured_speed.writing:
        text = translate("models", "%1 (%2 predicted)", "words a second")
        words = found.predicted_speed.writing * WORDS_PER_TOKEN
        number = quantities.number(round(words)) if words >= SLOW else f"{words:.1f}"
        predicted = number if words >= LEAST else pace(found.predicted_speed.writing)
        parts.append(arg(text, pace(found.measured_speed.writing), predicted))
    return " · ".join(parts)


def problem(found: Problem) -> str:
    return formatting.one_line(error_words.both(found))


def progress(report: Progress | None) -> str:
    """ "1.2 GB of 2.5 GB · 4 min left"; what is being done where no amount is known."""
    if report is None:
        return translate("models", "Beginning")
    doing = formatting.one_line(report.doing) or translate("models", "Beginning")
    text = amount(report) if report.total else doing
    if report.seconds_left is None:
        return text
    left = arg(translate("models", "%1 left", "a duration"), quantities.duration(report.seconds_left))
    return f"{text} · {left}"


def amount(report: Progress) -> str:
    """ "1.2 GB of 2.5 GB"."""
    done, total = quantities.size(report.done), quantities.size(report.total or 0)
    return arg(translate("models", "%1 of %2", "sizes"), done, total)


def fraction(report: Progress | None) -> float:
    """How much of it is done, from 0 to 1."""
    if report is None or not report.total:
        return 0.0
    return max(0.0, min(1.0, report.done / report.total))
