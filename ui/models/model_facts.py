"""What is known of one model, as names and values: what it takes part by part, and what it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.chat.records import ModelInfo
from assistant.documents.embedder_records import EmbedderChoice, EmbedderState
from assistant.models.catalog.records import CatalogEntry
from assistant.models.fit.records import Fit, Measured, Place, Speed
from assistant.models.library.records import Installed
from ui.common import formatting, quantities
from ui.common.translation import arg, listed, translate
from ui.embedders import descriptions as embedder_descriptions
from ui.models import descriptions
from ui.models.card_data import ModelRow

Facts = list[tuple[str, str]]
"""Names and values."""


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is known of a model."""

    row: ModelRow
    subtitle: str
    entry: CatalogEntry | None = None
    model: Installed | None = None
    fit: Fit | None = None
    speed: Speed | None = None
    measured: tuple[Measured, ...] = ()
    embedder: EmbedderChoice | None = None
    """Of what searches documents."""
    languages: tuple[str, ...] = ()
    """Of what came along for text in pictures."""


def requirements(detail: Detail) -> Facts:
    """What the model will take, part by part."""
    fit, speed = detail.fit, detail.speed
    if detail.embedder is not None:
        return _searching(detail.embedder)
    if fit is None:
        if detail.entry is None or not detail.entry.memory:
            return []
        return [(translate("models", "Memory in use"), quantities.size(detail.entry.memory))]
    estimate = fit.estimate
    parts = (
        (translate("models", "In all"), estimate.total),
        (translate("models", "The model itself"), estimate.weights),
        (translate("models", "Conversation memory"), estimate.kv),
        (translate("models", "Working memory"), estimate.compute),
        (translate("models", "The program"), estimate.overhead),
        (translate("models", "Sees pictures"), estimate.projector),
    )
    facts = [(name, quantities.size(size)) for name, size in parts if size]
    facts.append((translate("models", "Works", "where a model does"), _place(fit.place)))
    for number, size in enumerate(estimate.devices, 1):
        name = translate("models", "On the graphics card")
        if len(estimate.devices) > 1:
            name = arg(translate("models", "On graphics card %1"), number)
        facts.append((name, quantities.size(size)))
    facts.append((translate("models", "Remembers"), _of_the_talk(fit.setting.context)))
    facts.append((translate("models", "Conversation memory stored as"), cache_type(fit.setting.kv_type)))
    if speed is not None:
        facts.append((translate("models", "Writes"), _about(speed.writing)))
        facts.append((translate("models", "Reads"), _about(speed.reading)))
    if fit.reason:
        facts.append((translate("models", "Why"), formatting.one_line(fit.reason)))
    return facts


def description(detail: Detail) -> Facts:
    """What the model is."""
    entry, model = detail.entry, detail.model
    shape = (entry.shape if entry is not None else None) or (model.shape if model is not None else None)
    facts: Facts = []
    if entry is not None:
        tasks = [descriptions.sentence(descriptions.task(task)) for task in entry.tasks]
        facts += [
            (translate("models", "For", "a task"), listed(tasks)),
            (translate("models", "Made by"), f"{formatting.name(entry.maker)}, {entry.released}"),
            (translate("models", "Parameters"), _parameters(entry)),
            (translate("models", "Packed as"), formatting.name(entry.quantisation)),
            (translate("models", "Licence"), descriptions.licence(entry.licence)),
            (translate("models", "Mind"), formatting.one_line(entry.licence.note)),
        ]
    codes = entry.languages if entry is not None else model.languages if model is not None else ()
    if detail.embedder is not None:
        codes = detail.embedder.languages or codes
    codes = detail.languages or codes
    facts.append((translate("models", "Languages"), descriptions.language_names(codes)))
    if shape is not None:
        layers = translate("models", "%n layer(s)", None, shape.layers)
        facts.append((translate("models", "Kind"), f"{formatting.name(shape.architecture)}, {layers}"))
        pages, tokens = descriptions.pages(shape.trained_context), quantities.number(shape.trained_context)
        text = translate("models", "conversations of %1 (%2 tokens)", "about 6 pages")
        facts.append((translate("models", "Made for"), arg(text, pages, tokens)))
    if model is not None:
        facts += _file(model.path)
        facts.append((translate("models", "Size"), quantities.size(model.size) if model.size else ""))
        facts.append((translate("models", "SHA-256"), model.sha256))
    elif entry is not None:
        facts.append((translate("models", "Size"), quantities.size(entry.size)))
    if entry is not None:
        facts.append((translate("models", "Facts from"), formatting.name(entry.source)))
        address = translate("models", "Address")
        facts += [(address, formatting.name(file.address)) for file in entry.files]
    return [(name, value) for name, value in facts if value]


