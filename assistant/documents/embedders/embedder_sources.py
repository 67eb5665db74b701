"""The models that can become embedders: those of the library, and those that the catalogue offers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant import paths
from assistant.documents.embedders.embedder_estimate import EmbedderShape
from assistant.documents.embedders.embedder_folder import BUILTIN_ID
from assistant.documents.embedders.embedder_shape import shape_of
from assistant.errors import AssistantError
from assistant.models.catalog import catalog
from assistant.models.catalog.records import CatalogEntry, EmbedderFacts
from assistant.models.files.records import ModelKind
from assistant.models.library.model_store import listed
from assistant.models.library.records import Installed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EmbedderSource:
    """A model that can be made into an embedder, or the catalogue's word of it."""

    id: str
    title: str
    about: str
    languages: tuple[str, ...]
    size: int
    """Bytes."""
    folder: Path | None
    """Where it lies; None: it has to be got first, or it is the one that is built in."""
    facts: EmbedderFacts | None
    """What the catalogue says of it."""
    added: float = 0.0
    """When it came into the library: tells it from another one that had its id before."""

    @property
    def converted(self) -> bool:
        """By others, for CTranslate2: then it is only taken over."""
        return self.folder is not None and (self.folder / "model.bin").is_file()

    @property
    def shape(self) -> EmbedderShape | None:
        """None where neither its files nor the catalogue tell."""
        found = shape_of(self.folder) if self.folder else None
        if found is None and self.facts is not None:
            found = _shape(self.facts)
        return found


def sources(library: Path | None) -> dict[str, EmbedderSource]:
    """By id: the built-in one first, then those in the folder of the library, then those that can be got."""
    entries = {entry.id: entry for entry in _catalogue() if entry.kind is ModelKind.EMBEDDING}
    found = {}
    if BUILTIN_ID in entries:
        found[BUILTIN_ID] = _offered(entries.pop(BUILTIN_ID))
    for model in listed(library) if library is not None else ():
        if model.kind is not ModelKind.EMBEDDING or model.missing or model.entry == BUILTIN_ID:
            continue
        entry = entries.get(model.entry) or _namesake(model, entries)
        if entry is not None:
            entries.pop(entry.id, None)
        found[model.id] = EmbedderSource(
            model.id,
            model.name,
            entry.about if entry else "",
            entry.languages if entry else model.languages,
            model.size,
            Path(model.path),
            entry.embedder if entry else None,
            model.added,
        )
    for entry in entries.values():
        found.setdefault(entry.id, _offered(entry))
    return found


def library_ids(library: Path | None) -> set[str]:
    """Of all models in the folder of the library, also of those whose files are not there just now."""
    return {model.id for model in listed(library)} if library is not None else set()


def _namesake(model: Installed, entries: Mapping[str, CatalogEntry]) -> CatalogEntry | None:
    """The entry of the same name and shape: the same model, saved in another way."""
    shape = shape_of(Path(model.path))
    for entry in entries.values():
        if model.name.casefold() == entry.source.rpartition("/")[2].casefold() and entry.embedder:
            return entry if shape == _shape(entry.embedder) else None
    return None


def _shape(facts: EmbedderFacts) -> EmbedderShape:
    return EmbedderShape(facts.layers, facts.width, facts.inner, facts.vocabulary)


def _offered(entry: CatalogEntry) -> EmbedderSource:
    return EmbedderSource(
        entry.id, entry.name, entry.about, entry.languages, entry.size, None, entry.embedder
    )


def _catalogue() -> tuple[CatalogEntry, ...]:
    """Without a catalogue, one's own models can be used all the same."""
    try:
        return catalog.load(paths.resources() / "models.json")
    except AssistantError as error:
        log.warning("%s", error)
        return ()
