"""Recordings transcribed one after the other. What was found is kept as it comes; it can go on later."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import (
    AssistantError,
    Cancelled,
    DocumentGone,
    Problem,
    UnreadableDocument,
    WorkerCrashed,
)
from assistant.speech.records import Decoding, SegmentsFound, SpeechModelInfo, Transcript
from assistant.speech.speakers.records import SpeakersSought, Turn
from assistant.speech.transcripts.attribution import attributed
from assistant.speech.transcripts.records import (
    SpeakersFound,
    TranscriptChanged,
    TranscriptGrew,
    TranscriptState,
)
from assistant.speech.transcripts.store import TranscriptStore, seen
from assistant.workers.run import Run

log = logging.getLogger(__name__)

Event = TranscriptChanged | TranscriptGrew | SpeakersFound


class Transcriber(Protocol):
    """What recognises a file; `service.SpeechService` does."""

    def transcribe(
        self,
        file: Path,
        model: Path,
        decoding: Decoding = ...,
        *,
        start: float = ...,
        on_report: Callable[[SegmentsFound], None] | None = ...,
    ) -> Run[tuple[Transcript, SpeechModelInfo]]: ...


class SpeakerFinder(Protocol):
    """What tells speakers apart, with the models that are chosen; `Services` does."""

    def __call__(
        self, file: Path, count: int, on_report: Callable[[SpeakersSought], None]
    ) -> Run[tuple[Turn, ...]]: ...


class TranscriptionQueue:
    """One recording at a time, in the order in which they came. Any thread may call."""

    def __init__(
        self,
        store: TranscriptStore,
        speech: Transcriber,
        speakers: SpeakerFinder,
        tell: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Args:
        tell: gets events, on a thread of the queue.
        """
        self._store = store
        self._speech = speech
        self._speakers = speakers
        self._tell = tell
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: list[int] = []
        self._now: int | None = None
        self._run: Run[Any] | None = None
        self._stopped: set[int] = set()
        self._thread: threading.Thread | None = None
        self._closed = False

    def add(self, ids: Sequence[int]) -> None:
        """Have transcripts done, or go on with those that stopped; each waits for those before it."""
        with self._changed:
            for id in ids:
                if id in self._waiting or (id == self._now and id not in self._stopped):
                    continue
                self._tell(TranscriptChanged(id, self._store.set_state(id, TranscriptState.QUEUED)))
                self._waiting.append(id)
            if self._thread is None and self._waiting and not self._closed:
                self._thread = threading.Thread(target=self._work, name="transcription", daemon=True)
                self._thread.start()

    def stop(self, ids: Sequence[int] | None = None) -> None:
        """Stop these, or all. What was transcribed is kept."""
        with self._changed:
            wanted = [*self._waiting, *([] if self._now is None else [self._now])] if ids is None else ids
            for id in wanted:
                if id in self._waiting:
                    self._waiting.remove(id)
                    self._tell(TranscriptChanged(id, self._store.set_state(id, TranscriptState.STOPPED)))
                elif id == self._now:
                    self._stopped.add(id)
            run = self._run if self._now in self._stopped else None
            self._changed.notify_all()
        if run is not None:
            run.cancel()

    def wait(self, ids: Sequence[int], timeout: float | None = None) -> bool:
        """Wait until none of these is waiting or in hand; false when the time is over."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not any(id == self._now or id in self._waiting for id in ids), timeout
            )

    def close(self) -> None:
        """Stop all; they can go on another time."""
        with self._changed:
            self._closed = True
            thread = self._thread
        self.stop()
        if thread is not None:
            thread.join()

    # --- the thread

    def _work(self) -> None:
        while True:
            with self._changed:
                self._now = self._run = None
                self._stopped.clear()
                self._changed.notify_all()
                if not self._waiting:
                    self._thread = None
                    return
                id = self._now = self._waiting.pop(0)
            state, problem = self._transcribe(id)
            try:
                self._tell(TranscriptChanged(id, self._store.set_state(id, state, problem)))
            except AssistantError as error:  # it was deleted, or the disk fails
                log.info("The end of a transcript was not kept: %s", error)

    def _transcribe(self, id: int) -> tuple[TranscriptState, Problem | None]:
        try:
            if self._store.info(id).complete:
                self._tell(TranscriptChanged(id, self._store.set_state(id, TranscriptState.RUNNING)))
            else:
                self._do_to_the_end(id)
        except Cancelled:
            return TranscriptState.STOPPED, None
        except AssistantError as error:
            return TranscriptState.FAILED, error.problem
        return self._find_speakers(id)

    def _find_speakers(self, id: int) -> tuple[TranscriptState, Problem | None]:
        """Where somebody asks for it. Whatever comes of it, what is said is kept."""
        try:
            count = self._store.speakers_wanted(id)
            if count is None:
                return TranscriptState.DONE, None
            problem = self._label(id, count)
            self._store.want_speakers(id, None)
        except Cancelled:
            if self._closed:
                return TranscriptState.STOPPED, None
            self._store.want_speakers(id, None)
            return TranscriptState.DONE, None
        except AssistantError as error:
            return TranscriptState.DONE, error.problem
        return TranscriptState.DONE, problem

    def _label(self, id: int, count: int) -> Problem | None:
        """Give all that is said to who says it; or why not.

        Raises:
            Cancelled: it was stopped.
            AssistantError: it cannot be kept.
        """
        info = self._store.info(id)
        began = self._clock()

        def tell(sought: SpeakersSought) -> None:
            until, total = sought.until, sought.total
            left = _seconds_left(until, total, 0.0, self._clock() - began)
            self._tell(TranscriptGrew(id, (), until, total, left, len(self._waiting), finding_speakers=True))

        tell(SpeakersSought(0.0, info.duration))
        try:
            if seen(Path(info.path)) != (info.size, info.mtime_ns):
                raise DocumentGone("audio-not-the-same", name=Path(info.path).name)
            with self._changed:
                if id in self._stopped:
                    raise Cancelled
                run = self._run = self._speakers(Path(info.path), count, tell)
            turns = run.result()
            if not turns:
                raise UnreadableDocument("no-speakers-found", name=Path(info.path).name)
        except Cancelled:
            raise
        except AssistantError as error:
            return error.problem
        edit = self._store.attribute(id, lambda said: attributed(said, turns, _speaker_name))
        self._tell(SpeakersFound(id, len({turn.speaker for turn in turns}), edit))
        return None

    def _do_to_the_end(self, id: int) -> None:
        """A worker that dies takes nothing along that was found: another one goes on there.

        Raises:
            Cancelled: it was stopped.
            WorkerCrashed: two of them died in the same place.
            AssistantError: it cannot be transcribed, or what was found cannot be kept.
        """
        died_at = -1.0
        while True:
            try:
                return self._do(id)
            except WorkerCrashed:
                until = self._store.info(id).done_until
                if until <= died_at:
                    raise
                died_at = until

    def _do(self, id: int) -> None:
        """
        Raises:
            Cancelled: it was stopped.
            AssistantError: it cannot be transcribed, or what was found cannot be kept.
        """
        info = self._store.set_state(id, TranscriptState.RUNNING)
        size, mtime_ns = seen(Path(info.path))
        if not mtime_ns:
            raise DocumentGone("audio-gone", name=Path(info.path).name)
        if (size, mtime_ns) != (info.size, info.mtime_ns):
            info = self._store.start_over(id)
        self._tell(TranscriptChanged(id, info))
        failure: list[AssistantError] = []
        began, start = self._clock(), info.done_until

        def keep(found: SegmentsFound) -> None:
            if failure:
                return
            try:
                kept = self._store.keep(id, found)
            except AssistantError as error:
                failure.append(error)
                self._cancel()
                return
            left = _seconds_left(found.until, found.total, start, self._clock() - began)
            self._tell(TranscriptGrew(id, kept, found.until, found.total, left, len(self._waiting)))

        with self._changed:
            if id in self._stopped:
                raise Cancelled
            run = self._run = self._speech.transcribe(
                Path(info.path), Path(info.model), self._store.decoding(id), start=start, on_report=keep
            )
        try:
            transcript, _ = run.result()
        except Cancelled:
            if failure:
                raise failure[0] from None
            raise
        if failure:
            raise failure[0]
        self._store.finish(id, transcript)

    def _cancel(self) -> None:
        with self._changed:
            run = self._run
        if run is not None:
            run.cancel()


def _speaker_name(number: int) -> str:
    """Until somebody gives another one."""
    return f"Speaker {number + 1}"


def _seconds_left(until: float, total: float | None, start: float, took: float) -> float | None:
    """At the pace so far; None before there is one."""
    done = until - start
    if total is None or done <= 0 or took <= 0:
        return None
    return max(0.0, total - until) * took / done
