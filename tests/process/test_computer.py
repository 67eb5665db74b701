"""This computer is looked at in processes of their own: what hangs or crashes there costs only the answer."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import Cancelled
from assistant.graphics_cards import GraphicsCard
from assistant.jobs import CancelToken
from assistant.models.fit import computer, devices
from assistant.models.fit.computer import ThisComputer
from assistant.models.fit.records import Device, MeasuredPace, Probe
from assistant.workers.child import CallContext
from assistant.workers.run import Run

GB = 2**30
PACE = MeasuredPace(threads=2, bytes_read=(("q4_K", 1e10),), operations=(("q4_K", 1e11),))


def probe(found: tuple[Device, ...] = (), pace: MeasuredPace = PACE) -> Callable[[CancelToken], Probe]:
    return lambda _: Probe(found, pace, ("AVX2",))


def looking(folder: Path, asked: Callable[[CancelToken], Probe] | None = None) -> ThisComputer:
    return ThisComputer(folder, folder / "computer.json", asked or probe(), lambda: [os.getpid()])


class Hangs:
    def __init__(self, emit: object) -> None:
        pass

    def cards(self, context: CallContext) -> tuple[GraphicsCard, ...]:
        time.sleep(600)
        return ()


class Crashes(Hangs):
    def cards(self, context: CallContext) -> tuple[GraphicsCard, ...]:
        os.abort()


class HasOne(Hangs):
    def cards(self, context: CallContext) -> tuple[GraphicsCard, ...]:
        return (GraphicsCard("NVIDIA", "NVIDIA Test", 8 * GB, 7 * GB),)


def instead(monkeypatch: pytest.MonkeyPatch, engine: type) -> None:
    monkeypatch.setattr(devices, "__name__", __name__)
    monkeypatch.setattr(devices, "SystemDevices", engine)


def test_what_was_measured_is_kept_for_this_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = looking(tmp_path)
    assert first.now().pace is None
    found = first.look()
    assert found.pace == PACE
    assert found.hardware.memory_total == found.room.memory_total > 0
    assert 0 < found.returnable < found.ours, "this process stands for an engine here"
    assert looking(tmp_path).now().pace == PACE
    monkeypatch.setattr(computer.hardware, "processor_name", lambda: "another one")
    assert looking(tmp_path).now().pace is None


def test_what_was_measured_while_it_was_busy_is_forgotten(tmp_path: Path) -> None:
    busy = MeasuredPace(2, (("q4_K", 3e9), ("f16", 5e9)), (("q4_K", 4e11),), 2e-6)
    looking(tmp_path, probe(pace=MeasuredPace(2, PACE.bytes_read, PACE.operations, 1e-6))).look()
    pace = looking(tmp_path, probe(pace=busy)).look().pace
    assert pace == MeasuredPace(2, (("q4_K", 1e10), ("f16", 5e9)), (("q4_K", 4e11),), 1e-6)


@pytest.mark.parametrize("rubbish", [b"", b"{", b'{"key": 5}', b"\xff\xfe"])
def test_rubbish_in_its_place_is_measured_anew(tmp_path: Path, rubbish: bytes) -> None:
    (tmp_path / "computer.json").write_bytes(rubbish)
    assert looking(tmp_path).now().pace is None
    assert looking(tmp_path).look().pace == PACE


def test_a_card_that_the_engine_does_not_know_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead(monkeypatch, HasOne)
    (device,) = looking(tmp_path).look().devices
    assert (device.name, device.usable, device.note) == ("NVIDIA Test", False, devices.UNUSABLE)
    (device,) = looking(tmp_path, probe((Device("NVIDIA Test", 8 * GB, 8 * GB),))).look().devices
    assert (device.usable, device.free) == (True, 7 * GB)


@pytest.mark.allow_log("The look at graphics cards (did not respond|crashed|was stopped)")
@pytest.mark.parametrize("engine", [Hangs, Crashes])
def test_a_driver_that_hangs_or_crashes_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: type
) -> None:
    instead(monkeypatch, engine)
    monkeypatch.setattr(computer, "_DRIVER_SECONDS", 0.3)
    found = looking(tmp_path).look()
    assert (found.pace, found.devices) == (PACE, ())


def test_closing_ends_the_look_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instead(monkeypatch, Hangs)
    probing = threading.Event()

    def probe_until_stopped(token: CancelToken) -> Probe:
        probing.set()
        assert token.wait(60)
        raise Cancelled

    this = looking(tmp_path, probe_until_stopped)
    run = Run.derived(lambda _: this.look())
    assert probing.wait(60)
    this.close()
    assert not multiprocessing.active_children()
    with pytest.raises(Cancelled):
        run.result(60)
    with pytest.raises(Cancelled):
        this.look()
