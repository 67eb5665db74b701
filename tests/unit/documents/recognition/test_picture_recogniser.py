"""Pictures that make the vision worker crash, hang or need too much memory."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from assistant.documents.recognition import picture_recogniser
from assistant.documents.recognition.picture_recogniser import PictureRecogniser
from assistant.errors import (
    Cancelled,
    ModelTooLarge,
    UnreadableDocument,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.vision.records import RecognisedPicture, Recogniser, RecognitionOptions

PICTURE = Picture(1, 1, 1, b"\xff")
BLACK = b"\0"
SEEN = RecognisedPicture((), 0, Recogniser.RAPIDOCR, (), 0.0)
CRASH = WorkerCrashed("worker-crashed", name="It", how="SIGSEGV", signal="SIGSEGV")
KILL = WorkerCrashed("worker-crashed", name="It", how="SIGKILL", signal="SIGKILL")
HUNG = WorkerUnresponsive("worker-unresponsive", name="It", seconds=9)
NO_MEMORY = WorkerOutOfMemory("worker-killed-for-memory", name="It")
RESTARTED = WorkerError("worker-restarted", name="It", restarted=True)
NO_START = WorkerStartFailed("worker-not-ready", name="It", seconds=9)


class Worker:
    """Ends each call as the test says; the last answer holds for all that follow."""

    def __init__(self, *answers: Any, pid: int | None = 1) -> None:
        self.answers = list(answers)
        self.pid = pid
        self.calls = 0
        self.cancelled = 0

    def submit(self, method: str, **arguments: Any) -> Worker:
        assert (method, arguments["picture"]) == ("recognise", PICTURE)
        self.calls += 1
        return self

    def result(self, seconds: float) -> Any:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def cancel(self) -> None:
        self.cancelled += 1


def recognise(worker: Worker, token: CancelToken | None = None) -> RecognisedPicture:
    return PictureRecogniser(worker).recognise(  # type: ignore[arg-type]
        PICTURE, RecognitionOptions(), token or CancelToken()
    )


@pytest.mark.parametrize(
    ("answers", "calls"),
    [
        ((SEEN,), 1),
        ((CRASH, SEEN), 2),
        ((KILL, KILL, KILL, CRASH, KILL, SEEN), 6),
        ((RESTARTED,) * 9 + (SEEN,), 10),
    ],
)
def test_one_death_may_be_an_accident_and_kills_come_from_outside(answers: Any, calls: int) -> None:
    worker = Worker(*answers)
    assert recognise(worker) == SEEN
    assert worker.calls == calls


@pytest.mark.parametrize(
    ("answer", "reason", "calls"),
    [
        (CRASH, "picture-crashes", 2),
        (KILL, "picture-crashes", 7),
        (NO_MEMORY, "picture-needs-memory", 2),
        (HUNG, "picture-takes-too-long", 1),
    ],
)
def test_a_picture_that_does_it_again_has_failed(answer: Exception, reason: str, calls: int) -> None:
    worker = Worker(answer)
    with pytest.raises(UnreadableDocument) as failed:
        recognise(worker)
    assert (failed.value.reason, worker.calls) == (reason, calls)


def test_without_a_worker_nothing_is_wrong_with_the_picture() -> None:
    with pytest.raises(WorkerStartFailed):
        recognise(Worker(NO_START))


def test_a_worker_is_only_started_where_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_recogniser.hardware, "memory", lambda: (8 << 30, 100 << 20))
    with pytest.raises(ModelTooLarge) as refused:
        recognise(Worker(SEEN, pid=None))
    assert refused.value.details == {"needed": picture_recogniser.MEMORY, "free": 100 << 20}
    assert recognise(Worker(SEEN)) == SEEN  # it runs already


def test_a_page_in_hand_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    worker = Worker(TimeoutError(), TimeoutError())
    original = worker.result

    def cancelled_meanwhile(seconds: float) -> Any:
        token.cancel()
        return original(seconds)

    monkeypatch.setattr(worker, "result", cancelled_meanwhile)
    with pytest.raises(Cancelled):
        recognise(worker, token)
    assert worker.cancelled == 1


class SharedWorker:
    """Has up to two pictures at once; a black one kills it, and with it the other call."""

    pid = 1

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.running: list[SharedCall] = []
        self.calls = 0

    def submit(self, method: str, picture: Picture, **_: Any) -> SharedCall:
        with self.changed:
            call = SharedCall(self, picture)
            call.others = self.running
            self.running.append(call)
            self.calls += 1
            self.changed.notify_all()
        return call


class SharedCall:
    def __init__(self, worker: SharedWorker, picture: Picture) -> None:
        self.worker, self.picture = worker, picture
        self.others: list[SharedCall] = []

    def result(self, seconds: float) -> RecognisedPicture:
        with self.worker.changed:
            # The first time both meet; where it is alone nobody comes.
            self.worker.changed.wait_for(lambda: len(self.others) == 2, 9 if self.worker.calls <= 2 else 0.2)
            if self.worker.running is self.others:
                self.worker.running = []
        if any(call.picture.pixels == BLACK for call in self.others):
            raise CRASH
        return SEEN


def test_a_crash_counts_against_the_picture_that_does_it_again_when_it_is_alone() -> None:
    worker = SharedWorker()
    recogniser = PictureRecogniser(worker)  # type: ignore[arg-type]
    with ThreadPoolExecutor(2) as threads:
        bad, good = (
            threads.submit(recogniser.recognise, picture, RecognitionOptions(), CancelToken())
            for picture in (replace(PICTURE, pixels=BLACK), PICTURE)
        )
        assert good.result() == SEEN
        with pytest.raises(UnreadableDocument):
            bad.result()
    assert worker.calls == 4
