"""A window of sound to what was said in it: what a dictation and a file share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.speech import acceptance
from assistant.speech.audio.phrases import Phrase
from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.voice_activity import VoiceActivity
from assistant.speech.decoder import Context, Decoder, Hypothesis
from assistant.speech.records import Decoding, Segment

LONG_ENOUGH = 3.0
"""Seconds of speech that tell their language."""
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Recognition:
    """What recognises one sound."""

    decoder: Decoder
    voice: VoiceActivity
    decoding: Decoding
    invented: Collection[str]
    """See `acceptance.is_said`."""

    def language(self, samples: Samples, last: str) -> tuple[str, bool]:
        """What is spoken, or `last` where that is doubtful and `last` is known; and whether it is sure."""
        language, probability = self.decoder.languages(samples)
        sure = probability >= _SURE
        return language if sure or not last else last, sure

    def segments(self, samples: Samples, phrases: Sequence[Phrase], language: str) -> tuple[Segment, ...]:
        """What is said in a window. What runs into a loop is decoded afresh, and cut if it does so again.

        Args:
            phrases: those in it, in the times of the result; the sound begins with the first of them.
        """
        hypotheses = self.decoder.decode(samples, self.decoding, language)
        if any(map(acceptance.repeats_itself, hypotheses)):
            afresh = self.decoder.decode(samples, self.decoding, language, afresh=True)
            hypotheses = list(map(without_loop, afresh))
        return self._said(hypotheses, phrases, phrases[0].start)

    def segments_after(
        self, context: Context, samples: Samples, phrase: Phrase, language: str
    ) -> tuple[Segment, ...]:
        """What is said in a phrase that follows others; nothing where it is better decoded by itself.

        Args:
            samples: the sound of the context, then that of the phrase.
        """
        if acceptance.is_little_speech(phrase):
            return ()
        hypothesis = self.decoder.decode_after(context, samples, self.decoding, language)
        if hypothesis is None or not acceptance.goes_on(hypothesis, context.text):
            return ()
        return self._said([hypothesis], [phrase], phrase.start - context.seconds)

    def _said(
        self, hypotheses: Iterable[Hypothesis], phrases: Iterable[Phrase], start: float
    ) -> tuple[Segment, ...]:
        """Those that are believed, in the times of the phrases; their own begin at `start`."""
        inside = [replace(each, start=each.start - start, end=each.end - start) for each in phrases]
        return tuple(
            moved(each.segment, start)
            for each in hypotheses
            if acceptance.is_said(each, inside, self.invented)
        )


def without_loop(hypothesis: Hypothesis) -> Hypothesis:
    """The hypothesis up to where it begins to repeat itself."""
    segment = hypothesis.segment
    words = acceptance.loop_start(segment.text)
    if words is None:
        return hypothesis
    kept = segment.words[:words] if segment.words else ()
    text = "".join(word.text for word in kept).strip() if kept else " ".join(segment.text.split()[:words])
    end = kept[-1].end if kept else segment.end
    return replace(hypothesis, segment=replace(segment, text=text, words=kept, end=end))


def moved(segment: Segment, seconds: float) -> Segment:
    """The segment so much later."""
    words = tuple(
        replace(word, start=round(word.start + seconds, 3), end=round(word.end + seconds, 3))
        for word in segment.words
    )
    return replace(
        segment, start=round(segment.start + seconds, 3), end=round(segment.end + seconds, 3), words=words
    )
