from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat.llama import load_plan, prompt_lookup
from assistant.chat.records import LoadOptions
from assistant.errors import ModelTooLarge, UserInputError
from assistant.models.files.records import Shape
from assistant.models.fit import memory_estimate
from assistant.models.fit.records import AvailableMemory, Device
from tests.made_models.records import LLAMA3_8B

GB = 2**30
TWO = LoadOptions(threads=2)
SHAPE = replace(
    LLAMA3_8B,
    trained_context=131072,
    weights=4 * GB,
    input_weights=GB // 4,
    output_weights=GB // 4,
    types=(("q8_0", 4 * GB),),
)
"""128 KiB of keys and values a token."""


def plan(free: int, options: LoadOptions = TWO, shape: Shape = SHAPE, **changes: int) -> load_plan.LoadPlan:
    return load_plan.plan("m.gguf", shape, options, AvailableMemory(32 * GB, free), **changes)


def test_the_context_becomes_as_large_as_memory_allows() -> None:
    whole = plan(32 * GB)
    assert (whole.setting.context, whole.setting.kv_type, whole.flash_attention_type) == (8192, "f16", -1)
    assert plan(0).setting.context == 8192  # not known
    tight = plan(int(5.5 * GB))
    assert (tight.setting.context, tight.setting.kv_type, tight.flash_attention_type) == (4096, "q8_0", 1)
    assert (tight.kv_type_number, whole.kv_type_number) == (8, 1)
    assert plan(6 * GB).setting.context == 4096
    assert plan(32 * GB, shape=replace(SHAPE, trained_context=2048)).setting.context == 2048


def test_too_large_in_numbers_with_what_would_fit() -> None:
    with pytest.raises(
        ModelTooLarge, match=r"m\.gguf does not fit: .* 5\.\d GB of memory, and only 3\.2 GB is"
    ) as caught:
        plan(3 * GB)
    assert caught.value.details["setting"] is None
    assert "smaller model" in caught.value.hint
    with pytest.raises(ModelTooLarge) as caught:
        plan(7 * GB, LoadOptions(context=100_000))
    assert caught.value.details["needed"] > 11 * GB
    assert caught.value.details["free"] == 7 * GB
    assert caught.value.details["setting"].context == 8192
    assert "8192 tokens" in caught.value.hint


def test_while_more_memory_may_come_no_small_context_is_chosen() -> None:
    free = int(5.2 * GB)
    small = plan(free)
    assert small.setting.context < memory_estimate.CONVERSATION
    with pytest.raises(ModelTooLarge) as caught:
        plan(free, least_context=memory_estimate.CONVERSATION)
    assert caught.value.details["needed"] > free
    asked = LoadOptions(context=512)
    assert plan(free, asked, least_context=memory_estimate.CONVERSATION).setting.context == 512
    short = replace(SHAPE, trained_context=512)
    assert plan(free, shape=short, least_context=memory_estimate.CONVERSATION).setting.context == 512


def test_what_is_asked_for_is_done() -> None:
    options = LoadOptions(
        context=3000, threads=3, batch=100, kv_type="q4_0", gpu_layers=0, flash_attention=True
    )
    made = plan(32 * GB, options)
    assert (made.setting.context, made.setting.threads, made.setting.batch) == (3000, 3, 100)
    assert (made.setting.gpu_layers, made.flash_attention_type, made.kv_type_number) == (0, 1, 2)
    small = replace(SHAPE, trained_context=4096)
    assert plan(32 * GB, LoadOptions(context=10_000), small).setting.context == 4096


@pytest.mark.parametrize(
    "options", [LoadOptions(kv_type="q9"), LoadOptions(context=1), LoadOptions(threads=0)]
)
def test_impossible_options(options: LoadOptions) -> None:
    with pytest.raises(UserInputError):
        plan(32 * GB, options)


def test_large_models_read_in_small_steps_so_that_stop_is_heard() -> None:
    assert plan(32 * GB).setting.batch == 32
    small = replace(SHAPE, embedding=896, feed_forward=4864)
    assert plan(32 * GB, shape=small).setting.batch == 512


def test_weights_in_an_order_of_the_engine_are_not_mapped_from_the_file() -> None:
    assert plan(32 * GB, shape=replace(SHAPE, types=(("f16", GB),))).mapped
    assert not plan(32 * GB, shape=replace(SHAPE, types=(("f16", GB), ("q4_K", 1)))).mapped
    card = Device("Card", 24 * GB, 24 * GB)
    on_card = load_plan.plan(
        "m", replace(SHAPE, types=(("f16", GB),)), TWO, AvailableMemory(32 * GB, 32 * GB, (card,))
    )
    assert on_card.setting.gpu_layers == 33
    assert not on_card.mapped


def test_there_is_room_for_every_guess() -> None:
    assert memory_estimate.OUTPUTS == 1 + prompt_lookup._LARGEST_DRAFT
