"""How fast a chat model reads and writes on the processor, from what this computer does in a second.

The time of a step is that of its products of matrices, whose pace was measured, and of what goes on between
them. The shares of the latter are fitted to sixteen models of different kinds (benchmark speed_fit).
"""

from __future__ import annotations

from assistant.models.records import Attention, Corrections, Pace, Setting, Shape, Speed
from assistant.models.tensor_types import BITS

_AS_PREDICTED = Corrections()

_TALK = 512
"""Tokens that stand before: a conversation that has begun."""

_STEPS = 24
"""Of a layer, at each of which all threads wait for each other."""
_TOKEN_SECONDS = 15e-9
"""For each token of the vocabulary: its chance is worked out, and one of them is drawn."""

# How much longer than a product of the same size it takes, in 16 bits, to …
_TOGETHER = 1.1
"""… write a token: between two products threads wait, and the memory rests."""
_LOOK_BACK = 0.5
"""… multiply one token with those before it: against reading two bytes for each number."""
_FETCH = 6.5
"""… fetch the keys and values of the past: they lie scattered."""
_LOOK_BACK_TOGETHER = 3.0
"""… multiply many tokens with those before them."""
_ONE_BY_ONE = 6.0
"""… do so where scores are capped, or keys and values have fewer bits; against reading."""
_CAPPED = ("gemma2",)
_STATE = 3.0
"""… change what is kept instead of a past, when one token is written."""
_STATE_TOGETHER = 0.6
_AGAIN = 1.4
"""… bring the weights to the processor for each batch."""
_EXPERT = 0.65
"""Of the time of one token by itself: experts take a batch token by token, with their weights at hand."""
_SCAN_SECONDS = {"mamba": 4.5e-9, "jamba": 4.5e-9}
"""For each number of a state, in families that need a power of e for it."""


def expected(
    shape: Shape, setting: Setting, pace: Pace, *, corrections: Corrections = _AS_PREDICTED
) -> Speed:
    """Tokens a second, early in a conversation."""
    return Speed(
        corrections.reading / max(1e-9, _reading_seconds(shape, setting, pace)),
        corrections.writing / max(1e-9, _writing_seconds(shape, pace)),
    )


def _writing_seconds(shape: Shape, pace: Pace) -> float:
    """Of a token: every weight that works on it is read once."""
    halves = _of(dict(pace.bytes_read), "f16")
    past = sum(group.layers * _before(group) * _fetched(shape, group) for group in shape.attention)
    return _TOGETHER * (
        _weights_seconds(_active(shape), pace)
        + (_LOOK_BACK * _scores(shape) + _FETCH * 2 * past + _STATE * shape.state) / halves
        + shape.layers * _STEPS * pace.step_seconds
        + shape.vocabulary * _TOKEN_SECONDS
    )


def _reading_seconds(shape: Shape, setting: Setting, pace: Pace) -> float:
    """Of a token in a batch: the weights are read once for all of it."""
    batch = min(setting.batch, _TALK)
    done, halves = dict(pace.operations), _of(dict(pace.bytes_read), "f16")
    main = shape.types[0][0] if shape.types else ""
    experts = shape.expert_weights * shape.experts_used / max(1, shape.experts)
    others = _without(_active(shape), shape.table_type, shape.output_weights or shape.input_weights)
    others = _without(others, main, experts)
    products = sum(size * 8 / BITS.get(kind, 8.0) / _of(done, kind) for kind, size in others.items())
    if shape.architecture in _CAPPED or setting.kv_type != "f16":
        looking = _ONE_BY_ONE * _scores(shape) / 2 / halves
    else:
        looking = _LOOK_BACK_TOGETHER * _scores(shape) / 2 / _of(done, "f16")
    return (
        products
        + _EXPERT * _weights_seconds({main: experts}, pace)
        + looking
        + _STATE_TOGETHER * shape.state / halves
        + _SCAN_SECONDS.get(shape.architecture, 0.0) * shape.state / 4
        + (_AGAIN * _weights_seconds(_touched(shape), pace) + shape.layers * _STEPS * pace.step_seconds)
        / batch
    )


def _scores(shape: Shape) -> int:
    """Multiplications of one token with all before it, for the scores and for what comes of them."""
    before = sum(group.layers * _before(group) for group in shape.attention)
    return 2 * before * (shape.query or shape.embedding)


def _fetched(shape: Shape, group: Attention) -> int:
    """Values of one token of the past; where attention is latent every head fetches the same ones."""
    return group.key + group.value if group.value else group.key * max(1, shape.heads)


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


def _weights_seconds(weights: dict[str, float], pace: Pace) -> float:
    read = dict(pace.bytes_read)
    return sum(size / _of(read, kind) for kind, size in weights.items())


def _of(paces: dict[str, float], kind: str) -> float:
    """The pace of a type, or of the measured one that is nearest in size."""
    if kind not in paces:
        bits = BITS.get(kind, 8.0)
        kind = min(paces, key=lambda each: abs(BITS.get(each, 8.0) - bits))
    return paces[kind]
