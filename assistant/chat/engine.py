"""The chat engine: runs in a process of its own and is the only file that imports llama_cpp."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

# Before the library is loaded. Its threads wait for each other some hundred times a token, by default turning
# in circles for milliseconds: when another program takes a processor, they keep it from the very thread that
# they wait for. Measured on two busy cores: 3 tokens/s, and 135 when they soon go to sleep instead.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

import llama_cpp.llama_cpp as lib

from assistant import hardware
from assistant.chat.llama import load_plan, peak_memory, speed_probe
from assistant.chat.llama.bindings import Context, Log, Model
from assistant.chat.llama.ggml import load_backends
from assistant.chat.llama.load_plan import LoadPlan
from assistant.chat.llama.pictures import Projector
from assistant.chat.llama.session import Session, state_key
from assistant.chat.llama.state_cache import StateCache
from assistant.chat.records import (
    Completion,
    ComputerProfile,
    LoadOptions,
    LoadRequest,
    Message,
    ModelInfo,
    Request,
)
from assistant.errors import ModelTooLarge, ModelUnusable, NoModel, Problem
from assistant.jobs import CancelToken, Progress, turn
from assistant.models.files import gguf, model_shape, projectors
from assistant.models.files.records import Shape
from assistant.models.fit import speed_estimate
from assistant.models.fit.records import AvailableMemory, Probe, Speed
from assistant.workers.child import CallContext

_SAVE_SECONDS = 3.0
"""So long after an answer its state is written to disk, if nobody asks meanwhile."""


class ChatEngine:
    """One model at a time. Calls wait for each other; only `count` and `render` go beside an answer."""

    def __init__(self, folder: Path, emit: Callable[[Any], None]) -> None:
        """Args:
        folder: for the states of conversations; made when there is something to keep.
        """
        self._folder = folder / "states"
        self._lock = threading.Lock()
        self._vocabulary_lock = threading.Lock()
        """Held by whoever needs the vocabulary for a moment, and while a model is put away."""
        self._loaded: Session | None = None
        self._wanted: tuple[str, LoadOptions, str] | None = None
        self._timer: threading.Timer | None = None
        load_backends(lib)
        lib.llama_backend_init()
        self._log = Log(lib)

    # --- calls

    def load(self, context: CallContext, model: LoadRequest) -> ModelInfo:
        """Put away the model that is loaded and load this one; reports Progress in hundredths.

        Raises:
            NoModel, ModelUnusable, ModelTooLarge: and no model is loaded.
            Cancelled: likewise.
        """
        with self._turn(context.token):
            return self._load(context, model).info

    def unload(self, context: CallContext) -> None:
        """Give the memory back."""
        with self._turn(context.token):
            self._unload()

    def complete(
        self, context: CallContext, request: Request, model: LoadRequest
    ) -> tuple[Completion, ModelInfo]:
        """Answer; reports PromptProgress and TextDelta. Loads the model first if another one is loaded."""
        with self._turn(context.token):
            loaded = self._ensure(context, model)
            try:
                completion = loaded.complete(request, context.token, context.report)
                loaded.record_memory(peak_memory.peak())
                return completion, loaded.info
            finally:
                self._save_soon()

    def log_odds(self, context: CallContext, request: Request, model: LoadRequest) -> tuple[float, ModelInfo]:
        """How much likelier an answer begins with yes than with no; reports PromptProgress."""
        with self._turn(context.token):
            loaded = self._ensure(context, model)
            return loaded.log_odds(request, context.token, context.report), loaded.info

    def count(self, context: CallContext, texts: Sequence[str], model: LoadRequest) -> tuple[int, ...]:
        """How many tokens each text has."""
        with self._vocabulary(context, model) as loaded:
            return tuple(len(loaded.model.tokens(text, special=False, beginning=False)) for text in texts)

    def render(self, context: CallContext, messages: Sequence[Message], model: LoadRequest) -> str:
        """The prompt that a conversation becomes."""
        with self._vocabulary(context, model) as loaded:
            return loaded.prompts.text(messages)

    def close(self) -> None:
        """Write the state of the last conversation down; the process ends after this."""
        if self._lock.acquire(timeout=1.0) and self._loaded is not None:
            self._loaded.save_state()

    # --- one after the other

    @contextmanager
    def _turn(self, token: CancelToken) -> Iterator[None]:
        with turn(self._lock, token):
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            yield

    @contextmanager
    def _vocabulary(self, context: CallContext, model: LoadRequest) -> Iterator[Session]:
        while True:
            with self._vocabulary_lock:
                if self._loaded is not None and self._wanted == _key(model):
                    yield self._loaded
                    return
            with self._turn(context.token):
                self._ensure(context, model)

    def _save_soon(self) -> None:
        self._timer = threading.Timer(_SAVE_SECONDS, self._save)
        self._timer.daemon = True
        self._timer.start()

    def _save(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                if self._loaded is not None:
                    self._loaded.save_state()
            finally:
                self._lock.release()

    # --- loading

    def _ensure(self, context: CallContext, model: LoadRequest) -> Session:
        if self._loaded is not None and self._wanted == _key(model):
            return self._loaded
        quiet = CallContext(context.token)
        return self._load(quiet, model)

    def _unload(self) -> None:
        loaded = self._loaded
        if loaded is None:
            return
        loaded.save_state()
        with self._vocabulary_lock:
            self._loaded = self._wanted = None
            loaded.close()

    def _load(self, context: CallContext, model: LoadRequest) -> Session:
        file, options, profile = Path(model.path), model.options, model.profile
        context.report(Progress("Loading the model", 0, 100))
        header = _checked(gguf.read(file))
        adapter = _adapter(options, header)
        eyes, note = _projector(model.projector)
        self._unload()
        peak_memory.reset_peak()
        total, free = hardware.memory()
        available = AvailableMemory(total, free, tuple(speed_probe.devices(lib)))

        def planned(options: LoadOptions) -> LoadPlan:
            correction = profile.corrections.memory
            return load_plan.plan(file.name, shape, options, available, correction, model.least_context)

        shape = model_shape.shape(header)
        if eyes is not None:
            shape = replace(shape, projector=projectors.facts(eyes).memory)
        try:
            plan = planned(options)
        except ModelTooLarge:
            if eyes is None or model.least_context:  # there may be more memory soon
                raise
            shape, note, eyes = replace(shape, projector=0), _no_room(eyes), None
            plan = planned(options)
        hundredths = -1

        def on_progress(share: float) -> bool:
            nonlocal hundredths
            if int(share * 95) > hundredths and not context.token.cancelled:
                hundredths = int(share * 95)
                context.report(Progress("Loading the model", hundredths, 100))
            return not context.token.cancelled

        with ExitStack() as undo:
            weights = Model(lib, self._log, file, plan=plan, on_progress=on_progress)
            undo.callback(weights.close)
            projector = None
            if eyes is not None:
                try:
                    projector = self._see(eyes, weights, plan)
                    undo.callback(projector.close)
                    if (batch := projector.least_batch()) > plan.setting.batch:
                        plan = planned(replace(options, batch=batch))
                except ModelUnusable as error:  # it can chat without
                    note = error.problem
            memory = Context(lib, self._log, weights, file, plan)
            undo.callback(memory.close)
            if adapter is not None:
                memory.use_adapter(self._log, adapter, options.adapter_scale)
            states = StateCache(
                self._folder, state_key(file, plan, options, projector.path if projector else None)
            )
            loaded = Session(
                lib,
                weights,
                memory,
                header,
                plan,
                _expected(shape, plan, profile),
                profile.corrections,
                adapter=options.adapter,
                states=states,
                projector=projector,
                note=note,
            )
            context.report(Progress("Measuring how fast it is", 97, 100))
            loaded.measure(context.token)
            loaded.record_memory(peak_memory.peak())
            undo.pop_all()
        self._loaded, self._wanted = loaded, _key(model)
        return loaded

    def _see(self, header: gguf.Header, weights: Model, plan: LoadPlan) -> Projector:
        # Imported where it is wanted: it takes time and memory, and most models see nothing.
        try:
            from llama_cpp import mtmd_cpp
        except (ImportError, OSError, RuntimeError) as error:
            raise ModelUnusable("projector-not-loaded", name=header.path.name) from error
        return Projector(mtmd_cpp, lib, self._log, header, weights, plan)


def _key(model: LoadRequest) -> tuple[str, LoadOptions, str]:
    return model.path, model.options, model.projector


def _projector(path: str) -> tuple[gguf.Header | None, Problem | None]:
    """Its header, or why it cannot be used."""
    if not path:
        return None, None
    try:
        header = gguf.read(Path(path))
        if header.architecture != "clip":
            raise ModelUnusable("not-a-projector", name=header.path.name)
    except ModelUnusable as error:
        return None, error.problem
    return header, None


def _no_room(projector: gguf.Header) -> Problem:
    return ModelUnusable("projector-too-large", name=projector.path.name).problem


def _checked(header: gguf.Header) -> gguf.Header:
    if not header.path.name:
        raise NoModel("no-model-file-chosen")
    if header.kind == "adapter":
        raise ModelUnusable("model-is-adapter", name=header.path.name)
    if not header.architecture or not header.tensors:
        raise ModelUnusable("model-file-without-model", name=header.path.name)
    return header


def _adapter(options: LoadOptions, base: gguf.Header) -> Path | None:
    if options.adapter is None:
        return None
    header = gguf.read(Path(options.adapter))
    if header.kind != "adapter":
        raise ModelUnusable("not-an-adapter", name=header.path.name)
    if header.architecture != base.architecture:
        made_for, model = header.architecture, base.architecture
        raise ModelUnusable(
            "adapter-for-another-family", name=header.path.name, family=made_for, model_family=model
        )
    return header.path


def _expected(shape: Shape, plan: LoadPlan, profile: ComputerProfile) -> Speed:
    """How fast it should be; 0 where this computer was not measured, or a device does the work."""
    if profile.pace is None or plan.setting.gpu_layers:
        return Speed(0.0, 0.0)
    return speed_estimate.expected(shape, plan.setting, profile.pace, corrections=profile.corrections)


class ProbeEngine:
    """Looks at this computer in a process of its own, which may hang or crash in a driver."""

    def __init__(self, emit: Callable[[Any], None]) -> None:
        load_backends(lib)
        lib.llama_backend_init()
        self._log = Log(lib)

    def probe(self, context: CallContext) -> Probe:
        return speed_probe.probe(lib, hardware.usable_cores())
