"""PURE: what an embedder takes of memory and time, from the numbers of its layers."""

from __future__ import annotations

from dataclasses import dataclass

WORKER_MEMORY = 110 * 2**20
"""Bytes that the documents worker takes without an embedder and without documents."""
_TOKEN_MEMORY = 1_200
"""Bytes for each token of the vocabulary, in the tokenizer, measured with multilingual-e5-small."""
_BUFFERS = 40 * 2**20
"""Bytes that the engine takes while it computes a batch."""
_CONVERTER = 700 * 2**20
"""Bytes of the libraries that convert a model."""
_VOCABULARY = 600_000
"""A vocabulary of so many tokens doubles the time, measured: cutting a text into them takes long, and into
more of them, too."""


@dataclass(frozen=True, slots=True)
class EmbedderShape:
    layers: int
    width: int
    inner: int
    """Width of a layer's inner side."""
    vocabulary: int

    @property
    def multiplications(self) -> int:
        """For a token, in all layers."""
        return self.layers * (4 * self.width**2 + 2 * self.width * self.inner)


BUILTIN_SHAPE = EmbedderShape(6, 384, 1536, 30_522)


def memory(shape: EmbedderShape) -> int:
    """Bytes that an embedder takes when it works, its weights in eight bits."""
    weights = shape.multiplications + shape.vocabulary * shape.width
    return weights + shape.vocabulary * _TOKEN_MEMORY + _BUFFERS


def conversion_memory(size: int) -> int:
    """Bytes that making an embedder of a model of so many bytes takes."""
    return _CONVERTER + 3 * size


def seconds(chunks: int, shape: EmbedderShape, known: EmbedderShape, speed: float) -> float:
    """For so many chunks, where an embedder of shape `known` makes `speed` of them in a second."""
    return chunks * _cost(shape) / _cost(known) / speed if speed > 0 else 0.0


def _cost(shape: EmbedderShape) -> float:
    return shape.multiplications * (1 + shape.vocabulary / _VOCABULARY)
