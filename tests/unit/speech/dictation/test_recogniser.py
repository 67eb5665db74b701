"""A recording that grows becomes phrases: each once, live words only where there is time for them."""

from __future__ import annotations

import itertools

import pytest

from assistant.speech.decoder import Hypothesis
from assistant.speech.dictation.recogniser import DictationRecogniser
from assistant.speech.recognition import Recognition
from assistant.speech.records import (
    SAMPLE_RATE,
    Decoding,
    LivePhrase,
    PhraseDone,
    Segment,
    SpeechBegan,
    Transcript,
)
from tests.unit.speech.scripted import Decoder, Voice, sound


class Dictation:
    """Sound fed in real time, by a clock that stands still in between."""

    def __init__(
        self, decoder: Decoder | None = None, takes: float = 0.0, start: float = 0.0, **decoding: object
    ) -> None:
        self.now = 0.0
        self.decoder = decoder or Decoder()
        self.decoder.takes = lambda: setattr(self, "now", self.now + takes)
        self.reports: list[SpeechBegan | LivePhrase | PhraseDone] = []
        recognition = Recognition(self.decoder, Voice(), Decoding(**decoding), ())  # type: ignore[arg-type]
        self._recogniser = DictationRecogniser(
            recognition, self.reports.append, start=start, clock=lambda: self.now
        )

    def feed(self, *parts: int | float, block: float = 0.1, waiting: float = 0.0) -> None:
        samples = sound(*parts)
        size = round(block * SAMPLE_RATE)
        for at in range(0, len(samples), size):
            self.now += block
            self._recogniser.feed(samples[at : at + size], waiting=waiting)

    def end(self) -> None:
        self._recogniser.feed(sound(), last=True)

    @property
    def done(self) -> list[PhraseDone]:
        return [each for each in self.reports if isinstance(each, PhraseDone)]

    @property
    def live(self) -> list[LivePhrase]:
        return [each for each in self.reports if isinstance(each, LivePhrase)]

    @property
    def held(self) -> float:
        return self._recogniser._buffer._count / SAMPLE_RATE


def test_each_phrase_is_told_once_with_its_times() -> None:
    dictation = Dictation()
    dictation.feed(1.0, 1, 2, 1.0, 3, 4)
    dictation.end()
    assert [(each.phrase, each.text) for each in dictation.done] == [(0, "w1 w2"), (1, "w3 w4")]
    first, second = dictation.done
    assert 0.6 < first.start < 1.0 < 2.0 < first.end < second.start < 3.0
    assert second.end == pytest.approx(4, abs=0.04)
    (segment,) = second.segments
    assert [round(word.start, 1) for word in segment.words] == [3.0, 3.5]
    began = [each for each in dictation.reports if isinstance(each, SpeechBegan)]
    assert [(each.phrase, each.start) for each in began] == [(0, first.start), (1, second.start)]


def test_what_goes_on_later_keeps_the_times_of_the_recording() -> None:
    dictation = Dictation(start=90.0)
    dictation.feed(1.0, *range(5), 1.0)
    began, *_, done = dictation.reports
    assert isinstance(began, SpeechBegan)
    assert isinstance(done, PhraseDone)
    assert 90.6 < began.start == done.start < 91.0
    assert done.end == pytest.approx(93.8, abs=0.04)
    assert done.segments[0].words[0].start == pytest.approx(91.0, abs=0.01)
    assert dictation.live[-1].stable.startswith("w0 w1")


def test_live_words_come_before_the_final_text_and_nothing_is_said_twice() -> None:
    dictation = Dictation()
    dictation.feed(*range(12), 1.0)
    texts = [each.stable + each.tail for each in dictation.live]
    assert texts[0].startswith("w0 w1")
    assert len(texts) == pytest.approx(6 / 0.8, abs=1)
    assert all(other.startswith(one.rsplit(" ", 1)[0]) for one, other in itertools.pairwise(texts))
    assert all(each.phrase == 0 for each in dictation.live)
    assert dictation.reports.index(dictation.done[0]) == len(dictation.reports) - 1
    assert dictation.done[0].text == " ".join(f"w{n}" for n in range(12))


@pytest.mark.parametrize(("takes", "most"), [(0.2, 8), (1.0, 4), (3.0, 1)])
def test_live_words_come_as_the_speed_allows(takes: float, most: int) -> None:
    dictation = Dictation(takes=takes)
    dictation.feed(*range(12), 1.0)
    assert 1 <= dictation.decoder.quick <= most
    dictation.feed(*range(12), 1.0)
    if takes == 3.0:
        assert dictation.decoder.quick == 1  # and never again
    assert len(dictation.done) == 2


def test_who_is_behind_writes_final_texts_alone() -> None:
    dictation = Dictation()
    dictation.feed(*range(12), 1.0, waiting=2.0)
    assert dictation.live == []
    assert len(dictation.done) == 1


def test_forty_seconds_of_silence_change_nothing() -> None:
    dictation = Dictation()
    dictation.feed(0.5, 1, 2, 40.0, 3, 4, 1.0)
    dictation.end()
    assert [each.text for each in dictation.done] == ["w1 w2", "w3 w4"]
    assert len(dictation.decoder.asked) == 2
    assert dictation.held < 3


