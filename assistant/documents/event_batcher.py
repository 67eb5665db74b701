"""Tells the parent what changed, gathered, a few times a second at most."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from assistant.documents.embedder_records import EmbedderStatus
from assistant.documents.event_records import (
    DocumentsChanged,
    DocumentsEvent,
    IndexingState,
    IndexingStatus,
    RecognitionStatus,
)
from assistant.documents.records import DocumentInfo
from assistant.errors import AssistantError

log = logging.getLogger(__name__)

_INTERVAL_S = 0.25
_MOST_ROWS = 500
"""In one message: thousands of rows at once would hold up whoever reads them."""


class EventBatcher:
    """Collects ids and sends rows, and how indexing, recognition and the embedder stand, on a thread."""

    def __init__(
        self,
        rows: Callable[[Sequence[int]], Iterable[DocumentInfo]],
        status: Callable[[], IndexingStatus],
        recognition: Callable[[], RecognitionStatus],
        embedder: Callable[[], EmbedderStatus],
        emit: Callable[[DocumentsEvent], None],
    ) -> None:
        self._rows = rows
        self._status = status
        self._recognition = recognition
        self._embedder = embedder
        self._emit = emit
        self._changed: dict[int, None] = {}
        self._status_changed = False
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="sending events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def changed(self, *documents: int) -> None:
        """These rows are new, different or gone."""
        with self._wake:
            self._changed.update(dict.fromkeys(documents))
            self._status_changed = True
            self._wake.notify()

    def status_changed(self) -> None:
        with self._wake:
            self._status_changed = True
            self._wake.notify()

    def close(self) -> None:
        """Send what is left and stop."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        sent: IndexingStatus | None = None
        sent_recognition: RecognitionStatus | None = None
        sent_embedder: EmbedderStatus | None = None
        running = True
        while running:
            with self._wake:
                while not (self._changed or self._status_changed or self._closed):
                    # While it runs, the time left changes by itself.
                    if not self._wake.wait(1.0 if sent and sent.state is IndexingState.RUNNING else None):
                        break
                running = not self._closed
                some = list(self._changed)[:_MOST_ROWS]
                for document in some:
                    del self._changed[document]
                self._status_changed = False
            try:
                if some:
                    rows = tuple(self._rows(some))
                    here = {row.id for row in rows}
                    self._emit(DocumentsChanged(rows, tuple(each for each in some if each not in here)))
                status = self._status()
                if status != sent:
                    self._emit(status)
                    sent = status
                recognition = self._recognition()
                if recognition != sent_recognition:
                    self._emit(recognition)
                    sent_recognition = recognition
                embedder = self._embedder()
                if embedder != sent_embedder:
                    self._emit(embedder)
                    sent_embedder = embedder
            except AssistantError as error:  # the store is busy or its disk full: the next round tells it
                log.warning("what changed could not be told: %s", error)
                with self._wake:
                    self._changed.update(dict.fromkeys(some))
            if running:
                time.sleep(_INTERVAL_S)
