"""What the program knows and does about models: what fits here, what is here, what can be got."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from assistant import hardware
from assistant.errors import DamagedStore, UserInputError
from assistant.jobs import CancelToken
from assistant.models.catalog import catalog
from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.download import client, partial_file
from assistant.models.download.records import DownloadsState, Offer, UnfinishedDownload
from assistant.models.files import gguf, model_shape, tesseract_files
from assistant.models.files.records import ModelKind
from assistant.models.fit import picker
from assistant.models.fit.calibration import Calibration
from assistant.models.fit.computer import ThisComputer
from assistant.models.fit.records import (
    AvailableMemory,
    Computer,
    Corrections,
    Device,
    Measured,
    MeasuredPace,
    Outlook,
    Pick,
    Probe,
    Wanted,
    WhatIf,
)
from assistant.models.library.bundle_export import BundleExtra
from assistant.models.library.library import Library
from assistant.models.library.records import BundleSummary, Extras, Installed
from assistant.workers.run import Run, Steps

Report = Callable[[Any], None]

LIBRARY = "library"
"""Folder, inside that of models, of those that are here."""
COMPUTER_FILE = "computer.json"
"""In the folder of models: what was measured of this computer."""
HASHES_FILE = "hashes.json"
"""In the folder of models: hashes of downloaded files for which nobody states one."""
_DOWNLOADS = "downloads"
"""Folder, inside that of models, of downloads that are not complete."""
_SINGLE = (ModelKind.CHAT, ModelKind.ADAPTER, ModelKind.PROJECTOR)
"""Kinds whose models are one file each; others are a folder."""
_OFFERED = (ModelKind.CHAT, ModelKind.SPEECH, ModelKind.TRANSLATION)
"""Kinds that are recommended. Documents are searched with the built-in model; others can be got for it."""
_NOTHING_MORE = Extras()
_IMAGINED = "an imagined graphics card"
"""Its name."""
_LEAST_FREE = 1_000_000
"""Bytes that are free where what is in use leaves nothing: 0 would mean that it is not known."""


class BundleContents(Protocol):
    """Packs and unpacks the documents and conversations of a bundle."""

    def extras(self, wanted: Extras) -> tuple[BundleExtra, ...]: ...
    def import_extra(self, name: str, folder: Path) -> None: ...


class ModelsService:
    """Methods may be called from any thread. Those that give a Run return at once."""

    def __init__(
        self,
        folder: Path,
        catalogue: Path,
        home: Path,
        *,
        probe: Callable[[CancelToken], Probe],
        workers: Callable[[], Sequence[int]],
        bundle_contents: BundleContents,
        speed_limit: Callable[[], float | None],
        check_unused: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Reads nothing yet.

        Args:
            folder: for models, and what is known of them.
            catalogue: the file of models that can be got.
            probe: has the chat engine say what it can use.
            workers: the processes of the program's engines.
            bundle_contents: packs what goes along with models to another computer.
            speed_limit: of downloads, in MB a second.
            check_unused: raises an AssistantError if a model of the library must not be removed just now.
        """
        self._bundle_contents = bundle_contents
        self._speed_limit = speed_limit
        self._check_unused = check_unused
        self._folder = folder
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._entries: tuple[CatalogEntry, ...] | None = None
        self._library: Library | None = None
        self._downloading: list[str] = []
        self.calibration = Calibration(folder / "measured.json")
        self.courier = client.Courier(folder / HASHES_FILE)
        """The program's side of what fetches; other than through it nothing is fetched."""
        self._this_computer = ThisComputer(home, folder / COMPUTER_FILE, probe, workers)

    # --- what fits

    def computer(self) -> Computer:
        """What this computer has now; of graphics and speed, what was found last."""
        return self._this_computer.now()

    @property
    def pace(self) -> MeasuredPace | None:
        """How fast this computer is; None if that was not measured yet."""
        return self._this_computer.pace

    def look(self) -> Run[Computer]:
        """The same, with graphics and speed looked at anew, which takes about a second."""
        return Run.derived(lambda _: self._this_computer.look())

    def picks(self, what_if: WhatIf | None = None) -> tuple[Pick, ...]:
        """The catalogue in the order of what this computer, or an imagined one, will run well.

        Raises:
            StorageError: the catalogue is damaged.
        """
        offered = [entry for entry in self.entries if entry.kind in _OFFERED]
        return picker.picks(offered, *self._conditions(what_if or WhatIf()))

    def recommended(self, task: Task) -> Pick | None:
        """The model that does a task best here. Measures this computer first if that was never done.

        Raises:
            StorageError: the catalogue is damaged.
        """
        if self.computer().pace is None:
            self.look().result()
        return next((pick for pick in self.picks() if task in pick.recommended_for), None)

    def outlook(self, path: Path, what_if: WhatIf | None = None) -> Outlook:
        """Where a chat model's file fits, with what lets it see, and how fast it would be.

        Raises:
            NoModel, ModelUnusable: it is none.
        """
        shape = model_shape.shape(gguf.read(path))
        eyes = self.library.sees_with(path)
        if eyes is not None and eyes.projector is not None:
            shape = replace(shape, projector=eyes.projector.memory)
        return picker.outlook(shape, *self._conditions(what_if or WhatIf()))

    def _conditions(self, asked: WhatIf) -> tuple[AvailableMemory, MeasuredPace | None, Wanted, Corrections]:
        computer = self.computer()
        wanted = Wanted(context=asked.context, threads=hardware.usable_cores())
        return _imagined(computer, asked), computer.pace, wanted, self.calibration.corrections

    def measured(self) -> tuple[Measured, ...]:
        """What chat models took and did here, beside what had been expected; the last at the end."""
        return self.calibration.all()

    # --- what can be got

    @property
    def entries(self) -> tuple[CatalogEntry, ...]:
        """The catalogue.

        Raises:
            StorageError: it is damaged.
        """
        with self._lock:
            if self._entries is None:
                self._entries = catalog.load(self._catalogue)
            return self._entries

    def entry(self, id: str) -> CatalogEntry:
        """
        Raises:
            UserInputError: the catalogue has none with this id.
        """
        for entry in self.entries:
            if entry.id == id:
                return entry
        raise UserInputError("no-such-catalogue-model", id=id)

    @property
    def downloads_allowed(self) -> DownloadsState:
        """Whether anything may be fetched, or who forbids it."""
        return client.state()

    def offer(self, entry_id: str) -> Offer:
        """What getting a model would mean, for the person to confirm."""
        return self.courier.offer(self.entry(entry_id), self._download_folder(entry_id))

    def get(self, entry_id: str, *, on_report: Report | None = None) -> Run[Installed]:
        """Have a model fetched that the person has confirmed, and take it into the library."""

        def work(steps: Steps) -> Installed:
            try:
                entry, folder = self.entry(entry_id), self._download_folder(entry_id)
                fetched = self.courier.fetch(entry, folder, steps.token, steps.report, self._speed_limit())
                return self._import(entry, folder, fetched, steps.token, steps.report)
            finally:
                with self._lock:
                    self._downloading.remove(entry_id)

        with self._lock:
            self._downloading.append(entry_id)
        return Run.derived(work, on_report)

    def unfinished(self) -> tuple[UnfinishedDownload, ...]:
        """Downloads of which something has come, and that do not go on now."""
        found = []
        for entry in self._entries_if_whole():
            folder = self._download_folder(entry.id)
            if entry.id not in self._downloading and folder.is_dir():
                done = sum(partial_file.bytes_here(folder, file.name) for file in entry.files)
                found += [UnfinishedDownload(entry, done)] if done else []
        return tuple(found)

    def discard(self, entry_id: str) -> UnfinishedDownload:
        """Throw away what has come of a download.

        Raises:
            UserInputError: nothing has, or it goes on now.
        """
        for unfinished in self.unfinished():
            if unfinished.entry.id == entry_id:
                shutil.rmtree(self._download_folder(entry_id), ignore_errors=True)
                return unfinished
        raise UserInputError("nothing-to-discard", name=self.entry(entry_id).name)

    def _import(
        self,
        entry: CatalogEntry,
        folder: Path,
        fetched: Sequence[client.Fetched],
        token: CancelToken,
        report: Report,
    ) -> Installed:
        """Into the library: a folder as it is, or else its files; what goes along with a model comes last."""
        sums = {file.path.relative_to(folder).as_posix(): file.sha256 for file in fetched}
        single = entry.kind in _SINGLE or len(fetched) == 1
        paths = (
            [file.path for file in fetched if gguf.parts(file.path)[0] == file.path] if single else [folder]
        )
        taken = [
            self.library.import_download(path, entry=entry.id, sums=sums, token=token, report=report)
            for path in paths
        ]
        shutil.rmtree(folder, ignore_errors=True)
        return taken[0]

    def _download_folder(self, entry_id: str) -> Path:
        """Where the files of a download wait until all of them are there."""
        return self._folder / _DOWNLOADS / entry_id

    # --- what is here

    @property
    def library(self) -> Library:
        """The models that are here. Opened with the first use, which sweeps up what was left unfinished."""
        entries = self._entries_if_whole()
        with self._lock:
            if self._library is None:
                self._library = Library(self._folder / LIBRARY, entries, self._check_unused)
            return self._library

    def _entries_if_whole(self) -> tuple[CatalogEntry, ...]:
        """Without a catalogue, one's own models can be used all the same."""
        try:
            return self.entries
        except DamagedStore:
            return ()

    def recognised_languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages that came along, in which text in pictures is recognised."""
        return tesseract_files.builtin_languages()

    def find(self, name: str) -> Installed | None:
        """The model of the library with this id or name."""
        wanted = name.casefold()
        for each in self.library.installed():
            if wanted in (each.id.casefold(), each.name.casefold()):
                return each
        return None

    def projector_of(self, model_path: Path) -> Path | None:
        """The file that lets this chat model see pictures; None where there is none. Reads headers alone."""
        return self.library.projector_of(model_path)

    def export_to(
        self,
        folder: str | Path,
        ids: Sequence[str] = (),
        extras: Extras = _NOTHING_MORE,
        *,
        on_report: Report | None = None,
    ) -> Run[BundleSummary]:
        """Write these models, or all, into a folder for another computer, with what goes along."""
        return self.library.export_to(folder, ids, self._bundle_contents.extras(extras), on_report=on_report)

    def import_from(self, folder: str | Path, *, on_report: Report | None = None) -> Run[BundleSummary]:
        """Take what `export_to` wrote on another computer, once every file of it was checked."""
        return self.library.import_from(folder, self._bundle_contents.import_extra, on_report=on_report)

    def close(self) -> None:
        """Let the courier end, and a look at this computer."""
        self._this_computer.close()
        self.courier.close()


def _imagined(computer: Computer, what_if: WhatIf) -> AvailableMemory:
    """The room with something else built in; other programs take what they take."""
    room = computer.room
    if what_if.memory is not None:
        taken = room.memory_total - room.memory_free
        room = replace(
            room, memory_total=what_if.memory, memory_free=max(_LEAST_FREE, what_if.memory - taken)
        )
    if what_if.device_memory is not None:
        size = what_if.device_memory
        card = Device(_IMAGINED, size, int(size * (1 - picker.CARD_IN_USE)))
        room = replace(room, devices=(card,) if size else ())
    return room
