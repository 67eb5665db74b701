"""Makes what CTranslate2 runs of a model of BERT's family, from its own files and without torch.

CTranslate2's own converter loads the model by torch, which is larger than all the rest of the program.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.documents.embedders.embedding import counting_tokenizer
from assistant.errors import StorageError

Weights = dict[str, Callable[[], npt.NDArray[np.float32]]]
"""By name; each is read when it is asked for."""

_BERT, _ROBERTA = {"bert"}, {"roberta", "xlm-roberta", "camembert"}
_ACTIVATIONS = {
    "gelu": "GELU",
    "gelu_new": "GELUTanh",
    "gelu_fast": "GELUTanh",
    "gelu_pytorch_tanh": "GELUTanh",
    "relu": "RELU",
    "silu": "SWISH",
    "swish": "SWISH",
}
_NUMBERS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
"""As files of safetensors name them, as numpy reads them."""
_WORDS = "embeddings.word_embeddings.weight"


def convert(source: Path, target: Path, name: str, quantization: str) -> None:
    """Convert the transformer in a folder; its tokenizer comes along.

    Raises:
        StorageError: it is built in a way that is not known here.
    """
    config = json.loads((source / "config.json").read_bytes())
    architecture = str(config.get("model_type"))
    spec = _spec(config, architecture)
    weights = _weights(source)
    prefix = next((key.removesuffix(_WORDS) for key in weights if key.endswith(_WORDS)), None)
    if spec is None or prefix is None:
        raise StorageError("embedder-architecture-unknown", name=name, architecture=architecture)
    _fill(spec.encoder, lambda key: weights[prefix + key]())
    if architecture in _ROBERTA:  # positions are counted from behind the number that stands for padding
        first = int(config.get("pad_token_id", 1)) + 1
        spec.encoder.position_encodings.encodings = spec.encoder.position_encodings.encodings[first:]
    unknown, tokens = _vocabulary(source, int(config["vocab_size"]))
    spec.config.unk_token = unknown
    spec.config.layer_norm_epsilon = config.get("layer_norm_eps", 1e-12)
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization=quantization)
    target.mkdir()
    spec.save(str(target))
    shutil.copyfile(source / "tokenizer.json", target / "tokenizer.json")


def _spec(config: dict[str, Any], architecture: str) -> Any:
    """What CTranslate2 wants to know of the model, still without numbers; None if it cannot run it."""
    from ctranslate2.specs import common_spec, transformer_spec

    activation = _ACTIVATIONS.get(str(config.get("hidden_act", "gelu")))
    absolute = config.get("position_embedding_type", "absolute") == "absolute"
    if architecture not in _BERT | _ROBERTA or activation is None or not absolute:
        return None
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=getattr(common_spec.Activation, activation),
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    return transformer_spec.TransformerEncoderModelSpec(encoder, pooling_layer=False)


def _fill(encoder: Any, weight: Callable[[str], npt.NDArray[np.float32]]) -> None:
    encoder.embeddings[0].weight = weight(_WORDS)
    encoder.embeddings[1].weight = weight("embeddings.token_type_embeddings.weight")
    encoder.position_encodings.encodings = weight("embeddings.position_embeddings.weight")

    def layer_norm(spec: Any, name: str) -> None:
        spec.gamma, spec.beta = weight(f"{name}.weight"), weight(f"{name}.bias")

    def linear(spec: Any, *names: str) -> None:
        """Several are computed as one."""
        spec.weight = np.concatenate([weight(f"{name}.weight") for name in names])
        spec.bias = np.concatenate([weight(f"{name}.bias") for name in names])

    layer_norm(encoder.layernorm_embedding, "embeddings.LayerNorm")
    for number, spec in enumerate(encoder.layer):
        layer = f"encoder.layer.{number}"
        attention = f"{layer}.attention.self"
        linear(spec.self_attention.linear[0], *(f"{attention}.{part}" for part in ("query", "key", "value")))
        linear(spec.self_attention.linear[1], f"{layer}.attention.output.dense")
        layer_norm(spec.self_attention.layer_norm, f"{layer}.attention.output.LayerNorm")
        linear(spec.ffn.linear_0, f"{layer}.intermediate.dense")
        linear(spec.ffn.linear_1, f"{layer}.output.dense")
        layer_norm(spec.ffn.layer_norm, f"{layer}.output.LayerNorm")


def _weights(folder: Path) -> Weights:
    return {name: read for file in sorted(folder.glob("*.safetensors")) for name, read in _held(file)}


def _held(file: Path) -> Iterator[tuple[str, Callable[[], npt.NDArray[np.float32]]]]:
    """What a file of safetensors holds: its length, what is where, the numbers."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        header = json.loads(opened.read(length))
    for name, entry in header.items():
        if entry.get("dtype") in _NUMBERS:
            yield name, partial(_read, file, entry, 8 + length)


def _read(file: Path, entry: dict[str, Any], start: int) -> npt.NDArray[np.float32]:
    kind, shape = np.dtype(_NUMBERS[entry["dtype"]]), tuple(entry["shape"])
    count = int(np.prod(shape))
    numbers = np.fromfile(file, kind, count, offset=start + entry["data_offsets"][0]).reshape(shape)
    if entry["dtype"] == "BF16":  # the upper half of a usual number
        return (numbers.astype(np.uint32) << 16).view(np.float32)
    return numbers.astype(np.float32)


def _vocabulary(folder: Path, size: int) -> tuple[str, list[str]]:
    """The token for what is unknown, and all tokens, as many as the model has rows for."""
    numbers = counting_tokenizer(folder).get_vocab(with_added_tokens=True)
    tokens = sorted(numbers, key=numbers.__getitem__)
    tokens += [f"<extra_id_{number}>" for number in range(size - len(tokens))]
    return next((token for token in ("[UNK]", "<unk>") if token in numbers), tokens[0]), tokens
