"""Speech that is made up: a phrase each second, from wherever it begins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssistantError, WorkerCrashed
from assistant.speech.records import Decoding, Segment, SegmentsFound, SpeechModelInfo, Transcript
from assistant.speech.speakers.records import SpeakersSought, Turn
from assistant.workers.run import Run, Steps

MODEL = SpeechModelInfo("/model", "tiny", ("en",), False, "int8", "cpu", 2)


class ScriptedSpeech:
    """Phrases "0", "1", … up to `length`; a file whose name has an error fails with it half-way."""

    def __init__(self, length: int = 5, errors: dict[str, AssistantError] | None = None) -> None:
        self.length = length
        self.errors = errors or {}
        self.asked: list[tuple[str, float, str]] = []
        self.crashes: list[int] = []
        """Phrases before which the worker dies, each once."""
        self.may_pass = threading.Semaphore(0)
        """Held by tests that stop it on its way."""
        self.held_at: float | None = None
        self.waits = threading.Event()

    def transcribe(
        self,
        file: Path,
        model: Path,
        decoding: Decoding = Decoding(),  # noqa: B008 - as the service has it
        *,
        start: float = 0.0,
        on_report: Callable[[SegmentsFound], None] | None = None,
    ) -> Run[tuple[Transcript, SpeechModelInfo]]:
        self.asked.append((file.name, start, decoding.language))

        def work(steps: Steps) -> tuple[Transcript, SpeechModelInfo]:
            found = []
            for number in range(round(start), self.length):
                if number == self.held_at:
                    self.waits.set()
                    while not self.may_pass.acquire(timeout=0.01):
                        steps.token.raise_if_cancelled()
                steps.token.raise_if_cancelled()
                if number in self.crashes:
                    self.crashes.remove(number)
                    raise WorkerCrashed("worker-crashed", name="The speech worker", how="was killed")
                if file.name in self.errors and number >= self.length // 2:
                    raise self.errors[file.name]
                segment = Segment(number + 0.1, number + 0.9, str(number))
                found.append(segment)
                steps.report(SegmentsFound((segment,), number + 1.0, float(self.length), "en"))
            return Transcript(tuple(found), "en", float(self.length)), MODEL

        return Run.derived(work, on_report)


class ScriptedSpeakers:
    """Two, who speak in turn for a second each; one alone where no more are asked for."""

    def __init__(self) -> None:
        self.models = True
        self.error: AssistantError | None = None
        self.asked: list[tuple[str, int]] = []
        self.holds = False
        """Until it is stopped."""
        self.waits = threading.Event()
        self.turns = tuple(Turn(float(second), second + 1.0, second % 2) for second in range(5))

    def __call__(
        self, file: Path, count: int, on_report: Callable[[SpeakersSought], None]
    ) -> Run[tuple[Turn, ...]]:
        self.asked.append((file.name, count))

        def work(steps: Steps) -> tuple[Turn, ...]:
            steps.report(SpeakersSought(2.5, 5.0))
            self.waits.set()
            while self.holds:
                steps.token.raise_if_cancelled()
                steps.token.wait(0.01)
            if self.error is not None:
                raise self.error
            return self.turns if count != 1 else (Turn(0, 5, 0),)

        return Run.derived(work, on_report)
