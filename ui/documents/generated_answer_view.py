"""The model's answer: it grows, can be stopped, and in the end shows what each sentence rests on."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assistant.documents.grounded_records import CheckedText
from assistant.documents.records import Quote
from ui.common import formatting
from ui.common.buttons_and_labels import Button, CopyButton, Label, restyle
from ui.common.layouts import hbox, vbox
from ui.common.paragraphs import QUOTED, reading_width
from ui.common.theme import mirrors
from ui.common.translation import translate
from ui.transcript.entry import copied
from ui.transcript.message_text import MessageText


class GeneratedAnswerView(QFrame):
    stop_wanted = Signal()
    copy_wanted = Signal(str)
    citation_wanted = Signal(Quote)
    link_wanted = Signal(str)

    def __init__(self, quotes: tuple[Quote, ...]) -> None:
        super().__init__()
        self.setProperty("card", "lead")
        self._quotes = {quote.n: quote for quote in quotes}
        self._text = ""
        self._copied = ""
        self.doing = Label("", "second", wrap=True)
        stop = translate("documents", "Stop")
        self.stop = Button(stop, self.stop_wanted.emit, kind="quiet", icon="stop-fill")
        self.stop.setAccessibleName(translate("documents", "Stop the model's answer"))
        copy = translate("documents", "Copy the answer")
        self.copy = CopyButton(copy, lambda: self.copy_wanted.emit(self._copied), size=16)
        self.copy.hide()
        self.body = _Body()
        self.body.text.setAccessibleName(translate("documents", "The model's answer"))
        self.body.text.citation_wanted.connect(self._show_citation)
        self.body.text.link_wanted.connect(self.link_wanted)
        foot = hbox((self.doing, 1), self.stop, self.copy, spacing=8)
        # The icon of the last button has air of its own, which the text has not.
        body = hbox(self.body, margins=(0, 0, 6, 0))
        vbox(body, foot, parent=self, margins=(16, 12, 10, 8), spacing=4)
        self.body.hide()
        self._turn(leftwards=mirrors())

    def text(self) -> str:
        return self._text

    def grow(self, text: str, doing: str) -> None:
        """More of it has come. Its numbers are no citations yet: nothing was compared with the quotes."""
        self._text = text
        self._turn(leftwards=formatting.is_right_to_left(text))
        self.doing.setText(doing)
        self.body.show_answer(text)

    def end_unchecked(self, note: str) -> None:
        """It was stopped, or broke off: what has come stays as it is."""
        self._copied = self._text
        self._ended(note)

    def end(self, checked: CheckedText, quotes: Iterable[Quote], note: str) -> None:
        """It is written, and each sentence was compared with the quotes."""
        self._text = checked.text
        self._turn(leftwards=formatting.is_right_to_left(checked.text))
        self._quotes = {quote.n: quote for quote in quotes}
        self._copied = copied(checked.text, checked.doubts, checked.unsourced)
        self.body.show_answer(checked.text, self._quotes.values(), checked.doubts, checked.unsourced)
        self._ended(note)

    def _turn(self, *, leftwards: bool) -> None:
        """The edge that marks it stands where its lines begin."""
        reads = "leftwards" if leftwards else "rightwards"
        if self.property("reads") != reads:
            self.setProperty("reads", reads)
            restyle(self)

    def _ended(self, note: str) -> None:
        self.doing.setText(note)
        self.stop.hide()
        self.copy.show()

    def _show_citation(self, number: int) -> None:
        if number in self._quotes:
            self.citation_wanted.emit(self._quotes[number])


class _Body(QWidget):
    """As high as its text."""

    def __init__(self) -> None:
        super().__init__()
        self.text = MessageText(self, pixels=QUOTED)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def show_answer(
        self,
        text: str,
        quotes: Iterable[Quote] = (),
        doubts: tuple[int, ...] = (),
        unsourced: tuple[int, ...] = (),
    ) -> None:
        self.setVisible(bool(text))
        self.text.set_answer(text, quotes, doubts, unsourced)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _fit(self) -> None:
        width = max(80, min(self.width(), reading_width(QUOTED)))
        height = self.text.height_for(width)
        left = self.width() - width if formatting.is_right_to_left(self.text.toPlainText()) else 0
        self.text.setGeometry(left, 0, width, height)
        self.text.place_buttons()
        if height != self.height():
            self.setFixedHeight(height)
