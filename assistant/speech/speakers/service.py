"""What the program asks of the worker that tells speakers apart. Methods return at once."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assistant.errors import ModelUnusable, NoModel, WorkerCrashed, WorkerError
from assistant.speech.speakers.records import SpeakerModels, SpeakersSought, Turn
from assistant.workers.run import Run, Steps
from assistant.workers.service import Service
from assistant.workers.supervisor import Worker

ENGINE = "assistant.speech.speakers.engine:SpeakersEngine"

_IDLE_SECONDS = 30.0
"""A worker that nobody asks for so long ends; it starts within a second."""


def available() -> bool:
    """Whether the library is installed; asking does not load it."""
    return importlib.util.find_spec("sherpa_onnx") is not None


class SpeakersService(Service):
    """The parent's side. Its process is not that of dictation: the library keeps Python from running, and
    models that lie about themselves end it.
    """

    def __init__(self) -> None:
        super().__init__(Worker(ENGINE, name="The speakers worker", idle_seconds=_IDLE_SECONDS))

    def find(
        self,
        file: Path,
        models: SpeakerModels,
        count: int = 0,
        *,
        on_report: Callable[[SpeakersSought], None] | None = None,
    ) -> Run[tuple[Turn, ...]]:
        """Have it found out who speaks when in a file of sound or video.

        Its run fails with a DocumentError, a ModelError or a WorkerError.

        Args:
            count: how many speak; 0 has it found out.

        Raises:
            NoModel: the library is not installed.
        """
        if not available():
            raise NoModel("speakers-not-installed")

        arguments: dict[str, Any] = {
            "file": str(file),
            "segmentation": str(models.segmentation),
            "embedding": str(models.embedding),
            "count": count,
        }

        def call(steps: Steps) -> tuple[Turn, ...]:
            found: tuple[Turn, ...] = steps.result(
                self._worker.submit, "find", on_report=steps.report, **arguments
            )
            return found

        def work(steps: Steps) -> tuple[Turn, ...]:
            try:
                return call(steps)
            except WorkerCrashed:
                names = f"{models.segmentation.name}, {models.embedding.name}"
                raise ModelUnusable("speaker-models-crashed", names=names) from None
            except WorkerError as error:
                if not error.details.get("restarted"):
                    raise
                return call(steps)  # what was stopped before had kept the process, which is a new one now

        return Run.derived(work, on_report)
