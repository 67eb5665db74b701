"""Segments to paragraphs."""

from __future__ import annotations

import pytest

from assistant.speech.records import Segment
from assistant.speech.transcripts.paragraphs import paragraphs
from assistant.text_folding import joined


def test_pauses_and_speakers_begin_paragraphs() -> None:
    found = paragraphs(
        [
            Segment(0, 2, "Good morning."),
            Segment(2.5, 4, "Please sit down."),
            Segment(6.1, 8, "The well is dry."),
            Segment(8, 9, "Since when?", speaker="Ben"),
            Segment(9, 10, " "),
            Segment(9, 10, "Since May.", speaker="Ben"),
        ]
    )
    assert [(each.start, each.end, each.speaker, each.text) for each in found] == [
        (0, 4, "", "Good morning. Please sit down."),
        (6.1, 8, "", "The well is dry."),
        (8, 10, "Ben", "Since when? Since May."),
    ]


def test_a_paragraph_does_not_grow_for_ever() -> None:
    talk = [Segment(5 * i, 5 * i + 4.8, "A sentence of forty letters, give or take.") for i in range(100)]
    found = paragraphs(talk)
    assert 2 < len(found) < 8
    assert sum(len(each.segments) for each in found) == 100


@pytest.mark.parametrize(
    ("texts", "whole"),
    [
        (["Hello.", " World"], "Hello. World"),
        (["打开灯。", "好的。"], "打开灯。好的。"),
        (["สวัสดี", "ครับ"], "สวัสดีครับ"),
        (["안녕하세요.", "네."], "안녕하세요. 네."),
        (["用", "Python", "写"], "用 Python 写"),
        (["「行く。」", "（次の日）", "｢ﾊｲ｣"], "「行く。」（次の日）｢ﾊｲ｣"),
        (["", "a", " ", "b"], "a b"),
    ],
)
def test_spaces_where_the_writing_has_them(texts: list[str], whole: str) -> None:
    assert joined(texts) == whole
