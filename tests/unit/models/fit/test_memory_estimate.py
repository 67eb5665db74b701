from __future__ import annotations

import platform
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.models.files import gguf, model_shape
from assistant.models.files.gguf import Header, Tensor
from assistant.models.files.records import Attention, Shape
from assistant.models.fit import memory_estimate
from assistant.models.fit.records import AvailableMemory, Device, Place, Setting, Wanted
from tests.made_models import families
from tests.made_models.records import LLAMA3_8B

GB, MB = 2**30, 2**20

GEMMA3_1B = replace(
    LLAMA3_8B,
    architecture="gemma3",
    layers=26,
    embedding=1152,
    feed_forward=6912,
    vocabulary=262144,
    trained_context=32768,
    attention=(Attention(22, 256, 256, window=512), Attention(4, 256, 256)),
    weights=1000 * MB,
    output_weights=0,
    types=(("q8_0", 1000 * MB),),
    head=256,
)


def kv(*groups: Attention, context: int = 4096, **changes: Any) -> int:
    return memory_estimate.kv_bytes(replace(LLAMA3_8B, attention=groups), Setting(context, **changes))


# --- keys and values --------------------------------------------------------------------------------------


def test_grouped_and_all_heads() -> None:
    qwen3 = Attention(28, 8 * 128, 8 * 128)  # Qwen3-0.6B: 114,688 bytes a token
    assert kv(qwen3, context=1024) == 1024 * 114_688
    assert kv(qwen3, context=1000) == 1024 * 114_688, "places for tokens come in 256"
    assert kv(qwen3, context=1024, kv_type="q8_0") == 1024 * 114_688 * 17 // 32
    assert kv(qwen3, context=1024, kv_type="q4_0") == 1024 * 114_688 * 9 // 32
    phi3 = Attention(32, 32 * 96, 32 * 96)  # Phi-3-mini: each head has its own
    assert kv(phi3, context=256) == 256 * 393_216


def test_latent() -> None:
    lite = Attention(27, 512 + 64, 0)  # DeepSeek-V2-Lite
    assert kv(lite, context=4096) == 4096 * 31_104


def test_window() -> None:
    groups = GEMMA3_1B.attention
    each = 2 * 256 * 2
    assert kv(*groups, context=8192, batch=256) == (4 * 8192 + 22 * 768) * each
    assert kv(*groups, context=8192, batch=300) == (4 * 8192 + 22 * 1024) * each
    assert kv(*groups, context=512, batch=256) == (4 + 22) * 512 * each
    assert kv(*groups, context=8192, whole_window=True) == 26 * 8192 * each


def test_a_state_is_as_large_for_any_context() -> None:
    mamba = replace(LLAMA3_8B, attention=(), state=5 * MB)
    assert {memory_estimate.kv_bytes(mamba, Setting(context)) for context in (256, 100_000)} == {5 * MB}


# --- from a header ----------------------------------------------------------------------------------------


def made(folder: Path, family: str, **changes: Any) -> Shape:
    shape = families.TinyShape(layers=8)
    for name, value in changes.items():
        setattr(shape, name, value)
    return model_shape.shape(gguf.read(families.make(folder / "m.gguf", family, shape=shape)))


@pytest.mark.parametrize(
    ("family", "attention"),
    [
        ("llama", (Attention(8, 32, 32),)),
        ("phi3", (Attention(8, 32, 32),)),
        ("qwen3", (Attention(8, 64, 64),)),
        ("mixtral", (Attention(8, 32, 32),)),
        ("deepseek2", (Attention(8, 48, 0),)),
        ("gemma2", (Attention(4, 64, 64, 64), Attention(4, 64, 64))),
        ("gemma3", (Attention(7, 64, 64, 64), Attention(1, 64, 64))),
        ("gpt-oss", (Attention(4, 64, 64, 64), Attention(4, 64, 64))),
        ("mamba", ()),
        ("lfm2", (Attention(3, 32, 32),)),
        ("falcon-h1", (Attention(8, 32, 32),)),
        ("granitehybrid", (Attention(2, 32, 32),)),
        ("qwen35", (Attention(2, 64, 64),)),
    ],
)
def test_what_is_kept_by_family(tmp_path: Path, family: str, attention: tuple[Attention, ...]) -> None:
    shape = made(tmp_path, family)
    assert shape.attention == attention
    assert (shape.layers, shape.embedding, shape.heads) == (8, 64, 0 if family == "mamba" else 4)
    assert (shape.state > 0) == (family in ("mamba", "lfm2", "falcon-h1", "granitehybrid", "qwen35"))
    assert shape.weights == sum(size for _, size in shape.types)
    assert (tmp_path / "m.gguf").stat().st_size * 0.8 < shape.weights < (tmp_path / "m.gguf").stat().st_size