def loaded(info: ModelInfo) -> Facts:
    """What the chat's engine tells of the model that it has loaded, the plain facts first."""
    facts = _file(info.path)
    facts.append((translate("models", "Weights"), quantities.size(info.size)))
    facts.append((translate("models", "Remembers"), _of_the_talk(info.context)))
    speed = translate("models", "%1 tokens a second")
    if info.reading_speed:
        facts.append((translate("models", "Reads"), arg(speed, f"{info.reading_speed:.0f}")))
    if info.writing_speed:
        facts.append((translate("models", "Writes"), arg(speed, f"{info.writing_speed:.1f}")))
    if info.thinks:
        thinks = translate("models", "It can think before it answers; the thinking is folded away.")
        facts.append((translate("models", "Thinks"), thinks))
    if info.adapter:
        facts.append((translate("models", "Adapter"), formatting.file_name(info.adapter)))
    trained = arg(translate("models", "%1 tokens"), quantities.number(info.trained_context))
    layers = translate("models", "%n layer(s)", None, info.gpu_layers)
    nothing = translate("models", "nothing", "on the graphics card")
    return [
        *facts,
        (translate("models", "Architecture"), formatting.name(info.architecture)),
        (translate("models", "Parameters"), descriptions.parameters(info.parameters)),
        (translate("models", "Trained for"), trained),
        (translate("models", "Threads"), str(info.threads)),
        (translate("models", "On the graphics card"), layers if info.gpu_layers else nothing),
        (translate("models", "Cache"), formatting.name(info.kv_type)),
    ]


def tokens_a_second(speed: float) -> str:
    if not speed:
        return "–"
    return arg(translate("models", "%1 tokens a second"), f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}")


def cache_type(kv_type: str) -> str:
    """ "8 bits (q8_0)"."""
    bits = {"f16": 16, "q8_0": 8, "q4_0": 4}.get(kv_type)
    return kv_type if bits is None else arg(translate("models", "%1 bits (%2)"), bits, kv_type)


def _searching(embedder: EmbedderChoice) -> Facts:
    """What searching with it will take."""
    facts = [(translate("models", "Memory in use"), quantities.size(embedder.memory))]
    if embedder.state not in (EmbedderState.ACTIVE, EmbedderState.CHANGING):
        changing = descriptions.sentence(embedder_descriptions.about(embedder.seconds))
        facts.append((translate("models", "To read all documents again"), changing))
    return facts


def _place(place: Place) -> str:
    return {
        Place.DEVICE: translate("models", "on the graphics card"),
        Place.SHARED: translate("models", "on the graphics card, the rest on the processor"),
        Place.PROCESSOR: translate("models", "on the processor"),
        Place.NOWHERE: translate("models", "does not fit on this computer"),
    }[place]


def _of_the_talk(context: int) -> str:
    text = translate("models", "%1 of conversation (%2 tokens)", "about 6 pages")
    return arg(text, descriptions.pages(context), quantities.number(context))


def _about(speed: float) -> str:
    text = translate("models", "about %1 (%2)", "words and tokens a second")
    return arg(text, descriptions.pace(speed), tokens_a_second(speed))


def _file(path: str) -> Facts:
    return [
        (translate("models", "File"), formatting.file_name(path)),
        (translate("models", "In the folder"), formatting.name(str(Path(path).parent))),
    ]


def _parameters(entry: CatalogEntry) -> str:
    number = descriptions.parameters(entry.parameters)
    if not 0 < entry.active_parameters < entry.parameters:
        return number
    text = translate("models", "%1, of which %2 are active at a time", "parameters")
    return arg(text, number, descriptions.parameters(entry.active_parameters))
