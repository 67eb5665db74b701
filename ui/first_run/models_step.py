"""The second step: models for what the person wants to do, of which none is needed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.common.buttons_and_labels import Button
from ui.common.flow_layout import FlowLayout
from ui.common.layouts import vbox
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.first_run.computer_words import TASKS
from ui.first_run.pages import Pages
from ui.first_run.row import Row
from ui.first_run.step import Step
from ui.first_run.task_row import TaskRow
from ui.models.job_progress import JobRow


class ModelsStep(Step):
    def __init__(self, context: PageContext, pages: Pages) -> None:
        super().__init__(
            translate("first_run", "Models for what you want to do"),
            translate(
                "first_run",
                "None is needed now; the Models page has them later too. Downloads go on while you continue.",
            ),
        )
        self._pages = pages
        ready = Row(
            "check-circle-fill",
            translate("first_run", "Asking your documents"),
            translate("first_run", "Ready. It needs no model: quotes are shown with the page they are from."),
        )
        self.items.addWidget(ready)
        self.tasks = {task: TaskRow(context, pages, task) for task in TASKS}
        for row in self.tasks.values():
            self.items.addWidget(row)
        self.files = Button(
            translate("first_run", "I have model files"), self._choose_files, icon="folder-open"
        )
        self.discover = Button(
            translate("first_run", "Look on this computer"), self._discover, kind="quiet", icon="binoculars"
        )
        both = QWidget()
        flow = FlowLayout(4)
        flow.addWidget(self.files)
        flow.addWidget(self.discover)
        both.setLayout(flow)
        self._jobs = vbox(spacing=8)
        self.items.addWidget(both)
        self.items.addLayout(self._jobs)
        pages.model_actions.job_started.connect(lambda job: self._jobs.addWidget(JobRow(job)))
        context.services_ready.connect(self.came_into_view)

    def came_into_view(self) -> None:
        self._pages.model_actions.refresh_once()
        for row in self.tasks.values():
            row.offer.ask()

    def _choose_files(self) -> None:
        self._pages.models.menus.choose_files()

    def _discover(self) -> None:
        _ = self._pages.models  # it shows what is found in the side panel
        self._pages.model_actions.discover()
