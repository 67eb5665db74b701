"""Tiny models with random weights, one of each family that has to work: a few hundred kilobytes.

What they say means nothing; that they load, read, write, stop and repeat themselves under a seed is real.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.models.gguf_writer import BYTE, CONTROL, NORMAL, UNKNOWN, GgufWriter, TensorType, byte_tokens

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
THINKING = CHATML.replace("<|im_start|>assistant\n{% endif %}", "<|im_start|>assistant\n<think>\n{% endif %}")


class Shape:
    """Sizes of a model, and its tensors as they come."""

    def __init__(self, embedding: int = 64, layers: int = 2, heads: int = 4, kv_heads: int = 2) -> None:
        self.embedding, self.layers, self.heads, self.kv_heads = embedding, layers, heads, kv_heads
        self.head = embedding // heads
        self.inner = embedding * 2
        self.vocabulary = 0
        self.more_tokens = 0
        """Tokens beside the bytes and the marks: they make the last step as large as in a real model."""
        self.matrices: TensorType = "f16"
        self.tensors: dict[str, tuple[NDArray[np.float32], TensorType]] = {}
        self._random = np.random.default_rng(7)

    def weight(self, name: str, *shape: int) -> None:
        """A matrix; shapes as llama.cpp writes them, the input first."""
        scale = 1.0 / np.sqrt(shape[0])
        values = self._random.standard_normal(shape[::-1], dtype=np.float32) * np.float32(scale)
        self.tensors[name + ".weight"] = values, self.matrices

    def floats(self, name: str, *shape: int, sign: int = 1) -> None:
        """Numbers between a half and one that are kept as they are."""
        values = sign * (0.5 + 0.5 * self._random.random(shape[::-1], dtype=np.float32))
        self.tensors[name] = values, "f32"

    def norm(self, name: str, size: int) -> None:
        self.tensors[name + ".weight"] = np.ones(size, np.float32), "f32"

    def bias(self, name: str, size: int) -> None:
        values = self._random.standard_normal(size, dtype=np.float32) * np.float32(0.1)
        self.tensors[name + ".bias"] = values, "f32"


def make(path: Path, family: str, **changes: Any) -> Path:
    """Write a tiny model.

    Args:
        family: a name of FAMILIES or OTHERS.
        changes: keys of the file that are to be otherwise, with "_" for "."; None leaves one out. `shape`
            gives other sizes.
    """
    architecture, fill = (FAMILIES | OTHERS)[family]
    shape: Shape = changes.pop("shape", None) or Shape()
    values: dict[str, Any] = {
        "general.type": "model",
    }
    values |= _vocabulary(shape.more_tokens, sentencepiece=family in ("phi3", "mixtral", "gemma3"))
    shape.vocabulary = len(values["tokenizer.ggml.tokens"])
    prefix = architecture + "."
    values |= {
        prefix + "context_length": 4096,
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
    if family != "gemma3":
        shape.weight("output", shape.embedding, shape.vocabulary)
    values |= {prefix + key: value for key, value in fill(shape).items()}
    for name, value in changes.items():
        key = next((each for each in values if each.replace(".", "_") == name), name.replace("__", "."))
        values[key] = value
    writer = GgufWriter(architecture, f"Tiny {family}")
    for key, value in values.items():
        if value is not None:
            writer.add(key, value, "i32" if key == "tokenizer.ggml.token_type" else None)
    for name, (tensor, kind) in shape.tensors.items():
        writer.tensor(name, tensor, kind)
    writer.write(path)
    return path


def _attention(shape: Shape, layer: str, *, bias: bool = False, norms: bool = False, head: int = 0) -> None:
    head = head or shape.head
    shape.norm(f"{layer}.attn_norm", shape.embedding)
    for name, heads in (("q", shape.heads), ("k", shape.kv_heads), ("v", shape.kv_heads)):
        shape.weight(f"{layer}.attn_{name}", shape.embedding, head * heads)
        if bias:
            shape.bias(f"{layer}.attn_{name}", head * heads)
        if norms and name != "v":
            shape.norm(f"{layer}.attn_{name}_norm", head)
    shape.weight(f"{layer}.attn_output", head * shape.heads, shape.embedding)
    shape.norm(f"{layer}.ffn_norm", shape.embedding)


def _gated(shape: Shape, layer: str, suffix: str = "", inner: int = 0, experts: int = 0) -> None:
    inner = inner or shape.inner
    more = (experts,) if experts else ()
    shape.weight(f"{layer}.ffn_gate{suffix}", shape.embedding, inner, *more)
    shape.weight(f"{layer}.ffn_up{suffix}", shape.embedding, inner, *more)
    shape.weight(f"{layer}.ffn_down{suffix}", inner, shape.embedding, *more)


def _layers(shape: Shape) -> list[str]:
    return [f"blk.{number}" for number in range(shape.layers)]


def _llama(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        _attention(shape, layer)
        _gated(shape, layer)
    return {"rope.dimension_count": shape.head}


def _mixtral(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        _attention(shape, layer)
        shape.weight(f"{layer}.ffn_gate_inp", shape.embedding, 4)
        _gated(shape, layer, "_exps", experts=4)
    return {"rope.dimension_count": shape.head, "expert_count": 4, "expert_used_count": 2}


def _phi3(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        shape.norm(f"{layer}.attn_norm", shape.embedding)
        rows = shape.head * (shape.heads + 2 * shape.kv_heads)
        shape.weight(f"{layer}.attn_qkv", shape.embedding, rows)
        shape.weight(f"{layer}.attn_output", shape.embedding, shape.embedding)
        shape.norm(f"{layer}.ffn_norm", shape.embedding)
        shape.weight(f"{layer}.ffn_up", shape.embedding, 2 * shape.inner)
        shape.weight(f"{layer}.ffn_down", shape.inner, shape.embedding)
    return {"rope.dimension_count": shape.head}


def _qwen2(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        _attention(shape, layer, bias=True)
        _gated(shape, layer)
    return {}


def _qwen3(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        _attention(shape, layer, norms=True, head=32)
        _gated(shape, layer)
    return {"attention.key_length": 32, "attention.value_length": 32}


def _gemma3(shape: Shape) -> dict[str, Any]:
    for layer in _layers(shape):
        _attention(shape, layer, norms=True, head=32)
        _gated(shape, layer)
        shape.norm(f"{layer}.post_attention_norm", shape.embedding)
        shape.norm(f"{layer}.post_ffw_norm", shape.embedding)
    return {
        "attention.key_length": 32,
        "attention.value_length": 32,
        "attention.sliding_window": 64,
        "rope.freq_base": 1000000.0,
    }


def _deepseek2(shape: Shape) -> dict[str, Any]:
    """As DeepSeek-Coder-V2: latent attention, the first layer dense, shared experts beside the chosen."""
    latent, rope, plain, value = 32, 16, 16, 16
    for number, layer in enumerate(_layers(shape)):
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
            _gated(shape, layer)
            continue
        shape.weight(f"{layer}.ffn_gate_inp", shape.embedding, 4)
        _gated(shape, layer, "_exps", inner=32, experts=4)
        _gated(shape, layer, "_shexp", inner=32)
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
        "expert_count": 4,
        "expert_used_count": 2,
        "expert_shared_count": 1,
        "expert_feed_forward_length": 32,
        "expert_weights_scale": 1.0,
        "expert_weights_norm": False,
        "expert_gating_func": 1,
    }


def _mamba(shape: Shape) -> dict[str, Any]:
    """Without attention: its memory is one state, of which nothing can be taken away."""
    inner, state, rank, kernel = 2 * shape.embedding, 8, 4, 4
    for layer in _layers(shape):
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


FAMILIES: dict[str, tuple[str, Callable[[Shape], dict[str, Any]]]] = {
    "llama": ("llama", _llama),
    "mixtral": ("llama", _mixtral),
    "phi3": ("phi3", _phi3),
    "deepseek2": ("deepseek2", _deepseek2),
    "qwen2": ("qwen2", _qwen2),
    "qwen3": ("qwen3", _qwen3),
    "gemma3": ("gemma3", _gemma3),
}

OTHERS = {"mamba": ("mamba", _mamba)}
"""What is not promised, but has to be borne."""


def make_adapter(path: Path, shape: Shape | None = None) -> Path:
    """Write an adapter (LoRA) with random weights for the "llama" of `make`."""
    shape = shape or Shape()
    writer = GgufWriter("llama", "Tiny adapter")
    for key, value in (("general.type", "adapter"), ("adapter.type", "lora"), ("adapter.lora.alpha", 16.0)):
        writer.add(key, value)
    random = np.random.default_rng(11)
    for layer in _layers(shape):
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
