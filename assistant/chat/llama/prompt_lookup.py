"""Drafts the next tokens by looking up how the last ones went on before: good where an answer copies.

Prompt lookup decoding (A. Saxena, 2023). A draft costs a larger step, so drafting goes on only while it is
measured to be faster than not drafting.
"""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 3
"""Tokens that must be the same before a draft; one fewer is enough for a short one."""
_FIRST_DRAFT = 5
"""Tokens drafted at first; more after a draft that was right to its end, fewer after one that was not."""
_LARGEST_DRAFT = 16
"""Tokens drafted at most."""
_SMALLEST_DRAFT = 2
"""Tokens drafted at least."""
_SHORT_DRAFT = 2
"""Tokens drafted after a match of one token fewer."""
_PLAIN_STEPS = 3
"""Steps without a draft, to know what they cost."""
_PAUSE = 32
"""Steps without a draft after drafting did not pay; twice as many each time."""
_LONGEST_PAUSE = 1024
"""Steps of the longest such pause."""
_DECAY = 0.9
"""What earlier steps count beside one more."""


class DraftSpeeds:
    """What steps with and without a draft have cost; kept for as long as a model is loaded."""

    def __init__(self) -> None:
        self.plain_seconds = self.plain_tokens = 0.0
        self.draft_seconds = self.draft_tokens = 0.0
        self.drafts = 0.0
        self.draft_length = _FIRST_DRAFT
        self._pause = 0
        self._next_pause = _PAUSE

    def should_draft(self) -> bool:
        """Whether to draft at this step; after a time in which it did not pay, not for a while."""
        if not self.known:
            return False
        if self._pause:
            self._pause -= 1
            return False
        if self.pays:
            return True
        self._pause, self._next_pause = self._next_pause, min(2 * self._next_pause, _LONGEST_PAUSE)
        # Tried anew afterwards: answers differ in how much they copy.
        self.drafts = self.draft_seconds = self.draft_tokens = 0.0
        return False

    def record(self, seconds: float, tokens: int, drafted: int) -> None:
        """A step took so long and gave so many tokens; so many had been drafted."""
        if drafted:
            if tokens > drafted:
                self.draft_length = min(_LARGEST_DRAFT, self.draft_length + 2)
            else:
                self.draft_length = max(_SMALLEST_DRAFT, self.draft_length - 1)
            self.draft_seconds = self.draft_seconds * _DECAY + seconds
            self.draft_tokens = self.draft_tokens * _DECAY + tokens
            self.drafts = self.drafts * _DECAY + 1
        else:
            self.plain_seconds = self.plain_seconds * _DECAY + seconds
            self.plain_tokens = self.plain_tokens * _DECAY + tokens

    @property
    def known(self) -> bool:
        return self.plain_tokens >= _PLAIN_STEPS * _DECAY**_PLAIN_STEPS

    @property
    def pays(self) -> bool:
        """Whether drafting gave more tokens in the same time; true while too little is known."""
        if not self.known or self.drafts < 2.5:
            return True
        return self.draft_tokens * self.plain_seconds >= self.plain_tokens * self.draft_seconds


class PromptLookup:
    """Drafts for one answer."""

    def __init__(self, prompt: Sequence[int], speeds: DraftSpeeds) -> None:
        self._tokens = list(prompt)
        self._places: dict[tuple[int, ...], int] = {}
        """Where a run of tokens was last followed by something: the place of what followed."""
        self._indexed = 0
        self._speeds = speeds
        self.drafted = self.accepted = 0

    def add(self, token: int) -> None:
        """The answer goes on with it."""
        self._tokens.append(token)

    def draft(self, most: int) -> list[int]:
        """At most so many tokens that may follow; none is no draft."""
        if not self._speeds.should_draft():
            return []
        self._index()
        for length, longest in ((_LONGEST, self._speeds.draft_length), (_LONGEST - 1, _SHORT_DRAFT)):
            place = self._places.get(tuple(self._tokens[-length:]))
            if place is not None:
                return self._tokens[place : place + min(longest, most)]
        return []

    def record(self, seconds: float, drafted: int, accepted: int) -> None:
        """A step with `drafted` tokens took so long, and `accepted` of them were right."""
        self.drafted += drafted
        self.accepted += accepted
        self._speeds.record(seconds, accepted + 1, drafted)

    def _index(self) -> None:
        tokens = self._tokens
        for end in range(max(self._indexed, _LONGEST - 1), len(tokens)):
            for length in (_LONGEST, _LONGEST - 1):
                self._places[tuple(tokens[end - length : end])] = end
        self._indexed = len(tokens)
