"""A double of the recognition of pictures: what it recognises is what a test wrote down."""

from __future__ import annotations

import struct
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from assistant.vision.records import (
    PreparedPicture,
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionLanguage,
    RecognitionOptions,
)
from assistant.workers.run import Run, Steps

_PNG = b"\x89PNG"
_HERE = ("en", "de", "es", "ru", "ar", "hi", "zh", "ja")


class ScriptedVision:
    """`texts` are recognised one after the other, then nothing; an error among them is raised."""

    def __init__(self) -> None:
        self.texts: deque[str | Exception] = deque()
        self.held: threading.Event | None = None
        """Recognition waits until it is set."""
        self.prepared: list[Path] = []
        self.recognised: list[tuple[Path, RecognitionOptions]] = []
        self.refusal: Exception | None = None
        """Why no picture can be prepared."""
        self.here = languages(*_HERE)

    def languages(self) -> Run[tuple[RecognitionLanguage, ...]]:
        return Run.derived(lambda _: self.here)

    def prepare(self, picture_file: Path, output: Path, longest_side: int) -> Run[PreparedPicture]:
        self.prepared.append(picture_file)

        def work(_: Steps) -> PreparedPicture:
            if self.refusal is not None:
                raise self.refusal
            content = picture_file.read_bytes()
            output.write_bytes(content)
            width, height = struct.unpack(">II", content[16:24]) if content.startswith(_PNG) else (40, 30)
            return PreparedPicture(str(output), width, height)

        return Run.derived(work)

    def recognise(
        self, picture_file: Path, options: RecognitionOptions | None = None
    ) -> Run[RecognisedPicture]:
        self.recognised.append((picture_file, options or RecognitionOptions()))

        def work(_: Steps) -> RecognisedPicture:
            if self.held is not None:
                self.held.wait(10)
            text = self.texts.popleft() if self.texts else ""
            if isinstance(text, Exception):
                raise text
            return recognised(text)

        return Run.derived(work)

    def close(self) -> None:
        return


def languages(*codes: str) -> tuple[RecognitionLanguage, ...]:
    return tuple(RecognitionLanguage(code, code, f"/t/{code}.traineddata", True) for code in codes)


def recognised(text: str) -> RecognisedPicture:
    """Each line below the one before it; a tab leads to the next column."""
    lines = []
    for number, line in enumerate(text.splitlines()):
        for column, cell in enumerate(line.split("\t")):
            words = tuple(_words(cell, 300 * column, 30 * number))
            if words:
                lines.append(RecognisedLine(words, column))
    return RecognisedPicture(tuple(lines), 0, Recogniser.TESSERACT, ("en",), 0.9)


def _words(cell: str, left: int, top: int) -> Iterator[RecognisedWord]:
    for word in cell.split():
        right = left + 10 * len(word)
        yield RecognisedWord(word, (left, top, right, top + 20), 0.9)
        left = right + 8
