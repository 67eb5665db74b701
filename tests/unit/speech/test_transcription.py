"""A file becomes segments: every word once, from any time on, without loops, until it is stopped."""

from __future__ import annotations

import pytest

from assistant.errors import Cancelled, UnreadableDocument
from assistant.jobs import CancelToken
from assistant.speech.audio.resampler import Samples
from assistant.speech.recognition import Recognition
from assistant.speech.records import Decoding, SegmentsFound, Transcript
from assistant.speech.transcription import Transcription
from tests.unit.speech.scripted import Audio, Decoder, Voice, sound, texts


def transcribed(
    samples: Samples, decoder: Decoder, *, start: float = 0.0, block: int = 16_000, **decoding: object
) -> tuple[Transcript, list[SegmentsFound]]:
    reports: list[SegmentsFound] = []
    recognition = Recognition(decoder, Voice(), Decoding(**decoding), ())  # type: ignore[arg-type]
    transcription = Transcription(recognition, start=start)
    transcript = transcription.run(Audio(samples, block), CancelToken(), reports.append)
    return transcript, reports


LONG = sound(*(part for n in range(30) for part in (n, n + 30, 2.0)))
"""90 seconds; 60 words."""
WORDS = [f"w{word}" for n in range(30) for word in (n, n + 30)]


@pytest.mark.parametrize("block", [16_000, 700, 480_000])
def test_every_word_is_written_once_at_its_time(block: int) -> None:
    decoder = Decoder()
    transcript, reports = transcribed(LONG, decoder, block=block)
    assert texts(transcript.segments).split() == WORDS
    assert [word.start for segment in transcript.segments for word in segment.words] == pytest.approx(
        [3.0 * n + half for n in range(30) for half in (0, 0.5)], abs=0.01
    )
    assert tuple(segment for report in reports for segment in report.segments) == transcript.segments
    assert [report.until for report in reports] == sorted(report.until for report in reports)
    assert {report.total for report in reports} == {90.0}
    assert (transcript.language, transcript.duration) == ("en", 90.0)
    assert 4 <= len(decoder.lengths) <= 6  # windows hold as much as is heard at once
    assert max(decoder.lengths) <= 30


def test_from_where_it_was_stopped_comes_the_rest() -> None:
    _, reports = transcribed(LONG, Decoder())
    for number, report in enumerate(reports[:-1]):
        before = [segment for each in reports[: number + 1] for segment in each.segments]
        rest, _ = transcribed(LONG, Decoder(), start=report.until)
        assert texts([*before, *rest.segments]).split() == WORDS
        assert rest.segments[-1].words[-1].end == pytest.approx(88, abs=0.01)
        assert rest.duration == 90


def test_silence_is_told_and_never_decoded() -> None:
    decoder = Decoder()
    transcript, reports = transcribed(sound(60.0), decoder)
    assert (transcript.segments, decoder.lengths) == ((), [])
    assert len(reports) >= 3
    assert transcribed(sound(), decoder)[0] == Transcript((), "", 0.0)


def test_what_runs_into_a_loop_is_decoded_afresh() -> None:
    decoder = Decoder()
    decoder.loops = {False}
    transcript, _ = transcribed(sound(1.0, 1, 2, 1.0), decoder)
    assert transcript.text == "w1 w2"
    assert len(decoder.asked) == 2


def test_what_loops_again_is_cut_where_it_begins_to() -> None:
    decoder = Decoder()
    decoder.loops = {False, True}
    transcript, _ = transcribed(sound(1.0, 1, 2, 1.0), decoder)
    (segment,) = transcript.segments
    assert segment.text == "w1 w2 over again"
    assert [word.text for word in segment.words] == [" w1", " w2", " over", " again"]
    assert segment.end == segment.words[-1].end


def test_stop_keeps_what_was_told() -> None:
    token = CancelToken()
    reports: list[SegmentsFound] = []

    def report(found: SegmentsFound) -> None:
        reports.append(found)
        token.cancel()

    with pytest.raises(Cancelled):
        Transcription(Recognition(Decoder(), Voice(), Decoding(), ())).run(Audio(LONG), token, report)
    (only,) = reports
    assert texts(only.segments).split() == WORDS[: len(texts(only.segments).split())]


@pytest.mark.parametrize("words", [1, 2, 25])
def test_all_that_is_said_before_damage_is_told(words: int) -> None:
    samples = sound(*(part for n in range(words) for part in (n, 0.9)), words)
    audio = Audio(samples, 16_000, UnreadableDocument("audio-damaged", name="a.mp3", why="noise"))
    reports: list[SegmentsFound] = []
    with pytest.raises(UnreadableDocument):
        Transcription(Recognition(Decoder(), Voice(), Decoding(), ())).run(
            audio, CancelToken(), reports.append
        )
    told = [segment for report in reports for segment in report.segments]
    assert texts(told).split() == [f"w{n}" for n in range(words + 1)]


def test_the_language_is_detected_once_there_is_enough() -> None:
    decoder = Decoder(("fr", 0.9))
    transcript, _ = transcribed(LONG, decoder)
    assert transcript.language == "fr"
    assert decoder.detected == 1
    decoder = Decoder(("fr", 0.3))
    transcript, _ = transcribed(LONG, decoder, last_language="de")
    assert set(decoder.asked) == {"de"}
    decoder = Decoder(("fr", 0.9))
    transcript, _ = transcribed(LONG, decoder, language="it")
    assert (transcript.language, decoder.detected, set(decoder.asked)) == ("it", 0, {"it"})
