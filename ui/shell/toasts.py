"""Shows the notices over the page, which stays as it is: what happened, what to do, a way to close them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QEnterEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from ui.common import formatting, motion
from ui.common.buttons_and_labels import Button, IconButton, IconLabel, Label, holds_focus
from ui.common.layouts import hbox, vbox
from ui.common.notices import Notice, NoticeKind, Notices
from ui.common.theme import theme
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

LOOKS = {
    NoticeKind.INFORMATION: ("info", "accent", QT_TRANSLATE_NOOP("shell", "information: %1")),
    NoticeKind.WARNING: ("warning", "warn", QT_TRANSLATE_NOOP("shell", "warning: %1")),
    NoticeKind.ERROR: ("warning-circle", "error", QT_TRANSLATE_NOOP("shell", "error: %1")),
}
"""Icon, its colour, and what a screen reader says."""
WIDTH = 560
"""Pixels of a toast, where the page has them."""
SIDE = 24
"""Pixels at the left and the right of the toasts, and below them; their shadow falls there."""
SHADOW = 8
"""Pixels that the shadow of a toast reaches."""


class Toasts(QWidget):
    """Lies over the lower edge of its parent, no larger than the toasts that it shows."""

    def __init__(self, notices: Notices, parent: QWidget, below: Callable[[], int] = lambda: 0) -> None:
        """`below` tells how many pixels at the lower edge of the parent they must leave free."""
        super().__init__(parent)
        self._notices = notices
        self._below = below
        self._cards: dict[int, Toast] = {}
        self._before: QWidget | None = None
        """What had the keyboard before a toast got it."""
        self._layout = vbox(parent=self, spacing=12, margins=(SHADOW, SHADOW, SHADOW, SHADOW))
        parent.installEventFilter(self)
        notices.changed.connect(self._show)
        self._show()

    def cards(self) -> list[Toast]:
        return list(self._cards.values())

    def take_focus(self) -> None:
        """Give the keyboard to the newest one, and back where one has it."""
        if self.with_keyboard() is not None:
            self._give_back()
        elif self._cards:
            self._before = self.window().focusWidget()
            self.cards()[-1].take_focus()

    def with_keyboard(self) -> Toast | None:
        return next(filter(holds_focus, self.cards()), None)

    def close_focused(self) -> bool:
        """Close the one that has the keyboard; false if none has it."""
        card = self.with_keyboard()
        if card is None:
            return False
        self._give_back()
        self._notices.close(card.notice)
        return True

    def _give_back(self) -> None:
        if self._before is not None and self._before.isVisible():
            self._before.setFocus()
        else:
            self.window().setFocus()

    def _show(self) -> None:
        notices = {notice.id: notice for notice in self._notices.shown()}
        for old in [card for card in self._cards if card not in notices]:
            self._drop(self._cards.pop(old))
        for place, notice in enumerate(notices.values()):
            if notice.id not in self._cards:
                card = self._cards[notice.id] = Toast(notice, self._notices)
                self._layout.insertWidget(place, card)
                motion.fade_in(card)
                self._announce(notice)
        self._cards = {id: self._cards[id] for id in notices}
        for card in self.cards():
            card.show_waiting(self._notices.waiting() if card.notice.seconds is None else 0)
        self.place()

    def _drop(self, card: Toast) -> None:
        card.setEnabled(False)

        def gone() -> None:
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
            self.place()

        motion.fade_out(card, gone)

    def _announce(self, notice: Notice) -> None:
        event = QAccessibleAnnouncementEvent(self, f"{notice.message} {notice.hint}".strip())
        if notice.kind is NoticeKind.ERROR:
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def place(self) -> None:
        self.setVisible(self._layout.count() > 0)
        page = self.parentWidget()
        if self.isHidden() or page is None:
            return
        width = min(WIDTH, page.width() - 2 * SIDE) + 2 * SHADOW
        self._layout.activate()
        height = self._layout.totalHeightForWidth(width)
        if height < 0:
            height = self._layout.totalSizeHint().height()
        bottom = page.height() - self._below() - SIDE + SHADOW
        self.setGeometry((page.width() - width) // 2, bottom - height, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:  # the words have got their size
            self.place()
        return done

    def paintEvent(self, _: QPaintEvent) -> None:
        """The shadows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor(0, 0, 0, 28 if theme().dark else 5)
        painter.setBrush(shade)
        painter.setPen(QColor(0, 0, 0, 0))
        for card in self._cards.values():
            for reach in range(1, SHADOW):
                rect = QRectF(card.geometry()).adjusted(-reach, 1 - reach, reach, reach)
                painter.drawRoundedRect(rect, 12 + reach, 12 + reach)


class Toast(QFrame):
    """Stays while the mouse is on it or the keyboard in it, however short its time is."""

    def __init__(self, notice: Notice, notices: Notices) -> None:
        super().__init__()
        self.notice = notice
        self.setProperty("notice", notice.kind.value)
        icon, token, spoken = LOOKS[notice.kind]
        words = f"{notice.message} {notice.hint}".strip()
        self.setAccessibleName(arg(translate_marked("shell", spoken), words))
        text = vbox(Label(formatting.one_line(notice.message), wrap=True), spacing=0)
        if notice.hint:
            text.addWidget(Label(formatting.one_line(notice.hint), "second", wrap=True))
        layout = hbox(IconLabel(icon, token), (text, 1), parent=self, spacing=12, margins=(16, 8, 8, 8))
        self.waiting = Label("", "second")
        self.waiting.hide()
        layout.addWidget(self.waiting)
        self.action: Button | None = None
        if notice.action is not None:
            action = notice.action

            def act() -> None:
                notices.close(notice)
                action.do()

            self.action = Button(action.words, act, kind="link")
            layout.addWidget(self.action)
        self.close_button = IconButton(
            "x", translate("shell", "Dismiss"), lambda: notices.close(notice), size=16
        )
        layout.addWidget(self.close_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._time_is_over(notices))
        if notice.seconds is not None:
            self._timer.start(round(notice.seconds * 1000))

    def show_waiting(self, others: int) -> None:
        """How many are seen once it is closed."""
        self.waiting.setText(translate("shell", "%n more", None, others) if others else "")
        self.waiting.setVisible(others > 0)

    def take_focus(self) -> None:
        (self.action or self.close_button).setFocus()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.notice.seconds is not None:
            self._timer.start(round(self.notice.seconds * 1000))
        super().leaveEvent(event)

    def _time_is_over(self, notices: Notices) -> None:
        if holds_focus(self):
            self._timer.start(2000)
        else:
            notices.close(self.notice)
