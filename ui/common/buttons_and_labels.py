"""The small parts: buttons and labels that take their looks from the theme and say their name aloud."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import (
    QFontInfo,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from ui.common import formatting
from ui.common.theme import BODY, font, theme


class IconButton(QToolButton):
    """A button of one icon; its name is its tooltip too."""

    def __init__(self, icon: str, name: str, do: Callable[[], None] | None = None, *, size: int = 20) -> None:
        super().__init__()
        self._icon = icon
        self.setIconSize(QSize(size, size))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click needs no ring
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rename(name)
        if do is not None:
            self.clicked.connect(lambda: do())
        self._recolor()
        theme().changed.connect(self._recolor)

    def rename(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon: str) -> None:
        self._icon = icon
        self._recolor()

    def _recolor(self) -> None:
        self.setIcon(theme().icon(self._icon))


class Button(QPushButton):
    """`kind`: "primary" for the one action of a page, "plain", "quiet", or "link" inside text."""

    def __init__(
        self,
        text: str,
        do: Callable[[], None] | None = None,
        *,
        kind: str = "plain",
        icon: str | None = None,
        icon_last: bool = False,
    ) -> None:
        super().__init__()
        self._icon = icon
        self._icon_last = icon_last
        if icon_last:
            self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setText(text)
        self._token = {"primary": "on_accent", "link": "accent"}.get(kind, "text2")
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        if do is not None:
            self.clicked.connect(lambda: do())
        if icon:
            self.setIconSize(QSize(16, 16))
            self._recolor()
            theme().changed.connect(self._recolor)

    def setText(self, text: str) -> None:
        # A style sheet knows no distance between icon and words; an en space is one.
        space = "\u2002" if self._icon and text else ""
        super().setText(f"{text}{space}" if self._icon_last else f"{space}{text}")

    def set_elided(self, name: str, width: int) -> None:
        """As much of a name as so many pixels hold; an "&" in it is shown and makes no shortcut."""
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, width)
        self.setText(shown.replace("&", "&&"))

    def set_icon(self, icon: str, token: str | None = None) -> None:
        self._icon = icon
        self._token = token or self._token
        self._recolor()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):  # Qt itself takes only the space bar
            self.click()
        else:
            super().keyPressEvent(event)

    def _recolor(self) -> None:
        if self._icon:
            self.setIcon(theme().icon(self._icon, self._token))


class IconLabel(QLabel):
    """A picture beside words that say the same."""

    def __init__(self, icon: str, token: str = "text2", size: int = 20) -> None:
        super().__init__()
        self._size = size
        self.setFixedSize(size, size)
        self.show_icon(icon, token)
        theme().changed.connect(self._recolor)

    def show_icon(self, icon: str, token: str = "text2") -> None:
        self._icon, self._token = icon, token
        self._recolor()

    def _recolor(self) -> None:
        icon = theme().icon(self._icon, self._token)
        self.setPixmap(icon.pixmap(QSize(self._size, self._size), self.devicePixelRatio()))


class Label(QLabel):
    """Words, never read as mark-up. `kind` is a `words` of the style sheet."""

    def __init__(self, text: str = "", kind: str = "", *, wrap: bool = False) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if kind:
            self.setProperty("words", kind)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_kind(self, kind: str) -> None:
        if self.property("words") != kind:
            self.setProperty("words", kind)
            restyle(self)


class ElidedLabel(QWidget):
    """One line that gives up its middle (or its end) when there is no room; the tooltip has all of it."""

    def __init__(
        self, text: str = "", kind: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        super().__init__()
        self._mode = mode
        self._side: Qt.AlignmentFlag | None = None
        self._text = ""
        if kind:
            self.setProperty("words", kind)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def set_side(self, side: Qt.AlignmentFlag) -> None:
        """AlignLeft or AlignRight, whatever direction the text has."""
        self._side = side

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(min(metrics.averageCharWidth() * 6, self.sizeHint().width()), metrics.height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell()
        super().resizeEvent(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        draw_line(painter, self.rect(), self._text, self._mode, self._side)

    def _tell(self) -> None:
        fits = QFontMetrics(self.font()).horizontalAdvance(self._text) <= self.width()
        self.setToolTip("" if fits else plain_tooltip(self._text))


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
        width = min(self._widest(), self.fontMetrics().horizontalAdvance(self._text) + 2)
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

    def _widest(self) -> int:
        return reading_width()

    def _lay_out(self, width: int) -> None:
        width = width if self._centred else min(width, self._widest())
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


class Card(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")


class Divider(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rule")


def reading_width() -> int:
    """Pixels of 72 characters: longer lines are hard to follow."""
    return QFontMetrics(font(BODY)).averageCharWidth() * Paragraphs.CHARACTERS


def draw_line(
    painter: QPainter, rect: QRect, text: str, mode: Qt.TextElideMode, side: Qt.AlignmentFlag | None = None
) -> None:
    """One elided line in the direction of its text; at `side`, or else at the side where that begins."""
    shown = painter.fontMetrics().elidedText(text, mode, rect.width())
    right_to_left = formatting.is_right_to_left(text)
    painter.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )
    if side is None:
        side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, int(flags | Qt.TextFlag.TextSingleLine), shown)
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def plain_tooltip(text: str) -> str:
    """A tooltip is guessed to be rich text when it looks so; an entity-escaped one is shown as it is."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"


def restyle(widget: QWidget) -> None:
    """Apply the style sheet anew after a property that it looks at has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
