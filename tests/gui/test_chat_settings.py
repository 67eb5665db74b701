"""The chat's settings: fields as they are declared, kept when a person changes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from assistant.settings import KvType
from tests.gui.doubles import Services
from tests.gui.model_doubles import installed
from ui.settings.chat_card import DETAILS
from ui.window import Window


def test_every_setting_of_the_chat_can_be_changed(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    services = connected()
    services.settings.chat.threads = 3
    window.go_to("settings")
    card = window.settings.chat
    chat = services.settings.chat
    assert set(DETAILS) | {"model", "assistant"} == set(type(chat).model_fields)
    assert not card.isHidden()
    assert card.details.isHidden()
    card.fold.click()
    assert not card.details.isHidden()
    threads, seed = card.details.inputs["threads"], card.details.inputs["seed"]
    assert isinstance(threads, QSpinBox)
    assert isinstance(seed, QSpinBox)
    assert threads.value() == 3
    assert seed.text() == "automatic"
    threads.setValue(2)
    assert chat.threads == 2
    threads.setValue(threads.minimum())
    assert chat.threads is None
    temperature = card.details.inputs["temperature"]
    assert isinstance(temperature, QDoubleSpinBox)
    temperature.setValue(0.0)
    assert chat.temperature == 0
    top = card.details.inputs["top_p"]
    assert isinstance(top, QDoubleSpinBox)
    top.setValue(0.01)
    assert chat.top_p == 0.01
    cache, whole = card.details.inputs["kv_type"], card.details.inputs["whole_context"]
    assert isinstance(cache, QComboBox)
    assert isinstance(whole, QCheckBox)
    cache.setCurrentIndex(cache.findData(KvType.Q8_0))
    whole.setChecked(True)
    assert (chat.kv_type, chat.whole_context) == (KvType.Q8_0, True)
    words = card.details.inputs["stop_words"]
    assert isinstance(words, QLineEdit)
    words.setText("END, Question: ,")
    words.editingFinished.emit()
    assert chat.stop_words == ["END", "Question:"]
    card.details.show_values(chat)
    assert words.text() == "END, Question:"
    assert not card.later.isHidden()
    qtbot.waitUntil(lambda: services.saved >= 6)


def test_answers_have_presets_before_tokens_and_temperature(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    services = connected()
    chat = services.settings.chat
    window.go_to("settings")
    card = window.settings.chat
    assert card.length.buttons[1024].isChecked()
    assert card.tone.buttons[None].isChecked()
    card.length.buttons[256].click()
    card.tone.buttons[0.2].click()
    assert (chat.longest_answer, chat.temperature) == (256, 0.2)
    longest = card.details.inputs["longest_answer"]
    assert isinstance(longest, QSpinBox)
    assert longest.value() == 256
    longest.setValue(300)
    assert not any(button.isChecked() for button in card.length.buttons.values())
    assert not card.length._other.isHidden()
    card.length.buttons[4096].click()
    assert card.length._other.isHidden()
    assert longest.value() == 4096
    qtbot.waitUntil(lambda: services.saved >= 4)


def test_the_model_is_called_as_the_library_calls_it(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    services = connected()
    known = installed(path="/models/tiny.gguf")
    services.models.put(known)
    services.settings.chat.model = known.path
    window.go_to("settings")
    qtbot.waitUntil(lambda: window.settings.chat.model.text() == known.name)
