"""The made Whisper is good enough to test with: on its clips, of voices and speeds that it never heard."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import soundfile
from faster_whisper import WhisperModel
from faster_whisper.transcribe import Segment
from faster_whisper.vad import get_speech_timestamps
from numpy.typing import NDArray

from tests.made_models.whisper.library import MODEL, Clip, clips, word_errors, words

RATE = 16_000
CLIPS = clips()
SPOKEN = {name: clip for name, clip in CLIPS.items() if clip.sentences}
SILENT = {name: clip for name, clip in CLIPS.items() if not clip.sentences}
MOST_ERRORS = 0.1
NEAR = 0.4
"""Seconds by which a time may be off."""


@dataclass(frozen=True, slots=True)
class Heard:
    language: str
    segments: list[Segment]

    @property
    def text(self) -> str:
        return " ".join(segment.text.strip() for segment in self.segments)


@pytest.fixture(scope="module")
def model() -> WhisperModel:
    return WhisperModel(str(MODEL), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)


def sound(clip: Clip) -> NDArray[np.float32]:
    samples, rate = soundfile.read(clip.path, dtype="float32")
    assert rate == RATE
    return np.asarray(samples, dtype=np.float32)


def hear(model: WhisperModel, clip: Clip, **options: Any) -> Heard:
    segments, info = model.transcribe(sound(clip), condition_on_previous_text=False, **options)
    return Heard(info.language, list(segments))


@pytest.fixture(scope="module")
def heard(model: WhisperModel) -> dict[str, Heard]:
    """The clips of speech, with times, by a model that is told nothing."""
    return {name: hear(model, clip, beam_size=1) for name, clip in SPOKEN.items()}


def share_of_errors(heard: dict[str, Heard]) -> float:
    wrong = sum(word_errors(CLIPS[name].text, each.text) for name, each in heard.items())
    return wrong / sum(len(words(CLIPS[name].text)) for name in heard)


def test_at_most_a_tenth_of_the_words_are_wrong(heard: dict[str, Heard]) -> None:
    assert share_of_errors(heard) <= MOST_ERRORS


def test_as_few_are_wrong_without_times_and_with_a_wider_search(model: WhisperModel) -> None:
    options = {"beam_size": 5, "without_timestamps": True}
    some = [name for name in SPOKEN if name.endswith(("picture", "meeting", "fenster", "pauses"))]
    heard = {name: hear(model, CLIPS[name], language=CLIPS[name].language, **options) for name in some}
    assert share_of_errors(heard) <= MOST_ERRORS


def test_languages_are_told(heard: dict[str, Heard]) -> None:
    assert {name: each.language for name, each in heard.items()} == {
        name: clip.language for name, clip in SPOKEN.items()
    }


def test_speech_and_its_absence_are_told_apart(heard: dict[str, Heard]) -> None:
    for name, each in heard.items():
        assert max(segment.no_speech_prob for segment in each.segments) < 0.3, name


@pytest.mark.parametrize("without_timestamps", [False, True])
@pytest.mark.parametrize("name", sorted(SILENT))
def test_nothing_is_written_where_nobody_speaks(
    model: WhisperModel, name: str, without_timestamps: bool
) -> None:
    options = {"beam_size": 1, "without_timestamps": without_timestamps, "language": "en"}
    assert hear(model, SILENT[name], **options).text == ""


def test_sentences_have_their_times(heard: dict[str, Heard]) -> None:
    for segment, (start, end) in zip(heard["en-pauses"].segments, CLIPS["en-pauses"].times, strict=True):
        assert segment.start == pytest.approx(start, abs=NEAR)
        assert segment.end == pytest.approx(end, abs=NEAR)


def test_nine_words_of_ten_are_found_in_their_sentence(model: WhisperModel) -> None:
    right = count = 0
    for name in ("en-late", "en-meeting", "en-pauses", "de-fenster", "de-pauses"):
        clip = CLIPS[name]
        segments = hear(model, clip, beam_size=1, word_timestamps=True).segments
        found = [word for segment in segments for word in segment.words or ()]
        spoken = [span for span, text in zip(clip.times, clip.sentences, strict=True) for _ in words(text)]
        for word, (start, end) in zip(found, spoken, strict=True):
            assert word.start <= word.end
            right += start - NEAR < word.start and word.end < end + NEAR
        assert all(word.start <= after.start for word, after in pairwise(found))
        count += len(found)
    assert right >= 0.9 * count


def test_words_in_another_order_are_written_in_that_order(heard: dict[str, Heard]) -> None:
    for name in ("en-order-1", "en-order-2"):
        assert heard[name].text == CLIPS[name].text


def test_voice_activity_finds_the_speech_alone() -> None:
    for clip in CLIPS.values():
        found = get_speech_timestamps(sound(clip))
        assert bool(found) == bool(clip.sentences), clip.path.name
        for start, end in clip.times:
            inside = [span for span in found if span["start"] / RATE < end and span["end"] / RATE > start]
            assert inside, (clip.path.name, start)


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 3_000_000
