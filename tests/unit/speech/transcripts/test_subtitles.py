"""Subtitles: what fits on the screen, for how long, and where it is cut."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.speech.records import Segment, Word
from assistant.speech.transcripts.subtitles import GAP, LONGEST, SHORTEST, SPEED, Cue, cues
from assistant.text.subtitle_room import LINE, width

TALK = (
    "When the new well was dug in the north field, nobody thought that water would come so soon. "
    "It came in April, and the whole village went out to see it. Then the pump broke."
)


def spoken(text: str, start: float = 0.0, pace: float = 0.4, speaker: str = "") -> Segment:
    """A word every `pace` seconds."""
    words = tuple(
        Word(start + pace * i, start + pace * (i + 0.9), f" {word}" if i else word)
        for i, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, words, speaker)


def said(found: list[Cue]) -> str:
    return " ".join(line for cue in found for line in cue.lines)


def check(found: list[Cue]) -> None:
    for cue in found:
        assert 1 <= len(cue.lines) <= 2
        assert cue.end > cue.start
        assert cue.end - cue.start <= LONGEST + 0.01
    for one, other in itertools.pairwise(found):
        assert other.start - one.end >= GAP - 0.002


def test_lines_times_and_sentences() -> None:
    found = cues([spoken(TALK)])
    check(found)
    assert said(found) == TALK
    assert all(len(line) <= LINE for cue in found for line in cue.lines)
    assert all(cue.end - cue.start >= SHORTEST for cue in found)
    assert [cue.text.replace("\n", " ")[-1] for cue in found] == [",", ".", "."]
    assert [len(line) > 15 for line in found[0].lines] == [True, True]


def test_a_cue_stays_in_the_silence_behind_it_until_it_is_read() -> None:
    quick = spoken("Extraordinarily comprehensive characterisations.", pace=0.2)
    (alone,) = cues([quick])
    assert alone.end - alone.start >= len(alone.text) / SPEED - 0.01
    first, second = cues([quick, spoken("Then it was over.", start=quick.end + 1.8)])
    assert first.end <= second.start - GAP + 0.002
    followed, _ = cues([quick, spoken("Somebody else speaks at once.", start=quick.end, speaker="B")])
    assert followed.end <= quick.end


def test_a_long_silence_ends_a_cue_and_a_short_one_is_a_place_for_it() -> None:
    words = spoken("one two three four five six seven eight").words
    apart = tuple(Word(w.start + 3 * (i >= 4), w.end + 3 * (i >= 4), w.text) for i, w in enumerate(words))
    found = cues([Segment(0, apart[-1].end, "one two three four five six seven eight", apart)])
    assert [cue.text for cue in found] == ["one two three four", "five six seven eight"]
    assert found[0].end < found[1].start - 1


def test_speakers_are_named_where_they_change() -> None:
    talk = [
        spoken("Good morning.", 0, speaker="Anna"),
        spoken("How are you?", 0.9, speaker="Anna"),
        spoken("Well, thank you.", 2, speaker="Ben"),
    ]
    assert [cue.text for cue in cues(talk)] == ["Anna: Good morning. How are you?", "Ben: Well, thank you."]
    bare = cues(talk, labels=False)
    assert [(cue.speaker, cue.text) for cue in bare] == [
        ("Anna", "Good morning. How are you?"),
        ("Ben", "Well, thank you."),
    ]


def test_text_without_spaces() -> None:
    text = "我们昨天在北边的田里挖了一口新井，没有人想到水会来得这么快。整个村子的人都出来看，后来水泵坏了。"
    found = cues([Segment(0, 12, text)])
    check(found)
    assert "".join(line for cue in found for line in cue.lines) == text
    assert all(LINE * len(line) / width(line) >= 16 for cue in found for line in cue.lines)
    assert all(len(line) <= 20 for cue in found for line in cue.lines)
    assert not any(line[0] in "，。" for cue in found for line in cue.lines)
    japanese = "コンピュータのプログラムは、毎日すこしずつ、よくなってゆきます。"
    for cue in cues([Segment(0, 5, japanese)]):
        for line in cue.lines:
            assert line[0] not in "ー、。っゃゅょュ"
            assert not line.endswith("コンピ")


def test_right_to_left_text_keeps_its_order() -> None:
    text = "مرحبا بكم في التقرير السنوي، وصلت المياه إلى البئر الجديدة في شهر أبريل من هذا العام."
    found = cues([spoken(text)])
    check(found)
    assert said(found) == text
    assert found[0].text.replace("\n", " ").endswith("،")


def test_marks_take_no_room_and_hindi_is_not_cut_within_words() -> None:
    text = "नमस्ते दुनिया, यह एक लंबा वाक्य है जो दो पंक्तियों में बाँटा जाना चाहिए और फिर समाप्त होता है।"
    found = cues([spoken(text)])
    assert said(found) == text
    assert width("é") == 1
    assert width("e\u0301") == 1


def test_segments_without_words_are_spread_evenly() -> None:
    found = cues([Segment(10, 30, TALK)])
    check(found)
    assert said(found) == TALK
    assert found[0].start == 10
    assert all(abs(cue.start - (10 + 20 * TALK.index(cue.lines[0]) / len(TALK))) < 0.6 for cue in found)


def test_pieces_of_words_stay_together() -> None:
    words = (
        Word(0, 1, " mother"),
        Word(1, 2, "-in"),
        Word(2, 3, "-law"),
        Word(3, 3.4, "'s"),
        Word(4, 9, " car"),
    )
    found = cues([Segment(0, 10, "mother-in-law's car", words)])
    assert [cue.text for cue in found] == ["mother-in-law's", "car"]


def test_a_word_longer_than_a_line_stands_alone() -> None:
    long = "x" * 60
    found = cues([spoken(f"see {long} now", pace=1)])
    assert said(found) == f"see {long} now"
    assert any(long in line for cue in found for line in cue.lines)


def test_nothing_and_blanks() -> None:
    assert cues([]) == []
    assert cues([Segment(0, 1, "  "), Segment(1, 2, "", (Word(1, 2, " "),))]) == []


times = st.floats(0, 400, allow_nan=False)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            times, times, st.lists(st.tuples(times, times, st.text(min_size=1, max_size=60)), max_size=12)
        ),
        max_size=6,
    )
)
def test_whatever_the_times_nothing_is_lost_or_shown_twice(
    parts: list[tuple[float, float, list[tuple[float, float, str]]]],
) -> None:
    segments = [
        Segment(start, end, "".join(w[2] for w in words), tuple(Word(*word) for word in words))
        for start, end, words in parts
    ]
    found = cues(segments)
    check(found)
    letters = "".join("".join(cue.lines) for cue in found)
    assert "".join(letters.split()) == "".join("".join(s.text for s in segments).split())
