"""What the parent does around a call of the chat worker: the model it is for, room for it, and Stop."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from assistant.chat.records import (
    ComputerProfile,
    LoadOptions,
    LoadRequest,
    Message,
    ModelInfo,
    Request,
    Role,
)
from assistant.chat.service import ChatService
from assistant.errors import Cancelled, ModelTooLarge, ModelUnusable, NoModel, WorkerCrashed
from assistant.workers.service import Engines, Service
from tests.told import told
from tests.unit.fake_worker import PATIENCE, FakeWorker

TOO_LARGE = told(ModelTooLarge, "It does not fit.", "", {"needed": 8 * 2**30, "least_context": 4096})


class SlowEngines(Engines):
    """Other engines take their time to end."""

    def __init__(self) -> None:
        super().__init__()
        self.making, self.made = threading.Event(), threading.Event()
        self.wanted: list[int] = []

    def make_room(self, needed: int, asking: Service | None = None) -> bool:
        self.wanted.append(needed)
        self.making.set()
        assert self.made.wait(PATIENCE)
        return True


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def engines() -> SlowEngines:
    return SlowEngines()


@pytest.fixture
def chat(tmp_path: Path, worker: FakeWorker, engines: SlowEngines) -> ChatService:
    chat = ChatService(tmp_path, engines=engines)
    chat._worker = worker  # type: ignore[assignment]
    return chat


def info(path: Path) -> ModelInfo:
    return ModelInfo(str(path), "Small", "llama", 1, 1, 512, 512, 1, 0, "f16", None, False, None, 0.0, 0.0)


def asked(worker: FakeWorker) -> LoadRequest:
    """The model of the last call."""
    model = worker.calls[-1][1]["model"]
    assert isinstance(model, LoadRequest)
    return model


def test_others_make_room_for_a_model_and_it_is_tried_once_more(
    chat: ChatService, worker: FakeWorker, engines: SlowEngines, tmp_path: Path
) -> None:
    engines.made.set()
    loading = chat.load(tmp_path / "a.gguf")
    worker.wait_for_call()
    assert asked(worker).least_context > 0
    worker.answer(error=TOO_LARGE)
    worker.wait_for_call()
    assert asked(worker).least_context == 0, "a small context is better than none"
    worker.answer(value=info(tmp_path / "a.gguf"))
    assert loading.result(PATIENCE).path == str(tmp_path / "a.gguf")
    assert worker.methods == ["load", "load"]
    assert engines.wanted == [8 * 2**30]


def test_a_load_that_is_stopped_while_others_make_room_loads_nothing(
    chat: ChatService, worker: FakeWorker, engines: SlowEngines, tmp_path: Path
) -> None:
    loading = chat.load(tmp_path / "a.gguf")
    worker.answer(error=TOO_LARGE)
    assert engines.making.wait(PATIENCE)
    loading.cancel()
    with pytest.raises(Cancelled):
        loading.result(0)
    with pytest.raises(NoModel):
        chat.count(["word"]).result(PATIENCE)
    engines.made.set()
    with pytest.raises(AssertionError):
        worker.wait_for_call(seconds=0.5)
    assert worker.methods == ["load"]


def test_unloading_stops_a_load_that_has_not_reached_the_worker(
    chat: ChatService, worker: FakeWorker, tmp_path: Path
) -> None:
    slow, asked_for = threading.Event(), chat._profile

    def profile() -> ComputerProfile:
        assert slow.wait(PATIENCE)
        return asked_for()

    chat._profile = profile
    loading = chat.load(tmp_path / "a.gguf")
    unloading = chat.unload()
    slow.set()
    worker.answer()
    unloading.result(PATIENCE)
    with pytest.raises(Cancelled):
        loading.result(PATIENCE)
    assert (worker.methods, chat.loaded) == (["unload"], None)


def test_a_load_that_was_stopped_does_not_undo_the_same_one_asked_for_again(
    chat: ChatService, worker: FakeWorker, engines: SlowEngines, tmp_path: Path
) -> None:
    stopped = chat.load(tmp_path / "a.gguf")
    worker.answer(error=TOO_LARGE)
    assert engines.making.wait(PATIENCE)
    stopped.cancel()
    again = chat.load(tmp_path / "a.gguf")
    worker.wait_for_call()
    engines.made.set()
    time.sleep(0.3)  # the one that was stopped goes to its end
    worker.answer(value=info(tmp_path / "a.gguf"))
    again.result(PATIENCE)
    assert chat.loaded == info(tmp_path / "a.gguf")


def test_a_load_that_fails_leaves_the_model_before(
    chat: ChatService, worker: FakeWorker, tmp_path: Path
) -> None:
    first = chat.load(tmp_path / "a.gguf")
    worker.answer(value=info(tmp_path / "a.gguf"))
    first.result(PATIENCE)
    second = chat.load(tmp_path / "b.gguf")
    worker.answer(error=told(ModelUnusable, "It is damaged."))
    with pytest.raises(ModelUnusable):
        second.result(PATIENCE)
    assert chat.loaded == info(tmp_path / "a.gguf")
    chat.count(["word"])
    worker.wait_for_call()
    assert asked(worker).path == str(tmp_path / "a.gguf")
    worker.answer(value=(1,))


def test_another_model_may_answer_once(chat: ChatService, worker: FakeWorker, tmp_path: Path) -> None:
    kept, other = tmp_path / "a.gguf", tmp_path / "b.gguf"
    loading = chat.load(kept)
    worker.wait_for_call()
    worker.answer(info(kept))
    loading.result(PATIENCE)
    request = Request("", (Message(Role.USER, "Hello"),))
    once = chat.complete(request, model=other, options=LoadOptions(threads=2))
    worker.wait_for_call()
    assert (asked(worker).path, asked(worker).options) == (str(other), LoadOptions(threads=2))
    worker.answer(error=NoModel("no-model-loaded"))
    with pytest.raises(NoModel):
        once.result(PATIENCE)
    assert chat.loaded is not None
    assert chat.loaded.path == str(kept)
    again = chat.complete(request)
    worker.wait_for_call()
    assert asked(worker).path == str(kept)
    again.cancel()


def test_a_model_that_crashes_over_what_lets_it_see_is_loaded_without(
    tmp_path: Path, worker: FakeWorker
) -> None:
    chat = ChatService(tmp_path, projector_of=lambda _: tmp_path / "eyes.gguf")
    chat._worker = worker  # type: ignore[assignment]
    crash = told(WorkerCrashed, "It crashed.", "", {"signal": "SIGABRT"})
    loading = chat.load(tmp_path / "a.gguf")
    worker.wait_for_call()
    assert asked(worker).projector == str(tmp_path / "eyes.gguf")
    worker.answer(error=crash)
    worker.wait_for_call()
    assert asked(worker).projector == ""
    worker.answer(info(tmp_path / "a.gguf"))
    note = loading.result(PATIENCE).note
    assert note is not None
    assert note.reason == "projector-crashes"
    assert chat.loaded is not None

    chat.complete(Request("", (Message(Role.USER, "Hello"),)))
    worker.wait_for_call()
    assert asked(worker).projector == ""
    worker.answer(error=crash)


def test_a_worker_that_was_killed_is_no_fault_of_what_lets_the_model_see(
    tmp_path: Path, worker: FakeWorker
) -> None:
    chat = ChatService(tmp_path, projector_of=lambda _: tmp_path / "eyes.gguf")
    chat._worker = worker  # type: ignore[assignment]
    loading = chat.load(tmp_path / "a.gguf")
    worker.wait_for_call()
    worker.answer(error=told(WorkerCrashed, "It was killed.", "", {"signal": "SIGKILL"}))
    with pytest.raises(WorkerCrashed):
        loading.result(PATIENCE)
