"""How fast a chat model reads and writes on the processor, from what this computer does in a second.

The time of a step is that of its products of matrices, whose pace was measured, and of what goes on between
them. The shares of the latter are fitted to sixteen models of different kinds (benchmark speed_fit).
"""

from __future__ import annotations

import math

from assistant.models.files.records import Attention, Shape
from assistant.models.files.tensor_types import BITS
from assistant.models.fit.records import Corrections, MeasuredPace, Setting, Speed

_AS_PREDICTED = Corrections()

_CONTEXT = 512
"""Tokens that stand before: a conversation that has begun."""

_STEPS = 24
"""Of a layer, at each of which all threads wait for each other."""
_TOKEN_SECONDS = 5e-9
"""For each token of the vocabulary: its probability is computed, and one of them is sampled."""
_CAPPED_TOKEN_SECONDS = 25e-9
"""For each token of the vocabulary where logits are capped first, by a hyperbolic tangent."""
_CAPPED = ("gemma2", "gemma3n", "gemma4", "grok")
"""Architectures that cap them."""

# What attention to one token of the past takes while one is written: as long as reading so many bytes of
# weights in 16 bits.
_HEAD_BYTES = 500
"""For a head."""
_QUERY_BYTES = 4.3
"""For each value of the query."""
_CACHE_BYTES = 4
"""For each byte of the KV cache, each time that the rows of keys get twice as long as `_NEAR_ROW`: the
farther they lie apart, the worse the processor guesses what it will need."""
_NEAR_ROW = 512
"""Bytes of a row of keys."""

_ATTENTION_IN_BATCH = 2.8
"""Time of multiplying many tokens with those before them, against a product of the same size in 16 bits."""
_ELEMENTWISE_BYTES = 16
"""Bytes that could be read while a value is normed, turned or gated between two products."""
_STATE_UPDATE = 3.0
"""Time of changing a recurrent state when one token is written, against reading it."""
_STATE_UPDATE_IN_BATCH = 0.9
"""Time of changing it for a token of a batch, against reading it."""
_BATCH_WEIGHTS = 1.4
"""Time of bringing the weights to the processor for each batch, against reading them."""
_EXPERTS_IN_BATCH = 0.55
"""Time of experts for a token of a batch, against one by itself: they take a batch token by token."""
_EXPERTS_IN_BATCH_OF_TYPE = {"mxfp4": 1.0}
"""By type of tensor, where it is another."""
_SCAN_OPERATIONS = {"mamba": 300, "jamba": 300}
"""Multiplications for each number of a state, in architectures that need a power of e for it."""


def expected(
    shape: Shape, setting: Setting, pace: MeasuredPace, *, corrections: Corrections = _AS_PREDICTED
) -> Speed:
    """Tokens a second, early in a conversation."""
    return Speed(
        corrections.reading / max(1e-9, _reading_seconds(shape, setting, pace)),
        corrections.writing / max(1e-9, _writing_seconds(shape, pace)),
    )


def _writing_seconds(shape: Shape, pace: MeasuredPace) -> float:
    """Of a token: every weight that works on it is read once."""
    return (
        _weights_seconds(_active(shape), pace)
        + (_all_attention_bytes(shape) + _STATE_UPDATE * shape.state) / _of(dict(pace.bytes_read), "f16")
        + shape.layers * _STEPS * pace.step_seconds
        + shape.vocabulary * (_CAPPED_TOKEN_SECONDS if shape.architecture in _CAPPED else _TOKEN_SECONDS)
    )


