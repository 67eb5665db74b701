"""Rows and columns of widgets: filled, emptied, or in an area that scrolls up and down."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.common.theme import mirrors

Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int] | tuple[QWidget, int, Qt.AlignmentFlag]
"""Alone, with its stretch, or with its alignment too; a number is empty space that stretches so much."""
Margins = tuple[int, int, int, int]
"""Pixels where lines begin, at the top, where lines end, and at the bottom."""
NO_MARGINS = (0, 0, 0, 0)
GUTTER = 12
"""Pixels beside what scrolls that are the scroll bar's, whether or not it is needed."""
_FILL = Qt.AlignmentFlag(0)
"""A widget takes all of its place."""

B = TypeVar("B", bound=QBoxLayout)


def hbox(
    *items: Item, parent: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QHBoxLayout:
    """Items side by side, as the layout of `parent` if there is one. What is not given is as in the style."""
    return _filled(QHBoxLayout() if parent is None else QHBoxLayout(parent), items, spacing, margins)


def vbox(
    *items: Item, parent: QWidget | None = None, spacing: int | None = None, margins: Margins | None = None
) -> QVBoxLayout:
    """Items one below the other, else as `hbox`."""
    return _filled(QVBoxLayout() if parent is None else QVBoxLayout(parent), items, spacing, margins)


def _filled(layout: B, items: tuple[Item, ...], spacing: int | None, margins: Margins | None) -> B:
    if spacing is not None:
        layout.setSpacing(spacing)
    if margins is not None:
        layout.setContentsMargins(*mirrored(margins))
    for item in items:
        what, stretch, alignment = (*item, _FILL)[:3] if isinstance(item, tuple) else (item, 0, _FILL)
        if isinstance(what, int):
            layout.addStretch(what)
        elif isinstance(what, QWidget):
            layout.addWidget(what, stretch, alignment)
        else:
            layout.addLayout(what, stretch)
    return layout


def mirrored(margins: Margins) -> Margins:
    """From the left to the right and round, for this window: Qt turns everything but margins."""
    start, top, end, bottom = margins
    return (end, top, start, bottom) if mirrors() else margins


def clear(layout: QLayout) -> None:
    """Take everything out; its widgets are gone at once."""
    while item := layout.takeAt(0):
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def scroll_area(inside: QWidget) -> QScrollArea:
    """As wide as its place, with a gutter; the keyboard goes to what is in it."""
    area = QScrollArea()
    keep_gutter(area)
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def keep_gutter(area: QAbstractScrollArea) -> None:
    """Its scroll bar has its place always, and is seen when there is something to scroll: nothing jumps."""
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    bar = area.verticalScrollBar()
    bar.setProperty("idle", "true")

    def show_need(least: int, most: int) -> None:
        idle = "true" if most <= least else "false"
        if bar.property("idle") != idle:
            bar.setProperty("idle", idle)
            bar.style().unpolish(bar)
            bar.style().polish(bar)

    bar.rangeChanged.connect(show_need)


def before_gutter(item: QWidget | QLayout) -> QHBoxLayout:
    """In a column with something that scrolls: it ends where the scrolled things do."""
    return hbox((item, 1), margins=(0, 0, GUTTER, 0), spacing=0)
