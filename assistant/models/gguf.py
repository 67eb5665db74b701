"""The header of a GGUF file, read with limits: the file comes from a stranger.

Format: docs/gguf.md in ggml's repository. Long arrays (a vocabulary, its merges) are counted, not read.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import ModelUnusable, NoModel

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_KEYS = 100_000
_MOST_TENSORS = 1_000_000
_LONGEST_NAME = 65_536
_LONGEST_TEXT = 16 * 2**20
_LARGEST_ARRAY = 2**31
_MOST_TEXTS = 5_000_000
_KEPT = 1024
"""Arrays of so many numbers are read; of longer ones, and of texts, only the length is known."""

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9

_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip
"""By ggml's number of a type: how many values a block has, and how many bytes."""

_PART = re.compile(r"(.*)-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True, slots=True)
class Tensor:
    name: str
    shape: tuple[int, ...]
    bytes: int
    """0 for a type that is not known here."""


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
        """ "model", "adapter", … as the file calls itself."""
        return str(self.values.get("general.type", "model"))

    def number(self, key: str, otherwise: int = 0) -> int:
        """A value of this architecture, such as "block_count"; of one for each layer, the largest."""
        value = self.values.get(f"{self.architecture}.{key}")
        if isinstance(value, list) and value and all(isinstance(each, int) for each in value):
            return int(max(value))
        return value if isinstance(value, int) else otherwise

    @property
    def parameters(self) -> int:
        return sum(math.prod(tensor.shape) for tensor in self.tensors)


def read(path: Path) -> Header:
    """The header of a model file, all parts of it if it is split.

    Raises:
        NoModel: the file is not there, or a part of it.
        ModelUnusable: it is no GGUF file, or damaged, or cut off.
    """
    found = _PART.match(path.name)
    if found is None or int(found[3]) > 1000:
        return _read_one(path)
    parts = [
        _read_one(path.with_name(f"{found[1]}-{number:05}-of-{found[3]}.gguf"))
        for number in range(1, int(found[3]) + 1)
    ]
    return Header(
        parts[0].path,
        parts[0].values,
        tuple(tensor for part in parts for tensor in part.tensors),
        sum(part.size for part in parts),
    )


def _read_one(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            return _Reader(path, file).header()
    except (FileNotFoundError, IsADirectoryError):
        raise NoModel(
            f"The model file {path.name} is not there.", "Choose another model, or bring the file back."
        ) from None
    except OSError as error:
        raise NoModel(
            f"The model file {path.name} cannot be read: {error.strerror or error}.",
            "Check that you may read it and that its disk is connected.",
        ) from None


class _Reader:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)

    def header(self) -> Header:
        magic = self._file.read(4)
        if magic != _MAGIC:
            raise self._bad("it is not a GGUF model file", "Models for this program have names in .gguf.")
        version = self._scalar("I")
        if version not in _VERSIONS:
            raise self._bad(f"it is of version {version}, which is not known here")
        tensor_count, key_count = self._scalar("Q"), self._scalar("Q")
        if tensor_count > _MOST_TENSORS or key_count > _MOST_KEYS:
            raise self._bad("its header is damaged")
        values: dict[str, Any] = {}
        for _ in range(key_count):
            name = self._text(_LONGEST_NAME)
            values[name] = self._value(self._scalar("I"))
        offsets, tensors = [], []
        for _ in range(tensor_count):
            tensor, offset = self._tensor()
            tensors.append(tensor)
            offsets.append(offset)
        alignment = values.get("general.alignment", 32)
        if not isinstance(alignment, int) or not 1 <= alignment <= 2**20:
            raise self._bad("its header is damaged")
        begin = -(-self._file.tell() // alignment) * alignment
        end = max((begin + o + t.bytes for o, t in zip(offsets, tensors, strict=True)), default=0)
        if end > self._size:
            raise self._bad(
                f"it is cut off: {self._size:,} bytes are there of {end:,}", "Copy or download it again."
            )
        return Header(self._path, values, tuple(tensors), self._size)

    def _tensor(self) -> tuple[Tensor, int]:
        name = self._text(_LONGEST_NAME)
        dimensions = self._scalar("I")
        if not 1 <= dimensions <= 8:
            raise self._bad(f"the tensor {name[:80]!r} is impossible")
        shape = tuple(self._scalar("Q") for _ in range(dimensions))
        kind, offset = self._scalar("I"), self._scalar("Q")
        values, size = _BLOCKS.get(kind, (1, 0))
        if any(not 0 < each < 2**48 for each in shape) or math.prod(shape) >= 2**60 or offset >= 2**62:
            raise self._bad(f"the tensor {name[:80]!r} is impossible")
        return Tensor(name, shape, math.prod(shape) // values * size), int(offset)

    def _value(self, kind: int) -> Any:
        if kind in _SCALARS:
            return self._scalar(_SCALARS[kind])
        if kind == _TEXT:
            return self._text(_LONGEST_TEXT)
        if kind != _ARRAY:
            raise self._bad("its header is damaged")
        inner, count = self._scalar("I"), self._scalar("Q")
        if count > _LARGEST_ARRAY:
            raise self._bad("its header is damaged")
        if inner == _TEXT:
            if count > _MOST_TEXTS:
                raise self._bad("its header is damaged")
            for _ in range(count):
                self._skip(self._scalar("Q"))
            return count
        if inner not in _SCALARS:
            raise self._bad("its header is damaged")
        if count <= _KEPT:
            return [self._scalar(_SCALARS[inner]) for _ in range(count)]
        self._skip(count * struct.calcsize("<" + _SCALARS[inner]))
        return count

    def _scalar(self, form: str) -> Any:
        return struct.unpack("<" + form, self._bytes(struct.calcsize("<" + form)))[0]

    def _text(self, longest: int) -> str:
        length = self._scalar("Q")
        if length > longest:
            raise self._bad("its header is damaged")
        return self._bytes(length).decode("utf-8", "replace")

    def _bytes(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) < count:
            raise self._bad("it is cut off within its header", "Copy or download it again.")
        return data

    def _skip(self, count: int) -> None:
        if self._file.tell() + count > self._size:
            raise self._bad("it is cut off within its header", "Copy or download it again.")
        self._file.seek(count, 1)

    def _bad(self, why: str, hint: str = "Choose another model, or get this one again.") -> ModelUnusable:
        return ModelUnusable(f"{self._path.name} cannot be used: {why}.", hint, {"reason": why})


def names(header: Header) -> Iterator[str]:
    """What a person may know the model by, best first."""
    for key in ("general.name", "general.basename"):
        value = str(header.values.get(key, "")).strip()
        if value:
            yield value
    yield header.path.stem
