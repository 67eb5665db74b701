"""What the window knows of this computer and its models, and work on them that goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from assistant.jobs import Progress
from assistant.models.records import (
    Computer,
    DownloadsState,
    Installed,
    Measured,
    Outlook,
    UnfinishedDownload,
)
from ui.common.thread_bridge import Following


@dataclass(frozen=True, slots=True)
class ModelsState:
    """This computer and the models on it, as they were looked at last."""

    computer: Computer
    installed: tuple[Installed, ...]
    measured: tuple[Measured, ...]
    downloads: DownloadsState
    notices: tuple[str, ...] = ()
    """What a person should be told of models that could not be read."""
    outlooks: dict[str, Outlook] = field(default_factory=dict)
    """Of chat models that the catalogue does not know, by their id."""
    unfinished: tuple[UnfinishedDownload, ...] = ()
    """Downloads that wait to go on."""

    def model(self, id: str) -> Installed | None:
        return next((model for model in self.installed if model.id == id), None)

    def of_entry(self, entry: str) -> Installed | None:
        """One whose file is there before one whose file is gone."""
        found = [model for model in self.installed if model.entry == entry]
        return min(found, key=lambda model: model.missing, default=None)

    def last_measured(self, path: str) -> Measured | None:
        found = [measured for measured in self.measured if measured.path == path]
        return max(found, key=lambda measured: measured.when, default=None)


class Job(QObject):
    """Work that goes on, as the page shows it."""

    reported = Signal(Progress)
    ended = Signal()

    def __init__(self, parent: QObject, title: str) -> None:
        super().__init__(parent)
        self.title = title
        self.following: Following[Any] | None = None

    def stop(self) -> None:
        if self.following is not None:
            self.following.cancel()
        self.end()

    def end(self) -> None:
        self.ended.emit()
        self.deleteLater()
