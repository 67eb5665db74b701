"""Guesses the next tokens by looking up how the last ones went on before: good where an answer copies.

Prompt lookup decoding (A. Saxena, 2023). A guess costs a larger step, so guessing goes on only while it is
measured to be faster than not guessing.
"""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST = 3
"""Tokens that must be the same before a guess; two are enough for a short one."""
_FIRST_GUESS, _LARGEST_GUESS, _SMALLEST_GUESS = 5, 16, 2
"""Tokens guessed at once: more after a guess that was right to its end, fewer after one that was not."""
_SHORT_GUESS = 2
_PLAIN_FIRST = 3
"""Steps without a guess, to know what they cost."""
_PAUSE = 32
_LONGEST_PAUSE = 1024
_FADE = 0.9


class Speeds:
    """What steps with and without a guess have cost; kept for as long as a model is loaded."""

    def __init__(self) -> None:
        self.plain_seconds = self.plain_tokens = 0.0
        self.guess_seconds = self.guess_tokens = 0.0
        self.guesses = 0.0
        self.reach = _FIRST_GUESS
        self._pause = 0
        self._next_pause = _PAUSE

    def may_guess(self) -> bool:
        """Whether to guess at this step; after a time in which it did not pay, not for a while."""
        if not self.known:
            return False
        if self._pause:
            self._pause -= 1
            return False
        if self.worth_it:
            return True
        self._pause, self._next_pause = self._next_pause, min(2 * self._next_pause, _LONGEST_PAUSE)
        # Tried anew afterwards: answers differ in how much they copy.
        self.guesses = self.guess_seconds = self.guess_tokens = 0.0
        return False

    def note(self, seconds: float, gained: int, guessed: int) -> None:
        """A step took so long and gave so many tokens, from so many guesses."""
        if guessed:
            right = gained > guessed
            self.reach = (
                min(_LARGEST_GUESS, self.reach + 2) if right else max(_SMALLEST_GUESS, self.reach - 1)
            )
            self.guess_seconds = self.guess_seconds * _FADE + seconds
            self.guess_tokens = self.guess_tokens * _FADE + gained
            self.guesses = self.guesses * _FADE + 1
        else:
            self.plain_seconds = self.plain_seconds * _FADE + seconds
            self.plain_tokens = self.plain_tokens * _FADE + gained

    @property
    def known(self) -> bool:
        return self.plain_tokens >= _PLAIN_FIRST * _FADE**_PLAIN_FIRST

    @property
    def worth_it(self) -> bool:
        """Whether guessing gave more tokens in the same time; true while too little is known."""
        if not self.known or self.guesses < 2.5:
            return True
        return self.guess_tokens * self.plain_seconds >= self.plain_tokens * self.guess_seconds


class Drafter:
    """Guesses for one answer."""

    def __init__(self, prompt: Sequence[int], speeds: Speeds) -> None:
        self._tokens = list(prompt)
        self._places: dict[tuple[int, ...], int] = {}
        """Where a run of tokens was last followed by something: the place of what followed."""
        self._indexed = 0
        self._speeds = speeds
        self.drafted = self.accepted = 0

    def add(self, token: int) -> None:
        """The answer goes on with it."""
        self._tokens.append(token)

    def guess(self, most: int) -> list[int]:
        """At most so many tokens that may follow; none is no guess."""
        if not self._speeds.may_guess():
            return []
        self._index()
        for length, longest in ((_LONGEST, self._speeds.reach), (_LONGEST - 1, _SHORT_GUESS)):
            place = self._places.get(tuple(self._tokens[-length:]))
            if place is not None:
                return self._tokens[place : place + min(longest, most)]
        return []

    def note(self, seconds: float, guessed: int, accepted: int) -> None:
        """A step with `guessed` tokens took so long, and `accepted` of them were right."""
        self.drafted += guessed
        self.accepted += accepted
        self._speeds.note(seconds, accepted + 1, guessed)

    def _index(self) -> None:
        tokens = self._tokens
        for end in range(max(self._indexed, _LONGEST - 1), len(tokens)):
            for length in (_LONGEST, _LONGEST - 1):
                self._places[tuple(tokens[end - length : end])] = end
        self._indexed = len(tokens)
