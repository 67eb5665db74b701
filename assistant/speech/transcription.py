"""A file of any length to segments: phrases between silences, packed into windows, decoded one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from assistant.jobs import CancelToken
from assistant.speech import acceptance
from assistant.speech.audio.audio_file import AudioFile
from assistant.speech.audio.phrases import Packer, Phrase, PhraseDetector, PhraseOptions
from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.sample_buffer import SampleBuffer
from assistant.speech.audio.voice_activity import VoiceActivity
from assistant.speech.decoder import Decoder, Hypothesis
from assistant.speech.records import Decoding, Segment, SegmentsFound, Transcript

_OPTIONS = PhraseOptions(begins=0.35, ends=0.2, pause=0.4, before=0.4, after=0.4)
"""More is taken for speech than in a dictation: nobody is there to say it again."""
_LONG_ENOUGH = 3.0
"""Seconds of speech that tell their language."""
_SURE = 0.6
_STEP = 15.0
"""Seconds of silence after which progress is told all the same."""


class Transcription:
    """One file, from a time on. `run` once."""

    def __init__(
        self,
        decoder: Decoder,
        voice: VoiceActivity,
        decoding: Decoding,
        invented: Collection[str],
        *,
        start: float = 0.0,
    ) -> None:
        self._decoder = decoder
        self._voice = voice
        self._decoding = decoding
        self._invented = invented
        self._start = start
        self._language = decoding.language
        self._told = start

    def run(
        self, audio: AudioFile, token: CancelToken, report: Callable[[SegmentsFound], None]
    ) -> Transcript:
        """Report the segments as they are found, and give all of them, from the start on.

        Raises:
            Cancelled: what was reported before stays right, up to its `until`.
            UnreadableDocument: the file is damaged, likewise.
        """
        self._voice.reset()
        buffer, detector, packer = SampleBuffer(self._start), PhraseDetector(_OPTIONS), Packer()
        found: list[Segment] = []

        def tell(windows: Iterator[tuple[Phrase, ...]]) -> None:
            for window in windows:
                token.raise_if_cancelled()
                segments = tuple(self._decode(buffer, window))
                found.extend(segments)
                self._tell(report, segments, window[-1].end, audio.duration)

        for block in audio.blocks(self._start):
            token.raise_if_cancelled()
            buffer.append(block)
            for phrase in detector.feed(*self._voice.hops(block)):
                tell(packer.add(self._shifted(phrase)))
            wanted = packer.start
            until = self._start + detector.needed_from
            if wanted is None and until > self._told + _STEP:
                self._tell(report, (), until, audio.duration)
            buffer.drop_before(until if wanted is None else wanted)
        for phrase in (*detector.feed(*self._voice.hops(buffer.cut(0, 0), last=True)), *detector.finish()):
            tell(packer.add(self._shifted(phrase)))
        tell(packer.finish())
        return Transcript(tuple(found), self._language or self._decoding.last_language, buffer.end)

    def _tell(
        self,
        report: Callable[[SegmentsFound], None],
        segments: tuple[Segment, ...],
        until: float,
        total: float | None,
    ) -> None:
        self._told = until
        report(SegmentsFound(segments, until, total, self._language))

    def _shifted(self, phrase: Phrase) -> Phrase:
        return replace(phrase, start=phrase.start + self._start, end=phrase.end + self._start)

    def _decode(self, buffer: SampleBuffer, window: tuple[Phrase, ...]) -> Iterator[Segment]:
        start = window[0].start
        samples = buffer.cut(start, window[-1].end)
        language = self._language or self._detected(buffer, window)
        phrases = [replace(phrase, start=phrase.start - start, end=phrase.end - start) for phrase in window]
        for hypothesis in decoded(self._decoder, samples, self._decoding, language, phrases, self._invented):
            yield moved(hypothesis.segment, start)

    def _detected(self, buffer: SampleBuffer, window: tuple[Phrase, ...]) -> str:
        """The language of the file, once there was enough to tell it by; until then, of this window."""
        language, probability = self._decoder.languages(buffer.cut(window[0].start, window[-1].end))
        if probability < _SURE and self._decoding.last_language:
            return self._decoding.last_language
        if probability >= _SURE and sum(phrase.end - phrase.start for phrase in window) >= _LONG_ENOUGH:
            self._language = language
        return language


def decoded(
    decoder: Decoder,
    samples: Samples,
    decoding: Decoding,
    language: str,
    phrases: list[Phrase],
    invented: Collection[str],
) -> list[Hypothesis]:
    """What is said in a window. What runs into a loop is decoded afresh, and cut if it does so again."""
    hypotheses = decoder.decode(samples, decoding, language)
    if any(map(acceptance.repeats_itself, hypotheses)):
        hypotheses = [without_loop(each) for each in decoder.decode(samples, decoding, language, afresh=True)]
    return [each for each in hypotheses if acceptance.is_said(each, phrases, invented)]


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
