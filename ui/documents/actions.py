"""What a person does with documents, each with its notice and, where it takes something away, its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.event_records import DocumentsChanged
from assistant.documents.records import (
    DEFAULT_COLLECTION,
    AddedDocuments,
    CollectionInfo,
    DocumentInfo,
    DocumentState,
    RemovedDocuments,
)
from assistant.models.files.records import SortedPaths
from ui.common import document_state, error_words, formatting
from ui.common.dialogs import PasswordDialog
from ui.common.file_dialogs import Purpose, choose_files, choose_folder
from ui.common.notices import Action, Notice
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Running
from ui.common.translation import arg, listed, translate
from ui.common.undo_stack import UndoStack

if TYPE_CHECKING:
    from assistant.services import Services

T = TypeVar("T")

MOST_NAMED = 3
"""Files that one notice names; of the others it gives the number."""


class DocumentActions(QObject):
    collections_changed = Signal()
    collection_renamed = Signal(str, str)
    """The old name and the new one."""
    added = Signal(AddedDocuments)
    models_given = Signal(SortedPaths)
    """Some of what was to be added are models."""
    recordings_given = Signal(SortedPaths)

    def __init__(self, context: PageContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        self._removed: UndoStack[tuple[int, ...]] = UndoStack(context, self._restore)
        self._may_need_password: dict[int, bool] = {}
        """Ids that this person just added or opened, and whether with a password."""
        self._password_dialogs: dict[int, PasswordDialog] = {}
        """Those that are open, by their documents."""
        self._missing: dict[int, DocumentInfo] = {}
        """Documents whose files went away since the start."""
        self._missing_notice: Notice | None = None
        context.bridge.documents_changed.connect(self._look_for_passwords)
        context.bridge.documents_changed.connect(self._look_for_missing)

    # --- adding

    def choose_files(self, collection: str | None) -> None:
        title = translate("documents", "Add files")
        choose_files(self._window, Purpose.DOCUMENTS, title, lambda paths: self.add(paths, collection))

    def choose_folder(self, collection: str | None) -> None:
        title = translate("documents", "Add a folder")
        choose_folder(self._window, Purpose.DOCUMENTS, title, lambda path: self.add([path], collection))

    def choose_folder_to_watch(self, collection: str) -> None:
        title = translate("documents", "Watch a folder")
        choose_folder(self._window, Purpose.DOCUMENTS, title, lambda path: self.watch(path, collection))

    def add(self, paths: Sequence[str], collection: str | None) -> None:
        """Folders are followed from then on, unless the settings say not to."""
        self.sort_out(paths, partial(self._add, collection))

    def sort_out(self, paths: Sequence[str], others: Callable[[Sequence[str]], None]) -> None:
        """Models go to the models, recordings to the transcripts, and what else there is to `others`."""

        def sorted_out(given: SortedPaths) -> None:
            if given.models:
                self.models_given.emit(given)
            if given.recordings:
                self.recordings_given.emit(given)
            if given.others:
                others(given.others)

        if paths and self._context.ready_or_told():
            self._context.in_background(lambda services: services.sort_out(paths), sorted_out)

    def _add(self, collection: str | None, paths: Sequence[str]) -> None:
        watch = self._context.services.settings.documents.watch_folders
        self._run(lambda services: services.documents.add(paths, collection, watch=watch), self._were_added)

    def watch(self, folder: str, collection: str) -> None:
        message = arg(translate("documents", "“%1” is now watched."), formatting.file_name(folder))
        hint = translate("documents", "New and changed files in it are read automatically.")
        self._change(lambda services: services.documents.watch(folder, collection), message, hint)

    def unwatch(self, folder: str) -> None:
        message = arg(translate("documents", "“%1” is no longer watched."), formatting.file_name(folder))
        hint = translate("documents", "Its documents stay until you remove them.")
        self._change(lambda services: services.documents.unwatch(folder), message, hint)

    # --- taking away and bringing back

    def remove(self, documents: Sequence[DocumentInfo]) -> None:
        if ids := [document.id for document in documents]:
            self._run(lambda services: services.documents.remove(ids), self._were_removed)

    def undo(self) -> None:
        """Bring back what was removed last."""
        self._removed.undo()

    # --- one document

    def retry(self, document: DocumentInfo, password: str | None = None) -> None:
        if self._run(lambda services: services.documents.retry(document.id, password)):
            self._may_need_password[document.id] = password is not None

    def ask_password(self, document: DocumentInfo) -> None:
        wrong = bool(document.error and document.error.details.get("wrong"))
        name = formatting.document_name(document)
        dialog = PasswordDialog(
            self._window, name, lambda password: self.retry(document, password), wrong=wrong
        )
        self._password_dialogs[document.id] = dialog
        dialog.finished.connect(lambda _: self._password_dialogs.pop(document.id, None))
        dialog.open()

    def stop(self, document: int) -> None:
        self._run(lambda services: services.documents.stop_document(document))

    def pause(self) -> None:
        self._run(lambda services: services.documents.pause())

    def resume(self) -> None:
        self._run(lambda services: services.documents.resume())

    # --- collections

    def move(self, documents: Sequence[DocumentInfo], collection: str) -> None:
        ids = [document.id for document in documents if document.collection != collection]
        if not ids:
            return
        target = formatting.name(collection)
        if len(documents) == 1:
            name = formatting.document_name(documents[0])
            message = arg(translate("documents", "“%1” was moved to “%2”."), name, target)
        else:
            text = translate("documents", "%n documents were moved to “%1”.", None, len(documents))
            message = arg(text, target)
        self._change(lambda services: services.documents.move(ids, collection), message)

    def rename_collection(self, name: str, new_name: str) -> None:
        """Its documents, its folders and the assistants that ask it stay with it."""

        def renamed(_: object) -> None:
            self.collection_renamed.emit(name, new_name)
            self.collections_changed.emit()
            self._context.in_background(
                lambda services: services.assistants.collection_renamed(name, new_name),
                lambda _: self._context.assistants_changed.emit(),
            )

        self._run(lambda services: services.documents.rename_collection(name, new_name), renamed)

    def delete_collection(self, collection: CollectionInfo) -> None:
        """Its documents and folders go to the default one."""
        name, folders = collection.name, collection.folders

        def deleted(documents: tuple[DocumentInfo, ...]) -> None:
            ids = [document.id for document in documents]
            self.collections_changed.emit()
            text = translate("documents", "“%1” was deleted. Its documents are now in “%2”.")
            message = arg(text, formatting.name(name), formatting.name(DEFAULT_COLLECTION))
            self._context.notices.undo(message, lambda: self._bring_back(name, ids, folders))

        self._run(lambda services: services.documents.delete_collection(name), deleted)

    def _bring_back(self, collection: str, documents: Sequence[int], folders: Sequence[str]) -> None:
        """A collection that was deleted."""
        for folder in folders:
            self._run(partial(_watch, folder, collection))
        self._run(
            lambda services: services.documents.move(documents, collection),
            lambda _: self.collections_changed.emit(),
        )

    # --- what comes back

    def _were_added(self, added: AddedDocuments) -> None:
        self._may_need_password.update({document.id: False for document in added.documents})
        self.added.emit(added)
        self.collections_changed.emit()
        if added.refused:
            self._tell_refused(added)
        elif added.already and not added.documents:
            if len(added.already) == 1:
                name = formatting.document_name(added.already[0])
                message = arg(translate("documents", "“%1” is already there and unchanged."), name)
            else:
                amount = len(added.already)
                message = translate(
                    "documents", "%n documents are already there and unchanged.", None, amount
                )
            self._context.notices.say(message)

    def _tell_refused(self, added: AddedDocuments) -> None:
        names = [formatting.file_name(path) for path, _ in added.refused]
        problem = added.refused[0][1]
        why = error_words.message(problem)
        if len(names) == 1:
            message = arg(translate("documents", "“%1” was not added: %2"), names[0], why)
            self._context.notices.warn(message, error_words.hint(problem))
            return
        message = translate("documents", "%n files could not be added.", None, len(names))
        if all(error_words.message(other) == why for _, other in added.refused):
            message = f"{message} {why}"
        self._context.notices.warn(message, listed(names, MOST_NAMED))

    def _were_removed(self, removed: RemovedDocuments) -> None:
        self.collections_changed.emit()
        ids = tuple(document.id for document in removed.documents)
        if len(ids) == 1:
            name = formatting.document_name(removed.documents[0])
            message = arg(translate("documents", "“%1” was removed. The file itself was not deleted."), name)
            self._removed.removed(ids, message)
        elif ids:
            message = translate(
                "documents",
                "%n documents were removed. The files themselves were not deleted.",
                None,
                len(ids),
            )
            self._removed.removed(ids, message)

    def _restore(self, ids: tuple[int, ...]) -> None:
        def restored(documents: tuple[DocumentInfo, ...]) -> None:
            self.collections_changed.emit()
            if len(documents) == 1:
                name = formatting.document_name(documents[0])
                message = arg(translate("documents", "“%1” was restored."), name)
            else:
                message = translate("documents", "%n documents were restored.", None, len(documents))
            self._context.notices.say(message)

        self._run(lambda services: services.documents.restore(ids), restored)

    def _look_for_missing(self, changed: DocumentsChanged) -> None:
        """Said once; of a drive that is away in one notice, though its documents come in several batches."""
        before = set(self._missing)
        for identity in changed.gone:
            self._missing.pop(identity, None)
        for document in changed.documents:
            if document.state is DocumentState.MISSING:
                self._missing[document.id] = document
            else:
                self._missing.pop(document.id, None)
        if self._missing_notice is not None and self._missing.keys() != before:
            self._context.notices.close(self._missing_notice)
        if self._missing.keys() <= before:
            return
        if len(self._missing) == 1:
            (document,) = self._missing.values()
            text = translate("documents", "“%1” is missing.")
            message = arg(text, formatting.document_name(document))
            hint = translate("documents", "Its text is kept and can still be searched until you remove it.")
        else:
            message = translate(
                "documents", "The files of %n documents are missing.", None, len(self._missing)
            )
            hint = translate("documents", "Their text is kept and can still be searched until you remove it.")
        self._missing_notice = self._context.notices.warn(message, hint)

    def _look_for_passwords(self, changed: DocumentsChanged) -> None:
        """Encrypted files that were just added are told of at once; those of long ago wait in their rows."""
        locked: list[tuple[DocumentInfo, bool]] = []
        for document in changed.documents:
            if document.id in self._may_need_password and document.state not in document_state.UNFINISHED:
                with_password = self._may_need_password.pop(document.id)
                dialog = self._password_dialogs.get(document.id)
                if not document_state.needs_password(document):
                    if dialog is not None:
                        dialog.accept()
                elif dialog is not None and with_password:
                    dialog.refuse()
                else:
                    locked.append((document, with_password))
        if len(locked) == 1:
            document, tried = locked[0]
            text = (
                translate("documents", "The password did not open “%1”.")
                if tried
                else translate("documents", "“%1” is protected by a password.")
            )
            ask = Action(translate("documents", "Password…"), lambda: self.ask_password(document))
            self._context.notices.warn(arg(text, formatting.document_name(document)), "", ask)
        elif locked:
            self._context.notices.warn(
                translate("documents", "%n documents are protected by passwords.", None, len(locked)),
                translate("documents", "Use “Password…” in their rows."),
            )

    def _change(self, start: Callable[[Services], Running[object]], message: str, hint: str = "") -> None:
        """Change what collections hold, and say so afterwards."""

        def changed(_: object) -> None:
            self._context.notices.say(message, hint)
            self.collections_changed.emit()

        self._run(start, changed)

    def _run(
        self,
        start: Callable[[Services], Running[T]],
        on_result: Callable[[T], object] = lambda _: None,
    ) -> bool:
        """Have it done, or say that the documents are not open yet: then false."""
        if not self._context.ready_or_told():
            return False
        self._context.run(start, on_result)
        return True


def _watch(folder: str, collection: str, services: Services) -> Running[None]:
    return services.documents.watch(folder, collection)
