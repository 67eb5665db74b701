"""The numbers of an embedder's layers, as its files tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.documents.embedders.embedder_estimate import EmbedderShape
from assistant.errors import ModelError
from assistant.models.files import ct2

_LARGEST = 10**7
"""No number of layers, no width and no vocabulary is larger."""


def shape_of(folder: Path) -> EmbedderShape | None:
    """Of a model of sentence-transformers or CTranslate2; None where its files do not tell."""
    try:
        if (folder / "model.bin").is_file():
            return _converted_shape(ct2.read(folder / "model.bin").shapes)
        return _stated_shape(json.loads((folder / "config.json").read_bytes()))
    except (OSError, ModelError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _converted_shape(shapes: Mapping[str, tuple[int, ...]]) -> EmbedderShape:
    vocabulary, width = shapes["encoder/embeddings_0/weight"]
    layers = {name.split("/")[1] for name in shapes if name.startswith("encoder/layer_")}
    inner = shapes["encoder/layer_0/ffn/linear_0/weight"][0]
    return EmbedderShape(len(layers), width, inner, vocabulary)


def _stated_shape(config: Mapping[str, Any]) -> EmbedderShape:
    """BERT's own names, or DistilBERT's."""
    names = ("num_hidden_layers", "hidden_size", "intermediate_size")
    if "hidden_size" not in config:
        names = ("n_layers", "dim", "hidden_dim")
    layers, width, inner, vocabulary = (_number(config[name]) for name in (*names, "vocab_size"))
    return EmbedderShape(layers, width, inner, vocabulary)


def _number(value: Any) -> int:
    """
    Raises:
        ValueError: it is none of a layer's numbers.
    """
    if not isinstance(value, int) or not 0 < value <= _LARGEST:
        raise ValueError(f"{value!r} is no size of a layer")
    return value
