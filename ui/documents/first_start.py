"""What the Documents page says first: two sentences, and three ways to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.common.buttons_and_labels import Button, Card, IconLabel, Label
from ui.common.layouts import GUTTER, NO_MARGINS, hbox, scroll_area, vbox
from ui.common.theme import text_scale
from ui.common.translation import translate

BESIDE_FROM = 720
"""Pixels of width from which the ways stand side by side."""
_SIDE = 16
"""Pixels between the edge of a card and its words."""
_AT_START = Qt.AlignmentFlag.AlignLeft


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
        self.model_way = _Way(
            "cpu",
            translate("documents", "Choose a model"),
            translate(
                "documents",
                "It writes answers in its own words; quotes work without one. If you have one, add its file.",
            ),
        )
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways.setSpacing(12)
        drop = translate("documents", "Files or folders, anywhere in this window.")
        look = translate("documents", "See what an answer looks like, and how this program works.")
        ways = (
            _Way("files", translate("documents", "Drop a document"), drop, self.add),
            _Way("book-open", translate("documents", "Try the handbook"), look, self.handbook),
            self.model_way,
        )
        for way in ways:
            self._ways.addWidget(way, 1)
        inside = _Inside()
        vbox(2, self.title, self.text, self._ways, 3, parent=inside, spacing=8, margins=(0, 8, 0, 8))
        vbox(scroll_area(inside), parent=self, margins=NO_MARGINS)

    def offer_model(self, offer: QWidget) -> None:
        """How a model is chosen."""
        self.model_way.offer(offer)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = event.size().width() >= BESIDE_FROM * text_scale()
        directions = QBoxLayout.Direction
        self._ways.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._ways.setContentsMargins(0, 24 if beside else 0, 0, 0)
        ways = self.findChildren(_Way)
        for way in ways:
            way.stand(beside=beside)
        across = (event.size().width() - GUTTER - self._ways.spacing() * (len(ways) - 1)) // len(ways)
        highest = max(way.height_of_words(across) for way in ways)
        for way in ways:
            way.text.setMinimumHeight(highest if beside else 0)  # what is below stands in one line
        super().resizeEvent(event)


class _Inside(QWidget):
    """Not higher than its words are at this width: a layout alone reckons with the narrowest."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        layout = self.layout()
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and layout is not None:
            self.setMinimumHeight(layout.heightForWidth(self.width()))
        return done


class _Way(Card):
    """What can be done, and the button that does it: below the words, or beside them where room is scarce."""

    def __init__(self, icon: str, title: str, text: str, button: Button | None = None) -> None:
        super().__init__()
        head = hbox(IconLabel(icon, "accent"), (Label(title, "strong", wrap=True), 1), spacing=8)
        self.text = Label(text, "second", wrap=True)
        side = self.text.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask
        self.text.setAlignment(side | Qt.AlignmentFlag.AlignTop)
        words = vbox(head, self.text, spacing=4)
        self._layout = vbox((words, 1), parent=self, spacing=8)
        self._layout.addStretch(0)
        self._button = button
        if button is not None:
            self.offer(button)

    def offer(self, widget: QWidget) -> None:
        self._layout.insertWidget(1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def height_of_words(self, across: int) -> int:
        """Where the card is so many pixels wide."""
        self.text.ensurePolished()
        return self.text.heightForWidth(across - 2 * _SIDE)

    def stand(self, *, beside: bool) -> None:
        """`beside` the other ways, and not below them."""
        directions = QBoxLayout.Direction
        self._layout.setDirection(directions.TopToBottom if beside else directions.LeftToRight)
        side = 16 if beside else 10
        self._layout.setContentsMargins(_SIDE, side, _SIDE, side)
        if self._button is not None:
            self._layout.setAlignment(self._button, _AT_START if beside else Qt.AlignmentFlag.AlignVCenter)
        self._layout.setStretch(0, 0 if beside else 1)
        self._layout.setStretch(self._layout.count() - 1, 1 if beside else 0)
