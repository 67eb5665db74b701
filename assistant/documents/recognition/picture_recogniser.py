"""Has pictures recognised by the vision worker, and survives what they do to it."""

from __future__ import annotations

from pathlib import Path

from assistant import hardware
from assistant.documents.indexing.deadly_calls import CRASHES, call, how, tried_again
from assistant.errors import ModelTooLarge, UnreadableDocument
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.vision.records import RecognisedPicture, RecognitionOptions
from assistant.vision.service import ENGINE, MEMORY_LIMIT
from assistant.vision.side_by_side import Turns
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
    """Its method may be called from several threads, as many as pictures are recognised at once."""

    def __init__(self, worker: Worker, seconds: float = _SECONDS) -> None:
        """`seconds` without a sign of life are allowed for a picture."""
        self._worker = worker
        self._seconds = seconds
        self._turns = Turns()

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
        again = False

        def work() -> RecognisedPicture:
            nonlocal again
            self._check_memory()
            # What killed the worker while it had another picture, too, may have been that one.
            turn = self._turns.alone(token) if again else self._turns.together(token)
            again = True
            with turn:
                found = call(
                    self._worker, "recognise", self._seconds, token, picture=picture, options=options
                )
            assert isinstance(found, RecognisedPicture)
            return found

        try:
            return tried_again(work, after_hanging=False)
        except CRASHES as error:
            raise UnreadableDocument(f"picture-{how(error)}") from error

    def _check_memory(self) -> None:
        if self._worker.pid is not None:
            return
        free = hardware.memory()[1]
        if 0 < free < MEMORY:
            raise ModelTooLarge("recognition-no-room", needed=MEMORY, free=free)
