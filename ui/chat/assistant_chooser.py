"""Who answers: choosing an assistant, making one, changing one, taking a change back."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from assistant.chat.assistant_records import Assistant
from assistant.documents.records import CollectionInfo
from ui.chat.assistant_dialog import AssistantDialog
from ui.chat.conversation_controller import ConversationController
from ui.common import formatting
from ui.common.buttons_and_labels import Button
from ui.common.page_context import PageContext
from ui.common.theme import theme

ICONS = {
    "plain": "chat-circle",
    "documents": "files",
    "tutor": "graduation-cap",
    "health": "heart",
    "farm": "plant",
    "code": "code",
}
OWN_ICON = "user"
WIDEST_NAME = 140


class AssistantChooser(QObject):
    changed = Signal()

    def __init__(self, context: PageContext, controller: ConversationController, window: QWidget) -> None:
        super().__init__(context)
        self._context = context
        self._controller = controller
        self._window = window
        self._collections: tuple[str, ...] = ()
        self.button = Button("", self._show_menu, kind="quiet", icon="chat-circle")
        controller.changed.connect(self._show)
        context.services_ready.connect(self._services_ready)
        if context.ready:
            self._services_ready()

    @property
    def current(self) -> Assistant | None:
        return self._controller.assistant

    def headline(self) -> str:
        """What an empty conversation says first."""
        return "Chat on this computer" if self.current is None else formatting.name(self.current.name)

    def line(self) -> str:
        """What the assistant is for, and what it is not for."""
        if self.current is None:
            return ""
        return "\n".join(
            formatting.one_line(part) for part in (self.current.about, self.current.not_for) if part
        )

    def choose(self, assistant: Assistant) -> None:
        """Let it answer, here and in new conversations."""
        self._controller.use_assistant(assistant)
        services = self._context.services
        if services.settings.chat.assistant != assistant.id:
            services.settings.chat.assistant = assistant.id
            self._context.bridge.in_background(services.save_settings, lambda _: None)
        self._show()

    # --- making and changing

    def make(self) -> None:
        self._ask(None)

    def change(self, assistant: Assistant) -> None:
        self._ask(assistant)

    def delete(self, assistant: Assistant) -> None:
        """Of one that came with the program, the changes."""
        assistants = self._context.services.assistants

        def deleted(old: Assistant) -> None:
            if self.current is not None and self.current.id == old.id:
                self.choose(assistants.get(old.id))
            done = "is as it was" if old.builtin else "was removed"
            self._context.notices.undo(f"“{formatting.name(old.name)}” {done}.", lambda: self._restore(old))

        self._context.bridge.in_background(lambda: assistants.delete(assistant.id), deleted)

    def _restore(self, old: Assistant) -> None:
        assistants = self._context.services.assistants
        self._context.bridge.in_background(lambda: assistants.restore(old), self.choose)

    def _ask(self, assistant: Assistant | None) -> None:
        def taken(values: dict[str, Any]) -> None:
            assistants = self._context.services.assistants
            if assistant is None:
                self._context.bridge.in_background(lambda: assistants.create(**values), self.choose)
            else:
                self._context.bridge.in_background(
                    lambda: assistants.edit(assistant.id, **values), self.choose
                )

        AssistantDialog(self._window, assistant, self._collections, taken).open()

    # --- the menu

    def menu(self) -> QMenu:
        menu = QMenu(self.button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if not self._context.ready:
            return menu
        group = QActionGroup(menu)
        for assistant in self._context.services.assistants.all():
            name = formatting.name(assistant.name).replace("&", "&&")
            action = menu.addAction(theme().icon(icon_of(assistant)), name, partial(self.choose, assistant))
            action.setToolTip(formatting.one_line(assistant.about))
            action.setCheckable(True)
            action.setChecked(self.current is not None and assistant.id == self.current.id)
            group.addAction(action)
        menu.addSeparator()
        current = self.current
        if current is not None:
            name = formatting.name(current.name).replace("&", "&&")
            menu.addAction(
                theme().icon("sliders-horizontal"), f"Change “{name}”…", partial(self.change, current)
            )
            if current.own:
                text = f"Take back the changes to “{name}”" if current.builtin else f"Remove “{name}”"
                icon = "arrow-counter-clockwise" if current.builtin else "trash"
                menu.addAction(theme().icon(icon), text, partial(self.delete, current))
        menu.addAction(theme().icon("plus"), "New assistant…", self.make)
        return menu

    def _show_menu(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _services_ready(self) -> None:
        services = self._context.services
        if self._controller.assistant is None:
            self._controller.use_assistant(services.assistants.get(services.settings.chat.assistant))
        self._context.bridge.follow(services.documents.collections(), self._collections_loaded)
        self._show()

    def _collections_loaded(self, collections: tuple[CollectionInfo, ...]) -> None:
        self._collections = tuple(collection.name for collection in collections)

    def _show(self) -> None:
        assistant = self.current
        if assistant is None:
            return
        name = formatting.name(assistant.name)
        shown = self.button.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, WIDEST_NAME)
        self.button.set_icon(icon_of(assistant))
        self.button.setText(shown.replace("&", "&&"))
        self.button.setAccessibleName(f"Assistant: {name}")
        self.button.setToolTip(formatting.one_line(assistant.not_for))
        self.changed.emit()


def icon_of(assistant: Assistant) -> str:
    return ICONS.get(assistant.id, OWN_ICON)
