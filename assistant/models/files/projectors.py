"""The header of a projector (mmproj) → the facts by which it is paired with a chat model.

What llama.cpp makes of a header is mirrored here (`clip_n_mmproj_embd` in its tools/mtmd/clip.cpp).
"""

from __future__ import annotations

from assistant.models.files.gguf import Header
from assistant.models.files.records import Projector

_LAST_STEP = {
    "mlp": ("mm.2.weight", 1),
    "resampler": ("resampler.proj.weight", 0),
    "gemma3": ("mm.input_projection.weight", 0),
    "idefics3": ("mm.model.fc.weight", 1),
    "internvl": ("mm.model.mlp.3.weight", 1),
    "qwen2vl_merger": ("mm.2.bias", 0),
    "qwen2.5vl_merger": ("mm.2.bias", 0),
    "qwen3vl_merger": ("mm.2.bias", 0),
}
"""The tensor, and which of its dimensions, that is as wide as the chat model's embedding, by kind: files of
old converters say it nowhere else."""

_OLDEST_KIND = "mlp"
"""Of files that name none."""

FAMILIES = {
    "gemma3": ("gemma3",),
    "gemma3nv": ("gemma3n",),
    "gemma4v": ("gemma4",),
    "gemma4uv": ("gemma4",),
    "glm4v": ("glm4", "glm4moe"),
    "llama4": ("llama4",),
    "qwen2vl_merger": ("qwen2vl",),
    "qwen2.5vl_merger": ("qwen2vl",),
    "qwen3vl_merger": ("qwen3vl", "qwen3vlmoe", "qwen35", "qwen35moe"),
}
"""Architectures of the chat models that a kind goes with; other kinds go with models that also come blind."""


USUALLY_WORKING = 200 * 2**20
"""Bytes that looking at a picture takes where the header is not at hand."""

ANY_SIZE = {"qwen2vl_merger", "qwen2.5vl_merger", "qwen3vl_merger", "glm4v", "youtuvl"}
"""Kinds that would look at thousands of cells of a large picture; of the others, what they do is best."""
MOST_CELLS = 1024
"""Of a picture that such a one is shown: less than a million pixels, about a minute of a processor."""
_RESERVED, _SHOWN = 46 * 46 * 4, MOST_CELLS * 4
"""Patches that such a kind takes memory for at first, and those of the largest picture that it is shown."""
_LARGEST_PICTURES = {"gemma4v": 1120 * 9, "gemma4uv": 1120}
"""Patches of the largest picture, where that is not told by its side."""
_PIXELS = 28 * 2**20
"""Bytes for a picture in the sizes that a projector wants, and for what it makes of it."""


def facts(header: Header) -> Projector:
    """What is told by a header whose architecture is "clip"."""
    values = header.values
    kind = str(values.get("clip.projector_type") or values.get("clip.vision.projector_type") or _OLDEST_KIND)
    return Projector(
        kind=kind,
        width=_width(header, kind),
        # Old converters wrote there what the encoder is called, not the model.
        name=str(values.get("general.name", ""))[:200] if header.kind == "mmproj" else "",
        sees=bool(values.get("clip.has_vision_encoder")) or not values.get("clip.has_audio_encoder"),
        weights=sum(tensor.bytes for tensor in header.tensors),
        working=_working(header, kind),
    )


def _working(header: Header, kind: str) -> int:
    """As measured with made projectors of real sizes: `make bench ARGS="seeing_speed"`."""
    embedding = header.number("vision.embedding_length")
    inner = header.number("vision.feed_forward_length")
    side = header.number("vision.image_size") // max(1, header.number("vision.patch_size"))
    shown = _SHOWN if kind in ANY_SIZE else _LARGEST_PICTURES.get(kind, side * side)
    in_a_layer = 4 * (_RESERVED if kind in ANY_SIZE else shown) * (3 * embedding + inner)
    converted = 2 * shown * max(embedding, inner)  # a copy of what goes into a product, in fewer bits
    return max(0, in_a_layer + converted) + _PIXELS


def _width(header: Header, kind: str) -> int:
    name, dimension = _LAST_STEP.get(kind, ("", 0))
    for tensor in header.tensors:
        if tensor.name == name and dimension < len(tensor.shape):
            return tensor.shape[dimension]
    told = header.values.get("clip.vision.projection_dim")
    return told if isinstance(told, int) else 0
