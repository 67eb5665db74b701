"""The chat's card on the settings page: the model, how answers are written, advanced settings folded away."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from assistant import settings
from ui.common import formatting
from ui.common.buttons_and_labels import Button, ElidedLabel, Label
from ui.common.layouts import NO_MARGINS, hbox, vbox
from ui.common.page_context import PageContext
from ui.common.settings_form import SettingsForm
from ui.common.translation import translate

BASIC = ("longest_answer", "first_word_seconds", "whole_context", "temperature")
"""Settings that are always shown."""
ADVANCED = (
    "context", "threads", "gpu_layers", "kv_type", "flash_attention", "batch", "top_k", "top_p", "min_p",
    "repeat_penalty", "seed", "stop_words",
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
        self.basic = SettingsForm(BASIC, fields, self._change)
        self.advanced = SettingsForm(ADVANCED, fields, self._change)
        self.advanced.hide()
        self.fold = Button(translate("settings", "More"), self._turn_fold, kind="quiet", icon="caret-right")
        self.later = Label(
            translate("settings", "It counts from the next time that the model is loaded."),
            "second",
            wrap=True,
        )
        self.later.hide()
        go_to_chat = Button(
            translate("settings", "Go to the chat"),
            lambda: context.page_wanted.emit("chat"),
            icon="chats-circle",
        )
        row = hbox(Label(translate("settings", "Model")), (self.model, 1), go_to_chat, spacing=8)
        fold = hbox(self.fold, 1, margins=(-8, 0, 0, 0), spacing=0)
        vbox(row, self.basic, fold, self.advanced, self.later, parent=self, spacing=12, margins=NO_MARGINS)

    def show_settings(self) -> None:
        """What they are now."""
        chat = self._context.services.settings.chat
        self.model.set_text(formatting.name(chat.model) if chat.model else _no_model())
        self.basic.show_values(chat)
        self.advanced.show_values(chat)

    def _change(self, name: str, value: object) -> None:
        if not self._context.ready:
            return
        if isinstance(value, float):
            value = round(value, 4)
        setattr(self._context.services.settings.chat, name, value)
        self.later.setVisible(name in AT_LOADING or not self.later.isHidden())
        self._context.in_background(lambda services: services.save_settings())

    def _turn_fold(self) -> None:
        shown = self.advanced.isHidden()
        self.advanced.setVisible(shown)
        self.fold.set_icon("caret-down" if shown else "caret-right")
        self.fold.setAccessibleName(
            translate("settings", "Fewer settings of the chat")
            if shown
            else translate("settings", "More settings of the chat")
        )


def _no_model() -> str:
    return translate("settings", "No model was chosen yet.")
