"""An answer while it is written: every piece of it is on the disk within a second."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from assistant.chat.history.messages import Messages
from assistant.chat.history.records import MessageState, StoredMessage
from assistant.errors import AssistantError

FLUSH_SECONDS = 0.4
"""The first piece that waits is on the disk after so long, and a commit's time."""

log = logging.getLogger(__name__)


class PartialAnswer:
    """Take one from `History.writer`. Any thread may call; `append` never waits for the disk.

    It ends with `finish`. If the program dies before, what was on the disk is there at the next start, in the
    state INTERRUPTED.
    """

    def __init__(
        self,
        store: Messages,
        message: StoredMessage,
        on_end: Callable[[PartialAnswer], None],
    ) -> None:
        """Made by the history. `on_end` is told when it has ended."""
        self.message = message
        self._store = store
        self._on_end = on_end
        self._changed = threading.Condition()
        self._pieces = [message.content] if message.content else []
        self._thoughts = [message.thinking] if message.thinking else []
        self._dirty = False
        self._ended = False
        self._thread: threading.Thread | None = None
        self._writing = threading.Lock()

    @property
    def text(self) -> str:
        """All that was appended."""
        with self._changed:
            return "".join(self._pieces)

    @property
    def thinking(self) -> str:
        with self._changed:
            return "".join(self._thoughts)

    def append(self, text: str, *, thinking: bool = False) -> None:
        """Add the next characters of the answer, or of the thoughts before it."""
        with self._changed:
            if self._ended or not text:
                return
            (self._thoughts if thinking else self._pieces).append(text)
            self._dirty = True
            if self._thread is None:
                self._thread = threading.Thread(target=self._keep, name="partial answer", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(
        self,
        state: MessageState = MessageState.COMPLETE,
        *,
        text: str | None = None,
        thinking: str | None = None,
        model: str | None = None,
        **meta: Any,
    ) -> StoredMessage:
        """Store it as it stands, or as `text` and `thinking` say, and let it be found.

        Raises:
            StorageError: it cannot be written; what was on the disk before stays.
        """
        if not self._end():
            return self._store.message(self.message.id)
        with self._writing:
            return self._store.update_message(
                self.message.id,
                content=self.text if text is None else text,
                thinking=self.thinking if thinking is None else thinking,
                state=state,
                model=model,
                **meta,
            )

    def close(self) -> None:
        """Bring to the disk what is there and leave the answer unfinished; for the end of the program."""
        if self._end():
            self._flush()

    def _end(self) -> bool:
        with self._changed:
            first = not self._ended
            self._ended = True
            self._changed.notify_all()
        if first:
            self._on_end(self)
        return first

    def _keep(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._dirty or self._ended)
                # Pieces come dozens of times a second: they go to the disk together.
                self._changed.wait_for(lambda: self._ended, FLUSH_SECONDS)
                if self._ended:
                    return
            self._flush()

    def _flush(self) -> None:
        with self._writing:
            with self._changed:
                self._dirty = False
                text, thinking = "".join(self._pieces), "".join(self._thoughts)
            try:
                self._store.keep_partial(self.message.id, text, thinking)
            except AssistantError as error:
                # `finish` tries again and tells the person; until then the answer goes on.
                log.warning("A partial answer could not be kept: %s", error.message)
