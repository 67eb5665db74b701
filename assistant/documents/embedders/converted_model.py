"""Takes over a model that others have converted for CTranslate2 already."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.documents.embedders.embedder_folder import (
    FEWEST_TOKENS,
    MANIFEST,
    MOST_TOKENS,
    POOLINGS,
    EmbedderManifest,
    checked,
    fingerprint,
    seal,
    sha256,
)
from assistant.documents.embedders.embedder_sources import EmbedderSource
from assistant.documents.embedders.embedding import Embedder
from assistant.errors import StorageError
from assistant.models.files import ct2

if TYPE_CHECKING:
    from assistant.models.catalog.records import EmbedderFacts

_QUANTIZATION = "int8"
"""In which it is run, whatever it is kept in: measured as good, and the quickest."""
_MODES = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
_ALIKE = 0.9999
"""Vectors of different texts that are more alike than this say nothing."""
_SAMPLES = ("How deep is the well?", "Net income was 3 million dollars in 2018.")


def adopt(source: Path, target: Path, model: EmbedderSource) -> None:
    """Make an embedder of a converted model; what it says of itself comes before what the catalogue says.

    Raises:
        StorageError: it is not said how its vectors are pooled, or they say nothing.
        ModelUnusable: it is damaged.
    """
    header = ct2.read(source / "model.bin")
    if header.spec != ct2.ENCODER:
        raise StorageError("embedder-architecture-unknown", name=model.title, architecture=header.spec)
    target.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        shutil.copyfile(source / name, target / name)
    _copy_vocabulary(source, target)
    pooling, question, passage, max_tokens = stated(source, model.title, model.facts)
    max_tokens = min(max_tokens, ct2.positions(header) or max_tokens)
    weights = sha256(target / "model.bin")
    digest = fingerprint(weights, pooling, question, passage, max_tokens, _QUANTIZATION)
    seal(
        target,
        EmbedderManifest(
            name=f"{model.id}-{digest[:8]}",
            dimension=header.shapes["encoder/embeddings_0/weight"][1],
            max_tokens=max_tokens,
            pooling=pooling,
            question_prefix=question,
            passage_prefix=passage,
            quantization=_QUANTIZATION,
            source=digest,
            files={},
            id=model.id,
            title=model.title,
            languages=model.languages,
            added=model.added,
        ),
    )
    embedder = Embedder(target)
    embedder.check_tokens(model.title, header.shapes["encoder/embeddings_0/weight"][0])
    check_vectors(embedder, model.title)


def check_vectors(embedder: Embedder, title: str) -> None:
    """
    Raises:
        StorageError: the vectors of different texts are the same.
    """
    first, second = embedder.embed(_SAMPLES)
    if not float(np.dot(first, second)) < _ALIKE:  # true for what is not a number, too
        raise StorageError("embedder-vectors-differ", name=title)


def _copy_vocabulary(source: Path, target: Path) -> None:
    if (source / "vocabulary.json").is_file():
        shutil.copyfile(source / "vocabulary.json", target / "vocabulary.json")
        return
    # As older versions of CTranslate2 wrote it: a token a line.
    tokens = (source / "vocabulary.txt").read_text("utf-8").split("\n")
    (target / "vocabulary.json").write_text(json.dumps(tokens[:-1] if not tokens[-1] else tokens), "utf-8")


def stated(source: Path, title: str, facts: EmbedderFacts | None) -> tuple[str, str, str, int]:
    """Pooling, the prefixes of questions and passages, and how many tokens are read.

    Raises:
        StorageError: it is not said how its vectors are pooled.
    """
    if (source / MANIFEST).is_file():  # made by this program
        own = checked(source)
        return own.pooling, own.question_prefix, own.passage_prefix, own.max_tokens
    prompts = _json(source / "config_sentence_transformers.json").get("prompts") or {}
    question = str(prompts.get("query") or "")
    passage = str(prompts.get("document") or prompts.get("passage") or "")
    if facts is not None and not (question or passage):
        question, passage = facts.question_prefix, facts.passage_prefix
    pooling = _pooling(_json(source / "1_Pooling" / "config.json")) or (facts.pooling if facts else "")
    if pooling not in POOLINGS:
        raise StorageError("embedder-pooling-unknown", name=title, pooling=pooling)
    limits = (
        _json(source / "sentence_bert_config.json").get("max_seq_length"),
        _json(source / "tokenizer_config.json").get("model_max_length"),
    )
    said = [limit for limit in limits if isinstance(limit, int) and FEWEST_TOKENS <= limit <= MOST_TOKENS]
    return pooling, question, passage, said[0] if said else 512


def _pooling(config: dict[str, Any]) -> str:
    """ "" where it is not said; what it is called where it is not known here."""
    said = config.get("pooling_mode")
    modes = [name for name, value in config.items() if name.startswith("pooling_mode_") and value is True]
    if isinstance(said, str) and not modes:
        return said
    return " and ".join(_MODES.get(mode, mode) for mode in modes)


def _json(file: Path) -> dict[str, Any]:
    """What a file holds; {} if it is not there or no such thing."""
    try:
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
