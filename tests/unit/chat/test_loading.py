from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.chat import loading
from assistant.chat.records import LoadOptions
from assistant.errors import ModelTooLarge, UserInputError
from assistant.models.gguf import Header, Tensor

GB = 2**30


def header(size: int = 4 * GB, **values: Any) -> Header:
    """An 8B model in 4 bits: 128 KiB of keys and values a token."""
    keys: dict[str, Any] = {
        "context_length": 131072,
        "embedding_length": 4096,
        "feed_forward_length": 14336,
        "block_count": 32,
        "attention.head_count": 32,
        "attention.head_count_kv": 8,
    }
    keys |= {name.replace("__", "."): value for name, value in values.items()}
    stored = {"general.architecture": "llama"} | {f"llama.{key}": value for key, value in keys.items()}
    return Header(Path("m.gguf"), stored, (Tensor("output.weight", (4096, 128256), 0),), size)


def plan(free: int, options: LoadOptions | None = None, **values: Any) -> loading.Plan:
    return loading.plan(header(**values), options or LoadOptions(threads=2), memory_free=free)


def test_keys_and_values() -> None:
    assert loading.kv_bytes(header(), 1024, "f16") == 1024 * 128 * 1024
    assert loading.kv_bytes(header(attention__head_count_kv=[8] * 16 + [0] * 16), 1024, "f16") == 2**26
    assert loading.kv_bytes(header(), 1024, "q8_0") < 0.54 * 2**27


def test_the_context_becomes_as_large_as_memory_allows() -> None:
    assert plan(32 * GB).context == 8192
    assert plan(0).context == 8192  # not known
    assert (plan(32 * GB).kv_type, plan(32 * GB).flash_attention) == ("f16", -1)
    tight = plan(int(5.2 * GB))
    assert (tight.context, tight.kv_type, tight.flash_attention) == (8192, "q8_0", 1)
    assert plan(int(4.7 * GB)).context < 8192
    assert plan(32 * GB, context_length=2048).context == 2048


def test_too_large_in_numbers() -> None:
    with pytest.raises(ModelTooLarge, match=r"needs 4\.\d GB of memory, and 3\.0 GB are free"):
        plan(3 * GB)
    with pytest.raises(ModelTooLarge):
        plan(6 * GB, LoadOptions(context=100_000))


def test_what_is_asked_for_is_done() -> None:
    options = LoadOptions(
        context=3000, threads=3, batch=100, kv_type="q4_0", gpu_layers=5, flash_attention=True
    )
    made = plan(32 * GB, options)
    assert (made.context, made.threads, made.batch, made.kv_type) == (3000, 3, 100, "q4_0")
    assert (made.gpu_layers, made.flash_attention, made.kv_number) == (5, 1, 2)
    assert plan(32 * GB, LoadOptions(context=10_000), context_length=4096).context == 4096


@pytest.mark.parametrize(
    "options", [LoadOptions(kv_type="q9"), LoadOptions(context=1), LoadOptions(threads=0)]
)
def test_impossible_options(options: LoadOptions) -> None:
    with pytest.raises(UserInputError):
        plan(32 * GB, options)


def test_large_models_read_in_small_steps_so_that_stop_is_heard() -> None:
    assert plan(32 * GB).batch == 32
    assert plan(32 * GB, embedding_length=896, feed_forward_length=4864).batch == 512


def test_graphics_cards() -> None:
    two = loading.plan(header(), LoadOptions(), memory_free=8 * GB, gpu_free=(5 * GB, 5 * GB))
    assert two.gpu_layers == 33
    assert two.batch == 512
    some = loading.plan(header(), LoadOptions(), memory_free=8 * GB, gpu_free=(3 * GB,))
    assert 0 < some.gpu_layers < 33
    assert loading.plan(header(), LoadOptions(), memory_free=8 * GB).gpu_layers == 0


def test_processors() -> None:
    assert loading.processors() >= 1
