"""What is done with translated documents: begun, stopped, gone on with, removed; the list follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.errors import AssistantError
from assistant.translation.jobs.records import DocumentChanged, DocumentState, TranslatedDocument
from assistant.translation.records import Layout, TranslationOptions
from ui.common import formatting
from ui.common.page_context import PageContext
from ui.common.translation import arg, translate

if TYPE_CHECKING:
    from assistant.services import Services

GATHER_MS = 100
"""Changes that come one after the other are shown together."""
WORKS = (DocumentState.QUEUED, DocumentState.RUNNING)
ENDS = (DocumentState.DONE, DocumentState.FAILED)


class DocumentActions(QObject):
    changed = Signal()
    """Of the list, or of one in it."""
    begun = Signal()
    """Documents were put into the queue."""
    ended = Signal(TranslatedDocument)
    """One is done, or failed."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self.all: dict[int, TranslatedDocument] = {}
        """The newest first."""
        self.loaded = False
        self._subscribing = False
        self._unsubscribe: Callable[[], None] | None = None
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.changed)

    def load(self) -> None:
        """The first time; from then on what changes is told."""
        if self.loaded or self._subscribing or not self._context.ready:
            return
        self._subscribing = True
        tell = self._context.bridge.relay(self._happened)

        def load(services: Services) -> tuple[Callable[[], None], tuple[TranslatedDocument, ...]]:
            # What changes while they are read is told after them.
            return services.translations.subscribe(tell), services.translations.documents()

        self._context.in_background(load, lambda found: self._loaded(*found), self._not_loaded)

    def leave(self) -> None:
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    # --- doing

    def add(self, paths: Sequence[str], options: TranslationOptions, layout: Layout) -> None:
        """One after the other. Each translation lies beside its document, under another name."""
        if not paths or not self._context.ready_or_told():
            return
        files = [Path(path) for path in paths]
        self._begin(lambda services: services.translations.add_documents(files, options, layout))

    def add_transcript(self, id: int, form: str, options: TranslationOptions, folder: str) -> None:
        """In one of the forms that transcripts are exported in."""
        if self._context.ready_or_told():
            self._begin(lambda services: (services.translate_transcript(id, form, options, Path(folder)),))

    def _begin(self, put: Callable[[Services], tuple[TranslatedDocument, ...]]) -> None:
        def begun(documents: tuple[TranslatedDocument, ...]) -> None:
            new = {each.id: each for each in reversed(documents) if each.id not in self.all}
            self.all = new | self.all
            self.begun.emit()
            self.changed.emit()

        self._context.in_background(put, begun)

    def stop(self, id: int) -> None:
        self._do(lambda services: services.translations.stop([id]))

    def resume(self, id: int) -> None:
        self._do(lambda services: services.translations.resume([id]))

    def remove(self, document: TranslatedDocument) -> None:
        """From the list; the files stay."""

        def removed(_: object) -> None:
            said = translate("translation", "“%1” was removed from the list. Its translation stays.")
            if not document.output:
                said = translate("translation", "“%1” was removed from the list.")
            self._context.notices.say(arg(said, formatting.file_name(document.path)))

        self._context.in_background(lambda services: services.translations.remove(document.id), removed)

    # --- what comes back

    def _loaded(self, unsubscribe: Callable[[], None], documents: tuple[TranslatedDocument, ...]) -> None:
        self._unsubscribe = unsubscribe
        self._subscribing = False
        self.loaded = True
        told = self.all
        self.all = {each.id: told.get(each.id, each) for each in documents}
        self.all = {id: each for id, each in told.items() if id not in self.all} | self.all
        self.changed.emit()

    def _not_loaded(self, error: AssistantError) -> None:
        self._subscribing = False
        self._context.notices.error(error)

    def _happened(self, event: DocumentChanged) -> None:
        before = self.all.get(event.id)
        if event.document is None:
            self.all.pop(event.id, None)
        elif event.id in self.all:
            self.all[event.id] = event.document
        else:
            self.all = {event.id: event.document} | self.all
        if not self._gather.isActive():
            self._gather.start()
        after = event.document
        if before is not None and before.state in WORKS and after is not None and after.state in ENDS:
            self.ended.emit(after)

    def _do(self, work: Callable[[Services], object]) -> None:
        if self._context.ready_or_told():
            self._context.in_background(work)
