"""The parts whose pictures are being recognised just now, in the order in which they are stored."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from assistant.documents.files.fingerprints import current_file
from assistant.documents.recognition.part_recogniser import Looked
from assistant.documents.store.rows import PartToRecognise
from assistant.errors import DocumentGone
from assistant.jobs import CancelToken

Look = Callable[[PartToRecognise, CancelToken], Looked | None]


@dataclass(frozen=True, eq=False, slots=True)
class InHand:
    task: PartToRecognise
    token: CancelToken
    password: str | None
    """That was known when it was begun."""
    began: float
    looked: Future[Looked | None]
    """None where its file is gone, or another one than was read."""


class PartsInHand:
    """What changes it is called with one lock held."""

    def __init__(self, at_once: int, look: Look, on_looked: Callable[[], None]) -> None:
        """
        Args:
            at_once: so many are recognised at the same time.
            look: is called for each, on threads of its own.
            on_looked: is called after it.
        """
        self._threads = ThreadPoolExecutor(at_once, "recognising-part")
        self._look = look
        self._on_looked = on_looked
        self._parts: list[InHand] = []
        self._most = 2 * at_once - 1
        """One more than two: a short page need not wait for the long one before it."""

    @property
    def first(self) -> InHand | None:
        parts = self._parts[:1]
        return parts[0] if parts else None

    @property
    def tasks(self) -> list[PartToRecognise]:
        return [each.task for each in self._parts]

    @property
    def full(self) -> bool:
        return len(self._parts) >= self._most

    def begin(self, task: PartToRecognise, password: str | None) -> None:
        token = CancelToken()
        looked = self._threads.submit(self._look, task, token)
        self._parts.append(InHand(task, token, password, time.monotonic(), looked))
        looked.add_done_callback(lambda _: self._on_looked())

    def remove(self, part: InHand) -> None:
        self._parts.remove(part)

    def let_go(self, documents: Collection[int] | None = None) -> None:
        """Stop what is in hand of these documents, or all."""
        for each in self._parts:
            if documents is None or each.task.document in documents:
                each.token.cancel()

    def close(self) -> None:
        self.let_go()
        self._threads.shutdown(wait=False)


def stands_as_read(task: PartToRecognise) -> bool:
    """Whether the file is there, and the same that was read."""
    try:
        seen = current_file(task.path)
    except DocumentGone:
        return False
    return (seen.size, seen.mtime_ns) == (task.size, task.mtime_ns)
