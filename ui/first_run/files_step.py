"""The third step: a file of one's own, or the handbook, and the first question."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.translation import arg, translate
from ui.common.ways import Way, Ways
from ui.documents.handbook_questions import handbook_questions
from ui.first_run.pages import Pages
from ui.first_run.step import Step


class FilesStep(Step):
    asked = Signal(str)
    """A question to the handbook."""

    def __init__(self, pages: Pages) -> None:
        super().__init__(
            translate("first_run", "Your first file, or a look at the handbook"),
            translate("first_run", "Reading starts at once, and you can ask while it goes on."),
        )
        self._pages = pages
        self.files = Button(
            translate("first_run", "Choose files"), self._choose_files, kind="primary", icon="plus"
        )
        self.folder = Button(translate("first_run", "Choose a folder"), self._choose_folder)
        buttons = QWidget()
        vbox(self.files, self.folder, parent=buttons, spacing=4, margins=NO_MARGINS)
        self.questions = [self._question(question) for question in handbook_questions()]
        asking = QWidget()
        at_start = Qt.AlignmentFlag.AlignLeft
        vbox(*((each, 0, at_start) for each in self.questions), parent=asking, spacing=0, margins=NO_MARGINS)
        self._ways = Ways(
            (
                Way(
                    "files",
                    translate("first_run", "Drop a document"),
                    translate("first_run", "Files or folders, anywhere in this window."),
                    buttons,
                ),
                Way(
                    "book-open",
                    translate("first_run", "Ask the handbook"),
                    translate("first_run", "See what an answer looks like, with one click:"),
                    asking,
                ),
            )
        )
        self.items.addLayout(self._ways)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._ways.fit(event.size().width())
        super().resizeEvent(event)

    def _question(self, question: str) -> Button:
        button = Button(question, partial(self.asked.emit, question), kind="link")
        button.setAccessibleName(arg(translate("first_run", "Ask the handbook: %1"), question))
        return button

    def _choose_files(self) -> None:
        self._pages.document_actions.choose_files(self._pages.documents.collections.target)

    def _choose_folder(self) -> None:
        self._pages.document_actions.choose_folder(self._pages.documents.collections.target)
