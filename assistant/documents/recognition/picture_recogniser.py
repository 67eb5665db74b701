"""Has pictures recognised by the vision worker, and survives what they do to it."""

from __future__ import annotations

from pathlib import Path

from assistant import hardware
from assistant.errors import (
    Cancelled,
    ModelTooLarge,
    UnreadableDocument,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.jobs import CancelToken
from assistant.vision.records import Picture, RecognisedPicture, RecognitionOptions
from assistant.vision.service import ENGINE, MEMORY_LIMIT
from assistant.workers.supervisor import Worker

NICENESS = 10
"""How far recognition stands back behind the window, questions and reading."""
MEMORY = 800_000_000
"""Bytes that the vision worker takes at most."""
_IDLE_S = 60.0
"""After so long without a picture its memory is given back."""
_SECONDS = 900.0
"""After so long without a result a picture is given up. A full page takes some ten on a slow computer, and a
hundred times that where other programs want all of it, before which recognition stands back."""
_MOST_CRASHES = 2
"""So often a picture may kill the worker before it counts as failed: once may have been an accident."""
_MOST_KILLS = 5
"""So often the worker may be killed from outside over one picture before it counts as its fault after all."""


def new_worker(library: Path | None) -> Worker:
    """The vision worker, not started yet. `library`: of models, language files among them."""
    return Worker(
        ENGINE,
        {"tessdata": (str(library),) if library is not None else (), "niceness": NICENESS},
        name="The recognition of pictures",
        memory_limit=MEMORY_LIMIT,
        idle_seconds=_IDLE_S,
    )


class PictureRecogniser:
    """One picture at a time, from one thread."""

    def __init__(self, worker: Worker, seconds: float = _SECONDS) -> None:
        """`seconds` without a sign of life are allowed for a picture."""
        self._worker = worker
        self._seconds = seconds

    def recognise(
        self, picture: Picture, options: RecognitionOptions, token: CancelToken
    ) -> RecognisedPicture:
        """What is written in a picture.

        Raises:
            UnreadableDocument: it crashes the recognition, or takes too long or too much memory.
            WorkerStartFailed: there is nothing to recognise with.
            ModelTooLarge: there is too little memory to begin; details say how much is needed.
            NoModel: no language file is here.
            Cancelled: `token` was cancelled.
        """
        crashes = kills = 0
        while True:
            self._check_memory()
            try:
                return self._call(picture, options, token)
            except WorkerStartFailed:
                raise
            except (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive) as error:
                if isinstance(error, WorkerCrashed) and error.details.get("signal") == "SIGKILL":
                    kills += 1
                    if kills <= _MOST_KILLS:
                        continue
                crashes += 1
                if crashes == _MOST_CRASHES or isinstance(error, WorkerUnresponsive):
                    raise UnreadableDocument(f"picture-{_how(error)}") from error

    def _check_memory(self) -> None:
        if self._worker.pid is not None:
            return
        free = hardware.memory()[1]
        if 0 < free < MEMORY:
            raise ModelTooLarge("recognition-no-room", needed=MEMORY, free=free)

    def _call(self, picture: Picture, options: RecognitionOptions, token: CancelToken) -> RecognisedPicture:
        token.raise_if_cancelled()
        run = self._worker.submit("recognise", time_limit=self._seconds, picture=picture, options=options)
        while True:
            try:
                result = run.result(0.1)
            except TimeoutError:
                if token.cancelled:
                    run.cancel()
                    raise Cancelled from None
            else:
                assert isinstance(result, RecognisedPicture)
                return result


def _how(error: WorkerError) -> str:
    """The end of a reason: how the worker died."""
    if isinstance(error, WorkerOutOfMemory):
        return "needs-memory"
    return "takes-too-long" if isinstance(error, WorkerUnresponsive) else "crashes"
