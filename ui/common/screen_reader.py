"""What a screen reader says of changes that nothing under the person's fingers shows."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Say it when nothing else is being said."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
