"""The answer in quotes: each with its number, words and place, and a plain word when there is none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from assistant.documents.records import Answer, Quote
from ui.common import error_words, formatting
from ui.common.buttons_and_labels import (
    Button,
    Card,
    CopyButton,
    ElidedLabel,
    IconButton,
    IconLabel,
    Label,
    restyle,
)
from ui.common.layouts import GUTTER, NO_MARGINS, clear, hbox, scroll_area, vbox
from ui.common.menus import Menu
from ui.common.paragraphs import Paragraphs, reading_width
from ui.common.translation import arg, translate
from ui.documents.generated_answer_view import GeneratedAnswerView

MOST_LINES = 6
"""Lines that a quote takes in its card; its place shows it whole."""


class QuotesView(QWidget):
    quote_wanted = Signal(Quote)
    copy_wanted = Signal(Quote)
    closed = Signal()
    everywhere_wanted = Signal()
    """Ask the same again in all documents."""
    stop_wanted = Signal()
    """Stop what the model writes."""
    text_copy_wanted = Signal(str)
    link_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.heading = Label("", "strong")
        self.second = Label("", "second")
        close = IconButton("x", translate("documents", "Close the answer"), self.closed.emit, size=16)
        head = hbox(self.heading, self.second, 1, close, margins=(12, 0, GUTTER, 0), spacing=8)
        self.note = Label("", "second", wrap=True)
        self.note.setContentsMargins(12, 0, 12 + GUTTER, 0)
        inside = QWidget()
        self._card_layout = vbox(parent=inside, margins=NO_MARGINS, spacing=8)
        self._area = scroll_area(inside)
        vbox(head, self.note, (self._area, 1), parent=self, margins=NO_MARGINS, spacing=8)
        self._cards: list[QuoteCard] = []
        self.generated: GeneratedAnswerView | None = None
        """The model's answer under the quotes."""

    def begin_generated_answer(self, quotes: tuple[Quote, ...]) -> None:
        """Make room under the quotes for what the model writes."""
        generated = self.generated = GeneratedAnswerView(quotes)
        generated.stop_wanted.connect(self.stop_wanted)
        generated.copy_wanted.connect(self.text_copy_wanted)
        generated.citation_wanted.connect(self.quote_wanted)
        generated.link_wanted.connect(self.link_wanted)
        self._card_layout.insertWidget(self._card_layout.count() - 1, generated)  # before the stretch

    def cards(self) -> list[QuoteCard]:
        return self._cards

    def say(self, text: str) -> None:
        """What is being done now."""
        self._clear()
        self.heading.setText(text)
        self.second.setText("")
        self.note.hide()

    def show_answer(self, answer: Answer, place: str | None, tips: list[str]) -> None:
        """`place`: what was searched, if not all documents; `tips`: what to try when nothing was found."""
        self._clear()
        absence = formatting.one_line(error_words.both(answer.absence)) if answer.absence else ""
        beside = absence if answer.quotes else ""
        note = " ".join(part for part in (beside, formatting.one_line(answer.note)) if part)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        if not answer.quotes:
            tips = [absence, *tips] if absence else tips
            self.heading.setText(translate("documents", "Nothing found in your documents."))
            self.second.setText(arg(translate("documents", "searched: “%1”"), place) if place else "")
            self._card_layout.addWidget(self._make_tips(tips, place is not None))
            self._card_layout.addStretch(1)
            return
        self.heading.setText(translate("documents", "%n quote(s)", None, len(answer.quotes)))
        seconds = f"{answer.seconds:.2f}"
        if place is None:
            self.second.setText(arg(translate("documents", "from all documents · %1 s"), seconds))
        else:
            self.second.setText(arg(translate("documents", "from “%1” · %2 s"), place, seconds))
        for quote in answer.quotes:
            card = QuoteCard(quote)
            card.chosen.connect(self.quote_wanted)
            card.copied.connect(self.copy_wanted)
            card.moved.connect(self._move)
            self._cards.append(card)
            self._card_layout.addWidget(card)
        self._card_layout.addStretch(1)
        self._area.verticalScrollBar().setValue(0)

    def mark_chosen(self, quote: Quote | None) -> None:
        """Show which quote's place is being looked at."""
        for card in self._cards:
            card.set_chosen(quote is not None and card.quote.n == quote.n)

    def _move(self, card: QuoteCard, step: int) -> None:
        row = self._cards.index(card) + step
        if 0 <= row < len(self._cards):
            self._cards[row].setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(self._cards[row], 0, 12)

    def _make_tips(self, tips: list[str], narrowed: bool) -> QWidget:
        box = Card()
        layout = vbox(parent=box, margins=(16, 16, 16, 16), spacing=12)
        for tip in tips:
            icon = IconLabel("info", size=16)
            layout.addLayout(hbox((icon, 0, Qt.AlignmentFlag.AlignTop), (Paragraphs(tip), 1), spacing=12))
        if narrowed:
            everywhere = Button(translate("documents", "Ask all documents"), self.everywhere_wanted.emit)
            layout.addWidget(everywhere, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _clear(self) -> None:
        self._cards = []
        self.generated = None
        clear(self._card_layout)


class QuoteCard(QFrame):
    """Click, Enter or Space opens its place; the arrow keys go to its neighbours."""

    chosen = Signal(Quote)
    copied = Signal(Quote)
    moved = Signal(object, int)

    def __init__(self, quote: Quote) -> None:
        super().__init__()
        self.quote = quote
        self.setProperty("card", "quote")
        self.setProperty("chosen", "false")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(translate("documents", "Show where this stands"))
        text = formatting.one_line(quote.quote)
        place = formatting.place(formatting.document_name(quote), quote.location, quote.heading)
        self.setAccessibleName(arg(translate("documents", "Quote %1: %2 From %3"), quote.n, text, place))
        chip = QLabel(str(quote.n))
        chip.setObjectName("chip")
        chip.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text = Paragraphs(text, most_lines=MOST_LINES)
        self.place = ElidedLabel(place, "second", Qt.TextElideMode.ElideRight)
        self.place.setMaximumWidth(reading_width())
        copy = translate("documents", "Copy the quote with its source")
        self.copy = CopyButton(copy, lambda: self.copied.emit(quote), size=16)
        policy = self.copy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.copy.setSizePolicy(policy)
        self.copy.hide()  # until the card is looked at; the keyboard has Ctrl+C
        body, top = vbox(self.text, self.place, spacing=4), Qt.AlignmentFlag.AlignTop
        items = ((chip, 0, top), (body, 1), (self.copy, 0, top))
        hbox(*items, parent=self, margins=(12, 10, 8, 10), spacing=12)

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
        menu.popup(event.globalPos())


def with_source(quote: Quote) -> str:
    """For the clipboard: the quote as it stands, and where."""
    place = " · ".join(
        part for part in (formatting.document_name(quote), formatting.name(quote.location)) if part
    )
    return f"“{formatting.passage(quote.quote).strip()}”\n({place})"
