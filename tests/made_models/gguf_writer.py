"""Writes GGUF files (version 3, little-endian): metadata and tensors as f32, f16 or q8_0, or drawn by chance.

A list is written as an array of the kind of its first element. Ints are u32 (i32 when negative, u64 when
large), unless `kind` says otherwise.
"""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "str", "u64", "i64", "f64"]
TensorType = Literal["f32", "f16", "q8_0", "q4_0", "q4_K", "q5_K", "q6_K", "mxfp4"]

_ALIGNMENT = 32
_ARRAY = 9
_KINDS: dict[str, tuple[int, str]] = {
    "u8": (0, "<B"),
    "i8": (1, "<b"),
    "u16": (2, "<H"),
    "i16": (3, "<h"),
    "u32": (4, "<I"),
    "i32": (5, "<i"),
    "f32": (6, "<f"),
    "bool": (7, "<?"),
    "str": (8, ""),
    "u64": (10, "<Q"),
    "i64": (11, "<q"),
    "f64": (12, "<d"),
}
_TENSOR_TYPES = {
    "f32": 0, "f16": 1, "q4_0": 2, "q8_0": 8, "q4_K": 12, "q5_K": 13, "q6_K": 14, "mxfp4": 39,
}  # fmt: skip
_BLOCKS: dict[str, tuple[int, int, tuple[int, ...], float]] = {
    "f32": (1, 4, (), 0.0),
    "f16": (1, 2, (), 0.0),
    "q4_0": (32, 18, (0,), 0.2),
    "q8_0": (32, 34, (0,), 0.012),
    "q4_K": (256, 144, (0, 2), 0.004),
    "q5_K": (256, 176, (0, 2), 0.002),
    "q6_K": (256, 210, (208,), 0.0005),
    "mxfp4": (32, 17, (), 0.0),
}
"""Of a type: numbers and bytes of a block, where the scales (f16) are in it, and what scale gives numbers of
the size of one."""
_NUMBERS_AT_ONCE = 2**22
_BLOCK = 32
"""Numbers that share a scale in q8_0."""

# Of the tokens in `tokenizer.ggml.token_type`.
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)


@dataclass(frozen=True)
class RandomMatrix:
    """A matrix whose numbers do not matter; drawn piece by piece while the file is written."""

    shape: tuple[int, ...]


