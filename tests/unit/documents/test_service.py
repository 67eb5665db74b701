"""What the parent does about a worker that dies: go on, stay paused, and give up what kills it for ever."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from assistant.documents.embedder_records import EmbedderChange, EmbedderStatus, EmbedderStep
from assistant.documents.embedders.embedder_estimate import (
    BUILTIN_SHAPE,
    WORKER_MEMORY,
    EmbedderShape,
    memory,
)
from assistant.documents.event_records import (
    IndexingState,
    IndexingStatus,
    RecognitionState,
    RecognitionStatus,
)
from assistant.documents.service import DocumentsService
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.store import Store
from assistant.errors import (
    Cancelled,
    ModelTooLarge,
    Problem,
    UserInputError,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
)
from tests.told import told
from tests.unit.fake_worker import FakeWorker

SEGFAULT = told(WorkerCrashed, "It crashed.", "", {"signal": "SIGSEGV"})
KILLED = told(WorkerCrashed, "It was killed.", "", {"signal": "SIGKILL"})


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def service(tmp_path: Path, worker: FakeWorker) -> DocumentsService:
    service = DocumentsService(tmp_path)
    service._worker = worker  # type: ignore[assignment]
    return service


def at_work(document: int, pages_done: int) -> IndexingStatus:
    return IndexingStatus(IndexingState.RUNNING, document, "Title", pages_done)


@pytest.mark.allow_log("is given up")
def test_a_document_that_kills_the_worker_again_and_again_is_given_up(
    service: DocumentsService, worker: FakeWorker
) -> None:
    for _ in range(2):
        service._on_event(at_work(7, 3))
        service._on_restart(SEGFAULT)
    assert worker.methods == []
    service._on_event(at_work(7, 3))
    service._on_restart(told(WorkerOutOfMemory, "Too much."))
    method, arguments, _ = worker.calls[-1]
    assert (method, arguments["document"]) == ("give_up", 7)


@pytest.mark.parametrize("error", [KILLED, told(WorkerStartFailed, "No."), told(WorkerError, "Restarted.")])
def test_deaths_that_no_document_causes_do_not_count(
    service: DocumentsService, worker: FakeWorker, error: WorkerError
) -> None:
    for _ in range(10):
        service._on_event(at_work(7, 3))
        service._on_restart(error)
    assert worker.methods == []


def test_progress_and_idleness_clear_the_suspicion(service: DocumentsService, worker: FakeWorker) -> None:
    for pages_done in range(10):
        service._on_event(at_work(7, pages_done))
        service._on_restart(SEGFAULT)
    for _ in range(5):
        service._on_event(IndexingStatus(IndexingState.IDLE))
        service._on_restart(SEGFAULT)
    assert worker.methods == []


def changing(chunks_done: int, held: Problem | None = None) -> EmbedderStatus:
    change = EmbedderChange("e5", "E5", EmbedderStep.EMBEDDING, chunks_done, 100, None, held)
    return EmbedderStatus("built-in", "Built in", ("en",), change)


def recognising(page: int | None, notice: Problem | None = None) -> RecognitionStatus:
    state = RecognitionState.WAITING if page is None else RecognitionState.RUNNING
    return RecognitionStatus(state, None if page is None else 7, "Title", page, 3, 1, notice=notice)


@pytest.mark.allow_log("is given up")
@pytest.mark.parametrize(
    ("steps", "method", "what"),
    [
        ([changing(chunks) for chunks in (16, 32, 32, 48)], "give_up_embedder", ("id", "e5")),
        ([recognising(page) for page in (1, 2, 2, 3)], "give_up_recognition", ("document", 7)),
    ],
    ids=["embedder", "recognition"],
)
def test_what_kills_the_worker_again_and_again_at_one_step_is_given_up(
    service: DocumentsService,
    worker: FakeWorker,
    steps: Sequence[object],
    method: str,
    what: tuple[str, object],
) -> None:
    for step in steps:
        service._on_event(step)
        service._on_restart(SEGFAULT)
    service._on_event(steps[1])
    service._on_restart(KILLED)  # from outside
    assert worker.methods == []
    service._on_event(steps[1])
    service._on_restart(SEGFAULT)
    called, arguments, _ = worker.calls[-1]
    assert (called, arguments[what[0]]) == (method, what[1])


def test_a_worker_that_recognises_is_not_idle_and_a_pause_outlives_it(
    service: DocumentsService, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "stop_if_idle", lambda: True, raising=False)
    service._on_event(recognising(1))
    assert not service.stop_if_idle()
    service._on_event(recognising(None))
    assert service.stop_if_idle()
    service.pause_recognition()
    service._on_restart(KILLED)
    service.resume_recognition()
    service._on_restart(KILLED)
    assert worker.methods == ["pause_recognition", "pause_recognition", "resume_recognition"]


def test_how_scans_are_recognised_is_told_to_this_worker_and_to_the_next(
    tmp_path: Path, service: DocumentsService, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = DocumentsService(tmp_path / "other")
    other.set_recognition(["de"], "mains")
    assert other.pid is None
    assert (
        other._worker._spec.arguments | {"languages": ("de",), "when": "mains"}
        == other._worker._spec.arguments
    )
    monkeypatch.setattr(worker, "pid", 5, raising=False)
    service.set_recognition([], "off")
    assert worker.calls[-1][:2] == ("set_recognition", {"languages": (), "when": "off"})


class Engines:
    """Notes for what room is made."""

    def __init__(self) -> None:
        self.needed: list[int] = []
        self.made = threading.Event()

    def make_room(self, needed: int, asking: object = None) -> bool:
        self.needed.append(needed)
        self.made.set()
        return True


def test_other_engines_make_room_for_an_embedder(tmp_path: Path) -> None:
    engines = Engines()
    service = DocumentsService(tmp_path, engines=engines)  # type: ignore[arg-type]
    service._on_event(changing(16))
    assert engines.needed == []
    details = {"name": "E5", "needed": 600_000_000, "free": 5}
    service._on_event(changing(16, Problem(ModelTooLarge.code, "embedder-no-room", details)))
    assert engines.made.wait(5)
    assert engines.needed == [600_000_000]
    engines.made.clear()
    service._on_event(
        recognising(None, Problem(ModelTooLarge.code, "recognition-no-room", {"needed": 9, "free": 5}))
    )
    assert engines.made.wait(5)
    assert engines.needed.pop() == 9
    killed = Problem(ModelTooLarge.code, "embedder-conversion-killed", {})
    service._on_event(changing(16, killed))  # nobody knows how much it needed
    assert engines.needed == [600_000_000]


def test_a_worker_that_makes_vectors_is_not_idle(
    service: DocumentsService, worker: FakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "stop_if_idle", lambda: True, raising=False)
    assert service.stop_if_idle()
    service._on_event(changing(16))
    assert not service.stop_if_idle()
    service.pause()
    assert service.stop_if_idle()
    service.resume()
    service._on_event(EmbedderStatus("e5", "E5", ("mul",)))
    assert service.stop_if_idle()


def test_the_memory_is_that_of_the_embedders_in_use(tmp_path: Path) -> None:
    service = DocumentsService(tmp_path / "documents", embedders=tmp_path / "embedders")
    assert service._memory() == WORKER_MEMORY + memory(BUILTIN_SHAPE)
    assert service.known_embedders() == (None, None)
    with closing(Store(tmp_path / "documents")) as store:
        store.set_active_embedder(KnownEmbedder("other", "Other", "other-1"))
        store.set_next_embedder(KnownEmbedder("e5", "E5"))
    folder = tmp_path / "embedders/other-1"
    folder.mkdir(parents=True)
    sizes = {"num_hidden_layers": 24, "hidden_size": 1024, "intermediate_size": 4096, "vocab_size": 250_002}
    (folder / "config.json").write_text(json.dumps(sizes))
    assert service._memory() == WORKER_MEMORY + memory(EmbedderShape(24, 1024, 4096, 250_002))
    with pytest.raises(UserInputError, match="cannot be removed"):
        service.check_unused("e5")
    service.check_unused("other")


def test_a_pause_outlives_the_worker(service: DocumentsService, worker: FakeWorker) -> None:
    service.pause()
    service._on_restart(KILLED)
    assert worker.methods == ["pause", "pause"]
    service.resume()
    service._on_restart(KILLED)
    assert worker.methods == ["pause", "pause", "resume"]


def test_looking_is_done_again_when_the_worker_dies_and_changing_is_not(
    service: DocumentsService, worker: FakeWorker
) -> None:
    listing = service.documents()
    worker.answer(error=KILLED)
    assert not listing.done()
    worker.answer(value=())
    assert listing.result(1) == ()
    assert worker.methods == ["documents", "documents"]
    removing = service.remove([1])
    worker.answer(error=KILLED)
    with pytest.raises(WorkerCrashed):
        removing.result(1)


def test_not_for_ever(service: DocumentsService, worker: FakeWorker) -> None:
    listing = service.documents()
    worker.answer(error=KILLED)
    worker.answer(error=SEGFAULT)
    with pytest.raises(WorkerCrashed):
        listing.result(1)
    starting = service.documents()
    worker.answer(error=told(WorkerStartFailed, "No."))
    with pytest.raises(WorkerStartFailed):
        starting.result(1)


def test_cancelling_reaches_the_call_that_is_under_way(service: DocumentsService, worker: FakeWorker) -> None:
    waiting = service.wait()
    worker.answer(error=KILLED)
    worker.wait_for_call()
    waiting.cancel()
    with pytest.raises(Cancelled):
        waiting.result(1)
    assert worker.cancelled == [worker.calls[-1][2]]


def test_paths_are_those_of_the_person(
    service: DocumentsService, worker: FakeWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "12").write_text("A file that is called like an id.")
    service.add(["a.txt", Path("b") / ".." / "c.txt"])
    assert worker.calls[-1][1]["paths"] == [str(tmp_path / "a.txt"), str(tmp_path / "c.txt")]
    service.remove(["a.txt", "12", "13", 14])
    assert worker.calls[-1][1]["targets"] == [str(tmp_path / "a.txt"), str(tmp_path / "12"), "13", 14]
