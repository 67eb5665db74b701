"""What a person does with documents, each with its notice and, where it takes something away, its undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from assistant.documents.records import (
    AddedDocuments,
    DocumentInfo,
    DocumentsChanged,
    DocumentState,
    RemovedDocuments,
)
from ui.common import document_state, formatting, quantities
from ui.common.dialogs import PasswordDialog
from ui.common.notices import Action
from ui.common.page_context import PageContext

_UNFINISHED = frozenset({DocumentState.QUEUED, DocumentState.INDEXING})
_NAMED = 3
"""So many files are named in one notice."""


class DocumentActions(QObject):
    collections_changed = Signal()
    added = Signal(AddedDocuments)

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._removed: list[tuple[int, ...]] = []
        self._watched_closely: dict[int, bool] = {}
        """Ids that this person just added or opened, and whether with a password."""
        context.bridge.documents_changed.connect(self._look_for_passwords)

    # --- adding

    def choose_files(self, collection: str | None) -> None:
        self._choose(
            "Add files", QFileDialog.FileMode.ExistingFiles, lambda paths: self.add(paths, collection)
        )

    def choose_folder(self, collection: str | None) -> None:
        self._choose(
            "Add a folder", QFileDialog.FileMode.Directory, lambda paths: self.add(paths, collection)
        )

    def choose_folder_to_watch(self, collection: str) -> None:
        self._choose(
            "Follow a folder", QFileDialog.FileMode.Directory, lambda paths: self.watch(paths[0], collection)
        )

    def add(self, paths: Sequence[str], collection: str | None) -> None:
        """Folders are followed from then on, unless the settings say not to."""
        if not paths or not self._ready():
            return
        services = self._context.services
        run = services.documents.add(paths, collection, watch=services.settings.documents.watch_folders)
        self._context.bridge.follow(run, self._were_added)

    def watch(self, folder: str, collection: str) -> None:
        if self._ready():
            run = self._context.services.documents.watch(folder, collection)
            name = formatting.file_name(folder)
            done = f"“{name}” is followed now.", "New and changed files in it are read as they come."
            self._context.bridge.follow(run, lambda _: self._tell_and_refresh(*done))

    def unwatch(self, folder: str) -> None:
        if self._ready():
            run = self._context.services.documents.unwatch(folder)
            done = (
                f"“{formatting.file_name(folder)}” is no longer followed.",
                "Its documents stay until you remove them.",
            )
            self._context.bridge.follow(run, lambda _: self._tell_and_refresh(*done))

    # --- taking away and bringing back

    def remove(self, documents: Sequence[DocumentInfo]) -> None:
        if documents and self._ready():
            run = self._context.services.documents.remove([document.id for document in documents])
            self._context.bridge.follow(run, self._were_removed)

    def undo(self) -> None:
        """Bring back what was removed last."""
        if self._removed and self._ready():
            self._restore(self._removed[-1])

    # --- one document

    def retry(self, document: DocumentInfo) -> None:
        if self._ready():
            self._watched_closely[document.id] = False
            self._context.bridge.follow(self._context.services.documents.retry(document.id), lambda _: None)

    def ask_password(self, document: DocumentInfo) -> None:
        wrong = bool(document.error and "wrong" in document.error.message.casefold())

        def taken(password: str) -> None:
            if self._ready():
                self._watched_closely[document.id] = True
                run = self._context.services.documents.retry(document.id, password)
                self._context.bridge.follow(run, lambda _: None)

        PasswordDialog(self._window, formatting.document_name(document), taken, wrong=wrong).open()

    def stop(self, document: int) -> None:
        if self._ready():
            self._context.bridge.follow(
                self._context.services.documents.stop_document(document), lambda _: None
            )

    def move(self, documents: Sequence[DocumentInfo], collection: str) -> None:
        ids = [document.id for document in documents if document.collection != collection]
        if not ids or not self._ready():
            return
        what = _what(documents)

        def moved(_: object) -> None:
            self._tell_and_refresh(f"{what} moved to “{formatting.name(collection)}”.", "")

        self._context.bridge.follow(self._context.services.documents.move(ids, collection), moved)

    def pause(self) -> None:
        if self._ready():
            self._context.bridge.follow(self._context.services.documents.pause(), lambda _: None)

    def resume(self) -> None:
        if self._ready():
            self._context.bridge.follow(self._context.services.documents.resume(), lambda _: None)

    def open_file(self, path: str) -> None:
        """In the system's own viewer."""
        if not self._open(Path(path)):
            self._context.notices.warn(
                f"“{formatting.file_name(path)}” could not be opened.",
                "It may have been moved, or no program on this computer opens such files.",
            )

    def open_folder(self, path: str) -> None:
        """The folder that a file lies in."""
        if not self._open(Path(path).parent):
            self._context.notices.warn(f"The folder of “{formatting.file_name(path)}” could not be opened.")

    def copy(self, text: str, what: str) -> None:
        QApplication.clipboard().setText(text)
        self._context.notices.say(f"{what} copied.")

    # --- what comes back

    def _were_added(self, added: AddedDocuments) -> None:
        for document in added.documents:
            self._watched_closely[document.id] = False
        self.added.emit(added)
        self.collections_changed.emit()
        if added.refused:
            self._tell_refused(added)
        elif added.already and not added.documents:
            self._context.notices.say(f"{_what(added.already)} already there, and unchanged.")

    def _tell_refused(self, added: AddedDocuments) -> None:
        paths = [path for path, _ in added.refused]
        problems = {problem.message for _, problem in added.refused}
        if len(paths) == 1:
            problem = added.refused[0][1]
            self._context.notices.warn(
                f"“{formatting.file_name(paths[0])}” was not added: {problem.message}", problem.hint
            )
            return
        named = ", ".join(formatting.file_name(path) for path in paths[:_NAMED])
        more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
        why = f" {problems.pop()}" if len(problems) == 1 else ""
        self._context.notices.warn(
            f"{quantities.count(len(paths), 'file')} could not be added.{why}", f"{named}{more}"
        )

    def _were_removed(self, removed: RemovedDocuments) -> None:
        self.collections_changed.emit()
        if removed.documents:
            ids = tuple(document.id for document in removed.documents)
            self._removed.append(ids)
            text = f"{_what(removed.documents)} removed. The file stays where it is."
            if len(ids) > 1:
                text = f"{_what(removed.documents)} removed. The files stay where they are."
            self._context.notices.undo(text, lambda: self._restore(ids))

    def _restore(self, ids: tuple[int, ...]) -> None:
        if ids not in self._removed or not self._ready():
            return
        self._removed.remove(ids)
        run = self._context.services.documents.restore(ids)

        def restored(documents: tuple[DocumentInfo, ...]) -> None:
            self.collections_changed.emit()
            for notice in self._context.notices.all():
                if notice.action is not None and notice.action.words == "Undo":
                    self._context.notices.close(notice)
            self._context.notices.say(f"{_what(documents)} brought back.")

        self._context.bridge.follow(run, restored)

    def _look_for_passwords(self, changed: DocumentsChanged) -> None:
        """Encrypted files that were just added are told of at once; those of long ago wait in their rows."""
        locked: list[tuple[DocumentInfo, bool]] = []
        for document in changed.documents:
            if document.id in self._watched_closely and document.state not in _UNFINISHED:
                with_password = self._watched_closely.pop(document.id)
                if document_state.needs_password(document):
                    locked.append((document, with_password))
        if len(locked) == 1:
            document, tried = locked[0]
            name = formatting.document_name(document)
            message = (
                f"The password did not open “{name}”." if tried else f"“{name}” is protected by a password."
            )
            self._context.notices.warn(message, "", Action("Password…", lambda: self.ask_password(document)))
        elif locked:
            self._context.notices.warn(
                f"{len(locked)} documents are protected by passwords.", "Their rows have a button for it."
            )

    def _tell_and_refresh(self, message: str, hint: str) -> None:
        self._context.notices.say(message, hint)
        self.collections_changed.emit()

    def _ready(self) -> bool:
        if not self._context.ready:
            self._context.notices.say("The documents are still being opened.", "Try again in a moment.")
        return self._context.ready

    def _choose(self, title: str, mode: QFileDialog.FileMode, taken: Callable[[list[str]], None]) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(lambda files: taken(list(files)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @staticmethod
    def _open(path: Path) -> bool:
        # The bytes of a name that is not UTF-8 survive in a URI only.
        return QDesktopServices.openUrl(QUrl.fromEncoded(path.absolute().as_uri().encode()))


def _what(documents: Iterable[DocumentInfo]) -> str:
    documents = tuple(documents)
    if len(documents) == 1:
        return f"“{formatting.document_name(documents[0])}”"
    return quantities.count(len(documents), "document")
