"""Embedders that differ from the built-in one, and mean the same, made of it.

`permuted` has its inner dimensions in another order: the same nearness of texts by vectors that have nothing
to do with the built-in one's. `converted` is a CTranslate2 conversion that puts words before each text: its
vectors lie near the built-in one's, and are others.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from assistant.documents.embedders.embedder_conversion import builtin_embedder, builtin_model

_WIDTH = 384
_FROM_WIDTH = re.compile(
    r"embeddings\.(word|position|token_type)_embeddings|(query|key|value|intermediate\.dense|pooler\.dense)\.weight"
)
"""Weights whose last dimension is the model's inner one."""
_TO_WIDTH = re.compile(r"LayerNorm|output\.dense")
"""Weights whose first dimension is."""
_PREFIXES = {"query": "question: ", "passage": "text: "}


def permuted(folder: Path) -> Path:
    """A folder as sentence-transformers saves one."""
    shutil.copytree(builtin_model(), folder)
    order = np.random.default_rng(7).permutation(_WIDTH)
    weights = load_file(folder / "model.safetensors")
    for name, weight in weights.items():
        if _FROM_WIDTH.search(name):
            weights[name] = np.ascontiguousarray(weight[:, order])
        elif _TO_WIDTH.search(name):
            weights[name] = np.ascontiguousarray(weight[order])
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


def converted(folder: Path, pooling: str | None = "pooling_mode_mean_tokens") -> Path:
    """A folder as CTranslate2's converter makes it, with what sentence-transformers says beside it."""
    source = builtin_embedder().folder
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        shutil.copyfile(source / name, folder / name)
    if pooling is not None:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(json.dumps({pooling: True}))
    (folder / "config_sentence_transformers.json").write_text(json.dumps({"prompts": _PREFIXES}))
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 256}))
    return folder
