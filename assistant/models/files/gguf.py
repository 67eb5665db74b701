"""The header of a GGUF file, read with limits: the file comes from a stranger.

Format: docs/gguf.md in ggml's repository. Long arrays (a vocabulary, its merges) are counted, not read;
nothing is allocated because the file says so, and whatever cannot be true is named.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.error_messages import Detail
from assistant.errors import ModelUnusable, NoModel
from assistant.models.files.tensor_types import BLOCKS

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)

# What no model has more of.
_MOST_KEYS = 65_536
_MOST_TENSORS = 65_536
_MOST_DIMENSIONS = 4
_LONGEST_NAME = 65_536
"""Bytes."""
_LONGEST_TEXT = 4 * 2**20
"""Bytes."""
_MOST_TEXTS = 2_000_000
"""In all arrays of texts together."""
_LONGEST_ARRAY = 1024
"""Numbers of an array that are read; of longer ones, and of texts, only the length is known."""
_MOST_KEPT = 16 * 2**20
"""Bytes of names and values that are kept in all."""
_CHUNK = 2**20
"""Bytes that are read at once."""

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
"""Numbers of a type in a file, with its code in `struct`."""
_TEXT = 8
"""Number of the type of texts."""
_ARRAY = 9
"""Number of the type of arrays."""

_LARGEST = {
    "block_count": 4096, "context_length": 2**31, "embedding_length": 2**20, "feed_forward_length": 2**24,
    "attention.head_count": 2**16, "attention.head_count_kv": 2**16, "attention.key_length": 2**16,
    "attention.value_length": 2**16, "attention.sliding_window": 2**31, "expert_count": 2**16,
    "expert_used_count": 2**16,
}  # fmt: skip
"""Numbers of an architecture beyond which nobody has built a model."""

_OTHERS = (
    (b"version https://git-lfs", "gguf-is-lfs-note"),
    (b"<!doctype html", "gguf-is-web-page"),
    (b"<html", "gguf-is-web-page"),
    (b"<?xml", "gguf-is-server-message"),
    (b"{", "gguf-is-server-message"),
    (b"pk\x03\x04", "gguf-is-zip"),
    (b"ggml", "gguf-is-old"),
    (b"ggjt", "gguf-is-old"),
)
"""What people have instead of a model, by how it begins: the reason that says so."""

_PART = re.compile(r"(.*)-(\d{5})-of-(\d{5})\.gguf$")
"""Name of a part of a split model."""
_MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    bytes: int
    type: str
    """ggml's name for it, such as "q4_K"."""


@dataclass(frozen=True, slots=True)
class Header:
    path: Path
    values: dict[str, Any]
    """The keys with their values; of a long array, its length."""
    tensors: tuple[Tensor, ...]
    size: int
    """Bytes of the file, or of all its parts."""

    @property
    def architecture(self) -> str:
        return str(self.values.get("general.architecture", ""))

    @property
    def kind(self) -> str:
        """ "model", "adapter", "mmproj", … as the file calls itself."""
        return str(self.values.get("general.type", "model"))

    @property
    def tokenizer(self) -> str:
        """Its kind as llama.cpp names it: "gpt2", "llama", …"""
        return str(self.values.get("tokenizer.ggml.model", ""))

    @property
    def template(self) -> str:
        """The chat template; "" if the model brings none. It is a program of a stranger."""
        value = self.values.get("tokenizer.chat_template")
        return value if isinstance(value, str) else ""

    def number(self, key: str, otherwise: int = 0) -> int:
        """A value of this architecture, such as "block_count"; of one for each layer, the largest."""
        value = self.values.get(f"{self.architecture}.{key}")
        if isinstance(value, list) and value and all(isinstance(each, int) for each in value):
            return int(max(value))
        return value if isinstance(value, int) else otherwise

    @property
    def parameters(self) -> int:
        return sum(math.prod(tensor.shape) for tensor in self.tensors)


