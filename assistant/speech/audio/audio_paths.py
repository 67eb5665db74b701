"""Which of the files and folders that a person gave are recordings, and which are something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.speech.records import RECORDING_SUFFIXES

_PACKET = 188
"""Bytes of a packet of an MPEG transport stream. TypeScript has the same suffix."""
_SYNC = 0x47


def sort_out(paths: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The recordings, and the others. Goes by names; a folder of recordings alone stands for them."""
    recordings: dict[str, None] = {}
    others = []
    for path in paths:
        found = list(_recordings(Path(path)))
        recordings.update(dict.fromkeys(map(str, found)))
        if not found:
            others.append(path)
    return tuple(recordings), tuple(others)


def _recordings(path: Path) -> Iterator[Path]:
    if path.is_dir():
        with suppress(OSError):
            inside = sorted(each for each in path.iterdir() if not each.name.startswith("."))
            if all(map(_is_recording, inside)):
                yield from inside
    elif _is_recording(path):
        yield path


def _is_recording(path: Path) -> bool:
    suffix = path.suffix.casefold()
    return suffix in RECORDING_SUFFIXES and not path.is_dir() and (suffix != ".ts" or _is_stream(path))


def _is_stream(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        begin = file.read(_PACKET + 1)
        return len(begin) > _PACKET and begin[0] == begin[_PACKET] == _SYNC
    return False
