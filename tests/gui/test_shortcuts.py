"""The sheet of shortcuts and the handbook's page tell of every key there is, and of none that is not."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from assistant import paths
from ui.shell.navigation import DESTINATIONS
from ui.shell.shortcuts import SHORTCUTS, ShortcutSheet
from ui.window import Window

IN_WIDGETS = {
    "Return",
    "Shift+Return",
    "Up",
    "Del",
    "PgDown",
    "PgUp",
    "Ctrl++",
    "Ctrl+-",
    "Ctrl+0",
    "Ctrl+Up",
    "Ctrl+Down",
    "F2",
}
"""Keys that a list or a field takes by itself."""


def portable(keys: str | QKeySequence) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)


LISTED = {
    portable(keys) for shortcuts in SHORTCUTS.values() for shortcut in shortcuts for keys in shortcut.keys
}


def test_all_keys_are_listed_and_all_that_are_listed_work(window: Window) -> None:
    for destination in DESTINATIONS:
        window.go_to(destination.key)
    window.panel.open(window.transcripts.editor, "")
    there = {portable(shortcut.key()) for shortcut in window.findChildren(QShortcut)}
    assert there == LISTED - IN_WIDGETS


def test_f1_shows_them(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    (sheet,) = window.findChildren(ShortcutSheet)
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert {"Ask your documents", "Send the message", "Ctrl+K, /"} <= set(words)
    assert sheet.height() < window.height()
    sheet.close()


def test_the_handbook_lists_them(theme: object) -> None:
    lines = (paths.resources() / "handbook" / "Keyboard.md").read_text("utf-8").splitlines()
    told = [line for line in lines if line.startswith(("- ", "## "))]
    wanted = []
    for place, shortcuts in SHORTCUTS.items():
        wanted.append(f"## {place}")
        wanted += [f"- {', '.join(map(portable, shortcut.keys))}: {shortcut.does}" for shortcut in shortcuts]
    assert told == wanted
