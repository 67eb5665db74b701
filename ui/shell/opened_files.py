"""Files that the program is started with, or that the system hands to it later: which they are."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from ui.shell.drag_and_drop import local_paths


class Application(QApplication):
    """Hears of files that macOS wants opened: there they come as events, not as arguments."""

    files_opened = Signal(object)
    """A list of absolute paths, as text."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            if paths := local_paths([event.url()]):
                self.files_opened.emit(paths)
            return True
        return super().event(event)


def absolute_paths(arguments: Sequence[str]) -> list[str]:
    """The files and folders that a command line names, as paths or as `file:` URLs.

    A name that is not there is kept, so that the person is told about it.
    """
    return [_absolute(argument) for argument in arguments if argument]


def _absolute(argument: str) -> str:
    if argument.casefold().startswith("file:"):
        return _path_of(argument)
    try:
        return str(Path(argument).absolute())
    except OSError:  # the folder that this was started in is gone
        return str(Path(os.environ.get("PWD", "/"), argument))


def _path_of(url: str) -> str:
    """By its bytes: names need not be UTF-8, and some programs leave signs as they are that QUrl ends at."""
    if sys.platform == "win32":
        return QUrl(url).toLocalFile()
    from urllib.parse import unquote_to_bytes

    rest = url[len("file:") :]
    if rest.startswith("//"):  # the computer's name is nothing or our own
        rest = "/" + rest[2:].partition("/")[2]
    return os.fsdecode(unquote_to_bytes(os.fsencode(rest)))
