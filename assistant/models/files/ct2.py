"""The `model.bin` of a CTranslate2 model: which kind it is, and whether all of it is there.

Format: `python/ctranslate2/specs/model_spec.py` and `src/models/model.cc` in OpenNMT's repository. The
numbers are skipped, not read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from assistant.error_messages import Detail
from assistant.errors import ModelUnusable, NoModel

_VERSIONS = range(2, 7)
"""Of the form that are known here."""
_MOST_VARIABLES = 100_000
_MOST_DIMENSIONS = 8

TRANSLATION = "TransformerSpec"
"""What models for translation call themselves."""
SPEECH = "WhisperSpec"
"""What models for speech call themselves."""
ENCODER = "TransformerEncoderSpec"
"""What models of BERT's family call themselves."""


@dataclass(frozen=True, slots=True)
class Ct2Header:
    spec: str
    """What it calls itself: TRANSLATION, SPEECH, ENCODER, or what is of no use here."""
    shapes: dict[str, tuple[int, ...]]
    """Of its variables, by their names."""


def read(path: Path) -> Ct2Header:
    """
    Raises:
        NoModel: the file is not there, or cannot be read.
        ModelUnusable: it is no CTranslate2 model, or damaged, or cut off.
    """
    try:
        with path.open("rb") as file:
            return _Reader(path, file).header()
    except OSError as error:
        why = error.strerror or str(error)
        raise NoModel("model-bin-unreadable", name=path.name, why=why) from None


def positions(header: Ct2Header) -> int:
    """How many tokens an encoder reads at once; 0 where nothing limits it."""
    return header.shapes.get("encoder/position_encodings/encodings", (0,))[0]


class _Reader:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)

    def header(self) -> Ct2Header:
        version = self._number("I")
        if version not in _VERSIONS:
            raise self._bad("not-ctranslate2")
        spec = self._text()
        if not spec.isidentifier():
            raise self._bad("not-ctranslate2")
        self._number("I")  # the revision
        shapes = {}
        for _ in range(self._count()):
            name = self._text()
            dimensions = self._number("B")
            if dimensions > _MOST_DIMENSIONS:
                raise self._bad("ctranslate2-dimensions", variable=name[:80], count=dimensions)
            shapes[name] = tuple(self._number("I") for _ in range(dimensions))
            first, second = self._number("B"), self._number("I")
            # A type and bytes, or, in older files, the size of an item and how many there are.
            self._skip(second if version >= 4 else first * second)
        for _ in range(self._count() if version >= 3 else 0):
            alias = self._text()
            shapes[alias] = shapes.get(self._text(), ())
        return Ct2Header(spec, shapes)

    def _count(self) -> int:
        count: int = self._number("I")
        if count > _MOST_VARIABLES:
            raise self._bad("ctranslate2-many-variables", count=count)
        return count

    def _text(self) -> str:
        return self._bytes(self._number("H")).rstrip(b"\0").decode("utf-8", "replace")

    def _number(self, form: str) -> Any:
        return struct.unpack("<" + form, self._bytes(struct.calcsize("<" + form)))[0]

    def _bytes(self, count: int) -> bytes:
        data = self._file.read(count)
        if len(data) < count:
            raise self._bad("ctranslate2-header-cut-off")
        return data

    def _skip(self, count: int) -> None:
        if self._file.seek(count, 1) > self._size:
            raise self._bad("ctranslate2-cut-off", there=self._size)

    def _bad(self, reason: str, **named: Detail) -> ModelUnusable:
        return ModelUnusable(reason, name=self._path.name, **named)
