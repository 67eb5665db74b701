"""The parent's side of one worker, whatever it does."""

from __future__ import annotations

from assistant.workers.supervisor import Worker


class Service:
    """Starts nothing by itself; the first call does, or `start`."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def start(self) -> None:
        """Warm the worker up in the background: it may take seconds."""
        self._worker.start()

    def close(self) -> None:
        """Stop the worker, which brings to the disk what it holds."""
        self._worker.stop()

    def rest(self) -> bool:
        """Have the worker give back its memory, if it has nothing to do; true if it did.

        The next call starts it again.
        """
        return self._worker.rest()

    @property
    def idle_since(self) -> float:
        """When the worker had something to do last (time.monotonic); 0 while there is none."""
        return self._worker.idle_since

    def guard_level(self) -> str:
        """The network guard's level in the worker; "" while it does not run."""
        return self._worker.guard_level

    @property
    def pid(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.pid