def parts(path: Path) -> tuple[Path, ...]:
    """The files of a model, in order, by the name of any of them; itself alone if it is not split."""
    found = _PART.match(path.name)
    if found is None or not 1 <= int(found[2]) <= int(found[3]) <= _MOST_PARTS:
        return (path,)
    return tuple(
        path.with_name(f"{found[1]}-{number:05}-of-{found[3]}.gguf") for number in range(1, int(found[3]) + 1)
    )


def read(path: Path) -> Header:
    """The header of a model file, all parts of it if it is split.

    Raises:
        NoModel: the file is not there, or a part of it.
        ModelUnusable: it is no GGUF file, or damaged, or cut off.
    """
    read_parts = [_read_one(part) for part in parts(path)]
    first = read_parts[0]
    count = first.values.get("split.count", len(read_parts))
    if count != len(read_parts):
        raise ModelUnusable("gguf-part-renamed", name=path.name, parts=str(count))
    names = [tensor.name for part in read_parts for tensor in part.tensors]
    if len(set(names)) < len(names):
        raise ModelUnusable("gguf-parts-mixed", name=path.name)
    return Header(
        first.path,
        first.values,
        tuple(tensor for part in read_parts for tensor in part.tensors),
        sum(part.size for part in read_parts),
    )


def _read_one(path: Path) -> Header:
    try:
        with path.open("rb", buffering=0) as file:
            return _Reader(path, file).header()
    except (FileNotFoundError, IsADirectoryError):
        raise NoModel("model-file-missing", name=path.name) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise NoModel("model-file-unreadable", name=path.name, why=why) from None


