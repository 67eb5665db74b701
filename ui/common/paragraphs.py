"""Text to read: lines of a good length and height, each paragraph in its own direction.

Quotes stand at the side where they begin, the program's own words where the window's lines begin.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontInfo,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.common import formatting
from ui.common.theme import BODY, font, mirrors

QUOTED = 16
"""Pixels of the letters of a quote."""
_TALL_SCRIPTS = (
    # Hebrew, Arabic; those of India, Tibet, Thailand, Burma; Khmer
    (re.compile("[\u0590-\u08ff\u0900-\u109f\u1780-\u17ff]"), 1.7),
    # Chinese, Japanese; Korean
    (re.compile("[\u3040-\u9fff\uac00-\ud7af]"), 1.6),
)
"""Scripts whose lines want to stand further apart, and how far; the furthest first."""
_WIDTHS_KEPT = 4
"""Layouts of a text: Qt asks for the heights of several widths again and again while it lays a page out."""
_UNLIMITED = 1_000_000
"""Lines, where they may be as many as there are."""


class Paragraphs(QWidget):
    """Text to read: 1.45 line height, at most 72 characters wide, each paragraph in its own direction."""

    LINE_HEIGHT = 1.45
    CHARACTERS = 72

    def __init__(
        self,
        text: str = "",
        *,
        most_lines: int | None = None,
        centred: bool = False,
        needed: int = 0,
        quoted: bool = False,
        bold: Sequence[tuple[int, int]] = (),
    ) -> None:
        """
        Args:
            needed: characters that are shown, however many lines they take.
            quoted: in the letters of a quote.
            bold: characters that are emphasised.
        """
        super().__init__()
        self._centred = centred
        self._most_lines = most_lines
        self._needed = needed
        self._pixels = QUOTED if quoted else BODY
        self._at_right = mirrors() and not quoted and not centred
        self._bold = bold
        if quoted:
            self.setProperty("words", "quote")
        self._laid_out: dict[int, tuple[list[tuple[QTextLayout, float, bool]], int]] = {}
        """Width → paragraphs, each with its top and whether it stands at the right; and their height."""
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self._laid_out.clear()
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        _, height = self._layout_of(self._column(width))
        return height

    def sizeHint(self) -> QSize:
        width = min(reading_width(self._pixels), self.fontMetrics().horizontalAdvance(self._text) + 2)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(
            120, self.heightForWidth(self.width()) if self.width() > 120 else self.fontMetrics().height()
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._laid_out.clear()
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        for layout, top, at_right in self.layouts():
            column = self._column(self.width())
            layout.draw(painter, QPointF(self.width() - column if at_right else 0, top))

    def layouts(self) -> list[tuple[QTextLayout, float, bool]]:
        """The paragraphs as they are shown."""
        layouts, _ = self._layout_of(self._column(self.width()))
        return layouts

    def _column(self, width: int) -> int:
        """Pixels of a line in this width."""
        return width if self._centred else min(width, reading_width(self._pixels))

    def _layout_of(self, width: int) -> tuple[list[tuple[QTextLayout, float, bool]], int]:
        if width not in self._laid_out:
            while len(self._laid_out) >= _WIDTHS_KEPT:
                del self._laid_out[next(iter(self._laid_out))]
            self._laid_out[width] = self._lay_out(width)
        return self._laid_out[width]

    def _lay_out(self, width: int) -> tuple[list[tuple[QTextLayout, float, bool]], int]:
        layouts: list[tuple[QTextLayout, float, bool]] = []
        step = QFontInfo(self.font()).pixelSize() * line_height(self._text)
        lines_left = self._most_lines or _UNLIMITED
        top, at = 0.0, 0
        paragraphs = self._text.split("\n")
        for number, paragraph in enumerate(paragraphs, 1):
            if lines_left <= 0:
                break
            at_right = self._at_right or (not self._centred and formatting.is_right_to_left(paragraph))
            bold = self._bold_in(at, paragraph)
            if at < self._needed:
                needed = self._lines_of(paragraph[: self._needed - at], paragraph, width, step, bold)
                lines_left = max(lines_left, needed + 1)  # what is cut is the end of the last line
            layout, lines = self._paragraph(paragraph, width, step, lines_left, bold)
            if lines >= lines_left and number < len(paragraphs):
                layout, lines = self._paragraph(f"{paragraph} …", width, step, lines_left, bold)
            at += len(paragraph) + 1
            layouts.append((layout, top, at_right))
            last = layout.lineAt(lines - 1)
            top += max(lines * step, last.y() + last.height() + 1) if lines else step
            lines_left -= max(1, lines)
        return layouts, round(top)

    def _bold_in(self, start: int, paragraph: str) -> list[QTextLayout.FormatRange]:
        """What of a paragraph, which starts at a character of the text, is emphasised."""
        look = QTextCharFormat()
        look.setFontWeight(QFont.Weight.DemiBold)
        found = []
        for first, last in self._bold:
            first, last = max(0, first - start), min(len(paragraph), last - start)
            if first < last:
                bold = QTextLayout.FormatRange()
                bold.start = formatting.utf16_length(paragraph[:first])
                bold.length = formatting.utf16_length(paragraph[first:last])
                bold.format = look
                found.append(bold)
        return found

    def _lines_of(
        self, beginning: str, paragraph: str, width: int, step: float, bold: list[QTextLayout.FormatRange]
    ) -> int:
        """Lines that the beginning of a paragraph takes."""
        layout, _ = self._paragraph(paragraph, width, step, _UNLIMITED, bold)
        last = max(0, formatting.utf16_length(beginning.rstrip()) - 1)
        return layout.lineForTextPosition(last).lineNumber() + 1

    def _paragraph(
        self, text: str, width: int, step: float, most_lines: int, bold: list[QTextLayout.FormatRange]
    ) -> tuple[QTextLayout, int]:
        right_to_left = formatting.is_right_to_left(text)
        at_right = right_to_left or self._at_right
        side = Qt.AlignmentFlag.AlignRight if at_right else Qt.AlignmentFlag.AlignLeft
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter if self._centred else side)
        option.setTextDirection(
            Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
        )
        option.setAlignment(option.alignment() | Qt.AlignmentFlag.AlignAbsolute)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(text, self.font())
        layout.setTextOption(option)
        layout.setFormats(bold)
        lines = self._break(layout, width, step, most_lines)
        last = layout.lineAt(layout.lineCount() - 1)
        end = last.textStart() + last.textLength() if last.isValid() else 0
        if last.isValid() and end < formatting.utf16_length(text):
            # The rest of the text goes into the last line, which is then cut to fit.
            start = formatting.utf16_cut(text, last.textStart())
            shortened = text[:start] + self.fontMetrics().elidedText(
                text[start : start + 400], Qt.TextElideMode.ElideRight, round(width * (0.92 if bold else 1))
            )
            layout = QTextLayout(shortened, self.font())
            layout.setTextOption(option)
            layout.setFormats(bold)
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


def line_height(text: str) -> float:
    """How far its lines stand apart, in sizes of the letters."""
    return next((factor for script, factor in _TALL_SCRIPTS if script.search(text)), Paragraphs.LINE_HEIGHT)


def reading_width(pixels: int = BODY) -> int:
    """Pixels of 72 characters of this size: longer lines are hard to follow."""
    return QFontMetrics(font(pixels)).averageCharWidth() * Paragraphs.CHARACTERS
