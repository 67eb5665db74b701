"""Dictated text into whichever program has the focus."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from assistant import paths
from ui.common.translation import translate
from ui.dictation.insertion_outcome import Outcome
from ui.dictation.insertion_typed import TypedInsertion
from ui.portal import is_wayland

if TYPE_CHECKING:
    from ui.dictation.insertion_portal import PortalInsertion
    from ui.dictation.insertion_x11 import X11Insertion

    Way = X11Insertion | PortalInsertion | TypedInsertion

log = logging.getLogger(__name__)

PORTAL_TOKEN = "portal-token"
"""File in which the permission to type is remembered."""


class Insertion(QObject):
    """Returns at once; each change is carried out when its turn comes and no key is held."""

    done = Signal(Outcome, str)
    """What came of a change, and the text that was to be inserted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._way = _open_way(self.done.emit)

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


def _open_way(tell: Callable[[Outcome, str], object]) -> Way | None:
    """What reaches other programs on this system; None where nothing does."""
    platform = QGuiApplication.platformName()
    if is_wayland():
        from ui.dictation.insertion_portal import PortalInsertion

        return PortalInsertion(tell, paths.speech_folder() / PORTAL_TOKEN)
    if platform == "xcb":
        from ui.dictation.insertion_x11 import X11Insertion
        from ui.dictation.x11.connection import NoServer

        try:
            return X11Insertion(tell)
        except NoServer:
            log.info("no program can press keys here")
    elif platform == "windows":
        from ui.dictation.windows.typist import WindowsTypist

        return TypedInsertion(tell, WindowsTypist())
    elif platform == "cocoa":
        from ui.dictation.macos.typist import MacTypist

        return TypedInsertion(tell, MacTypist())
    return None


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
