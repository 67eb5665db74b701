"""Downloads of models: offered, started, stopped, gone on with, thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from assistant.errors import AssistantError
from assistant.jobs import Progress
from assistant.models.catalog.records import CatalogEntry
from assistant.models.download.records import Offer, UnfinishedDownload
from assistant.models.library.records import Installed
from ui.common import formatting, quantities
from ui.common.page_context import PageContext
from ui.common.thread_bridge import Following
from ui.common.translation import arg, translate
from ui.models.models_state import DownloadProgress


class ModelDownloads(QObject):
    changed = Signal()
    """`progress` is new."""
    ended = Signal()
    """A model came, or what had come of one is gone: what is here is another."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self._running: dict[str, Following[Installed]] = {}
        self.progress: dict[str, DownloadProgress] = {}
        """Of downloads that go on or were not finished, by the entry's id."""

    def add_unfinished(self, unfinished: Iterable[UnfinishedDownload]) -> None:
        """Those of earlier starts of the program."""
        for each in unfinished:
            report = Progress("", each.done, each.entry.size or None)
            progress = DownloadProgress(report, stopped=True, earlier=True)
            self.progress.setdefault(each.entry.id, progress)

    def offer(self, entry: CatalogEntry, confirm: Callable[[Offer], None]) -> None:
        """Find out what a download would mean; `confirm` is called with it."""
        self._context.in_background(
            lambda services: services.models.offer(entry.id),
            confirm,
            lambda error: self._failed(entry, error),
        )

    def start(self, entry: CatalogEntry) -> None:
        """Download what the person has confirmed."""
        if not self._context.ready or entry.id in self._running:
            return
        self._set(entry.id, DownloadProgress())

        def reported(report: Progress) -> None:
            if entry.id in self._running:
                self._set(entry.id, DownloadProgress(report))

        following = self._context.run(
            lambda services: services.models.get(entry.id, on_report=self._context.bridge.relay(reported)),
            lambda model: self._came(entry, model),
            lambda error: self._failed(entry, error),
        )
        if following is not None:
            self._running[entry.id] = following

    def stop(self, entry: str) -> None:
        """What has come is kept; `start` goes on from there."""
        following = self._running.pop(entry, None)
        if following is not None:
            following.cancel()
            self._set(entry, replace(self.progress[entry], stopped=True))

    def discard(self, entry: CatalogEntry) -> None:
        """Throw away what has come of a download."""

        def discarded(gone: UnfinishedDownload) -> None:
            self._set(entry.id, None)
            self.ended.emit()
            text = translate("models", "The partial download of “%1” was discarded: %2.")
            size = quantities.size(gone.done)
            self._context.notices.say(arg(text, formatting.name(entry.name), size))

        self._context.in_background(lambda services: services.models.discard(entry.id), discarded)

    def _came(self, entry: CatalogEntry, model: Installed) -> None:
        self._running.pop(entry.id, None)
        self._set(entry.id, None)
        self.ended.emit()
        text = translate("models", "“%1” is now on this computer.")
        self._context.notices.say(arg(text, formatting.name(model.name)))

    def _failed(self, entry: CatalogEntry, error: AssistantError) -> None:
        self._running.pop(entry.id, None)
        before = self.progress.get(entry.id, DownloadProgress())
        self._set(entry.id, DownloadProgress(before.report, error.problem))

    def _set(self, entry: str, progress: DownloadProgress | None) -> None:
        if progress is None:
            self.progress.pop(entry, None)
        else:
            self.progress[entry] = progress
        self.changed.emit()
