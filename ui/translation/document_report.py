"""The panel that says of a translated document what to look at and what could not be kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from assistant.translation.jobs.records import TranslatedDocument
from assistant.translation.records import Lost
from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconLabel, Label
from ui.common.layouts import Item, hbox, vbox
from ui.common.side_panel import PanelView
from ui.common.translation import translate
from ui.translation import concern_words
from ui.translation.document_rows import words_of


class DocumentReport(PanelView):
    open_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(translate("translation", "What to check"))

    def show_document(self, document: TranslatedDocument) -> None:
        items: list[Item] = [Label(words_of(document), "second", wrap=True)]
        if document.output:
            open_it = Button(
                translate("translation", "Open the translation"),
                lambda: self.open_wanted.emit(document.output),
                icon="arrow-square-out",
            )
            items.append(hbox(open_it, 1))
        if document.marked:
            items.append(Label(translate("translation", "Sentences to check"), "heading"))
            text = translate("translation", "%n sentence(s) should be looked at.", None, document.marked)
            items.append(Label(text, wrap=True))
        if document.lost:
            items.append(Label(translate("translation", "Not kept"), "heading"))
            items += [_loss(lost) for lost in document.lost]
        self.show_column(*items)


def _loss(lost: Lost) -> Item:
    words = Label(concern_words.of_loss(lost), wrap=True)
    place = Label(formatting.name(lost.place), "second", wrap=True)
    place.setVisible(bool(lost.place))
    icon = IconLabel("info", size=16)
    return hbox((icon, 0, Qt.AlignmentFlag.AlignTop), (vbox(words, place, spacing=0), 1), spacing=8)
