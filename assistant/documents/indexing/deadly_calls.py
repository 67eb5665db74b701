"""Calls to a worker that what it is given may kill: files and pictures come from strangers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from assistant.errors import (
    Cancelled,
    WorkerCrashed,
    WorkerError,
    WorkerOutOfMemory,
    WorkerStartFailed,
    WorkerUnresponsive,
)
from assistant.jobs import CancelToken
from assistant.workers.supervisor import Worker

CRASHES = (WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive)
"""Errors after which a worker is started again."""
MOST_CRASHES = 2
"""So often one thing may kill the worker before it counts as failed: once may have been an accident."""
MOST_KILLS = 5
"""So often the worker may be killed from outside over one thing before it counts as its fault after all."""

_Result = TypeVar("_Result")


def call(worker: Worker, method: str, seconds: float, token: CancelToken, **arguments: Any) -> Any:
    """What a method of the worker returns; `seconds` without a sign of life are allowed.

    Raises:
        Cancelled: `token` was cancelled.
    """
    while True:
        token.raise_if_cancelled()
        run = worker.submit(method, time_limit=seconds, **arguments)
        try:
            while True:
                try:
                    return run.result(0.1)
                except TimeoutError:
                    if token.cancelled:
                        run.cancel()
                        raise Cancelled from None
        except (*CRASHES, WorkerStartFailed):
            raise
        except WorkerError as error:
            # Another call was the cause of the restart: this one may simply be made again.
            if not error.details.get("restarted"):
                raise


def tried_again(work: Callable[[], _Result], *, after_hanging: bool) -> _Result:
    """Work, done once more where it kills the worker; `after_hanging`: also where it took too long.

    Raises:
        WorkerCrashed, WorkerOutOfMemory, WorkerUnresponsive: it did so again.
    """
    crashes = kills = 0
    while True:
        try:
            return work()
        except CRASHES as error:
            kills += was_killed(error)
            if was_killed(error) and kills <= MOST_KILLS:
                continue
            crashes += 1
            for_good = isinstance(error, WorkerUnresponsive) and not after_hanging
            if crashes == MOST_CRASHES or for_good:
                raise


def was_killed(error: WorkerError) -> bool:
    """Somebody killed the worker: no file can do that, but for one that uses up the whole memory."""
    return isinstance(error, WorkerCrashed) and error.details.get("signal") == "SIGKILL"


def how(error: WorkerError) -> str:
    """The end of a reason: how the worker died."""
    if isinstance(error, WorkerOutOfMemory):
        return "needs-memory"
    return "takes-too-long" if isinstance(error, WorkerUnresponsive) else "crashes"
