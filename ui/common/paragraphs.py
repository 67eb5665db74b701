"""Text to read: lines of a good length and height, each paragraph in its own direction."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFontInfo, QFontMetrics, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common import formatting
from ui.common.theme import BODY, font


class Paragraphs(QWidget):
    """Text to read: 1.45 line height, at most 72 characters wide, each paragraph in its own direction."""

    LINE_HEIGHT = 1.45
    CHARACTERS = 72

    def __init__(self, text: str = "", *, most_lines: int | None = None, centred: bool = False) -> None:
        super().__init__()
        self._centred = centred
        self._most_lines = most_lines
        self._layouts: list[tuple[QTextLayout, float]] = []
        self._laid_out_for = -1
        self._height = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self._laid_out_for = -1
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        self._lay_out(width)
        return self._height

    def sizeHint(self) -> QSize:
        width = min(reading_width(), self.fontMetrics().horizontalAdvance(self._text) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            120, self.heightForWidth(self.width()) if self.width() > 120 else self.fontMetrics().height()
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._laid_out_for = -1
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        self._lay_out(self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        for layout, top in self._layouts:
            layout.draw(painter, QPointF(0, top))

    def _lay_out(self, width: int) -> None:
        width = width if self._centred else min(width, reading_width())
        if width == self._laid_out_for:
            return
        self._laid_out_for = width
        self._layouts = []
        step = QFontInfo(self.font()).pixelSize() * self.LINE_HEIGHT
        lines_left = self._most_lines or 1_000_000
        top = 0.0
        for paragraph in self._text.split("\n"):
            if lines_left <= 0:
                break
            layout, lines = self._paragraph(paragraph, width, step, lines_left)
            self._layouts.append((layout, top))
            last = layout.lineAt(lines - 1)
            top += max(lines * step, last.y() + last.height() + 1) if lines else step
            lines_left -= max(1, lines)
        self._height = round(top)

    def _paragraph(self, text: str, width: int, step: float, most_lines: int) -> tuple[QTextLayout, int]:
        right_to_left = formatting.is_right_to_left(text)
        side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter if self._centred else side)
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
        )
        option.setAlignment(option.alignment() | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(text, self.font())
        layout.setTextOption(option)
        lines = self._break(layout, width, step, most_lines)
        last = layout.lineAt(layout.lineCount() - 1)
        end = last.textStart() + last.textLength() if last.isValid() else 0
        if last.isValid() and end < formatting.utf16_length(text):
            # The rest of the text goes into the last line, which is then cut to fit.
            start = formatting.utf16_cut(text, last.textStart())
            shortened = text[:start] + self.fontMetrics().elidedText(
                text[start : start + 400], Qt.TextElideMode.ElideRight, width
            )
            layout = QTextLayout(shortened, self.font())
            layout.setTextOption(option)
            lines = self._break(layout, width, step, most_lines)
        return layout, lines

    @staticmethod
    def _break(layout: QTextLayout, width: int, step: float, most_lines: int) -> int:
        """Lines stand `step` apart, or more where a script is taller than that."""
        layout.beginLayout()
        lines = 0
        top = 0.0
        while lines < most_lines:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top + max(0.0, step - line.height()) / 2))
            top += max(step, line.height())
            lines += 1
        layout.endLayout()
        return lines


def reading_width() -> int:
    """Pixels of 72 characters: longer lines are hard to follow."""
    return QFontMetrics(font(BODY)).averageCharWidth() * Paragraphs.CHARACTERS
