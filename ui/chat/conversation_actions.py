"""The list of conversations and what is done with them: rename, pin, folders, the bin, out and in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from assistant import quantities
from assistant.chat.history.records import ConversationInfo, FolderInfo, HistoryHit, UndoToken
from assistant.errors import StorageError
from ui.chat.conversation_controller import ConversationController
from ui.chat.conversation_list import ConversationList
from ui.chat.conversation_list_model import title
from ui.chat.history_executor import SerialExecutor
from ui.common import formatting
from ui.common.dialogs import QuestionDialog
from ui.common.page_context import PageContext
from ui.common.theme import theme

LOAD_AFTER_MS = 40
ALL = "All chats"
BIN = "Bin"
FORMS = {"markdown": "Markdown (*.md)", "json": "JSON, with everything (*.json)"}
SUFFIXES = {"markdown": ".md", "json": ".json"}


class ConversationActions(QObject):
    def __init__(
        self,
        context: PageContext,
        executor: SerialExecutor,
        controller: ConversationController,
        window: QWidget,
    ) -> None:
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._controller = controller
        self._window = window
        self._folder: str | None = None
        """The folder that is shown; None: all."""
        self._in_bin = False
        self._query = ""
        self._folders: tuple[FolderInfo, ...] = ()
        self._removed: list[UndoToken] = []
        self.list = ConversationList()
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_AFTER_MS)
        self._load_timer.timeout.connect(self._load)
        self.list.new_wanted.connect(controller.begin)
        self.list.open_wanted.connect(self._open)
        self.list.menu_wanted.connect(lambda info, place: self.menu(info).popup(place))
        self.list.remove_wanted.connect(self.remove)
        self.list.rename_wanted.connect(self.rename)
        self.list.search_wanted.connect(self.search)
        self.list.folders_wanted.connect(self._show_folder_menu)
        controller.list_changed.connect(self.load)
        controller.changed.connect(self._conversation_changed)
        context.services_ready.connect(self.load)
        if context.ready:
            self.load()

    # --- which are shown

    def load(self) -> None:
        """Read the list anew, in a moment: several changes at once cost one reading."""
        if not self._load_timer.isActive():
            self._load_timer.start()

    def search(self, query: str) -> None:
        self._query = query
        self._load()

    def show_folder(self, folder: str | None) -> None:
        self._folder, self._in_bin = folder, False
        self.list.show_folder_name(ALL if folder is None else formatting.name(folder))
        self._load()

    def show_bin(self) -> None:
        self._in_bin, self._folder = True, None
        self.list.show_folder_name(BIN)
        self._load()

    def _load(self) -> None:
        if not self._context.ready:
            return
        services, folder, in_bin, query = self._context.services, self._folder, self._in_bin, self._query
        self._executor.do(lambda: services.history.folders(), self._folders_loaded)
        if query:
            self._executor.do(lambda: services.history.search(query), lambda hits: self._found(query, hits))
        elif in_bin:
            self._executor.do(lambda: services.history.bin(), self._bin_loaded)
        else:
            self._executor.do(lambda: services.history.conversations(folder), self._loaded)

    def _folders_loaded(self, folders: tuple[FolderInfo, ...]) -> None:
        self._folders = folders
        if self._folder is not None and all(folder.name != self._folder for folder in folders):
            self.show_folder(None)

    def _loaded(self, conversations: tuple[ConversationInfo, ...]) -> None:
        if not self._query and not self._in_bin:
            self.list.show_conversations(conversations, "What you talk about is listed here.")
            self._conversation_changed()

    def _bin_loaded(self, conversations: tuple[ConversationInfo, ...]) -> None:
        if not self._query and self._in_bin:
            self.list.show_conversations(conversations, "The bin is empty.")

    def _found(self, query: str, hits: tuple[HistoryHit, ...]) -> None:
        if query == self._query:
            self.list.show_hits(hits)
            self._conversation_changed()

    def _conversation_changed(self) -> None:
        self.list.show_opened(self._controller.info.id if self._controller.info is not None else None)

    def _open(self, conversation: int, message: int | None) -> None:
        self._controller.open(conversation, message)

    # --- doing

    def rename(self, info: ConversationInfo) -> None:
        services = self._context.services

        def taken(name: str) -> None:
            self._executor.do(lambda: services.history.rename(info.id, name), self._controller.info_changed)

        text = "The name is only for you; the model does not see it."
        question = QuestionDialog(self._window, "Rename", text, "Rename", "Name of the conversation", taken)
        question.field.setText(info.title)
        question.field.selectAll()
        question.open()

    def pin(self, info: ConversationInfo) -> None:
        services = self._context.services
        self._executor.do(
            lambda: services.history.pin(info.id, not info.pinned), self._controller.info_changed
        )

    def move(self, info: ConversationInfo, folder: str) -> None:
        services = self._context.services
        self._executor.do(lambda: services.history.move(info.id, folder), self._controller.info_changed)

    def remove(self, info: ConversationInfo) -> None:
        """Into the bin, with an undo; out of the bin for good, once the person has said so."""
        services = self._context.services
        if info.deleted is not None:
            self._executor.do(lambda: services.history.purge([info.id]), lambda _: self.load())
            return
        if self._controller.info is not None and self._controller.info.id == info.id:
            self._controller.begin()

        def removed(token: UndoToken) -> None:
            self._removed.append(token)
            self.load()
            self._context.notices.undo(f"“{title(info)}” is in the bin.", lambda: self._restore(token))

        self._executor.do(lambda: services.history.delete(info.id), removed)

    def undo(self) -> bool:
        """Bring back what was put into the bin last; false if nothing was."""
        if not self._removed:
            return False
        self._restore(self._removed[-1])
        return True

    def restore(self, info: ConversationInfo) -> None:
        self._restore(UndoToken((info.id,)))

    def _restore(self, token: UndoToken) -> None:
        services = self._context.services
        self._removed = [each for each in self._removed if each != token]

        def restored(infos: tuple[ConversationInfo, ...]) -> None:
            self.load()
            for notice in self._context.notices.all():
                if notice.action is not None and notice.action.words == "Undo":
                    self._context.notices.close(notice)
            if infos:
                self._context.notices.say(f"“{title(infos[0])}” is back.")

        self._executor.do(lambda: services.history.restore(token), restored)

    # --- out and in

    def export(self, ids: Sequence[int], name: str, form: str) -> None:
        """Ask where to, and write these conversations there."""
        dialog = QFileDialog(self._window, "Export")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(FORMS[form])
        dialog.setDefaultSuffix(SUFFIXES[form])
        dialog.selectFile(file_stem(name) + SUFFIXES[form])
        dialog.filesSelected.connect(lambda files: self.write(Path(files[0]), ids, form))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path, ids: Sequence[int], form: str) -> None:
        services = self._context.services

        def work() -> None:
            text = services.history.export(ids, "json" if form == "json" else "markdown")
            try:
                path.write_text(text, encoding="utf-8")
            except OSError as error:
                why = error.strerror or str(error)
                raise StorageError(
                    f"“{formatting.file_name(str(path))}” could not be written: {why}.",
                    "Choose another folder.",
                ) from error

        said = f"{quantities.count(len(ids), 'conversation')} written to “{formatting.file_name(str(path))}”."
        self._executor.do(work, lambda _: self._say(said))

    def choose_import(self) -> None:
        dialog = QFileDialog(self._window, "Import conversations")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(["Conversations (*.json *.md)", "All files (*)"])
        dialog.filesSelected.connect(lambda files: self.read([Path(file) for file in files]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def read(self, files: Sequence[Path]) -> None:
        """Take conversations in from files that were exported."""
        services = self._context.services

        def work() -> int:
            taken = 0
            for path in files:
                try:
                    text = path.read_text(encoding="utf-8-sig")
                except (OSError, UnicodeDecodeError) as error:
                    raise StorageError(
                        f"“{formatting.file_name(str(path))}” could not be read.", "Choose an exported file."
                    ) from error
                taken += len(services.history.import_(text))
            return taken

        def done(taken: int) -> None:
            self.load()
            self._say(f"{quantities.count(taken, 'conversation')} taken in.")

        self._executor.do(work, done)

    def _say(self, text: str) -> None:
        self._context.notices.say(text)

    # --- menus

    def menu(self, info: ConversationInfo) -> QMenu:
        menu = _menu(self.list)
        if info.deleted is not None:
            menu.addAction(theme().icon("arrow-counter-clockwise"), "Bring back", partial(self.restore, info))
            menu.addAction(theme().icon("trash"), "Delete for good", partial(self.remove, info))
            return menu
        menu.addAction(theme().icon("pencil-simple"), "Rename…", partial(self.rename, info))
        pin = "Unpin" if info.pinned else "Pin"
        menu.addAction(theme().icon("push-pin"), pin, partial(self.pin, info))
        self._add_folders(menu, info)
        out = menu.addMenu(theme().icon("export"), "Export")
        for form, name in (("markdown", "As Markdown…"), ("json", "As JSON…")):
            out.addAction(name, partial(self.export, [info.id], title(info), form))
        menu.addSeparator()
        menu.addAction(theme().icon("trash"), "Put into the bin", partial(self.remove, info))
        return menu

    def _add_folders(self, menu: QMenu, info: ConversationInfo) -> None:
        moving = menu.addMenu(theme().icon("folder-simple"), "Move to folder")
        for folder in self._folders:
            name = formatting.name(folder.name).replace("&", "&&")
            action = moving.addAction(name, partial(self.move, info, folder.name))
            action.setEnabled(folder.name != info.folder)
        if info.folder:
            moving.addAction("Out of its folder", partial(self.move, info, ""))
        moving.addSeparator()
        moving.addAction("New folder…", partial(self._make_folder, info))

    def _make_folder(self, info: ConversationInfo) -> None:
        text = "A folder is there as long as something is in it."
        taken = partial(self.move, info)
        QuestionDialog(self._window, "New folder", text, "Create", "Name of the folder", taken).open()

    def _show_folder_menu(self) -> None:
        button = self.list.folder_button
        self.folder_menu().popup(button.mapToGlobal(QPoint(0, button.height())))

    def folder_menu(self) -> QMenu:
        """All conversations, each folder, the bin; and what is done with all of them."""
        menu = _menu(self.list)
        menu.addAction(theme().icon("chats-circle"), ALL, partial(self.show_folder, None))
        for folder in self._folders:
            name = f"{formatting.name(folder.name)}   {quantities.number(folder.conversations)}".replace(
                "&", "&&"
            )
            menu.addAction(theme().icon("folder-simple"), name, partial(self.show_folder, folder.name))
        menu.addAction(theme().icon("trash"), BIN, self.show_bin)
        menu.addSeparator()
        menu.addAction(theme().icon("download-simple"), "Import…", self.choose_import)
        menu.addAction(theme().icon("export"), "Export all…", self._export_all)
        return menu

    def _export_all(self) -> None:
        services = self._context.services

        def loaded(infos: tuple[ConversationInfo, ...]) -> None:
            if infos:
                self.export([info.id for info in infos], "conversations", "json")
            else:
                self._say("There is no conversation to export yet.")

        self._executor.do(lambda: services.history.conversations(), loaded)


def file_stem(name: str) -> str:
    """A file's name made of a title: no separators, not too long."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in name)
    return " ".join(kept.split())[:60] or "conversation"


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
