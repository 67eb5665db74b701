"""The answer first: the model's, or the best passage, or that there is none; below it what it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from assistant.documents.grounded_records import CheckedText
from assistant.documents.records import Answer, Quote, QuotePlace
from ui.common import error_words, formatting, recognition_words
from ui.common.buttons_and_labels import Button, Card, IconButton, IconLabel, Label
from ui.common.layouts import GUTTER, NO_MARGINS, clear, hbox, mirrored, scroll_area, vbox
from ui.common.paragraphs import Paragraphs
from ui.common.translation import arg, translate
from ui.documents.generated_answer_view import GeneratedAnswerView
from ui.documents.quote_card import QuoteCard


class QuotesView(QWidget):
    quote_wanted = Signal(Quote)
    copy_wanted = Signal(Quote)
    translation_wanted = Signal(Quote)
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
        self.note.setContentsMargins(*mirrored((12, 0, 12 + GUTTER, 0)))
        inside = QWidget()
        self._layout = vbox(parent=inside, margins=NO_MARGINS, spacing=8)
        self._area = scroll_area(inside)
        vbox(head, self.note, (self._area, 1), parent=self, margins=NO_MARGINS, spacing=8)
        self._answer: Answer | None = None
        self._cited: Sequence[Quote] = ()
        """What the model's answer cites."""
        self._place = ""
        self._cards: list[QuoteCard] = []
        self._looked_at: Quote | None = None
        self.generated: GeneratedAnswerView | None = None
        """The model's answer, while it is written and once it is there."""

    # --- what it shows

    def cards(self) -> list[QuoteCard]:
        return self._cards

    def say(self, text: str) -> None:
        """What is being done now."""
        self._clear()
        self.heading.setText(text)
        self.second.setText("")
        self.note.hide()

    def show_answer(self, answer: Answer, place: str | None, tips: list[str], wait: bool = False) -> None:
        """
        Args:
            place: what was searched, if not all documents.
            tips: what to try when nothing was found.
            wait: what was not found may still be read; the first of the tips says so.
        """
        self._answer, self._cited = answer, ()
        self._place = translate("documents", "from all documents")
        if place:
            self._place = arg(translate("documents", "from “%1”"), place)
        self._say_note(formatting.one_line(answer.note))
        if not answer.quotes:
            self._clear()
            nothing = translate("documents", "Nothing found in your documents.")
            self.heading.setText(translate("documents", "Nothing found yet") if wait else nothing)
            self.second.setText(arg(translate("documents", "searched: “%1”"), place) if place else "")
            if wait:
                tips = tips[:1]
            elif answer.absence is not None:
                tips = [formatting.one_line(error_words.both(answer.absence)), *tips]
            self._layout.addWidget(self._make_tips(tips, bool(place) and not wait))
            self._layout.addStretch(1)
        elif answer.absence is not None:
            self._show_absence(answer)
        else:
            self.show_passage()
        self._area.verticalScrollBar().setValue(0)

    def show_passage(self, note: str = "") -> None:
        """The best passage stands where the answer would; `note`: why no model's does."""
        assert self._answer is not None
        best, *others = _places(self._answer)
        self.heading.setText(translate("documents", "Best passage"))
        self.second.setText(self._place)
        if note:
            self._say_note(note)
        self._arrange(None, [("", [best]), (translate("documents", "More passages"), others)], leads=best)

    def begin_generated_answer(self) -> None:
        """The model's answer will stand above the quotes."""
        assert self._answer is not None
        generated = self.generated = GeneratedAnswerView(self._answer.quotes)
        generated.stop_wanted.connect(self.stop_wanted)
        generated.copy_wanted.connect(self.text_copy_wanted)
        generated.citation_wanted.connect(self.quote_wanted)
        generated.link_wanted.connect(self.link_wanted)
        self.heading.setText(translate("documents", "Answer"))
        self.second.setText(self._place)
        found = translate("documents", "Found in your documents")
        self._arrange(generated, [(found, _places(self._answer))])

    def end_generated_answer(self, answer: Answer, checked: CheckedText, note: str) -> None:
        """The model's answer is written and checked; `answer` has the quotes as it cites them."""
        assert self.generated is not None
        self._answer = answer
        places, cited = _places(answer), set(checked.citations)
        self._cited = [quote for quote in answer.quotes if quote.n in cited]
        under = [place for place in places if cited.intersection(place.numbers)]
        others = [place for place in places if place not in under]
        self.generated.end(checked, answer.quotes, note)
        also = translate("documents", "Also found") if under else translate("documents", "Closest passages")
        self._arrange(self.generated, [(translate("documents", "Sources"), under), (also, others)])

    def mark_chosen(self, quote: Quote | None) -> None:
        """Show which quote's place is being looked at."""
        self._looked_at = quote
        for card in self._cards:
            card.set_chosen(quote is not None and quote.n in card.numbers)

    # --- how it is put together

    def _show_absence(self, answer: Answer) -> None:
        """What no document holds is said before anything is quoted."""
        assert answer.absence is not None
        said = Card()
        words = Label(formatting.one_line(error_words.message(answer.absence)), "heading", wrap=True)
        hint = Label(formatting.one_line(error_words.hint(answer.absence)), "second", wrap=True)
        row = hbox(
            (IconLabel("info"), 0, Qt.AlignmentFlag.AlignTop), (vbox(words, hint, spacing=4), 1), spacing=12
        )
        vbox(row, parent=said, margins=(16, 14, 16, 14))
        self.heading.setText(translate("documents", "No answer in your documents"))
        self.second.setText("")
        self._arrange(said, [(translate("documents", "Closest passages"), _places(answer))])

    def _arrange(
        self,
        top: QWidget | None,
        groups: Sequence[tuple[str, Sequence[QuotePlace]]],
        leads: QuotePlace | None = None,
    ) -> None:
        """Put the cards of these groups, each under its heading, below what comes first."""
        focused = next((card.numbers for card in self._cards if card.hasFocus()), None)
        scrolled = self._area.verticalScrollBar().value()
        generated = self.generated if top is self.generated else None
        if generated is not None:
            self._layout.removeWidget(generated)
        self._clear()
        self.generated = generated
        if top is not None:
            self._layout.addWidget(top)
            top.show()
        for heading, places in groups:
            if heading and places:
                label = Label(heading, "second")
                label.setContentsMargins(12, 4, 12, 0)
                self._layout.addWidget(label)
                label.show()
            for place in places:
                self._add_card(place, leads=place is leads)
        self._layout.addStretch(1)
        self.mark_chosen(self._looked_at)
        for card in self._cards:
            if card.numbers == focused:
                card.setFocus()
        self._area.verticalScrollBar().setValue(scrolled)

    def _add_card(self, place: QuotePlace, *, leads: bool) -> None:
        # Where nothing cites them, their order is what counts.
        chips = () if self.generated is not None else (len(self._cards) + 1,)
        cited = [quote for quote in self._cited if quote.n in place.numbers]
        card = QuoteCard(place, chips, cited=cited, leads=leads)
        card.chosen.connect(self.quote_wanted)
        card.copied.connect(self.copy_wanted)
        card.translation_wanted.connect(self.translation_wanted)
        card.moved.connect(self._move)
        self._cards.append(card)
        self._layout.addWidget(card)
        card.show()  # now, and not when the event loop comes to it: the answer appears at once

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

    def _say_note(self, note: str) -> None:
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _clear(self) -> None:
        self._cards = []
        self.generated = None
        clear(self._layout)


def with_source(quote: Quote) -> str:
    """For the clipboard: the quote as it stands, and where."""
    place = " · ".join(
        part for part in (formatting.document_name(quote), formatting.name(quote.location)) if part
    )
    place = recognition_words.with_source(place, quote.recognised)
    return f"“{formatting.passage(quote.quote).strip()}”\n({place})"


def _places(answer: Answer) -> list[QuotePlace]:
    """Where the quotes stand; those that were not put together are a place each."""
    known = {number for place in answer.places for number in place.numbers}
    alone = [QuotePlace((quote.n,), quote) for quote in answer.quotes if quote.n not in known]
    return [*answer.places, *alone]
