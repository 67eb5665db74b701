"""How a model gets into the library: copied, moved or linked, checked, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from assistant import file_copy
from assistant.atomic_write import sync_folder
from assistant.errors import AssistantError, ModelUnusable, Problem
from assistant.file_copy import Meter, disk_failures_said
from assistant.jobs import CancelToken
from assistant.models.catalog.records import CatalogEntry
from assistant.models.files import archives
from assistant.models.files.detection import look_through, recognise
from assistant.models.files.file_names import safe_name
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.model_names import with_quantisation
from assistant.models.library.manifest import Manifest
from assistant.models.library.model_store import ModelStore, described_as


@dataclass(frozen=True, slots=True)
class ImportResult:
    id: str
    already: bool


class Importer:
    """One call of adding, with what stops it and what it reports to."""

    def __init__(
        self,
        store: ModelStore,
        entries: Sequence[CatalogEntry],
        token: CancelToken,
        report: Callable[[Any], None] | None = None,
    ) -> None:
        self._store = store
        self._entries = entries
        self._token = token
        self._report = report
        self.refused: dict[str, Problem] = {}
        """What could not be added, by path."""

    def add(self, path: Path, *, link: bool) -> list[ImportResult]:
        """Add the model or the models that a path holds; what does not do goes to `refused`."""
        import_one = partial(self.import_one, link=link)
        if archives.is_archive(path):
            return self._or_refused(path, lambda: self.unpacked(path))
        if path.is_dir():
            return self._all_in(path, import_one)
        return self._or_refused(path, lambda: [import_one(recognise(path))])

    def import_one(
        self,
        found: DetectedModel,
        *,
        link: bool = False,
        move: bool = False,
        entry: str = "",
        sums: Mapping[str, str] | None = None,
    ) -> ImportResult:
        """Take one model in, unless it is here.

        Args:
            link: use it where it is.
            move: take its files from where they are, on the same disk.
            entry: the catalogue's id of it, if that is known.
            sums: SHA-256 of its files by name, if they are known for certain.

        Raises:
            AssistantError: it cannot be done; nothing of it remains.
            Cancelled: the person stopped it; nothing of it remains.
        """
        with disk_failures_said("add-model"):
            known = self._store.holding(found.path)
            if known is not None:
                return ImportResult(known, already=True)
            model = described_as(found, link=link)
            model = model.with_sums(sums or {})
            alike = [id for id, each in self._store.models().items() if each.size == model.size]
            if (alike or move) and not model.sha256:
                model = model.with_sums(self._sums(f"Checking {found.name}", found.base, model))
            if model.sha256:
                known = self._same(model, alike)
                if known is not None:
                    self._store.update(known, self._with_catalogue_facts(self._store.get(known), entry))
                    return ImportResult(known, already=True)
            with self._store.incoming() as incoming:
                if not link:
                    model = self._copied_in(found.base, model, incoming, move=move)
                model = self._told_apart(self._with_catalogue_facts(model, entry))
                with self._store.lock:
                    known = self._store.same_as(model) if model.sha256 else None
                    if known is not None:
                        return ImportResult(known, already=True)
                    return ImportResult(self._store.commit(incoming, model), already=False)

    # --- from a path to its models

    def _all_in(
        self, folder: Path, import_one: Callable[[DetectedModel], ImportResult]
    ) -> list[ImportResult]:
        imported = []
        nothing = True
        for found in look_through(folder, self._token):
            nothing = False
            if isinstance(found, DetectedModel):
                work = partial(lambda model: [import_one(model)], found)
                imported += self._or_refused(found.path, work)
            else:
                self._refuse(*found)
        if nothing:
            self._or_refused(folder, lambda: [import_one(recognise(folder))])
        return imported

    def unpacked(self, path: Path, *, entry: str = "") -> list[ImportResult]:
        """Take what is in an archive; what in it does not do goes to `refused`.

        Raises:
            AssistantError: the archive cannot be used, or there is no room for it.
            OSError: it cannot be read or written.
        """
        size = archives.size(path)
        self._store.make_room(size)
        inner = Importer(self._store, self._entries, self._token, self._report)
        with self._store.incoming() as incoming:
            folder = incoming / safe_name(path.stem)
            archives.unpack(path, folder, self._meter(f"Unpacking {path.name}", size))
            imported = inner._all_in(folder, partial(self.import_one, move=True, entry=entry))
        for why in inner.refused.values():
            self.refused[str(path)] = why
        return imported

    def _or_refused(self, path: Path, work: Callable[[], list[ImportResult]]) -> list[ImportResult]:
        try:
            with disk_failures_said("add-model"):
                return work()
        except AssistantError as error:
            self._refuse(path, error)
            return []

    def _refuse(self, path: Path, error: AssistantError) -> None:
        self.refused[str(path)] = error.problem

    # --- one model

    def _same(self, model: Manifest, alike: Sequence[str]) -> str | None:
        """The model here with the same content; those of the same size are hashed if need be."""
        for id in alike:
            known = self._store.get(id)
            if not known.sha256 and not self._store.installed(id).missing:
                sums = self._sums(f"Comparing with {known.name}", self._store.base(id), known)
                self._store.update(id, known.with_sums(sums))
        return self._store.same_as(model)

    def _copied_in(self, base: Path, model: Manifest, incoming: Path, *, move: bool) -> Manifest:
        """The files in `incoming`, all on the disk, under names that every system takes."""
        if not move:
            self._store.make_room(model.size)
        meter = self._meter(f"Copying {model.name}", model.size)
        files = []
        for file in model.files:
            name = "/".join(safe_name(part) for part in PurePosixPath(file.name).parts)
            target = incoming / name
            if move:
                target.parent.mkdir(parents=True, exist_ok=True)
                (base / file.name).rename(target)
                file_copy.sync_file(target)
                files.append(replace(file, name=name))
            else:
                sha256 = file_copy.copy(base / file.name, target, meter)
                if target.stat().st_size != file.size or file.sha256 not in ("", sha256):
                    raise ModelUnusable("model-changed-while-copied", name=file.name)
                files.append(replace(file, name=name, sha256=sha256))
        for folder in {(incoming / file.name).parent for file in files}:
            sync_folder(folder)
        return replace(model, files=tuple(files), main=safe_name(model.main) if model.main else "")

    def _with_catalogue_facts(self, model: Manifest, id: str) -> Manifest:
        """With what the catalogue says of it, if it is there."""
        named = (each for each in self._entries if each.id == id)
        entry = next(named, None) if id else known_as(model, self._entries)
        if entry is None or model.entry:
            return model
        if model.kind is not entry.kind:  # what goes along with it
            return replace(model, entry=entry.id)
        return replace(model, name=entry.name, entry=entry.id, languages=entry.languages)

    def _told_apart(self, model: Manifest) -> Manifest:
        """With the name of its variant where another one is called the same."""
        if all(each.name != model.name for each in self._store.models().values()):
            return model
        return replace(model, name=with_quantisation(model.name, model.main or model.files[0].name))

    def _sums(self, doing: str, base: Path, model: Manifest) -> dict[str, str]:
        """Of those files of which they are not known."""
        files = [file for file in model.files if not file.sha256]
        meter = self._meter(doing, sum(file.size for file in files))
        return {file.name: file_copy.sha256(base / file.name, meter) for file in files}

    def _meter(self, doing: str, size: int) -> Meter:
        return Meter(doing, size, self._token, self._report)


def known_as(model: Manifest, entries: Sequence[CatalogEntry]) -> CatalogEntry | None:
    """What the catalogue has of a model that was brought."""
    return next((entry for entry in entries if _is(model, entry)), None)


def _is(model: Manifest, entry: CatalogEntry) -> bool:
    """Whether the catalogue's entry means this model: by hash or, where it has none, by name and size."""
    if model.kind is not entry.kind or not entry.files:
        return False
    mine = {file.name.rpartition("/")[2]: file for file in model.files}
    largest = max(entry.files, key=lambda file: file.size)
    file = mine.get(largest.name.rpartition("/")[2])
    if largest.sha256 and any(each.sha256 == largest.sha256 for each in model.files):
        return True
    unproved = file is not None and not (largest.sha256 and file.sha256)
    return file is not None and unproved and file.size == largest.size > 0
