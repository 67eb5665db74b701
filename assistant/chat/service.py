"""What the program asks of the chat worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from assistant.chat.records import (
    Completion,
    ComputerProfile,
    LoadOptions,
    LoadRequest,
    Message,
    ModelInfo,
    PromptProgress,
    Request,
    TextDelta,
)
from assistant.errors import ModelTooLarge, ModelUnusable, NoModel, WorkerCrashed
from assistant.jobs import CancelToken, Progress
from assistant.models.fit.memory_estimate import CONVERSATION
from assistant.models.fit.records import Measured, Probe, Speed
from assistant.workers.run import Run, Steps
from assistant.workers.service import Engines, Service
from assistant.workers.supervisor import Worker

ENGINE = "assistant.chat.engine:ChatEngine"
PROBE_ENGINE = "assistant.chat.engine:ProbeEngine"

_DEFAULTS = LoadOptions()
_PROBE_SECONDS = 20.0
"""A driver that takes longer is taken to hang."""
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
        engines: Engines | None = None,
        profile: Callable[[], ComputerProfile] = ComputerProfile,
        projector_of: Callable[[Path], Path | None] = lambda _: None,
        on_measured: Callable[[Measured], None] | None = None,
    ) -> None:
        """Starts nothing; the first call does, or `start`.

        Args:
            folder: for what the worker keeps.
            engines: those that make room for a model.
            profile: asked before each load.
            projector_of: asked with each call for what lets a model see pictures.
            on_measured: told after each load and each answer what they took, on a thread of the run.
        """
        self._profile = profile
        self._projector_of = projector_of
        self._crashing: set[Path] = set()
        """Projectors that the worker crashed over; models are loaded without them."""
        self._on_measured = on_measured
        self._lock = threading.Lock()
        self._wanted: tuple[str, LoadOptions] | None = None
        self._info: ModelInfo | None = None
        self._loading: Run[ModelInfo] | None = None
        super().__init__(
            Worker(ENGINE, {"folder": folder}, name="The chat worker", idle_seconds=_IDLE_SECONDS), engines
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

        def give_up() -> None:
            with self._lock:
                if self._wanted is wanted:  # and not the same model, asked for once more
                    self._wanted, self._info = before

        def work(steps: Steps) -> ModelInfo:
            try:
                info = self._load(steps, wanted)
            except Exception as error:
                if not _came_from_outside(error):
                    give_up()
                raise
            self._learn(info, wanted)
            return info

        self._loading = Run.derived(work, on_report, give_up)
        return self._loading

    def _load(self, steps: Steps, wanted: tuple[str, LoadOptions]) -> ModelInfo:
        """Where the worker crashes, once more without what lets the model see: the model can chat without."""
        try:
            info: ModelInfo = self._call(steps, "load", wanted)
            return info
        except WorkerCrashed as error:
            projector = self._projector(wanted)
            if projector is None or _came_from_outside(error):
                raise
            self._crashing.add(projector)
        info = self._call(steps, "load", wanted)
        return replace(info, note=ModelUnusable("projector-crashes", name=projector.name).problem)

    def _projector(self, wanted: tuple[str, LoadOptions]) -> Path | None:
        projector = self._projector_of(Path(wanted[0]))
        return None if projector in self._crashing else projector

    def unload(self) -> Run[None]:
        """Give the model's memory back. A load that has not ended is stopped."""
        if self._loading is not None:
            self._loading.cancel()
        with self._lock:
            self._wanted = self._info = None
        return self._worker.submit("unload")

    def complete(
        self,
        request: Request,
        *,
        model: Path | None = None,
        options: LoadOptions = _DEFAULTS,
        on_report: Callable[[PromptProgress | TextDelta], None] | None = None,
    ) -> Run[Completion]:
        """Have the model answer. `Run.cancel` stops it within a fifth of a second.

        Its run fails with NoModel, PromptTooLong, TemplateRefused or a WorkerError.

        Args:
            model: answers this once, loaded so if need be; the next answer is that of the one before again.
        """
        wanted = (str(model.absolute()), options) if model is not None else self._wanted

        def work(steps: Steps) -> Completion:
            completion, info = self._call(steps, "complete", wanted, request=request)
            self._learn(info, wanted)
            return cast(Completion, completion)

        return Run.derived(work, on_report)

    def log_odds(
        self, request: Request, *, on_report: Callable[[PromptProgress], None] | None = None
    ) -> Run[float]:
        """How much likelier an answer begins with yes than with no, as a natural logarithm.

        Its run fails as that of `complete`.
        """
        wanted = self._wanted

        def work(steps: Steps) -> float:
            odds, info = self._call(steps, "log_odds", wanted, request=request)
            self._learn(info, wanted)
            return cast(float, odds)

        return Run.derived(work, on_report)

    def count(self, texts: Sequence[str]) -> Run[tuple[int, ...]]:
        """How many tokens each text has for the model that is loaded."""
        wanted = self._wanted
        return Run.derived(lambda steps: self._call(steps, "count", wanted, texts=tuple(texts)))

    def render(self, messages: Sequence[Message]) -> Run[str]:
        """The prompt that a conversation becomes with the loaded model's template."""
        wanted = self._wanted
        return Run.derived(lambda steps: self._call(steps, "render", wanted, messages=tuple(messages)))

    def probe(self, token: CancelToken) -> Probe:
        """Look at what the engine can use of this computer, in a process of its own without a model.

        Raises:
            WorkerError: a driver crashed it, or hangs.
            Cancelled: it was stopped.
        """
        worker = Worker(PROBE_ENGINE, name="The look at what the chat engine can use")
        try:
            run: Run[Probe] = worker.submit("probe", time_limit=_PROBE_SECONDS)
            token.when_cancelled(run.cancel)
            return run.result()
        finally:
            worker.stop()

    def _learn(self, info: ModelInfo, wanted: tuple[str, LoadOptions] | None) -> None:
        with self._lock:
            if self._wanted == wanted:
                self._info = info
        if self._on_measured is not None:
            self._on_measured(measured(info, time.time()))

    def _call(
        self, steps: Steps, method: str, wanted: tuple[str, LoadOptions] | None, **arguments: Any
    ) -> Any:
        """A call for a model. Where that does not fit, other engines make room and it is tried once more."""
        if wanted is None:
            raise NoModel("no-model-loaded")
        least_context = CONVERSATION if self._engines is not None else 0
        projector = self._projector(wanted)
        model = LoadRequest(*wanted, self._profile(), least_context, str(projector or ""))
        try:
            return steps.result(self._worker.submit, method, on_report=steps.report, model=model, **arguments)
        except ModelTooLarge as error:
            if self._engines is None or error.details["least_context"] == 0:
                raise
            self._engines.make_room(error.details["needed"], self)
        model = replace(model, least_context=0)
        return steps.result(self._worker.submit, method, on_report=steps.report, model=model, **arguments)


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


def _came_from_outside(error: Exception) -> bool:
    """Whether the worker was killed by somebody: then the model is not to blame, and may be tried again."""
    return isinstance(error, WorkerCrashed) and error.details.get("signal") == "SIGKILL"
