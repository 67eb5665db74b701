"""What the program asks of the vision worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.vision.records import (
    PreparedPicture,
    RecognisedPicture,
    RecognitionLanguage,
    RecognitionOptions,
)
from assistant.workers.run import Run
from assistant.workers.service import Engines, Service
from assistant.workers.supervisor import Worker

ENGINE = "assistant.vision.engine:VisionEngine"

MEMORY_LIMIT = 1_500_000_000
"""Bytes beyond what the worker has when it is ready: only a picture that was made for that needs more."""
_IDLE_SECONDS = 300.0
"""A worker that nobody asks for so long gives its memory back; the next call loads its models again."""


class VisionService(Service):
    """The parent's side. Callbacks come on threads of the supervisor."""

    def __init__(self, tessdata: Sequence[str] = (), *, engines: Engines | None = None) -> None:
        """Starts nothing; the first call does, or `start`.

        Args:
            tessdata: language files that were brought, and folders of them.
        """
        arguments = {"tessdata": tuple(tessdata)}
        worker = Worker(
            ENGINE,
            arguments,
            name="The vision worker",
            memory_limit=MEMORY_LIMIT,
            idle_seconds=_IDLE_SECONDS,
        )
        super().__init__(worker, engines)

    def recognise(
        self, picture_file: Path, options: RecognitionOptions | None = None
    ) -> Run[RecognisedPicture]:
        """What is written in the first picture of a file.

        Its run fails with a DocumentError or a WorkerError.
        """
        wanted = options or RecognitionOptions()
        return self._worker.submit("recognise_file", path=str(picture_file), options=wanted)

    def prepare(self, picture_file: Path, output: Path, longest_side: int) -> Run[PreparedPicture]:
        """Have a picture made safe to show and to keep: upright, no larger, a PNG or JPEG without its notes.

        Args:
            output: the file to write; its suffix becomes that of the format.

        Its run fails with a DocumentError, StorageError or a WorkerError.
        """
        return self._worker.submit(
            "prepare", path=str(picture_file), output=str(output), longest_side=longest_side
        )

    def languages(self) -> Run[tuple[RecognitionLanguage, ...]]:
        """The language files that are here."""
        return self._worker.submit("languages")

    def unload(self) -> Run[None]:
        """Give the memory of the models back."""
        return self._worker.submit("unload")
