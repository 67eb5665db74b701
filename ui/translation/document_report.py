"""The panel that says of a translated document which sentences to look at and what could not be kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from assistant.translation.jobs.records import TranslatedDocument
from assistant.translation.records import Lost, SentencePair, TranslatedParagraph
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Divider, IconLabel, Label
from ui.common.layouts import Item, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.paragraphs import Paragraphs
from ui.common.side_panel import PanelView
from ui.common.translation import translate
from ui.translation import concern_words
from ui.translation.document_rows import words_of

MOST = 50
"""Sentences that are shown; the document itself has all of them."""


class DocumentReport(PanelView):
    open_wanted = Signal(str)

    def __init__(self, context: PageContext) -> None:
        super().__init__(translate("translation", "What to check"))
        self._context = context
        self._document: TranslatedDocument | None = None

    def show_document(self, document: TranslatedDocument) -> None:
        """What is known of it; its sentences as soon as they are read."""
        self._document = document
        self._show(())
        if document.marked:
            self._context.in_background(
                lambda services: services.translations.marked(document.id),
                lambda paragraphs: self._show(paragraphs) if self._document == document else None,
            )

    def _show(self, paragraphs: Sequence[TranslatedParagraph]) -> None:
        document = self._document
        assert document is not None
        items: list[Item] = [Label(words_of(document), "second", wrap=True)]
        if document.output:
            open_it = Button(
                translate("translation", "Open the translation"),
                lambda: self.open_wanted.emit(document.output),
                icon="arrow-square-out",
            )
            items.append(hbox(open_it, 1))
        if document.lost:
            items.append(Label(translate("translation", "Not kept"), "heading"))
            items += [_loss(lost) for lost in document.lost]
        if document.marked:
            text = translate("translation", "%n sentence(s) to check", None, document.marked)
            items.append(Label(text, "heading"))
            sentences = [
                (paragraph, sentence)
                for paragraph in paragraphs
                for sentence in paragraph.sentences
                if sentence.concerns
            ]
            for paragraph, sentence in sentences[:MOST]:
                items += [_sentence(paragraph, sentence), Divider()]
            if len(sentences) > MOST:
                rest = translate("translation", "and %n more", None, len(sentences) - MOST)
                items.append(Label(rest, "second"))
        self.show_column(*items)


def _loss(lost: Lost) -> Item:
    words = Label(concern_words.of_loss(lost), wrap=True)
    place = Label(formatting.name(lost.place), "second", wrap=True)
    place.setVisible(bool(lost.place))
    icon = IconLabel("info", size=16)
    return hbox((icon, 0, Qt.AlignmentFlag.AlignTop), (vbox(words, place, spacing=0), 1), spacing=8)


def _sentence(paragraph: TranslatedParagraph, sentence: SentencePair) -> Item:
    """Its translation, why it is marked, and what it was."""
    original = paragraph.source[slice(*sentence.source)]
    reasons = concern_words.of_sentence(sentence.concerns, original)
    why = Label("\n".join(reasons), "warn", wrap=True)
    text = Paragraphs(formatting.passage(paragraph.text[slice(*sentence.target)]))
    source = Label(formatting.passage(original), "second", wrap=True)
    icon = IconLabel("warning", "warn", 16)
    reason = hbox((icon, 0, Qt.AlignmentFlag.AlignTop), (why, 1), spacing=8)
    return vbox(text, source, reason, spacing=4)
