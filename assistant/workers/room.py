"""Engines that have nothing to do make room for one that needs memory."""

from __future__ import annotations

from collections.abc import Callable

from assistant import hardware
from assistant.workers.service import Service


def free_memory() -> int:
    """Bytes that may be taken without others being swapped out; 0 if that cannot be told."""
    return hardware.memory()[1]


class Room:
    """Knows the engines of this process. Its methods may be called from any thread."""

    def __init__(self, free: Callable[[], int] = free_memory) -> None:
        self._free = free
        self._services: list[Service] = []

    def add(self, service: Service) -> None:
        self._services.append(service)

    def make(self, needed: int, asking: Service | None = None) -> bool:
        """Have engines other than the asking one end until `needed` bytes are free, the longest idle first.

        An engine that is at work stays. What has ended starts again with the next call. True if any ended.
        """
        ended = False
        for service in sorted(self._services, key=lambda each: each.idle_since):
            if 0 < self._free() < needed and service is not asking:
                ended |= service.rest()
        return ended
