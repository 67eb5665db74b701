"""Sentences that are made to make a search go on for ever."""

from __future__ import annotations

import time

import pytest

from assistant.translation import checks, marks, names, sentence_parts, values
from assistant.translation.glossary import matching
from assistant.translation.glossary.records import Term
from assistant.translation.records import Mark
from assistant.translation.sentence_parts import Piece

_LENGTH = 10_000
_SECONDS = 2.0
"""Each takes a tenth of it; without bounds it would be many times as long."""


@pytest.mark.parametrize(
    "unit",
    ["A", "a-", "a.", " ", "Ab ", "{a", "很好"],
)
def test_a_hostile_sentence_costs_no_more_than_another(unit: str) -> None:
    text = unit * (_LENGTH // len(unit)) + "x"
    began = time.process_time()
    sentence_parts.piece(text, (0, len(text)))
    sentence_parts.with_end(text, text)
    values.repaired(text, text[::-1])
    names.altered(text, text[::-1])
    checks.concerns(text, text[::-1], "en", "de")
    matching.occurring([Term("ab", "x"), Term("a", "y"), Term("很好", "z")], text)
    pieces = [Piece((0, len(text)), (0, len(text)))]
    whole, segments = sentence_parts.assembled(text, pieces, [(text[::-1], ())])
    marks.placed(text, whole, [Mark(0, 5, 900), Mark(1, 1000, 1000)], segments, {text[5:900]: "ab"})
    assert time.process_time() - began < _SECONDS
