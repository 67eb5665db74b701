"""The decoding loop of one answer: with prompt lookup, several tokens are drafted and verified in a step."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.chat.llama.bindings import Context, Model
from assistant.chat.llama.detokenizer import Detokenizer
from assistant.chat.llama.prompt_lookup import PromptLookup
from assistant.chat.llama.sampler import Sampler
from assistant.chat.llama.thinking import TAGS
from assistant.chat.records import Finish
from assistant.jobs import CancelToken


class Generation:
    """Writes one answer after what stands in the KV cache."""

    def __init__(
        self,
        model: Model,
        context: Context,
        sampler: Sampler,
        detokenizer: Detokenizer,
        *,
        max_tokens: int | None,
        lookup: PromptLookup | None,
        token: CancelToken,
    ) -> None:
        """Args:
        max_tokens: tokens to write at most; None: as many as fit.
        lookup: drafts what follows; None: one token a step.
        """
        self._model = model
        self._context = context
        self._sampler = sampler
        self._detokenizer = detokenizer
        self._max_tokens = max_tokens
        self._lookup = lookup
        self._token = token
        self.written = 0
        """Tokens so far, thoughts included."""
        self.thinking = 0
        """Those of thoughts."""

    def run(self) -> Finish:
        """Write to the end.

        Raises:
            Cancelled: the run was stopped; what was written stands in the KV cache.
        """
        next_token = self._sampler.sample(self._context)
        while True:
            finish = self._write(next_token)
            if finish is not None:
                return finish
            free = self._context.size - len(self._context.tokens)
            if free < 1:
                return Finish.CONTEXT
            self._token.raise_if_cancelled()
            draft = self._draft(free - 1)
            started = time.perf_counter()
            before = len(self._context.tokens)
            self._context.read([next_token, *draft], outputs=1 + len(draft))
            next_token, finish, accepted = self._verify(draft)
            if accepted < len(draft):
                self._context.truncate(before + 1 + accepted)
            if self._lookup is not None:
                self._lookup.record(time.perf_counter() - started, len(draft), accepted)
            if finish is not None:
                return finish

    def _draft(self, free: int) -> Sequence[int]:
        if self._lookup is None:
            return ()
        if self._max_tokens is not None:
            free = min(free, self._max_tokens - self.written)
        return self._lookup.draft(min(free, self._context.batch - 1))

    def _verify(self, draft: Sequence[int]) -> tuple[int, Finish | None, int]:
        """Sample after each token that was read, as long as it is the drafted one.

        Gives the first token that was not drafted, the end if it came before, and how many were accepted.
        """
        for accepted, drafted in enumerate(draft):
            sampled = self._sampler.sample(self._context, accepted)
            if sampled != drafted:
                return sampled, None, accepted
            finish = self._write(sampled)
            if finish is not None:
                return sampled, finish, accepted
        return self._sampler.sample(self._context, len(draft)), None, len(draft)

    def _write(self, token: int) -> Finish | None:
        if token in self._model.end_tokens:
            return Finish.END
        if self._lookup is not None:
            self._lookup.add(token)
        piece = self._model.piece(token)
        if token not in self._model.control_tokens or piece.decode("utf-8", "replace") in TAGS:
            self._detokenizer.feed(piece)
        self.written += 1
        self.thinking += self._detokenizer.inside_thoughts
        if self._detokenizer.stopped:
            return Finish.STOP_WORD
        if self._max_tokens is not None and self.written >= self._max_tokens:
            return Finish.LENGTH
        return None
