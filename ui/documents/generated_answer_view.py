"""The model's answer under the quotes: it grows, cites them, and can be stopped."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assistant.documents.records import Quote
from ui.common.buttons_and_labels import Button, CopyButton, Label
from ui.common.layouts import hbox, vbox
from ui.common.paragraphs import reading_width
from ui.common.translation import translate
from ui.transcript.message_text import MessageText


class GeneratedAnswerView(QFrame):
    stop_wanted = Signal()
    copy_wanted = Signal(str)
    citation_wanted = Signal(Quote)
    link_wanted = Signal(str)

    def __init__(self, quotes: tuple[Quote, ...]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._quotes = {quote.n: quote for quote in quotes}
        self._text = ""
        heading = translate("documents", "The model's answer")
        self.heading = Label(heading, "strong")
        self.doing = Label("", "second")
        stop = translate("documents", "Stop")
        self.stop = Button(stop, self.stop_wanted.emit, kind="quiet", icon="stop-fill")
        self.stop.setAccessibleName(translate("documents", "Stop the model's answer"))
        copy = translate("documents", "Copy the answer")
        self.copy = CopyButton(copy, lambda: self.copy_wanted.emit(self._text), size=16)
        self.copy.hide()
        self.body = _Body()
        self.body.text.setAccessibleName(heading)
        self.body.text.citation_wanted.connect(self._show_citation)
        self.body.text.link_wanted.connect(self.link_wanted)
        head = hbox(self.heading, (self.doing, 1), self.stop, self.copy, spacing=8)
        vbox(head, self.body, parent=self, margins=(16, 8, 10, 14), spacing=6)
        self.body.hide()

    def text(self) -> str:
        return self._text

    def grow(self, text: str, doing: str) -> None:
        """More of it has come."""
        self._text = text
        self.doing.setText(doing)
        self.body.show_answer(text, self._quotes.values())

    def end(self, text: str, doubts: tuple[int, ...], note: str) -> None:
        """It is written, and checked: `doubts` are where sentences end that no quote supports."""
        self._text = text
        self.doing.setText(note)
        self.stop.hide()
        self.copy.setVisible(bool(text))
        self.body.show_answer(text, self._quotes.values(), doubts)

    def _show_citation(self, number: int) -> None:
        if number in self._quotes:
            self.citation_wanted.emit(self._quotes[number])


class _Body(QWidget):
    """As high as its text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = MessageText(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def show_answer(self, text: str, quotes: Iterable[Quote], doubts: tuple[int, ...] = ()) -> None:
        self.setVisible(bool(text))
        self.text.set_answer(text, quotes, doubts)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        width = max(80, min(self.width(), reading_width()))
        height = self.text.height_for(width)
        self.text.setGeometry(0, 0, width, height)
        self.text.place_buttons()
        if height != self.height():
            self.setFixedHeight(height)
