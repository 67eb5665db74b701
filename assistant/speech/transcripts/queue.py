"""Recordings transcribed one after the other. What was found is kept as it comes; it can go on later."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from assistant.errors import (
    AssistantError,
    Cancelled,
    DocumentGone,
    Problem,
    UnreadableDocument,
    WorkerCrashed,
)
from assistant.file_reading.file_stamp import file_stamp
from assistant.speech.records import Decoding, SegmentsFound, SpeechModelInfo, Transcript
from assistant.speech.speakers.records import SpeakersSought, Turn
from assistant.speech.transcripts.attribution import attributed
from assistant.speech.transcripts.records import (
    SpeakersFound,
    TranscriptChanged,
    TranscriptGrew,
    TranscriptState,
)
from assistant.speech.transcripts.store import TranscriptStore
from assistant.workers.job_queue import JobQueue, do_to_the_end
from assistant.workers.run import Run, Steps

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


class TranscriptionQueue(JobQueue):
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
        super().__init__(
            "transcription",
            self._work_on,
            lambda id: self._set_state(id, TranscriptState.QUEUED),
            lambda id: self._set_state(id, TranscriptState.STOPPED),
        )

    def _set_state(self, id: int, state: TranscriptState) -> None:
        self._tell(TranscriptChanged(id, self._store.set_state(id, state)))

    # --- on its thread

    def _work_on(self, id: int, steps: Steps) -> None:
        state, problem = self._transcribe(id, steps)
        try:
            with self._changed:
                if id in self._waiting:  # it was stopped, and is to go on already
                    return
                info = self._store.set_state(id, state, problem)
            self._tell(TranscriptChanged(id, info))
        except AssistantError as error:  # it was deleted, or the disk fails
            log.info("The end of a transcript was not kept: %s", error)

    def _transcribe(self, id: int, steps: Steps) -> tuple[TranscriptState, Problem | None]:
        try:
            if self._store.info(id).complete:
                self._set_state(id, TranscriptState.RUNNING)
            else:
                self._do_to_the_end(id, steps)
        except Cancelled:
            return TranscriptState.STOPPED, None
        except AssistantError as error:
            return TranscriptState.FAILED, error.problem
        return self._find_speakers(id, steps)

    def _find_speakers(self, id: int, steps: Steps) -> tuple[TranscriptState, Problem | None]:
        """Where somebody asks for it. Whatever comes of it, what is said is kept."""
        try:
            count = self._store.speakers_wanted(id)
            if count is None:
                return TranscriptState.DONE, None
            problem = self._label(id, count, steps)
            self._store.want_speakers(id, None)
        except Cancelled:
            if self.closed:
                return TranscriptState.STOPPED, None
            self._store.want_speakers(id, None)
            return TranscriptState.DONE, None
        except AssistantError as error:
            return TranscriptState.DONE, error.problem
        return TranscriptState.DONE, problem

    def _label(self, id: int, count: int, steps: Steps) -> Problem | None:
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
            self._tell(TranscriptGrew(id, (), until, total, left, self.waiting, finding_speakers=True))

        tell(SpeakersSought(0.0, info.duration))
        try:
            if file_stamp(Path(info.path)) != (info.size, info.mtime_ns):
                raise DocumentGone("audio-not-the-same", name=Path(info.path).name)
            turns = steps.result(self._speakers, Path(info.path), count, tell)
            if not turns:
                raise UnreadableDocument("no-speakers-found", name=Path(info.path).name)
        except Cancelled:
            raise
        except AssistantError as error:
            return error.problem
        edit = self._store.attribute(id, lambda said: attributed(said, turns, _speaker_name))
        self._tell(SpeakersFound(id, len({turn.speaker for turn in turns}), edit))
        return None

    def _do_to_the_end(self, id: int, steps: Steps) -> None:
        """A worker that dies takes nothing along that was found: another one goes on there.

        Raises:
            Cancelled: it was stopped.
            WorkerCrashed: two of them died in the same place.
            AssistantError: it cannot be transcribed, or what was found cannot be kept.
        """
        do_to_the_end(
            lambda: self._do_from_there(id, steps),
            lambda: self._store.info(id).done_until,
            lambda error: isinstance(error, WorkerCrashed),
        )

    def _do_from_there(self, id: int, steps: Steps) -> None:
        """
        Raises:
            Cancelled: it was stopped.
            AssistantError: it cannot be transcribed, or what was found cannot be kept.
        """
        info = self._store.set_state(id, TranscriptState.RUNNING)
        now = file_stamp(Path(info.path))
        if not any(now):
            raise DocumentGone("audio-gone", name=Path(info.path).name)
        if now != (info.size, info.mtime_ns):
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
                steps.cancel()
                return
            left = _seconds_left(found.until, found.total, start, self._clock() - began)
            self._tell(TranscriptGrew(id, kept, found.until, found.total, left, self.waiting))

        try:
            transcript, _ = steps.result(
                self._speech.transcribe,
                Path(info.path),
                Path(info.model),
                self._store.decoding(id),
                start=start,
                on_report=keep,
            )
        except Cancelled:
            if failure:
                raise failure[0] from None
            raise
        if failure:
            raise failure[0]
        self._store.finish(id, transcript)


def _speaker_name(number: int) -> str:
    """Until somebody gives another one."""
    return f"Speaker {number + 1}"


def _seconds_left(until: float, total: float | None, start: float, took: float) -> float | None:
    """At the pace so far; None before there is one."""
    done = until - start
    if total is None or done <= 0 or took <= 0:
        return None
    return max(0.0, total - until) * took / done
