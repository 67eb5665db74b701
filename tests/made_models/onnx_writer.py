"""Writes ONNX files: a graph of nodes with its weights, and what the file says of itself (metadata).

The form is protobuf (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), of which models need little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Attribute = int | float | Sequence[int]

_FLOAT, _INTS, _INT, _FLOATS_TYPE = 1, 7, 2, 1
_IR_VERSION, _OPERATORS = 8, 13


def number(place: int, value: int) -> bytes:
    """A field that is a number."""
    return _varint(place << 3) + _varint(value)


def piece(place: int, value: bytes | str) -> bytes:
    """A field that is text, bytes, or a message."""
    data = value.encode() if isinstance(value, str) else value
    return _varint(place << 3 | 2) + _varint(len(data)) + data


def metadata(values: Mapping[str, object]) -> bytes:
    return b"".join(piece(14, piece(1, key) + piece(2, str(value))) for key, value in values.items())


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


@dataclass
class Graph:
    """Filled node by node, in the order in which they are computed."""

    nodes: list[bytes] = field(default_factory=list)
    weights: list[bytes] = field(default_factory=list)

    def weight(self, name: str, values: Floats) -> str:
        values = np.ascontiguousarray(values, np.float32)
        shape = b"".join(number(1, size) for size in values.shape)
        self.weights.append(shape + number(2, _FLOATS_TYPE) + piece(8, name) + piece(9, values.tobytes()))
        return name

    def node(self, operator: str, output: str, *inputs: str, **attributes: Attribute) -> str:
        said = b"".join(piece(1, each) for each in inputs) + piece(2, output) + piece(4, operator)
        self.nodes.append(said + b"".join(piece(5, _attribute(*each)) for each in attributes.items()))
        return output

    def write(
        self,
        path: Path,
        input: tuple[str, Sequence[int | str]],
        output: tuple[str, Sequence[int | str]],
        about: Mapping[str, object],
    ) -> None:
        """
        Args:
            input, output: name and shape; a size that is told when it runs has a name.
        """
        graph = b"".join(piece(1, node) for node in self.nodes) + piece(2, "made")
        graph += b"".join(piece(5, weight) for weight in self.weights)
        graph += piece(11, _value(*input)) + piece(12, _value(*output))
        model = number(1, _IR_VERSION) + piece(7, graph) + piece(8, piece(1, "") + number(2, _OPERATORS))
        path.write_bytes(model + metadata(about))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return piece(1, name) + number(3, value) + number(20, _INT)
    if isinstance(value, float):
        data = np.float32(value).tobytes()
        return piece(1, name) + _varint(2 << 3 | 5) + data + number(20, _FLOAT)
    return piece(1, name) + b"".join(number(8, each) for each in value) + number(20, _INTS)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = b"".join(piece(1, number(1, size) if isinstance(size, int) else piece(2, size)) for size in shape)
    return piece(1, name) + piece(2, piece(1, number(1, _FLOATS_TYPE) + piece(2, sizes)))
