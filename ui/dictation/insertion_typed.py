"""Text into the program that has the focus, typed key by key, on Windows and macOS."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Protocol

from ui.dictation.insertion_outcome import Outcome

ENDS_WITHIN = 2.0
"""Seconds that closing waits for."""
KEYS_LOOKED_AT_EVERY = 0.02
"""Seconds, while the person still holds the global key."""


class Typist(Protocol):
    """What presses keys on a system."""

    def may_type(self) -> bool: ...
    def modifier_is_down(self) -> bool:
        """What is typed meanwhile would be shortcuts."""

    def write(self, delete: int, insert: str) -> bool:
        """Take away so many characters before the cursor, and write. False: the keys were not pressed."""


class TypedInsertion:
    """Carries out one change after the other on a thread of its own. The clipboard is left alone."""

    def __init__(self, tell: Callable[[Outcome, str], object], typist: Typist) -> None:
        """`tell` is called on that thread with what came of each change, and its text."""
        self._tell = tell
        self._typist = typist
        self._changes: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._ending = False
        self._held = False
        self._thread = threading.Thread(target=self._run, name="insertion", daemon=True)
        self._thread.start()

    def prepare(self) -> None:
        """There is nothing to keep."""

    def change(self, delete: int, insert: str) -> None:
        self._changes.put((delete, insert))

    def key_held(self, held: bool) -> None:
        """Whether the person holds the global key."""
        self._held = held

    def close(self) -> None:
        """Gives up what still waits."""
        self._ending = True
        self._changes.put(None)
        self._thread.join(ENDS_WITHIN)

    # --- the thread

    def _run(self) -> None:
        while (change := self._changes.get()) is not None:
            while (self._held or self._typist.modifier_is_down()) and not self._ending:
                time.sleep(KEYS_LOOKED_AT_EVERY)
            if self._ending:
                return
            self._tell(self._carry_out(*change), change[1])

    def _carry_out(self, delete: int, insert: str) -> Outcome:
        if not self._typist.may_type():
            return Outcome.REFUSED
        return Outcome.DONE if self._typist.write(delete, insert) else Outcome.REFUSED
