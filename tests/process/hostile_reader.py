"""A reader that does what a hostile file may make the real one do, where a part of the file says so."""

from __future__ import annotations

import ctypes
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.documents.indexing.reader_process import ReadBatch, ReaderEngine
from assistant.documents.records import Part
from assistant.workers.child import CallContext


class HostileReader(ReaderEngine):
    """Parts that begin with CRASH, HANG or EAT do so, ONCE only once; a file "open-crash" at its opening."""

    def open(self, context: Any, path: str, password: str | None = None) -> Any:
        _suffer(Path(path).stem.removeprefix("open-"), path)
        return super().open(context, path, password)

    def read(
        self,
        context: Any,
        path: str,
        first: int,
        password: str | None = None,
        max_parts: int = 16,
        max_chars: int = 200_000,
    ) -> ReadBatch:
        parts: list[Part] = []
        batch = ReadBatch((), True)
        # Part by part, so that what is good in front of the poison was reported before it is taken.
        while len(parts) < max_parts and batch.more:
            quiet = CallContext(context.token)
            batch = super().read(quiet, path, first + len(parts), password, 1, max_chars)
            for part in batch.parts:
                text = part.sections[0].text if part.sections else ""
                _suffer(text.split(" ")[0].lower(), path)
                parts.append(replace(part))
                context.report(part.number)
        return ReadBatch(tuple(parts), batch.more)


def _suffer(word: str, path: str) -> None:
    mark = Path(path + ".once")
    if word == "crash":
        ctypes.string_at(0)
    elif word == "once" and not mark.exists():
        mark.touch()
        os.abort()
    elif word == "hang":
        time.sleep(600)
    elif word == "eat":
        eaten = []
        while True:
            eaten.append(bytearray(50_000_000))
