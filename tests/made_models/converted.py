"""Tiny CTranslate2 models with random weights, written by CTranslate2's own converter, and what lies beside.

What they say means nothing; that the engine loads them is real.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

SIZE = 16
"""Width of their layers."""


def translation(folder: Path, words: int = 40) -> Path:
    """A folder as `ct2-transformers-converter` makes it of an OPUS-MT model, with its tokenizer."""
    from ctranslate2.specs import TransformerSpec

    folder.mkdir(parents=True)
    spec = TransformerSpec.from_config(num_layers=1, num_heads=2)
    _fill(spec, words)
    tokens = ["<unk>", "<s>", "</s>", *(f"▁w{number}" for number in range(words - 3))]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    (folder / "source.spm").write_bytes(b"\x0a" + bytes(200))
    (folder / "target.spm").write_bytes(b"\x0a" + bytes(200))
    return folder


def whisper(folder: Path, words: int = 51865, bands: int = 80, tokenizer: bool = True) -> Path:
    """A folder such as faster-whisper's models are; `words` tells whether it is English alone."""
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True)
    spec = WhisperSpec(1, 2, 1, 2)
    _fill(spec, words, bands)
    spec.register_vocabulary([f"t{number}" for number in range(words)])
    spec.config.add_attribute("suppress_ids", [])
    spec.config.add_attribute("alignment_heads", [[0, 0]])
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    if tokenizer:
        (folder / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "BPE"}}')
    return folder


def argos(folder: Path, source: str = "en", target: str = "es") -> Path:
    """A folder such as an .argosmodel file has inside."""
    folder.mkdir(parents=True)
    made = translation(folder / "model")
    (made / "source.spm").unlink()
    (made / "target.spm").unlink()
    about = {"from_code": source, "from_name": "English", "to_code": target, "to_name": "Spanish"}
    (folder / "metadata.json").write_text(json.dumps({"package_version": "1.0", **about}))
    (folder / "sentencepiece.model").write_bytes(b"\x0a" + bytes(200))
    (folder / "stanza").mkdir()
    (folder / "stanza" / "resources.json").write_text("{}")
    return folder


def embedder(folder: Path) -> Path:
    """A folder such as sentence-transformers saves one, BERT-like."""
    (folder / "1_Pooling").mkdir(parents=True)
    kinds = ("Transformer", ""), ("Pooling", "1_Pooling")
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (kind, path) in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}')
    (folder / "tokenizer.json").write_text('{"model": {"type": "WordPiece"}}')
    safetensors(folder / "model.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"PK\x03\x04 the same for others")
    return folder


def reranker(folder: Path) -> Path:
    folder.mkdir(parents=True)
    config = {
        "model_type": "xlm-roberta",
        "architectures": ["XLMRobertaForSequenceClassification"],
        "id2label": {"0": "LABEL_0"},
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text('{"model": {"type": "Unigram"}}')
    safetensors(folder / "model.safetensors")
    return folder


def safetensors(path: Path) -> Path:
    save_file({"w": np.arange(64, dtype="<f4")}, path)
    return path


def _fill(spec: Any, words: int, bands: int = SIZE) -> None:
    """Give every weight that the engine asks for random numbers of the right shape."""
    from ctranslate2.specs import common_spec, transformer_spec
    from ctranslate2.specs.model_spec import visit_spec

    random = np.random.default_rng(3)

    def floats(*shape: int) -> Any:
        return random.standard_normal(shape, dtype=np.float32) * np.float32(0.1)

    def fill(layer: Any, name: str, _: Any) -> None:
        if isinstance(layer, common_spec.LayerNormSpec):
            layer.gamma, layer.beta = np.ones(SIZE, np.float32), np.zeros(SIZE, np.float32)
        elif isinstance(layer, common_spec.EmbeddingsSpec):
            layer.weight = floats(words, SIZE)
        elif isinstance(layer, transformer_spec.PositionEncoderSpec):
            layer.encodings = floats(1500, SIZE)
        elif isinstance(layer, common_spec.Conv1DSpec):
            layer.weight, layer.bias = floats(SIZE, bands if "conv1" in name else SIZE, 3), floats(SIZE)
        elif isinstance(layer, common_spec.LinearSpec):
            rows = SIZE
            if "projection" in name:
                rows = words
            elif "self_attention/linear_0" in name:
                rows = 3 * SIZE
            elif "/attention/linear_1" in name:
                rows = 2 * SIZE
            layer.weight, layer.bias = floats(rows, SIZE), floats(rows)

    visit_spec(spec, fill)
