"""One picture of the window: opened on doubles of the services, arranged, grabbed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from assistant.documents.records import DocumentInfo
from tests.gui.doubles import Services
from ui.common.thumbnails import thumbnails
from ui.window import Window


class Scene:
    def __init__(self, size: tuple[int, int]) -> None:
        self.window = Window()
        self.window.resize(*size)
        self.services = Services(self.window.bridge.receive)
        self.documents = self.services.documents
        self.page = self.window.documents
        self.window.show()
        self.dialog: QWidget | None = None

    def connect(self, *rows: DocumentInfo) -> None:
        self.documents.rows = {row.id: row for row in rows}
        self.window.connect_services(self.services)
        self.settle()

    def wait(self, until: Callable[[], bool], most: int = 5000) -> None:
        """For what is done on other threads first."""
        for _ in range(most // 10):
            if until():
                return
            self.settle(10)
        raise TimeoutError

    def settle(self, milliseconds: int = 350) -> None:
        QTest.qWait(milliseconds)

    def save(self, path: Path) -> None:
        self.wait(lambda: not thumbnails()._reading)
        picture = self.window.grab()
        if self.dialog is not None:
            painter = QPainter(picture)
            shade = QColor(0, 0, 0, 60)
            painter.fillRect(picture.rect(), shade)
            over = self.dialog.grab()
            place = picture.rect().center() - over.rect().center()
            painter.drawPixmap(place, over)
            painter.end()
        picture.save(str(path))

    def end(self) -> None:
        if self.dialog is not None:
            self.dialog.close()
        self.window.close()
        self.window.deleteLater()
        self.settle(10)
