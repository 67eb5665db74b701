"""A file of any length to segments: phrases between silences, packed into windows, decoded one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.errors import UnreadableDocument
from assistant.jobs import CancelToken
from assistant.speech.audio.audio_file import AudioFile
from assistant.speech.audio.phrases import Packer, Phrase, PhraseDetector, PhraseOptions
from assistant.speech.audio.resampler import Samples
from assistant.speech.audio.sample_buffer import SampleBuffer
from assistant.speech.recognition import LONG_ENOUGH, Recognition
from assistant.speech.records import Segment, SegmentsFound, Transcript

_OPTIONS = PhraseOptions(begins=0.35, ends=0.2, pause=0.4, before=0.4, after=0.4)
"""More is taken for speech than in a dictation: nobody is there to say it again."""
_STEP = 15.0
"""Seconds of silence after which progress is told all the same."""


class Transcription:
    """One file, from a time on. `run` once."""

    def __init__(self, recognition: Recognition, *, start: float = 0.0) -> None:
        self._recognition = recognition
        self._start = start
        self._language = recognition.decoding.language
        self._told = start

    def run(
        self, audio: AudioFile, token: CancelToken, report: Callable[[SegmentsFound], None]
    ) -> Transcript:
        """Report the segments as they are found, and give all of them, from the start on.

        Raises:
            Cancelled: what was reported before stays right, up to its `until`.
            UnreadableDocument: the file is damaged; all that was said before that is reported.
        """
        voice = self._recognition.voice
        voice.reset()
        buffer, packer = SampleBuffer(self._start), Packer()
        detector = PhraseDetector(_OPTIONS, self._start)
        found: list[Segment] = []

        def tell(windows: Iterator[tuple[Phrase, ...]]) -> None:
            for window in windows:
                token.raise_if_cancelled()
                samples = buffer.cut(window[0].start, window[-1].end)
                language = self._language or self._detected(samples, window)
                segments = self._recognition.segments(samples, window, language)
                found.extend(segments)
                self._tell(report, segments, window[-1].end, audio.duration)

        damage: UnreadableDocument | None = None
        try:
            for block in audio.blocks(self._start):
                token.raise_if_cancelled()
                buffer.append(block)
                for phrase in detector.feed(*voice.hops(block)):
                    tell(packer.add(phrase))
                wanted, until = packer.start, detector.needed_from
                if wanted is None and until > self._told + _STEP:
                    self._tell(report, (), until, audio.duration)
                buffer.drop_before(until if wanted is None else wanted)
        except UnreadableDocument as error:  # what was heard before it is still to be written
            damage = error
        for phrase in (*detector.feed(*voice.hops(buffer.cut(0, 0), last=True)), *detector.finish()):
            tell(packer.add(phrase))
        tell(packer.finish())
        if damage is not None:
            raise damage
        language = self._language or self._recognition.decoding.last_language
        return Transcript(tuple(found), language, buffer.end)

    def _tell(
        self,
        report: Callable[[SegmentsFound], None],
        segments: tuple[Segment, ...],
        until: float,
        total: float | None,
    ) -> None:
        self._told = until
        report(SegmentsFound(segments, until, total, self._language))

    def _detected(self, samples: Samples, window: tuple[Phrase, ...]) -> str:
        """The language of the file, once there was enough to tell it by; until then, of this window."""
        language, sure = self._recognition.language(samples, self._recognition.decoding.last_language)
        if sure and sum(phrase.end - phrase.start for phrase in window) >= LONG_ENOUGH:
            self._language = language
        return language
