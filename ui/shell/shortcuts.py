"""All keys that do something, by the place where they do it: what the sheet of shortcuts lists."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.common.buttons_and_labels import Label
from ui.common.dialog_sheet import DialogSheet
from ui.common.layouts import NO_MARGINS, scroll_area, vbox
from ui.common.translation import QT_TRANSLATE_NOOP, translate, translate_marked

WIDTH = 460
"""Pixels of the sheet."""
KEYS_WIDTH = 150
"""Pixels of the column of keys."""
SHARE = 0.6
"""Of the window's height that the list takes."""


@dataclass(frozen=True, slots=True)
class Shortcut:
    keys: tuple[str, ...]
    """Ways to press it, as Qt writes them."""
    does: str
    """What it does, marked for translation."""


SHORTCUTS: dict[str, tuple[Shortcut, ...]] = {
    QT_TRANSLATE_NOOP("shell", "Everywhere"): (
        Shortcut(("Ctrl+1",), QT_TRANSLATE_NOOP("shell", "Go to Chat")),
        Shortcut(("Ctrl+2",), QT_TRANSLATE_NOOP("shell", "Go to Documents")),
        Shortcut(("Ctrl+3",), QT_TRANSLATE_NOOP("shell", "Go to Dictate")),
        Shortcut(("Ctrl+4",), QT_TRANSLATE_NOOP("shell", "Go to Translate")),
        Shortcut(("Ctrl+5",), QT_TRANSLATE_NOOP("shell", "Go to Models")),
        Shortcut(("Ctrl+6",), QT_TRANSLATE_NOOP("shell", "Go to Settings")),
        Shortcut(("Ctrl+Shift+Space",), QT_TRANSLATE_NOOP("shell", "Dictate, or stop dictating")),
        Shortcut(("Ctrl+K", "/"), QT_TRANSLATE_NOOP("shell", "Ask your documents")),
        Shortcut(("Ctrl+O",), QT_TRANSLATE_NOOP("shell", "Add files")),
        Shortcut(("Ctrl+Z",), QT_TRANSLATE_NOOP("shell", "Undo the last removal")),
        Shortcut(("F6",), QT_TRANSLATE_NOOP("shell", "Go to the newest notice, and back")),
        Shortcut(("esc",), QT_TRANSLATE_NOOP("shell", "Stop what is being written, then close what is open")),
        Shortcut(("F1", "?"), QT_TRANSLATE_NOOP("shell", "Show these shortcuts")),
        Shortcut(("Ctrl+Q",), QT_TRANSLATE_NOOP("shell", "Quit")),
    ),
    QT_TRANSLATE_NOOP("shell", "Documents"): (
        Shortcut(("return",), QT_TRANSLATE_NOOP("shell", "Open the selected document or passage")),
        Shortcut(("Ctrl+F",), QT_TRANSLATE_NOOP("shell", "Find in the open document")),
        Shortcut(("del",), QT_TRANSLATE_NOOP("shell", "Remove the selected documents")),
        Shortcut(("PgDown", "PgUp"), QT_TRANSLATE_NOOP("shell", "Scroll the open document by a screen")),
        Shortcut(
            ("Ctrl++", "Ctrl+-", "Ctrl+0"), QT_TRANSLATE_NOOP("shell", "Zoom in, zoom out, fit the width")
        ),
    ),
    QT_TRANSLATE_NOOP("shell", "Chat"): (
        Shortcut(("return",), QT_TRANSLATE_NOOP("shell", "Send the message")),
        Shortcut(("Shift+Return",), QT_TRANSLATE_NOOP("shell", "Start a new line")),
        Shortcut(("Up",), QT_TRANSLATE_NOOP("shell", "Edit the last message (in an empty field)")),
        Shortcut(("Ctrl+N",), QT_TRANSLATE_NOOP("shell", "New conversation")),
        Shortcut(("Ctrl+F",), QT_TRANSLATE_NOOP("shell", "Find in this conversation")),
        Shortcut(("Ctrl+Shift+F",), QT_TRANSLATE_NOOP("shell", "Search all conversations")),
        Shortcut(("Ctrl+L",), QT_TRANSLATE_NOOP("shell", "Go to the message field")),
        Shortcut(("Ctrl+Shift+C",), QT_TRANSLATE_NOOP("shell", "Copy the last answer")),
        Shortcut(("Ctrl+R",), QT_TRANSLATE_NOOP("shell", "Answer again")),
        Shortcut(("Ctrl+Up", "Ctrl+Down"), QT_TRANSLATE_NOOP("shell", "Go from message to message")),
        Shortcut(("F2",), QT_TRANSLATE_NOOP("shell", "Rename the selected conversation")),
    ),
    QT_TRANSLATE_NOOP("shell", "Transcripts"): (
        Shortcut(("F8",), QT_TRANSLATE_NOOP("shell", "Play or pause")),
        Shortcut(("F7", "F9"), QT_TRANSLATE_NOOP("shell", "Back or forward 3 seconds")),
        Shortcut(("Shift+F7", "Shift+F9"), QT_TRANSLATE_NOOP("shell", "Slower or faster")),
        Shortcut(("Ctrl+F",), QT_TRANSLATE_NOOP("shell", "Find in this transcript")),
    ),
    QT_TRANSLATE_NOOP("shell", "Translate"): (
        Shortcut(("Ctrl+Return",), QT_TRANSLATE_NOOP("shell", "Translate at once")),
        Shortcut(("Ctrl+Shift+S",), QT_TRANSLATE_NOOP("shell", "Swap the languages")),
        Shortcut(("Ctrl+Shift+C",), QT_TRANSLATE_NOOP("shell", "Copy the translation")),
        Shortcut(("return",), QT_TRANSLATE_NOOP("shell", "Alternatives for the sentence at the cursor")),
        Shortcut(("Ctrl+H",), QT_TRANSLATE_NOOP("shell", "Show the history")),
    ),
}
"""Places are marked for translation too."""


class ShortcutSheet(DialogSheet):
    def __init__(self, parent: QWidget) -> None:
        title = translate("shell", "Keyboard shortcuts")
        super().__init__(parent, title, no=translate("shell", "Close"), width=WIDTH)
        inside = QWidget()
        column = vbox(parent=inside, spacing=8, margins=NO_MARGINS)
        for place, shortcuts in SHORTCUTS.items():
            heading = Label(translate_marked("shell", place), "strong")
            heading.setContentsMargins(0, 8 if column.count() else 0, 0, 0)
            column.addWidget(heading)
            grid = QGridLayout()
            grid.setVerticalSpacing(4)
            grid.setColumnMinimumWidth(0, KEYS_WIDTH)
            grid.setColumnStretch(1, 1)
            for row, shortcut in enumerate(shortcuts):
                keys = Label(written(shortcut), "second")
                does = Label(translate_marked("shell", shortcut.does), wrap=True)
                does.setAccessibleName(f"{keys.text()}: {does.text()}")
                grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(does, row, 1)
            column.addLayout(grid)
        column.addStretch(1)
        area = scroll_area(inside)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        area.setAccessibleName(title)
        area.setFixedWidth(WIDTH)
        area.setFixedHeight(round(parent.height() * SHARE))
        self.body.addWidget(area)


def written(shortcut: Shortcut) -> str:
    """As they stand on this system's keys: "Ctrl+K or /"."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(keys).toString(native) for keys in shortcut.keys)