def _reading_seconds(shape: Shape, setting: Setting, pace: MeasuredPace) -> float:
    """Of a token in a batch: the weights are read once for all of it, and the last step is left out."""
    batch = min(setting.batch, _CONTEXT)
    done, halves = dict(pace.operations), _of(dict(pace.bytes_read), "f16")
    main = shape.types[0][0] if shape.types else ""
    experts = shape.expert_weights * shape.experts_used / max(1, shape.experts)
    others = _without(_active(shape), shape.table_type, shape.output_weights or shape.input_weights)
    others = _without(others, main, experts)
    elementwise = shape.layers * (4 * shape.embedding + 2 * _query_width(shape) + shape.feed_forward)
    return (
        sum(size * 8 / BITS.get(kind, 8.0) / _of(done, kind) for kind, size in others.items())
        + _EXPERTS_IN_BATCH_OF_TYPE.get(main, _EXPERTS_IN_BATCH) * _weights_seconds({main: experts}, pace)
        + _attention_seconds(shape, setting, pace)
        + (_ELEMENTWISE_BYTES * elementwise + _STATE_UPDATE_IN_BATCH * shape.state) / halves
        + _SCAN_OPERATIONS.get(shape.architecture, 0) * shape.state / 4 / _of(done, "f16")
        + (_BATCH_WEIGHTS * _weights_seconds(others, pace) + shape.layers * _STEPS * pace.step_seconds)
        / batch
    )


def _attention_seconds(shape: Shape, setting: Setting, pace: MeasuredPace) -> float:
    """Of a token in a batch, which has half of the others before it in the mean."""
    if setting.kv_type != "f16":  # one by one, as in writing
        return _all_attention_bytes(shape) / 2 / _of(dict(pace.bytes_read), "f16")
    attended = sum(group.layers * _attended(group) / 2 for group in shape.attention)
    return _ATTENTION_IN_BATCH * 2 * attended * _query_width(shape) / _of(dict(pace.operations), "f16")


def _all_attention_bytes(shape: Shape) -> float:
    """Attention to all of the past, in bytes that could be read meanwhile."""
    return sum(group.layers * _attended(group) * _attention_bytes(shape, group) for group in shape.attention)


def _attention_bytes(shape: Shape, group: Attention) -> float:
    """Attention to one token of the past, in bytes that could be read meanwhile."""
    # Where attention is latent, every head attends to all that is kept.
    query = _query_width(shape) if group.value else shape.heads * group.key
    doublings = max(0.0, math.log2(2 * group.key / _NEAR_ROW)) if group.key else 0.0
    return (
        _HEAD_BYTES * shape.heads
        + _QUERY_BYTES * query
        + _CACHE_BYTES * 2 * (group.key + group.value) * doublings
    )


def _query_width(shape: Shape) -> int:
    """Values of a layer's query."""
    return shape.query or shape.embedding


def _attended(group: Attention) -> int:
    return min(group.window or _CONTEXT, _CONTEXT)


def _active(shape: Shape) -> dict[str, float]:
    """Bytes by type that work on one token."""
    weights = _used_by_batch(shape)
    if shape.experts:
        idle = shape.expert_weights * (1 - shape.experts_used / shape.experts)
        weights = _without(weights, shape.types[0][0] if shape.types else "", idle)
    return weights


def _used_by_batch(shape: Shape) -> dict[str, float]:
    """Bytes by type that work on some token of a batch: of the table of tokens, next to nothing."""
    weights: dict[str, float] = dict(shape.types) or {"q4_K": shape.weights}
    if shape.output_weights:
        weights = _without(weights, shape.table_type, shape.input_weights)
    return weights


def _without(weights: dict[str, float], kind: str, size: float) -> dict[str, float]:
    """Less so many bytes, of this type first."""
    left = dict(weights)
    for each in sorted(left, key=lambda name: (name != kind, -left[name])):
        taken = min(size, left[each])
        left[each] -= taken
        size -= taken
    return left


def _weights_seconds(weights: dict[str, float], pace: MeasuredPace) -> float:
    read = dict(pace.bytes_read)
    return sum(size / _of(read, kind) for kind, size in weights.items())


def _of(paces: dict[str, float], kind: str) -> float:
    """The pace of a type, or of the measured one that is nearest in size."""
    if kind not in paces:
        bits = BITS.get(kind, 8.0)
        kind = min(paces, key=lambda each: abs(BITS.get(each, 8.0) - bits))
    return paces[kind]
