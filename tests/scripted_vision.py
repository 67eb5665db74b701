"""A double of the recognition of pictures: what it recognises is what a test wrote down."""

from __future__ import annotations

import struct
from collections import deque
from pathlib import Path
from typing import Any

from assistant.vision.records import (
    PreparedPicture,
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionOptions,
)


class ScriptedVision:
    """`texts` are recognised one after the other, then nothing; an error among them is raised.

    `make_run` makes a run that the test ends, as the doubles of the window's tests do.
    """

    def __init__(self, make_run: Any) -> None:
        self._make_run = make_run
        self.texts: deque[str | Exception] = deque()
        self.waits = False
        """Recognition ends when the test ends its run, the last of `runs`."""
        self.runs: list[Any] = []
        self.prepared: list[Path] = []
        self.recognised: list[tuple[Path, RecognitionOptions]] = []
        self.refusal: Exception | None = None
        """Why no picture can be prepared."""

    def prepare(self, picture_file: Path, output: Path, longest_side: int) -> Any:
        self.prepared.append(picture_file)
        if self.refusal is not None:
            return self._make_run().fail(self.refusal)
        content = picture_file.read_bytes()
        output.write_bytes(content)
        width, height = 40, 30
        if content.startswith(b"\x89PNG"):
            width, height = struct.unpack(">II", content[16:24])
        return self._make_run().finish(PreparedPicture(str(output), width, height))

    def recognise(self, picture_file: Path, options: RecognitionOptions | None = None) -> Any:
        self.recognised.append((picture_file, options or RecognitionOptions()))
        run = self._make_run()
        self.runs.append(run)
        if self.waits:
            return run
        text = self.texts.popleft() if self.texts else ""
        return run.fail(text) if isinstance(text, Exception) else run.finish(recognised(text))


def recognised(text: str) -> RecognisedPicture:
    lines = (
        RecognisedLine(tuple(RecognisedWord(word, (0, 0, 9, 9), 0.9) for word in line.split()), 0)
        for line in text.splitlines()
    )
    return RecognisedPicture(tuple(lines), 0, Recogniser.TESSERACT, ("en",), 0.9)