class _Reader:
    """Goes through a file from its beginning, with a piece of it in memory."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._size = file.seek(0, 2)
        self._chunk = b""
        self._begin = 0
        """Where in the file the piece begins."""
        self._at = 0
        """How far it has been read."""
        self._kept = 0
        self._texts = 0

    def header(self) -> Header:
        self._check_magic()
        tensor_count, key_count = self._scalar("Q"), self._scalar("Q")
        if tensor_count > _MOST_TENSORS:
            raise self._bad("gguf-many-tensors", count=tensor_count)
        if key_count > _MOST_KEYS:
            raise self._bad("gguf-many-keys", count=key_count)
        values = self._values(key_count)
        tensors = [self._tensor() for _ in range(tensor_count)]
        self._check_tensors(tensors, self._alignment(values))
        header = Header(self._path, values, tuple(tensor for tensor, _ in tensors), self._size)
        for key, most in _LARGEST.items():
            if not 0 <= header.number(key) <= most:
                raise self._bad("gguf-key-impossible", key=key, value=header.number(key))
        return header

    def _check_magic(self) -> None:
        begin = self._bytes(min(64, self._size))
        if not begin:
            raise self._bad("model-empty")
        if not begin.startswith(_MAGIC):
            text = begin.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
            raise self._bad(next((why for sign, why in _OTHERS if text.startswith(sign)), "not-gguf"))
        self._at = len(_MAGIC)
        version = self._scalar("I")
        if version not in _VERSIONS:
            if int.from_bytes(version.to_bytes(4, "little"), "big") in _VERSIONS:
                raise self._bad("gguf-byte-order")
            raise self._bad("gguf-version", version=version)

    def _values(self, count: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for _ in range(count):
            name = self._text(_LONGEST_NAME)
            if name in values:
                raise self._bad("gguf-key-twice", key=name[:80])
            values[name] = self._value(name, self._scalar("I"))
        return values

    def _value(self, name: str, kind: int) -> Any:
        if kind in _SCALARS:
            return self._scalar(_SCALARS[kind])
        if kind == _TEXT:
            return self._text(_LONGEST_TEXT)
        if kind != _ARRAY:
            raise self._bad("gguf-key-unknown", key=name[:80])
        inner, count = self._scalar("I"), self._scalar("Q")
        if inner == _TEXT:
            self._skip_texts(count)
            return count
        if inner == _ARRAY:
            raise self._bad("gguf-key-nested", key=name[:80])
        if inner not in _SCALARS:
            raise self._bad("gguf-key-unknown", key=name[:80])
        if count > _LONGEST_ARRAY:
            self._skip(count * struct.calcsize("<" + _SCALARS[inner]))
            return count
        self._keep(8 * count)
        form = f"<{count}{_SCALARS[inner]}"
        return list(struct.unpack(form, self._bytes(struct.calcsize(form))))

    def _tensor(self) -> tuple[Tensor, int]:
        """A tensor, and where it begins behind the header."""
        name = self._text(_LONGEST_NAME)
        dimensions = self._scalar("I")
        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise self._bad("gguf-tensor-dimensions", tensor=name[:80], count=dimensions)
        shape = tuple(self._scalar("Q") for _ in range(dimensions))
        number, offset = self._scalar("I"), self._scalar("Q")
        if number not in BLOCKS:
            raise self._bad("gguf-tensor-unknown", tensor=name[:80])
        kind, values, size = BLOCKS[number]
        if min(shape) < 1 or math.prod(shape) >= 2**60 or shape[0] % values:
            raise self._bad("gguf-tensor-shape", tensor=name[:80], shape=str(shape))
        return Tensor(name, shape, math.prod(shape) // values * size, kind), offset

    def _check_tensors(self, tensors: list[tuple[Tensor, int]], alignment: int) -> None:
        begin = -(-(self._begin + self._at) // alignment) * alignment
        names: set[str] = set()
        end, before = 0, ""
        for tensor, offset in sorted(tensors, key=lambda each: each[1]):
            name = tensor.name[:80]
            if tensor.name in names:
                raise self._bad("gguf-tensor-twice", tensor=name)
            if offset % alignment:
                raise self._bad("gguf-tensor-place", tensor=name)
            if offset < end:
                raise self._bad("gguf-tensors-overlap", before=before, tensor=name)
            names.add(tensor.name)
            end, before = offset + tensor.bytes, name
        if tensors and begin + end > self._size:
            raise self._bad("weights-cut-off", there=self._size, size=begin + end)

    # --- the bytes

    def _scalar(self, form: str) -> Any:
        return struct.unpack("<" + form, self._bytes(struct.calcsize("<" + form)))[0]

    def _text(self, longest: int) -> str:
        length = self._scalar("Q")
        if length > longest:
            raise self._bad("gguf-long-text", size=length)
        self._keep(length)
        return self._bytes(length).decode("utf-8", "replace")

    def _keep(self, size: int) -> None:
        self._kept += size
        if self._kept > _MOST_KEPT:
            raise self._bad("gguf-large-header")

    def _skip_texts(self, count: int) -> None:
        self._texts += count
        if self._texts > _MOST_TEXTS:
            raise self._bad("gguf-many-words", count=self._texts)
        length_of = struct.Struct("<Q").unpack_from
        for _ in range(count):
            at = self._at
            if at + 8 > len(self._chunk):
                self._need(8)
                at = self._at
            self._at = at + 8
            self._skip(length_of(self._chunk, at)[0])

    def _skip(self, count: int) -> None:
        if self._begin + self._at + count > self._size:
            raise self._bad("gguf-header-cut-off")
        self._at += count  # perhaps beyond the piece: `_need` reads on from there

    def _bytes(self, count: int) -> bytes:
        self._need(count)
        at = self._at
        self._at = at + count
        return self._chunk[at : self._at]

    def _need(self, count: int) -> None:
        """Have so many bytes from here on in memory."""
        if self._at + count <= len(self._chunk):
            return
        self._begin += self._at
        self._at = 0
        if self._begin + count > self._size:
            raise self._bad("gguf-header-cut-off")
        self._file.seek(self._begin)
        self._chunk = self._file.read(max(count, _CHUNK))
        if len(self._chunk) < count:
            raise self._bad("gguf-header-cut-off")

    def _alignment(self, values: dict[str, Any]) -> int:
        value = values.get("general.alignment", 32)
        if not isinstance(value, int) or value < 1 or value > 2**20 or value & (value - 1):
            raise self._bad("gguf-alignment", value=value)
        return value

    def _bad(self, reason: str, **named: Detail) -> ModelUnusable:
        return ModelUnusable(reason, name=self._path.name, **named)
