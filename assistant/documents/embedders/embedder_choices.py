"""What a person can choose from: the models of library and catalogue, and how the store stands to each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.documents.embedder_records import EmbedderChoice, EmbedderState
from assistant.documents.embedders.converted_embedders import ConvertedEmbedders
from assistant.documents.embedders.embedder_estimate import (
    BUILTIN_SHAPE,
    USUAL_SPEED,
    WORKER_MEMORY,
    EmbedderShape,
    conversion_seconds,
    memory,
    seconds,
)
from assistant.documents.embedders.embedder_folder import BUILTIN_ID
from assistant.documents.embedders.embedder_shape import shape_of
from assistant.documents.embedders.embedder_sources import EmbedderSource


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store is searched with."""

    active: str
    """Id of the embedder that searches."""
    next: str | None
    """Id of the one that it is being changed to."""
    chunks: int
    speed: float | None
    """Passages in a second by the active one; None where it was not measured yet."""


def choices(
    found: Mapping[str, EmbedderSource], converted: ConvertedEmbedders, standing: Standing
) -> tuple[EmbedderChoice, ...]:
    """All that can be chosen; first those that are here."""
    ready = {
        manifest.id: manifest
        for manifest in converted.all().values()
        if converted.made_of(manifest.id, found.get(manifest.id)) == manifest
    }
    shapes: dict[str, EmbedderShape] = {BUILTIN_ID: BUILTIN_SHAPE}
    listed = dict(found)
    for id, manifest in ready.items():
        shape = shape_of(converted.place(manifest.name))
        if shape is not None:
            shapes[id] = shape
        source = found.get(id)
        if source is None or source.folder is None:
            # Its model was removed from the library, which it does not need any more.
            listed[id] = EmbedderSource(
                id,
                manifest.title,
                source.about if source else "",
                manifest.languages,
                source.size if source else 0,
                None,
                source.facts if source else None,
            )
    shapes |= {id: source.shape or BUILTIN_SHAPE for id, source in listed.items() if id not in shapes}
    known = shapes.get(standing.active, BUILTIN_SHAPE)
    made = [
        EmbedderChoice(
            id=id,
            name=source.title,
            about=source.about,
            languages=source.languages,
            state=_state(source, standing, id in ready),
            seconds=_seconds(source, standing, shapes[id], known, id in ready),
            memory=WORKER_MEMORY + memory(shapes[id]),
            size=source.size,
        )
        for id, source in listed.items()
    ]
    return tuple(sorted(made, key=lambda choice: choice.state is EmbedderState.OFFERED))


def _seconds(
    source: EmbedderSource, standing: Standing, shape: EmbedderShape, known: EmbedderShape, ready: bool
) -> float:
    """For the whole change: to make it ready, and to read everything again."""
    if source.id == standing.active:
        return 0.0
    at_once = ready or source.converted or source.id == BUILTIN_ID
    first = 0.0 if at_once else conversion_seconds(source.size)
    if standing.speed is None:
        return first + seconds(standing.chunks, shape, BUILTIN_SHAPE, USUAL_SPEED)
    return first + seconds(standing.chunks, shape, known, standing.speed)


def _state(source: EmbedderSource, standing: Standing, ready: bool) -> EmbedderState:
    if source.id == standing.next:
        return EmbedderState.CHANGING
    if source.id == standing.active:
        return EmbedderState.ACTIVE
    if ready or source.id == BUILTIN_ID:
        return EmbedderState.READY
    return EmbedderState.OFFERED if source.folder is None else EmbedderState.INSTALLED
