"""In place of the panel where a window that appears takes the focus, as under Wayland: a notification."""

from __future__ import annotations

import logging
import threading

from jeepney import HeaderFields, Message, MessageType
from jeepney.io.threading import DBusConnection, ReceiveStopped
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from ui.common.translation import translate
from ui.dictation.sound import Level
from ui.portal import notifications
from ui.portal.session_bus import open_session_bus

log = logging.getLogger(__name__)

EVERY_MS = 500
"""What changes faster is shown together."""


class NotificationPanel(QObject):
    """Is asked as `overlay.Overlay` is. Without a program that shows notifications nothing is seen."""

    stop_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = self._words = ""
        self._shown = False
        self._lock = threading.Lock()
        self._bus: DBusConnection | None = None
        self._thread: threading.Thread | None = None
        self._serial = 0
        """Of the message that showed it first; 0 once it was answered."""
        self._id = 0
        """What the desktop calls it; 0 while it is not there."""
        self._timer = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._timer.timeout.connect(self._send)

    def open(self) -> None:
        """Show it, empty."""
        self._state = self._words = ""
        self._shown = True
        self._timer.start()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="notification", daemon=True)
            self._thread.start()

    def isVisible(self) -> bool:
        return self._shown

    def hide(self) -> None:
        self._shown = False
        self._timer.stop()
        with self._lock:
            self._take_away()

    def close(self) -> None:
        self.hide()
        if self._bus is not None:
            self._bus.interrupt()

    def show_state(self, text: str) -> None:
        self._change(text, self._words)

    def show_words(self, text: str) -> None:
        self._change(self._state, " ".join(text.split()))

    def show_warning(self, state: str, text: str) -> None:
        self._change(state, text)

    def show_language(self, name: str) -> None:
        """There is no room for it."""

    def show_level(self, level: Level) -> None:
        """A notification is not drawn so often."""

    def _change(self, state: str, words: str) -> None:
        if (state, words) != (self._state, self._words):
            self._state, self._words = state, words
            if self._shown and not self._timer.isActive():
                self._timer.start()

    def _send(self) -> None:
        with self._lock:
            if self._bus is None or self._serial:
                if self._thread is not None:
                    self._timer.start()  # a moment later
                return
            title = self._state or translate("dictation", "Dictation")
            program, stop = QGuiApplication.applicationDisplayName(), translate("dictation", "Stop")
            serial = next(self._bus.outgoing_serial)
            if not self._id:
                self._serial = serial
            self._post(notifications.show(program, self._id, title, self._words, stop), serial)

    def _take_away(self) -> None:
        if self._id:
            self._post(notifications.close(self._id))
            self._id = 0

    def _post(self, message: Message, serial: int | None = None) -> None:
        assert self._bus is not None
        try:
            self._bus.send(message, serial=serial)
        except OSError as error:
            log.info("no notification: %s", error)

    # --- the thread

    def _run(self) -> None:
        try:
            with open_session_bus() as bus:
                bus.send(notifications.listen())
                self._bus = bus
                while True:
                    self._received(bus.receive())
        except ReceiveStopped:
            pass
        except OSError as error:
            log.info("no notification: %s", error)
        finally:
            with self._lock:
                self._bus = self._thread = None
                self._serial = self._id = 0

    def _received(self, message: Message) -> None:
        fields = message.header.fields
        with self._lock:
            if self._serial and fields.get(HeaderFields.reply_serial) == self._serial:
                self._serial = 0
                if message.header.message_type is MessageType.method_return:
                    self._id = int(message.body[0])
                    if not self._shown:
                        self._take_away()
                return
            ours = bool(self._id) and message.body[:1] == (self._id,)
        if ours and notifications.is_button(message):
            self.stop_wanted.emit()
        elif ours and notifications.is_end(message):
            self._id = 0
