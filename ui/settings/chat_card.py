"""The chat's card on the settings page: the model, how answers are written, the details folded away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from assistant import settings
from ui.common import formatting
from ui.common.buttons_and_labels import Button, ElidedLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.settings_form import SettingsForm
from ui.common.translation import QT_TRANSLATE_NOOP, translate, translate_marked
from ui.settings.presets import Presets

if TYPE_CHECKING:
    from assistant.services import Services

LENGTHS = (
    (QT_TRANSLATE_NOOP("settings", "Short"), 256),
    (QT_TRANSLATE_NOOP("settings", "Normal"), 1024),
    (QT_TRANSLATE_NOOP("settings", "Long"), 4096),
)
"""Of answers, in tokens at the most."""
STYLES = (
    (QT_TRANSLATE_NOOP("settings", "Careful"), 0.2),
    (QT_TRANSLATE_NOOP("settings", "Balanced"), None),
    (QT_TRANSLATE_NOOP("settings", "Lively"), 1.1),
)
"""Temperatures; None is what the makers of the model advise."""
DETAILS = (
    "longest_answer", "temperature", "first_word_seconds", "whole_context", "context", "threads",
    "gpu_layers", "kv_type", "flash_attention", "batch", "top_k", "top_p", "min_p", "repeat_penalty", "seed",
    "stop_words",
)  # fmt: skip
"""Settings that are folded away at first."""
AT_LOADING = frozenset({"context", "threads", "gpu_layers", "kv_type", "flash_attention", "batch"})
"""What counts from the next time that the model is loaded."""


class ChatSettings(QWidget):
    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        fields = settings.Chat.model_fields
        self.model = ElidedLabel(_no_model(), "second")
        self.length = Presets(
            translate("settings", "Length of answers"),
            [(translate_marked("settings", words), tokens) for words, tokens in LENGTHS],
            partial(self._choose, "longest_answer"),
        )
        self.tone = Presets(
            translate("settings", "Style of answers"),
            [(translate_marked("settings", words), heat) for words, heat in STYLES],
            partial(self._choose, "temperature"),
        )
        self.details = SettingsForm(DETAILS, fields, self._change)
        self.details.hide()
        details = translate("settings", "Details")
        self.fold = Button(details, self._turn_fold, kind="quiet", icon="caret-right")
        self.later = Label(
            translate("settings", "This takes effect the next time the model is loaded."),
            "second",
            wrap=True,
        )
        self.later.hide()
        go_to_chat = Button(
            translate("settings", "Go to Chat"),
            lambda: context.page_wanted.emit("chat"),
            icon="chats-circle",
        )
        row = hbox(Label(translate("settings", "Model")), (self.model, 1), go_to_chat, spacing=8)
        fold = hbox(self.fold, 1, margins=(-8, 0, 0, 0), spacing=0)
        answers = (self.length, self.tone)
        vbox(row, *answers, fold, self.details, self.later, parent=self, spacing=12, margins=NO_MARGINS)

    def show_settings(self) -> None:
        """What they are now."""
        chat = self._context.services.settings.chat
        self.model.set_text(formatting.file_name(chat.model) if chat.model else _no_model())
        self._context.in_background(partial(_name_of, chat.model), self._show_name, lambda _: None)
        self.details.show_values(chat)
        self._show_presets()

    def _show_name(self, name: str) -> None:
        if name:
            self.model.set_text(formatting.name(name))

    def _show_presets(self) -> None:
        chat = self._context.services.settings.chat
        self.length.show_value(chat.longest_answer)
        self.tone.show_value(chat.temperature)

    def _choose(self, name: str, value: object) -> None:
        self._change(name, value)
        self.details.show_values(self._context.services.settings.chat)

    def _change(self, name: str, value: object) -> None:
        if not self._context.ready:
            return
        if isinstance(value, float):
            value = round(value, 4)
        setattr(self._context.services.settings.chat, name, value)
        self._show_presets()
        self.later.setVisible(name in AT_LOADING or not self.later.isHidden())
        self._context.in_background(lambda services: services.save_settings())

    def _turn_fold(self) -> None:
        shown = self.details.isHidden()
        self.details.setVisible(shown)
        self.fold.set_icon("caret-down" if shown else "caret-right")
        self.fold.setAccessibleName(
            translate("settings", "Hide the details of the chat's settings")
            if shown
            else translate("settings", "Show the details of the chat's settings")
        )


def _name_of(path: str, services: Services) -> str:
    """What the library calls the model that lies there; "" where it does not know it."""
    return next((each.name for each in services.models.library.installed() if each.path == path), "")


def _no_model() -> str:
    return translate("settings", "No model has been chosen yet.")
