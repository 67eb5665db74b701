"""Shows the notices under the page: what happened, what to do, one button, and a way to close it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from ui.common import formatting
from ui.common.buttons_and_labels import Button, IconButton, IconLabel, Label
from ui.common.layouts import hbox, vbox
from ui.common.notices import Notice, NoticeKind, Notices
from ui.common.translation import QT_TRANSLATE_NOOP, arg, translate, translate_marked

LOOKS = {
    NoticeKind.INFORMATION: ("info", "accent", QT_TRANSLATE_NOOP("shell", "information: %1")),
    NoticeKind.WARNING: ("warning", "warn", QT_TRANSLATE_NOOP("shell", "warning: %1")),
    NoticeKind.ERROR: ("warning-circle", "error", QT_TRANSLATE_NOOP("shell", "error: %1")),
}
"""Icon, its colour, and what a screen reader says."""


class NoticeBar(QWidget):
    def __init__(self, notices: Notices) -> None:
        super().__init__()
        self._notices = notices
        self._cards: dict[int, NoticeCard] = {}
        self._layout = vbox(parent=self, spacing=8, margins=(24, 0, 24, 12))
        notices.changed.connect(self._show)
        self._show()

    def cards(self) -> list[NoticeCard]:
        return list(self._cards.values())

    def _show(self) -> None:
        notices = {notice.id: notice for notice in self._notices.all()}
        for old in [card for card in self._cards if card not in notices]:
            card = self._cards.pop(old)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        for notice in notices.values():
            if notice.id not in self._cards:
                card = NoticeCard(notice, self._notices)
                self._cards[notice.id] = card
                self._layout.addWidget(card)
                QAccessible.updateAccessibility(
                    QAccessibleAnnouncementEvent(self, f"{notice.message} {notice.hint}".strip())
                )
        self.setVisible(bool(notices))


class NoticeCard(QFrame):
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
        if notice.action is not None:
            action = notice.action

            def act() -> None:
                notices.close(notice)
                action.do()

            self.action = Button(action.words, act, kind="link")
            layout.addWidget(self.action)
        layout.addWidget(
            IconButton("x", translate("shell", "Close this notice"), lambda: notices.close(notice), size=16)
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._time_is_over(notices))
        if notice.seconds is not None:
            self._timer.start(round(notice.seconds * 1000))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.notice.seconds is not None:
            self._timer.start(round(self.notice.seconds * 1000))
        super().leaveEvent(event)

    def _time_is_over(self, notices: Notices) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._timer.start(2000)
        else:
            notices.close(self.notice)
