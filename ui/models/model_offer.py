"""A model that is recommended here for a task: what it is, how its download stands, what is done with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.models.catalog.records import Task
from assistant.models.download.records import DownloadsState, Offer
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import Pick
from assistant.models.library.records import Installed
from ui.common import quantities
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate
from ui.models.actions import ModelActions
from ui.models.chat_model_loader import ChatModelLoader
from ui.models.dialogs import DownloadDialog, ManualDownloadDialog
from ui.models.models_state import DownloadProgress

if TYPE_CHECKING:
    from assistant.services import Services

_KINDS = {Task.SPEECH: ModelKind.SPEECH, Task.TRANSLATION: ModelKind.TRANSLATION}
"""Of models for other tasks than those of chat models."""


class ModelOffer(QObject):
    """Offers what the Models page recommends; for chat it is used when it has come."""

    changed = Signal()

    def __init__(
        self,
        parent: QObject,
        context: PageContext,
        models: ModelActions,
        loader: ChatModelLoader | None,
        task: Task,
    ) -> None:
        """Args:
        loader: loads a model for chat.
        """
        super().__init__(parent)
        self.kind = _KINDS.get(task, ModelKind.CHAT)
        self.pick: Pick | None = None
        self.known = False
        """Whether it was found out what to recommend, if only that there is nothing."""
        self.downloads = DownloadsState(True)
        self._task = task
        self._context = context
        self._models = models
        self._loader = loader
        self._wanted = ""
        """Id of the entry whose model is to be used when it has come."""
        models.downloads.changed.connect(self.changed)
        models.refreshed.connect(self._use)
        models.refreshed.connect(self.ask)

    @property
    def progress(self) -> DownloadProgress | None:
        """Of the download that goes on or was not finished."""
        return None if self.pick is None else self._models.downloads.progress.get(self.pick.entry.id)

    @property
    def runs(self) -> bool:
        return self.progress is not None and self.progress.runs

    @property
    def here(self) -> Installed | None:
        """A model for the task that is on this computer."""
        installed = self._models.state.installed if self._models.state is not None else ()
        fitting = (model for model in installed if model.kind is self.kind and not model.missing)
        return next(fitting, None)

    def action(self) -> str:
        """What `start` would do, for its button."""
        if self.pick is None:
            return translate("models", "Choose a model")
        if not self.downloads.allowed:
            return translate("models", "Bring it on a stick")
        if self.progress is not None and not self.runs:
            return translate("models", "Resume")
        size = quantities.size(self.pick.entry.size)
        return arg(translate("models", "Download (%1)", "the size of a model"), size)

    def ask(self) -> None:
        """What is recommended; the computer may have been measured anew."""
        self._context.in_background(partial(_recommended, task=self._task), self._found, self._not_found)

    def start(self, window: QWidget) -> None:
        """Have the download confirmed, or say how the model is brought by hand."""
        if self.pick is None:
            return
        if self.downloads.allowed:
            self._models.downloads.offer(self.pick.entry, lambda offer: self._confirm(window, offer))
        else:
            ManualDownloadDialog(window, self.pick.entry, self.downloads, self._context.copy).open()

    def stop(self) -> None:
        if self.pick is not None:
            self._models.downloads.stop(self.pick.entry.id)

    def _found(self, found: tuple[Pick | None, DownloadsState]) -> None:
        pick, self.downloads = found
        if self.progress is None:  # what is on its way stays
            self.pick = pick
        self.known = True
        self.changed.emit()

    def _not_found(self, _: object) -> None:
        self.known = True
        self.changed.emit()

    def _confirm(self, window: QWidget, offer: Offer) -> None:
        def confirmed() -> None:
            self._wanted = offer.entry.id
            self._models.downloads.start(offer.entry)

        DownloadDialog(window, offer, confirmed).open()

    def _use(self) -> None:
        """The model that was got here answers from now on, unless another one does already."""
        state = self._models.state
        model = state.of_entry(self._wanted) if state is not None and self._wanted else None
        if model is not None:
            self._wanted = ""
            path = Path(model.path)
            if self._loader is not None and self._loader.chosen in (None, path):
                self._loader.load(path)


def _recommended(services: Services, task: Task) -> tuple[Pick | None, DownloadsState]:
    return services.models.recommended(task), services.models.downloads_allowed
