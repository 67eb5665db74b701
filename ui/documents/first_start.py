"""What the Documents page says first: two sentences, and three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, scroll_area, vbox
from ui.common.translation import translate
from ui.common.ways import AsHighAsItsWords, Way, Ways


class FirstStart(QWidget):
    def __init__(self, add_files: Callable[[], None], try_handbook: Callable[[], None]) -> None:
        super().__init__()
        self.title = Label(translate("documents", "Ask your own documents"), "hero", wrap=True)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sentences = translate(
            "documents",
            "Everything stays on this computer. Every answer shows the page it comes from.",
        )
        self.text = Label(sentences, wrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.add = Button(translate("documents", "Add files"), add_files, kind="primary", icon="plus")
        self.handbook = Button(translate("documents", "Ask the handbook"), try_handbook, icon="book-open")
        self.model_way = Way(
            "cpu",
            translate("documents", "Choose a model"),
            translate(
                "documents",
                "It writes answers in its own words; quotes work without one. If you have one, add its file.",
            ),
        )
        drop = translate("documents", "Files or folders, anywhere in this window.")
        look = translate("documents", "See what an answer looks like, and how this program works.")
        self._ways = Ways(
            (
                Way("files", translate("documents", "Drop a document"), drop, self.add),
                Way("book-open", translate("documents", "Try the handbook"), look, self.handbook),
                self.model_way,
            )
        )
        inside = AsHighAsItsWords()
        vbox(2, self.title, self.text, self._ways, 3, parent=inside, spacing=8, margins=(0, 8, 0, 8))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def offer_model(self, offer: QWidget) -> None:
        """How a model is chosen."""
        self.model_way.offer(offer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self._ways.fit(event.size().width())
        self._ways.setContentsMargins(0, 24 if beside else 0, 0, 0)
        super().resizeEvent(event)
