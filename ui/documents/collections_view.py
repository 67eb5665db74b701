"""The collections, what each holds, and the folders that are followed for it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assistant.documents.records import DEFAULT_COLLECTION, HANDBOOK_COLLECTION, CollectionInfo
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Card, ElidedLabel, IconButton, IconLabel, Label
from ui.common.layouts import clear, scroll_area
from ui.common.translation import arg, translate


class CollectionsView(QWidget):
    new_wanted = Signal()
    watch_wanted = Signal(str)
    """Choose a folder to follow for this collection."""
    unwatch_wanted = Signal(str)
    rename_wanted = Signal(str)
    show_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        self._cards = QVBoxLayout(inside)
        self._cards.setContentsMargins(16, 8, 16, 16)
        self._cards.setSpacing(12)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll_area(inside))

    def show_collections(self, collections: Iterable[CollectionInfo]) -> None:
        clear(self._cards)
        for collection in collections:
            self._cards.addWidget(self._card(collection))
        new = Button(translate("documents", "New collection…"), self.new_wanted.emit, icon="plus")
        self._cards.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        self._cards.addStretch(1)

    def _card(self, collection: CollectionInfo) -> Card:
        card = Card()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(4)
        head = QHBoxLayout()
        name = formatting.name(collection.name)
        head.addWidget(ElidedLabel(name, "strong"), 1)
        if can_be_renamed(collection.name):
            spoken = arg(translate("documents", "Rename %1"), name)
            icon = IconButton(
                "pencil-simple", spoken, partial(self.rename_wanted.emit, collection.name), size=16
            )
            head.addWidget(icon)
        show = partial(self.show_wanted.emit, collection.name)
        button = Button(translate("documents", "Show"), show, kind="link")
        button.setAccessibleName(arg(translate("documents", "Show %1"), name))
        head.addWidget(button)
        layout.addLayout(head)
        facts = [translate("documents", "%n document(s)", None, collection.documents)]
        if collection.builtin:
            facts.append(translate("documents", "comes with the program"))
        layout.addWidget(Label(" · ".join(facts), "second"))
        for folder in collection.folders:
            layout.addLayout(self._folder(folder))
        if not collection.builtin:
            watch = partial(self.watch_wanted.emit, collection.name)
            button = Button(translate("documents", "Follow a folder…"), watch, kind="link", icon="eye")
            button.setAccessibleName(arg(translate("documents", "Follow a folder for %1"), name))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _folder(self, folder: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = formatting.name(folder)
        row.addWidget(IconLabel("folder-simple", size=16))
        row.addWidget(ElidedLabel(name, "second"), 1)
        stop = arg(translate("documents", "Stop following %1"), name)
        row.addWidget(IconButton("x", stop, lambda: self.unwatch_wanted.emit(folder), size=16))
        return row


def can_be_renamed(collection: str) -> bool:
    """The program finds its own two by their names."""
    return collection not in (DEFAULT_COLLECTION, HANDBOOK_COLLECTION)
