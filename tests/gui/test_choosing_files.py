"""Files are chosen: what the paper clip offers, and where the dialogs begin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCompleter, QFileDialog, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from assistant import paths
from assistant.documents.records import DocumentState
from tests.gui.doubles import Services, document
from ui.common.file_dialogs import Purpose, choose_files, dress
from ui.common.menus import Menu
from ui.common.theme import Theme
from ui.window import Window


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_paper_clip_offers_what_was_read_and_then_files(
    window: Window, connected: Callable[..., Services], qtbot: QtBot
) -> None:
    connected(
        document(1, "/d/read.pdf", chunks=9),
        document(2, "/d/waiting.pdf", state=DocumentState.QUEUED),
        document(3, "/d/guide.md", chunks=4, collection="Handbook"),
        document(4, "/d/newer.pdf", chunks=2),
    )
    window.go_to("chat")
    attachments = window.chat.attachments
    attachments.choose()
    qtbot.waitUntil(lambda: bool(window.chat.composer.findChildren(Menu)))
    (menu,) = window.chat.composer.findChildren(Menu)
    offered = [found.text() for found in menu.actions() if found.text()]
    assert offered == ["newer.pdf", "read.pdf", "Files…"]
    menu.actions()[1].trigger()
    assert "read.pdf" in attachments.names.values()
    menu.close()


def test_a_file_dialog_begins_where_it_ended_for_the_same_purpose(
    window: Window, connected: Callable[..., Services], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected()
    paths.home().mkdir(parents=True, exist_ok=True)
    for folder in ("papers", "models"):
        (tmp_path / folder).mkdir()

    def dialog(purpose: Purpose) -> QFileDialog:
        choose_files(window, purpose, "Choose", lambda _: None)
        return window.findChildren(QFileDialog)[-1]

    (tmp_path / "Documents").mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path / "Documents"))
    first = dialog(Purpose.CONVERSATIONS)
    assert first.directory().dirName() == "Documents"
    first.close()
    for purpose, folder in ((Purpose.DOCUMENTS, "papers"), (Purpose.MODELS, "models")):
        opened = dialog(purpose)
        opened.filesSelected.emit([str(tmp_path / folder / "a.txt")])
        opened.close()
    again = dialog(Purpose.DOCUMENTS)
    assert again.directory().dirName() == "papers"
    again.close()
    (tmp_path / "papers").rmdir()
    paths.folders_file().write_text('{"documents": 1', "utf-8")
    dialog(Purpose.DOCUMENTS).close()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_what_completes_a_name_is_seen_in_both_themes(qtbot: QtBot, theme: Theme, choice: str) -> None:
    theme.choose(choice)
    field, completer = QLineEdit(), QCompleter(["report.pdf"])
    qtbot.addWidget(field)
    field.setCompleter(completer)
    popup = completer.popup()
    popup.resize(200, 100)
    assert popup.grab().toImage().pixelColor(150, 80) == QColor(theme.tokens.surface)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_arrows_of_qts_own_dialog_are_seen_in_both_themes(
    qtbot: QtBot, theme: Theme, choice: str
) -> None:
    theme.choose(choice)
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dress(dialog)
    button = dialog.findChild(QToolButton, "toParentButton")
    assert button is not None
    image = button.icon().pixmap(64, 64).toImage()
    colors = {
        image.pixelColor(x, y).name().upper()
        for x in range(64)
        for y in range(64)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colors == {theme.tokens.text2}