def test_a_long_dictation_is_not_kept_in_memory_and_loses_no_word() -> None:
    dictation = Dictation(takes=5)
    for minute in range(5):
        dictation.feed(*(n % 60 for n in range(minute, minute + 120)), block=1.0)
        assert dictation.held < 31
    dictation.end()
    found = " ".join(each.text for each in dictation.done).split()
    said = [f"w{n % 60}" for minute in range(5) for n in range(minute, minute + 120)]
    # A phrase that is cut may halve a word, never lose one.
    merged = [word for i, word in enumerate(found) if i == 0 or word != found[i - 1]]
    assert [word for i, word in enumerate(said) if i == 0 or word != said[i - 1]] == merged
    assert max(dictation.decoder.lengths) <= 30


def test_a_phrase_is_understood_from_what_was_said_before_it() -> None:
    dictation = Dictation()
    dictation.feed(1, 2, 1.0, 3, 1.0, 4, 5, 1.0, waiting=2)
    assert [each.text for each in dictation.done] == ["w1 w2", "w3", "w4 w5"]
    assert [each.text for each in dictation.decoder.contexts] == ["w1 w2", "w1 w2 w3"]
    assert [each.seconds for each in dictation.decoder.contexts] == pytest.approx([1.65, 3.15], abs=0.05)
    (segment,) = dictation.done[2].segments
    assert [round(word.start, 1) for word in segment.words] == [3.5, 4.0]
    assert len(dictation.decoder.asked) == 1  # the first one, which has nothing before it


def test_a_phrase_that_does_not_go_on_is_decoded_by_itself() -> None:
    dictation = Dictation()
    dictation.decoder.follows = False
    dictation.feed(1, 2, 1.0, 3, 4, 1.0, waiting=2)
    assert [each.text for each in dictation.done] == ["w1 w2", "w3 w4"]
    assert len(dictation.decoder.asked) == 2


def test_who_says_the_same_again_is_believed_and_heard_without_context() -> None:
    dictation = Dictation()
    dictation.feed(1, 2, 1.0, 1, 2, 1.0, 2, 1.0, waiting=2)
    assert [each.text for each in dictation.done] == ["w1 w2", "w1 w2", "w2"]
    assert len(dictation.decoder.asked) == 3


def test_after_a_long_silence_or_in_another_language_nothing_was_said_before() -> None:
    dictation = Dictation(last_language="en")
    dictation.feed(1, 2, 7.0, 3, 4, 1.0, waiting=2)
    assert dictation.decoder.contexts == []
    dictation.decoder.language = ("fr", 0.9)
    dictation.feed(*range(10), 1.0, 5, 1.0, waiting=2)
    assert [each.language for each in dictation.done] == ["en", "en", "fr", "fr"]
    assert [each.text for each in dictation.decoder.contexts] == [dictation.done[2].text]


def test_what_was_said_before_fits_into_what_is_heard_at_once() -> None:
    dictation = Dictation()
    for first in range(0, 60, 6):
        dictation.feed(*range(first, first + 6), 1.0, waiting=2)
    assert max(each.seconds for each in dictation.decoder.contexts) == pytest.approx(12, abs=1)
    assert [each.text for each in dictation.done] == [
        " ".join(f"w{n}" for n in range(first, first + 6)) for first in range(0, 60, 6)
    ]
    dictation.feed(*range(40), 1.0, waiting=2)
    assert dictation.decoder.contexts[-1].text == " ".join(f"w{n}" for n in range(54, 60))
    assert 24 < max(dictation.decoder.lengths) <= 28


def test_a_chosen_language_is_not_detected() -> None:
    dictation = Dictation(Decoder(("fr", 0.99)), language="de")
    dictation.feed(*range(10), 1.0)
    assert dictation.decoder.detected == 0
    assert dictation.done[0].language == "de"


def test_short_phrases_go_by_the_language_spoken_last() -> None:
    dictation = Dictation(Decoder(("fr", 0.99)), last_language="de")
    dictation.feed(1, 1.0, waiting=2)
    assert dictation.done[0].language == "de"
    dictation.feed(*range(10), 1.0, waiting=2)
    assert dictation.done[1].language == "fr"
    dictation.feed(1, 1.0, waiting=2)
    assert dictation.done[2].language == "fr"
    dictation.decoder.language = ("nl", 0.4)
    dictation.feed(*range(10), 1.0, waiting=2)
    assert dictation.done[3].language == "fr"


def test_the_first_short_phrase_is_detected_where_nothing_is_known() -> None:
    dictation = Dictation(Decoder(("fr", 0.3)))
    dictation.feed(1, 1.0, waiting=2)
    assert dictation.done[0].language == "fr"


def test_a_phrase_of_two_sentences_has_spaces_where_its_script_has_them() -> None:
    class Chinese(Decoder):
        def decode(self, samples: object, *_: object, **__: object) -> list[Hypothesis]:
            return [Hypothesis(Segment(0.4, 0.9, text), 0.0, -0.2, 1.0) for text in ("打开灯。", " 好的。")]

    dictation = Dictation(Chinese(("zh", 0.99)))
    dictation.feed(1, 1.0)
    assert dictation.done[0].text == "打开灯。好的。"
    assert Transcript(dictation.done[0].segments, "zh", 1.0).text == "打开灯。好的。"


def test_live_words_have_the_language_of_a_phrase_told_once() -> None:
    dictation = Dictation(Decoder(("fr", 0.99)), last_language="de")
    dictation.feed(*range(12), 1.0)
    assert len(dictation.live) > 4
    assert dictation.decoder.detected == 2  # and once for the final text
    dictation.feed(*range(12), 1.0)
    assert dictation.decoder.detected == 4
    assert [each.language for each in dictation.done] == ["fr", "fr"]
