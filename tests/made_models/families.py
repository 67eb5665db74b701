"""Tiny models with random weights, one of each family that has to work: a few hundred kilobytes.

What they say means nothing; that they load, read, write, stop and repeat themselves under a seed is real.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.made_models import hybrids
from tests.made_models.gguf_writer import BYTE, CONTROL, NORMAL, UNKNOWN, GgufWriter, byte_tokens
from tests.made_models.layers import TinyShape, attention, gated, layers

__all__ = ["FAMILIES", "OTHERS", "THINKING", "TinyShape", "make", "make_adapter"]

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
THINKING = CHATML.replace("<|im_start|>assistant\n{% endif %}", "<|im_start|>assistant\n<think>\n{% endif %}")


def make(path: Path, family: str, **changes: Any) -> Path:
    """Write a tiny model.

    Args:
        family: a name of FAMILIES or OTHERS.
        changes: keys of the file that are to be otherwise, with "_" for "."; None leaves one out. `shape`
            gives other sizes, `name` another name.
    """
    architecture, fill = (FAMILIES | OTHERS)[family]
    shape: TinyShape = changes.pop("shape", None) or TinyShape()
    name: str = changes.pop("name", f"Tiny {family}")
    values: dict[str, Any] = {
        "general.type": "model",
    }
    values |= _vocabulary(shape.more_tokens, sentencepiece=family in ("phi3", "mixtral", "gemma2", "gemma3"))
    shape.vocabulary = len(values["tokenizer.ggml.tokens"])
    prefix = architecture + "."
    values |= {
        prefix + "context_length": shape.context,
        prefix + "embedding_length": shape.embedding,
        prefix + "block_count": shape.layers,
        prefix + "feed_forward_length": shape.inner,
        prefix + "attention.head_count": shape.heads,
        prefix + "attention.head_count_kv": shape.kv_heads,
        prefix + "attention.layer_norm_rms_epsilon": 1e-6,
        prefix + "rope.freq_base": 10000.0,
    }
    shape.weight("token_embd", shape.embedding, shape.vocabulary)
    shape.norm("output_norm", shape.embedding)
    if not shape.tied and family not in ("gemma2", "gemma3", "lfm2"):
        shape.weight("output", shape.embedding, shape.vocabulary)
    values |= {prefix + key: value for key, value in fill(shape).items()}
    for changed, value in changes.items():
        key = next((each for each in values if each.replace(".", "_") == changed), changed.replace("__", "."))
        values[key] = value
    writer = GgufWriter(architecture, name)
    for key, value in values.items():
        if value is not None:
            writer.add(key, value, "i32" if key == "tokenizer.ggml.token_type" else None)
    for tensor_name, (tensor, kind) in shape.tensors.items():
        writer.tensor(tensor_name, tensor, kind)
    writer.write(path)
    return path


def _llama(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer)
        gated(shape, layer)
    return {"rope.dimension_count": shape.head}


def _mixtral(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer)
        shape.weight(f"{layer}.ffn_gate_inp", shape.embedding, shape.experts)
        gated(shape, layer, "_exps", experts=shape.experts)
    return {
        "rope.dimension_count": shape.head,
        "expert_count": shape.experts,
        "expert_used_count": shape.experts_used,
    }


def _phi3(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        shape.norm(f"{layer}.attn_norm", shape.embedding)
        rows = shape.head * (shape.heads + 2 * shape.kv_heads)
        shape.weight(f"{layer}.attn_qkv", shape.embedding, rows)
        shape.weight(f"{layer}.attn_output", shape.embedding, shape.embedding)
        shape.norm(f"{layer}.ffn_norm", shape.embedding)
        shape.weight(f"{layer}.ffn_up", shape.embedding, 2 * shape.inner)
        shape.weight(f"{layer}.ffn_down", shape.inner, shape.embedding)
    return {"rope.dimension_count": shape.head}


def _qwen2(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer, bias=True)
        gated(shape, layer)
    return {}


def _qwen2vl(shape: TinyShape) -> dict[str, Any]:
    """As Qwen2, with the places of pictures' cells in rows and columns."""
    quarter = shape.head // 4
    return _qwen2(shape) | {"rope.dimension_sections": [quarter, quarter // 2, quarter - quarter // 2, 0]}


def _qwen3(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer, norms=True, head=shape.wide)
        gated(shape, layer)
    return {"attention.key_length": shape.wide, "attention.value_length": shape.wide}


def _gemma3(shape: TinyShape) -> dict[str, Any]:
    return _gemma(shape, norms=True) | {"rope.freq_base": 1000000.0}


def _gemma(shape: TinyShape, *, norms: bool) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer, norms=norms, head=shape.wide)
        gated(shape, layer)
        shape.norm(f"{layer}.post_attention_norm", shape.embedding)
        shape.norm(f"{layer}.post_ffw_norm", shape.embedding)
    return {
        "attention.key_length": shape.wide,
        "attention.value_length": shape.wide,
        "attention.sliding_window": shape.window,
    }


def _gemma2(shape: TinyShape) -> dict[str, Any]:
    caps = {"attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0}
    return _gemma(shape, norms=False) | caps


def _gpt_oss(shape: TinyShape) -> dict[str, Any]:
    for layer in layers(shape):
        attention(shape, layer, bias=True, head=shape.wide)
        del shape.tensors[f"{layer}.ffn_norm.weight"]
        shape.norm(f"{layer}.post_attention_norm", shape.embedding)
        shape.bias(f"{layer}.attn_output", shape.embedding)
        shape.plain(f"{layer}.attn_sinks.weight", shape.heads)
        shape.weight(f"{layer}.ffn_gate_inp", shape.embedding, shape.experts)
        shape.bias(f"{layer}.ffn_gate_inp", shape.experts)
        gated(shape, layer, "_exps", experts=shape.experts)
        for name, size in (("gate", shape.inner), ("up", shape.inner), ("down", shape.embedding)):
            shape.plain(f"{layer}.ffn_{name}_exps.bias", size, shape.experts)
    return {
        "attention.key_length": shape.wide,
        "attention.value_length": shape.wide,
        "attention.sliding_window": shape.window,
        "rope.dimension_count": shape.wide,
        "expert_count": shape.experts,
        "expert_used_count": shape.experts_used,
        "expert_feed_forward_length": shape.inner,
    }


def _deepseek2(shape: TinyShape) -> dict[str, Any]:
    """As DeepSeek-Coder-V2: latent attention, the first layer dense, shared experts beside the chosen."""
    latent, rope, plain, value = shape.latent, shape.rope, shape.wide, shape.wide
    for number, layer in enumerate(layers(shape)):
        shape.norm(f"{layer}.attn_norm", shape.embedding)
        shape.weight(f"{layer}.attn_q_a", shape.embedding, latent)
        shape.norm(f"{layer}.attn_q_a_norm", latent)
        shape.weight(f"{layer}.attn_q_b", latent, shape.heads * (plain + rope))
        shape.weight(f"{layer}.attn_kv_a_mqa", shape.embedding, latent + rope)
        shape.norm(f"{layer}.attn_kv_a_norm", latent)
        shape.weight(f"{layer}.attn_k_b", plain, latent, shape.heads)
        shape.weight(f"{layer}.attn_v_b", latent, value, shape.heads)
        shape.weight(f"{layer}.attn_output", shape.heads * value, shape.embedding)
        shape.norm(f"{layer}.ffn_norm", shape.embedding)
        if number == 0:
            gated(shape, layer)
            continue
        shape.weight(f"{layer}.ffn_gate_inp", shape.embedding, shape.experts)
        gated(shape, layer, "_exps", inner=shape.expert_inner, experts=shape.experts)
        gated(shape, layer, "_shexp", inner=shape.expert_inner)
    return {
        "attention.head_count_kv": 1,
        "attention.key_length": latent + rope,
        "attention.value_length": latent,
        "attention.key_length_mla": plain + rope,
        "attention.value_length_mla": value,
        "attention.q_lora_rank": latent,
        "attention.kv_lora_rank": latent,
        "rope.dimension_count": rope,
        "leading_dense_block_count": 1,
        "expert_count": shape.experts,
        "expert_used_count": shape.experts_used,
        "expert_shared_count": 1,
        "expert_feed_forward_length": shape.expert_inner,
        "expert_weights_scale": 1.0,
        "expert_weights_norm": False,
        "expert_gating_func": 1,
    }


FAMILIES: dict[str, tuple[str, Callable[[TinyShape], dict[str, Any]]]] = {
    "llama": ("llama", _llama),
    "mixtral": ("llama", _mixtral),
    "phi3": ("phi3", _phi3),
    "deepseek2": ("deepseek2", _deepseek2),
    "qwen2": ("qwen2", _qwen2),
    "qwen3": ("qwen3", _qwen3),
    "gemma3": ("gemma3", _gemma3),
}

OTHERS = {
    "gemma2": ("gemma2", _gemma2),
    "qwen2vl": ("qwen2vl", _qwen2vl),
    "gpt-oss": ("gpt-oss", _gpt_oss),
    "mamba": ("mamba", hybrids.mamba),
    "lfm2": ("lfm2", hybrids.lfm2),
    "falcon-h1": ("falcon-h1", hybrids.falcon_h1),
    "granitehybrid": ("granitehybrid", hybrids.granite),
    "qwen35": ("qwen35", hybrids.qwen35),
}
"""What is not promised, but has to be borne."""


def make_adapter(path: Path, shape: TinyShape | None = None) -> Path:
    """Write an adapter (LoRA) with random weights for the "llama" of `make`."""
    shape = shape or TinyShape()
    writer = GgufWriter("llama", "Tiny adapter")
    for key, value in (("general.type", "adapter"), ("adapter.type", "lora"), ("adapter.lora.alpha", 16.0)):
        writer.add(key, value)
    random = np.random.default_rng(11)
    for layer in layers(shape):
        for name, out in (("attn_q", shape.embedding), ("ffn_up", shape.inner)):
            for half, size in (("a", (4, shape.embedding)), ("b", (out, 4))):
                values = random.standard_normal(size, dtype=np.float32) * np.float32(0.3)
                writer.tensor(f"{layer}.{name}.weight.lora_{half}", values)
    writer.write(path)
    return path


def _vocabulary(more: int, *, sentencepiece: bool) -> dict[str, Any]:
    """Every byte is a token, so any text can be read; and the marks of a chat."""
    special = ["<s>", "</s>", "<|im_start|>", "<|im_end|>", "<think>", "</think>", "<|endoftext|>"]
    words = ["he", "th", "in", "er", "an"]
    others = [f"word{number}" for number in range(more)]
    if sentencepiece:
        tokens = ["<unk>", *special, *(f"<0x{byte:02X}>" for byte in range(256))]
        tokens += ["\u2581", *"abcdefghijklmnopqrstuvwxyz.,?\n", *words, *others]
        types = [UNKNOWN] + [CONTROL] * len(special) + [BYTE] * 256
        types += [NORMAL] * (len(tokens) - len(types))
        values: dict[str, Any] = {
            "tokenizer.ggml.model": "llama",
            "tokenizer.ggml.scores": [-float(number) for number in range(len(tokens))],
            "tokenizer.ggml.unknown_token_id": 0,
        }
    else:
        tokens = [*byte_tokens(), *words, *others, *special]
        types = [NORMAL] * (len(tokens) - len(special)) + [CONTROL] * len(special)
        values = {
            "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.pre": "llama-bpe",
            "tokenizer.ggml.merges": [f"{word[0]} {word[1]}" for word in words],
        }
    return values | {
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": types,
        "tokenizer.ggml.bos_token_id": tokens.index("<s>"),
        "tokenizer.ggml.eos_token_id": tokens.index("<|im_end|>"),
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.chat_template": CHATML,
    }
