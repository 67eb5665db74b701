"""Where the window stands and how large it is, kept from one start to the next."""

from __future__ import annotations

import logging

from PySide6.QtWidgets import QWidget

from assistant import paths

log = logging.getLogger(__name__)


def restore(window: QWidget) -> None:
    """Put it where it stood; Qt sees to it that this is on a screen. Rubbish in the file changes nothing."""
    try:
        saved = paths.window_file().read_bytes()
    except OSError:
        return
    window.restoreGeometry(saved)


def save(window: QWidget) -> None:
    """To be called by the owner of the data folder."""
    try:
        paths.window_file().write_bytes(window.saveGeometry().data())
    except OSError as error:
        log.info("the window's place was not saved: %s", error)
