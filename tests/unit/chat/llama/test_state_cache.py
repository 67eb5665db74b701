from __future__ import annotations

import os
import struct
from pathlib import Path

from assistant.chat.llama.state_cache import StateCache, common_prefix


def state(tokens: list[int], size: int = 100) -> bytes:
    return struct.pack(f"<III{len(tokens)}i", 0x67677371, 2, len(tokens), *tokens) + b"x" * size


def save(states: StateCache, conversation: str, data: bytes) -> bool:
    return states.save(conversation, len(data), lambda path: path.write_bytes(data))


def read(states: StateCache, conversation: str) -> bytes:
    found: list[bytes] = []

    def take(path: Path) -> bool:
        found.append(path.read_bytes())
        return True

    return found[0] if states.load(conversation, take) else b""


def test_kept_and_brought_back(tmp_path: Path) -> None:
    states = StateCache(tmp_path / "states", "model")
    data = state([5, 6, 7])
    assert save(states, "one", data)
    assert list(states.tokens("one")) == [5, 6, 7]
    assert read(states, "one").startswith(data)
    assert list(states.tokens("two")) == []
    assert read(states, "two") == b""
    assert list(StateCache(tmp_path / "states", "another model").tokens("one")) == []


def test_damaged_ones_are_not_read(tmp_path: Path) -> None:
    states = StateCache(tmp_path, "model")
    assert save(states, "one", state([5, 6, 7]))
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    assert read(states, "one") == b""
    assert not path.exists()
    path.write_bytes(b"x")
    assert list(states.tokens("one")) == []
    path.write_bytes(struct.pack("<III", 0x67677371, 2, 2**31) + b"x")
    assert list(states.tokens("one")) == []


def test_the_oldest_go_when_it_is_full(tmp_path: Path) -> None:
    states = StateCache(tmp_path, "model", limit=1000)
    for number, name in enumerate(("one", "two", "three")):
        assert save(states, name, state([number], 250))
        for path in tmp_path.iterdir():
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
    assert read(states, "one")  # used, so it is not the oldest any more
    assert save(states, "four", state([4], 250))
    assert [bool(states.tokens(name)) for name in ("one", "two", "three", "four")] == [
        True,
        False,
        True,
        True,
    ]
    assert not save(states, "huge", state([5], 600))


def test_nothing_is_left_of_what_could_not_be_written(tmp_path: Path) -> None:
    states = StateCache(tmp_path, "model")

    def fail(path: Path) -> int:
        path.write_bytes(b"half")
        raise OSError

    assert not states.save("one", 10, fail)
    assert not states.save("one", 10, lambda path: 0)
    assert list(tmp_path.iterdir()) == []


def test_common() -> None:
    assert common_prefix([1, 2, 3], [1, 2, 4]) == 2
    assert common_prefix([1, 2], [1, 2, 3]) == 2
    assert common_prefix([], [1]) == 0
    assert common_prefix([3], [1]) == 0
