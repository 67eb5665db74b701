"""PURE: whether what a model wrote was said at all: Whisper writes words for silence and music, too."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from assistant.speech.audio.phrases import Phrase
from assistant.speech.decoder import Hypothesis

_SURELY_NOTHING = 0.6
_LIKELY_NOTHING = 0.5
_UNSURE = -1.0
"""Log probability of a token. Both thresholds are from the paper on Whisper (Radford and others 2022)."""
_DOUBTFUL_SPEECH = 0.25
_DOUBTFUL = -0.55
_LITTLE_SPEECH = 0.5
"""Share of a phrase."""
_MOST_REPEATS = 4
"""Times that a run of words follows itself; people do say "no, no, no"."""
_SHORTEST_WORD = 0.05
"""Seconds. Words that are written after all sound has passed are given none."""
_PACKED = 2.4
_LONGEST_RUN = 12
"""Words that are looked at as one that repeats."""
_WORD = re.compile(r"\w+")


def normal(text: str) -> str:
    """Words in small letters, with single spaces: what a list of phrases is compared by."""
    return " ".join(_WORD.findall(text.casefold()))


def is_said(hypothesis: Hypothesis, phrases: Iterable[Phrase], invented: Collection[str]) -> bool:
    """
    Args:
        phrases: where somebody speaks, in the times of the hypothesis.
        invented: what Whisper writes without hearing it (`normal`); only where the sound is doubtful as well.
    """
    segment = hypothesis.segment
    words = normal(segment.text)
    if not words:
        return False
    heard = [phrase for phrase in phrases if phrase.start < segment.end and phrase.end > segment.start]
    if not heard:
        return False
    little_speech = all(map(is_little_speech, heard))
    if hypothesis.log_probability < _UNSURE and (hypothesis.no_speech > _SURELY_NOTHING or little_speech):
        return False
    if hypothesis.log_probability < _DOUBTFUL and hypothesis.no_speech > _LIKELY_NOTHING and little_speech:
        return False  # laughter, say
    doubtful = (
        hypothesis.no_speech > _DOUBTFUL_SPEECH or hypothesis.log_probability < _DOUBTFUL or little_speech
    )
    return not (doubtful and words in invented)


def is_little_speech(phrase: Phrase) -> bool:
    return phrase.speech < _LITTLE_SPEECH


def goes_on(hypothesis: Hypothesis, known: str) -> bool:
    """Whether what a model wrote after words it knew is new, likely, no loop, and no more than was spoken.

    Where it hears little it writes the known words again, or what it expects: to "six", "seven, eight, nine".
    """
    new = normal(hypothesis.segment.text)
    words = hypothesis.segment.words
    return (
        bool(new)
        and not normal(known).endswith(new)
        and not (words and words[-1].end - words[-1].start < _SHORTEST_WORD)
        and hypothesis.log_probability >= _UNSURE
        and not repeats_itself(hypothesis)
    )


def repeats_itself(hypothesis: Hypothesis) -> bool:
    """Whether a model has run into a loop: the same words follow themselves over and over."""
    return hypothesis.compression > _PACKED or loop_start(hypothesis.segment.text) is not None


def loop_start(text: str) -> int | None:
    """How many words come before what repeats itself comes again; None: nothing does more than a few times.

    Text without spaces is looked at letter by letter.
    """
    words = _WORD.findall(text.casefold())
    if len(words) < _MOST_REPEATS and len(text) > 4 * _LONGEST_RUN:
        words = list(text)
    for run in range(1, _LONGEST_RUN + 1):
        repeats = 0
        for i in range(run, len(words)):
            repeats = repeats + 1 if words[i] == words[i - run] else 0
            if repeats >= run * _MOST_REPEATS:
                return i - repeats + 1
    return None
