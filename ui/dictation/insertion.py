"""Dictated text into whichever program has the focus."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from assistant import paths
from ui.common.translation import translate
from ui.dictation.insertion_outcome import Outcome

if TYPE_CHECKING:
    from ui.dictation.insertion_portal import PortalInsertion
    from ui.dictation.insertion_x11 import X11Insertion

log = logging.getLogger(__name__)

PORTAL_TOKEN = "portal-token"
"""File in which the permission to type is remembered."""


class Insertion(QObject):
    """Returns at once; each change is carried out when its turn comes and no key is held."""

    done = Signal(Outcome, str)
    """What came of a change, and the text that was to be inserted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._way: X11Insertion | PortalInsertion | None = None
        if os.environ.get("WAYLAND_DISPLAY"):  # X11 reaches X11 programs alone there
            self._open_portal()
        elif QGuiApplication.platformName() == "xcb":
            self._open_x11()

    @property
    def possible(self) -> bool:
        return self._way is not None

    def prepare(self) -> None:
        """A dictation begins: what the clipboard holds is kept while the person speaks."""
        if self._way is not None:
            self._way.prepare()

    def key_held(self, held: bool) -> None:
        """Whether the global key is down: nothing is written meanwhile."""
        if self._way is not None:
            self._way.key_held(held)

    def change(self, delete: int, insert: str) -> None:
        """Take away so many characters before the cursor of the program that has the focus; then write."""
        if self._way is not None:
            self._way.change(delete, insert)
        else:
            self.done.emit(Outcome.IMPOSSIBLE, insert)

    def close(self) -> None:
        """What still waits is given up."""
        if self._way is not None:
            self._way.close()
            self._way = None

    def _open_portal(self) -> None:
        from ui.dictation.insertion_portal import PortalInsertion

        self._way = PortalInsertion(self.done.emit, paths.speech_folder() / PORTAL_TOKEN)

    def _open_x11(self) -> None:
        from ui.dictation.insertion_x11 import X11Insertion
        from ui.dictation.x11.connection import NoServer

        try:
            self._way = X11Insertion(self.done.emit)
        except NoServer:
            log.info("no program can press keys here")


def words(outcome: Outcome) -> str:
    """A sentence for the person; empty where all went well."""
    return {
        Outcome.DONE: "",
        Outcome.ELSEWHERE: translate(
            "dictation", "Another program has the focus now, so nothing was deleted there."
        ),
        Outcome.UNREAD: translate(
            "dictation", "No program accepted the text. It is on the clipboard: paste it where you want it."
        ),
        Outcome.REFUSED: translate(
            "dictation", "The text could not be inserted there. Copy it from the Dictate page."
        ),
        Outcome.IMPOSSIBLE: translate(
            "dictation",
            "This desktop lets no program type into another. Copy the text from the Dictate page.",
        ),
    }[outcome]
