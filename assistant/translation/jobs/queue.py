"""Documents translated one after the other. What was translated is kept as it comes; it can go on later."""

from __future__ import annotations

import logging
from collections.abc import Callable

from assistant.errors import (
    AssistantError,
    Cancelled,
    Problem,
    UnreadableDocument,
    WorkerStartFailed,
)
from assistant.translation.jobs.document_translation import DocumentTranslation, Files, Translating
from assistant.translation.jobs.records import DocumentChanged, DocumentState, TranslatedDocument
from assistant.translation.jobs.store import TranslationStore
from assistant.workers.job_queue import JobQueue, do_to_the_end
from assistant.workers.run import Steps

log = logging.getLogger(__name__)


class TranslationQueue(JobQueue):
    """One document at a time, in the order in which they came. Any thread may call."""

    def __init__(
        self,
        store: TranslationStore,
        files: Files,
        translating: Translating,
        tell: Callable[[DocumentChanged], None],
    ) -> None:
        """Args:
        tell: gets events, on a thread of the queue.
        """
        self._store = store
        self._tell = tell
        self._seconds_left: tuple[int, float] | None = None
        """Of the document in hand."""
        self._translation = DocumentTranslation(store, files, translating, self._tell_of)
        super().__init__(
            "translation",
            self._translate,
            lambda id: self._tell_of(store.set_state(id, DocumentState.QUEUED)),
            lambda id: self._tell_of(store.set_state(id, DocumentState.STOPPED)),
        )

    def seconds_left(self, id: int) -> float | None:
        """Until this document is done, where it is in hand and that can be told."""
        left = self._seconds_left
        return left[1] if left and left[0] == id else None

    def _tell_of(self, document: TranslatedDocument) -> None:
        left = document.seconds_left
        self._seconds_left = None if left is None else (document.id, left)
        self._tell(DocumentChanged(document.id, document))

    def _translate(self, id: int, steps: Steps) -> None:
        state, problem = self._outcome(id, steps)
        try:
            with self._changed:
                if id in self._waiting:  # it was stopped, and is to go on already
                    return
                document = self._store.document(id)
                if state is not DocumentState.DONE:
                    document = self._store.set_state(id, state, problem)
            self._tell_of(document)
        except AssistantError as error:  # it was removed, or the disk fails
            log.info("The end of a translation was not kept: %s", error)

    def _outcome(self, id: int, steps: Steps) -> tuple[DocumentState, Problem | None]:
        try:
            self._do_to_the_end(id, steps)
        except Cancelled:
            return DocumentState.STOPPED, None
        except AssistantError as error:
            return DocumentState.FAILED, error.problem
        except Exception as error:  # a fault in here must not hold up the other documents
            log.exception("A document could not be translated")
            return DocumentState.FAILED, UnreadableDocument("translation-fault", why=repr(error)).problem
        return DocumentState.DONE, None

    def _do_to_the_end(self, id: int, steps: Steps) -> None:
        """A worker that dies takes nothing along that was translated: another one goes on there.

        Raises:
            Cancelled: it was stopped.
            WorkerError: two of them died in the same place.
            AssistantError: it cannot be translated, or what was translated cannot be kept.
        """
        do_to_the_end(
            lambda: self._translation.do(id, steps),
            lambda: self._store.document(id).done,
            lambda error: not isinstance(error, WorkerStartFailed),
        )
