"""From which language into which, with which model and how: for the whole page, kept in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from assistant.errors import AssistantError
from assistant.translation.records import EngineChoice, Formality, Layout, TranslationOptions
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.translation import language_menus
from ui.translation.language_menus import UNKNOWN

if TYPE_CHECKING:
    from assistant.services import Services
    from assistant.settings import Translation

MOST_RECENT = 4
"""Languages that stand first because they were chosen lately."""


class Choices(QObject):
    changed = Signal()
    models_changed = Signal()
    """Others translate than before."""
    loaded = Signal()
    """It is known what there is to choose from."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self.engines: tuple[EngineChoice, ...] | None = None
        """None until they are known."""
        self.targets: tuple[str, ...] = ()
        self.sources: tuple[str, ...] = ()
        self.recent: list[str] = []

    def load(self) -> None:
        """Models may have come or gone."""

        def look(services: Services) -> tuple[tuple[EngineChoice, ...], tuple[str, ...]]:
            translations = services.translations
            return translations.engines(), translations.languages()

        self._context.in_background(look, lambda found: self._found(*found), self._not_found)

    # --- what is chosen

    @property
    def settings(self) -> Translation:
        return self._context.services.settings.translation

    @property
    def source(self) -> str:
        """ "": it is detected."""
        return self.settings.source if self._context.ready else ""

    @property
    def target(self) -> str:
        """What was chosen last or, before that, what the person reads; "" while nothing is known."""
        if not self._context.ready:
            return ""
        system = QLocale.system().name().partition("_")[0]
        guesses = (self.settings.target, system, "en", *self.targets)
        return next((code for code in guesses if code and code in self.targets), self.settings.target)

    @property
    def formality(self) -> Formality:
        return Formality(self.settings.formality) if self._context.ready else Formality.DEFAULT

    @property
    def engine(self) -> EngineChoice | None:
        """The one that was chosen; None where the program chooses."""
        wanted = self.settings.engine if self._context.ready else ""
        return next((each for each in self.engines or () if each.path == wanted), None)

    @property
    def by_chat(self) -> bool:
        """Whether a chat model will translate, as far as that can be told."""
        if self.engine is not None:
            return self.engine.chat
        return bool(self.engines) and all(each.chat for each in self.engines or ())

    def options(self) -> TranslationOptions:
        if not self._context.ready:
            return TranslationOptions("")
        chosen = self.settings
        return TranslationOptions(
            self.target, chosen.source, chosen.engine, Formality(chosen.formality), chosen.use_memory
        )

    # --- choosing

    def source_menu(self, parent: QWidget) -> Menu:
        return language_menus.source_menu(parent, self.sources, self.source, self.recent, self.choose_source)

    def target_menu(self, parent: QWidget) -> Menu:
        return language_menus.target_menu(parent, self.targets, self.target, self.recent, self.choose_target)

    def choose_source(self, code: str) -> None:
        self._choose(source=code)

    def choose_target(self, code: str) -> None:
        self._choose(target=code)

    def choose_formality(self, formality: Formality) -> None:
        self._choose(formality=formality.value)

    def choose_layout(self, layout: Layout) -> None:
        self._choose(layout=layout.value)

    def swap(self, detected: str) -> bool:
        """From the one into the other, the other way round; false where the source is not known."""
        if not self.can_swap(detected):
            return False
        self._choose(target=self.source or detected, source=self.target if self.source else "")
        return True

    def can_swap(self, detected: str) -> bool:
        source = self.source or detected
        return source not in UNKNOWN and source != self.target and source in self.targets

    def _choose(self, **values: str) -> None:
        if not self._context.ready:
            return
        for name, value in values.items():
            setattr(self.settings, name, value)
        lately = [values.get("target", ""), values.get("source", ""), *self.recent]
        self.recent = list(dict.fromkeys(filter(None, lately)))[:MOST_RECENT]
        self._context.in_background(lambda services: services.save_settings())
        self.changed.emit()

    def _found(self, engines: tuple[EngineChoice, ...], targets: tuple[str, ...]) -> None:
        before, self.engines, self.targets = self.engines, engines, targets
        self.sources = language_menus.sources(engines, targets)
        self.loaded.emit()
        self.changed.emit()
        if engines != before:
            self.models_changed.emit()

    def _not_found(self, error: AssistantError) -> None:
        self.engines, self.targets, self.sources = (), (), ()
        self._context.notices.error(error)
        self.loaded.emit()
        self.changed.emit()
