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
_COPIES = 2.8
"""Of the weights, at the peak of a conversion: measured with multilingual-e5-small."""
_CONVERSION_S = 20.0
_CONVERTED_A_SECOND = 40e6
"""Bytes, measured with multilingual-e5-small."""
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

    @property
    def parameters(self) -> int:
        return self.multiplications + self.vocabulary * self.width


BUILTIN_SHAPE = EmbedderShape(6, 384, 1536, 30_522)
USUAL_SPEED = 30.0
"""Chunks a second by the built-in embedder on an ordinary laptop."""


def memory(shape: EmbedderShape) -> int:
    """Bytes that an embedder takes when it works, its weights in eight bits."""
    return shape.parameters + shape.vocabulary * _TOKEN_MEMORY + _BUFFERS


def conversion_memory(size: int, shape: EmbedderShape | None) -> int:
    """Bytes that making an embedder takes: several copies of all weights in 32 bits, however they are kept.

    Args:
        size: bytes of the model's files; taken for 16 bits a weight where there is no shape.
    """
    weights = 4 * shape.parameters if shape is not None else 2 * size
    return _CONVERTER + int(_COPIES * weights)


def conversion_seconds(size: int) -> float:
    """For a model of so many bytes: most of it is loading the libraries."""
    return _CONVERSION_S + size / _CONVERTED_A_SECOND


def seconds(chunks: int, shape: EmbedderShape, known: EmbedderShape, speed: float) -> float:
    """For so many chunks, where an embedder of shape `known` makes `speed` of them in a second."""
    return chunks * _cost(shape) / _cost(known) / speed if speed > 0 else 0.0


def _cost(shape: EmbedderShape) -> float:
    return shape.multiplications * (1 + shape.vocabulary / _VOCABULARY)
