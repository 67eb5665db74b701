"""Carries results and events from the services' threads to the window's, and failures to one place."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from assistant.documents.embedder_records import EmbedderStatus
from assistant.documents.event_records import (
    DocumentsChanged,
    IndexingState,
    IndexingStatus,
    RecognitionStatus,
)
from assistant.documents.records import DocumentInfo
from assistant.errors import AssistantError, Cancelled, Problem

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
log = logging.getLogger(__name__)

EVENTS_EVERY_MS = 100
"""Events are gathered this long, so that a flood of them costs the window one update."""


class Running(Protocol[T_co]):
    """The part of a run that the window uses."""

    def result(self, timeout: float | None = None) -> T_co: ...
    def cancel(self) -> None: ...
    def when_done(self, callback: Callable[[Any], None]) -> None: ...


class Following(Generic[T]):
    """A run whose result the window waits for. Made by `ThreadBridge.follow`; lives on the GUI thread."""

    def __init__(self, run: Running[T]) -> None:
        self._run = run
        self.wanted = True

    def drop(self) -> None:
        """Whatever the run still brings is not wanted any more; the run itself goes on."""
        self.wanted = False

    def cancel(self) -> None:
        """Stop the run, and hear no more of it from this moment."""
        if self.wanted:
            self.wanted = False
            self._run.cancel()


class ThreadBridge(QObject):
    """Everything arrives through one queued signal, in the order in which it was sent."""

    documents_changed = Signal(DocumentsChanged)
    indexing = Signal(IndexingStatus)
    embedder = Signal(EmbedderStatus)
    recognition = Signal(RecognitionStatus)
    noticed = Signal(Problem)
    """What the person should know about data that was opened."""
    failed = Signal(object)
    """An exception that nobody handled: an AssistantError, or a defect of the program."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._lock = threading.Lock()
        self._rows: dict[int, DocumentInfo] = {}
        self._gone: dict[int, None] = {}
        self._status: IndexingStatus | None = None
        self._embedder: EmbedderStatus | None = None
        self._recognition: RecognitionStatus | None = None
        self._scheduled = False
        self.reading = False
        """Documents are being read, which takes the processor."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVENTS_EVERY_MS)
        self._timer.timeout.connect(self._hand_over)

    def follow(
        self,
        run: Running[T],
        on_result: Callable[[T], object],
        on_error: Callable[[AssistantError], object] | None = None,
    ) -> Following[T]:
        """Call `on_result` or `on_error` on the GUI thread once the run has ended.

        A run that was stopped calls neither. Without `on_error` its failure goes to `failed`.
        """
        following = Following(run)

        def ended(ended: Running[T]) -> None:
            self.post(lambda: self._settle(following, ended, on_result, on_error))

        run.when_done(ended)
        return following

    def relay(self, receive: Callable[[T], None]) -> Callable[[T], None]:
        """A function for any thread that calls `receive` on the GUI thread, for instance as `on_report`."""
        return lambda value: self.post(lambda: receive(value))

    def in_background(
        self,
        work: Callable[[], T],
        on_result: Callable[[T], object],
        on_error: Callable[[AssistantError], object] | None = None,
    ) -> Following[T]:
        """Do `work` on a thread of its own, for the few calls that block."""
        task = Work(work)
        following = self.follow(task, on_result, on_error)
        threading.Thread(target=task.do, name="window-background", daemon=True).start()
        return following

    def post(self, action: Callable[[], None]) -> None:
        """Run `action` on the GUI thread, from any thread. Nothing happens once the window is gone."""
        try:
            self._arrived.emit(action)
        except RuntimeError:  # the C++ side is deleted: the program is ending
            log.debug("arrived after the end: %r", action)

    def receive(self, event: object) -> None:
        """Takes an event of the services, from any thread."""
        with self._lock:
            if isinstance(event, DocumentsChanged):
                for document in event.documents:
                    self._gone.pop(document.id, None)
                    self._rows[document.id] = document
                for gone in event.gone:
                    self._rows.pop(gone, None)
                    self._gone[gone] = None
            elif isinstance(event, IndexingStatus):
                self._status = event
            elif isinstance(event, EmbedderStatus):
                self._embedder = event
            elif isinstance(event, RecognitionStatus):
                self._recognition = event
            elif isinstance(event, Problem):
                self.post(lambda: self.noticed.emit(event))
                return
            else:
                log.warning("an event that nobody knows: %r", event)
                return
            if self._scheduled:
                return
            self._scheduled = True
        self.post(self._timer.start)

    def _hand_over(self) -> None:
        with self._lock:
            changed = DocumentsChanged(tuple(self._rows.values()), tuple(self._gone))
            status, self._status = self._status, None
            embedder, self._embedder = self._embedder, None
            recognition, self._recognition = self._recognition, None
            self._rows, self._gone, self._scheduled = {}, {}, False
        if changed.documents or changed.gone:
            self.documents_changed.emit(changed)
        if status is not None:
            self.reading = status.state is IndexingState.RUNNING
            self.indexing.emit(status)
        if embedder is not None:
            self.embedder.emit(embedder)
        if recognition is not None:
            self.recognition.emit(recognition)

    def _settle(
        self,
        following: Following[T],
        run: Running[T],
        on_result: Callable[[T], object],
        on_error: Callable[[AssistantError], object] | None,
    ) -> None:
        if not following.wanted:
            return
        following.wanted = False
        try:
            value = run.result(0)
        except Cancelled:
            return
        except AssistantError as error:
            if on_error is None:
                self.failed.emit(error)
            else:
                on_error(error)
            return
        on_result(value)

    @Slot(object)
    def _deliver(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:
            log.exception("a failure that nobody handled")
            self.failed.emit(error)


class Work(Generic[T]):
    """Blocking work in the shape of a run. It cannot be stopped, only dropped."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._value: T | None = None
        self._error: BaseException | None = None
        self._callback: Callable[[Any], None] | None = None

    def when_done(self, callback: Callable[[Any], None]) -> None:
        self._callback = callback

    def result(self, timeout: float | None = None) -> T:
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]

    def cancel(self) -> None:
        return

    def do(self) -> None:
        """Do it on this thread, after `when_done`."""
        try:
            self._value = self._work()
        except BaseException as error:  # it is raised again on the GUI thread
            self._error = error
        assert self._callback is not None
        self._callback(self)
