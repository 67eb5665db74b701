"""What was translated since the program began: sentences half typed are not to be remembered for good."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable

from assistant.translation.memory.memory import Memory
from assistant.translation.memory.records import MemoryKey, Remembered

_MOST = 5000
"""Sentences; older ones go."""


class SessionMemory:
    """Stands before the memory. Any thread may call."""

    def __init__(self, memory: Callable[[], Memory]) -> None:
        self._memory = memory
        self._recent: OrderedDict[tuple[MemoryKey, bool], Remembered] = OrderedDict()
        self._lock = threading.Lock()

    def look_up(self, keys: Iterable[MemoryKey], *, fragments: bool = False) -> dict[MemoryKey, Remembered]:
        """As `Memory.look_up`; what that has comes first: a person may have written it."""
        wanted = list(keys)
        found = self._memory().look_up(wanted, fragments=fragments)
        with self._lock:
            for key in wanted:
                if key not in found and (recent := self._recent.get((key, fragments))) is not None:
                    found[key] = recent
        return found

    def keep(self, entries: Iterable[tuple[MemoryKey, Remembered]], *, fragments: bool = False) -> None:
        """Until the end of the program, or `settle`."""
        with self._lock:
            for key, remembered in entries:
                self._recent[key, fragments] = remembered
                self._recent.move_to_end((key, fragments))
            while len(self._recent) > _MOST:
                self._recent.popitem(last=False)

    def settle(self, sentences: Container[str], target: str) -> None:
        """Have the memory keep these sentences, as they were translated last.

        Raises:
            DiskFull, StorageError: they cannot be written.
        """
        with self._lock:
            settled = [
                place
                for place in self._recent
                if place[0].target_language == target and place[0].sentence in sentences
            ]
            entries = [(key, fragments, self._recent.pop((key, fragments))) for key, fragments in settled]
        for wanted in (False, True):
            if some := [(key, kept) for key, fragments, kept in entries if fragments is wanted]:
                self._memory().keep(some, fragments=wanted)
