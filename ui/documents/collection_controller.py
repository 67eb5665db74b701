"""Which collection is shown, how one is made, renamed and watched: a button with its menu, and dialogs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from assistant.documents.records import DEFAULT_COLLECTION, HANDBOOK_COLLECTION, CollectionInfo, DocumentInfo
from ui.common import formatting, quantities
from ui.common.dialogs import QuestionDialog
from ui.common.menus import Menu, MenuButton
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.documents.actions import DocumentActions
from ui.documents.collections_view import CollectionsView, can_be_renamed

WIDEST_NAME = 220
"""Pixels of a collection's name on the button, where the header has room for it."""


class CollectionController(QObject):
    changed = Signal()
    """There are other collections now, or one holds more or less."""
    chosen = Signal(object)
    """The name of a collection to show; None for all."""
    renamed = Signal(str, str)
    """The old name and the new one."""

    def __init__(self, context: PageContext, actions: DocumentActions) -> None:
        super().__init__(context)
        self._context = context
        self._actions = actions
        self._known: tuple[CollectionInfo, ...] = ()
        self._planned: list[str] = []
        """Collections that were named but hold nothing yet."""
        self._current: str | None = None
        self._room = WIDEST_NAME
        self._view: CollectionsView | None = None
        self.button = MenuButton("", self.menu)
        self.choose(None)
        actions.collections_changed.connect(self.load)
        actions.collection_renamed.connect(self._renamed)

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
        title = self._name_button()
        self.button.setAccessibleName(arg(translate("documents", "Collection: %1"), title))
        self.chosen.emit(name)

    def fit(self, width: int) -> None:
        """The button has so many pixels."""
        frame = self.button.sizeHint().width() - self.button.fontMetrics().horizontalAdvance(
            self.button.text()
        )
        self._room = max(0, min(WIDEST_NAME, width - frame))
        self._name_button()

    def _name_button(self) -> str:
        name = self._current
        title = translate("documents", "All documents") if name is None else formatting.name(name)
        self.button.set_elided(title, self._room)
        return title

    def menu(self) -> Menu:
        menu = Menu(self.button)
        choices: list[tuple[str | None, str]] = [(None, translate("documents", "All documents"))]
        for collection in self.all():
            amount = f"   {quantities.number(collection.documents)}" if collection.documents else ""
            choices.append((collection.name, f"{formatting.name(collection.name)}{amount}"))
        menu.add_choices(choices, self._current, self.choose)
        menu.addSeparator()
        menu.add_item(translate("documents", "New collection…"), partial(self.make, []))
        if self._current is not None and can_be_renamed(self._current):
            rename = arg(translate("documents", "Rename “%1”…"), formatting.name(self._current))
            menu.add_item(rename, partial(self.rename, self._current))
            delete = arg(translate("documents", "Delete “%1”"), formatting.name(self._current))
            menu.add_item(delete, partial(self.delete, self._current))
        watch = partial(self._actions.choose_folder_to_watch, self.target)
        menu.add_item(translate("documents", "Watch a folder…"), watch)
        menu.add_item(translate("documents", "Collections and folders…"), self.manage)
        return menu

    def make(self, documents: Sequence[DocumentInfo]) -> None:
        """Ask for the name of a new collection; `documents` move into it."""
        QuestionDialog(
            self.button.window(),
            translate("documents", "New collection"),
            translate("documents", "You can ask the documents in one collection only."),
            translate("documents", "Create"),
            translate("documents", "Name of the collection"),
            partial(self._make, documents),
        ).open()

    def rename(self, collection: str) -> None:
        """Ask for another name of a collection."""
        QuestionDialog(
            self.button.window(),
            translate("documents", "Rename the collection"),
            translate("documents", "Its documents stay in it."),
            translate("documents", "Rename"),
            translate("documents", "Name of the collection"),
            partial(self._rename, collection),
            value=collection,
            refusal=partial(self._refuse_name, collection),
        ).open()

    def delete(self, name: str) -> None:
        """Give a collection up; what is in it stays, in the default one."""
        if self._current == name:
            self.choose(None)
        if name in self._planned:
            self._planned.remove(name)
            self._announce()
        for collection in self._known:
            if collection.name == name:
                self._actions.delete_collection(collection)

    def manage(self) -> None:
        """Show all collections and their folders in the side panel."""
        if self._view is None:
            self._view = CollectionsView()
            self._view.new_wanted.connect(partial(self.make, []))
            self._view.rename_wanted.connect(self.rename)
            self._view.delete_wanted.connect(self.delete)
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

    def _rename(self, old: str, new: str) -> None:
        new = " ".join(new.split())
        if old in self._planned:
            self._planned[self._planned.index(old)] = new
            self._renamed(old, new)
        elif new != old:
            self._actions.rename_collection(old, new)

    def _renamed(self, old: str, new: str) -> None:
        self._known = tuple(replace(each, name=new) if each.name == old else each for each in self._known)
        self.renamed.emit(old, new)
        if self._current == old:
            self.choose(new)
        self._announce()

    def _refuse_name(self, old: str, new: str) -> str:
        """Why a collection cannot be called so, or ""."""
        new = " ".join(new.split())
        if not new:
            return translate("documents", "A collection needs a name.")
        if (same := self._same_name(new)) not in (None, old):
            return arg(translate("documents", "There is already a collection “%1”."), same)
        return ""

    def _same_name(self, name: str) -> str | None:
        """The collection of this name, in whatever case of letters."""
        return next((each.name for each in self.all() if each.name.casefold() == name.casefold()), None)

    def _loaded(self, collections: tuple[CollectionInfo, ...]) -> None:
        self._known = collections
        known = {collection.name for collection in collections}
        self._planned = [name for name in self._planned if name not in known]
        self._announce()

    def _announce(self) -> None:
        if self._view is not None:
            self._view.show_collections(self.all())
        self.changed.emit()
