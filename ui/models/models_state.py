"""What the window knows of this computer and its models, and of downloads that go on or wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, Problem
from assistant.jobs import Progress
from assistant.models.download.records import DownloadsState, UnfinishedDownload
from assistant.models.files.records import ModelKind
from assistant.models.fit.records import Computer, Measured, Outlook
from assistant.models.library.records import Installed

if TYPE_CHECKING:
    from assistant.services import Services


@dataclass(frozen=True, slots=True)
class ModelsState:
    """This computer and the models on it, as they were when they were read last."""

    computer: Computer
    installed: tuple[Installed, ...]
    measured: tuple[Measured, ...]
    downloads: DownloadsState
    notices: tuple[Problem, ...] = ()
    """What a person should be told of models that could not be read."""
    outlooks: dict[str, Outlook] = field(default_factory=dict)
    """Of chat models that the catalogue does not know, by their id."""
    unfinished: tuple[UnfinishedDownload, ...] = ()
    """Downloads that wait to go on."""
    pairs: dict[str, str] = field(default_factory=dict)
    """Ids of the chat models that see pictures, each with that of its projector."""
    recognised: tuple[str, ...] = ()
    """Codes of the languages in which text in pictures is recognised without any model added."""

    def model(self, id: str) -> Installed | None:
        return next((model for model in self.installed if model.id == id), None)

    def of_entry(self, entry: str) -> Installed | None:
        """One whose file is there before one whose file is gone."""
        found = [model for model in self.installed if model.entry == entry]
        return min(found, key=lambda model: model.missing, default=None)

    def last_measured(self, path: str) -> Measured | None:
        found = [measured for measured in self.measured if measured.path == path]
        return max(found, key=lambda measured: measured.when, default=None)


def read_state(services: Services) -> ModelsState:
    """Takes a while: not on the window's thread."""
    models = services.models
    installed = models.library.installed()
    outlooks = {}
    for model in installed:
        if model.kind is ModelKind.CHAT and not model.entry:
            try:
                outlooks[model.id] = models.outlook(Path(model.path))
            except AssistantError:  # its card says what is wrong with it
                continue
    return ModelsState(
        models.computer(),
        installed,
        models.measured(),
        models.downloads_allowed,
        models.library.notices,
        outlooks,
        models.unfinished(),
        models.library.pairs(),
        models.recognised_languages(),
    )


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """A download that goes on, or that ended before its end."""

    report: Progress | None = None
    problem: Problem | None = None
    stopped: bool = False
    earlier: bool = False
    """It was begun when the program ran before: the person is asked again before it goes on."""

    @property
    def runs(self) -> bool:
        return self.problem is None and not self.stopped
