"""Where dictated text goes: into an editor of the window, or what another program is written into through."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument, QTextLayout
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from assistant.speech.dictation.records import Edit
from ui.common import formatting
from ui.common.theme import theme

Editor = QPlainTextEdit | QTextEdit
_NEAR = 400
"""Characters before the cursor that matter for spaces and capitals."""


class Target(Protocol):
    """Is told on the GUI thread."""

    def before(self) -> str:
        """What stands before the place where the text comes, as far as that is known."""
        ...

    def apply(self, edit: Edit) -> bool:
        """Change the text. False: what was dictated before is not as it was, so that nothing can be taken
        away from it; the next text begins anew, after `before`."""
        ...

    def show_live(self, stable: str, tail: str) -> None:
        """Words of the phrase that is being spoken; they are shown and are no part of the text yet.

        Args:
            stable: stays, most likely.
            tail: may change with the next moment.
        """
        ...

    def end(self) -> None:
        """Nothing follows."""
        ...


class EditorTarget(QObject):
    """Text comes where the cursor stood at the beginning, and goes on behind itself.

    The person can type anywhere meanwhile. Live words are shown as an input method shows what it composes:
    beside the text, so that typing, undoing and copying know nothing of them.
    """

    changed = Signal()
    """What is shown has changed."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._document: QTextDocument = editor.document()
        cursor = editor.textCursor()
        self._first = cursor.hasSelection()
        """Whether the selection is still to give way to the text."""
        self._start = QTextCursor(cursor)
        self._start.setPosition(cursor.selectionStart())
        self._start.setKeepPositionOnInsert(True)
        self._end = QTextCursor(cursor)
        if not self._first:
            self._end.clearSelection()
        self._ours = False
        self._live = ("", "")
        self._placeholder = editor.placeholderText()
        self._shown_at: QTextCursor | None = None
        """The block in which live words are shown, by a cursor in it."""
        self._document.contentsChange.connect(self._contents_changed)

    @property
    def editor(self) -> Editor:
        return self._editor

    # --- Target

    def before(self) -> str:
        reading = QTextCursor(self._document)
        at = self._end.selectionStart()
        reading.setPosition(max(0, at - _NEAR))
        reading.setPosition(at, QTextCursor.MoveMode.KeepAnchor)
        return reading.selectedText().replace("\u2029", "\n").replace("\u2028", "\n")

    def apply(self, edit: Edit) -> bool:
        self._hide_live()
        mine = self._end.position() - self._start.position()
        taken = _units_before(self._own_text(), edit.delete) if edit.delete else 0
        intact = edit.delete == 0 or (not self._first and 0 < taken <= mine)
        if not intact:
            return False
        self._ours = True
        follows = not self._editor.textCursor().hasSelection() and (
            self._editor.textCursor().position() == self._end.position()
        )
        self._end.beginEditBlock()
        if self._first:
            self._end.removeSelectedText()
            self._first = False
        if taken:
            self._end.setPosition(self._end.position() - taken, QTextCursor.MoveMode.KeepAnchor)
            self._end.removeSelectedText()
        self._end.insertText(edit.insert)
        self._end.endEditBlock()
        self._ours = False
        if follows:
            cursor = self._editor.textCursor()
            cursor.setPosition(self._end.position())
            self._editor.setTextCursor(cursor)
            self._editor.ensureCursorVisible()
        self._show_live()
        return True

    def show_live(self, stable: str, tail: str) -> None:
        self._hide_live()
        self._live = (stable, tail)
        self._show_live()

    def end(self) -> None:
        self._hide_live()
        self._live = ("", "")
        self._document.contentsChange.disconnect(self._contents_changed)

    # --- what the person does meanwhile

    def _contents_changed(self, at: int, removed: int, added: int) -> None:
        if self._ours:
            return
        if self._start.position() <= at + removed and at <= self._end.position():
            # What was dictated so far is the person's now: it is neither measured nor taken back any more.
            self._start.setPosition(self._end.position())
        if self._shown_at is not None:
            self._hide_live()
            self._show_live()

    def _own_text(self) -> str:
        reading = QTextCursor(self._document)
        reading.setPosition(self._start.position())
        reading.setPosition(self._end.position(), QTextCursor.MoveMode.KeepAnchor)
        return reading.selectedText()

    # --- live words

    def _show_live(self) -> None:
        stable, tail = self._live
        if not stable and not tail:
            return
        before = self.before()
        shown = stable + tail
        space = (
            " " if before and not before[-1].isspace() and shown[0].isalnum() and _spaced(shown[0]) else ""
        )
        block = self._document.findBlock(self._end.selectionStart())
        at = self._end.selectionStart() - block.position()
        layout = block.layout()
        layout.setPreeditArea(at, space + shown)
        stays = formatting.utf16_length(space + stable)
        layout.setFormats(
            [
                _range(at, stays, underlined=False),
                _range(at + stays, formatting.utf16_length(tail), underlined=True),
            ]
        )
        self._shown_at = QTextCursor(block)
        self._shown_at.setKeepPositionOnInsert(True)
        self._editor.setPlaceholderText("")  # it would lie under them
        self._refresh()

    def _hide_live(self) -> None:
        if self._shown_at is None:
            return
        layout = self._shown_at.block().layout()
        layout.setPreeditArea(-1, "")
        layout.clearFormats()
        self._editor.setPlaceholderText(self._placeholder)
        self._refresh()
        self._shown_at = None

    def _refresh(self) -> None:
        assert self._shown_at is not None
        block = self._shown_at.block()
        self._ours = True
        self._document.markContentsDirty(block.position(), block.length())
        self._ours = False
        self._editor.viewport().update()
        self.changed.emit()


def _range(start: int, length: int, *, underlined: bool) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start, result.length = start, length
    style = QTextCharFormat()
    style.setForeground(theme().color("text2"))
    if underlined:
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    result.format = style
    return result


def _units_before(text: str, count: int) -> int:
    """How many of Qt's units the last so many characters are; 0 where there are fewer."""
    return formatting.utf16_length(text[-count:]) if len(text) >= count else 0


def _spaced(character: str) -> bool:
    """Whether words of its script stand apart."""
    return not (
        "\u0e00" <= character <= "\u0eff"
        or "\u3040" <= character <= "\u30ff"
        or "\u3400" <= character <= "\u9fff"
    )
