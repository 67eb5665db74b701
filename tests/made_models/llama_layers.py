"""Layers of the architecture "llama", as llama.cpp computes them, for the small models trained here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

EPSILON = 1e-5

TURN_END = "<|end|>"
CONTROL = (TURN_END, "<|system|>", "<|user|>", "<|assistant|>")
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    width: int
    layers: int
    heads: int
    inner: int
    context: int
    rope_base: float

    def frequencies(self) -> torch.Tensor:
        """By how much neighbouring numbers of a head are turned together from one place to the next."""
        size = self.width // self.heads
        return self.rope_base ** (-torch.arange(0, size, 2) / size)

    def turn(self) -> torch.Tensor:
        """The same at each place, as complex numbers."""
        angles = torch.outer(torch.arange(self.context), self.frequencies())
        return torch.polar(torch.ones_like(angles), angles)

    def keys(self) -> dict[str, Any]:
        """What its GGUF file says of it."""
        return {
            "context_length": self.context,
            "embedding_length": self.width,
            "block_count": self.layers,
            "feed_forward_length": self.inner,
            "attention.head_count": self.heads,
            "attention.head_count_kv": self.heads,
            "attention.layer_norm_rms_epsilon": EPSILON,
            "rope.dimension_count": self.width // self.heads,
            "rope.freq_base": self.rope_base,
        }


class Norm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.rms_norm(x, self.weight.shape, self.weight, EPSILON)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self._heads = shape.heads
        self.attn_norm, self.ffn_norm = Norm(shape.width), Norm(shape.width)
        self.attn_q, self.attn_k, self.attn_v, self.attn_output = (
            nn.Linear(shape.width, shape.width, bias=False) for _ in range(4)
        )
        self.ffn_gate = nn.Linear(shape.width, shape.inner, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.inner, bias=False)
        self.ffn_down = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, x: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
        rows, length, _ = x.shape
        normed = self.attn_norm(x)
        q, k, v = (
            project(normed).view(rows, length, self._heads, -1).transpose(1, 2)
            for project in (self.attn_q, self.attn_k, self.attn_v)
        )
        mixed = functional.scaled_dot_product_attention(_turned(q, turn), _turned(k, turn), v, is_causal=True)
        x = x + self.attn_output(mixed.transpose(1, 2).reshape(rows, length, -1))
        normed = self.ffn_norm(x)
        inner = functional.silu(self.ffn_gate(normed)) * self.ffn_up(normed)
        out: torch.Tensor = x + self.ffn_down(inner)
        return out


def _turned(x: torch.Tensor, turn: torch.Tensor) -> torch.Tensor:
    pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * turn).reshape(x.shape)
