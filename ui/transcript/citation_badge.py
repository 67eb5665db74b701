"""The small badge inside the text: the number of a quote, a question mark, or that there is no source."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)

from ui.common import formatting
from ui.common.theme import font, theme
from ui.transcript.entry import DOUBT, NO_SOURCE, no_source

BADGE = QTextFormat.ObjectTypes.UserObject + 1
"""The kind of object that a badge is in Qt's text."""
NUMBER = QTextFormat.Property.UserProperty + 1
"""The property that holds its number."""
CITE = "cite:"
"""How its address begins; the number follows."""
HEIGHT = 18
"""Pixels."""


def badge_format(number: int, base: QTextCharFormat) -> QTextCharFormat:
    """The format that makes a badge of U+FFFC."""
    badge = QTextCharFormat(base)
    badge.setObjectType(BADGE)
    badge.setProperty(NUMBER, number)
    badge.setAnchor(True)
    badge.setAnchorHref(f"{CITE}{number}")
    badge.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignNormal)
    return badge


class CitationBadge(QPyTextObject):
    def intrinsicSize(self, doc: QTextDocument, posInDocument: int, form: QTextFormat) -> QSizeF:
        width = QFontMetricsF(_font()).horizontalAdvance(_text(form))
        return QSizeF(max(HEIGHT, width + 10) + 4, HEIGHT - 4)

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        posInDocument: int,
        form: QTextFormat,
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(rect.left() + 2, rect.bottom() - HEIGHT + 4, rect.width() - 4, HEIGHT)
        token = {DOUBT: "warn", NO_SOURCE: "text2"}.get(form.property(NUMBER))
        painter.setPen(theme().color(token) if token else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush if token else theme().color("accent_soft"))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.setPen(theme().color(token or "accent"))
        painter.setFont(_font())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _text(form))
        painter.restore()


def _text(form: QTextFormat) -> str:
    return _words(form.property(NUMBER))


def _words(number: int) -> str:
    return {DOUBT: "?", NO_SOURCE: no_source()}.get(number) or str(number)


def _font() -> QFont:
    return font(12, QFont.Weight.DemiBold)


def selected_text(cursor: QTextCursor) -> str:
    """What is selected, with line ends, and each badge as its number in brackets."""
    parts = cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n").split("\ufffc")
    at = cursor.selectionStart()
    look = QTextCursor(cursor.document())
    found = parts[0]
    for part, before in zip(parts[1:], parts, strict=False):
        at += formatting.utf16_length(before)
        look.setPosition(at + 1)
        number = look.charFormat().property(NUMBER)
        at += 1
        found += ("" if number is None else f"[{_words(number)}]") + part
    return found
