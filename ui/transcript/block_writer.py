"""Writes blocks into a QTextDocument, and anew only from the first that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTableFormat,
)

from assistant.rich_text.blocks import Block, Code, Paragraph, Rule, Spans, Table, plain
from ui.common import formatting
from ui.common.theme import BODY, font, monospace, theme
from ui.text.code_colors import Run, color_line, language
from ui.transcript.citation_badge import badge_format
from ui.transcript.text_formats import (
    CODE_COLORS,
    GAP,
    SMALL,
    cell_format,
    code_line_format,
    letter_format,
    line_format,
    make_thin,
    paragraph_formats,
    span_format,
)

CODE_HEAD = 34
"""Pixels above the first line of code, for the name of the language and a button."""
CODE_FOOT = 12
"""Pixels below the last line of code."""


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
    def __init__(self, document: QTextDocument, pixels: int = BODY) -> None:
        self._document = document
        self._pixels = pixels
        self._written: list[_Written] = []
        self._fresh = True
        """The last paragraph of the document is empty and to be used."""
        self.cited: frozenset[int] = frozenset()
        """Numbers that become badges; the others stay as they are written."""

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

    def write_plain(self, text: str) -> None:
        """Show a text as it was written, each paragraph in its own direction."""
        self.clear()
        cursor = QTextCursor(self._document)
        cursor.beginEditBlock()
        letters = letter_format(font(self._pixels))
        for number, line in enumerate(formatting.passage(text).split("\n")):
            if number:
                cursor.insertBlock()
            cursor.setBlockFormat(line_format(self._pixels, line))
            cursor.setBlockCharFormat(letters)
            cursor.insertText(line, letters)
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
        cursor.setPosition(first.start - (1 if first.joined else 0) if same else 0)
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
                if len(self._written) == 1:  # Qt ignores a margin above the first paragraph
                    make_thin(cursor, CODE_HEAD)
                    cursor.insertBlock()
                    written.start = cursor.position()
                self._write_lines(cursor, written, block, block.text, first=True)
                self._add_thin(cursor, CODE_FOOT)
            case Table():
                self._add_table(cursor, block)
            case Rule():
                make_thin(cursor, GAP * 2)

    def _add_paragraph(self, cursor: QTextCursor, block: Paragraph) -> None:
        form, letters, in_list = paragraph_formats(
            block, plain(block.spans), self._pixels, first=len(self._written) == 1
        )
        cursor.setBlockFormat(form)
        if in_list is not None:
            cursor.createList(in_list)
            form.setIndent(0)
            cursor.mergeBlockFormat(form)
        cursor.setBlockCharFormat(letters)
        self._write_spans(cursor, block.spans, letters)

    def _write_spans(self, cursor: QTextCursor, spans: Spans, base: QTextCharFormat) -> None:
        for span in spans:
            if span.cites and self.cited.issuperset(span.cites):
                for number in span.cites:
                    cursor.insertText("\ufffc", badge_format(number, base))
            else:
                text = formatting.passage(span.text).replace("\n", "\u2028")
                cursor.insertText(text, span_format(span, base))
        cursor.setCharFormat(base)

    def _write_lines(
        self, cursor: QTextCursor, written: _Written, block: Code, text: str, *, first: bool
    ) -> None:
        """Lines of code from the cursor on; the first of them goes into the paragraph the cursor is in."""
        letters = letter_format(monospace())
        known = language(block.language)
        within = written.open_before
        for number, line in enumerate(text.split("\n")):
            if number:
                cursor.insertBlock()
            if number or first:
                head = CODE_HEAD + GAP if len(self._written) > 1 and first and not number else 0
                cursor.setBlockFormat(code_line_format(block, head))
            written.tail, written.open_before = cursor.position(), within
            runs: tuple[Run, ...] = ()
            if known is not None:
                runs, within = color_line(line, known, within)
            _write_colored(cursor, formatting.passage(line), runs, letters)

    def _add_table(self, cursor: QTextCursor, block: Table) -> None:
        columns = max((len(row) for row in block.rows), default=0)
        if not columns:
            return
        make_thin(cursor, 1)  # Qt gives an empty paragraph before a table no height
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
                inside.setBlockFormat(cell_format(block, column, plain(spans)))
                weight = QFont.Weight.Normal if row else QFont.Weight.DemiBold
                letters = letter_format(font(SMALL, weight))
                inside.setBlockCharFormat(letters)
                self._write_spans(inside, spans, letters)
                if row == 0:
                    ground = QTextCharFormat()
                    ground.setBackground(theme().color("surface2"))
                    table.cellAt(row, column).setFormat(ground)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        make_thin(cursor, GAP)

    @staticmethod
    def _add_thin(cursor: QTextCursor, pixels: int) -> None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock()
        make_thin(cursor, pixels)


def _write_colored(cursor: QTextCursor, line: str, runs: Sequence[Run], plain: QTextCharFormat) -> None:
    at = 0
    for start, end, color in runs:
        if start > at:
            cursor.insertText(line[at:start], plain)
        colored = QTextCharFormat(plain)
        colored.setForeground(theme().color(CODE_COLORS[color]))
        cursor.insertText(line[start:end], colored)
        at = end
    if at < len(line):
        cursor.insertText(line[at:], plain)
