"""What the program asks of the chat worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.chat.records import (
    Completion,
    Known,
    LoadOptions,
    LoadRequest,
    Message,
    ModelInfo,
    Piece,
    Reading,
    Request,
)
from assistant.errors import Cancelled, ModelTooLarge, NoModel, WorkerCrashed
from assistant.jobs import JobState, Progress
from assistant.models.fit.memory_estimate import CONVERSATION
from assistant.models.records import Measured, Probe, Speed
from assistant.workers.room import Room
from assistant.workers.service import Service
from assistant.workers.supervisor import Run, Worker

ENGINE = "assistant.chat.engine:ChatEngine"
PROBE_ENGINE = "assistant.chat.engine:ProbeEngine"

_DEFAULTS = LoadOptions()
_PROBE_SECONDS = 20.0
_IDLE_SECONDS = 1800.0
"""A worker that nobody asks for so long gives its memory back; the next call loads the model again."""


class ChatService(Service):
    """The parent's side. Callbacks come on threads of the supervisor.

    Each call carries the model that it is meant for: a worker that has been restarted, after a crash or a
    long rest, loads it before it answers.
    """

    def __init__(
        self,
        folder: Path,
        *,
        room: Room | None = None,
        known: Callable[[], Known] = Known,
        on_measured: Callable[[Measured], None] | None = None,
    ) -> None:
        """Starts nothing; the first call does, or `start`.

        Args:
            folder: for what the worker keeps.
            room: where other engines make way for a model.
            known: asked before each load.
            on_measured: told after each load and each answer what they took, on a thread of the run.
        """
        self._room = room
        self._known = known
        self._on_measured = on_measured
        self._lock = threading.Lock()
        self._wanted: tuple[str, LoadOptions] | None = None
        self._info: ModelInfo | None = None
        super().__init__(
            Worker(ENGINE, {"folder": folder}, name="The chat worker", idle_seconds=_IDLE_SECONDS)
        )

    @property
    def loaded(self) -> ModelInfo | None:
        """The model that answers, with its speeds as last measured."""
        return self._info

    def load(
        self,
        model: Path,
        options: LoadOptions = _DEFAULTS,
        *,
        on_report: Callable[[Progress], None] | None = None,
    ) -> Run[ModelInfo]:
        """Have a model loaded in place of the one that is.

        If it fails or is stopped, the one before answers on: it is loaded again where it had to make room.
        """
        wanted = (str(Path(model).absolute()), options)
        with self._lock:
            before = self._wanted, self._info
            self._wanted, self._info = wanted, None

        def end(value: Any, error: Exception | None) -> Any:
            with self._lock:
                if self._wanted == wanted and error is None:
                    self._info = value
                elif self._wanted == wanted and not _came_from_outside(error):
                    self._wanted, self._info = before
            if error is None:
                self._tell(value)
            return value

        return self._call("load", end, on_report, wanted)

    def unload(self) -> Run[None]:
        """Give the model's memory back."""
        with self._lock:
            self._wanted = self._info = None
        return self._worker.submit("unload")

    def complete(
        self, request: Request, *, on_report: Callable[[Reading | Piece], None] | None = None
    ) -> Run[Completion]:
        """Have the model answer. `Run.cancel` stops it within a fifth of a second.

        Its run fails with NoModel, PromptTooLong, TemplateRefused or a WorkerError.
        """

        def end(value: Any, error: Exception | None) -> Any:
            if error is not None:
                return None
            completion, info = value
            with self._lock:
                if self._wanted is not None and self._wanted[0] == info.path:
                    self._info = info
            self._tell(info)
            return completion

        return self._with_model("complete", end, on_report, request=request)

    def count(self, texts: Sequence[str]) -> Run[tuple[int, ...]]:
        """How many tokens each text has for the model that is loaded."""
        return self._with_model("count", lambda value, _: value, None, texts=tuple(texts))

    def render(self, messages: Sequence[Message]) -> Run[str]:
        """The prompt that a conversation becomes with the loaded model's template."""
        return self._with_model("render", lambda value, _: value, None, messages=tuple(messages))

    def probe(self) -> Run[Probe]:
        """Have looked at what the engine can use of this computer, in a process of its own without a model.

        Its run fails with a WorkerError if a driver crashes it or hangs.
        """
        worker = Worker(PROBE_ENGINE, name="The look at what the chat engine can use")
        run: Run[Probe] = worker.submit("probe", time_limit=_PROBE_SECONDS)
        run.when_done(lambda _: worker.stop())
        return run

    def _tell(self, info: ModelInfo) -> None:
        if self._on_measured is not None:
            self._on_measured(measured(info, time.time()))

    def _with_model(
        self,
        method: str,
        end: Callable[[Any, Exception | None], Any],
        on_report: Callable[[Any], None] | None,
        **arguments: Any,
    ) -> Run[Any]:
        with self._lock:
            wanted = self._wanted
        if wanted is None:
            run: Run[Any] = Run(0, None, lambda _: None, lambda _run, _count: None)
            error = NoModel("No model is loaded.", "Choose one on the Chat page, or give a model file.")
            run.end(JobState.FAILED, None, error)
            return run
        return self._call(method, end, on_report, wanted, **arguments)

    def _call(
        self,
        method: str,
        end: Callable[[Any, Exception | None], Any],
        on_report: Callable[[Any], None] | None,
        wanted: tuple[str, LoadOptions],
        **arguments: Any,
    ) -> Run[Any]:
        """A call whose result or error goes through `end` before anybody sees it.

        Where a model does not fit, other engines make room and it is tried once more.
        """
        model = LoadRequest(*wanted, self._known())

        def submit(model: LoadRequest) -> Run[Any]:
            return self._worker.submit(method, on_report=on_report, model=model, **arguments)

        inner = submit(replace(model, least_context=CONVERSATION) if self._room is not None else model)
        outer: Run[Any] = Run(inner.id, None, lambda _: inner.cancel(), lambda _run, _count: None)
        outer.begin()

        def ended(run: Run[Any]) -> None:
            nonlocal inner
            try:
                value = run.result(0)
            except Cancelled as error:
                end(None, error)
                outer.end(JobState.CANCELLED, None, error)
            except ModelTooLarge as error:
                if self._room is None or error.details["least_context"] == 0 or outer.done():
                    end(None, error)
                    outer.end(JobState.FAILED, None, error)
                    return
                self._room.make(error.details["needed"], self)
                inner = submit(model)
                inner.when_done(ended)
            except Exception as error:
                end(None, error)
                outer.end(JobState.FAILED, None, error)
            else:
                outer.end(JobState.DONE, end(value, None), None)

        inner.when_done(ended)
        return outer


def measured(info: ModelInfo, when: float) -> Measured:
    """What a loaded model took and did, beside what had been expected."""
    assert info.setting is not None
    return Measured(
        path=info.path,
        name=info.name,
        setting=info.setting,
        predicted=info.memory_predicted,
        measured=info.memory_measured,
        predicted_speed=Speed(info.reading_predicted, info.writing_predicted),
        measured_speed=Speed(info.reading_speed, info.writing_speed),
        when=when,
        corrections=info.corrections,
    )


def _came_from_outside(error: Exception | None) -> bool:
    """Whether the worker was killed by somebody: then the model is not to blame, and may be tried again."""
    return isinstance(error, WorkerCrashed) and error.details.get("signal") == "SIGKILL"
