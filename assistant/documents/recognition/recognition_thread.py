"""Takes the parts whose pictures wait, in their order, once all text is read, and has them recognised.

What waits stands in the store alone: a sudden end costs the few parts in hand and on their way.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath

from assistant.documents.event_records import RecognitionState, RecognitionStatus
from assistant.documents.files.fingerprints import current_file
from assistant.documents.indexing.document_status import settle
from assistant.documents.indexing.embedding_work import EmbeddingWork
from assistant.documents.indexing.embedding_writer import store_recognised
from assistant.documents.indexing.eta import QueuedFile
from assistant.documents.indexing.indexer import Indexer
from assistant.documents.indexing.reader_client import DocumentReader
from assistant.documents.recognition.options import request
from assistant.documents.recognition.part_recogniser import Looked, PartRecogniser
from assistant.documents.recognition.parts_in_hand import InHand, PartsInHand, stands_as_read
from assistant.documents.recognition.picture_recogniser import PictureRecogniser
from assistant.documents.recognition.schedule import IDLE, MAINS, Schedule
from assistant.documents.search.loader import SearchLoader
from assistant.documents.store.rows import PartToRecognise, RecognisedPart
from assistant.documents.store.store import Store
from assistant.errors import (
    AssistantError,
    Cancelled,
    DocumentGone,
    ModelTooLarge,
    NoModel,
    PasswordRequired,
    Problem,
    StorageError,
    WorkerError,
)
from assistant.jobs import CancelToken
from assistant.vision.records import RecognitionOptions
from assistant.vision.side_by_side import pictures_at_once

log = logging.getLogger(__name__)

_LOOK_S = 2.0
"""How soon it is noticed what nobody tells of."""
_AGAIN_S = 10.0
"""After so long it is tried again where nothing can be recognised just now."""
_MOST_ON_THEIR_WAY = 2
"""Parts that were recognised and are not stored yet."""
_LATEST = 0.2
"""What the last part counts in the time that one takes."""


class RecognitionThread:
    """Its methods may be called from any thread."""

    def __init__(
        self,
        store: Store,
        loader: SearchLoader,
        indexer: Indexer,
        reader: DocumentReader,
        recogniser: PictureRecogniser,
        on_changed: Callable[[int], None],
        on_status: Callable[[], None],
        *,
        languages: Sequence[str] = (),
        schedule: Schedule | None = None,
        at_once: int | None = None,
    ) -> None:
        """
        Args:
            on_changed: is told of each document whose row changed.
            on_status: is told of everything else.
            at_once: so many parts are recognised at the same time; as many as the computer has cores for.
        """
        self._store = store
        self._loader = loader
        self._indexer = indexer
        self._parts = PartRecogniser(store, reader, recogniser, indexer.password)
        self._on_changed = on_changed
        self._on_status = on_status
        self._languages = tuple(languages)
        self._schedule = schedule or Schedule()
        self._changed = threading.Condition()
        self._look_again = False
        self._paused = False
        self._closed = False
        self._in_hand = PartsInHand(at_once or pictures_at_once(), self._look, self._wake)
        self._on_their_way: dict[tuple[int, int], EmbeddingWork] = {}
        self._refused: dict[int, str | None] = {}
        """Documents that did not open, with the password that was known."""
        self._notice: Problem | None = None
        """Why nothing can be recognised just now."""
        self._seconds: float | None = None
        """That a part takes."""
        self._finished = 0.0
        """When the last one was recognised."""
        self._thread = threading.Thread(target=self._run, name="recognising", daemon=True)

    # --- from outside -------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout_s: float) -> None:
        """Let the pages in hand go, which are recognised after the next start."""
        with self._changed:
            self._closed = True
            self._in_hand.close()
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(max(0.0, timeout_s))

    def request(self, documents: Iterable[int], options: RecognitionOptions, parts: Sequence[int]) -> None:
        """Recognise these documents again, or these parts of them, in this way and before all others."""
        for document in documents:
            with self._settling(document):
                asked = self._store.request_recognition(document, parts, request(options))
            if asked:
                self._on_changed(document)
        self.look()

    def stop(self, documents: Iterable[int]) -> None:
        """Let the pictures of documents wait no longer; what was recognised stays."""
        documents = list(documents)
        for document in documents:
            with self._settling(document):
                self._store.stop_recognition(document)
        with self._changed:
            self._in_hand.let_go(documents)
        for document in documents:
            self._on_changed(document)
        self.look()

    def give_up(self, document: int, why: str) -> None:
        """Recognising this document keeps killing the worker."""
        log.warning("the pictures of document %d are given up: %s", document, why)
        self.stop([document])

    def pause(self) -> None:
        with self._changed:
            self._paused = True
            self._in_hand.let_go()
        self.look()

    def resume(self) -> None:
        with self._changed:
            self._paused = False
        self.look()

    def configure(self, languages: Sequence[str], when: str) -> None:
        with self._changed:
            self._languages = tuple(languages)
            self._schedule.when = when
        self.look()

    def somebody_is_here(self) -> None:
        self._schedule.somebody_is_here()

    def look(self) -> None:
        """There may be something else to do."""
        self._wake()
        self._on_status()

    def documents_removed(self) -> None:
        """Documents were removed: one of them may be in hand."""
        with self._changed:
            documents = {each.document for each in self._in_hand.tasks}
        removed = [each for each in documents if self._store.document(each) is None]
        with self._changed:
            self._in_hand.let_go(removed)
        self.look()

    def pending(self, documents: Collection[int] | None = None) -> bool:
        """Whether pictures of these documents, or any at all, wait and can be recognised now."""
        left = self._store.waiting_parts(documents, self._locked())
        if not left.parts or self._paused or self._notice is not None:
            return False
        return left.requested or not self._schedule.reason()

    def wait_for_change(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait(seconds)

    def status(self) -> RecognitionStatus:
        left = self._store.waiting_parts(without=self._locked())
        first = self._in_hand.first
        state, reason = self._state(left.parts, left.requested)
        task = first.task if first and state is RecognitionState.RUNNING else None
        return RecognitionStatus(
            state,
            task.document if task else None,
            task.title if task else "",
            task.number if task else None,
            left.parts,
            left.documents,
            left.parts * self._seconds if self._seconds is not None else None,
            reason,
            (self._notice or self._indexer.gate.held) if left.parts else None,
        )

    def _locked(self) -> list[int]:
        """Documents that cannot be opened until somebody gives another password."""
        return [each for each, password in self._refused.items() if self._indexer.password(each) == password]

    def _state(self, parts: int, requested: bool) -> tuple[RecognitionState, str]:
        if not parts:
            return RecognitionState.IDLE, ""
        if self._paused or self._indexer.gate.paused:
            return RecognitionState.PAUSED, ""
        if self._indexer.pending():
            return RecognitionState.WAITING, "text"
        reason = "" if requested else self._schedule.reason()
        return (RecognitionState.WAITING if reason else RecognitionState.RUNNING), reason

    def recognised(self, work: EmbeddingWork, problem: Problem | None) -> None:
        """What was recognised is stored or no longer wanted, or, for this reason, cannot be stored.

        Called on a thread of the writer, while its lock is held.
        """
        try:
            if problem is not None and work.task is not None:
                store_recognised(self._store, work, PartRecogniser.failed(work.task, problem), "")
        finally:
            self._arrived(work)
        for document in work.touched:
            self._on_changed(document)
        self.look()

    @contextmanager
    def _settling(self, document: int) -> Iterator[None]:
        """What waits of a document and how it stands are stored together: nobody sees one alone."""
        with self._indexer.take_lock, self._indexer.store_lock, self._store.transaction():
            yield
            settle(self._store, document)

    def _arrived(self, work: EmbeddingWork) -> None:
        with self._changed:
            if work.task is not None:
                self._on_their_way.pop((work.task.document, work.task.number), None)

    # --- the thread -----------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closed:
            self._look_again = False
            try:
                seconds = None if self._all_is_told() else _LOOK_S
                if self._finish_first() or self._begin_next():
                    continue
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or self._look_again, seconds)
            except Cancelled:
                continue
            except Exception:
                log.exception("what waits to be recognised could not be looked up; it is tried again")
                self._pause_after_failure(None)

    def _all_is_told(self) -> bool:
        """Nobody tells when the models are loaded, nor what waits when the computer is idle or on mains."""
        if not self._loader.done:
            return False
        return self._schedule.when not in (IDLE, MAINS) or not self._store.waiting_parts().parts

    def _next(self) -> PartToRecognise | None:
        """The part to recognise now, if any."""
        with self._changed:
            arriving = [work.task for work in self._on_their_way.values() if work.task]
            taken = arriving + self._in_hand.tasks
        if (
            len(arriving) >= _MOST_ON_THEIR_WAY
            or self._in_hand.full
            or self._paused
            or self._indexer.gate.paused
            or not self._loader.done
        ):
            return None
        if self._indexer.pending():
            return None
        only_requested = self._schedule.reason() != ""
        skip = [(each.document, each.number) for each in taken]
        task = self._store.next_to_recognise(skip, self._locked(), requested=only_requested)
        if task is not None and any(
            (each.content, each.number) == (task.content, task.number) for each in taken
        ):
            return None  # of another file with the same content: it will have this page's text, too
        return task

    def _begin_next(self) -> bool:
        """Whether there was a part to begin."""
        task = self._next()
        if task is None:
            return False
        with self._changed:
            if self._paused or self._closed:
                return False
            self._in_hand.begin(task, self._indexer.password(task.document))
        self._on_status()
        return True

    def _look(self, task: PartToRecognise, token: CancelToken) -> Looked | None:
        """On a thread of its own."""
        token.raise_if_cancelled()
        return self._parts.look(task, self._languages, token) if stands_as_read(task) else None

    def _finish_first(self) -> bool:
        """Whether the first part in hand was recognised."""
        first = self._in_hand.first
        if first is None or not first.looked.done():
            return False
        try:
            part = self._result(first)
        finally:
            with self._changed:
                self._in_hand.remove(first)
        if part is not None:
            self._learn_time(first)
            self._put(first.task, part)
        return True

    def _result(self, in_hand: InHand) -> RecognisedPart | None:
        """What the pictures of a part give; None where its document does not stand as it did."""
        task = in_hand.task
        try:
            in_hand.token.raise_if_cancelled()
            looked = in_hand.looked.result()
            if self._has_changed(task) or looked is None:
                return None
            part = self._parts.part(task, looked)
        except DocumentGone:
            self._store.set_missing([task.document])
            self._on_changed(task.document)
            return None
        except PasswordRequired as error:
            self._refused = {**self._refused, task.document: in_hand.password}
            self._indexer.settle(task.document, error.problem)
            self._on_changed(task.document)
            return None
        except (WorkerError, ModelTooLarge, NoModel) as error:
            # Nothing is wrong with the document: there is nothing to recognise with.
            if error.problem != self._notice:
                log.warning("nothing can be recognised just now: %s", error)
            self._pause_after_failure(error.problem)
            return None
        except (Cancelled, StorageError):
            raise
        except AssistantError as error:
            part = PartRecogniser.failed(task, error.problem)
        except Exception as error:
            log.exception("recognising a part of document %d failed", task.document)
            failure = AssistantError("recognition-failed", why=f"{type(error).__name__}: {error}")
            part = PartRecogniser.failed(task, failure.problem)
        self._tell(None)
        return part

    def _has_changed(self, task: PartToRecognise) -> bool:
        """If the file is another one than was read, it is read again. Raises DocumentGone."""
        if stands_as_read(task):
            return False
        seen = current_file(task.path)
        with self._changed:
            self._in_hand.let_go([task.document])
        self._indexer.take_up([seen], task.collection)
        return True

    def _put(self, task: PartToRecognise, part: RecognisedPart) -> None:
        file = QueuedFile(PurePath(task.path).suffix.lower().lstrip("."), task.size)
        work = EmbeddingWork(task.document, task.title, task.path, file, task.unit, task.parts, task=task)
        with self._changed:
            self._on_their_way[task.document, task.number] = work
        try:
            self._indexer.put_recognised(work, part)
        except BaseException:
            self._arrived(work)
            raise

    def _learn_time(self, part: InHand) -> None:
        now = time.monotonic()
        before, seconds = self._seconds, now - max(part.began, self._finished)
        self._finished = now
        self._seconds = seconds if before is None else before + _LATEST * (seconds - before)

    def _pause_after_failure(self, problem: Problem | None) -> None:
        self._tell(problem)
        with self._changed:
            self._in_hand.let_go()
            self._changed.wait_for(lambda: self._closed, _AGAIN_S)

    def _tell(self, problem: Problem | None) -> None:
        if problem != self._notice:
            self._notice = problem
            self._on_status()

    def _wake(self) -> None:
        with self._changed:
            self._look_again = True
            self._changed.notify_all()
