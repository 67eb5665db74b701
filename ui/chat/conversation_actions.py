"""The list of conversations and what is done with them: rename, pin, folders, the bin, undo."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from assistant.chat.history.records import ConversationInfo, FolderInfo, HistoryHit
from ui.chat.conversation_files import ConversationFiles
from ui.chat.conversation_list import ConversationList
from ui.chat.conversation_list_model import title
from ui.chat.history_executor import HistoryExecutor
from ui.chat.open_conversation import OpenConversation
from ui.common import formatting, quantities
from ui.common.dialogs import QuestionDialog
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.common.undo_stack import UndoStack

LOAD_AFTER_MS = 40
"""Several changes at once cost one reading of the list."""


class ConversationActions(QObject):
    def __init__(
        self,
        context: PageContext,
        executor: HistoryExecutor,
        conversation: OpenConversation,
        window: QWidget,
    ) -> None:
        super().__init__(context)
        self._context = context
        self._executor = executor
        self._conversation = conversation
        self._window = window
        self._folder: str | None = None
        """The folder that is shown; None: all."""
        self._in_bin = False
        self._query = ""
        self._folders: tuple[FolderInfo, ...] = ()
        self._undo_stack = UndoStack[tuple[int, ...]](context, self._restore)
        self.files = ConversationFiles(context, executor, window, self.load)
        self.list = ConversationList(self.folder_menu)
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_AFTER_MS)
        self._load_timer.timeout.connect(self._load)
        self.list.new.clicked.connect(lambda: conversation.begin())
        self.list.search_wanted.connect(self.search)
        self.list.view.open_wanted.connect(conversation.open)
        self.list.view.menu_wanted.connect(lambda info, place: self.menu(info).popup(place))
        self.list.view.remove_wanted.connect(self.remove)
        self.list.view.rename_wanted.connect(self.rename)
        conversation.list_changed.connect(self.load)
        conversation.changed.connect(self._conversation_changed)
        context.services_ready.connect(self.load)
        self.load()

    # --- which are shown

    def load(self) -> None:
        """Read the list anew, in a moment."""
        if not self._load_timer.isActive():
            self._load_timer.start()

    def search(self, query: str) -> None:
        self._query = query
        self._load()

    def show_folder(self, folder: str | None) -> None:
        self._folder, self._in_bin = folder, False
        self.list.show_folder_name(None if folder is None else formatting.name(folder))
        self._load()

    def show_bin(self) -> None:
        self._in_bin, self._folder = True, None
        self.list.show_folder_name(translate("chat", "Bin"))
        self._load()

    def _load(self) -> None:
        folder, query, do = self._folder, self._query, self._executor.do
        do(lambda services: services.history.folders(), self._folders_loaded)
        if query:
            do(lambda services: services.history.search(query), lambda hits: self._found(query, hits))
        elif self._in_bin:
            do(lambda services: services.history.bin(), self._bin_loaded)
        else:
            do(lambda services: services.history.conversations(folder), self._loaded)

    def _folders_loaded(self, folders: tuple[FolderInfo, ...]) -> None:
        self._folders = folders
        if self._folder is not None and all(folder.name != self._folder for folder in folders):
            self.show_folder(None)

    def _loaded(self, conversations: tuple[ConversationInfo, ...]) -> None:
        if not self._query and not self._in_bin:
            nothing = translate("chat", "Your conversations are listed here.")
            self.list.show_conversations(conversations, nothing)
            self._conversation_changed()

    def _bin_loaded(self, conversations: tuple[ConversationInfo, ...]) -> None:
        if not self._query and self._in_bin:
            self.list.show_conversations(conversations, translate("chat", "The bin is empty."))

    def _found(self, query: str, hits: tuple[HistoryHit, ...]) -> None:
        if query == self._query:
            self.list.show_hits(hits)
            self._conversation_changed()

    def _conversation_changed(self) -> None:
        self.list.view.show_opened(self._conversation.id)

    # --- what is done with a conversation

    def rename(self, info: ConversationInfo) -> None:
        QuestionDialog(
            self._window,
            translate("chat", "Rename"),
            translate("chat", "The name is only for you; the model does not see it."),
            translate("chat", "Rename"),
            translate("chat", "Name of the conversation"),
            lambda name: self._executor.do(
                lambda services: services.history.rename(info.id, name), self._conversation.info_changed
            ),
            value=info.title,
        ).open()

    def pin(self, info: ConversationInfo) -> None:
        self._executor.do(
            lambda services: services.history.pin(info.id, not info.pinned), self._conversation.info_changed
        )

    def move(self, info: ConversationInfo, folder: str) -> None:
        self._executor.do(
            lambda services: services.history.move(info.id, folder), self._conversation.info_changed
        )

    def remove(self, info: ConversationInfo) -> None:
        """Into the bin, with an undo; out of the bin for good, once the person has said so."""
        if info.deleted is not None:
            self._executor.do(lambda services: services.history.purge([info.id]), lambda _: self.load())
            return
        if self._conversation.id == info.id:
            self._conversation.begin()

        def removed(ids: tuple[int, ...]) -> None:
            self.load()
            self._undo_stack.removed(ids, arg(translate("chat", "“%1” was moved to the bin."), title(info)))

        self._executor.do(lambda services: services.history.delete([info.id]), removed)

    def undo(self) -> bool:
        """Bring back what was put into the bin last; false if nothing was."""
        return self._undo_stack.undo()

    def restore(self, info: ConversationInfo) -> None:
        self._undo_stack.bring_back((info.id,))

    def _restore(self, ids: tuple[int, ...]) -> None:
        def restored(infos: tuple[ConversationInfo, ...]) -> None:
            self.load()
            for info in infos[:1]:
                self._context.notices.say(arg(translate("chat", "“%1” was restored."), title(info)))

        self._executor.do(lambda services: services.history.restore(ids), restored)

    # --- what is done with a folder

    def rename_folder(self, folder: str) -> None:
        """Its conversations stay in it, those in the bin as well."""

        def renamed(name: str) -> None:
            if self._folder == folder:
                self._folder = name
                self.list.show_folder_name(formatting.name(name))
            self.load()

        QuestionDialog(
            self._window,
            translate("chat", "Rename the folder"),
            translate("chat", "Its conversations stay in it."),
            translate("chat", "Rename"),
            translate("chat", "Name of the folder"),
            lambda name: self._executor.do(
                lambda services: services.history.rename_folder(folder, name), renamed
            ),
            value=folder,
            refusal=partial(self._refuse_folder, folder),
        ).open()

    def _refuse_folder(self, folder: str, name: str) -> str:
        """Why it cannot be called so, or ""."""
        name = " ".join(name.split())
        if not name:
            return translate("chat", "A folder needs a name.")
        if any(each.name.casefold() == name.casefold() != folder.casefold() for each in self._folders):
            return arg(translate("chat", "There is already a folder “%1”."), formatting.name(name))
        return ""

    def _make_folder(self, info: ConversationInfo) -> None:
        QuestionDialog(
            self._window,
            translate("chat", "New folder"),
            translate("chat", "A folder disappears when its last conversation leaves it."),
            translate("chat", "Create"),
            translate("chat", "Name of the folder"),
            partial(self.move, info),
        ).open()

    # --- menus

    def menu(self, info: ConversationInfo) -> Menu:
        menu = Menu(self.list)
        if info.deleted is not None:
            menu.add_item(
                translate("chat", "Restore"), partial(self.restore, info), "arrow-counter-clockwise"
            )
            menu.add_item(translate("chat", "Delete permanently"), partial(self.remove, info), "trash")
            return menu
        menu.add_item(translate("chat", "Rename…"), partial(self.rename, info), "pencil-simple")
        pin = translate("chat", "Unpin") if info.pinned else translate("chat", "Pin")
        menu.add_item(pin, partial(self.pin, info), "push-pin")
        self._add_folders(menu.add_menu(translate("chat", "Move to folder"), "folder-simple"), info)
        export = menu.add_menu(translate("chat", "Export"), "export")
        write = partial(self.files.export, [info.id], title(info))
        export.add_item(translate("chat", "As PDF…"), partial(write, "pdf"))
        export.add_item(translate("chat", "As Word document…"), partial(write, "docx"))
        export.add_item(translate("chat", "As Markdown…"), partial(write, "markdown"))
        export.add_item(translate("chat", "As JSON…"), partial(write, "json"))
        menu.addSeparator()
        menu.add_item(translate("chat", "Move to bin"), partial(self.remove, info), "trash")
        return menu

    def _add_folders(self, menu: Menu, info: ConversationInfo) -> None:
        for folder in self._folders:
            action = menu.add_item(formatting.name(folder.name), partial(self.move, info, folder.name))
            action.setEnabled(folder.name != info.folder)
        if info.folder:
            menu.add_item(translate("chat", "Remove from folder"), partial(self.move, info, ""))
        menu.addSeparator()
        menu.add_item(translate("chat", "New folder…"), partial(self._make_folder, info))

    def folder_menu(self) -> Menu:
        """All conversations, each folder, the bin; and what is done with the folder shown and with all."""
        menu = Menu(self.list)
        everything = self._folder is None and not self._in_bin
        show_all = partial(self.show_folder, None)
        menu.add_choice(translate("chat", "All conversations"), show_all, "chats-circle", chosen=everything)
        for folder in self._folders:
            name = f"{formatting.name(folder.name)}   {quantities.number(folder.conversations)}"
            show = partial(self.show_folder, folder.name)
            menu.add_choice(name, show, "folder-simple", chosen=folder.name == self._folder)
        menu.add_choice(translate("chat", "Bin"), self.show_bin, "trash", chosen=self._in_bin)
        menu.addSeparator()
        if self._folder is not None:
            rename = arg(translate("chat", "Rename “%1”…"), formatting.name(self._folder))
            menu.add_item(rename, partial(self.rename_folder, self._folder), "pencil-simple")
        menu.add_item(translate("chat", "Import…"), self.files.choose_import, "download-simple")
        menu.add_item(translate("chat", "Export all…"), self._export_all, "export")
        return menu

    def _export_all(self) -> None:
        def loaded(infos: tuple[ConversationInfo, ...]) -> None:
            if infos:
                self.files.export([info.id for info in infos], "conversations", "json")
            else:
                self._context.notices.say(translate("chat", "There is no conversation to export yet."))

        self._executor.do(lambda services: services.history.conversations(), loaded)
