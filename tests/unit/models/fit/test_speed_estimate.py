from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.models.files.records import Attention, Shape
from assistant.models.fit import speed_estimate
from assistant.models.fit.records import Corrections, MeasuredPace, Setting
from tests.made_models.records import LLAMA3_8B

GB = 10**9

PACE = MeasuredPace(
    threads=4,
    bytes_read=(("q4_K", 20.0 * GB), ("q6_K", 25.0 * GB), ("q8_0", 30.0 * GB), ("f16", 40.0 * GB)),
    operations=(("q4_K", 100.0 * GB), ("q6_K", 80.0 * GB), ("q8_0", 60.0 * GB), ("f16", 50.0 * GB)),
    step_seconds=0.0,
)
DENSE = replace(
    LLAMA3_8B,
    vocabulary=0,
    attention=(),
    weights=5 * GB,
    input_weights=GB,
    output_weights=GB,
    types=(("q4_K", 3 * GB), ("q6_K", 2 * GB)),
    table_type="q6_K",
)
"""It does not look back, so that what is left can be worked out by hand."""
SETTING = Setting(8192, batch=512)


def told(shape: Shape, pace: MeasuredPace = PACE, setting: Setting = SETTING) -> tuple[float, float]:
    """Seconds of a token, read and written."""
    found = speed_estimate.expected(shape, setting, pace)
    return 1 / found.reading, 1 / found.writing


def test_writing_reads_every_weight_but_the_table() -> None:
    _, writing = told(DENSE)
    assert writing == pytest.approx(3 / 20 + 1 / 25, rel=1e-3)
    tied = replace(DENSE, output_weights=0)
    assert told(tied)[1] == pytest.approx(3 / 20 + 2 / 25, rel=1e-3)


def test_reading_multiplies_all_but_the_last_step() -> None:
    reading, _ = told(DENSE)
    products = 3 * GB * 8 / 4.5 / (100 * GB)
    again = 1.4 * (3 / 20) / 512
    beside = 16 * 32 * (4 * 4096 + 2 * 4096 + 14336) / (40 * GB)
    assert reading == pytest.approx(products + again + beside, rel=1e-6)


def test_keys_and_values_with_fewer_bits_are_looked_back_at_one_by_one() -> None:
    looking = replace(DENSE, attention=(Attention(32, 1024, 1024),))
    fewer = replace(SETTING, kv_type="q8_0")
    written = told(looking)[1] - told(DENSE)[1]
    assert told(looking, setting=fewer)[0] - told(DENSE, setting=fewer)[0] == pytest.approx(written / 2)
    assert told(looking)[0] < told(looking, setting=fewer)[0]


def test_only_the_chosen_experts_work() -> None:
    experts = replace(DENSE, expert_weights=2 * GB, experts=8, experts_used=2)
    assert told(experts)[1] == pytest.approx(1.5 / 20 + 1 / 25, rel=1e-3)
    assert told(experts)[0] > told(replace(DENSE, weights=3 * GB, types=(("q4_K", GB), ("q6_K", 2 * GB))))[0]


def test_the_past_the_steps_and_the_vocabulary_take_their_time() -> None:
    base = told(DENSE)
    looking = replace(DENSE, attention=(Attention(32, 1024, 1024),))
    for slower in (looking, replace(DENSE, state=10**8)):
        assert told(slower)[1] > base[1]
    for faster in (
        replace(looking, attention=(Attention(32, 1024, 1024, window=64),)),
        replace(looking, attention=(Attention(32, 256, 256),)),
        replace(looking, heads=8),
        replace(looking, query=1024),
    ):
        assert told(faster)[1] < told(looking)[1]
    assert told(DENSE, replace(PACE, step_seconds=1e-5))[1] == pytest.approx(base[1] + 32 * 24e-5, rel=1e-6)
    assert told(replace(DENSE, vocabulary=200_000))[1] == pytest.approx(base[1] + 1e-3, rel=1e-6)
    capped = replace(DENSE, vocabulary=200_000, architecture="gemma4")
    assert told(capped)[1] == pytest.approx(base[1] + 5e-3, rel=1e-6)


def test_looking_back_is_worked_out_by_hand() -> None:
    """512 tokens, by 32 heads, that ask with 4096 values, for keys in rows of 2048 bytes: twice twice 512."""
    looking = replace(DENSE, attention=(Attention(32, 1024, 1024),))
    each = 500 * 32 + 4.3 * 4096 + 4 * 4096 * 2
    assert told(looking)[1] - told(DENSE)[1] == pytest.approx(512 * 32 * each / (40 * GB), rel=1e-6)


def test_where_attention_is_latent_every_head_looks_at_all_that_is_kept() -> None:
    own = replace(DENSE, heads=16, query=16 * 64, attention=(Attention(32, 576, 512),))
    latent = replace(own, attention=(Attention(32, 576, 0),))
    assert told(latent)[1] > told(own)[1] > told(DENSE)[1]


def test_small_batches_read_slower() -> None:
    assert told(DENSE, setting=replace(SETTING, batch=32))[0] > told(DENSE)[0]


def test_a_type_that_was_not_measured_is_like_the_nearest() -> None:
    five = replace(DENSE, types=(("q5_K", 3 * GB), ("iq1_s", 2 * GB)), table_type="iq1_s")
    assert told(five)[1] == pytest.approx(4 / 20, rel=1e-3)


def test_what_was_measured_corrects() -> None:
    plain = speed_estimate.expected(DENSE, SETTING, PACE)
    better = speed_estimate.expected(DENSE, SETTING, PACE, corrections=Corrections(1.0, 0.5, 2.0))
    assert (better.reading, better.writing) == (plain.reading / 2, plain.writing * 2)


def test_of_nothing_something_is_told() -> None:
    empty = Shape("", 0, 0, 0, 0, 0, 0, (), 0)
    assert speed_estimate.expected(empty, Setting(512), PACE).writing > 0
