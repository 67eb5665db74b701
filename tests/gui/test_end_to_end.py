"""The whole way with the real services: drop a file, ask, click the quote, see the words marked, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.documents.records import DocumentState
from assistant.services import Services
from ui.common.theme import theme as current_theme
from ui.window import Window

SENTENCE = "The lighthouse keeper of Vlieland paid 412 guilders for a new lamp in 1837."
PATIENCE_MS = 120_000
"""Loading the sentence model takes long on a busy computer."""


@pytest.fixture
def real(window: Window, real_services: Services) -> Services:
    real_services.documents.start()
    window.connect_services(real_services)
    return real_services


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Three pages; the sentence stands in the middle of the second."""
    path = tmp_path / "island report.pdf"
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(72)
    painter = QPainter(writer)
    font = QFont("DejaVu Sans")
    font.setPixelSize(11)
    painter.setFont(font)
    for page in range(3):
        if page:
            writer.newPage()
        lines = [f"Line {line} of page {page + 1} tells of dunes, tides and sheep." for line in range(30)]
        if page == 1:
            lines[14] = SENTENCE
        for line, text in enumerate(lines):
            painter.drawText(QRectF(60, 60 + line * 22, 480, 20), Qt.AlignmentFlag.AlignLeft, text)
    painter.end()
    return path


def test_from_a_dropped_file_to_the_marked_words(
    window: Window, real: Services, report: Path, drag: Any, qtbot: QtBot, failures: list[Any]
) -> None:
    page = window.documents
    drag(str(report)).drop()

    def is_ready() -> bool:
        rows = [row for row in page.document_panel.model.all() if row.path == str(report)]
        return bool(rows) and rows[0].state is DocumentState.READY

    qtbot.waitUntil(is_ready, timeout=PATIENCE_MS)
    (row,) = [row for row in page.document_panel.model.all() if row.path == str(report)]
    assert row.pages == 3
    assert row.chunks > 0

    QTest.keyClicks(page.questions.field.field, "What did the keeper pay for the lamp?")
    QTest.keyClick(page.questions.field.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(page.questions.quotes_view.cards()), timeout=PATIENCE_MS)
    (card,) = [card for card in page.questions.quotes_view.cards() if "412 guilders" in card.text.text()][:1]
    assert "page 2" in card.place.text()

    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    view = page.side_panel.viewer.pages
    qtbot.waitUntil(lambda: view.page == 2 and view.has_picture(2), timeout=PATIENCE_MS)
    assert page.side_panel.viewer.toolbar.field.text() == "2"
    assert page.side_panel.viewer.toolbar.count.text() == "of 3"
    box = view.box_on_screen(0)
    assert QRectF(view.viewport().rect()).intersects(box)
    picture = view.viewport().grab().toImage()
    marked = [
        picture.pixelColor(x, y)
        for x in range(round(box.left()) + 2, round(box.right()) - 2)
        for y in range(round(box.top()) + 2, round(box.bottom()) - 2)
    ]
    mark = current_theme().color("paper_mark")
    share_of_mark = sum(color == mark for color in marked) / len(marked)
    share_of_ink = sum(color.lightness() < 100 for color in marked) / len(marked)
    assert share_of_mark > 0.3, "the words are marked"
    assert 0.02 < share_of_ink < 0.6, "and can still be read"
    assert not window.notices.all()

    window.document_actions.remove([row])
    qtbot.waitUntil(lambda: not is_ready(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: bool(window.notices.all()), timeout=PATIENCE_MS)
    window.document_actions.undo()
    qtbot.waitUntil(is_ready, timeout=PATIENCE_MS)
    assert not failures
