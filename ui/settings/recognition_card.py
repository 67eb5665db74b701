"""The card on the settings page of scans and pictures: their languages, and when they are recognised."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assistant import settings
from ui.common.buttons_and_labels import Label
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.menus import ChoiceButton, Menu
from ui.common.page_context import PageContext
from ui.common.settings_form import settings_grid
from ui.common.translation import QT_TRANSLATE_NOOP, translate, translate_marked
from ui.recognition.language_picker import LanguagePicker

WIDTH = 260
"""Pixels of the choices."""
TIMES = (
    ("at_once", QT_TRANSLATE_NOOP("settings", "At once, after all text is read")),
    ("idle", QT_TRANSLATE_NOOP("settings", "While the computer is idle")),
    ("mains", QT_TRANSLATE_NOOP("settings", "On mains power only")),
    ("off", QT_TRANSLATE_NOOP("settings", "Never by itself")),
)


class RecognitionSettings(QWidget):
    more_languages_wanted = Signal()
    """On the page of models."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        fields = settings.Recognition.model_fields
        self.languages = LanguagePicker(translate_marked("settings", str(fields["languages"].title)), WIDTH)
        self.languages.more = (translate("settings", "More languages…"), self.more_languages_wanted.emit)
        self.languages.changed.connect(lambda codes: self._change("languages", list(codes)))
        self.when = ChoiceButton(self._times, WIDTH)
        grid = settings_grid(fields, {"languages": self.languages, "when": self.when})
        promised = Label(
            translate(
                "settings",
                "Printed text in scans, photographs and pictures inside documents becomes text that can be "
                "searched. Handwriting and formulas are not recognised.",
            ),
            "second",
            wrap=True,
        )
        vbox(promised, grid, parent=self, spacing=12, margins=NO_MARGINS)

    def show_settings(self) -> None:
        """What they are now."""
        chosen = self._context.services.settings.recognition
        self.languages.show_value(chosen.languages)
        title = translate_marked("settings", str(settings.Recognition.model_fields["when"].title))
        self.when.show_choice(title, translate_marked("settings", dict(TIMES)[chosen.when]))
        self._context.run(lambda services: services.vision.languages(), self.languages.offer, lambda _: None)

    def _times(self) -> Menu:
        menu = Menu(self.when)
        chosen = self._context.services.settings.recognition.when if self._context.ready else ""
        named = [(value, translate_marked("settings", words)) for value, words in TIMES]
        menu.add_choices(named, chosen, lambda value: self._change("when", value))
        return menu

    def _change(self, name: str, value: object) -> None:
        if not self._context.ready:
            return
        recognition = self._context.services.settings.recognition
        setattr(recognition, name, value)
        self.show_settings()
        self._context.services.documents.set_recognition(recognition.languages, recognition.when)
        self._context.in_background(lambda services: services.save_settings())
