"""What an ONNX file says of itself: its metadata, read without loading the model.

The file is protobuf (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): fields one after the other, of
which the graph with its weights is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from assistant.errors import ModelUnusable, NoModel

_GRAPH, _METADATA = 7, 14
"""Numbers of fields of a model."""
_KEY, _VALUE = 1, 2
"""Of an entry of the metadata."""
_NUMBER, _EIGHT_BYTES, _PIECE, _FOUR_BYTES = 0, 1, 2, 5
"""How a field is written."""
_LARGEST_ENTRY = 1 << 20
_MOST_FIELDS = 10_000


def read(path: Path) -> dict[str, str]:
    """
    Raises:
        NoModel: the file is not there, or cannot be read.
        ModelUnusable: it is no ONNX model, or cut off.
    """
    try:
        with path.open("rb") as file:
            return _metadata(file)
    except OSError as error:
        why = error.strerror or str(error)
        raise NoModel("model-path-unreadable", name=path.name, why=why) from None
    except ValueError:
        raise ModelUnusable("onnx-damaged", name=path.name) from None


def _metadata(file: BinaryIO) -> dict[str, str]:
    """
    Raises:
        ValueError: it is no such file.
    """
    found = {}
    has_graph = False
    for number, size in _fields(file, file.seek(0, 2)):
        has_graph |= number == _GRAPH
        if number == _METADATA and 0 < size <= _LARGEST_ENTRY:
            start = file.tell()
            key, value = _entry(file, start + size)
            found[key] = value
            file.seek(start)
    if not has_graph:
        raise ValueError("no graph")
    return found


def _entry(file: BinaryIO, end: int) -> tuple[str, str]:
    texts = {_KEY: "", _VALUE: ""}
    for number, size in _fields(file, end, file.tell()):
        if number in texts:
            texts[number] = file.read(size).decode("utf-8", "replace")
            file.seek(-size, 1)
    return texts[_KEY], texts[_VALUE]


def _fields(file: BinaryIO, end: int, start: int = 0) -> Iterator[tuple[int, int]]:
    """Number and size of each field up to `end`; the file stands at what the field holds."""
    at = start
    for _ in range(_MOST_FIELDS):
        if at == end:
            return
        file.seek(at)
        tag = _varint(file)
        number, form = tag >> 3, tag & 7
        if form == _NUMBER:
            _varint(file)
            size = 0
        elif form == _PIECE:
            size = _varint(file)
        elif form in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if form == _EIGHT_BYTES else 4
        else:
            raise ValueError("no such form")
        at = file.tell() + size
        if not number or at > end:
            raise ValueError("cut off")
        yield number, size if form == _PIECE else 0
    raise ValueError("too many fields")


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 64, 7):
        byte = file.read(1)
        if not byte:
            raise ValueError("cut off")
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise ValueError("no number")
