"""The card of downloads: whether there may be any, how fast, and how the courier stands."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from assistant import settings
from assistant.errors import Problem
from ui.common import error_words, formatting
from ui.common.buttons_and_labels import Label
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.page_context import PageContext
from ui.common.paragraphs import Paragraphs
from ui.common.settings_form import SettingsForm
from ui.common.translation import translate


class DownloadSettings(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.form = SettingsForm(("allowed", "speed_limit"), settings.Downloads.model_fields, self._change)
        self.state = Label("", "second", wrap=True)
        vbox(
            Paragraphs(
                translate(
                    "settings",
                    "Models can be downloaded from the internet, each only after you confirm it. A small "
                    "separate process, the courier, downloads them; everything else stays offline. With "
                    "downloads off, the courier is not even started.",
                )
            ),
            self.form,
            self.state,
            parent=self,
            spacing=12,
            margins=NO_MARGINS,
        )

    def show_settings(self) -> None:
        """What they are now; where somebody else forbids downloads there is nothing to choose."""
        services = self._context.services
        self.form.show_values(services.settings.downloads)
        state = services.models.downloads_allowed
        self.form.setEnabled(state.by in ("", "settings"))
        if state.problem is not None:
            self.state.setText(formatting.name(error_words.message(state.problem)))

    def show_standing(self, standing: Problem) -> None:
        """How the courier stands, as the doctor reports it."""
        self.state.setText(formatting.name(error_words.message(standing)))

    def _change(self, name: str, value: object) -> None:
        if not self._context.ready:
            return
        setattr(self._context.services.settings.downloads, name, value)
        if name == "allowed":
            self.state.setText(
                translate("settings", "Downloads are available again after you restart the program.")
                if value
                else translate("settings", "Downloads are off, and the courier has stopped.")
            )
        self._context.in_background(lambda services: services.save_settings())