class GgufWriter:
    """Collects everything but what is drawn, then writes it at once."""

    def __init__(self, architecture: str, name: str = "") -> None:
        self.architecture = architecture
        self._metadata: list[tuple[str, bytes]] = []
        self._tensors: list[tuple[str, tuple[int, ...], TensorType, int, bytes | None]] = []
        self.add("general.architecture", architecture)
        if name:
            self.add("general.name", name)

    def add(self, key: str, value: Any, kind: Kind | None = None) -> None:
        """Metadata: a bool, int, float, string, or a list of one of them."""
        self._metadata.append((key, _typed(value, kind)))

    def add_own(self, key: str, value: Any, kind: Kind | None = None) -> None:
        """The same, under the name of the architecture: "context_length" becomes "llama.context_length"."""
        self.add(f"{self.architecture}.{key}", value, kind)

    def tensor(self, name: str, values: npt.ArrayLike | RandomMatrix, type_: TensorType = "f32") -> None:
        """A tensor, its shape as in numpy: a matrix from n to m numbers is (m, n)."""
        if isinstance(values, RandomMatrix):
            numbers, size, _, _ = _BLOCKS[type_]
            assert values.shape[-1] % numbers == 0, f"{name} cannot be {type_}"
            self._tensors.append((name, values.shape, type_, math.prod(values.shape) // numbers * size, None))
            return
        array = np.ascontiguousarray(values, dtype=np.float32)
        if type_ == "f16":
            data = array.astype("<f2").tobytes()
        elif type_ == "q8_0":
            data = _q8_0(array)
        else:
            assert type_ == "f32"
            data = array.astype("<f4").tobytes()
        self._tensors.append((name, array.shape, type_, len(data), data))

    def write(self, path: Path) -> None:
        head = [b"GGUF", struct.pack("<IQQ", 3, len(self._tensors), len(self._metadata))]
        for key, value in self._metadata:
            head += [_string(key), value]
        offset = 0
        for name, shape, type_, length, _ in self._tensors:
            head += [_string(name), struct.pack("<I", len(shape))]
            head += [struct.pack("<Q", size) for size in reversed(shape)]
            head.append(struct.pack("<IQ", _TENSOR_TYPES[type_], offset))
            offset += _aligned(length)
        start = b"".join(head)
        with path.open("wb") as file:
            file.write(start.ljust(_aligned(len(start)), b"\0"))
            for _, shape, type_, length, data in self._tensors:
                for piece in _drawn(type_, shape[-1], length) if data is None else (data,):
                    file.write(piece)
                file.write(bytes(_aligned(length) - length))


def _drawn(type_: TensorType, inputs: int, length: int) -> Iterator[bytes]:
    """Blocks by chance, so scaled that a product with such a matrix stays as large as what goes in."""
    piece = _piece(type_, inputs)
    for begin in range(0, length, len(piece)):
        yield piece[: length - begin]


@functools.cache
def _piece(type_: TensorType, inputs: int) -> bytes:
    random = np.random.default_rng(13)
    one = 1 / np.sqrt(inputs)
    _, size, scales, factor = _BLOCKS[type_]
    count = _NUMBERS_AT_ONCE // size
    if type_ in ("f16", "f32"):
        values = random.standard_normal(count, dtype=np.float32) * np.float32(one)
        return values.astype("<f2" if type_ == "f16" else "<f4").tobytes()
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
    if type_ == "mxfp4":
        blocks[:, 0] = 127 + int(np.log2(one)) - 2  # an exponent
    for place in scales:
        blocks[:, place : place + 2] = np.frombuffer(np.float16(factor * one).tobytes(), np.uint8)
    return blocks.tobytes()


def byte_tokens() -> list[str]:
    """The 256 bytes as the tokens of a "gpt2" vocabulary, in order of the bytes."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    names = {byte: chr(byte) for byte in plain}
    for number, byte in enumerate(byte for byte in range(256) if byte not in names):
        names[byte] = chr(256 + number)
    return [names[byte] for byte in range(256)]


def as_token(text: str) -> str:
    """A text as a token of a "gpt2" vocabulary: " the" becomes "Ġthe"."""
    names = byte_tokens()
    return "".join(names[byte] for byte in text.encode())


def add_word_vocabulary(
    writer: GgufWriter, words: Iterable[str], control: Iterable[str], *, end: str, template: str | None
) -> list[str]:
    """A vocabulary of whole words with single bytes for all others; returns the tokens in order.

    A word is taken whole when it is one of the pieces of Llama 3's splitting: letters with at most one other
    character (a space) before them, up to three digits, or marks with a space before and line ends behind.

    Args:
        control: tokens such as "<|end|>", which come first.
        end: the one of them that ends a turn and a text.
        template: the chat template, if there shall be one.
    """
    control = list(control)
    tokens = list(dict.fromkeys((*control, *byte_tokens(), "ĠĠ", *map(as_token, words))))
    writer.add("tokenizer.ggml.model", "gpt2")
    writer.add("tokenizer.ggml.pre", "llama-bpe")
    writer.add("tokenizer.ggml.tokens", tokens)
    types = [CONTROL] * len(control) + [NORMAL] * (len(tokens) - len(control))
    writer.add("tokenizer.ggml.token_type", types, "i32")
    writer.add("tokenizer.ggml.merges", ["Ġ Ġ"])
    writer.add("tokenizer.ggml.bos_token_id", tokens.index(end))
    writer.add("tokenizer.ggml.eos_token_id", tokens.index(end))
    writer.add("tokenizer.ggml.eot_token_id", tokens.index(end))
    writer.add("tokenizer.ggml.add_bos_token", False)
    if template is not None:
        writer.add("tokenizer.chat_template", template)
    writer.add_own("vocab_size", len(tokens))
    return tokens


def _typed(value: Any, kind: Kind | None) -> bytes:
    if isinstance(value, list | tuple):
        kind = kind or _kind(value[0])
        elements = b"".join(_packed(element, kind) for element in value)
        return struct.pack("<IIQ", _ARRAY, _KINDS[kind][0], len(value)) + elements
    kind = kind or _kind(value)
    return struct.pack("<I", _KINDS[kind][0]) + _packed(value, kind)


def _kind(value: Any) -> Kind:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        if value < 0:
            return "i32"
        return "u32" if value < 1 << 32 else "u64"
    return "f32" if isinstance(value, float) else "str"


def _packed(value: Any, kind: Kind) -> bytes:
    return _string(value) if kind == "str" else struct.pack(_KINDS[kind][1], value)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT


def _q8_0(array: npt.NDArray[np.float32]) -> bytes:
    """Blocks of a scale (f16) and 32 signed bytes."""
    blocks = array.reshape(-1, _BLOCK)
    scales = np.abs(blocks).max(axis=1) / 127
    whole = np.divide(blocks, scales[:, None], out=np.zeros_like(blocks), where=scales[:, None] > 0)
    packed = np.empty(len(blocks), dtype=[("scale", "<f2"), ("values", "i1", _BLOCK)])
    packed["scale"] = scales
    packed["values"] = np.rint(whole).astype(np.int8)
    return packed.tobytes()
