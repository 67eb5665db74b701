"""The card of downloads: what can be chosen, and who else may have chosen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox
from pytestqt.qtbot import QtBot

from assistant.errors import Problem
from assistant.models.download.records import DownloadsState
from assistant.settings import Downloads
from tests.gui.doubles import Services
from ui.window import Window


def test_downloads_can_be_switched_off_and_slowed_down(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    services = connected()
    window.go_to("settings")
    card = window.settings.downloads
    assert set(card.form.inputs) == set(Downloads.model_fields)
    allowed, limit = card.form.inputs["allowed"], card.form.inputs["speed_limit"]
    assert isinstance(allowed, QCheckBox)
    assert isinstance(limit, QDoubleSpinBox)
    assert allowed.isChecked()
    saved = services.saved
    limit.setValue(2.5)
    allowed.click()
    assert services.settings.downloads == Downloads(allowed=False, speed_limit=2.5)
    qtbot.waitUntil(lambda: services.saved == saved + 2)
    allowed.click()
    assert card.state.text() == "Downloads are available again after you restart the program."
    qtbot.waitUntil(lambda: services.saved == saved + 3)


def test_what_the_administrator_forbids_cannot_be_chosen(
    window: Window, connected: Callable[..., Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    services = connected()
    off = Problem("downloads-off", "downloads-off-administrator", {"place": "/etc/x"})
    state = DownloadsState(False, "administrator", off)
    monkeypatch.setattr(type(services.models), "downloads_allowed", property(lambda _: state))
    window.go_to("settings")
    card = window.settings.downloads
    card.show_settings()
    assert not card.form.isEnabled()
    why = "Downloads are off: the administrator of this computer switched them off in /etc/x."
    assert card.state.text() == why
