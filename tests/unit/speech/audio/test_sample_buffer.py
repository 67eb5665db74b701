"""The last part of a sound, cut by its times."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.speech.audio.sample_buffer import SampleBuffer
from assistant.speech.records import SAMPLE_RATE


@given(
    st.lists(st.integers(0, 5), max_size=10),
    st.integers(0, 10),
    st.integers(-2, 40),
    st.integers(-2, 40),
    st.integers(0, 30),
)
def test_any_cut_is_what_was_appended(
    blocks: list[int], start: int, first: int, last: int, drop: int
) -> None:
    step = SAMPLE_RATE // 10
    buffer = SampleBuffer(start / 10)
    whole = np.arange(sum(blocks) * step, dtype=np.float32)
    at = 0
    for count in blocks:
        buffer.append(whole[at : at + count * step])
        at += count * step
    assert buffer.end == (start + sum(blocks)) / 10

    def expected(first: int) -> list[float]:
        return whole[max(0, first - start) * step : max(0, last - start) * step].tolist()

    assert buffer.cut(first / 10, last / 10).tolist() == expected(first)
    buffer.drop_before(drop / 10)
    assert buffer.end == (start + sum(blocks)) / 10
    if first >= drop:
        assert buffer.cut(first / 10, last / 10).tolist() == expected(first)


def test_memory_stays_flat() -> None:
    buffer = SampleBuffer()
    for second in range(100):
        buffer.append(np.zeros(SAMPLE_RATE, np.float32))
        buffer.drop_before(second - 1)
        assert len(buffer._blocks) <= 3
    assert buffer.end == 100
