"""How the text of a message looks: Qt's formats for its paragraphs, lists, code and spans."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextListFormat

from assistant.rich_text.blocks import Code, Paragraph, Span, SpanStyle, Table
from ui.common import formatting
from ui.common.theme import font, monospace, text_scale, theme
from ui.text.code_colors import CodeColor

LINE_HEIGHT = 1.5
"""Of the size of the letters."""
INDENT = 22
"""Pixels that each level of a list stands further in."""
GAP = 10
"""Pixels between two paragraphs."""
SMALL = 13
"""Pixels of the letters of code and tables."""
CODE_SIDE = 14
"""Pixels at the left and the right of code."""
QUOTE_SIDE = 16
"""Pixels that each level of quoting stands further in."""
_HEADINGS = {1: 20, 2: 16, 3: 16}
"""Pixels of the letters by the level of a heading."""
_BULLETS = {
    "•": QTextListFormat.Style.ListDisc,
    "◦": QTextListFormat.Style.ListCircle,
    "▪": QTextListFormat.Style.ListSquare,
}
_TASKS = {"☐": QTextBlockFormat.MarkerType.Unchecked, "☑": QTextBlockFormat.MarkerType.Checked}
CODE_COLORS = {
    CodeColor.KEYWORD: "code_word",
    CodeColor.STRING: "code_text",
    CodeColor.NUMBER: "code_number",
    CodeColor.REMARK: "text2",
}
"""Names of colours of the theme."""


def line_format(pixels: int, text: str = "") -> QTextBlockFormat:
    """Of a paragraph with letters of this size, in the direction of its text."""
    form = QTextBlockFormat()
    height = pixels * text_scale() * LINE_HEIGHT
    form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
    right_to_left = formatting.is_right_to_left(text)
    form.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )
    return form


def letter_format(used: QFont, color: str = "text") -> QTextCharFormat:
    look = QTextCharFormat()
    look.setFont(used)
    look.setForeground(theme().color(color))
    return look


def paragraph_formats(
    block: Paragraph, text: str, body: int, *, first: bool
) -> tuple[QTextBlockFormat, QTextCharFormat, QTextListFormat | None]:
    """Of the paragraph, of its letters, and of the list that it stands in; `body`: pixels of its letters."""
    pixels = max(body, _HEADINGS.get(block.heading, body)) if block.heading else body
    form = line_format(pixels, text)
    if not first:
        form.setTopMargin(3 if block.close else (18 if block.heading else GAP))
    if block.heading:
        form.setHeadingLevel(block.heading)
    form.setLeftMargin(QUOTE_SIDE * block.quoted)
    if block.formula:
        form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    elif block.marker in _TASKS:
        form.setMarker(_TASKS[block.marker])
    if block.indent and not block.marker:
        form.setIndent(block.indent)
    weight = QFont.Weight.DemiBold if block.heading else QFont.Weight.Normal
    letters = letter_format(font(pixels, weight), "text2" if block.quoted else "text")
    return form, letters, _list_format(block) if block.marker else None


def _list_format(block: Paragraph) -> QTextListFormat:
    form = QTextListFormat()
    form.setIndent(block.indent)
    if block.marker.endswith(".") and block.marker[:-1].isdigit():
        form.setStyle(QTextListFormat.Style.ListDecimal)
        form.setStart(int(block.marker[:-1]))
    else:
        form.setStyle(_BULLETS.get(block.marker, QTextListFormat.Style.ListDisc))
    return form


def code_line_format(block: Code, above: int) -> QTextBlockFormat:
    form = line_format(SMALL)
    form.setTopMargin(above)
    form.setLeftMargin(CODE_SIDE + INDENT * block.indent + QUOTE_SIDE * block.quoted)
    form.setRightMargin(CODE_SIDE)
    return form


def cell_format(table: Table, column: int, text: str) -> QTextBlockFormat:
    form = line_format(SMALL, text)
    side = table.alignment[column] if column < len(table.alignment) else ""
    sides = {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}
    form.setAlignment(sides.get(side, Qt.AlignmentFlag.AlignLeft))
    return form


def span_format(span: Span, base: QTextCharFormat) -> QTextCharFormat:
    look = QTextCharFormat(base)
    if span.style & SpanStyle.CODE:
        look.setFont(monospace())
        look.setBackground(theme().color("surface2"))
    if span.style & SpanStyle.BOLD:
        look.setFontWeight(QFont.Weight.Bold)
    if span.style & SpanStyle.ITALIC and not span.style & SpanStyle.CODE:
        look.setFontItalic(True)
    if span.style & SpanStyle.STRIKE:
        look.setFontStrikeOut(True)
    if span.level:
        above = QTextCharFormat.VerticalAlignment.AlignSuperScript
        below = QTextCharFormat.VerticalAlignment.AlignSubScript
        look.setVerticalAlignment(above if span.level > 0 else below)
    if span.link:
        look.setAnchor(True)
        look.setAnchorHref(span.link)
        look.setForeground(theme().color("accent"))
        look.setFontUnderline(True)
    return look


def make_thin(cursor: QTextCursor, pixels: int) -> None:
    """Make the empty paragraph so high; one is at least as high as a letter of its font."""
    form = QTextBlockFormat()
    form.setLineHeight(pixels, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    look = QTextCharFormat()
    small = font(12)
    small.setPixelSize(1)
    look.setFont(small)
    cursor.setBlockFormat(form)
    cursor.setBlockCharFormat(look)
