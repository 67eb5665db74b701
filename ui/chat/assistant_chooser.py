"""Who answers: choosing an assistant, making one, changing one, taking a change back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.chat.assistant_records import Assistant
from assistant.documents.records import CollectionInfo
from ui.chat.assistant_dialog import AssistantDialog
from ui.chat.open_conversation import OpenConversation
from ui.common import formatting
from ui.common.menus import Menu, NameMenuButton
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.services import Services

_ICONS = {
    "plain": "chat-circle",
    "documents": "files",
    "tutor": "graduation-cap",
    "health": "heart",
    "farm": "plant",
    "code": "code",
}
_OWN_ICON = "user"
NAME_WIDTH = 140
"""Pixels that a name may take on the button."""


class AssistantChooser(QObject):
    changed = Signal()

    def __init__(self, context: PageContext, conversation: OpenConversation, window: QWidget) -> None:
        super().__init__(context)
        self._context = context
        self._conversation = conversation
        self._window = window
        self.button = NameMenuButton("", self.menu, icon="chat-circle")
        conversation.changed.connect(self._show)
        context.services_ready.connect(self._services_ready)
        context.assistants_changed.connect(self._reload)
        if context.ready:
            self._services_ready()

    @property
    def current(self) -> Assistant | None:
        return self._conversation.assistant

    def headline(self) -> str:
        """What an empty conversation says first."""
        if self.current is None:
            return translate("chat", "Chat on this computer")
        return formatting.name(self.current.name)

    def line(self) -> str:
        """What the assistant is for, and what it is not for."""
        if self.current is None:
            return ""
        return "\n".join(
            formatting.one_line(part) for part in (self.current.about, self.current.not_for) if part
        )

    def choose(self, assistant: Assistant) -> None:
        """Let it answer, here and in new conversations."""
        self._conversation.use_assistant(assistant)
        services = self._context.services
        if services.settings.chat.assistant != assistant.id:
            services.settings.chat.assistant = assistant.id
            self._context.in_background(lambda services: services.save_settings())
        self._show()

    # --- making and changing

    def change(self, assistant: Assistant | None) -> None:
        """Ask what it is to be like; None: a new one."""

        def save(services: Services, values: dict[str, Any]) -> Assistant:
            if assistant is None:
                return services.assistants.create(**values)
            return services.assistants.edit(assistant.id, **values)

        def taken(values: dict[str, Any]) -> None:
            self._context.in_background(lambda services: save(services, values), self.choose)

        def ask(collections: tuple[CollectionInfo, ...]) -> None:
            names = [collection.name for collection in collections]
            AssistantDialog(self._window, assistant, names, taken).open()

        self._context.run(lambda services: services.documents.collections(), ask)

    def delete(self, assistant: Assistant) -> None:
        """Of one that came with the program, the changes."""

        def deleted(old: Assistant) -> None:
            if self._context.ready and self.current is not None and self.current.id == old.id:
                self.choose(self._context.services.assistants.get(old.id))
            done = (
                translate("chat", "“%1” was restored.")
                if old.builtin
                else translate("chat", "“%1” was removed.")
            )
            self._context.notices.undo(arg(done, formatting.name(old.name)), lambda: self._restore(old))

        self._context.in_background(lambda services: services.assistants.delete(assistant.id), deleted)

    def _restore(self, old: Assistant) -> None:
        self._context.in_background(lambda services: services.assistants.restore(old), self.choose)

    # --- the menu

    def menu(self) -> Menu:
        menu = Menu(self.button)
        menu.setToolTipsVisible(True)
        if not self._context.ready:
            return menu
        for assistant in self._context.services.assistants.all():
            name = formatting.name(assistant.name)
            chosen = self.current is not None and assistant.id == self.current.id
            choose = partial(self.choose, assistant)
            action = menu.add_choice(name, choose, _icon(assistant), chosen=chosen)
            action.setToolTip(formatting.one_line(assistant.about))
        menu.addSeparator()
        current = self.current
        if current is not None:
            name = formatting.name(current.name)
            change = arg(translate("chat", "Change “%1”…"), name)
            menu.add_item(change, partial(self.change, current), "sliders-horizontal")
            if current.own and current.builtin:
                text = arg(translate("chat", "Undo the changes to “%1”"), name)
                menu.add_item(text, partial(self.delete, current), "arrow-counter-clockwise")
            elif current.own:
                text = arg(translate("chat", "Remove “%1”"), name)
                menu.add_item(text, partial(self.delete, current), "trash")
        menu.add_item(translate("chat", "New assistant…"), partial(self.change, None), "plus")
        return menu

    def _services_ready(self) -> None:
        services = self._context.services
        if self._conversation.assistant is None:
            self._conversation.use_assistant(services.assistants.get(services.settings.chat.assistant))
        self._show()

    def _reload(self) -> None:
        if self.current is not None:
            self._conversation.use_assistant(self._context.services.assistants.get(self.current.id))

    def _show(self) -> None:
        assistant = self.current
        if assistant is None:
            return
        name = formatting.name(assistant.name)
        self.button.set_icon(_icon(assistant))
        metrics = self.button.fontMetrics()
        self.button.set_words(metrics.elidedText(name, Qt.TextElideMode.ElideRight, NAME_WIDTH))
        self.button.setAccessibleName(arg(translate("chat", "Assistant: %1"), name))
        self.button.setToolTip(formatting.one_line(assistant.not_for))
        self.changed.emit()


def _icon(assistant: Assistant) -> str:
    return _ICONS.get(assistant.id, _OWN_ICON)
