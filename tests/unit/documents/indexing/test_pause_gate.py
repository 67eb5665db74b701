"""What holds indexing up, and until when that is said."""

from __future__ import annotations

import threading

import pytest

from assistant.documents.indexing import pause_gate
from assistant.documents.indexing.pause_gate import PauseGate
from assistant.errors import DiskFull, StorageError


def test_a_full_disk_is_said_until_what_met_it_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause_gate, "_AGAIN_S", 0.01)
    told: list[str | None] = []
    room, said = threading.Event(), threading.Event()

    def tell() -> None:
        told.append(gate.held and gate.held.code)
        said.set()

    gate = PauseGate(tell)

    def write() -> None:
        if not room.is_set():
            raise DiskFull("document-store-full")

    writing = threading.Thread(target=gate.with_retries, args=(write,))
    writing.start()
    assert said.wait(10)
    for _ in range(3):
        gate.with_retries(lambda: None)  # another thread finds nothing to do
    assert gate.held is not None
    room.set()
    writing.join(10)
    assert gate.held is None
    assert told == ["disk-full", None]


@pytest.mark.allow_log("tried again")
def test_what_is_given_up_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pause_gate, "_AGAIN_S", 0.01)
    gate = PauseGate(lambda: None)
    failures = [DiskFull("document-store-full"), *[StorageError("document-store-full")] * 3]

    def write() -> None:
        raise failures.pop(0)

    with pytest.raises(StorageError):
        gate.with_retries(write)
    assert gate.held is None
