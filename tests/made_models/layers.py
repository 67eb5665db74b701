"""What random models are built of: sizes, tensors as they come, and the parts that many families share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.made_models.gguf_writer import RandomMatrix, TensorType


class TinyShape:
    """Sizes of a model, and its tensors as they come."""

    def __init__(self, embedding: int = 64, layers: int = 2, heads: int = 4, kv_heads: int = 2) -> None:
        self.embedding, self.layers, self.heads, self.kv_heads = embedding, layers, heads, kv_heads
        self.head = embedding // max(1, heads)
        self.inner = embedding * 2
        self.vocabulary = 0
        self.more_tokens = 0
        """Tokens beside the bytes and the marks: they make the last step as large as in a real model."""
        self.matrices: TensorType = "f16"
        self.other: dict[str, TensorType] = {}
        """Types of other matrices, by a part of their name."""
        self.streamed = False
        """The matrices are drawn while the file is written, so that it may be larger than memory."""
        self.context = 4096
        self.wide = 32
        """Width of a head where the family fixes it."""
        self.tied = False
        """The table of tokens serves for the last step, too."""
        self.window, self.state = 64, 8
        self.experts, self.experts_used, self.expert_inner = 4, 2, 32
        self.latent, self.rope = 32, 16
        self.tensors: dict[str, tuple[NDArray[np.float32] | RandomMatrix, TensorType]] = {}
        self._random = np.random.default_rng(7)

    def weight(self, name: str, *shape: int) -> None:
        """A matrix; shapes as llama.cpp writes them, the input first."""
        name += ".weight"
        kind = next((kind for part, kind in self.other.items() if part in name), self.matrices)
        if self.streamed:
            self.tensors[name] = RandomMatrix(shape[::-1]), kind
            return
        scale = 1.0 / np.sqrt(shape[0])
        values = self._random.standard_normal(shape[::-1], dtype=np.float32) * np.float32(scale)
        self.tensors[name] = values, kind

    def floats(self, name: str, *shape: int, sign: int = 1) -> None:
        """Numbers between a half and one that are kept as they are."""
        values = sign * (0.5 + 0.5 * self._random.random(shape[::-1], dtype=np.float32))
        self.tensors[name] = values, "f32"

    def plain(self, name: str, *shape: int) -> None:
        """Small weights that are kept as they are."""
        values = self._random.standard_normal(shape[::-1], dtype=np.float32) * np.float32(0.1)
        self.tensors[name] = values, "f32"

    def norm(self, name: str, size: int) -> None:
        self.tensors[name + ".weight"] = np.ones(size, np.float32), "f32"

    def bias(self, name: str, size: int) -> None:
        values = self._random.standard_normal(size, dtype=np.float32) * np.float32(0.1)
        self.tensors[name + ".bias"] = values, "f32"


def attention(
    shape: TinyShape, layer: str, *, bias: bool = False, norms: bool = False, head: int = 0
) -> None:
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


def gated(shape: TinyShape, layer: str, suffix: str = "", inner: int = 0, experts: int = 0) -> None:
    inner = inner or shape.inner
    more = (experts,) if experts else ()
    shape.weight(f"{layer}.ffn_gate{suffix}", shape.embedding, inner, *more)
    shape.weight(f"{layer}.ffn_up{suffix}", shape.embedding, inner, *more)
    shape.weight(f"{layer}.ffn_down{suffix}", inner, shape.embedding, *more)


def layers(shape: TinyShape) -> list[str]:
    return [f"blk.{number}" for number in range(shape.layers)]
