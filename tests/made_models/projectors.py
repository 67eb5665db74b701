"""Tiny projectors with random weights, one of each way in which a model sees: a few hundred kilobytes.

What they see means nothing; that they load, are read, stop and take the cells that they should is real. Each
goes with the tiny model of the family in SEEING.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.made_models.gguf_writer import GgufWriter
from tests.made_models.layers import TinyShape

PATCH = 8
"""Pixels of a side of what becomes one vector."""


class ProjectorShape:
    """Sizes of a projector, and its tensors as they come."""

    def __init__(self, width: int = 64, layers: int = 3, side: int = 64, out: int = 64, **more: int) -> None:
        """Args:
        side: pixels of the pictures that it looks at, where they are all of one size.
        out: width of the model that it belongs to.
        more: `heads`, `patch`, `inner`.
        """
        self.width, self.layers, self.side, self.out = width, layers, side, out
        self.heads, self.patch, self.inner = 4, PATCH, 2 * width
        vars(self).update(more)
        self.store = TinyShape()

    @property
    def patches(self) -> int:
        return (self.side // self.patch) ** 2


def make(path: Path, kind: str, shape: ProjectorShape | None = None, **changes: Any) -> Path:
    """Write a projector.

    Args:
        kind: a name of KINDS.
        changes: keys of the file that are to be otherwise, with "__" for "."; None leaves one out.
    """
    shape = shape or ProjectorShape()
    values: dict[str, Any] = {
        "general.type": "mmproj",
        "clip.has_vision_encoder": True,
        "clip.projector_type": kind,
        "clip.use_gelu": True,
        "clip.vision.image_size": shape.side,
        "clip.vision.patch_size": shape.patch,
        "clip.vision.embedding_length": shape.width,
        "clip.vision.feed_forward_length": shape.inner,
        "clip.vision.block_count": shape.layers,
        "clip.vision.projection_dim": shape.out,
        "clip.vision.attention.head_count": shape.heads,
        "clip.vision.attention.layer_norm_epsilon": 1e-6,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
    }
    store = shape.store
    store.plain("v.patch_embd.weight", shape.patch, shape.patch, 3, shape.width)
    for number in range(shape.layers):
        _layer(shape, f"v.blk.{number}")
    _norm(shape, "v.post_ln")
    values |= KINDS[kind](shape)
    values |= {key.replace("__", "."): value for key, value in changes.items()}
    writer = GgufWriter("clip", f"Tiny {kind}")
    for key, value in values.items():
        if value is not None:
            writer.add(key, value)
    for name, (tensor, type_) in store.tensors.items():
        writer.tensor(name, tensor, type_)
    writer.write(path)
    return path


def _layer(shape: ProjectorShape, name: str) -> None:
    width = shape.width
    _norm(shape, f"{name}.ln1")
    _norm(shape, f"{name}.ln2")
    for each in ("attn_q", "attn_k", "attn_v", "attn_out"):
        _linear(shape, f"{name}.{each}", width, width)
    _linear(shape, f"{name}.ffn_up", width, shape.inner)
    _linear(shape, f"{name}.ffn_down", shape.inner, width)


def _norm(shape: ProjectorShape, name: str) -> None:
    shape.store.norm(name, shape.width)
    shape.store.bias(name, shape.width)


def _linear(shape: ProjectorShape, name: str, inputs: int, outputs: int) -> None:
    shape.store.weight(name, inputs, outputs)
    shape.store.bias(name, outputs)


def _places(shape: ProjectorShape) -> None:
    shape.store.plain("v.position_embd.weight", shape.width, shape.patches)


def _llava(shape: ProjectorShape) -> dict[str, Any]:
    """One size of pictures, a cell for each patch."""
    _places(shape)
    _linear(shape, "mm.0", shape.width, shape.out)
    _linear(shape, "mm.2", shape.out, shape.out)
    return {}


def _gemma3(shape: ProjectorShape) -> dict[str, Any]:
    """The cells of a picture see each other."""
    _places(shape)
    shape.store.weight("mm.input_projection", shape.out, shape.width)
    shape.store.norm("mm.soft_emb_norm", shape.width)
    return {"clip.vision.projector.scale_factor": 2}


def _qwen2vl(shape: ProjectorShape) -> dict[str, Any]:
    """Any size; the cells lie in rows and columns."""
    shape.store.plain("v.patch_embd.weight.1", shape.patch, shape.patch, 3, shape.width)
    _linear(shape, "mm.0", 4 * shape.width, 4 * shape.width)
    _linear(shape, "mm.2", 4 * shape.width, shape.out)
    return {}


def _idefics3(shape: ProjectorShape) -> dict[str, Any]:
    """A large picture is cut into parts, each with marks around it."""
    _places(shape)
    shape.store.weight("mm.model.fc", 4 * shape.width, shape.out)
    return {"clip.vision.projector.scale_factor": 2, "clip.vision.preproc_image_size": 2 * shape.side}


KINDS: dict[str, Callable[[ProjectorShape], dict[str, Any]]] = {
    "mlp": _llava,
    "gemma3": _gemma3,
    "qwen2vl_merger": _qwen2vl,
    "idefics3": _idefics3,
}
SEEING = {"mlp": "llama", "gemma3": "gemma3", "qwen2vl_merger": "qwen2vl", "idefics3": "llama"}
"""The family whose tiny model it goes with."""


def picture(path: Path, pixels: Any) -> Path:
    """Write a PNG file of rows of red, green and blue bytes."""
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(path, "PNG")
    return path
