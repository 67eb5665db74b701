"""The first model: one that is recommended here, downloaded with one button, and used when it has come."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from assistant.models.catalog.records import Task
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.translation import translate
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.model_offer import ModelOffer


class FirstModel(QWidget):
    """An offer, for the middle of a page that can do nothing without a model."""

    others_wanted = Signal()
    """The Models page."""

    def __init__(
        self,
        context: PageContext,
        models: ModelActions,
        loader: ChatModelLoader | None = None,
        task: Task = Task.CHAT,
    ) -> None:
        """Args:
        loader: loads a model for chat.
        """
        super().__init__()
        self.offer = ModelOffer(self, context, models, loader, task)
        self.download = Button(self.offer.action(), self._start, icon="download-simple")
        self.others = Button(translate("models", "Other models"), self.others_wanted.emit, kind="link")
        self.told = Label("", "second", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(translate("models", "Progress of the download"))
        self.stop = Button(translate("models", "Stop"), self.offer.stop, kind="quiet")
        self.told.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = hbox(1, self.download, self.stop, 1, spacing=4)
        others = hbox(1, self.others, 1)
        vbox(buttons, self.told, self.progress, others, parent=self, spacing=8, margins=NO_MARGINS)
        self.offer.changed.connect(self._show)
        self._show()
        self.offer.ask()

    def _show(self) -> None:
        pick, download, running = self.offer.pick, self.offer.progress, self.offer.runs
        told = ""
        if pick is not None:
            told = formatting.name(pick.entry.name)
            self.download.setText(self.offer.action())
            self.download.setAccessibleName(f"{self.offer.action()}: {told}")
            if not pick.entry.licence.commercial:
                told = f"{told} · {descriptions.licence(pick.entry.licence)}"
        if download is not None:
            problem = download.problem
            told = descriptions.problem(problem) if problem else descriptions.progress(download.report)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(1000 * descriptions.fraction(download.report)) if download else 0)
        for widget in (self.progress, self.stop):
            widget.setVisible(running)
        self.download.setVisible(not running)
        self.others.setVisible(not running)

    def _start(self) -> None:
        if self.offer.pick is None:
            self.others_wanted.emit()
        else:
            self.offer.start(self.window())
