"""The folder of models: each in a folder of its own, with a `model.json` that says what it is.

There is no list beside them that could disagree. A model comes in under a name that begins with a dot and
gets its own name when all of it is on the disk; it goes out the other way. So whenever the program or the
computer dies, a model is there whole or not at all, and what remains is swept at the next start.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from assistant import file_copy
from assistant.atomic_write import sync_folder, unused
from assistant.error_messages import Detail
from assistant.errors import AssistantError, DamagedStore, Problem, StorageError, UserInputError
from assistant.jobs import CancelToken
from assistant.models.files import model_names
from assistant.models.files.detection import Limits, look_through, recognise
from assistant.models.files.file_names import MANIFEST, safe_name
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind
from assistant.models.library import manifest
from assistant.models.library.manifest import File, Manifest
from assistant.models.library.records import Installed

_INCOMING = ".incoming-"
_REMOVED = ".removed"
_LONGEST_ID = 60

log = logging.getLogger(__name__)


class ModelStore:
    """Methods may be called from any thread; what they change is on the disk when they return."""

    def __init__(self, folder: Path) -> None:
        """Sweep what was not finished or was removed, and see what there is. The folder may not exist yet."""
        self.folder = folder
        self.lock = threading.RLock()
        self.notices: list[Problem] = []
        """What could not be read."""
        self._removed: dict[str, Path] = {}
        self._models: dict[str, Manifest] = {}
        if folder.is_dir():
            self._sweep()
            self._read_all()

    # --- what there is

    def models(self) -> dict[str, Manifest]:
        """By id, those added last at the end."""
        with self.lock:
            return dict(sorted(self._models.items(), key=lambda item: item[1].added))

    def get(self, id: str) -> Manifest:
        """
        Raises:
            UserInputError: there is none with this id.
        """
        with self.lock:
            if id in self._models:
                return self._models[id]
        raise UserInputError("no-such-model", id=id)

    def installed(self, id: str) -> Installed:
        model = self.get(id)
        shown = manifest.installed(id, model, self.folder / id)
        if _facts_are_lost(model) and not shown.missing:
            with suppress(AssistantError, OSError):  # after a new version, for instance
                found = recognise(Path(shown.path))
                self.update(id, replace(model, shape=found.shape, projector=found.projector))
                return replace(shown, shape=found.shape, projector=found.projector)
        return shown

    def base(self, id: str) -> Path:
        """Where its files are."""
        return self.get(id).base(self.folder / id)

    def holding(self, path: Path) -> str | None:
        """The model whose file or folder this is."""
        for id, known in self.models().items():
            with suppress(OSError):
                if path.samefile(known.base(self.folder / id) / known.main):
                    return id
        return None

    # --- coming and going

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A folder for a model that comes in; gone afterwards unless `commit` took it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=self.folder))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            file_copy.delete(folder)

    def commit(self, incoming: Path, model: Manifest) -> str:
        """Make what lies in `incoming` a model; gives its id. One whose files are gone makes room for it."""
        model = replace(model, added=time.time())
        with self.lock:
            gone = self.same_as(model, missing=True)
            manifest.write(incoming, model)
            if gone is not None:
                self.trash(gone)
            id = gone or self._free_id(model.entry or _called(model))
            incoming.rename(self.folder / id)
            sync_folder(self.folder)
            self._models[id] = model
        return id

    def same_as(self, model: Manifest, *, missing: bool = False) -> str | None:
        """The one with the same content whose files are there, or `missing`."""
        wanted = sorted(file.sha256 for file in model.files)
        for id, known in self.models().items():
            same = known.sha256 and sorted(file.sha256 for file in known.files) == wanted
            if same and self.installed(id).missing == missing:
                return id
        return None

    def update(self, id: str, model: Manifest) -> None:
        with self.lock:
            if self.get(id) == model:
                return
            manifest.write(self.folder / id, model)
            self._models[id] = model

    def trash(self, id: str) -> None:
        """Out of the list, but still on the disk, until the next start or until its room is needed."""
        with self.lock:
            self.get(id)
            bin = self.folder / _REMOVED
            bin.mkdir(exist_ok=True)
            place = Path(tempfile.mkdtemp(dir=bin)) / id
            (self.folder / id).rename(place)
            sync_folder(self.folder)
            self._removed[id] = place
            del self._models[id]

    def restore(self, id: str) -> str:
        """Undo `trash`; gives its id, another one if that has been taken.

        Raises:
            UserInputError: it is deleted already.
        """
        with self.lock:
            place = self._removed.get(id)
            if place is None or not place.is_dir():
                raise UserInputError("model-gone-for-good")
            model = manifest.read(place)
            back = id if id not in self._models else self._free_id(id)
            place.rename(self.folder / back)
            sync_folder(self.folder)
            del self._removed[id]
            self._models[back] = model
            return back

    def make_room(self, size: int) -> None:
        """See that so many bytes can be written; what was removed goes for good if it must.

        Raises:
            DiskFull: there is too little room all the same.
            OSError: the folder cannot be made.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if file_copy.room_for(size, self.folder):
            return
        with self.lock:
            file_copy.delete(self.folder / _REMOVED)
            self._removed.clear()
        file_copy.check_room(size, self.folder)

    # --- at the start

    def _sweep(self) -> None:
        for path in self.folder.glob(".*"):
            if path.name == _REMOVED or path.name.startswith(_INCOMING):
                file_copy.delete(path)

    def _read_all(self) -> None:
        for path in sorted(self.folder.iterdir()):
            if path.name.startswith(".") or not path.is_dir():
                continue
            try:
                self._models[path.name] = manifest.read(path)
            except manifest.NewerManifest:
                # Left as it is: this version would write down less than the newer one needs.
                self.notices.append(StorageError("model-description-newer", folder=str(path)).problem)
            except (OSError, ValueError) as error:
                self._detect_again(path, error)
        self._take_in_loose_files()

    def _detect_again(self, folder: Path, error: Exception) -> None:
        """A folder without a `model.json` that can be read: tell from its files what it is."""
        file = folder / MANIFEST
        described = file.exists()
        try:
            if described:
                file.rename(unused(file, "damaged"))
            found = next(iter(_recognised(folder)), None)
            if found is not None:
                model = described_as(found)
                manifest.write(folder, model)
                self._models[folder.name] = model
        except OSError as refused:
            log.warning("%s cannot be used: %s", folder, refused)
            found = None
        if described and found is None:
            log.warning("%s/model.json is damaged: %s", folder, error)
            details: dict[str, Detail] = {"folder": str(folder)}
            self.notices.append(Problem(DamagedStore.code, "model-description-damaged", details))

    def _take_in_loose_files(self) -> None:
        """GGUF files that somebody laid into the folder get folders of their own."""
        for found in _recognised(self.folder):
            try:
                with self.incoming() as incoming:
                    for name in found.files:
                        (found.base / name).rename(incoming / name)
                    self.commit(incoming, described_as(replace(found, base=incoming)))
            except (OSError, AssistantError) as error:
                log.warning("%s stays where it is: %s", found.path, error)

    def _free_id(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9._]+", "-", name.lower()).strip("-._")[:_LONGEST_ID].rstrip("-._")
        base = safe_name(base or "model")
        id, number = base, 1
        while id in self._models or (self.folder / id).exists():
            number += 1
            id = f"{base}-{number}"
        return id


