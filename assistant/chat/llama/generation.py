"""The steps in which an answer is written, with or without guesses."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat.llama.bindings import Context, Model, Sampler
from assistant.chat.llama.detokenizer import Detokenizer
from assistant.chat.llama.prompt_lookup import Drafter
from assistant.chat.llama.thinking import MARKS
from assistant.chat.records import Finish
from assistant.jobs import CancelToken


@dataclass(slots=True)
class Count:
    """Tokens written so far."""

    all: int = 0
    thinking: int = 0


class Generation:
    """Writes one answer after what stands in the context's memory."""

    def __init__(
        self,
        model: Model,
        context: Context,
        sampler: Sampler,
        writing: Detokenizer,
        *,
        most: int | None,
        drafter: Drafter | None,
        token: CancelToken,
    ) -> None:
        """Args:
        most: tokens to write at most; None: as many as fit.
        drafter: guesses what follows.
        """
        self._model = model
        self._context = context
        self._sampler = sampler
        self._writing = writing
        self._most = most
        self._drafter = drafter
        self._token = token
        self.count = Count()

    def run(self) -> Finish:
        """Write to the end.

        Raises:
            Cancelled: the run was stopped; what was written stands in the memory.
        """
        next_token = self._sampler.draw(self._context)
        while True:
            finish = self._write(next_token)
            if finish is not None:
                return finish
            free = self._context.size - len(self._context.tokens)
            if free < 1:
                return Finish.CONTEXT
            self._token.raise_if_cancelled()
            guess = self._guess(free - 1)
            started = time.perf_counter()
            before = len(self._context.tokens)
            self._context.read([next_token, *guess], outputs=1 + len(guess))
            next_token, finish, right = self._check(guess)
            if right < len(guess):
                self._context.cut(before + 1 + right)
            if self._drafter is not None:
                self._drafter.note(time.perf_counter() - started, len(guess), right)
            if finish is not None:
                return finish

    def _guess(self, free: int) -> Sequence[int]:
        if self._drafter is None:
            return ()
        if self._most is not None:
            free = min(free, self._most - self.count.all)
        return self._drafter.guess(min(free, self._context.batch - 1))

    def _check(self, guess: Sequence[int]) -> tuple[int, Finish | None, int]:
        """Draw after each token that was read, as long as the guess is right.

        Gives the first token that was not guessed, the end if it came before, and how many were right.
        """
        for right, guessed in enumerate(guess):
            drawn = self._sampler.draw(self._context, right)
            if drawn != guessed:
                return drawn, None, right
            finish = self._write(drawn)
            if finish is not None:
                return drawn, finish, right
        return self._sampler.draw(self._context, len(guess)), None, len(guess)

    def _write(self, token: int) -> Finish | None:
        if token in self._model.ends:
            return Finish.END
        if self._drafter is not None:
            self._drafter.add(token)
        piece = self._model.piece(token)
        if token not in self._model.control or piece.decode("utf-8", "replace") in MARKS:
            self._writing.feed(piece)
        self.count.all += 1
        self.count.thinking += self._writing.inside_thoughts
        if self._writing.stopped:
            return Finish.STOP_WORD
        if self._most is not None and self.count.all >= self._most:
            return Finish.LENGTH
        return None
