"""What recognises a piece of sound, as the loops around it see it; `engine` has the one there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.speech.audio.resampler import Samples
from assistant.speech.records import Decoding, Segment


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A segment as the model wrote it, and how sure it is."""

    segment: Segment
    no_speech: float
    """Probability that nobody speaks in its window."""
    log_probability: float
    """Of a token, on average."""
    compression: float
    """Bytes of its text, by those it can be packed to; above 2.4 it repeats itself."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a sound begins with and is known already."""

    text: str
    seconds: float
    """From its beginning to that of what follows."""


class Decoder(Protocol):
    """One loaded model."""

    def languages(self, samples: Samples) -> tuple[str, float]:
        """The likeliest language of at most the first 30 seconds, and its probability."""
        ...

    def decode(
        self, samples: Samples, decoding: Decoding, language: str, *, afresh: bool = False
    ) -> list[Hypothesis]:
        """All that is said, with the times of words.

        Args:
            samples: at most 30 seconds.
            afresh: discourage repetition: what was written the first time repeated itself.
        """
        ...

    def decode_after(
        self, context: Context, samples: Samples, decoding: Decoding, language: str
    ) -> Hypothesis | None:
        """What is said after the context that the samples begin with, if that can be told."""
        ...

    def decode_quickly(self, samples: Samples, language: str) -> str:
        """What is said, as a first impression: one hypothesis, without times."""
        ...
