"""A dictation's recording, as it grows, to phrases: live words while one is spoken, then its final text."""

from __future__ import annotations

import time
from collections.abc import Callable

from assistant.speech.audio.phrases import Phrase, PhraseDetector, PhraseOptions
from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.sample_buffer import SampleBuffer
from assistant.speech.dictation.live_words import LiveWords
from assistant.speech.dictation.recent_speech import RecentSpeech
from assistant.speech.recognition import LONG_ENOUGH, Recognition
from assistant.speech.records import SAMPLE_RATE, LivePhrase, PhraseDone, Segment, SpeechBegan
from assistant.text_folding import joined

_LIVE_EVERY = 0.8
"""Seconds between two hypotheses, at best."""
_LIVE_AT_MOST_EVERY = 4.0
"""Where they would have to come more seldom, they do not come at all: words that late help nobody."""
_LIVE_SHARE = 0.5
"""Of the time, at most, that goes into hypotheses: a real-time factor."""
_BEHIND = 1.5
"""Seconds of sound that wait: then only final texts are written."""
_LEARNING = 0.3
"""Weight of the last hypothesis in what one is expected to take."""


class DictationRecogniser:
    """Fed block by block. Reports SpeechBegan, LivePhrase, and PhraseDone once for each phrase."""

    def __init__(
        self,
        recognition: Recognition,
        report: Callable[[SpeechBegan | LivePhrase | PhraseDone], None],
        *,
        start: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        options: PhraseOptions | None = None,
    ) -> None:
        """Args:
        start: the time of the first sample.
        """
        recognition.voice.reset()
        self._recognition = recognition
        self._report = report
        self._clock = clock
        self._detector = PhraseDetector(options, start)
        self._buffer = SampleBuffer(start)
        self._phrase = 0
        self._began = False
        self._recent = RecentSpeech()
        self._live = LiveWords()
        self._live_language = ""
        """Of the phrase that is spoken, once there was enough of it to tell."""
        self._live_takes: float | None = None
        self._live_at = 0.0
        """When the last hypothesis was done."""
        self.language = recognition.decoding.language or recognition.decoding.last_language

    def feed(self, samples: Samples, *, last: bool = False, waiting: float = 0.0) -> None:
        """Take the next sound.

        Args:
            last: nothing follows.
            waiting: seconds of sound that are there already but not fed yet.
        """
        self._buffer.append(samples)
        ended = list(self._detector.feed(*self._recognition.voice.hops(samples, last=last)))
        if last:
            ended += self._detector.finish()
        for phrase in ended:
            self._finish(phrase)
        if (began := self._detector.began) is not None:
            self._tell_live(began, waiting)
        needed = self._detector.needed_from
        self._recent.forget(needed, self._buffer.end)
        self._buffer.drop_before(needed if self._recent.start is None else self._recent.start)

    def _finish(self, phrase: Phrase) -> None:
        came = self._clock()
        samples = self._buffer.cut(phrase.start, phrase.end)
        language = self._language(samples)
        segments = self._in_context(phrase, language)
        segments = segments or self._recognition.segments(samples, [phrase], language)
        text = joined(segment.text for segment in segments)
        if text:
            self.language = language
            self._recent.add(phrase, text, language)
        delay = self._clock() - came
        self._report(PhraseDone(self._phrase, phrase.start, phrase.end, text, language, segments, delay))
        self._phrase += 1
        self._began = False
        self._live = LiveWords()
        self._live_language = ""

    def _in_context(self, phrase: Phrase, language: str) -> tuple[Segment, ...]:
        context = self._recent.before(phrase, language)
        if context is None:
            return ()
        samples = self._buffer.cut(phrase.start - context.seconds, phrase.end)
        return self._recognition.segments_after(context, samples, phrase, language)

    def _language(self, samples: Samples) -> str:
        if self._recognition.decoding.language:
            return self._recognition.decoding.language
        if len(samples) < LONG_ENOUGH * SAMPLE_RATE and self.language:
            return self.language
        return self._recognition.language(samples, self.language)[0]

    def _tell_live(self, began: float, waiting: float) -> None:
        if not self._began:
            self._began = True
            self._live_at = self._clock()
            self._report(SpeechBegan(self._phrase, began))
        every = max(_LIVE_EVERY, (self._live_takes or 0.0) / _LIVE_SHARE)
        now = self._clock()
        if every > _LIVE_AT_MOST_EVERY or waiting > _BEHIND or now - self._live_at < every:
            return
        samples = self._buffer.cut(began, self._buffer.end)
        language = self._live_language or self._language(samples)
        if len(samples) >= LONG_ENOUGH * SAMPLE_RATE:  # telling it encodes all of it once more
            self._live_language = language
        stable, tail = self._live.hear(self._recognition.decoder.decode_quickly(samples, language))
        self._live_at = self._clock()
        took = self._live_at - now
        before = self._live_takes
        self._live_takes = took if before is None else before + _LEARNING * (took - before)
        if stable or tail:
            self._report(LivePhrase(self._phrase, stable, tail))
