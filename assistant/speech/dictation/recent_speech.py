"""PURE: what was said last, as the context of the next phrase.

Whisper always listens to 30 seconds and understands a phrase better with what leads to it than alone.
"""

from __future__ import annotations

from collections import deque

from assistant.speech.audio.phrases import LONGEST_WINDOW, WIDEST_GAP, Phrase
from assistant.speech.decoder import Context
from assistant.text_folding import joined

_LONGEST = 12.0
"""Seconds. Each known word costs nearly as much time as a new one, and those further back hardly help."""


class RecentSpeech:
    """The last seconds of it, as far as they are heard at once with what follows; in one language."""

    def __init__(self) -> None:
        self._phrases: deque[tuple[Phrase, str]] = deque()
        self._language = ""

    @property
    def start(self) -> float | None:
        """Where its sound begins; None: there is nothing."""
        return self._phrases[0][0].start if self._phrases else None

    def add(self, phrase: Phrase, text: str, language: str) -> None:
        if language != self._language:
            self._phrases.clear()
            self._language = language
        self._phrases.append((phrase, text))

    def forget(self, start: float, end: float) -> None:
        """Keep what can be heard together with sound from `start` to `end`."""
        if self._phrases and start - self._phrases[-1][0].end > WIDEST_GAP:
            self._phrases.clear()
        earliest = max(start - _LONGEST, end - LONGEST_WINDOW)
        while self._phrases and self._phrases[0][0].start < earliest:
            self._phrases.popleft()

    def before(self, phrase: Phrase, language: str) -> Context | None:
        """What leads to this phrase, from `start` on."""
        self.forget(phrase.start, phrase.end)
        if not self._phrases or language != self._language:
            return None
        return Context(joined(text for _, text in self._phrases), phrase.start - self._phrases[0][0].start)
