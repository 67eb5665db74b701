"""What the program asks of the speech worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.speech.records import (
    Decoding,
    LivePhrase,
    PhraseDone,
    SegmentsFound,
    SpeechBegan,
    SpeechModelInfo,
    Transcript,
)
from assistant.workers.run import Run
from assistant.workers.service import Engines, Service
from assistant.workers.supervisor import Worker

ENGINE = "assistant.speech.engine:SpeechEngine"

_IDLE_SECONDS = 900.0
"""A worker that nobody asks for so long gives its memory back; the next call loads the model again."""
_DEFAULT = Decoding()


class SpeechService(Service):
    """The parent's side. Callbacks come on threads of the supervisor.

    Each call names the folder of its model: a worker that was restarted loads it before it answers.
    """

    def __init__(self, *, engines: Engines | None = None) -> None:
        """Starts nothing; the first call does, or `start`.

        Args:
            engines: those that make room for a model.
        """
        super().__init__(Worker(ENGINE, name="The speech worker", idle_seconds=_IDLE_SECONDS), engines)

    def load(self, model: Path) -> Run[SpeechModelInfo]:
        """Have a model loaded before it is needed.

        Its run fails with NoModel, ModelUnusable, ModelTooLarge or a WorkerError.
        """
        return Run.derived(lambda steps: self._call_with_room(steps, "load", model=str(model)))

    def unload(self) -> Run[None]:
        """Give the model's memory back."""
        return self._worker.submit("unload")

    def transcribe(
        self,
        file: Path,
        model: Path,
        decoding: Decoding = _DEFAULT,
        *,
        start: float = 0.0,
        on_report: Callable[[SegmentsFound], None] | None = None,
    ) -> Run[tuple[Transcript, SpeechModelInfo]]:
        """Have a file of sound or video written down, from `start` (seconds) on.

        Its run fails with a DocumentError, a ModelError or a WorkerError; what was reported before is right.
        """
        arguments = {"file": str(file), "model": str(model), "decoding": decoding, "start": start}
        return Run.derived(lambda steps: self._call_with_room(steps, "transcribe", **arguments), on_report)

    def dictate(
        self,
        recording: Path,
        model: Path,
        decoding: Decoding = _DEFAULT,
        *,
        start: float = 0.0,
        on_report: Callable[[SpeechBegan | LivePhrase | PhraseDone], None] | None = None,
    ) -> Run[SpeechModelInfo]:
        """Have a recording written down while it grows, from `start` (seconds) on; the run ends when all of
        the finished one is.

        Its run fails with a DocumentError, a ModelError or a WorkerError; the recording stays, and can be
        recognised again.
        """
        arguments = {"recording": str(recording), "model": str(model), "decoding": decoding, "start": start}
        return Run.derived(lambda steps: self._call_with_room(steps, "dictate", **arguments), on_report)
