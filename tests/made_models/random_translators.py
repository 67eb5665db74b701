"""Tiny translation models of every family, with random weights and real tokenizers.

What they say means nothing; that text goes in and comes out as the family wants it is real.
"""

from __future__ import annotations

import functools
import io
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

WORDS = [
    "the", "a", "house", "dog", "river", "old", "green", "small", "runs", "sees", "sleeps", "in", "under",
    "and", "garden", "tree", "bridge", "das", "ein", "Haus", "Hund", "Fluss", "alte", "grüne", "kleine",
    "läuft", "sieht", "schläft", "im", "unter", "hinter", "und", "Garten", "Baum", "Brücke",
]  # fmt: skip
SIZE = 32
POSITIONS = 128


@functools.cache
def sentence_pieces() -> bytes:
    """A SentencePiece model that knows the words, letters and digits."""
    import sentencepiece

    choose = random.Random(3)
    lines = [" ".join(choose.choices([*WORDS, "12", "345", "."], k=8)) for _ in range(300)]
    lines += list("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,;:!?-äöüß")
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=written, vocab_size=160, hard_vocab_limit=False,
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def pieces() -> list[str]:
    import sentencepiece

    model = sentencepiece.SentencePieceProcessor(model_proto=sentence_pieces())
    return [model.id_to_piece(number) for number in range(model.get_piece_size())]


def marian(folder: Path, targets: Sequence[str] = (), *, config: dict[str, Any] | None = None) -> Path:
    """As `ct2-transformers-converter` makes one of OPUS-MT; `targets` are tags such as "deu"."""
    tokens = ["</s>", "<unk>", *pieces()[3:], *(f">>{tag}<<" for tag in targets)]
    write(folder, tokens, from_zero=True, config=config)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(sentence_pieces())
    return folder


def m2m100(folder: Path, languages: Sequence[str] = ("en", "de", "fr")) -> Path:
    tokens = ["<s>", "<pad>", "</s>", "<unk>", *pieces()[3:], *(f"__{code}__" for code in languages)]
    write(folder, tokens)
    (folder / "sentencepiece.bpe.model").write_bytes(sentence_pieces())
    return folder


def nllb(folder: Path, languages: Sequence[str] = ("eng_Latn", "deu_Latn", "zho_Hant", "zho_Hans")) -> Path:
    write(folder, ["<s>", "<pad>", "</s>", "<unk>", *pieces()[3:], *languages, "<mask>"])
    (folder / "sentencepiece.bpe.model").write_bytes(sentence_pieces())
    return folder


def madlad(folder: Path, languages: Sequence[str] = ("en", "de", "iw", "zh")) -> Path:
    tokens = ["<unk>", "<s>", "</s>", *(f"<2{code}>" for code in languages), *pieces()[3:]]
    write(folder, tokens)
    (folder / "spiece.model").write_bytes(sentence_pieces())
    return folder


def argos(folder: Path, source: str = "en", target: str = "de", target_prefix: str = "") -> Path:
    extra = [target_prefix] if target_prefix else []
    write(folder / "model", ["<unk>", "<s>", "</s>", *pieces()[3:], *extra])
    about = {"from_code": source, "to_code": target, "target_prefix": target_prefix}
    (folder / "metadata.json").write_text(json.dumps(about))
    (folder / "sentencepiece.model").write_bytes(sentence_pieces())
    return folder


def write(
    folder: Path,
    tokens: Sequence[str],
    *,
    size: int = SIZE,
    layers: int = 1,
    heads: int = 2,
    inner: int = 64,
    positions: int = POSITIONS,
    from_zero: bool = False,
    quantization: str | None = None,
    config: dict[str, Any] | None = None,
) -> None:
    """A model of this shape, with the weights of the table of tokens shared, as Marian has it."""
    from ctranslate2.specs import TransformerSpec, common_spec, transformer_spec
    from ctranslate2.specs.model_spec import visit_spec

    folder.mkdir(parents=True)
    spec = TransformerSpec.from_config(num_layers=layers, num_heads=heads, pre_norm=False)
    spec.decoder.start_from_zero_embedding = from_zero
    spec.config.decoder_start_token = "</s>"
    draw = np.random.default_rng(5)

    def floats(*shape: int) -> Any:
        return draw.standard_normal(shape, dtype=np.float32) * np.float32(0.3 / np.sqrt(shape[-1] / 32))

    table = floats(len(tokens), size)

    def fill(layer: Any, name: str, _: Any) -> None:
        if isinstance(layer, common_spec.LayerNormSpec):
            layer.gamma, layer.beta = np.ones(size, np.float32), np.zeros(size, np.float32)
        elif isinstance(layer, common_spec.EmbeddingsSpec):
            layer.weight = table
        elif isinstance(layer, transformer_spec.PositionEncoderSpec):
            layer.encodings = floats(positions, size)
        elif isinstance(layer, common_spec.LinearSpec):
            layer.weight, layer.bias = _linear(name, table, size, inner, floats)

    visit_spec(spec, fill)
    spec.register_source_vocabulary(list(tokens))
    spec.register_target_vocabulary(list(tokens))
    for key, value in (config or {}).items():
        spec.config.add_attribute(key, value)
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(folder))


def _linear(name: str, table: Any, size: int, inner: int, floats: Any) -> tuple[Any, Any]:
    if "projection" in name:
        return table, np.zeros(len(table), np.float32)
    rows, columns = size, size
    if "self_attention/linear_0" in name:
        rows = 3 * size
    elif "/attention/linear_1" in name:
        rows = 2 * size
    elif "ffn/linear_0" in name:
        rows = inner
    elif "ffn/linear_1" in name:
        columns = inner
    return floats(rows, columns), np.zeros(rows, np.float32)
