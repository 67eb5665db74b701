"""Documents and conversations in a bundle of models for another computer.

Documents go as the store that was made of them, with the embedder that they are searched with: what was read
can be found and quoted there, though the files themselves stay where they are. They are put in place before
the documents worker begins, at the next start. Conversations and assistants are joined with those that are
there.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

from assistant import file_copy, paths
from assistant.chat.assistant_records import Assistant
from assistant.chat.assistants import Assistants
from assistant.chat.history.history import History
from assistant.documents.embedders.embedder_folder import FILES, MANIFEST
from assistant.documents.records import HANDBOOK_COLLECTION
from assistant.documents.store.database import REASONS
from assistant.documents.store.embedders import look_up
from assistant.error_messages import Detail
from assistant.errors import Cancelled, Problem, StorageError, UserInputError
from assistant.file_copy import Meter, delete, disk_failures_said
from assistant.models.library.bundle_export import BundleExtra
from assistant.models.library.records import Extras
from assistant.sqlite_file import check, connect_read_only, translated

_DOCUMENTS, _CHATS = "documents", "chats"
_EMBEDDERS, _PICTURES = "embedders", "pictures"
_ASSISTANTS = "assistants.json"
_ARRIVED = "documents.arrived"
"""Folder of the home that keeps the documents of a bundle until the next start."""
_CONVERSATIONS_IN_A_FILE = 100
_STEPS = 20_000
"""Of SQLite's machine, between two looks at the person's Stop: some milliseconds."""
_REASONS = replace(REASONS, full="document-store-not-carried")


class BundleContents:
    """Packs and unpacks what belongs to a home. Methods may be called from any thread."""

    def __init__(
        self,
        home: Path,
        history: Callable[[], History],
        assistants: Assistants,
        adopt_pictures: Callable[[Path], Mapping[str, str]],
    ) -> None:
        """
        Args:
            adopt_pictures: keeps the pictures in a folder; tells what each is called from then on.
        """
        self._home = home
        self._history = history
        self._assistants = assistants
        self._adopt_pictures = adopt_pictures

    def extras(self, wanted: Extras) -> tuple[BundleExtra, ...]:
        """What is to go along, for `Library.export_to`."""
        store = self._store
        documents = BundleExtra(_DOCUMENTS, _size(store), self._export_documents)
        chats = BundleExtra(_CHATS, _size_of_chats(), self._export_chats)
        return (documents,) * wanted.documents + (chats,) * wanted.chats

    def import_extra(self, name: str, folder: Path) -> None:
        """Take over what a bundle holds, for `Library.import_from`.

        Raises:
            UserInputError: there are documents here already.
            StorageError: it cannot be written, or was not written by this program.
        """
        with disk_failures_said(f"read-bundle-{name}"):
            if name == _DOCUMENTS:
                self._import_documents(folder)
            elif name == _CHATS:
                self._import_chats(folder)

    # --- documents

    @property
    def _store(self) -> Path:
        return self._home / _DOCUMENTS / paths.DOCUMENTS_FILE

    def _export_documents(self, folder: Path, meter: Meter) -> None:
        _copy_store(self._store, folder, meter)
        active, _ = look_up(folder / paths.DOCUMENTS_FILE)
        embedder = self._home / _EMBEDDERS / (active.name if active is not None else "")
        if active is not None and (embedder / MANIFEST).is_file():
            target = folder / _EMBEDDERS / active.name
            target.mkdir(parents=True)
            for name in (MANIFEST, *FILES):
                file_copy.copy(embedder / name, target / name, meter)

    def _import_documents(self, folder: Path) -> None:
        if _own_documents(self._store):
            raise UserInputError("documents-here-already")
        with (
            closing(connect_read_only(folder / paths.DOCUMENTS_FILE)) as carried,
            translated(folder / paths.DOCUMENTS_FILE, _REASONS),
        ):
            check(carried, "carried-documents-damaged")
        arrived = self._home / _ARRIVED
        delete(arrived)
        folder.rename(arrived)

    # --- conversations

    def _export_chats(self, folder: Path, meter: Meter) -> None:
        history = self._history()
        ids = [each.id for each in history.conversations()]
        for number, first in enumerate(range(0, len(ids), _CONVERSATIONS_IN_A_FILE), 1):
            text = history.export(ids[first : first + _CONVERSATIONS_IN_A_FILE], "json", pictures=False)
            (folder / f"conversations-{number:04}.json").write_text(text, encoding="utf-8", newline="\n")
            meter.add(len(text))
        for name in history.pictures.names():
            file_copy.copy(history.pictures.path(name), folder / _PICTURES / name, meter)
        own = self._home / _ASSISTANTS
        if own.exists():
            shutil.copyfile(own, folder / _ASSISTANTS)

    def _import_chats(self, folder: Path) -> None:
        history = self._history()
        pictures = self._adopt_pictures(folder / _PICTURES)
        for path in sorted(folder.glob("conversations-*.json")):
            history.import_(path.read_text(encoding="utf-8"), pictures)
        carried = Assistants(folder / _ASSISTANTS, paths.resources() / _ASSISTANTS)
        for each in carried.all():
            if each.own:
                self._import_assistant(each)

    def _import_assistant(self, carried: Assistant) -> None:
        """One that is here under the same id and is another is left alone, and the new one put beside it."""
        # Its model lies elsewhere here, if at all.
        new = replace(carried, model="", adapter="")
        mine = {each.id: each for each in self._assistants.all()}
        known = mine.get(new.id)
        if known is None or not known.own:
            self._assistants.restore(new)
        elif not any(_alike(new, each) for each in mine.values()):
            values = asdict(new)
            for key in ("id", "name", "instructions", "own", "builtin"):
                del values[key]
            self._assistants.create(new.name, new.instructions, **values)


def put_documents_in_place(home: Path) -> Problem | None:
    """Put documents of a bundle where they belong. Call it before the documents worker is started.

    Returns:
        why they could not be; None otherwise.
    """
    arrived, place = home / _ARRIVED, home / _DOCUMENTS
    if not (arrived / paths.DOCUMENTS_FILE).is_file():
        return None
    try:
        if _own_documents(place / paths.DOCUMENTS_FILE):
            return Problem(StorageError.code, "carried-documents-wait", {"folder": str(arrived)})
        place.mkdir(exist_ok=True)
        for old in (f"{paths.DOCUMENTS_FILE}-wal", f"{paths.DOCUMENTS_FILE}-shm", paths.DOCUMENTS_FILE):
            (place / old).unlink(missing_ok=True)
        delete(place / "vectors")
        for embedder in (arrived / _EMBEDDERS).glob("*/"):
            here = home / _EMBEDDERS / embedder.name
            if not here.exists():
                here.parent.mkdir(exist_ok=True)
                embedder.rename(here)
        (arrived / paths.DOCUMENTS_FILE).rename(place / paths.DOCUMENTS_FILE)
        delete(arrived)
    except (OSError, StorageError) as error:
        details: dict[str, Detail] = {"folder": str(arrived), "why": str(error)}
        return Problem(StorageError.code, "carried-documents-not-placed", details)
    return None


def _own_documents(store: Path) -> bool:
    """Whether a store holds documents of the person, not the handbook's alone."""
    if not store.is_file():
        return False
    with translated(store, _REASONS), closing(connect_read_only(store)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'").fetchone():
            return False
        own = """SELECT 1 FROM documents d JOIN collections c ON c.id = d.collection
                 WHERE c.name != ? AND d.removed_at IS NULL LIMIT 1"""
        return connection.execute(own, (HANDBOOK_COLLECTION,)).fetchone() is not None


def _copy_store(store: Path, folder: Path, meter: Meter) -> None:
    """A copy of one moment, whatever is being indexed meanwhile. The vector index is made from it again."""
    if not store.is_file():
        raise UserInputError("no-documents-to-carry")

    def stop() -> bool:
        try:
            meter.add(0)
        except Cancelled:
            return True
        return False

    with translated(store, _REASONS), closing(connect_read_only(store)) as connection:
        connection.set_progress_handler(stop, _STEPS)
        try:
            connection.execute("VACUUM INTO ?", (str(folder / paths.DOCUMENTS_FILE),))
        except sqlite3.OperationalError:
            meter.add(0)  # raises Cancelled if that was why
            raise


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _size_of_chats() -> int:
    pictures = paths.chat_pictures_folder()
    return _size(paths.history_file()) + sum(map(_size, pictures.glob("*")))


def _alike(one: Assistant, other: Assistant) -> bool:
    return replace(one, id="", model="", adapter="") == replace(other, id="", model="", adapter="")
