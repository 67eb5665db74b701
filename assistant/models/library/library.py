"""The models that are here: added, checked, put away and brought back, found elsewhere, carried along."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import file_copy
from assistant.errors import AssistantError, ModelUnusable, NoModel, Problem
from assistant.file_copy import Meter, disk_failures_said
from assistant.jobs import CancelToken
from assistant.models.catalog.records import CatalogEntry
from assistant.models.files import archives, discovery
from assistant.models.files.detection import recognise
from assistant.models.files.model_paths import sort_out
from assistant.models.files.records import DiscoveredModel, ModelKind, SortedPaths
from assistant.models.library import bundle_export, bundle_import, licences, manifest, projector_pairs
from assistant.models.library.importer import Importer
from assistant.models.library.manifest import File, Manifest
from assistant.models.library.model_store import ModelStore, described_as
from assistant.models.library.records import AddedModels, BundleSummary, Installed, StatedLicence, Verified
from assistant.workers.run import Run, Steps

Report = Callable[[Any], None]


class Library:
    """Methods may be called from any thread. Those that give a Run return at once and report Progress."""

    def __init__(
        self,
        folder: Path,
        entries: Sequence[CatalogEntry] = (),
        check_unused: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Args:
            folder: where models are kept; it may not exist yet.
            entries: the catalogue, by which models are known that were brought.
            check_unused: raises an AssistantError if the model with this id is needed just now.
        """
        self._store = ModelStore(folder)
        self._entries = entries
        self._check_unused = check_unused
        self._removed_along: dict[str, list[str]] = {}
        """Projectors that went with a chat model."""

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What could not be read at the start."""
        return tuple(self._store.notices)

    def installed(self) -> tuple[Installed, ...]:
        """All of them; those added last stand at the end."""
        return tuple(self._store.installed(id) for id in self._store.models())

    def of_kind(self, kind: ModelKind) -> tuple[Installed, ...]:
        """Those of one kind whose files are there."""
        return tuple(model for model in self.installed() if model.kind is kind and not model.missing)

    def get(self, id: str) -> Installed:
        """
        Raises:
            UserInputError: there is none with this id.
        """
        return self._store.installed(id)

    def projector_of(self, path: Path) -> Path | None:
        """The file that lets a chat model see pictures."""
        found = self.sees_with(path)
        return Path(found.path) if found else None

    def sees_with(self, path: Path) -> Installed | None:
        """What lets a chat model see pictures: in the library, or beside a file that lies elsewhere."""
        id = self._store.holding(path)
        model = self.get(id) if id is not None else _described(path)
        others = (
            *self.of_kind(ModelKind.PROJECTOR),
            *filter(None, map(_described, _projectors_beside(path))),
        )
        return projector_pairs.projector_of(model, others) if model else None

    def pairs(self) -> dict[str, str]:
        """Ids of the chat models that see pictures, each with that of its projector."""
        here = self.installed()
        pairs = {}
        for model in here:
            if model.kind is ModelKind.CHAT and (found := projector_pairs.projector_of(model, here)):
                pairs[model.id] = found.id
        return pairs

    # --- in and out

    def sort_out(self, paths: Sequence[str]) -> SortedPaths:
        """Which of these files and folders, given together, are models."""
        return sort_out(paths)

    def licences(
        self, paths: Sequence[str | Path], token: CancelToken | None = None
    ) -> tuple[StatedLicence, ...]:
        """The licences of models that may be added, where they are known. Takes a moment."""
        whole = [Path(path).expanduser().absolute() for path in paths]
        return tuple(licences.of_paths(whole, self._entries, token or CancelToken()))

    def add(
        self, paths: Sequence[str | Path], *, link: bool = False, on_report: Report | None = None
    ) -> Run[AddedModels]:
        """Add models: files, folders with one or more of them, zip files, .argosmodel files.

        Args:
            link: use them where they are. What is in an archive is unpacked all the same.
        """
        whole = [Path(path).expanduser().absolute() for path in paths]

        def work(steps: Steps) -> AddedModels:
            importer = Importer(self._store, self._entries, steps.token, steps.report)
            imported: dict[str, None] = {}
            already: dict[str, None] = {}
            for path in whole:
                for each in importer.add(path, link=link):
                    (already if each.already else imported)[each.id] = None
            return AddedModels(
                tuple(self.get(id) for id in imported),
                tuple(self.get(id) for id in already if id not in imported),
                tuple(importer.refused.items()),
            )

        return Run.derived(work, on_report)

    def import_download(
        self, path: Path, *, entry: str, sums: Mapping[str, str], token: CancelToken, report: Report
    ) -> Installed:
        """Take over what was downloaded: its files are moved, not copied; an archive is unpacked.

        Args:
            path: the file or the folder; on the disk of the library.
            entry: the catalogue's id of it.
            sums: SHA-256 of the files by name, if they are known for certain; else they are computed.

        Raises:
            AssistantError: it is no model that can be used, or cannot be moved.
        """
        importer = Importer(self._store, self._entries, token, report)
        if archives.is_archive(path):
            with disk_failures_said("add-model"):
                imported = importer.unpacked(path, entry=entry)
            if not imported:
                why = next(iter(importer.refused.values()))
                raise ModelUnusable(why.reason, **why.details)
            return self.get(imported[0].id)
        return self.get(importer.import_one(recognise(path), move=True, entry=entry, sums=sums).id)

    def remove(self, id: str) -> Installed:
        """Remove a model; `undo_remove` brings it back until the next start, or until its room is needed.

        Of one that is used in place, the files stay where they are. With a chat model goes its projector, if
        no other one sees with it.

        Raises:
            UserInputError: there is none with this id, or it is needed just now.
            StorageError: it cannot be removed, for instance because it is in use.
        """
        removed = self.get(id)
        self._check_unused(id)
        others = self.pairs()
        eyes = others.pop(id, None)
        along = [] if eyes is None or eyes in others.values() else [eyes]
        with disk_failures_said("remove-model", removed.name):
            for each in (id, *along):
                self._store.trash(each)
        self._removed_along[id] = along
        return removed

    def undo_remove(self, id: str) -> Installed:
        """
        Raises:
            UserInputError: it has been deleted for good.
            StorageError: it cannot be moved back.
        """
        with disk_failures_said("restore-model"):
            for each in self._removed_along.pop(id, ()):
                self._store.restore(each)
            return self.get(self._store.restore(id))

    # --- checking

    def verify(
        self, ids: Sequence[str] = (), *, on_report: Report | None = None
    ) -> Run[tuple[Verified, ...]]:
        """Read every byte of these models and their projectors, or of all; compare it with what was added.

        Where no hash is known yet, the one that is found is kept and compared with from then on.
        """

        def work(steps: Steps) -> tuple[Verified, ...]:
            wanted = [self.get(id) for id in self._with_projectors(ids)] or self.installed()
            meter = Meter("", sum(model.size for model in wanted), steps.token, steps.report)
            verified = []
            for model in wanted:
                meter.doing = f"Checking {model.name}"
                found = self._problem_of(model, meter)
                verified.append(Verified(self.get(model.id), found))
            return tuple(verified)

        return Run.derived(work, on_report)

    def _problem_of(self, model: Installed, meter: Meter) -> Problem | None:
        known, base = self._store.get(model.id), self._store.base(model.id)
        try:
            if model.missing:
                raise NoModel("model-missing", name=model.name, note=model.note)
            with disk_failures_said("check-model", model.name):
                sums = {file.name: file_copy.sha256(base / file.name, meter) for file in known.files}
                bad = [file.name for file in known.files if file.sha256 not in ("", sums[file.name])]
                if bad:
                    raise ModelUnusable("model-damaged", name=model.name, files=bad)
                if not known.sha256:
                    recognise(Path(model.path))
                now = tuple(_as_it_is(base, file, known) for file in known.files)
                self._store.update(model.id, replace(known, files=now).with_sums(sums))
        except AssistantError as error:
            return error.problem
        return None

    # --- elsewhere

    def discover(self, *, on_report: Report | None = None) -> Run[tuple[DiscoveredModel, ...]]:
        """Models of other programs, and those in the usual folders, that are not in the library.

        `add` with their paths and `link=True` uses them where they are.
        """

        def work(steps: Steps) -> tuple[DiscoveredModel, ...]:
            found = discovery.discover(discovery.places(self._store.folder), steps.token, steps.report)
            return tuple(each for each in found if self._store.holding(Path(each.path)) is None)

        return Run.derived(work, on_report)

    def export_to(
        self,
        folder: str | Path,
        ids: Sequence[str] = (),
        extras: Sequence[bundle_export.BundleExtra] = (),
        *,
        on_report: Report | None = None,
    ) -> Run[BundleSummary]:
        """Write these models, or all, into a folder for another computer, with what goes along."""
        target = Path(folder).expanduser().absolute()
        return Run.derived(
            lambda steps: bundle_export.export(
                self._store, target, self._with_projectors(ids), extras, steps.token, steps.report
            ),
            on_report,
        )

    def _with_projectors(self, ids: Sequence[str]) -> list[str]:
        pairs = self.pairs()
        return list(dict.fromkeys([*ids, *(pairs[id] for id in ids if id in pairs)]))

    def import_from(
        self,
        folder: str | Path,
        import_extra: bundle_export.ImportExtra | None = None,
        *,
        on_report: Report | None = None,
    ) -> Run[BundleSummary]:
        """Take what `export_to` wrote on another computer, once every file of it was checked."""
        source = Path(folder).expanduser().absolute()
        return Run.derived(
            lambda steps: bundle_import.import_bundle(
                self._store, source, import_extra, steps.token, steps.report
            ),
            on_report,
        )


def _projectors_beside(path: Path) -> list[Path]:
    """As they are called everywhere, in the model's folder."""
    return [each for each in sorted(path.parent.glob("*.gguf")) if "mmproj" in each.name.lower()]


def _described(path: Path) -> Installed | None:
    """A model's file that the library does not hold; None if it is none."""
    try:
        found = recognise(path)
        return manifest.installed("", described_as(found), found.base)
    except (AssistantError, OSError):
        return None


def _as_it_is(base: Path, file: File, model: Manifest) -> File:
    status = (base / file.name).stat()
    return replace(file, size=status.st_size, mtime_ns=status.st_mtime_ns if model.link else 0)
