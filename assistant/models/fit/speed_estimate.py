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

_TALK = 512
"""Tokens that stand before: a conversation that has begun."""

_STEPS = 24
"""Of a layer, at each of which all threads wait for each other."""
_TOKEN_SECONDS = 5e-9
"""For each token of the vocabulary: its chance is worked out, and one of them is drawn."""
_CAP_SECONDS = 25e-9
"""The same where chances are capped first, by a hyperbolic tangent."""
_CAPPED = ("gemma2", "gemma3n", "gemma4", "grok")

# Of looking back at one token of the past while one is written, each as long as reading so many bytes of
# weights in 16 bits:
_HEAD = 500
"""… for a head,"""
_WIDTH = 4.3
"""… for each value that it asks with,"""
_FETCH = 4
"""… for each byte that is kept, each time that the rows of keys get twice as long as …"""
_ROW = 512
"""… these bytes: the farther they lie apart, the worse the processor guesses what it will need."""

_LOOK_BACK_TOGETHER = 2.8
"""Multiplying many tokens with those before them, against a product of the same size in 16 bits."""
_BESIDE = 16
"""Bytes that could be read while a value is normed, turned or gated on its way between two products."""
_STATE = 3.0
"""Changing what is kept instead of a past, when one token is written; against reading it."""
_STATE_TOGETHER = 0.9
_AGAIN = 1.4
"""To bring the weights to the processor for each batch."""
_EXPERT = {"mxfp4": 1.0}
_EXPERT_ELSE = 0.55
"""Of the time of one token by itself: experts take a batch token by token, with their weights at hand."""
_SCAN = {"mamba": 300, "jamba": 300}
"""Multiplications for each number of a state, in families that need a power of e for it."""


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
        + (_past(shape) + _STATE * shape.state) / _of(dict(pace.bytes_read), "f16")
        + shape.layers * _STEPS * pace.step_seconds
        + shape.vocabulary * (_CAP_SECONDS if shape.architecture in _CAPPED else _TOKEN_SECONDS)
    )


def _reading_seconds(shape: Shape, setting: Setting, pace: MeasuredPace) -> float:
    """Of a token in a batch: the weights are read once for all of it, and the last step is left out."""
    batch = min(setting.batch, _TALK)
    done, halves = dict(pace.operations), _of(dict(pace.bytes_read), "f16")
    main = shape.types[0][0] if shape.types else ""
    experts = shape.expert_weights * shape.experts_used / max(1, shape.experts)
    others = _without(_active(shape), shape.table_type, shape.output_weights or shape.input_weights)
    others = _without(others, main, experts)
    beside = shape.layers * (4 * shape.embedding + 2 * _asked(shape) + shape.feed_forward)
    return (
        sum(size * 8 / BITS.get(kind, 8.0) / _of(done, kind) for kind, size in others.items())
        + _EXPERT.get(main, _EXPERT_ELSE) * _weights_seconds({main: experts}, pace)
        + _looking_back_seconds(shape, setting, pace)
        + (_BESIDE * beside + _STATE_TOGETHER * shape.state) / halves
        + _SCAN.get(shape.architecture, 0) * shape.state / 4 / _of(done, "f16")
        + (_AGAIN * _weights_seconds(others, pace) + shape.layers * _STEPS * pace.step_seconds) / batch
    )


def _looking_back_seconds(shape: Shape, setting: Setting, pace: MeasuredPace) -> float:
    """Of a token in a batch, which has half of the others before it in the mean."""
    if setting.kv_type != "f16":  # one by one, as in writing
        return _past(shape) / 2 / _of(dict(pace.bytes_read), "f16")
    before = sum(group.layers * _before(group) / 2 for group in shape.attention)
    return _LOOK_BACK_TOGETHER * 2 * before * _asked(shape) / _of(dict(pace.operations), "f16")


def _past(shape: Shape) -> float:
    """Looking back at all of it, in bytes that could be read meanwhile."""
    return sum(group.layers * _before(group) * _looking_back(shape, group) for group in shape.attention)


def _looking_back(shape: Shape, group: Attention) -> float:
    """At one token of the past, in bytes that could be read meanwhile."""
    # Where attention is latent, every head looks at all that is kept.
    asked = _asked(shape) if group.value else shape.heads * group.key
    doublings = max(0.0, math.log2(2 * group.key / _ROW)) if group.key else 0.0
    return _HEAD * shape.heads + _WIDTH * asked + _FETCH * 2 * (group.key + group.value) * doublings


def _asked(shape: Shape) -> int:
    """Values that a layer's heads ask with."""
    return shape.query or shape.embedding


def _before(group: Attention) -> int:
    return min(group.window or _TALK, _TALK)


def _active(shape: Shape) -> dict[str, float]:
    """Bytes by type that work on one token."""
    weights = _touched(shape)
    if shape.experts:
        idle = shape.expert_weights * (1 - shape.experts_used / shape.experts)
        weights = _without(weights, shape.types[0][0] if shape.types else "", idle)
    return weights


def _touched(shape: Shape) -> dict[str, float]:
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
