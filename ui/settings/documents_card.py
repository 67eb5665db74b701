"""The documents' card on the settings page: which model searches them, and whether folders are followed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assistant import settings
from ui.common import formatting, quantities
from ui.common.buttons_and_labels import Button, ElidedLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.settings_form import SettingsForm
from ui.common.translation import arg, translate
from ui.embedders import descriptions
from ui.embedders.controller import EmbedderController


class DocumentSettings(QWidget):
    choose_wanted = Signal()
    """Another model, on the page of models."""

    def __init__(self, context: PageContext, embedders: EmbedderController) -> None:
        super().__init__()
        self._context = context
        self._embedders = embedders
        self.model = ElidedLabel("", "second")
        self.about = Label("", "second", wrap=True)
        self.coming = Label("", "second", wrap=True)
        choose = Button(
            translate("settings", "Choose another"), self.choose_wanted.emit, icon="magnifying-glass"
        )
        choose.setAccessibleName(translate("settings", "Choose another model for searching documents"))
        self.form = SettingsForm(("watch_folders",), settings.Documents.model_fields, self._change)
        row = hbox(Label(translate("settings", "Searched with")), (self.model, 1), choose, spacing=8)
        vbox(row, self.about, self.coming, self.form, parent=self, spacing=12, margins=NO_MARGINS)
        embedders.changed.connect(self._show_embedder)
        self._show_embedder()

    def show_settings(self) -> None:
        """What they are now."""
        self.form.show_values(self._context.services.settings.documents)

    def _show_embedder(self) -> None:
        status, change = self._embedders.status, self._embedders.change
        if status is None:
            self.model.set_text(translate("settings", "Your documents are still being opened."))
        else:
            self.model.set_text(formatting.name(status.name))
        choice = self._embedders.choice(status.id) if status is not None else None
        said = [descriptions.finds(status.languages)] if status is not None else []
        if choice is not None:
            memory = translate("settings", "While it searches it needs %1 of memory.", "a size")
            said.append(arg(memory, quantities.size(choice.memory)))
        self.about.setText(" ".join(filter(None, said)))
        self.about.setVisible(bool(self.about.text()))
        if change is not None:
            text = translate("settings", "“%1” takes over once it has read all your documents.")
            self.coming.setText(arg(text, formatting.name(change.name)))
        self.coming.setVisible(change is not None)

    def _change(self, name: str, value: object) -> None:
        if self._context.ready:
            setattr(self._context.services.settings.documents, name, value)
            self._context.in_background(lambda services: services.save_settings())
