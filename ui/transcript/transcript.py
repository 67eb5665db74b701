"""A conversation, of which only the messages that can be seen are widgets: the thousandth costs nothing."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from ui.common.buttons_and_labels import IconButton, holds_focus
from ui.common.layouts import GUTTER, keep_gutter
from ui.common.paragraphs import reading_width
from ui.common.theme import theme
from ui.common.translation import translate
from ui.transcript.entry import EntryAction, TranscriptEntry
from ui.transcript.message_view import FOOTER, MessageView
from ui.transcript.picture_strip import ALONE

GAP = 8
"""Pixels between two messages."""
TOP = 12
"""Pixels above the first message."""
BOTTOM = 16
"""Pixels below the last message."""
MARGIN = 24
"""Pixels at either side at least."""
MOST_WIDTH = 736
"""Pixels of a message: longer lines are hard to follow."""
KEEP = 400
"""Pixels above and below what is seen within which messages are kept ready."""
AT_A_STRETCH_S = 0.016
"""So long messages are made before the window may do something else."""
STEP = 48
"""Pixels of one press of an arrow key."""


class Transcript(QAbstractScrollArea):
    action_wanted = Signal(EntryAction, int)
    link_wanted = Signal(str)
    citation_wanted = Signal(int, int)
    picture_wanted = Signal(int, int)
    seeing_model_wanted = Signal()

    def __init__(self, *, voice: Callable[[], bool] = lambda: False) -> None:
        super().__init__()
        self._voice = voice
        self._entries: list[TranscriptEntry] = []
        self._rows: dict[int, int] = {}
        """The place of each key."""
        self._heights: dict[int, int] = {}
        """For the width that there is now."""
        self._estimates: dict[int, int] = {}
        self._tops: list[int] = [TOP]
        self._views: dict[int, MessageView] = {}
        self._chosen: int | None = None
        """The message that the keyboard is on."""
        self._following = True
        """The end stays in view while it grows."""
        self._placing = False
        self.setObjectName("transcript")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(translate("chat", "Conversation"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_gutter(self)
        self.verticalScrollBar().setSingleStep(STEP)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.to_end = IconButton("arrow-down", translate("chat", "Go to the end (End)"), self.go_to_end)
        self.to_end.setObjectName("toEnd")
        self.to_end.setParent(self)
        self.to_end.resize(QSize(40, 40))
        self.to_end.hide()
        self._layout_timer = QTimer(self, singleShot=True, interval=0)
        self._layout_timer.timeout.connect(self._place)
        theme().changed.connect(self._forget_heights)

    # --- what it shows

    def entries(self) -> list[TranscriptEntry]:
        return list(self._entries)

    def entry(self, key: int) -> TranscriptEntry | None:
        row = self._rows.get(key)
        return None if row is None else self._entries[row]

    def view(self, key: int) -> MessageView | None:
        """The widget of a message, if it is near what is seen."""
        return self._views.get(key)

    def set_entries(self, entries: Sequence[TranscriptEntry], *, to_end: bool = False) -> None:
        """Show these messages; those that were there already keep their widgets."""
        self._entries = list(entries)
        self._rows = {entry.key: row for row, entry in enumerate(entries)}
        for key in [key for key in self._views if key not in self._rows]:
            self._drop(key)
        self._heights = {key: height for key, height in self._heights.items() if key in self._rows}
        if self._chosen not in self._rows:
            self._chosen = None
        for key, view in self._views.items():
            entry = self._entries[self._rows[key]]
            if view.entry != entry:
                view.set_entry(entry)
                self._heights.pop(key, None)
        if to_end:
            self._following = True
        self._place()

    def update_entry(self, entry: TranscriptEntry) -> None:
        """Show what has become of a message: text that has grown is done anew at its end alone."""
        row = self._rows.get(entry.key)
        if row is None or self._entries[row] == entry:
            return
        self._entries[row] = entry
        self._heights.pop(entry.key, None)
        if entry.key in self._views:
            self._views[entry.key].set_entry(entry)
        self._place()

    def go_to_end(self) -> None:
        self._following = True
        self._place()

    def show_message(self, key: int) -> MessageView | None:
        """Scroll to a message and return its widget."""
        if key not in self._rows:
            return None
        self._following = False
        for _ in range(3):  # the messages around it get their real heights
            self._placing = True
            self.verticalScrollBar().setValue(self._tops[self._rows[key]] - TOP)
            self._placing = False
            self._place(patient=True)
        return self._views.get(key)

    def bring_into_view(self, key: int, top: int, height: int) -> None:
        """Scroll so that these pixels of a message, counted from its top, can be seen."""
        if key in self._rows:
            middle = self._tops[self._rows[key]] + top + height // 2
            bar = self.verticalScrollBar()
            if not bar.value() + 40 <= middle <= bar.value() + self.viewport().height() - 40:
                self._following = False
                bar.setValue(middle - self.viewport().height() // 2)

    # --- the keyboard's message

    def choose(self, key: int | None) -> None:
        """Put the keyboard's ring around a message."""
        for number in (self._chosen, key):
            if number is not None and number in self._views:
                self._views[number].set_chosen(number == key)
        self._chosen = key
        if key is not None and key in self._rows:
            top, height = self._tops[self._rows[key]], self._height(self._rows[key])
            bar = self.verticalScrollBar()
            if top < bar.value() or top + min(height, 200) > bar.value() + self.viewport().height():
                self.show_message(key)
            if (view := self._views.get(key)) is not None:
                view.set_chosen(True)
                self.setAccessibleDescription(view.accessibleName())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        page = self.viewport().height() - STEP
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if control:
                self._choose_next(-1 if event.key() == Qt.Key.Key_Up else 1)
            case Qt.Key.Key_Up:
                bar.setValue(bar.value() - STEP)
            case Qt.Key.Key_Down:
                bar.setValue(bar.value() + STEP)
            case Qt.Key.Key_PageUp:
                bar.setValue(bar.value() - page)
            case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
                bar.setValue(bar.value() + page)
            case Qt.Key.Key_Home:
                bar.setValue(0)
            case Qt.Key.Key_End:
                self.go_to_end()
            case _ if self._chosen is not None and self._chosen in self._views:
                self._do_with_chosen(event, self._views[self._chosen])
            case _:
                super().keyPressEvent(event)

    def _do_with_chosen(self, event: QKeyEvent, view: MessageView) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            view.menu().popup(view.mapToGlobal(QPoint(24, 24)))
            return
        action = _KEYS.get(Qt.Key(event.key()))
        if action is None or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            super().keyPressEvent(event)
        else:
            self.action_wanted.emit(action, view.entry.key)

    def _choose_next(self, step: int) -> None:
        if not self._entries:
            return
        if self._chosen is None:
            row = (
                bisect_right(self._tops, self.verticalScrollBar().value() + self.viewport().height() // 2) - 1
            )
            row = min(row, len(self._entries) - 1)
        else:
            row = max(0, min(len(self._entries) - 1, self._rows[self._chosen] + step))
        self.choose(self._entries[row].key)

    # --- scrolling

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y() > 0:
            self._following = False
        super().wheelEvent(event)

    def _scrolled(self, value: int) -> None:
        if not self._placing:
            self._following = value >= self.verticalScrollBar().maximum() - 4
            self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._forget_heights()
        else:
            self._place()

    def _forget_heights(self) -> None:
        self._heights.clear()
        self._estimates.clear()
        self._place()

    # --- where things are

    def column(self) -> tuple[int, int]:
        """Left edge and width of what is read."""
        room = self.viewport().width() + GUTTER - 2 * MARGIN
        width = max(120, min(room, MOST_WIDTH, max(reading_width(), 640)))
        return MARGIN + max(0, (room - width) // 2), width

    def _height(self, row: int) -> int:
        """As it was laid out or, before that, as good a guess as the scroll bar needs."""
        entry = self._entries[row]
        height = self._heights.get(entry.key) or self._estimates.get(entry.key)
        if height is None:
            letters = max(20, self.column()[1] // 8)
            lines = entry.text.count("\n") + len(entry.text) // letters + 1
            pictures = ALONE.height() if entry.pictures else 0
            height = self._estimates[entry.key] = lines * 22 + pictures + FOOTER + 12
        return height

    def _place(self, *, patient: bool = False) -> None:
        """Make what can be seen, put it where it belongs, and let go of the rest.

        Unless `patient`, what takes too long goes on in a moment, so that the window stays alive.
        """
        if self._placing:
            return
        self._placing = True
        try:
            began = time.perf_counter()
            anchor = self._anchor()
            done = False
            while not done:
                self._measure(anchor)
                late = not patient and time.perf_counter() - began > AT_A_STRETCH_S
                done = late or not self._make_one()
            if late:
                self._layout_timer.start()
            self._move()
        finally:
            self._placing = False

    def _anchor(self) -> tuple[int, int]:
        """The message at the upper edge, and how far it is pushed out."""
        value = self.verticalScrollBar().value()
        row = max(0, min(len(self._entries) - 1, bisect_right(self._tops, value) - 1))
        return row, value - self._tops[row] if row < len(self._tops) else 0

    def _measure(self, anchor: tuple[int, int]) -> None:
        width = self.column()[1]
        for key, view in self._views.items():
            if key not in self._heights:
                self._heights[key] = view.height_for(width)
        heights = (self._height(row) + GAP for row in range(len(self._entries)))
        self._tops = list(accumulate(heights, initial=TOP))
        bar = self.verticalScrollBar()
        room = self.viewport().height()
        bar.setRange(0, max(0, self._tops[-1] - GAP + BOTTOM - room))
        bar.setPageStep(room)
        if self._following:
            bar.setValue(bar.maximum())
        elif anchor[0] < len(self._tops):
            bar.setValue(self._tops[anchor[0]] + anchor[1])

    def _seen(self, around: int) -> range:
        top = self.verticalScrollBar().value()
        first = bisect_right(self._tops, top - around) - 1
        last = bisect_right(self._tops, top + self.viewport().height() + around)
        return range(max(0, first), min(len(self._entries), last))

    def _make_one(self) -> bool:
        """Make a message that is to be there; false if all are."""
        for around in (0, KEEP // 2):
            for row in reversed(self._seen(around)):
                entry = self._entries[row]
                if entry.key not in self._views:
                    self._make(entry)
                    return True
        return False

    def _make(self, entry: TranscriptEntry) -> None:
        view = MessageView(entry, self.viewport(), voice=self._voice())
        view.action_wanted.connect(self.action_wanted)
        view.link_wanted.connect(self.link_wanted)
        view.citation_wanted.connect(self.citation_wanted)
        view.picture_wanted.connect(self.picture_wanted)
        view.seeing_model_wanted.connect(self.seeing_model_wanted)
        view.height_changed.connect(self._height_changed)
        view.set_chosen(entry.key == self._chosen)
        self._heights[entry.key] = view.height_for(self.column()[1])
        self._views[entry.key] = view

    def _height_changed(self, key: int) -> None:
        self._following = False
        self._heights.pop(key, None)
        self._place()

    def _move(self) -> None:
        left, width = self.column()
        top = self.verticalScrollBar().value()
        kept = self._seen(KEEP)
        for key in [key for key in self._views if self._rows[key] not in kept]:
            if not holds_focus(self._views[key]):
                self._drop(key)
        last = self._entries[-1].key if self._entries else None
        for key, view in self._views.items():
            row = self._rows[key]
            view.set_last(key == last)
            view.setGeometry(left, self._tops[row] - top, width, self._height(row))
            if view.isHidden():
                view.show()
        self._place_to_end()

    def _drop(self, key: int) -> None:
        view = self._views.pop(key)
        view.hide()
        view.deleteLater()

    def _place_to_end(self) -> None:
        bar = self.verticalScrollBar()
        self.to_end.setVisible(not self._following and bar.value() < bar.maximum() - 4)
        area = self.viewport().geometry()
        self.to_end.move(area.center().x() - 20, area.bottom() - 52)
        self.to_end.raise_()


_KEYS = {
    Qt.Key.Key_C: EntryAction.COPY,
    Qt.Key.Key_E: EntryAction.EDIT,
    Qt.Key.Key_R: EntryAction.AGAIN,
    Qt.Key.Key_L: EntryAction.READ,
    Qt.Key.Key_Left: EntryAction.EARLIER,
    Qt.Key.Key_Right: EntryAction.LATER,
}
