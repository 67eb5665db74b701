"""The collections, what each holds, and the folders that are followed for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from assistant.documents.records import DEFAULT_COLLECTION, HANDBOOK_COLLECTION, CollectionInfo
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Card, ElidedLabel, IconButton, IconLabel, Label
from ui.common.layouts import GUTTER, NO_MARGINS, clear, hbox, scroll_area, vbox
from ui.common.translation import arg, translate


class CollectionsView(QWidget):
    new_wanted = Signal()
    watch_wanted = Signal(str)
    """Choose a folder to follow for this collection."""
    unwatch_wanted = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)
    show_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        self._cards = vbox(parent=inside, margins=(16, 8, 16 - GUTTER, 16), spacing=12)
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def show_collections(self, collections: Iterable[CollectionInfo]) -> None:
        clear(self._cards)
        for collection in collections:
            self._cards.addWidget(self._card(collection))
        new = Button(translate("documents", "New collection…"), self.new_wanted.emit, icon="plus")
        self._cards.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        self._cards.addStretch(1)

    def _card(self, collection: CollectionInfo) -> Card:
        name = formatting.name(collection.name)
        show_this = partial(self.show_wanted.emit, collection.name)
        show = Button(translate("documents", "Show"), show_this, kind="link")
        show.setAccessibleName(arg(translate("documents", "Show %1"), name))
        head = hbox((ElidedLabel(name, "strong"), 1), show)
        if can_be_renamed(collection.name):
            spoken = arg(translate("documents", "Rename %1"), name)
            rename = partial(self.rename_wanted.emit, collection.name)
            head.insertWidget(1, IconButton("pencil-simple", spoken, rename, size=16))
            spoken = arg(translate("documents", "Delete %1; its documents stay"), name)
            delete = partial(self.delete_wanted.emit, collection.name)
            head.insertWidget(2, IconButton("trash", spoken, delete, size=16))
        facts = [translate("documents", "%n document(s)", None, collection.documents)]
        if collection.builtin:
            facts.append(translate("documents", "built in"))
        card = Card()
        layout = vbox(
            head, Label(" · ".join(facts), "second"), parent=card, margins=(16, 12, 12, 12), spacing=4
        )
        for folder in collection.folders:
            layout.addLayout(self._folder(folder))
        if not collection.builtin:
            follow = partial(self.watch_wanted.emit, collection.name)
            watch = Button(translate("documents", "Watch a folder…"), follow, kind="link", icon="eye")
            watch.setAccessibleName(arg(translate("documents", "Watch a folder for %1"), name))
            layout.addWidget(watch, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _folder(self, folder: str) -> QHBoxLayout:
        name = formatting.name(folder)
        stop = arg(translate("documents", "Stop watching %1"), name)
        return hbox(
            IconLabel("folder-simple", size=16),
            (ElidedLabel(name, "second"), 1),
            IconButton("x", stop, partial(self.unwatch_wanted.emit, folder), size=16),
            spacing=8,
        )


def can_be_renamed(collection: str) -> bool:
    """The program finds its own two by their names."""
    return collection not in (DEFAULT_COLLECTION, HANDBOOK_COLLECTION)
