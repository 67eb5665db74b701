"""Which collection is shown, and everything else that is done with collections."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from assistant.documents.records import (
    DEFAULT_COLLECTION,
    HANDBOOK_COLLECTION,
    CollectionInfo,
    DocumentInfo,
)
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button
from ui.common.dialogs import QuestionDialog
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.documents.actions import DocumentActions
from ui.documents.collections_view import CollectionsView

WIDEST_NAME = 220
"""Pixels of a collection's name on the button."""


class CollectionChooser(QObject):
    changed = Signal()
    """There are other collections now, or one holds more or less."""
    chosen = Signal(object)
    """The name of a collection to show; None for all."""

    def __init__(self, context: PageContext, actions: DocumentActions) -> None:
        super().__init__(context)
        self._context = context
        self._actions = actions
        self._known: tuple[CollectionInfo, ...] = ()
        self._planned: list[str] = []
        """Collections that were named but hold nothing yet."""
        self._current: str | None = None
        self._view: CollectionsView | None = None
        self.button = Button("", self._show_menu, kind="quiet", icon="caret-down", icon_last=True)
        self._show_name()
        actions.collections_changed.connect(self.load)

    @property
    def current(self) -> str | None:
        """The collection that is shown; None for all."""
        return self._current

    @property
    def target(self) -> str:
        """The collection that new files go to."""
        current = self._current
        return DEFAULT_COLLECTION if current is None or self.is_builtin(current) else current

    def targets(self) -> list[str]:
        """All collections that files can go to, `target` first."""
        names = [collection.name for collection in self.all() if not collection.builtin]
        return list(dict.fromkeys([self.target, DEFAULT_COLLECTION, *names]))

    def all(self) -> tuple[CollectionInfo, ...]:
        return (*self._known, *(CollectionInfo(name, 0, False) for name in self._planned))

    def is_builtin(self, name: str) -> bool:
        return name == HANDBOOK_COLLECTION or any(c.builtin and c.name == name for c in self._known)

    def knows(self, name: str) -> bool:
        return any(collection.name == name for collection in self._known)

    def load(self) -> None:
        self._context.run(lambda services: services.documents.collections(), self._loaded)

    def choose(self, name: str | None) -> None:
        """Show a collection, or all."""
        self._current = name
        self._show_name()
        self.chosen.emit(name)

    def menu(self) -> QMenu:
        menu = QMenu(self.button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        choices: list[tuple[str | None, str]] = [(None, translate("documents", "All documents"))]
        for collection in self.all():
            amount = f"   {quantities.number(collection.documents)}" if collection.documents else ""
            choices.append((collection.name, f"{formatting.name(collection.name)}{amount}"))
        for name, title in choices:
            action = menu.addAction(title.replace("&", "&&"), partial(self.choose, name))
            action.setCheckable(True)
            action.setChecked(name == self._current)
            group.addAction(action)
        menu.addSeparator()
        menu.addAction(translate("documents", "New collection…"), lambda: self.make([]))
        menu.addAction(
            translate("documents", "Follow a folder…"),
            lambda: self._actions.choose_folder_to_watch(self.target),
        )
        menu.addAction(translate("documents", "Collections and folders…"), self.manage)
        return menu

    def make(self, documents: Sequence[DocumentInfo]) -> None:
        """Ask for the name of a new collection; `documents` move into it."""
        QuestionDialog(
            self.button.window(),
            translate("documents", "New collection"),
            translate("documents", "Documents in a collection can be asked by themselves."),
            translate("documents", "Create"),
            translate("documents", "Name of the collection"),
            partial(self._make, documents),
        ).open()

    def manage(self) -> None:
        """Show all collections and their folders in the side panel."""
        if self._view is None:
            self._view = CollectionsView()
            self._view.new_wanted.connect(lambda: self.make([]))
            self._view.watch_wanted.connect(self._actions.choose_folder_to_watch)
            self._view.unwatch_wanted.connect(self._actions.unwatch)
            self._view.show_wanted.connect(self.choose)
        self._view.show_collections(self.all())
        self._context.panel.open(self._view, translate("documents", "Collections"))

    def _make(self, documents: Sequence[DocumentInfo], name: str) -> None:
        name = " ".join(name.split())
        if (same := self._same_name(name)) is not None:
            name = same
        else:
            self._planned.append(name)
            self._announce()
        if documents and not self.is_builtin(name):
            self._actions.move(documents, name)
        self.choose(name)

    def _same_name(self, name: str) -> str | None:
        """The collection of this name, in whatever case of letters."""
        name = " ".join(name.split()).casefold()
        return next((known.name for known in self.all() if known.name.casefold() == name), None)

    def _show_name(self) -> None:
        name = self._current
        title = translate("documents", "All documents") if name is None else formatting.name(name)
        shown = self.button.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, WIDEST_NAME)
        self.button.setText(shown.replace("&", "&&"))
        self.button.setAccessibleName(arg(translate("documents", "Collection: %1"), title))

    def _show_menu(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _loaded(self, collections: tuple[CollectionInfo, ...]) -> None:
        self._known = collections
        known = {collection.name for collection in collections}
        self._planned = [name for name in self._planned if name not in known]
        self._announce()

    def _announce(self) -> None:
        if self._view is not None:
            self._view.show_collections(self.all())
        self.changed.emit()
