"""The first run as a page of the window: one step at a time, with the way on, back and out always in view."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget

from assistant.documents.records import AddedDocuments
from ui.common.buttons_and_labels import Button, holds_focus, restyle
from ui.common.layouts import before_gutter, hbox
from ui.common.notices import Action
from ui.common.page_context import PageContext
from ui.common.page_frame import COLUMN, MARGIN, Page
from ui.common.screen_reader import announce
from ui.common.translation import arg, translate
from ui.first_run.computer_step import ComputerStep
from ui.first_run.pages import Pages
from ui.first_run.step import Step
from ui.first_run.steps_line import StepsLine

KEY = "first-run"
"""By which the window knows the page; it stands in no navigation."""


class FirstRunPage(Page):
    def __init__(self, context: PageContext, pages: Pages) -> None:
        super().__init__(translate("first_run", "First steps"))
        self._context = context
        self._pages = pages
        self._steps: dict[int, Step] = {}
        self._at = 0
        self._stack = QStackedWidget()
        self.line = StepsLine(
            (
                translate("first_run", "This computer"),
                translate("first_run", "Models"),
                translate("first_run", "First file"),
            )
        )
        self.skip = Button(translate("first_run", "Skip"), self._skip, kind="quiet")
        self.skip.setToolTip(translate("first_run", "Skip the first steps (Esc)"))
        self.back = Button(translate("first_run", "Back"), lambda: self.show_step(self._at - 1))
        self.next = Button(translate("first_run", "Next"), self._go_on, kind="primary")
        self.header.setSpacing(16)
        self.header.addWidget(self.line)
        self.header.addStretch(1)
        self.header.addWidget(self.skip)
        self.content.addWidget(self._stack, 1)
        self._ways_on = hbox(1, self.back, self.next, spacing=8)
        self.content.addLayout(before_gutter(self._ways_on))
        pages.document_actions.added.connect(self._documents_added)
        self.show_step(0)

    # --- for the window

    def came_into_view(self) -> None:
        super().came_into_view()
        self.show_step(0)

    def escape(self) -> None:
        self._skip()

    def field_below(self) -> int:
        return self.next.height() + 12

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = min(event.size().width() - 2 * MARGIN, COLUMN) - 2 * self.header.spacing()
        self.line.fit(room - self.title.sizeHint().width() - self.skip.sizeHint().width())
        super().resizeEvent(event)

    # --- the steps

    def step(self, number: int) -> Step:
        """Made when it is first wanted: the first one is painted with the window, the others need more."""
        if number not in self._steps:
            self._steps[number] = self._make_step(number)
            self._stack.addWidget(self._steps[number])
        return self._steps[number]

    def show_step(self, number: int) -> None:
        """Counted from 0."""
        step, self._at = self.step(number), number
        self._stack.setCurrentWidget(step)
        self.line.show_step(number)
        last = number == self.line.count - 1
        if number == 0 and holds_focus(self.back):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.back.setVisible(number > 0)
        self.next.setProperty("kind", "plain" if last else "primary")  # there the files are the one action
        restyle(self.next)
        self.next.setText(translate("first_run", "Done") if last else translate("first_run", "Next"))
        self.next.setAccessibleName(self.next.text())
        place = translate("first_run", "Step %1 of %2: %3", "a number, a number, what the step is about")
        said = arg(place, number + 1, self.line.count, step.title)
        self.setAccessibleName(said)
        if self.isVisible():
            announce(self, said)
            step.came_into_view()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _make_step(self, number: int) -> Step:
        if number == 0:
            return ComputerStep(self._context, self._pages.proof.toggle)
        if number == 1:
            from ui.first_run.models_step import ModelsStep

            return ModelsStep(self._context, self._pages)
        from ui.first_run.files_step import FilesStep

        files = FilesStep(self._pages)
        files.asked.connect(self._ask_handbook)
        return files

    def _go_on(self) -> None:
        if self._at + 1 < self.line.count:
            self.show_step(self._at + 1)
        else:
            self._pages.go_to("documents")

    # --- its end

    def _skip(self) -> None:
        self._pages.go_to("documents")
        again = Action(translate("first_run", "Show them"), lambda: self._pages.go_to(KEY))
        self._context.notices.say(
            translate("first_run", "The first steps were skipped."),
            translate("first_run", "You find them again in Settings."),
            again,
        )

    def _ask_handbook(self, question: str) -> None:
        self._pages.go_to("documents")
        self._pages.documents.ask_handbook(question)

    def _documents_added(self, _: AddedDocuments) -> None:
        if self.isVisible():
            self._pages.go_to("documents")
