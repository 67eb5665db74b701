"""Where the threads of indexing wait: while the person has paused it, and while the disk is full."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from assistant.errors import Cancelled, DiskFull, Problem, StorageError
from assistant.jobs import CancelToken

log = logging.getLogger(__name__)

T = TypeVar("T")

_AGAIN_S = 2.0
"""How long after a full disk it is tried again."""
_LOOK_S = 0.2
"""How soon it is noticed while waiting that a token was cancelled."""
_TRIES = 3
"""For failures of the store other than a full disk, which may pass."""


class PauseGate:
    """Open, paused by the person, held by a problem, or closed for good."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._changed = threading.Condition()
        self._paused = False
        self.closing = CancelToken()
        self.held: Problem | None = None
        """Why nothing goes on although the person did not pause."""

    @property
    def paused(self) -> bool:
        return self._paused

    def pause(self) -> None:
        self._set(True)

    def resume(self) -> None:
        self._set(False)

    def _set(self, paused: bool) -> None:
        with self._changed:
            self._paused = paused
            self._changed.notify_all()
        self._on_change()

    def close(self) -> None:
        self.closing.cancel()
        with self._changed:
            self._changed.notify_all()

    def wait_open(self, token: CancelToken | None = None) -> bool:
        """Wait while paused; false once closed, or when `token` was cancelled."""

        def ended() -> bool:
            return self.closing.cancelled or (token is not None and token.cancelled)

        with self._changed:
            while self._paused and not ended():
                self._changed.wait(None if token is None else _LOOK_S)
        return not ended()

    def hold(self, problem: Problem | None) -> None:
        """Say why nothing goes on, or that it does again."""
        if problem != self.held:
            self.held = problem
            self._on_change()

    def with_retries(self, action: Callable[[], T], token: CancelToken | None = None) -> T:
        """Do it; while the disk is full, say so and try again until there is room.

        Raises:
            Cancelled: the gate was closed, or `token` cancelled.
            StorageError: the store fails for another reason, again and again.
        """
        tries = 0
        while True:
            try:
                result = action()
            except DiskFull as error:
                self.hold(error.problem)
            except StorageError as error:
                tries += 1
                if tries == _TRIES:
                    raise
                log.warning("%s It is tried again.", error)
            else:
                self.hold(None)
                return result
            if self.closing.wait(_AGAIN_S if token is None else _LOOK_S):
                raise Cancelled
            if token is not None:
                token.raise_if_cancelled()
