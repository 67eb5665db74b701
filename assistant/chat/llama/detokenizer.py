"""From bytes as a model writes them to the text that a person sees: whole characters, no stop words."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Sequence

from assistant.chat.llama.thinking import ThinkingSplitter
from assistant.chat.records import TextDelta

_TOGETHER_SECONDS = 0.03
"""Pieces are sent at most so often: at 200 tokens a second, six at a time."""


class Detokenizer:
    """One answer as it grows."""

    def __init__(
        self,
        thoughts: ThinkingSplitter,
        stop: Sequence[str],
        on_piece: Callable[[TextDelta], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._thoughts = thoughts
        self._stop = [word for word in stop if word]
        self._on_piece = on_piece
        self._clock = clock
        self._held = ""
        """The end of the answer that may become a stop word."""
        self._answer: list[str] = []
        self._thinking: list[str] = []
        self._unsent: list[str] = []
        self._unsent_thinking = False
        self._sent_at = -1.0
        self.stopped = False
        """A stop word came; it and what follows is no part of the text."""

    @property
    def text(self) -> str:
        return "".join(self._answer)

    @property
    def thinking(self) -> str:
        return "".join(self._thinking).strip()

    @property
    def inside_thoughts(self) -> bool:
        return self._thoughts.inside

    def feed(self, data: bytes) -> None:
        """The next token's bytes."""
        text = self._decoder.decode(data)
        if text:
            self._take(self._thoughts.feed(text))

    def finish(self) -> None:
        """Nothing follows: give what was held back."""
        if not self.stopped:
            rest = self._decoder.decode(b"", True)
            self._take(self._thoughts.feed(rest) if rest else [])
            self._take(self._thoughts.finish())
        if not self.stopped:
            held, self._held = self._held, ""
            self._give(held, False)
        self._send()

    def _take(self, parts: Sequence[tuple[str, bool]]) -> None:
        for text, thinking in parts:
            if self.stopped:
                return
            if thinking:
                self._give(text, True)
            else:
                self._answer_with(text)

    def _answer_with(self, text: str) -> None:
        text, self._held = self._held + text, ""
        found = [index for word in self._stop if (index := text.find(word)) >= 0]
        if found:
            self.stopped = True
            self._give(text[: min(found)], False)
            return
        for length in range(min(max(map(len, self._stop), default=0) - 1, len(text)), 0, -1):
            if any(word.startswith(text[-length:]) for word in self._stop):
                text, self._held = text[:-length], text[-length:]
                break
        self._give(text, False)

    def _give(self, text: str, thinking: bool) -> None:
        if not text:
            return
        (self._thinking if thinking else self._answer).append(text)
        if self._unsent and self._unsent_thinking != thinking:
            self._send()
        self._unsent.append(text)
        self._unsent_thinking = thinking
        if self._clock() - self._sent_at >= _TOGETHER_SECONDS:
            self._send()

    def _send(self) -> None:
        if self._unsent:
            self._on_piece(TextDelta("".join(self._unsent), self._unsent_thinking))
            self._unsent.clear()
            self._sent_at = self._clock()
