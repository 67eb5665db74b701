"""The text around a quote, for formats whose pages cannot be pictured."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontInfo, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QTextEdit

from assistant.documents.records import TextPassage
from ui.common import formatting
from ui.common.paragraphs import Paragraphs
from ui.common.theme import theme
from ui.common.translation import translate


class PassageView(QTextEdit):
    """Plain text that can be read, selected and copied; each paragraph runs in its own direction."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(translate("documents", "Text of the document"))
        self.document().setDocumentMargin(16)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self._marked: tuple[int, int] = (0, 0)
        theme().changed.connect(self._mark)

    def show_passage(self, passage: TextPassage) -> None:
        """Show it, with the quote marked and in view."""
        text = formatting.passage(passage.text)
        self.setPlainText(text)
        spacing = QTextBlockFormat()
        height = QFontInfo(self.font()).pixelSize() * Paragraphs.LINE_HEIGHT
        spacing.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        spacing.setBottomMargin(4)
        everything = QTextCursor(self.document())
        everything.select(QTextCursor.SelectionType.Document)
        everything.mergeBlockFormat(spacing)
        self._marked = (
            formatting.utf16_length(text[: passage.start]),
            formatting.utf16_length(text[: passage.end]),
        )
        self._mark()
        QTimer.singleShot(0, self._scroll_to_mark)  # once it is laid out at its real width

    def _mark(self) -> None:
        selection = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(theme().color("mark"))
        look.setForeground(theme().color("text"))
        selection.format = look
        selection.cursor = QTextCursor(self.document())
        selection.cursor.setPosition(self._marked[0])
        selection.cursor.setPosition(self._marked[1], QTextCursor.MoveMode.KeepAnchor)
        self.setExtraSelections([selection] if self._marked[1] > self._marked[0] else [])

    def _scroll_to_mark(self) -> None:
        start = QTextCursor(self.document())
        start.setPosition(self._marked[0])
        top = self.cursorRect(start).top()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + top - self.viewport().height() // 3)
