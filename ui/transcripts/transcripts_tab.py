"""Transcripts on the Dictate page: the list, and what is done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.common.layouts import NO_MARGINS, vbox
from ui.transcripts.controller import TranscriptsController
from ui.transcripts.transcripts_view import TranscriptsView


class TranscriptsTab(QWidget):
    models_wanted = Signal()

    def __init__(self, controller: TranscriptsController) -> None:
        super().__init__()
        self._actions = controller.actions
        self._has_model = True
        self.view = view = TranscriptsView()
        vbox((view, 1), parent=self, margins=NO_MARGINS)
        actions = self._actions
        actions.changed.connect(self._show)
        view.open_wanted.connect(controller.open)
        view.ask_wanted.connect(controller.ask)
        view.translation_wanted.connect(controller.translate)
        view.stop_wanted.connect(actions.stop)
        view.resume_wanted.connect(actions.resume)
        view.rename_wanted.connect(actions.rename)
        view.delete_wanted.connect(actions.delete)
        view.choose_wanted.connect(actions.choose)
        view.folder_wanted.connect(controller.show_folder)
        view.models_wanted.connect(self.models_wanted)
        self._show()

    def load(self) -> None:
        self._actions.load()

    def undo(self) -> bool:
        return self._actions.undo()

    def show_model(self, there: bool) -> None:
        """Whether there is a model for speech."""
        self._has_model = there
        if there:
            self._actions.model_came()
        self._show()

    def _show(self) -> None:
        actions = self._actions
        self.view.show_transcripts(actions.all.values(), actions.growth)
        self.view.show_state(has_model=self._has_model, waiting=len(actions.waiting_for_model))
