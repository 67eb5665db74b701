"""Buttons, labels and frames that take their looks from the theme and say their name aloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QStyle, QToolButton, QWidget

from ui.common import formatting
from ui.common.screen_reader import announce
from ui.common.theme import in_its_direction, mirrors, theme
from ui.common.translation import translate

CONFIRMED_MS = 1500
"""So long a button says that it has copied."""
AT_THE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
AT_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
"""Whatever the direction of the window and of the words."""


class IconButton(QToolButton):
    """A button of one icon; its name is its tooltip too."""

    def __init__(self, icon: str, name: str, do: Callable[[], None] | None = None, *, size: int = 20) -> None:
        super().__init__()
        self._icon, self._token = icon, "text2"
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

    def set_icon(self, icon: str, token: str = "text2") -> None:
        self._icon, self._token = icon, token
        self._recolor()

    def _recolor(self) -> None:
        self.setIcon(theme().icon(self._icon, self._token))


class CopyButton(IconButton):
    """Says by itself, with a tick for a moment, that something was copied."""

    def __init__(self, name: str, do: Callable[[], None], *, size: int = 20) -> None:
        super().__init__("copy", name, do, size=size)
        self._name = name
        self._timer = QTimer(self, singleShot=True, interval=CONFIRMED_MS)
        self._timer.timeout.connect(self._calm_down)
        self.clicked.connect(self.confirm)

    def confirm(self) -> None:
        copied = translate("common", "Copied")
        self.set_icon("check", "accent")
        self.rename(copied)
        announce(self, copied)
        self._timer.start()

    def _calm_down(self) -> None:
        self.set_icon("copy")
        self.rename(self._name)


ICON_GAP = "\u2002"
"""Between a button's icon and its words; a style sheet knows no distance there."""


class Button(QPushButton):
    """`kind`: "primary" for the one action of a page, "plain", "quiet", "link" inside text, or "choice" among
    the fields of a form."""

    def __init__(
        self,
        text: str,
        do: Callable[[], None] | None = None,
        *,
        kind: str = "plain",
        icon: str | None = None,
    ) -> None:
        super().__init__()
        self._icon = icon
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
        space = ICON_GAP if self._icon and text else ""
        super().setText(f"{space}{in_its_direction(text)}")

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
        # Qt itself goes by the direction of the words: an Arabic name would stand apart from the rest.
        self.setAlignment(AT_THE_RIGHT if mirrors() else AT_THE_LEFT)
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
        self._side = Qt.AlignmentFlag.AlignLeft
        self._text = ""
        if kind:
            self.setProperty("words", kind)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        return self._text

    def set_side(self, side: Qt.AlignmentFlag) -> None:
        """AlignLeft where the lines of the window begin, AlignRight where they end; or one named above."""
        self._side = side

    def set_text(self, text: str, mode: Qt.TextElideMode | None = None) -> None:
        """`mode`: what is given up of this text and those that follow."""
        self._text = text
        self._mode = mode or self._mode
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


class Card(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")


class Divider(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rule")


def draw_line(
    painter: QPainter, rect: QRect, text: str, mode: Qt.TextElideMode, side: Qt.AlignmentFlag | None = None
) -> None:
    """One elided line in the direction of its text, at the side where that begins.

    Args:
        side: AlignLeft where lines begin in this window, AlignRight where they end, whatever the text is.
    """
    shown = painter.fontMetrics().elidedText(text, mode, rect.width())
    right_to_left = formatting.is_right_to_left(text)
    painter.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if right_to_left else Qt.LayoutDirection.LeftToRight
    )
    if side is None:
        side = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
    else:
        side = QStyle.visualAlignment(QGuiApplication.layoutDirection(), side)
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


def holds_focus(widget: QWidget) -> bool:
    """Whether the keys go to something in it, as soon as its window is in front."""
    focused = cast("QWidget | None", widget.window().focusWidget())
    return focused is not None and widget.isAncestorOf(focused)
