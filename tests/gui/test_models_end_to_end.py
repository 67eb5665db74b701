"""From a file on a stick to an answer, and to a prediction that came true, with the real services."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.services import Services
from tests.gui.doubles import BUILTIN
from tests.made_models.grounded.facts import PRODUCT
from ui.models.card_builder import RECOGNITION
from ui.models.card_data import CardAction, ModelRow
from ui.models.dialogs import AddDialog
from ui.models.page import ModelsPage
from ui.window import Window

PATIENCE_MS = 120_000


@pytest.fixture
def page(window: Window, real_services: Services, qtbot: QtBot) -> ModelsPage:
    real_services.settings.chat.threads = 1
    window.connect_services(real_services)
    window.go_to("models")
    qtbot.waitUntil(window.models.sections.isVisible, timeout=PATIENCE_MS)
    return window.models


def here(page: ModelsPage) -> list[ModelRow]:
    """All but what is built in."""
    return [row for row in page.sections.installed.rows.shown if row.id not in (BUILTIN.id, RECOGNITION)]


def test_a_model_is_dropped_used_measured_removed_and_brought_back(
    window: Window, page: ModelsPage, drag: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    assert page.cards.picks, "the catalogue is there"
    assert any(pick.comfortable for pick in page.cards.picks)
    rubbish = tmp_path / "page.gguf"
    rubbish.write_bytes(b"<html><body>Not found</body></html>")
    page._models.add([str(rubbish)], link=False)
    qtbot.waitUntil(lambda: any("page.gguf" in notice.message for notice in window.notices.all()))
    stick = tmp_path / "keeper.gguf"
    stick.write_bytes(PRODUCT.read_bytes())
    drag(str(stick)).drop()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)))
    page.window().findChildren(AddDialog)[-1].yes.click()
    qtbot.waitUntil(lambda: len(here(page)) == 1, timeout=PATIENCE_MS)
    (row,) = here(page)
    assert row.figures.startswith("Needs "), "its memory is predicted"
    stick.unlink()
    page.menus.run(row.id, CardAction.USE)
    qtbot.waitUntil(lambda: here(page)[0].state == "In use", timeout=PATIENCE_MS)
    window.go_to("chat")
    window.chat.composer.field.setPlainText("The keeper of Zanmar is Dalson.")
    QTest.keyClick(window.chat.composer.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.chat.conversation.path) == 2, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.chat.controller.running, timeout=PATIENCE_MS)
    window.go_to("models")
    qtbot.waitUntil(lambda: here(page)[0].figures.startswith("Used "), timeout=PATIENCE_MS)
    page._toggle_details(row.id)
    assert page.details.detail is not None
    (measured, *_) = page.details.detail.measured
    assert measured.measured <= measured.predicted * 1.2
    page._remove(row.id)
    qtbot.waitUntil(lambda: not here(page))
    undo = window.notices.all()[-1].action
    assert undo is not None
    undo.do()
    qtbot.waitUntil(lambda: len(here(page)) == 1)
