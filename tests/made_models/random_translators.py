"""Tiny translation models of every family, with random weights and real tokenizers.

What they say means nothing; that text goes in and comes out as the family wants it is real.
"""

from __future__ import annotations

import functools
import io
import json
import random
import struct
from collections.abc import Iterator, Sequence
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
    length: int = 0,
    config: dict[str, Any] | None = None,
) -> None:
    """A model of this shape; its table of tokens is shared, as Marian has it.

    Written without CTranslate2's own writer, which imports torch. Format: see `assistant.models.files.ct2`.

    Args:
        length: about so many pieces it writes, else it finds no end. What is added to a piece for its place
            then points more and more to the end of the sentence, and the layers change little of that.
    """
    folder.mkdir(parents=True)
    draw = np.random.default_rng(5)

    def floats(*shape: int) -> Any:
        return draw.standard_normal(shape, dtype=np.float32) * np.float32(0.3 / np.sqrt(shape[-1] / 32))

    variables: dict[str, Any] = {
        "decoder/embeddings/weight": floats(len(tokens), size),
        "decoder/projection/bias": np.zeros(len(tokens), np.float32),
        "decoder/alignment_heads": np.int16(1),
        "decoder/alignment_layer": np.int16(-1),
        "decoder/start_from_zero_embedding": np.int8(from_zero),
        "encoder/embeddings_merge": np.int8(0),
    }
    for side in ("encoder", "decoder"):
        variables[f"{side}/num_heads"] = np.int16(heads)
        variables[f"{side}/position_encodings/encodings"] = floats(positions, size)
        for name, value in (("activation", 0), ("pre_norm", 0), ("scale_embeddings", 1)):
            variables[f"{side}/{name}"] = np.int8(value)
        for number in range(layers):
            layer = f"{side}/layer_{number}"
            linear = {
                f"{layer}/self_attention/linear_0": (3 * size, size),
                f"{layer}/self_attention/linear_1": (size, size),
                f"{layer}/ffn/linear_0": (inner, size),
                f"{layer}/ffn/linear_1": (size, inner),
            }
            norms = [f"{layer}/self_attention", f"{layer}/ffn"]
            if side == "decoder":
                rows = (size, 2 * size, size)
                linear |= {f"{layer}/attention/linear_{n}": (count, size) for n, count in enumerate(rows)}
                norms.append(f"{layer}/attention")
            for name, shape in linear.items():
                variables[f"{name}/weight"] = floats(*shape)
                variables[f"{name}/bias"] = np.zeros(shape[0], np.float32)
            for name in norms:
                variables[f"{name}/layer_norm/gamma"] = np.ones(size, np.float32)
                variables[f"{name}/layer_norm/beta"] = np.zeros(size, np.float32)
    if length:
        _end_after(length, variables, list(tokens).index("</s>"))
    aliases = dict.fromkeys(
        ("decoder/projection/weight", "encoder/embeddings_0/weight"), "decoder/embeddings/weight"
    )
    (folder / "model.bin").write_bytes(b"".join(_binary(variables, aliases)))
    (folder / "shared_vocabulary.json").write_text(json.dumps(list(tokens), indent=1), "utf-8")
    about = {
        "add_source_bos": False, "add_source_eos": False, "bos_token": "<s>", "eos_token": "</s>",
        "unk_token": "<unk>", "decoder_start_token": "</s>", "layer_norm_epsilon": None,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(about | (config or {})))


def _end_after(length: int, variables: dict[str, Any], end: int) -> None:
    table = variables["decoder/embeddings/weight"]
    size = table.shape[1]
    long = float(np.linalg.norm(table, axis=1).mean())
    way = table[end] - table[end].mean()
    way /= np.linalg.norm(way)
    table[end] = way * long * 0.65
    for name, value in variables.items():
        if name.startswith("decoder/layer") and name.endswith("weight"):
            value *= np.float32(0.05)
    encodings = variables["decoder/position_encodings/encodings"]
    places = np.arange(len(encodings), dtype=np.float32)[:, None]
    encodings[:] = places * way * (long * size**0.5 / (0.65 * length))


def _binary(variables: dict[str, Any], aliases: dict[str, str]) -> Iterator[bytes]:
    kinds = {"float32": 0, "int8": 1, "int16": 2}
    yield struct.pack("<I", 6) + _text("TransformerSpec") + struct.pack("<II", 7, len(variables))
    for name, value in sorted(variables.items()):
        yield _text(name) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
        yield struct.pack("<BI", kinds[value.dtype.name], value.nbytes) + value.tobytes()
    yield struct.pack("<I", len(aliases))
    for alias, name in sorted(aliases.items()):
        yield _text(alias) + _text(name)


def _text(text: str) -> bytes:
    return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"
