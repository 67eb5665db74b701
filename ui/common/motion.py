"""Short fades, for systems that want their windows to move."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPropertyAnimation
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

from ui.common.theme import theme

FADE_MS = 120
_ASKED = {
    "darwin": (("defaults", "read", "com.apple.universalaccess", "reduceMotion"), "1"),
    "linux": (("gsettings", "get", "org.gnome.desktop.interface", "enable-animations"), "false"),
}
"""What tells how the person set the system, and what it answers where less motion is wanted."""
_SPI_GETCLIENTAREAANIMATION = 0x1042
"""Of winuser.h."""


def wanted_by_system() -> bool:
    """Whether windows may move. Asks another program, which takes a moment: not on the window's thread."""
    if sys.platform == "win32":
        import ctypes

        moves = ctypes.c_int(1)
        windows: Any = ctypes.windll  # type: ignore[attr-defined]
        windows.user32.SystemParametersInfoW(_SPI_GETCLIENTAREAANIMATION, 0, ctypes.byref(moves), 0)
        return bool(moves.value)
    if sys.platform not in _ASKED:
        return True
    command, still = _ASKED[sys.platform]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=2, check=True).stdout
    except (OSError, ValueError, subprocess.SubprocessError):
        return True  # nobody has set it
    return told.strip() != still


def fade_in(widget: QWidget) -> None:
    _fade(widget, 0.0, 1.0, lambda: widget.setGraphicsEffect(None))  # type: ignore[arg-type]


def fade_out(widget: QWidget, then: Callable[[], object]) -> None:
    """`then` is called once it cannot be seen any more."""
    _fade(widget, 1.0, 0.0, then)


def _fade(widget: QWidget, start: float, end: float, then: Callable[[], object]) -> None:
    if not theme().motion:
        then()
        return
    effect = QGraphicsOpacityEffect(widget)
    effect.setOpacity(start)
    widget.setGraphicsEffect(effect)
    animation = QPropertyAnimation(effect, b"opacity", widget)
    animation.setDuration(FADE_MS)
    animation.setStartValue(start)
    animation.setEndValue(end)
    animation.finished.connect(lambda: then())
    animation.start(QPropertyAnimation.DeletionPolicy.DeleteWhenStopped)
