"""Models with random weights in the shapes of real ones, with fewer layers: what they say means nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.made_models import families
from tests.made_models.gguf_writer import TensorType


@dataclass(frozen=True)
class Random:
    """One of them. Sizes as in families.TinyShape."""

    name: str
    family: str
    types: TensorType
    embedding: int
    layers: int
    heads: int
    kv_heads: int
    inner: int
    tokens: int
    contexts: tuple[int, ...] = (2048,)
    """The last of them is filled to the end."""
    more: dict[str, Any] = field(default_factory=dict)
    """Other attributes of the shape."""

    @contextmanager
    def made(self, folder: Path) -> Iterator[Path]:
        """The file, for a while."""
        shape = families.TinyShape(self.embedding, self.layers, self.heads, self.kv_heads)
        shape.inner, shape.more_tokens, shape.matrices = self.inner, self.tokens, self.types
        shape.streamed, shape.context = True, 32768
        for name, value in self.more.items():
            setattr(shape, name, value)
        path = families.make(folder / f"{self.name}.gguf", self.family, shape=shape)
        try:
            yield path
        finally:
            path.unlink()


_SIX: dict[str, TensorType] = {"token_embd": "q6_K", "output.weight": "q6_K", "ffn_down": "q6_K"}
_EIGHT: dict[str, TensorType] = {"attn_k_b": "q8_0", "attn_v_b": "q8_0", "token_embd": "q6_K"}

MODELS = (
    Random("qwen2-q8_0", "qwen2", "q8_0", 896, 12, 14, 2, 4864, 151_000, (1024, 4096)),
    Random(
        "qwen3-q4_K", "qwen3", "q4_K", 1024, 28, 16, 8, 3072, 151_000, (1024, 4096),
        {"wide": 128, "tied": True, "other": _SIX},
    ),
    Random("llama-q4_0", "llama", "q4_0", 2048, 16, 32, 8, 8192, 128_000, (512, 2048)),
    Random("llama-q4_K", "llama", "q4_K", 3072, 24, 24, 8, 8192, 128_000, (1024,), {"other": _SIX}),
    Random("llama-f16", "llama", "f16", 1536, 12, 12, 4, 4096, 32_000, (2048,)),
    Random(
        "gemma2-q4_K", "gemma2", "q4_K", 2304, 10, 8, 4, 9216, 256_000, (512, 4096),
        {"wide": 256, "window": 1024, "other": {"token_embd": "q6_K"}},
    ),
    Random(
        "gemma3-q8_0", "gemma3", "q8_0", 1152, 24, 4, 1, 6912, 262_000, (1024, 4096),
        {"wide": 256, "window": 512},
    ),
    Random("phi3-q4_K", "phi3", "q4_K", 3072, 20, 32, 32, 8192, 32_000, (512, 1024), {"other": _SIX}),
    Random(
        "mixtral-q4_K", "mixtral", "q4_K", 2048, 10, 32, 8, 4096, 32_000, (2048,),
        {"experts": 8, "other": {"ffn_gate_inp": "f32"}},
    ),
    Random(
        "deepseek2-q4_K", "deepseek2", "q4_K", 2048, 7, 16, 1, 10240, 102_000, (512, 2048),
        {"latent": 512, "rope": 64, "wide": 128, "experts": 64, "experts_used": 6, "expert_inner": 1536,
         "other": _EIGHT | {"ffn_gate_inp": "f32"}},
    ),
    Random(
        "gpt-oss-mxfp4", "gpt-oss", "q8_0", 2880, 4, 64, 8, 2880, 200_000, (2048,),
        {"wide": 64, "window": 128, "experts": 32, "experts_used": 4,
         "other": {"_exps": "mxfp4", "ffn_gate_inp": "f32"}},
    ),
    Random("mamba-f16", "mamba", "f16", 1536, 24, 0, 0, 0, 50_000, (2048,), {"state": 16}),
    Random(
        "lfm2-q4_0", "lfm2", "q4_0", 2048, 16, 32, 8, 8192, 65_000, (2048,),
        {"other": {"token_embd": "q6_K"}},
    ),
    Random(
        "falcon-h1-q8_0", "falcon-h1", "q8_0", 1536, 16, 12, 2, 6144, 65_000, (2048,),
        {"state": 128, "wide": 64},
    ),
    Random(
        "granite-q4_K", "granitehybrid", "q4_K", 1536, 24, 12, 4, 4096, 100_000, (2048,),
        {"state": 128, "wide": 64, "other": _SIX},
    ),
    Random(
        "qwen35-q8_0", "qwen35", "q8_0", 2048, 12, 16, 2, 6144, 248_000, (2048,),
        {"state": 128, "wide": 256, "tied": True},
    ),
)  # fmt: skip