def test_states(tmp_path: Path) -> None:
    inner, state, kernel = 128, 8, 4
    assert made(tmp_path, "mamba").state == 8 * ((kernel - 1) * inner + state * inner) * 4
    mixed = inner + 2 * state
    assert made(tmp_path, "falcon-h1").state == 8 * ((kernel - 1) * mixed + state * inner) * 4
    assert made(tmp_path, "granitehybrid").state == 6 * ((kernel - 1) * mixed + state * inner) * 4
    assert made(tmp_path, "lfm2").state == 5 * 2 * 64 * 4


def test_weights_by_place_and_type(tmp_path: Path) -> None:
    shape = made(tmp_path, "mixtral", experts=4, matrices="q8_0")
    table = 64 * shape.vocabulary * 34 // 32
    assert (shape.input_weights, shape.output_weights, shape.table_type) == (table, table, "q8_0")
    assert shape.expert_weights == 8 * 4 * 3 * 64 * 128 * 34 // 32
    assert (shape.experts, shape.experts_used, shape.feed_forward) == (4, 2, 256)
    assert [kind for kind, _ in shape.types] == ["q8_0", "f32"]
    assert made(tmp_path, "gemma3").output_weights == 0


def test_a_header_may_say_anything() -> None:
    """What a file claims of its layers is not believed further than its arithmetic goes."""
    values: dict[str, Any] = {
        "general.architecture": "gemma3",
        "gemma3.block_count": 6,
        "gemma3.attention.head_count": 0,
        "gemma3.attention.head_count_kv": [1.5, 2, True],
        "gemma3.attention.sliding_window": 16,
        "gemma3.attention.sliding_window_pattern": [True],
    }
    shape = model_shape.shape(
        Header(Path("m"), values, (Tensor("blk.99.attn_k.weight", (4, 4), 9, "f16"),), 9)
    )
    assert shape.weights == 0
    values["gemma3.attention.sliding_window_pattern"] = 3
    shape = model_shape.shape(Header(Path("m"), values | {"gemma3.attention.head_count_kv": 2}, (), 0))
    assert [(group.layers, group.window) for group in shape.attention] == [(4, 16), (2, 0)]


# --- all of it ----------------------------------------------------------------------------------------------


def test_llama_3_8b() -> None:
    """Computed by hand: 512 tokens at once, through the widest place of a layer."""
    made = memory_estimate.estimate(LLAMA3_8B, Setting(8192, batch=512))
    assert made.weights == LLAMA3_8B.weights
    assert made.kv == 1024 * MB
    assert made.compute == pytest.approx(4 * 512 * (3 * 14336 + 4 * 4096) + 2 * 512 * 8192, rel=0.08)
    assert 100 * MB < made.overhead < 140 * MB
    assert made.processor == made.total == made.weights + made.kv + made.compute + made.overhead
    assert memory_estimate.estimate(LLAMA3_8B, Setting(8192), correction=1.1).total == int(made.total * 1.1)


def test_scores_are_kept_whole_without_flash_attention() -> None:
    plain = memory_estimate.estimate(LLAMA3_8B, Setting(8192, flash_attention=False)).compute
    assert plain > 4 * 512 * 8192 * 32


def test_a_table_that_serves_twice_lies_twice_where_it_is_put_in_another_order() -> None:
    tied = replace(LLAMA3_8B, output_weights=0)
    assert memory_estimate.estimate(replace(tied, table_type="f16"), Setting(512)).weights == tied.weights
    twice = memory_estimate.estimate(replace(tied, table_type="q4_0"), Setting(512)).weights
    assert twice == tied.weights + tied.input_weights
    odd = replace(tied, table_type="q4_0", vocabulary=128_257)
    assert memory_estimate.estimate(odd, Setting(512)).weights == tied.weights
    assert ("q8_0" in memory_estimate.REPACKED) == (platform.machine().lower() in ("arm64", "aarch64"))


def test_on_a_device() -> None:
    card = Device("Card", 24 * GB, 23 * GB)
    whole = memory_estimate.estimate(LLAMA3_8B, Setting(8192, gpu_layers=33), [card])
    in_layers = LLAMA3_8B.weights - LLAMA3_8B.input_weights
    assert whole.devices[0] == pytest.approx(in_layers + whole.kv + whole.compute + 300 * MB, abs=MB)
    assert whole.processor < LLAMA3_8B.input_weights + 160 * MB
    part = memory_estimate.estimate(LLAMA3_8B, Setting(8192, gpu_layers=17), [card])
    assert part.devices[0] < whole.devices[0] * 0.6
    assert part.processor > whole.processor + 2 * GB
    two = memory_estimate.estimate(LLAMA3_8B, Setting(8192, gpu_layers=33), [card, replace(card, free=GB)])
    assert two.devices[0] > 5 * two.devices[1]
    assert memory_estimate.estimate(LLAMA3_8B, Setting(8192, gpu_layers=-1), [card]) == whole


def test_a_projector_and_a_copy_to_go_back_to_count() -> None:
    plain = memory_estimate.estimate(LLAMA3_8B, Setting(512)).total
    assert memory_estimate.estimate(replace(LLAMA3_8B, projector=GB), Setting(512)).total == plain + GB
    hybrid = replace(LLAMA3_8B, state=100 * MB, mixer=4096)
    assert memory_estimate.estimate(hybrid, Setting(512)).kv == 2 * memory_estimate.kv_bytes(
        hybrid, Setting(512)
    )


