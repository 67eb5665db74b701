"""Families whose layers keep a state of the past, all of them or some."""

from __future__ import annotations

from typing import Any

from tests.made_models.layers import TinyShape, attention, gated, layers


def mamba(shape: TinyShape) -> dict[str, Any]:
    """Without attention: its memory is one state, of which nothing can be taken away."""
    inner, state, rank, kernel = 2 * shape.embedding, shape.state, shape.embedding // 16, 4
    for layer in layers(shape):
        shape.norm(f"{layer}.attn_norm", shape.embedding)
        shape.weight(f"{layer}.ssm_in", shape.embedding, 2 * inner)
        shape.floats(f"{layer}.ssm_conv1d.weight", kernel, inner)
        shape.bias(f"{layer}.ssm_conv1d", inner)
        shape.weight(f"{layer}.ssm_x", inner, rank + 2 * state)
        shape.floats(f"{layer}.ssm_dt.weight", rank, inner)
        shape.bias(f"{layer}.ssm_dt", inner)
        shape.floats(f"{layer}.ssm_a", state, inner, sign=-1)
        shape.floats(f"{layer}.ssm_d", inner)
        shape.weight(f"{layer}.ssm_out", inner, shape.embedding)
    return {
        "attention.head_count": 0,
        "attention.head_count_kv": 0,
        "feed_forward_length": 0,
        "ssm.conv_kernel": kernel,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": rank,
    }


def lfm2(shape: TinyShape) -> dict[str, Any]:
    """Short convolutions, and attention in every third layer."""
    kernel, kv_heads = 3, []
    for number, layer in enumerate(layers(shape)):
        attends = number % 3 == 1
        kv_heads.append(shape.kv_heads if attends else 0)
        if attends:
            attention(shape, layer, norms=True)
        else:
            shape.norm(f"{layer}.attn_norm", shape.embedding)
            shape.norm(f"{layer}.ffn_norm", shape.embedding)
            shape.plain(f"{layer}.shortconv.conv.weight", kernel, shape.embedding)
            shape.weight(f"{layer}.shortconv.in_proj", shape.embedding, 3 * shape.embedding)
            shape.weight(f"{layer}.shortconv.out_proj", shape.embedding, shape.embedding)
        gated(shape, layer)
    shape.tensors["token_embd_norm.weight"] = shape.tensors.pop("output_norm.weight")
    return {"attention.head_count_kv": kv_heads, "shortconv.l_cache": kernel}


def _mamba2(
    shape: TinyShape, layer: str, inner: int, state: int, groups: int, heads: int, kernel: int
) -> None:
    mixed = inner + 2 * groups * state
    shape.weight(f"{layer}.ssm_in", shape.embedding, inner + mixed + heads)
    shape.floats(f"{layer}.ssm_conv1d.weight", kernel, mixed)
    shape.bias(f"{layer}.ssm_conv1d", mixed)
    shape.bias(f"{layer}.ssm_dt", heads)
    shape.floats(f"{layer}.ssm_a", 1, heads, sign=-1)
    shape.floats(f"{layer}.ssm_d", 1, heads)
    shape.floats(f"{layer}.ssm_norm.weight", inner // groups, groups)
    shape.weight(f"{layer}.ssm_out", inner, shape.embedding)


def falcon_h1(shape: TinyShape) -> dict[str, Any]:
    """Attention and a state beside each other in every layer."""
    inner, state, groups, kernel = 2 * shape.embedding, shape.state, 1, 4
    heads = inner // shape.wide
    for layer in layers(shape):
        attention(shape, layer)
        shape.tensors[f"{layer}.ffn_norm"] = shape.tensors.pop(f"{layer}.ffn_norm.weight")
        _mamba2(shape, layer, inner, state, groups, heads, kernel)
        gated(shape, layer)
    return {"attention.key_length": shape.head, "attention.value_length": shape.head} | _ssm(
        kernel, inner, state, heads, groups
    )


def granite(shape: TinyShape) -> dict[str, Any]:
    """States, and attention in every fourth layer."""
    inner, state, groups, kernel = 2 * shape.embedding, shape.state, 1, 4
    heads, kv_heads = inner // shape.wide, []
    for number, layer in enumerate(layers(shape)):
        attends = number % 4 == 1
        kv_heads.append(shape.kv_heads if attends else 0)
        if attends:
            attention(shape, layer)
        else:
            shape.norm(f"{layer}.attn_norm", shape.embedding)
            shape.norm(f"{layer}.ffn_norm", shape.embedding)
            _mamba2(shape, layer, inner, state, groups, heads, kernel)
        gated(shape, layer)
    return {"attention.head_count_kv": kv_heads} | _ssm(kernel, inner, state, heads, groups)


def qwen35(shape: TinyShape) -> dict[str, Any]:
    """Gated delta nets, and gated attention in every fourth layer."""
    state, key_heads, value_heads, kernel = shape.state, shape.heads, 2 * shape.heads, 4
    inner = state * value_heads
    mixed = 2 * state * key_heads + inner
    for number, layer in enumerate(layers(shape)):
        if number % 4 == 3:
            attention(shape, layer, norms=True, head=shape.wide)
            del shape.tensors[f"{layer}.attn_q.weight"]
            shape.weight(f"{layer}.attn_q", shape.embedding, 2 * shape.wide * shape.heads)
        else:
            shape.norm(f"{layer}.attn_norm", shape.embedding)
            shape.weight(f"{layer}.attn_qkv", shape.embedding, mixed)
            shape.weight(f"{layer}.attn_gate", shape.embedding, inner)
            shape.floats(f"{layer}.ssm_conv1d.weight", kernel, mixed)
            shape.bias(f"{layer}.ssm_dt", value_heads)
            shape.floats(f"{layer}.ssm_a", value_heads, sign=-1)
            shape.weight(f"{layer}.ssm_beta", shape.embedding, value_heads)
            shape.weight(f"{layer}.ssm_alpha", shape.embedding, value_heads)
            shape.norm(f"{layer}.ssm_norm", state)
            shape.weight(f"{layer}.ssm_out", inner, shape.embedding)
        shape.tensors.pop(f"{layer}.ffn_norm.weight", None)
        shape.norm(f"{layer}.post_attention_norm", shape.embedding)
        gated(shape, layer)
    return {
        "attention.key_length": shape.wide,
        "attention.value_length": shape.wide,
        "rope.dimension_count": shape.wide // 4 * 2,
        "rope.dimension_sections": [shape.wide // 8, shape.wide // 8, 0, 0],
        "full_attention_interval": 4,
    } | _ssm(kernel, inner, state, value_heads, key_heads)


def _ssm(kernel: int, inner: int, state: int, heads: int, groups: int) -> dict[str, Any]:
    return {
        "ssm.conv_kernel": kernel,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": heads,
        "ssm.group_count": groups,
    }
