"""The text of one message: Markdown that grows, code to copy, badges to click, links that ask first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QTextEdit, QToolTip, QWidget

from assistant.documents.records import Quote
from ui.common import formatting
from ui.common.buttons_and_labels import CopyButton, plain_tooltip
from ui.common.menus import Menu
from ui.common.theme import BODY, font, theme
from ui.common.translation import translate
from ui.text.markdown import StreamingMarkdown
from ui.transcript.block_writer import CODE_FOOT, CODE_HEAD, BlockWriter
from ui.transcript.citation_badge import BADGE, CITE, CitationBadge, selected_text
from ui.transcript.entry import DOUBT, NO_SOURCE, not_supported, nothing_behind, quote_words, with_marks
from ui.transcript.text_formats import GAP, INDENT, QUOTE_SIDE

RADIUS = 8
"""Pixels of the corners of what lies behind code."""
THIN = 6
"""Pixels; paragraphs that are only there for their height are measured as lower than that."""


class MessageText(QTextEdit):
    """As tall as its text: the transcript scrolls, not this."""

    link_wanted = Signal(str)
    citation_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, pixels: int = BODY) -> None:
        """`pixels`: of its letters."""
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptDrops(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Otherwise it would lay its text out anew for the width that it has before it is put in its place.
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setUndoRedoEnabled(False)
        self.viewport().setMouseTracking(True)
        document = self.document()
        document.setDocumentMargin(0)
        document.setIndentWidth(INDENT)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        self._badge = CitationBadge(self)
        document.documentLayout().registerHandler(BADGE, self._badge)
        self._growing = StreamingMarkdown()
        self._writer = BlockWriter(document, pixels)
        self._copy_buttons: list[CopyButton] = []
        self._quotes: dict[int, str] = {}
        self._source = ""
        self._plain = False
        self._found: list[QTextCursor] = []
        self._looked_at = -1
        self._pressed_at = QPoint()
        theme().changed.connect(self._repaint_all)

    # --- what it shows

    def set_markdown(self, text: str) -> None:
        """Show it; of a text that has grown only the end is done anew."""
        if text == self._source and not self._plain:
            return
        self._source, self._plain = text, False
        same = self._growing.set_text(text)
        self._writer.write(self._growing.blocks, same)
        self.place_buttons()

    def set_plain(self, text: str) -> None:
        """Show it as it was written, each paragraph in its own direction."""
        self._source, self._plain = text, True
        self._writer.write_plain(text)

    def set_answer(
        self,
        text: str,
        quotes: Iterable[Quote],
        doubts: tuple[int, ...] = (),
        unsourced: tuple[int, ...] = (),
    ) -> None:
        """Show Markdown that cites quotes, with a mark where no quote says so, and where none is cited."""
        words = {quote.n: quote_words(quote) for quote in quotes}
        if doubts:
            words[DOUBT] = not_supported()
        if unsourced:
            words[NO_SOURCE] = nothing_behind()
        self.set_quotes(words)
        self.set_markdown(with_marks(text, doubts, unsourced))

    def set_quotes(self, quotes: dict[int, str]) -> None:
        """What the numbers in brackets stand for: each becomes a badge that shows its quote."""
        if quotes == self._quotes:
            return
        self._quotes = dict(quotes)
        self._writer.cited = frozenset(quotes)
        self._repaint_all()

    def height_for(self, width: int) -> int:
        """Pixels that the text takes when it is so wide."""
        if self.lineWrapColumnOrWidth() != width:
            self.setLineWrapColumnOrWidth(width)
        return round(self.document().size().height() + 0.49)

    def widest_line(self) -> int:
        """Pixels that the text would like to have."""
        return round(self.document().idealWidth() + 1)

    # --- finding

    def find_all(self, text: str) -> None:
        """Mark where `text` stands."""
        self._found = []
        self._looked_at = -1
        if text:
            cursor = QTextCursor(self.document())
            while not (cursor := self.document().find(text, cursor)).isNull():
                self._found.append(QTextCursor(cursor))
        self._mark()

    def look_at(self, number: int) -> QRectF:
        """Mark one of the places found above the others; returns where it is."""
        self._looked_at = number if 0 <= number < len(self._found) else -1
        self._mark()
        return QRectF(self.cursorRect(self._found[number])) if self._looked_at >= 0 else QRectF()

    def _mark(self) -> None:
        selections = []
        for number, cursor in enumerate(self._found):
            selection = QTextEdit.ExtraSelection()
            look = QTextCharFormat()
            chosen = number == self._looked_at
            look.setBackground(theme().color("accent" if chosen else "mark"))
            look.setForeground(theme().color("on_accent" if chosen else "text"))
            selection.format = look
            selection.cursor = cursor
            selections.append(selection)
        self.setExtraSelections(selections)

    # --- painting

    def _repaint_all(self) -> None:
        if self._plain:
            self.set_plain(self._source)
        else:
            self._writer.clear()
            self.document().documentLayout().registerHandler(BADGE, self._badge)
            self._writer.write(self._growing.blocks, 0)
            self.place_buttons()
        self._mark()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        shown = QRectF(event.rect())
        for code, start, end in self._writer.code():
            rect = self._code_rect(start, end, code.indent, code.quoted)
            if rect.intersects(shown):
                self._paint_code_ground(painter, rect, code.language)
        painter.setBrush(theme().color("border"))
        for start, end in self._writer.quoted():
            top, bottom = self._span(start, end)
            painter.drawRoundedRect(QRectF(0, top, 3, bottom - top), 1.5, 1.5)
        for start in self._writer.rules():
            top, _ = self._span(start, start)
            painter.drawRect(QRectF(0, top + GAP, self.width(), 1))
        painter.end()
        super().paintEvent(event)

    @staticmethod
    def _paint_code_ground(painter: QPainter, rect: QRectF, language: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2"))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        painter.setPen(theme().color("text2"))
        painter.setFont(font(12))
        place = QRectF(rect.left() + 14, rect.top(), rect.width() - 80, CODE_HEAD)
        shown = painter.fontMetrics().elidedText(
            formatting.one_line(language) or translate("chat", "text"),
            Qt.TextElideMode.ElideRight,
            round(place.width()),
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(Qt.PenStyle.NoPen)

    def _span(self, start: int, end: int) -> tuple[float, float]:
        """Top and bottom of the paragraphs from one position to another; of a thin one, its top."""
        layout = self.document().documentLayout()
        first = layout.blockBoundingRect(self.document().findBlock(start))
        last = layout.blockBoundingRect(self.document().findBlock(end))
        return first.top(), last.bottom() if last.height() > THIN else last.top()

    def _code_rect(self, start: int, end: int, indent: int, quoted: int) -> QRectF:
        top, bottom = self._span(start, end)
        bottom += CODE_FOOT
        left = INDENT * indent + QUOTE_SIDE * quoted
        return QRectF(left, top - CODE_HEAD, self.width() - left, bottom - top + CODE_HEAD)

    def place_buttons(self) -> None:
        """One over each piece of code; to be called when the place of the text is known."""
        code = self._writer.code()
        copy = translate("chat", "Copy the code")
        while len(self._copy_buttons) > len(code):
            self._copy_buttons.pop().deleteLater()
        while len(self._copy_buttons) < len(code):
            number = len(self._copy_buttons)
            button = CopyButton(copy, partial(self._copy_code, number), size=16)
            button.setParent(self.viewport())
            button.show()
            self._copy_buttons.append(button)
        for button, (block, start, end) in zip(self._copy_buttons, code, strict=True):
            rect = self._code_rect(start, end, block.indent, block.quoted)
            place = QPoint(round(rect.right()) - 36, round(rect.top()) + 1)
            if button.pos() != place:
                button.move(place)

    def _copy_code(self, number: int) -> None:
        code, _, _ = self._writer.code()[number]
        QApplication.clipboard().setText(code.text)

    # --- mouse and keyboard

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the transcript scrolls

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.anchorAt(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        position = event.position().toPoint()
        moved = (position - self._pressed_at).manhattanLength()
        if event.button() is Qt.MouseButton.LeftButton and moved < 6:
            self._follow(self.anchorAt(position))

    def _follow(self, address: str) -> None:
        if address.startswith(CITE):
            self.citation_wanted.emit(int(address.removeprefix(CITE)))
        elif address:
            self.link_wanted.emit(address)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) and not (
            event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            event.ignore()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of a selection and of links; elsewhere the message's own menu is shown."""
        address = self.anchorAt(event.pos())
        if not self.textCursor().hasSelection() and (not address or address.startswith(CITE)):
            event.ignore()
            return
        menu = Menu(self)
        if self.textCursor().hasSelection():
            menu.add_item(translate("chat", "Copy"), self.copy)
        if address and not address.startswith(CITE):
            menu.add_item(translate("chat", "Open the link…"), lambda: self.link_wanted.emit(address))
        menu.add_item(translate("chat", "Select all"), self.selectAll)
        menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            self._show_tooltip(event)
            return True
        return super().viewportEvent(event)

    def _show_tooltip(self, event: QHelpEvent) -> None:
        address = self.anchorAt(event.pos())
        text = address
        if address.startswith(CITE):
            text = self._quotes.get(int(address.removeprefix(CITE)), "")
        QToolTip.showText(event.globalPos(), plain_tooltip(text) if text else "", self.viewport())

    def createMimeDataFromSelection(self) -> QMimeData:
        """Plain text; a badge is copied as its number in brackets."""
        data = QMimeData()
        data.setText(selected_text(self.textCursor()))
        return data
