"""Results and events reach the GUI thread in order, once, and only while they are wanted."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import QThread
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from assistant.documents.event_records import DocumentsChanged, IndexingState, IndexingStatus
from assistant.errors import Cancelled, DiskFull, Problem
from tests.gui.doubles import Pending, document
from tests.told import told
from ui.common.thread_bridge import ThreadBridge


@pytest.fixture
def bridge(qapp: object) -> ThreadBridge:
    return ThreadBridge()


def on_a_thread(work: Any) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_result_of_another_thread_arrives_on_the_gui_thread(bridge: ThreadBridge, qtbot: QtBot) -> None:
    arrived: list[Any] = []
    run = Pending()
    bridge.follow(run, lambda value: arrived.append((value, QThread.currentThread())))
    on_a_thread(lambda: run.finish(7))
    assert not arrived, "not on the thread that finished the run"
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [(7, bridge.thread())]


def test_results_keep_their_order(bridge: ThreadBridge, qtbot: QtBot) -> None:
    arrived: list[int] = []
    for number in range(50):
        bridge.follow(Pending().finish(number), arrived.append)
    qtbot.waitUntil(lambda: len(arrived) == 50)
    assert arrived == list(range(50))


def test_a_dropped_run_is_heard_of_no_more(bridge: ThreadBridge) -> None:
    arrived: list[Any] = []
    run = Pending()
    following = bridge.follow(run, arrived.append, arrived.append)
    run.finish(1)
    following.drop()  # it has ended, but its result is still on the way
    QTest.qWait(20)
    assert not arrived
    assert not run.cancelled


def test_a_cancelled_run_is_told_so_and_heard_of_no_more(bridge: ThreadBridge) -> None:
    arrived: list[Any] = []
    run = Pending()
    bridge.follow(run, arrived.append, arrived.append).cancel()
    QTest.qWait(20)
    assert run.cancelled
    assert not arrived


def test_stopping_is_not_an_error(bridge: ThreadBridge) -> None:
    arrived: list[Any] = []
    bridge.failed.connect(arrived.append)
    bridge.follow(Pending().fail(Cancelled()), arrived.append, arrived.append)
    QTest.qWait(20)
    assert not arrived


def test_an_error_goes_to_who_asked_or_else_to_everybody(bridge: ThreadBridge, qtbot: QtBot) -> None:
    mine: list[Any] = []
    everybody: list[Any] = []
    bridge.failed.connect(everybody.append)
    full = told(DiskFull, "The disk is full.")
    bridge.follow(Pending().fail(full), lambda _: None, mine.append)
    bridge.follow(Pending().fail(full), lambda _: None)
    qtbot.waitUntil(lambda: bool(everybody))
    assert mine == [full]
    assert everybody == [full]


@pytest.mark.allow_log("a failure that nobody handled")
def test_a_defect_in_a_callback_is_told(bridge: ThreadBridge, qtbot: QtBot) -> None:
    everybody: list[Any] = []
    bridge.failed.connect(everybody.append)
    bridge.follow(Pending().finish(1), lambda value: value.nothing)
    qtbot.waitUntil(lambda: bool(everybody))
    assert isinstance(everybody[0], AttributeError)


def test_blocking_work_leaves_the_gui_thread(bridge: ThreadBridge, qtbot: QtBot) -> None:
    arrived: list[Any] = []
    bridge.in_background(threading.current_thread, arrived.append)
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived[0] is not threading.current_thread()


def test_relay_carries_reports(bridge: ThreadBridge, qtbot: QtBot) -> None:
    arrived: list[Any] = []
    report = bridge.relay(lambda value: arrived.append((value, QThread.currentThread())))
    on_a_thread(lambda: [report(number) for number in range(3)])
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert arrived == [(number, bridge.thread()) for number in range(3)]


def test_a_flood_of_events_is_one_update(bridge: ThreadBridge, qtbot: QtBot) -> None:
    changes: list[DocumentsChanged] = []
    states: list[IndexingStatus] = []
    bridge.documents_changed.connect(changes.append)
    bridge.indexing.connect(states.append)

    def flood() -> None:
        for number in range(2000):
            bridge.receive(DocumentsChanged((document(1, "a.pdf", pages_done=number),)))
            bridge.receive(IndexingStatus(IndexingState.RUNNING, pages_done=number))
        bridge.receive(DocumentsChanged((document(2, "b.pdf"), document(3, "c.pdf"))))
        bridge.receive(DocumentsChanged((), (2,)))

    on_a_thread(flood)
    qtbot.waitUntil(lambda: bool(states))
    QTest.qWait(250)
    assert len(changes) == 1
    assert len(states) == 1
    assert {row.id: row.pages_done for row in changes[0].documents} == {1: 1999, 3: 12}
    assert changes[0].gone == (2,)
    assert states[0].pages_done == 1999


def test_what_is_gone_and_back_is_there(bridge: ThreadBridge, qtbot: QtBot) -> None:
    changes: list[DocumentsChanged] = []
    bridge.documents_changed.connect(changes.append)
    bridge.receive(DocumentsChanged((), (5,)))
    bridge.receive(DocumentsChanged((document(5, "e.pdf"),)))
    qtbot.waitUntil(lambda: bool(changes))
    assert changes[0].gone == ()
    assert [row.id for row in changes[0].documents] == [5]


def test_what_the_person_should_know_arrives(bridge: ThreadBridge, qtbot: QtBot) -> None:
    problem = Problem("damaged-history", "history-not-readable", {"name": "history.damaged"})
    with qtbot.waitSignal(bridge.noticed) as told:
        on_a_thread(lambda: bridge.receive(problem))
    assert told.args == [problem]