def _facts_are_lost(model: Manifest) -> bool:
    return (model.kind is ModelKind.CHAT and model.shape is None) or (
        model.kind is ModelKind.PROJECTOR and model.projector is None
    )


def _called(model: Manifest) -> str:
    """What its id is made of, which the command line takes: for a single file, what that is called."""
    name = model_names.stem(model.main)
    return model.name if not model.main.lower().endswith(".gguf") or model_names.is_hash(name) else name


def listed(folder: Path) -> tuple[Installed, ...]:
    """The models in a folder that may belong to another process: nothing in it is touched."""
    found = []
    for path in sorted(folder.glob("[!.]*/")):
        with suppress(OSError, ValueError):
            found.append(manifest.installed(path.name, manifest.read(path), path))
    return tuple(found)


def described_as(found: DetectedModel, *, link: bool = False) -> Manifest:
    """What is kept of a model that was recognised; its hashes are not known yet.

    Raises:
        OSError: a file of it cannot be looked at.
    """
    files = []
    for name in found.files:
        status = (found.base / name).stat()
        files.append(File(name, status.st_size, mtime_ns=status.st_mtime_ns if link else 0))
    return Manifest(
        name=found.name,
        kind=found.kind,
        files=tuple(files),
        main=found.main,
        link=str(found.base) if link else "",
        architecture=found.architecture,
        languages=found.languages,
        note=found.note,
        added=time.time(),
        shape=found.shape,
        projector=found.projector,
        origin=hashlib.sha256(str(found.base).encode()).hexdigest()[:16],
    )


def _recognised(folder: Path) -> list[DetectedModel]:
    """The models right in this folder."""
    found = look_through(folder, CancelToken(), Limits(depth=0))
    return [each for each in found if isinstance(each, DetectedModel)]
