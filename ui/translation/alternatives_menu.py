"""A sentence of the translation: what is known of it, and how else it could be said."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QWidget

from assistant.errors import AssistantError
from assistant.translation.records import TranslationOptions
from ui.common import error_words, formatting
from ui.common.menus import Menu
from ui.common.page_context import PageContext
from ui.common.theme import theme
from ui.common.translation import translate
from ui.translation import concern_words
from ui.translation.sentences import Sentence
from ui.translation.text_translator import resolved

LONGEST = 90
"""Characters of a sentence that a menu shows; the tooltip has all of them."""


class AlternativesMenu(Menu):
    chosen = Signal(str)
    term_wanted = Signal()

    def __init__(
        self,
        context: PageContext,
        parent: QWidget,
        sentence: Sentence,
        options: TranslationOptions,
        language: str,
    ) -> None:
        """`language`: of the sentence's source."""
        super().__init__(parent)
        self._sentence = sentence
        self.setToolTipsVisible(True)
        for reason in concern_words.of_sentence(sentence.concerns, sentence.source_text):
            self._say(reason, "warning")
        if sentence.from_memory:
            self._say(translate("translation", "Taken from an earlier translation"), "clock")
        if not self.isEmpty():
            self.addSeparator()
        self._waiting = self._say(translate("translation", "Looking for alternatives…"))
        self.addSeparator()
        self.add_item(
            translate("translation", "Copy the sentence"), lambda: context.copy(sentence.target_text), "copy"
        )
        self.add_item(
            translate("translation", "Add a term to the glossary…"), self.term_wanted.emit, "book-open"
        )
        following = context.run(
            lambda services: services.translations.alternatives(
                sentence.source_text, resolved(options, language)
            ),
            self._found,
            self._failed,
        )
        if following is not None:
            self.aboutToHide.connect(following.cancel)

    def _found(self, texts: tuple[str, ...]) -> None:
        others = [text for text in dict.fromkeys(texts) if text and text != self._sentence.target_text]
        if not others:
            self._waiting.setText(translate("translation", "No other translation was found."))
        for text in others:
            line = formatting.one_line(text)
            shown = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
            action = self.add_item(shown, partial(self.chosen.emit, text))
            action.setToolTip(line)
            self.removeAction(action)
            self.insertAction(self._waiting, action)
        if others:
            self.removeAction(self._waiting)

    def _failed(self, error: AssistantError) -> None:
        self._waiting.setText(error_words.message(error))

    def _say(self, text: str, icon: str = "") -> QAction:
        action = self.add_item(text, lambda: None)
        action.setEnabled(False)
        if icon:
            picture = theme().icon(icon, "warn" if icon == "warning" else "text2").pixmap(16, 16)
            shown = QIcon(picture)
            shown.addPixmap(picture, QIcon.Mode.Disabled)  # it is no less true for that it cannot be chosen
            action.setIcon(shown)
        return action
