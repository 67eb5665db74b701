"""Work on models that goes on: what is done, how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QProgressBar

from assistant.jobs import Progress
from ui.common.buttons_and_labels import Button, Card, ElidedLabel
from ui.common.layouts import mirrored
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.models import descriptions


class Job(QObject):
    """A run that a person sees and can stop."""

    reported = Signal(Progress)
    ended = Signal()

    def __init__(self, parent: QObject, title: str) -> None:
        super().__init__(parent)
        self.title = title
        self.following: Following[Any] | None = None

    def stop(self) -> None:
        if self.following is not None:
            self.following.cancel()
        self.end()

    def end(self) -> None:
        self.ended.emit()
        self.deleteLater()


class JobRow(Card):
    """Goes away by itself at the end of the job."""

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.title = ElidedLabel(job.title, "strong")
        self.figures = ElidedLabel(descriptions.progress(None), "second")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setAccessibleName(arg(translate("models", "Progress of: %1"), job.title))
        self.stop = Button(translate("models", "Stop"), job.stop)
        self.stop.setAccessibleName(arg(translate("models", "Stop: %1"), job.title))
        grid = QGridLayout(self)
        grid.setContentsMargins(*mirrored((16, 12, 12, 12)))
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.title, 0, 0)
        grid.addWidget(self.figures, 1, 0)
        grid.addWidget(self.bar, 2, 0)
        grid.addWidget(self.stop, 0, 1, 3, 1)
        grid.setColumnStretch(0, 1)
        job.reported.connect(self._show)
        job.ended.connect(self._remove)

    def _show(self, report: Progress) -> None:
        self.figures.set_text(descriptions.progress(report))
        self.bar.setRange(0, 1000 if report.total else 0)
        self.bar.setValue(round(1000 * descriptions.fraction(report)))

    def _remove(self) -> None:
        self.hide()
        self.deleteLater()
