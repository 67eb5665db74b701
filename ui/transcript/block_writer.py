"""Writes blocks into a QTextDocument, and anew only from the first that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextListFormat,
    QTextTableFormat,
)

from ui.common import formatting
from ui.common.theme import BODY, font, monospace, text_scale, theme
from ui.text.blocks import Block, Code, Paragraph, Rule, Span, Spans, SpanStyle, Table, plain
from ui.text.code_colors import CodeColor, Run, color_line, language

LINE_HEIGHT = 1.5
INDENT = 22
CODE_HEAD = 34
"""Pixels above the first line of code, for the name of the language and a button."""
CODE_SIDE = 14
CODE_FOOT = 12
QUOTE_SIDE = 16
GAP = 10
HEADINGS = {1: 20, 2: 16, 3: 16}
BULLETS = {
    "•": QTextListFormat.Style.ListDisc,
    "◦": QTextListFormat.Style.ListCircle,
    "▪": QTextListFormat.Style.ListSquare,
}
TASKS = {"☐": QTextBlockFormat.MarkerType.Unchecked, "☑": QTextBlockFormat.MarkerType.Checked}

CITATION_OBJECT = QTextFormat.ObjectTypes.UserObject + 1
CITATION = QTextFormat.Property.UserProperty + 1
"""The property of a chip: its number."""
CITE = "cite:"
"""How the address of a chip begins."""


@dataclass(slots=True)
class _Written:
    """Where a block stands."""

    block: Block
    start: int
    joined: bool
    """It began with a paragraph of its own; otherwise in one that was empty."""
    tail: int = 0
    """Of code: where its last line begins."""
    open_before: str = ""
    """Of code: what the line before the last left open."""


class BlockWriter:
    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._written: list[_Written] = []
        self._fresh = True
        """The last paragraph of the document is empty and to be used."""
        self.cited: frozenset[int] = frozenset()
        """Numbers that become chips; the others stay as they are written."""

    def clear(self) -> None:
        self._document.clear()
        self._written = []
        self._fresh = True

    def write(self, blocks: Sequence[Block], same: int) -> None:
        """Show `blocks`, of which the first `same` are written already."""
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        same = min(same, len(self._written))
        if self._goes_on(blocks, same):
            self._go_on(cursor, blocks[same])
            same += 1
        self._cut(cursor, same)
        for block in blocks[same:]:
            self._add(cursor, block)
        cursor.endEditBlock()

    def code(self) -> list[tuple[Code, int, int]]:
        """The code with the positions of its first line and of what follows its last."""
        return [
            (written.block, written.start, self._end(place))
            for place, written in enumerate(self._written)
            if isinstance(written.block, Code)
        ]

    def quoted(self) -> list[tuple[int, int]]:
        """First and last positions of what is quoted."""
        return [
            (written.start, self._end(place))
            for place, written in enumerate(self._written)
            if isinstance(written.block, Paragraph | Code) and written.block.quoted
        ]

    def rules(self) -> list[int]:
        return [written.start for written in self._written if isinstance(written.block, Rule)]

    def _end(self, place: int) -> int:
        if place + 1 < len(self._written):
            following = self._written[place + 1]
            return following.start - 1 if following.joined else following.start
        return self._document.characterCount() - 1

    # --- going on with what is there

    def _goes_on(self, blocks: Sequence[Block], same: int) -> bool:
        """Whether the last block is code of which there is more now."""
        if same != len(self._written) - 1 or same >= len(blocks):
            return False
        old, new = self._written[same].block, blocks[same]
        return (
            isinstance(old, Code)
            and isinstance(new, Code)
            and (old.language, old.indent, old.quoted) == (new.language, new.indent, new.quoted)
            and new.text.startswith(old.text)
        )

    def _go_on(self, cursor: QTextCursor, block: Block) -> None:
        written = self._written[-1]
        assert isinstance(block, Code)
        assert isinstance(written.block, Code)
        last_line = written.block.text.rfind("\n") + 1
        cursor.setPosition(written.tail)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        written.block = block
        self._write_lines(cursor, written, block, block.text[last_line:], first=False)

    def _cut(self, cursor: QTextCursor, same: int) -> None:
        if same >= len(self._written):
            return
        first = self._written[same]
        cursor.setPosition(first.start - (1 if first.joined else 0))
        before = cursor.blockFormat()
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        if first.joined:
            cursor.setBlockFormat(before)  # an empty paragraph takes the looks of what is removed behind it
        else:
            cursor.setBlockFormat(QTextBlockFormat())
            cursor.setBlockCharFormat(QTextCharFormat())
            if (in_list := cursor.currentList()) is not None:
                in_list.remove(cursor.block())
        self._fresh = not first.joined
        del self._written[same:]

    # --- adding

    def _add(self, cursor: QTextCursor, block: Block) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        joined = not self._fresh
        if joined:
            cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
        self._fresh = False
        written = _Written(block, cursor.position(), joined)
        self._written.append(written)
        match block:
            case Paragraph():
                self._add_paragraph(cursor, block)
            case Code():
                self._write_lines(cursor, written, block, block.text, first=True)
                self._add_thin(cursor, CODE_FOOT)
            case Table():
                self._add_table(cursor, block)
            case Rule():
                _make_thin(cursor, GAP * 2)

    def _add_paragraph(self, cursor: QTextCursor, block: Paragraph) -> None:
        first = len(self._written) == 1
        text = plain(block.spans)
        pixels = HEADINGS.get(block.heading, BODY) if block.heading else BODY
        form = QTextBlockFormat()
        _set_lines(form, pixels)
        if not first:
            form.setTopMargin(3 if block.close else (18 if block.heading else GAP))
        if block.heading:
            form.setHeadingLevel(block.heading)
        _set_direction(form, text)
        form.setLeftMargin(QUOTE_SIDE * block.quoted)
        if block.formula:
            form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        elif block.marker in TASKS:
            form.setMarker(TASKS[block.marker])
        in_list = bool(block.marker)
        if block.indent and not in_list:
            form.setIndent(block.indent)
        cursor.setBlockFormat(form)
        if in_list:
            cursor.createList(_list_format(block))
            form.setIndent(0)
            cursor.mergeBlockFormat(form)
        look = QTextCharFormat()
        look.setFont(font(pixels, QFont.Weight.DemiBold if block.heading else QFont.Weight.Normal))
        look.setForeground(theme().color("text2" if block.quoted else "text"))
        cursor.setBlockCharFormat(look)
        self._write_spans(cursor, block.spans, look)

    def _write_spans(self, cursor: QTextCursor, spans: Spans, base: QTextCharFormat) -> None:
        for span in spans:
            if span.cites and self.cited.issuperset(span.cites):
                self._write_chips(cursor, span, base)
            else:
                text = formatting.passage(span.text).replace("\n", "\u2028")
                cursor.insertText(text, _look(span, base))
        cursor.setCharFormat(base)

    @staticmethod
    def _write_chips(cursor: QTextCursor, span: Span, base: QTextCharFormat) -> None:
        for number in span.cites:
            chip = QTextCharFormat(base)
            chip.setObjectType(CITATION_OBJECT)
            chip.setProperty(CITATION, number)
            chip.setAnchor(True)
            chip.setAnchorHref(f"{CITE}{number}")
            chip.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignNormal)
            cursor.insertText("\ufffc", chip)

    def _write_lines(
        self, cursor: QTextCursor, written: _Written, block: Code, text: str, *, first: bool
    ) -> None:
        """Lines of code from the cursor on; the first of them goes into the paragraph the cursor is in."""
        plain_look = QTextCharFormat()
        plain_look.setFont(monospace())
        plain_look.setForeground(theme().color("text"))
        known = language(block.language)
        within = written.open_before
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
            if number or first:
                head = CODE_HEAD + (GAP if len(self._written) > 1 else 0)
                cursor.setBlockFormat(_code_line(block, head if first and not number else 0))
            written.tail, written.open_before = cursor.position(), within
            runs: tuple[Run, ...] = ()
            if known is not None:
                runs, within = color_line(line, known, within)
            _write_colored(cursor, formatting.passage(line), runs, plain_look)

    def _add_table(self, cursor: QTextCursor, block: Table) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        _make_thin(cursor, 1)  # Qt gives an empty paragraph before a table no height
        form = QTextTableFormat()
        form.setTopMargin(GAP if len(self._written) > 1 else 0)
        form.setCellPadding(6)
        form.setCellSpacing(0)
        form.setBorder(1)
        form.setBorderStyle(QTextTableFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderCollapse(True)
        form.setBorderBrush(theme().color("border"))
        form.setHeaderRowCount(1)
        form.setColumnWidthConstraints([QTextLength()] * columns)
        table = cursor.insertTable(len(block.rows), columns, form)
        for row, cells in enumerate(block.rows):
            for column, spans in enumerate(cells):
                inside = table.cellAt(row, column).firstCursorPosition()
                self._write_cell(inside, spans, _side(block, column), heading=row == 0)
                if row == 0:
                    ground = QTextCharFormat()
                    ground.setBackground(theme().color("surface2"))
                    table.cellAt(row, column).setFormat(ground)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        _make_thin(cursor, GAP)

    def _write_cell(
        self, cursor: QTextCursor, spans: Spans, side: Qt.AlignmentFlag, *, heading: bool
    ) -> None:
        form = QTextBlockFormat()
        _set_lines(form, 13)
        _set_direction(form, plain(spans))
        form.setAlignment(side)
        cursor.setBlockFormat(form)
        look = QTextCharFormat()
        look.setFont(font(13, QFont.Weight.DemiBold if heading else QFont.Weight.Normal))
        look.setForeground(theme().color("text"))
        cursor.setBlockCharFormat(look)
        self._write_spans(cursor, spans, look)

    @staticmethod
    def _add_thin(cursor: QTextCursor, pixels: int) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock()
        _make_thin(cursor, pixels)


# --- looks ------------------------------------------------------------------------------------------------


def _set_lines(form: QTextBlockFormat, pixels: int) -> None:
    height = pixels * text_scale() * LINE_HEIGHT
    form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)


def _set_direction(form: QTextBlockFormat, text: str) -> None:
    right_to_left = formatting.is_right_to_left(text)
    form.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )


def _make_thin(cursor: QTextCursor, pixels: int) -> None:
    """Make the empty paragraph so high; one is at least as high as a letter of its font."""
    form = QTextBlockFormat()
    form.setLineHeight(pixels, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    look = QTextCharFormat()
    small = font(12)
    small.setPixelSize(1)
    look.setFont(small)
    cursor.setBlockFormat(form)
    cursor.setBlockCharFormat(look)


def _code_line(block: Code, above: int) -> QTextBlockFormat:
    form = QTextBlockFormat()
    _set_lines(form, 13)
    form.setTopMargin(above)
    form.setLeftMargin(CODE_SIDE + INDENT * block.indent + QUOTE_SIDE * block.quoted)
    form.setRightMargin(CODE_SIDE)
    form.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    return form


def _list_format(block: Paragraph) -> QTextListFormat:
    form = QTextListFormat()
    form.setIndent(block.indent)
    if block.marker.endswith(".") and block.marker[:-1].isdigit():
        form.setStyle(QTextListFormat.Style.ListDecimal)
        form.setStart(int(block.marker[:-1]))
    else:
        form.setStyle(BULLETS.get(block.marker, QTextListFormat.Style.ListDisc))
    return form


def _side(block: Table, column: int) -> Qt.AlignmentFlag:
    name = block.alignment[column] if column < len(block.alignment) else ""
    return {"right": Qt.AlignmentFlag.AlignRight, "center": Qt.AlignmentFlag.AlignHCenter}.get(
        name, Qt.AlignmentFlag.AlignLeft
    )


def _look(span: Span, base: QTextCharFormat) -> QTextCharFormat:
    look = QTextCharFormat(base)
    if span.style & SpanStyle.CODE:
        look.setFont(monospace())
        look.setBackground(theme().color("surface2"))
    if span.style & SpanStyle.BOLD:
        look.setFontWeight(QFont.Weight.Bold)
    if span.style & (SpanStyle.ITALIC | SpanStyle.FORMULA) and not span.style & SpanStyle.CODE:
        look.setFontItalic(bool(span.style & SpanStyle.ITALIC))
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


def _write_colored(cursor: QTextCursor, line: str, runs: Sequence[Run], plain_look: QTextCharFormat) -> None:
    at = 0
    for start, end, ink in runs:
        if start > at:
            cursor.insertText(line[at:start], plain_look)
        look = QTextCharFormat(plain_look)
        look.setForeground(theme().color(_INKS[ink]))
        cursor.insertText(line[start:end], look)
        at = end
    if at < len(line):
        cursor.insertText(line[at:], plain_look)


_INKS = {
    CodeColor.KEYWORD: "code_word",
    CodeColor.STRING: "code_text",
    CodeColor.NUMBER: "code_number",
    CodeColor.REMARK: "text2",
}
