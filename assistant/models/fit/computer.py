"""What this computer has: looked at each time where that is quick, and measured once where it is not."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from assistant import atomic_write, hardware
from assistant.errors import WorkerError
from assistant.graphics_cards import GraphicsCard
from assistant.jobs import CancelToken
from assistant.models.fit import devices
from assistant.models.fit.records import Computer, Device, MeasuredPace, Probe
from assistant.workers.supervisor import Worker

_DRIVER_SECONDS = 10.0
"""A driver that has not answered by then is taken for one that hangs."""
_ENGINE = "llama-cpp-python"
"""Package whose version what was measured depends on."""
_METHOD = "2"
"""Version of how it is measured: what another one measured is worth nothing."""

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Cached:
    """The last probe, and all that it depends on."""

    key: tuple[str, ...]
    probe: Probe
    devices: tuple[Device, ...]


@cache
def _adapter() -> TypeAdapter[_Cached]:
    """Made when there is something to read or write: it takes a while."""
    return TypeAdapter(_Cached)


class ThisComputer:
    def __init__(
        self,
        home: Path,
        cache: Path,
        probe: Callable[[CancelToken], Probe],
        workers: Callable[[], Sequence[int]],
    ) -> None:
        """Starts nothing.

        Args:
            home: the data folder.
            cache: a file for what was measured; it can be deleted.
            probe: has the chat engine say what it can use, in a process that is gone when it returns.
            workers: the processes of the program's engines.
        """
        self._home = home
        self._file = cache
        self._probe = probe
        self._workers = workers
        self._looking = threading.Lock()
        self._closing = CancelToken()
        self._known = self._read()
        self._devices = self._known.devices if self._known else ()

    def now(self) -> Computer:
        """At once, with what was measured before."""
        found = hardware.look(self._home)
        engines = [hardware.resident(pid) for pid in self._workers()]
        known = self._known
        if known and not found.instructions:
            found = replace(found, instructions=known.probe.instructions)
        own, _ = hardware.resident(os.getpid())
        return Computer(
            hardware=found,
            devices=self._devices,
            pace=self.pace,
            ours=own + sum(held for held, _ in engines),
            returnable=sum(held - mapped for held, mapped in engines),
            used_instructions=known.probe.instructions if known else (),
        )

    @property
    def pace(self) -> MeasuredPace | None:
        return self._known.probe.pace if self._known else None

    def look(self) -> Computer:
        """With graphics devices and speed looked at anew, which takes about a second.

        What crashes or hangs on the way is left out. One look at a time: two would slow each other down.

        Raises:
            Cancelled: it was closed.
        """
        with self._looking:
            self._closing.raise_if_cancelled()
            return self._look()

    def close(self) -> None:
        """End the look in hand; its processes are gone when this returns."""
        self._closing.cancel()
        with self._looking:
            pass

    def _look(self) -> Computer:
        system = Worker(
            f"{devices.__name__}:{devices.SystemDevices.__name__}", name="The look at graphics cards"
        )
        try:
            asked = system.submit("cards", time_limit=_DRIVER_SECONDS)
            self._closing.when_cancelled(asked.cancel)
            probe = _or_none(lambda: self._probe(self._closing))
            cards: tuple[GraphicsCard, ...] = _or_none(asked.result) or ()
        finally:
            system.stop()
        self._devices = devices.join(probe.devices if probe else (), cards)
        if probe is not None:
            if self._known is not None:
                probe = replace(probe, pace=_best(self._known.probe.pace, probe.pace))
            self._known = _Cached(_key(), probe, self._devices)
            self._write(self._known)
        return self.now()

    def _read(self) -> _Cached | None:
        try:
            kept = _adapter().validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return None
        return kept if kept.key == _key() else None

    def _write(self, kept: _Cached) -> None:
        try:
            atomic_write.write(self._file, _adapter().dump_json(kept).decode())
        except OSError as error:
            log.info("what was measured is not kept: %s", error)


def _or_none(found: Callable[[], T]) -> T | None:
    try:
        return found()
    except WorkerError as error:
        log.info("looking at this computer: %s", error)
        return None


def _best(one: MeasuredPace, other: MeasuredPace) -> MeasuredPace:
    """What was reached at either time: a computer that was busy when it was measured is not a slow one."""

    def best(
        some: tuple[tuple[str, float], ...], more: tuple[tuple[str, float], ...]
    ) -> tuple[tuple[str, float], ...]:
        known = dict(some)
        return tuple((kind, max(value, known.get(kind, 0.0))) for kind, value in more)

    return MeasuredPace(
        other.threads,
        best(one.bytes_read, other.bytes_read),
        best(one.operations, other.operations),
        min(one.step_seconds, other.step_seconds),
    )


def _key() -> tuple[str, ...]:
    return (
        _METHOD,
        hardware.processor_name(),
        str(hardware.usable_cores()),
        metadata.version(_ENGINE),
    )
