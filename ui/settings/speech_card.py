"""Speech's card on the settings page: the model, the language, the microphone, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from assistant import settings
from assistant.models.files.records import ModelKind
from ui.common import formatting
from ui.common.buttons_and_labels import Label
from ui.common.layouts import NO_MARGINS, vbox
from ui.common.menus import ChoiceButton, Menu
from ui.common.page_context import PageContext
from ui.common.settings_form import SettingsForm, settings_grid
from ui.common.translation import translate, translate_marked
from ui.dictation import spoken_languages
from ui.dictation.microphone import Microphone
from ui.settings.global_key_field import GlobalKeyField

FIELDS = ("live_words", "spoken_commands", "silence_limit", "accuracy", "who_speaks", "speakers")
SPEAKER_MODELS = ("segmentation_model", "embedding_model")
KINDS = {
    "model": ModelKind.SPEECH,
    "segmentation_model": ModelKind.SPEAKER_SEGMENTATION,
    "embedding_model": ModelKind.SPEAKER_EMBEDDING,
}
"""Of models that settings name."""
WIDTH = 260
"""Pixels of the choices."""


class SpeechSettings(QWidget):
    key_chosen = Signal(str)
    """Another one dictates into every program from now on."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._microphone = Microphone(self)
        fields = settings.Speech.model_fields
        self.model = _Choice(lambda: self._models("model"), lambda value: self._change("model", value))
        self.microphone = _Choice(self._microphones, lambda value: self._change("microphone", value))
        self.language = ChoiceButton(self._languages, WIDTH)
        self.language.setText(spoken_languages.name(""))
        self.global_key = GlobalKeyField(WIDTH)
        self.global_key.chosen.connect(self._choose_key)
        self.speaker_models = {
            name: _Choice(partial(self._models, name), partial(self._change, name)) for name in SPEAKER_MODELS
        }
        self.bring = Label(
            translate(
                "settings",
                "To identify speakers, two ONNX files made for sherpa-onnx are needed: a model for "
                "speaker segmentation (pyannote), and one for speaker embedding (3D-Speaker, WeSpeaker or "
                "NeMo). Drop them on the Models page.",
            ),
            "second",
            wrap=True,
        )
        grid = settings_grid(
            fields,
            {
                "model": self.model,
                "language": self.language,
                "microphone": self.microphone,
                "global_key": self.global_key,
            },
        )
        self.global_key.name(self.global_key.accessibleName(), self.global_key.accessibleDescription())
        self.form = SettingsForm(FIELDS, fields, self._change)
        speakers = settings_grid(fields, self.speaker_models)
        vbox(grid, self.form, speakers, self.bring, parent=self, spacing=8, margins=NO_MARGINS)

    def show_settings(self) -> None:
        """What they are now."""
        speech = self._context.services.settings.speech
        self.form.show_values(speech)
        self.global_key.show_keys(speech.global_key)
        title = translate_marked("settings", str(settings.Speech.model_fields["language"].title))
        self.language.show_choice(title, spoken_languages.name(speech.language))
        self.model.show_value(
            speech.model, formatting.file_name(speech.model) if speech.model else _best_model()
        )
        here = {name: bool(self._here(name)) for name in SPEAKER_MODELS}
        for name, choice in self.speaker_models.items():
            value = getattr(speech, name)
            usual = _best_model() if here[name] else _no_model()
            choice.show_value(value, formatting.file_name(value) if value else usual)
        self.bring.setVisible(not all(here.values()))
        self.microphone.show_value(speech.microphone, speech.microphone or _usual_microphone())

    def _here(self, name: str) -> list[tuple[str, str]]:
        """Paths and names of the models that can be chosen for this setting."""
        return [
            (model.path, formatting.name(model.name))
            for model in self._context.services.models.library.of_kind(KINDS[name])
        ]

    def _models(self, name: str) -> list[tuple[str, str]]:
        here = self._here(name)
        chosen = getattr(self._context.services.settings.speech, name)
        if chosen and chosen not in dict(here) and Path(chosen).exists():
            here.append((chosen, formatting.file_name(chosen)))
        return [("", _best_model() if here else _no_model()), *here]

    def _microphones(self) -> list[tuple[str, str]]:
        there = [(each.id, formatting.name(each.name)) for each in self._microphone.inputs()]
        return [("", _usual_microphone()), *there]

    def _languages(self) -> Menu:
        speech = self._context.services.settings.speech
        return spoken_languages.menu(
            self.language, speech.language, speech.last_language, lambda code: self._change("language", code)
        )

    def _choose_key(self, keys: str) -> None:
        if self._context.ready:
            self._change("global_key", keys)
            self.key_chosen.emit(keys)

    def _change(self, name: str, value: object) -> None:
        if self._context.ready:
            setattr(self._context.services.settings.speech, name, value)
            self.show_settings()
            self._context.in_background(lambda services: services.save_settings())


class _Choice(QComboBox):
    """Looks what there is to choose from when it is opened."""

    def __init__(self, find: Callable[[], list[tuple[str, str]]], chosen: Callable[[str], object]) -> None:
        super().__init__()
        self._find = find
        self.setFixedWidth(WIDTH)
        self.activated.connect(lambda _: chosen(str(self.currentData())))

    def show_value(self, value: str, name: str) -> None:
        if self.findData(value) < 0:
            self.clear()
            self.addItem(name, value)
        self.setItemText(self.findData(value), name)
        self.setCurrentIndex(self.findData(value))

    def showPopup(self) -> None:
        self.look()
        super().showPopup()

    def look(self) -> None:
        chosen, name = str(self.currentData()), self.currentText()
        self.clear()
        for value, words in self._find():
            self.addItem(words, value)
            name = words if value == chosen else name
        self.show_value(chosen, name)


def _best_model() -> str:
    return translate("settings", "Best available")


def _no_model() -> str:
    return translate("settings", "None is here yet")


def _usual_microphone() -> str:
    return translate("settings", "System default")
