"""Work that goes on: what is done, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QProgressBar

from assistant.jobs import Progress
from ui.common.buttons_and_labels import Button, Card, ElidedLabel
from ui.models import descriptions
from ui.models.models_state import Job


class JobRow(Card):
    """Goes away by itself at the end of the job."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self.title = ElidedLabel(job.title, "strong")
        self.figures = ElidedLabel(descriptions.progress(None), "second")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(f"Progress of: {job.title}")
        self.stop = Button("Stop", job.stop)
        self.stop.setAccessibleName(f"Stop: {job.title}")
        grid = QGridLayout(self)
        grid.setContentsMargins(16, 12, 12, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.figures, 1, 0)
        grid.addWidget(self.bar, 2, 0)
        grid.addWidget(self.stop, 0, 1, 3, 1)
        grid.setColumnStretch(0, 1)
        job.reported.connect(self._show)
        job.ended.connect(self._leave)

    def _show(self, report: Progress) -> None:
        self.figures.set_text(descriptions.progress(report))
        self.bar.setRange(0, 1000 if report.total else 0)
        self.bar.setValue(round(1000 * descriptions.share(report)))

    def _leave(self) -> None:
        self.hide()
        self.deleteLater()
