"""The first model: one that is recommended here, downloaded with one button, and used when it has come."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState, Offer
from assistant.models.fit.records import Pick
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.models import descriptions
from ui.models.actions import ModelActions
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.dialogs import DownloadDialog, ManualDownloadDialog

if TYPE_CHECKING:
    from assistant.services import Services


class FirstModel(QWidget):
    """Offers what the Models page recommends; for chat it is used when it has come."""

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
        self._task = task
        self._context = context
        self._models = models
        self._loader = loader
        self._pick: Pick | None = None
        self._downloads = DownloadsState(True)
        self._wanted = ""
        """Id of the entry whose model is to be used when it has come."""
        self.download = Button(translate("models", "Choose a model"), self._start, icon="download-simple")
        self.others = Button(translate("models", "Other models"), self._show_others, kind="link")
        self.told = Label("", "second", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(translate("models", "Progress of the download"))
        self.stop = Button(translate("models", "Stop"), self._stop, kind="quiet")
        self.told.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = hbox(1, self.download, self.stop, 1, spacing=4)
        others = hbox(1, self.others, 1)
        vbox(buttons, self.told, self.progress, others, parent=self, spacing=8, margins=NO_MARGINS)
        models.downloads.changed.connect(self._show)
        models.refreshed.connect(self._use)
        models.refreshed.connect(self._ask)
        self._show()
        self._ask()

    def _ask(self) -> None:
        """What is recommended; the computer may have been measured anew."""
        self._context.in_background(partial(_recommended, task=self._task), self._found, lambda _: None)

    def _found(self, found: tuple[Pick | None, DownloadsState]) -> None:
        pick, self._downloads = found
        if self._pick is None or self._pick.entry.id not in self._models.downloads.progress:
            self._pick = pick
        self._show()

    def _show(self) -> None:
        pick = self._pick
        download = self._models.downloads.progress.get(pick.entry.id) if pick is not None else None
        running = download is not None and download.runs
        if pick is not None:
            if not self._downloads.allowed:
                text = translate("models", "Bring it on a stick")
            elif download is not None and not running:
                text = translate("models", "Resume")
            else:
                size = quantities.size(pick.entry.size)
                text = arg(translate("models", "Download (%1)", "the size of a model"), size)
            self.download.setText(text)
            self.download.setAccessibleName(f"{text}: {formatting.name(pick.entry.name)}")
        told = "" if pick is None else formatting.name(pick.entry.name)
        if pick is not None and not pick.entry.licence.commercial:
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
        pick = self._pick
        if pick is None:
            self._show_others()
        elif not self._downloads.allowed:
            ManualDownloadDialog(self.window(), pick.entry, self._downloads, self._context.copy).open()
        else:
            self._models.downloads.offer(pick.entry, self._confirm)

    def _confirm(self, offer: Offer) -> None:
        def confirmed() -> None:
            self._wanted = offer.entry.id
            self._models.downloads.start(offer.entry)

        DownloadDialog(self.window(), offer, confirmed).open()

    def _stop(self) -> None:
        if self._pick is not None:
            self._models.downloads.stop(self._pick.entry.id)

    def _show_others(self) -> None:
        self.others_wanted.emit()

    def _use(self) -> None:
        """The model that was got here answers from now on, unless another one does already."""
        state = self._models.state
        model = state.of_entry(self._wanted) if state is not None and self._wanted else None
        if model is not None:
            self._wanted = ""
            if self._loader is not None and self._loader.chosen is None:
                self._loader.load(Path(model.path))


def _recommended(services: Services, task: Task) -> tuple[Pick | None, DownloadsState]:
    return services.models.recommended(task), services.models.downloads_allowed
