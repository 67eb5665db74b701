"""Another model searches documents: added, chosen, asked meanwhile, and back again, with the real worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState
from assistant.services import Services
from tests.gui.doubles import BUILTIN
from tests.made_models import embedders
from ui.embedders.change_dialog import ChangeDialog
from ui.models.card_builder import RECOGNITION
from ui.models.card_data import CardAction, ModelRow
from ui.models.dialogs import AddDialog
from ui.window import Window

SENTENCE = "The lighthouse keeper of Vlieland paid 412 guilders for a new lamp in 1837."
PATIENCE_MS = 120_000
"""Loading models takes long on a busy computer."""


@pytest.fixture
def real(window: Window, real_services: Services) -> Services:
    real_services.documents.start()
    window.connect_services(real_services)
    return real_services


def test_a_model_is_added_and_searches_after_a_while(
    window: Window, real: Services, drag: Any, tmp_path: Path, qtbot: QtBot, failures: list[Any]
) -> None:
    document = tmp_path / "island.txt"
    document.write_text(SENTENCE)
    drag(str(document)).drop()
    rows = window.documents.document_panel.model
    qtbot.waitUntil(
        lambda: any(row.state is DocumentState.READY for row in rows.all() if row.path == str(document)),
        timeout=PATIENCE_MS,
    )
    folder = embedders.converted(tmp_path / "Another embedder")
    window.go_to("models")
    page = window.models
    qtbot.waitUntil(page.sections.isVisible, timeout=PATIENCE_MS)
    drag(str(folder)).drop()
    qtbot.waitUntil(lambda: bool(page.window().findChildren(AddDialog)), timeout=PATIENCE_MS)
    page.window().findChildren(AddDialog)[-1].yes.click()

    def card(built_in: bool) -> ModelRow | None:
        shown = [row for row in page.sections.installed.rows.shown if row.id != RECOGNITION]
        return next((row for row in shown if (row.id == BUILTIN.id) is built_in), None)

    def offers_use(built_in: bool) -> bool:
        row = card(built_in)
        return row is not None and row.action is CardAction.USE_FOR_SEARCH

    def use(built_in: bool) -> None:
        qtbot.waitUntil(lambda: offers_use(built_in), timeout=PATIENCE_MS)
        row = card(built_in)
        assert row is not None
        page.menus.run(row.id, CardAction.USE_FOR_SEARCH)
        qtbot.waitUntil(
            lambda: any(dialog.isVisible() for dialog in window.findChildren(ChangeDialog)),
            timeout=PATIENCE_MS,
        )
        window.findChildren(ChangeDialog)[-1].use.click()

    def in_use(built_in: bool) -> bool:
        row = card(built_in)
        return row is not None and row.state == "In use"

    def ask() -> None:
        window.go_to("documents")
        questions = window.documents.questions
        questions.field.clear()
        questions.close()
        QTest.keyClicks(questions.field.field, "What did the keeper pay for the lamp?")
        QTest.keyClick(questions.field.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(questions.quotes_view.cards()), timeout=PATIENCE_MS)
        assert "412 guilders" in questions.quotes_view.cards()[0].text.text()
        window.go_to("models")

    assert in_use(built_in=True)
    use(built_in=False)
    ask()
    qtbot.waitUntil(lambda: in_use(built_in=False), timeout=PATIENCE_MS)
    new = card(built_in=False)
    assert new is not None
    assert [notice.message for notice in window.notices.all()][-1] == (
        f"“{new.name}” now searches your documents."
    )
    assert not window.status._job.isVisible()
    status = real.documents.embedder_status().result(60)
    assert (status.id, status.change) == (new.id, None)
    ask()
    use(built_in=True)
    qtbot.waitUntil(lambda: in_use(built_in=True), timeout=PATIENCE_MS)
    assert offers_use(built_in=False)
    assert not failures
