"""The collections, what each holds, and the folders that are followed for it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from assistant.documents.records import CollectionInfo
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Card, ElidedLabel, IconButton, IconLabel, Label


class CollectionsView(QWidget):
    new_wanted = Signal()
    watch_wanted = Signal(str)
    """Choose a folder to follow for this collection."""
    unwatch_wanted = Signal(str)
    show_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        inside = QWidget()
        self._cards = QVBoxLayout(inside)
        self._cards.setContentsMargins(16, 8, 16, 16)
        self._cards.setSpacing(12)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def show_collections(self, collections: Iterable[CollectionInfo]) -> None:
        while item := self._cards.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for collection in collections:
            self._cards.addWidget(self._card(collection))
        new = Button("New collection…", self.new_wanted.emit, icon="plus")
        self._cards.addWidget(new, 0, Qt.AlignmentFlag.AlignLeft)
        self._cards.addStretch(1)

    def _card(self, collection: CollectionInfo) -> Card:
        card = Card()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(ElidedLabel(formatting.name(collection.name), "strong"), 1)
        show = Button("Show", lambda: self.show_wanted.emit(collection.name), kind="link")
        show.setAccessibleName(f"Show {formatting.name(collection.name)}")
        head.addWidget(show)
        layout.addLayout(head)
        facts = quantities.count(collection.documents, "document")
        if collection.builtin:
            facts += " · comes with the program"
        layout.addWidget(Label(facts, "second"))
        for folder in collection.folders:
            layout.addLayout(self._folder(folder))
        if not collection.builtin:
            watch = Button(
                "Follow a folder…", lambda: self.watch_wanted.emit(collection.name), kind="link", icon="eye"
            )
            watch.setAccessibleName(f"Follow a folder for {formatting.name(collection.name)}")
            layout.addWidget(watch, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _folder(self, folder: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(IconLabel("folder-simple", size=16))
        row.addWidget(ElidedLabel(formatting.name(folder), "second"), 1)
        stop = IconButton(
            "x",
            f"Stop following {formatting.name(folder)}",
            lambda: self.unwatch_wanted.emit(folder),
            size=16,
        )
        row.addWidget(stop)
        return row
