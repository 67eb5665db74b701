"""The text of a document whose pages cannot be pictured, a few screens of it at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontInfo,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QTextEdit

from assistant.documents.viewer_records import TextRun, TextStretch
from ui.common import formatting
from ui.common.paragraphs import line_height, reading_width
from ui.common.theme import theme
from ui.common.translation import translate

MOST_STRETCHES = 8
"""Kept at a time; the farthest goes when another comes."""
_MORE_WITHIN = 1.5
"""Heights of the view from an end at which what follows is asked for."""
_MARGIN = 16
"""Pixels around the text."""
_LINE = 80
"""Characters of a line that it is known by."""
_GAP = 6
"""Pixels of an empty line, which stands between paragraphs."""
_LARGER = (3, 2, 1)
"""Steps of size (see QTextFormat.FontSizeAdjustment) of the headings of each level; deeper ones are bold."""

Place = tuple[int, int, int]
"""A section, and where in it something begins and ends."""
_Style = tuple[QTextBlockFormat, QTextCharFormat]


@dataclass(slots=True)
class _Stretch:
    runs: tuple[TextRun, ...]
    starts: tuple[int, ...]
    """Of each run, in UTF-16 units from the beginning of the stretch."""
    length: int
    """In UTF-16 units, with the line end behind it where another stretch follows."""


class TextView(QTextEdit):
    """Plain text that can be read, selected and copied; each paragraph runs in its own direction."""

    stretch_wanted = Signal(int, int, bool)
    """From this section and character on or, if true, what comes before them."""
    moved = Signal()
    """Other text is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(translate("documents", "Text of the document"))
        self.document().setDocumentMargin(_MARGIN)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)
        self._stretches: list[_Stretch] = []
        self._at_start = self._at_end = True
        self._waiting = False
        self._marks: Sequence[Place] = ()
        self._place: Place | None = None
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme().changed.connect(self._show_marks)

    # --- what is shown

    def clear_text(self) -> None:
        self._stretches = []
        self._at_start = self._at_end = True
        self._waiting = False
        self._marks, self._place = (), None
        self.clear()

    def show_text(self, stretch: TextStretch) -> None:
        """In the place of what was shown."""
        self._stretches = []
        self.clear()
        self._waiting = True  # nothing is asked for while this is laid out
        self._stretches.append(self._insert(stretch, QTextCursor(self.document())))
        self._at_start, self._at_end = stretch.at_start, stretch.at_end
        self._waiting = False
        self.setTextCursor(QTextCursor(self.document()))
        self.verticalScrollBar().setValue(0)
        self._show_marks()
        QTimer.singleShot(0, self._scrolled)  # a short text does not fill the view

    def add_text(self, stretch: TextStretch, *, before: bool) -> None:
        """What was asked for; the text in view stays where it is."""
        anchor = self.cursorForPosition(QPoint(0, 0))
        height = self.cursorRect(anchor).top()
        self._waiting = True
        if stretch.runs and before:
            self._prepend(stretch)
        elif stretch.runs:
            self._append(stretch)
        if before:
            self._at_start = stretch.at_start
        else:
            self._at_end = stretch.at_end
        self._drop_farthest(first=not before)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(anchor).top() - height)
        self._waiting = False
        self._show_marks()
        QTimer.singleShot(0, self._scrolled)

    def may_go_on(self) -> None:
        """More of the document was read: its end is looked for again."""
        if self._stretches and self._at_end:
            self._at_end = False
            self._scrolled()

    def mark(self, places: Sequence[Place]) -> None:
        """Places that are marked, such as everything that was found."""
        self._marks = places
        self._show_marks()

    def go_to(self, place: Place) -> bool:
        """Bring a place into view and mark it; false where its text is not here."""
        self._place = place
        self._show_marks()
        cursor = self._cursor(place)
        if cursor is None:
            return False
        cursor.setPosition(cursor.anchor())
        # Once it is laid out at its real width.
        QTimer.singleShot(0, lambda: self._scroll_to(cursor, self.viewport().height() // 3))
        return True

    def return_to(self, place: Place) -> None:
        """Bring a place to the top of the view, without a mark."""
        cursor = self._cursor(place)
        if cursor is not None:
            cursor.setPosition(cursor.anchor())
            QTimer.singleShot(0, lambda: self._scroll_to(cursor, _MARGIN))

    def location(self) -> str:
        """Where in the document the text at the top of the view stands."""
        run = self._run_at_top()
        return "" if run is None else run.location

    def section(self) -> int:
        """The section at the top of the view; 0 where there is none."""
        run = self._run_at_top()
        return 0 if run is None else run.section

    def line(self) -> str:
        """The beginning of the first line that is not empty, from the top of the view on."""
        block = self.cursorForPosition(QPoint(24, 24)).block()
        while block.isValid() and not block.text().strip():
            block = block.next()
        return block.text().strip()[:_LINE]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines are no longer than one likes to read, in the middle of a wide view."""
        free = self.width() - self.verticalScrollBar().sizeHint().width() - reading_width() - 2 * _MARGIN
        side = max(0, free // 2)
        self.setViewportMargins(side, 0, side, 0)
        super().resizeEvent(event)

    # --- stretches come and go

    def _append(self, stretch: TextStretch) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not _continues(self._stretches[-1].runs[-1], stretch.runs[0]):
            cursor.insertBlock()
            self._stretches[-1].length += 1
        self._stretches.append(self._insert(stretch, cursor))

    def _prepend(self, stretch: TextStretch) -> None:
        cursor = QTextCursor(self.document())
        first = cursor.blockFormat()
        inserted = self._insert(stretch, cursor)
        if not _continues(stretch.runs[-1], self._stretches[0].runs[0]):
            cursor.insertBlock(first)
            inserted.length += 1
        self._stretches.insert(0, inserted)

    def _drop_farthest(self, *, first: bool) -> None:
        if len(self._stretches) <= MOST_STRETCHES:
            return
        cursor = QTextCursor(self.document())
        if first:
            cursor.setPosition(self._stretches.pop(0).length, QTextCursor.MoveMode.KeepAnchor)
            self._at_start = False
        else:
            last = self._stretches.pop()
            cursor.movePosition(QTextCursor.MoveOperation.End)
            end = cursor.position()
            cursor.setPosition(end - last.length)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self._at_end = False
        cursor.removeSelectedText()

    def _insert(self, stretch: TextStretch, cursor: QTextCursor) -> _Stretch:
        """Insert the runs one below the other, at the cursor, in the line that it is in."""
        begin = cursor.position()
        starts: list[int] = []
        before: TextRun | None = None
        for run in stretch.runs:
            joined = before is not None and _continues(before, run)
            if before is not None and not joined:
                cursor.insertBlock()
            starts.append(cursor.position() - begin)
            for number, (line, (block, characters)) in enumerate(self._lines(run)):
                if number:
                    cursor.insertBlock(block, characters)
                elif not joined:
                    cursor.setBlockFormat(block)
                cursor.insertText(line, characters)
            before = run
        return _Stretch(stretch.runs, tuple(starts), cursor.position() - begin)

    def _lines(self, run: TextRun) -> Iterator[tuple[str, _Style]]:
        lines = formatting.passage(run.text).split("\n")
        titles = {formatting.one_line(title).casefold(): level for level, title in enumerate(run.heading)}
        heads = run.start == 0 and not run.table
        for number, line in enumerate(lines):
            level = titles.get(formatting.one_line(line).casefold()) if heads else None
            heads = heads and (level is not None or not line.strip())
            last = number == len(lines) - 1
            yield line, self._style(line, level, empty=not line.strip() and not last)

    def _style(self, line: str, level: int | None, *, empty: bool) -> _Style:
        block, characters = QTextBlockFormat(), QTextCharFormat()
        height = QFontInfo(self.font()).pixelSize() * line_height(line)
        if empty:
            block.setLineHeight(_GAP, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        else:
            block.setLineHeight(height, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        block.setBottomMargin(0 if empty else 4)
        if level is not None:
            characters.setFontWeight(QFont.Weight.DemiBold)
            larger = _LARGER[level] if level < len(_LARGER) else 0
            characters.setProperty(QTextFormat.Property.FontSizeAdjustment.value, larger)
            block.setTopMargin(16 if level < len(_LARGER) else 8)
            block.setHeadingLevel(min(6, level + 1))
        return block, characters

    # --- places

    def _run_at_top(self) -> TextRun | None:
        at = self.cursorForPosition(QPoint(24, 24)).position()
        found = None
        for stretch in self._stretches:
            for start, run in zip(stretch.starts, stretch.runs, strict=True):
                if start <= at:
                    found = run
            at -= stretch.length
        return found

    def _position(self, section: int, offset: int) -> int | None:
        """Where a character of a section is in the view, in UTF-16 units; None where it is not here."""
        begin = 0
        for stretch in self._stretches:
            for start, run in zip(stretch.starts, stretch.runs, strict=True):
                if run.section == section and run.start <= offset <= run.end:
                    return begin + start + formatting.utf16_length(run.text[: offset - run.start])
            begin += stretch.length
        return None

    def _cursor(self, place: Place) -> QTextCursor | None:
        start, end = self._position(place[0], place[1]), self._position(place[0], place[2])
        if start is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start if end is None else end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _show_marks(self) -> None:
        self.setExtraSelections(
            [
                selection
                for place in (*(mark for mark in self._marks if mark != self._place), self._place)
                if place is not None and (selection := self._selection(place)) is not None
            ]
        )

    def _selection(self, place: Place) -> QTextEdit.ExtraSelection | None:
        cursor = self._cursor(place)
        if cursor is None or not cursor.hasSelection():
            return None
        selection = QTextEdit.ExtraSelection()
        look = QTextCharFormat()
        look.setBackground(theme().color("mark" if place == self._place else "accent_soft"))
        look.setForeground(theme().color("text"))
        selection.format = look
        selection.cursor = cursor
        return selection

    def _scroll_to(self, cursor: QTextCursor, down: int) -> None:
        """`down`: pixels that are left above it."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect(cursor).top() - down)

    def _scrolled(self) -> None:
        self.moved.emit()
        if self._waiting or not self._stretches or not self._stretches[0].runs:
            return
        bar, near = self.verticalScrollBar(), round(self.viewport().height() * _MORE_WITHIN)
        if not self._at_end and bar.value() + near > bar.maximum():
            self._waiting = True
            last = self._stretches[-1].runs[-1]
            self.stretch_wanted.emit(last.section, last.end, False)
        elif not self._at_start and bar.value() < near:
            self._waiting = True
            first = self._stretches[0].runs[0]
            self.stretch_wanted.emit(first.section, first.start, True)


def _continues(before: TextRun, after: TextRun) -> bool:
    """They are pieces of one section, which go on in the same line."""
    return before.section == after.section and before.end == after.start
