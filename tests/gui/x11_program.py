"""Another program under X11: a text window, or the panel of dictation. Answers lines of standard input.

`text`, `formats` (what the clipboard holds, by name), `copy` (text, web page and picture), `clear`, `come`
(clear it, and take the focus), `active` (whether it has the focus, and how often it lost it), `stopped` (how
often Stop was pressed), `place` (of Stop, and whether the panel is active), `words`.
"""

from __future__ import annotations

import hashlib
import json
import sys

from PySide6.QtCore import QMimeData, QSocketNotifier
from PySide6.QtGui import QColor, QFocusEvent, QImage
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from ui.common.theme import Theme
from ui.dictation.overlay import Overlay

NO_CONTENT = ("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "BITMAP")
"""What a clipboard says of itself, and numbers of things in the server, which their owner may delete."""

application = QApplication(sys.argv)


class Field(QPlainTextEdit):
    lost = 0

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.lost += 1
        super().focusOutEvent(event)


def copy() -> None:
    data = QMimeData()
    data.setText("before")
    data.setHtml("<b>before</b>")
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data.setImageData(image)
    data.setData("application/x-own", bytes(range(256)) * 4096)  # too long for one piece
    QApplication.clipboard().setMimeData(data)


def formats() -> dict[str, str]:
    data = QApplication.clipboard().mimeData()
    named = {format: bytes(data.data(format).data()) for format in data.formats()}
    return {
        name: hashlib.sha256(content).hexdigest() for name, content in named.items() if name not in NO_CONTENT
    }


def answer() -> None:
    line = sys.stdin.readline()
    if not line:
        application.quit()
        return
    told = do[line.strip()]()
    print(json.dumps(told), flush=True)


if sys.argv[1] == "panel":
    Theme(application, "light")
    panel = Overlay()
    stops: list[int] = []
    panel.stop_wanted.connect(lambda: stops.append(1))
    panel.open()
    panel.show_state("Listening")
    do = {
        "stopped": lambda: len(stops),
        "place": lambda: [
            panel._stop.mapToGlobal(panel._stop.rect().center()).toTuple(),
            panel.isActiveWindow(),
        ],
        "formats": formats,
        "words": lambda: panel.show_words("one two"),
    }
else:
    field = Field()
    field.resize(400, 160)
    field.show()
    field.activateWindow()
    do = {
        "text": field.toPlainText,
        "clear": field.clear,
        "come": lambda: (field.clear(), field.activateWindow()),
        "formats": formats,
        "copy": copy,
        "active": lambda: [field.hasFocus(), field.lost],
    }
notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
notifier.activated.connect(answer)
sys.exit(application.exec())
