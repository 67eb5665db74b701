"""Translation's card on the settings page: the model, the form of address, and what is kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from assistant import settings
from assistant.translation.records import EngineChoice
from ui.common import formatting
from ui.common.buttons_and_labels import Button, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.menus import ChoiceButton, Menu
from ui.common.page_context import PageContext
from ui.common.settings_form import SettingsForm, settings_grid
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

WIDTH = 260
"""Pixels of the choices."""
FORMALITIES = (
    ("", QT_TRANSLATE_NOOP("settings", "Default")),
    ("formal", QT_TRANSLATE_NOOP("settings", "Formal")),
    ("informal", QT_TRANSLATE_NOOP("settings", "Informal")),
)


class TranslationSettings(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._engines: tuple[EngineChoice, ...] = ()
        fields = settings.Translation.model_fields
        self.engine = ChoiceButton(self._engine_menu, WIDTH)
        self.formality = ChoiceButton(self._formality_menu, WIDTH)
        grid = settings_grid(fields, {"engine": self.engine, "formality": self.formality})
        self.licence = Label("", "warn", wrap=True)
        self.licence.hide()
        self.form = SettingsForm(("use_memory",), fields, self._change)
        go_there = Button(
            translate("settings", "Go to Translate"),
            lambda: context.page_wanted.emit("translate"),
            icon="translate",
        )
        about_memory = Label(
            translate("settings", "The glossary and the translation memory are on the Translate page."),
            "second",
            wrap=True,
        )
        below = hbox((about_memory, 1), go_there, spacing=8)
        vbox(grid, self.licence, self.form, below, parent=self, spacing=8, margins=NO_MARGINS)

    def show_settings(self) -> None:
        """What they are now."""
        self.form.show_values(self._context.services.settings.translation)
        self._show()
        self._context.in_background(
            lambda services: services.translations.engines(), self._found, lambda _: None
        )

    def _found(self, engines: tuple[EngineChoice, ...]) -> None:
        self._engines = engines
        self._show()

    def _show(self) -> None:
        chosen = self._context.services.settings.translation
        engine = next((each for each in self._engines if each.path == chosen.engine), None)
        fields = settings.Translation.model_fields
        name = Path(chosen.engine).name if engine is None else engine.name
        words = {
            self.engine: ("engine", formatting.name(name) if chosen.engine else _best()),
            self.formality: ("formality", translate_marked("settings", dict(FORMALITIES)[chosen.formality])),
        }
        for button, (field, value) in words.items():
            button.show_choice(translate_marked("settings", str(fields[field].title)), value)
        limited = engine is not None and engine.non_commercial
        if engine is not None and limited:
            text = translate("settings", "The licence of this model (%1) does not allow commercial use.")
            self.licence.setText(arg(text, engine.licence or formatting.name(engine.name)))
        self.licence.setVisible(limited)

    def _engine_menu(self) -> Menu:
        menu = Menu(self.engine)
        chosen = self._context.services.settings.translation.engine if self._context.ready else ""
        menu.add_choices([("", _best())], chosen, lambda path: self._change("engine", path))
        for chat, heading in (
            (False, translate("settings", "Made for translation")),
            (True, translate("settings", "Chat models")),
        ):
            choices = [(each.path, _named(each)) for each in self._engines if each.chat is chat]
            if choices:
                menu.addSeparator()
                menu.add_item(heading, lambda: None).setEnabled(False)
                menu.add_choices(choices, chosen, lambda path: self._change("engine", path))
        return menu

    def _formality_menu(self) -> Menu:
        menu = Menu(self.formality)
        chosen = self._context.services.settings.translation.formality if self._context.ready else ""
        named = [(value, translate_marked("settings", words)) for value, words in FORMALITIES]
        menu.add_choices(named, chosen, lambda value: self._change("formality", value))
        return menu

    def _change(self, name: str, value: object) -> None:
        if self._context.ready:
            setattr(self._context.services.settings.translation, name, value)
            self._show()
            self._context.in_background(lambda services: services.save_settings())


def _named(engine: EngineChoice) -> str:
    name = formatting.name(engine.name)
    if engine.non_commercial:
        return arg(translate("settings", "%1 (not for commercial use)"), name)
    return name


def _best() -> str:
    return translate("settings", "The best one for each pair")