# --- where it fits ------------------------------------------------------------------------------------------


def best(shape: Shape, free: float, *devices: Device, **wanted: Any) -> tuple[Place, int, str, int]:
    room = AvailableMemory(16 * GB, int(free * GB), devices)
    setting = (fit := memory_estimate.best(shape, room, wanted=Wanted(**wanted))).setting
    return fit.place, setting.context, setting.kv_type, setting.gpu_layers


def test_on_the_processor() -> None:
    assert best(LLAMA3_8B, 12) == (Place.PROCESSOR, 8192, "f16", 0)
    assert best(LLAMA3_8B, 6.2) == (Place.PROCESSOR, 4096, "f16", 0)
    assert best(LLAMA3_8B, 5.8) == (Place.PROCESSOR, 4096, "q8_0", 0), "rather than 2048 tokens"
    assert best(LLAMA3_8B, 5.5)[1] < 4096
    assert best(LLAMA3_8B, 0) == (Place.PROCESSOR, 8192, "f16", 0), "nothing is known of this computer"


def test_nowhere_with_the_smallest_there_is() -> None:
    fit = memory_estimate.best(LLAMA3_8B, AvailableMemory(8 * GB, 3 * GB))
    assert (fit.place, fit.fits, fit.setting.context) == (Place.NOWHERE, False, 512)
    assert fit.reason == "It needs at least 5.6 GB of memory, and only 3.2 GB is free."


def test_on_cards() -> None:
    card = Device("RTX", 8 * GB, int(7.5 * GB))
    assert best(LLAMA3_8B, 12, card) == (Place.DEVICE, 8192, "f16", 33)
    assert best(LLAMA3_8B, 1.1, card) == (Place.DEVICE, 8192, "f16", 33)
    place, context, _, layers = best(LLAMA3_8B, 12, replace(card, free=4 * GB))
    assert (place, context) == (Place.SHARED, 8192)
    assert 10 < layers < 30
    assert best(LLAMA3_8B, 12, replace(card, free=GB // 2))[0] is Place.PROCESSOR
    assert best(LLAMA3_8B, 12, replace(card, usable=False))[0] is Place.PROCESSOR
    assert best(LLAMA3_8B, 12, replace(card, free=4 * GB), replace(card, free=4 * GB))[0] is Place.DEVICE


def test_shared_memory_counts_once() -> None:
    unified = Device("Integrated", 16 * GB, 12 * GB, shared=True)
    assert best(LLAMA3_8B, 12, unified)[0] is Place.DEVICE
    assert best(LLAMA3_8B, 5, unified)[0] is Place.NOWHERE
    card = Device("Card", 8 * GB, 8 * GB)
    fit = memory_estimate.best(LLAMA3_8B, AvailableMemory(16 * GB, 12 * GB, (unified, card)))
    assert "Card" in fit.reason
    assert "Integrated" not in fit.reason


def test_what_is_fixed_stays() -> None:
    card = Device("RTX", 24 * GB, 24 * GB)
    assert best(LLAMA3_8B, 12, card, gpu_layers=0) == (Place.PROCESSOR, 8192, "f16", 0)
    assert best(LLAMA3_8B, 12, card, gpu_layers=7)[::3] == (Place.SHARED, 7)
    assert best(LLAMA3_8B, 12, card, gpu_layers=-1)[::3] == (Place.DEVICE, 33)
    assert best(LLAMA3_8B, 12, context=1024, kv_type="q4_0")[1:3] == (1024, "q4_0")
    assert best(LLAMA3_8B, 5, context=8192)[0] is Place.NOWHERE
    odd = replace(LLAMA3_8B, head=80)
    assert best(LLAMA3_8B, 5.8)[2] == "q8_0"
    assert best(odd, 5.8)[2] == "f16", "80 values are no whole blocks of 32"


def test_a_window_is_kept_whole_where_there_is_room() -> None:
    roomy, tight = (
        memory_estimate.best(GEMMA3_1B, AvailableMemory(16 * GB, int(free * GB))) for free in (8, 1.8)
    )
    assert (roomy.setting.whole_window, roomy.setting.context) == (True, 8192)
    assert (tight.setting.whole_window, tight.setting.context) == (False, 8192)
    card = memory_estimate.best(GEMMA3_1B, AvailableMemory(16 * GB, 8 * GB, (Device("RTX", 8 * GB, 8 * GB),)))
    assert not card.setting.whole_window


def test_a_correction_can_make_it_too_large() -> None:
    room = AvailableMemory(
        8 * GB, memory_estimate.estimate(LLAMA3_8B, Setting(8192, batch=32)).total + 300 * MB
    )
    assert memory_estimate.best(LLAMA3_8B, room).setting.context == 8192
    assert memory_estimate.best(LLAMA3_8B, room, correction=1.05).setting.context == 4096
