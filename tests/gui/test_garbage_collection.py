"""Widgets that refer to each other are deleted on the window's thread, never on another one."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.shell import garbage_collection
from ui.shell.garbage_collection import GarbageCollection


class Circle:
    """Only the garbage collector finds it."""

    def __init__(self, deleted_on: list[threading.Thread]) -> None:
        self.itself = self
        self._deleted_on = deleted_on

    def __del__(self) -> None:
        self._deleted_on.append(threading.current_thread())


@pytest.fixture
def collection(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[GarbageCollection]:
    monkeypatch.setattr(garbage_collection, "EVERY_MS", 20)
    collection = GarbageCollection()
    yield collection
    collection.end()
    assert gc.isenabled()


def test_another_thread_collects_nothing(collection: GarbageCollection, qtbot: QtBot) -> None:
    deleted_on: list[threading.Thread] = []
    Circle(deleted_on)

    def make_much() -> None:
        for _ in range(20):
            assert len([[] for _ in range(10_000)]) == 10_000

    thread = threading.Thread(target=make_much)
    thread.start()
    thread.join()
    assert not deleted_on
    kept = [[] for _ in range(2_000)]  # as much as Python itself waits for
    qtbot.waitUntil(lambda: bool(deleted_on))
    assert deleted_on == [threading.main_thread()]
    assert len(kept) == 2_000
