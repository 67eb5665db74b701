"""Asks with what, and in which languages, the text of pictures is to be recognised again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QWidget

from assistant.documents.records import DocumentInfo, PartReport
from assistant.vision.records import Recogniser, RecognitionLanguage, RecognitionOptions
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.dialog_sheet import WIDTH, DialogSheet
from ui.common.recognition_words import recogniser
from ui.common.segments import Segments
from ui.common.translation import arg, translate
from ui.recognition.language_picker import LanguagePicker

PICKER = 280
"""Pixels of the field of languages."""
RECOGNISERS = (Recogniser.AUTO, Recogniser.TESSERACT, Recogniser.RAPIDOCR)


class RecogniseDialog(DialogSheet):
    def __init__(
        self,
        parent: QWidget,
        document: DocumentInfo,
        part: PartReport | None,
        languages: Sequence[RecognitionLanguage],
        taken: Callable[[RecognitionOptions], object],
    ) -> None:
        """`part`: the only one that is meant."""
        name = formatting.isolate(formatting.document_name(document))
        if part is None:
            title = arg(translate("documents", "Recognise “%1” again"), name)
            text = translate("documents", "What was recognised in its pictures before is replaced.")
        else:
            place = formatting.isolate(formatting.name(part.label))
            title = arg(translate("documents", "Recognise %1 of “%2” again"), place, name)
            text = translate("documents", "What was recognised there before is replaced.")
        super().__init__(parent, title)
        self._taken = taken
        self.say(text)
        self.languages = LanguagePicker(translate("documents", "Languages"), PICKER)
        self.languages.offer(languages)
        self.languages.show_value(part.languages if part is not None else ())
        self.recogniser = Segments(
            translate("documents", "Recognise with"), [recogniser(each) for each in RECOGNISERS]
        )
        self._chosen = Recogniser.AUTO
        self.recogniser.chosen.connect(self._choose)
        self.about = Label("", "second", wrap=True)
        self.about.setFixedWidth(WIDTH)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for row, (words, widget) in enumerate(
            (
                (translate("documents", "Languages"), self.languages),
                (translate("documents", "Recognise with"), self.recogniser),
            )
        ):
            grid.addWidget(Label(words), row, 0)
            grid.addWidget(widget, row, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.about)
        self.yes = Button(translate("documents", "Recognise"), self._take, kind="primary")
        self.buttons.addWidget(self.yes)
        self._choose(0)
        self.yes.setFocus()

    def _choose(self, place: int) -> None:
        self._chosen = RECOGNISERS[place]
        self.about.setText(_about(self._chosen))

    def _take(self) -> None:
        self.accept()
        self._taken(RecognitionOptions(self._chosen, self.languages.value))


def _about(recogniser: Recogniser) -> str:
    match recogniser:
        case Recogniser.TESSERACT:
            return translate("documents", "Fast, and right in clean print. It reads all the languages above.")
        case Recogniser.RAPIDOCR:
            return translate(
                "documents",
                "Slower, and better with photographs and poor copies. It reads Latin, Chinese and Japanese "
                "script only.",
            )
    return translate("documents", "The better one is chosen for each picture, by its script and quality.")
