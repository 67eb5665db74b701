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
        self._problems: dict[object, Problem] = {}
        """By who is held: what succeeds elsewhere does not end that."""

    @property
    def paused(self) -> bool:
        return self._paused

    @property
    def held(self) -> Problem | None:
        """Why nothing goes on although the person did not pause."""
        with self._changed:
            return next(iter(self._problems.values()), None)

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

    def hold(self, problem: Problem | None, holder: object = None) -> None:
        """Say why nothing goes on, or that it does again, as far as this holder knows."""
        with self._changed:
            before = self.held
            if problem is None:
                self._problems.pop(holder, None)
            else:
                self._problems[holder] = problem
            changed = self.held != before
        if changed:
            self._on_change()

    def with_retries(self, action: Callable[[], T], token: CancelToken | None = None) -> T:
        """Do it; while the disk is full, say so and try again until there is room.

        Raises:
            Cancelled: the gate was closed, or `token` cancelled.
            StorageError: the store fails for another reason, again and again.
        """
        holder = object()
        try:
            return self._tried(action, token, holder)
        finally:
            self.hold(None, holder)

    def _tried(self, action: Callable[[], T], token: CancelToken | None, holder: object) -> T:
        tries = 0
        while True:
            try:
                return action()
            except DiskFull as error:
                self.hold(error.problem, holder)
            except StorageError as error:
                tries += 1
                if tries == _TRIES:
                    raise
                log.warning("%s It is tried again.", error)
            if self.closing.wait(_AGAIN_S if token is None else _LOOK_S):
                raise Cancelled
            if token is not None:
                token.raise_if_cancelled()
