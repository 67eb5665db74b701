"""Quotes of one place, as one card: click, Enter or Space opens it; the arrow keys go to its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel

from assistant.documents.records import Quote, QuotePlace
from ui.common import formatting, recognition_words
from ui.common.buttons_and_labels import AT_THE_LEFT, AT_THE_RIGHT, CopyButton, ElidedLabel, Label, restyle
from ui.common.layouts import hbox, vbox
from ui.common.menus import Menu
from ui.common.paragraphs import Paragraphs
from ui.common.translation import arg, translate
from ui.documents import quote_words

LINES = 4
"""Lines that a card takes at most, if no more are cited; its place shows it whole."""
LINES_OF_ANSWER = 14
"""The same where the quote stands in the place of the answer."""


class QuoteCard(QFrame):
    chosen = Signal(Quote)
    copied = Signal(Quote)
    translation_wanted = Signal(Quote)
    moved = Signal(object, int)

    def __init__(
        self,
        place: QuotePlace,
        chips: Sequence[int] = (),
        *,
        cited: Sequence[Quote] = (),
        leads: bool = False,
    ) -> None:
        """
        Args:
            cited: those of its quotes that the answer cites, which are seen whole.
            chips: what it is numbered with, if not with the numbers of its quotes.
            leads: it stands where the answer would.
        """
        super().__init__()
        self.numbers = place.numbers
        self.quote = quote = place.quote
        self.setProperty("card", "lead" if leads else "quote")
        self.setProperty("chosen", "false")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(translate("documents", "Show in the document"))
        until = max((each.end for each in cited), default=0) - quote.start
        words, bold, needed = quote_words.shown(quote, until)
        where = formatting.place(formatting.document_name(quote), quote.location, quote.heading)
        lines = LINES_OF_ANSWER if leads else LINES
        self.text = Paragraphs(words, most_lines=lines, needed=needed, quoted=True, bold=bold)
        self.place = ElidedLabel(where, "second", Qt.TextElideMode.ElideRight)
        self.recognised = _recognised(quote)
        leftwards = formatting.is_right_to_left(words)
        side = AT_THE_RIGHT if leftwards else AT_THE_LEFT
        self.place.set_side(side)
        self.recognised.setAlignment(side)
        directions = Qt.LayoutDirection  # those of the quote, whatever the window's are
        self.setLayoutDirection(directions.RightToLeft if leftwards else directions.LeftToRight)
        self.setProperty("reads", "leftwards" if leftwards else "rightwards")
        copy = translate("documents", "Copy the quote with its source")
        self.copy = CopyButton(copy, lambda: self.copied.emit(quote), size=16)
        policy = self.copy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.copy.setSizePolicy(policy)
        self.copy.hide()  # until the card is looked at; the keyboard has Ctrl+C
        labels = [_chip(number) for number in chips or self.numbers]
        name = translate("documents", "Quote %1: %2 From %3")
        numbers = ", ".join(label.text() for label in labels)
        said = recognition_words.with_source(where, quote.recognised)
        self.setAccessibleName(arg(name, numbers, words, said))
        body = vbox(self.text, vbox(self.place, self.recognised, spacing=0), spacing=4)
        top = Qt.AlignmentFlag.AlignTop
        beside = vbox(*labels, 1, spacing=4)
        hbox(beside, (body, 1), (self.copy, 0, top), parent=self, margins=(12, 10, 12, 10), spacing=12)

    def set_chosen(self, chosen: bool) -> None:
        if self.property("chosen") != ("true" if chosen else "false"):
            self.setProperty("chosen", "true" if chosen else "false")
            self.copy.setVisible(chosen or self.underMouse())
            restyle(self)
            for label in self.findChildren(QLabel):
                restyle(label)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.copy.show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.copy.setVisible(self.property("chosen") == "true")
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.quote)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.chosen.emit(self.quote)
            case Qt.Key.Key_Up:
                self.moved.emit(self, -1)
            case Qt.Key.Key_Down:
                self.moved.emit(self, 1)
            case Qt.Key.Key_C if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.copy.click()
            case _:
                super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = Menu(self)
        menu.add_item(self.toolTip(), partial(self.chosen.emit, self.quote))
        menu.add_item(self.copy.toolTip(), self.copy.click)
        wanted = partial(self.translation_wanted.emit, self.quote)
        menu.add_item(translate("documents", "Translate"), wanted)
        menu.popup(event.globalPos())


def _recognised(quote: Quote) -> Label:
    """Says that it was read from a picture; how it was spelt there only the page tells."""
    doubtful = quote.recognised is not None and quote.recognised < recognition_words.DOUBTFUL
    label = Label(recognition_words.source(quote.recognised), "warn" if doubtful else "second")
    label.setVisible(quote.recognised is not None)
    return label


def _chip(number: int) -> QLabel:
    chip = QLabel(str(number))
    chip.setObjectName("chip")
    chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return chip
