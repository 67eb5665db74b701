"""Models of BERT's family are converted from their files alone, as the library would convert them."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from assistant import paths
from assistant.documents.embedders.embedder_conversion import builtin_embedder, convert_builtin
from assistant.documents.embedders.embedder_folder import stated
from assistant.documents.embedders.embedding import Embedder, Vectors
from assistant.documents.embedders.weights_conversion import convert
from assistant.errors import StorageError

WIDTH, LAYERS, WORDS, POSITIONS = 16, 2, 12, 20
TEXTS = ("How deep is the well?", "Net income was 3 million dollars in 2018.", "Die Katze schläft.")


def vectors(folder: Path, rows: list[list[int]]) -> Vectors:
    encoder = ctranslate2.Encoder(str(folder), compute_type="float32")
    found = [np.array(encoder.forward_batch([row]).last_hidden_state)[0].mean(0) for row in rows]
    return np.array([vector / np.linalg.norm(vector) for vector in found])


def test_the_builtin_model_searches_as_the_one_that_the_library_converted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "sentence_transformers" else find(name)
    )
    convert_builtin(tmp_path / "made")
    ours, theirs = Embedder(tmp_path / "made"), builtin_embedder()
    assert np.sum(ours.embed(TEXTS) * theirs.embed(TEXTS), axis=1).min() > 0.9999
    made, shipped = stated(tmp_path / "made"), stated(paths.resources() / "embedder")
    assert replace(made, files={}) == replace(shipped, files={})


def small_model(folder: Path, kind: str, shift: int, prefix: str = "", numbers: type = np.float32) -> Path:
    """One with made-up weights, whose positions begin `shift` rows later."""
    chance = np.random.default_rng(7)
    folder.mkdir()
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (WORDS, WIDTH),
        "embeddings.token_type_embeddings.weight": (1, WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.LayerNorm": (WIDTH,),
    }
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes[f"{layer}.{part}"] = (WIDTH, WIDTH)
        shapes[f"{layer}.attention.output.dense"] = (WIDTH, WIDTH)
        shapes[f"{layer}.attention.output.LayerNorm"] = (WIDTH,)
        shapes[f"{layer}.intermediate.dense"] = (4 * WIDTH, WIDTH)
        shapes[f"{layer}.output.dense"] = (WIDTH, 4 * WIDTH)
        shapes[f"{layer}.output.LayerNorm"] = (WIDTH,)
    held = {}
    for name, shape in shapes.items():
        weights = chance.normal(0, 0.5, shape).astype(np.float16).astype(numbers)
        if name.endswith(".weight"):
            held[prefix + name] = weights
        else:
            held[f"{prefix}{name}.weight"] = weights
            held[f"{prefix}{name}.bias"] = weights.reshape(shape[0], -1)[:, 0].copy()
    name = f"{prefix}embeddings.position_embeddings.weight"
    held[name] = np.concatenate([np.zeros((shift, WIDTH), numbers), held[name]])
    save_file(held, folder / "model.safetensors")
    config = {
        "model_type": kind, "num_hidden_layers": LAYERS, "num_attention_heads": 2, "hidden_act": "gelu",
        "pad_token_id": max(shift - 1, 0), "vocab_size": WORDS, "layer_norm_eps": 1e-5,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    words = {"<unk>": 0, **{f"word{number}": number for number in range(1, WORDS)}}
    Tokenizer(WordLevel(words, unk_token="<unk>")).save(str(folder / "tokenizer.json"))
    return folder


@pytest.mark.parametrize(
    ("kind", "shift", "prefix", "numbers"),
    [
        ("xlm-roberta", 2, "roberta.", np.float32),
        ("roberta", 2, "", np.float16),
        ("bert", 0, "bert.", np.float16),
    ],
)
def test_families_names_and_kinds_of_numbers_make_no_difference(
    tmp_path: Path, kind: str, shift: int, prefix: str, numbers: type
) -> None:
    rows = [[1, 2, 3, 4], [9, 8, 7], [5]]
    convert(small_model(tmp_path / "bert", "bert", 0), tmp_path / "made", "bert", "float32")
    convert(small_model(tmp_path / "other", kind, shift, prefix, numbers), tmp_path / "too", kind, "float32")
    assert np.allclose(vectors(tmp_path / "made", rows), vectors(tmp_path / "too", rows), atol=1e-5)


def test_a_model_of_another_family_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        convert(small_model(tmp_path / "other", "mpnet", 0), tmp_path / "made", "Other", "int8")
    assert refused.value.reason == "embedder-architecture-unknown"
