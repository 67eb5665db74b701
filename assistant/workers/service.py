"""The parent's side of one worker, whatever it does, and how idle ones make room for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant import hardware
from assistant.errors import ModelTooLarge
from assistant.workers.run import Steps
from assistant.workers.supervisor import Worker


class Service:
    """Starts nothing by itself; the first call does, or `start`."""

    def __init__(self, worker: Worker, engines: Engines | None = None) -> None:
        """Args:
        engines: those that make room for a model.
        """
        self._worker = worker
        self._engines = engines

    def start(self) -> None:
        """Warm the worker up in the background: it may take seconds."""
        self._worker.start()

    def close(self) -> None:
        """Stop the worker, which brings to the disk what it holds."""
        self._worker.stop()

    def stop_if_idle(self) -> bool:
        """Have the worker give back its memory, if it has nothing to do; true if it did.

        The next call starts it again.
        """
        return self._worker.stop_if_idle()

    @property
    def idle_since(self) -> float:
        """When the worker had something to do last (time.monotonic); 0 while there is none."""
        return self._worker.idle_since

    @property
    def pid(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.pid

    def _call_with_room(self, steps: Steps, method: str, **arguments: Any) -> Any:
        """Where the model does not fit, other engines make room and it is tried once more."""
        try:
            return steps.result(self._worker.submit, method, on_report=steps.report, **arguments)
        except ModelTooLarge as error:
            if self._engines is None or not self._engines.make_room(error.details["needed"], self):
                raise
        return steps.result(self._worker.submit, method, on_report=steps.report, **arguments)


def free_memory() -> int:
    """Bytes that may be taken without others being swapped out; 0 if that cannot be told."""
    return hardware.memory()[1]


class Engines:
    """The engines of this process. Its methods may be called from any thread."""

    def __init__(self, free: Callable[[], int] = free_memory) -> None:
        self._free = free
        self._services: list[Service] = []

    def add(self, service: Service) -> None:
        self._services.append(service)

    def processes(self) -> list[int]:
        """Those that run, by their ids."""
        return [pid for service in self._services if (pid := service.pid) is not None]

    def make_room(self, needed: int, asking: Service | None = None) -> bool:
        """Have engines other than the asking one end until `needed` bytes are free, the longest idle first.

        An engine that is at work stays. What has ended starts again with the next call. True if any ended.
        """
        ended = False
        for service in sorted(self._services, key=lambda each: each.idle_since):
            if 0 < self._free() < needed and service is not asking:
                ended |= service.stop_if_idle()
        return ended
