"""PURE: how boxes, vectors and text are packed into the document store."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from assistant.documents.records import CharBoxes, WordOnPage
from assistant.error_messages import MESSAGES, words
from assistant.errors import Problem

_HEADER = struct.Struct("<If")
_NOWHERE = 0xFFFF
"""Stands for NaN."""
_STEP_PT = 0.1
"""Boxes are kept in tenths of a point where the page is not too wide for that."""
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def pack_boxes(boxes: CharBoxes) -> bytes:
    """Boxes of shape (n, 4), in points, as compressed 16-bit steps of a tenth of a point.

    A page wider than 6,553 points takes larger steps. NaN is kept; what lies left of or above the page
    is moved to its edge.
    """
    values = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    placed = np.isfinite(values)
    largest = float(values[placed].max(initial=0.0))
    step = float(np.float32(max(_STEP_PT, largest / (_NOWHERE - 1))))
    steps = np.where(
        placed, np.clip(np.rint(np.where(placed, values, 0.0) / step), 0, _NOWHERE - 1), _NOWHERE
    )
    planes = steps.astype(np.uint16).T
    # Neighbouring characters differ little: differences (which wrap around) compress to about a third.
    differences = np.diff(planes, axis=1, prepend=np.uint16(0))
    return _HEADER.pack(len(values), step) + zlib.compress(differences.tobytes(), 6)


def unpack_boxes(packed: bytes) -> CharBoxes:
    """The inverse of `pack_boxes`, to within half a step."""
    count, step = _HEADER.unpack_from(packed)
    differences = np.frombuffer(zlib.decompress(packed[_HEADER.size :]), dtype=np.uint16).reshape(4, count)
    planes = np.cumsum(differences, axis=1, dtype=np.uint16)
    boxes = np.where(planes == _NOWHERE, np.nan, planes * step)
    return np.ascontiguousarray(boxes.T, dtype=np.float32)


def pack_vector(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of unit length as float16: half the space, and a cosine changes by less than 0.001."""
    return np.asarray(vector, dtype="<f2").tobytes()


def unpack_vectors(packed: list[bytes]) -> npt.NDArray[np.float32]:
    """Vectors as one float32 matrix, each again of unit length; a damaged one is zero."""
    if not packed:
        return np.zeros((0, 0), dtype=np.float32)
    ((size, count),) = Counter(map(len, packed)).most_common(1)
    if count < len(packed):
        packed = [vector if len(vector) == size else bytes(size) for vector in packed]
    matrix = np.frombuffer(b"".join(packed), dtype="<f2").reshape(len(packed), -1).astype(np.float32)
    matrix[~np.isfinite(matrix).all(axis=1)] = 0.0
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
    return matrix


def pack_problem(problem: Problem) -> tuple[str, str, str, str, str]:
    """Code, reason, details, and message and hint in English: for when the reason is not known any more."""
    details = json.dumps(problem.details, default=str)
    return problem.code, problem.reason, details, storable(problem.message), storable(problem.hint)


def packed_or_none(problem: Problem | None) -> tuple[str, str, str, str]:
    """What `pack_problem` gives, but for the hint; without words where there is no problem."""
    return pack_problem(problem)[:4] if problem is not None else ("", "as-told", "{}", "")


def unpack_problem(code: str, reason: str, details: str, message: str, hint: str = "") -> Problem:
    """The inverse of `pack_problem`, in the words of then where today's do not fit."""
    if reason != "as-told" and reason in MESSAGES:
        with suppress(LookupError, TypeError, ValueError):
            problem = Problem(code, reason, json.loads(details))
            words(problem.reason, problem.details)  # another version may have named other values
            return problem
    return Problem.as_told(code, message, hint)


def pack_words(words: Sequence[WordOnPage]) -> bytes:
    """Words of a page with their boxes, as `pack_boxes` keeps those, and how sure each is, to a hundredth."""
    boxes = pack_boxes(np.array([word.box for word in words], dtype=np.float32).reshape(-1, 4))
    texts = json.dumps(
        [(storable(word.text), round(word.confidence, 2)) for word in words], ensure_ascii=False
    )
    return struct.pack("<I", len(boxes)) + boxes + zlib.compress(texts.encode(), 6)


def unpack_words(packed: bytes) -> tuple[WordOnPage, ...]:
    """The inverse of `pack_words`."""
    (size,) = struct.unpack_from("<I", packed)
    boxes = unpack_boxes(packed[4 : 4 + size])
    texts = json.loads(zlib.decompress(packed[4 + size :]))
    return tuple(
        WordOnPage(text, (float(x0), float(y0), float(x1), float(y1)), confidence)
        for (text, confidence), (x0, y0, x1, y1) in zip(texts, boxes, strict=True)
    )


class PackedWords(Mapping[int, Sequence[WordOnPage]]):
    """The words of each page, unpacked when asked for: those of a thick book take 100 MB and more."""

    def __init__(self, packed: Mapping[int, bytes]) -> None:
        self._packed = packed

    def __getitem__(self, page: int) -> Sequence[WordOnPage]:
        return unpack_words(self._packed[page])

    def __iter__(self) -> Iterator[int]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)


def storable(text: str) -> str:
    """`text` with each character that SQLite cannot hold as text replaced by one other: offsets stay.

    Lone surrogates (from undecodable bytes) cannot be bound at all; at a NUL SQL functions stop reading.
    """
    return _UNSTORABLE.sub(lambda found: " " if found[0] == "\x00" else "\ufffd", text)
