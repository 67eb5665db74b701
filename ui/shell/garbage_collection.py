"""Python's garbage collector, on the window's thread alone.

It runs on whichever thread happens to make an object, and there deletes widgets too that refer to each other.
Qt's objects may only be deleted on their own thread: else the program crashes, or waits for itself for ever.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class GarbageCollection(QObject):
    """From here until `end`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what is there now stays, and need not be looked through each time
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @staticmethod
    def _collect() -> None:
        """The oldest generation of which there is as much as Python itself waits for."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return
