"""The shape of a model that everybody knows, to reckon with."""

from __future__ import annotations

from assistant.models.files.records import Attention, Shape

MB = 2**20

LLAMA3_8B = Shape(
    architecture="llama",
    layers=32,
    embedding=4096,
    heads=32,
    feed_forward=14336,
    vocabulary=128256,
    trained_context=8192,
    attention=(Attention(32, 1024, 1024),),
    weights=4912 * MB,
    input_weights=282 * MB,
    output_weights=411 * MB,
    types=(("q4_K", 3900 * MB), ("q6_K", 1012 * MB)),
    head=128,
)
