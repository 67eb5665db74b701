"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant import atomic_write


def test_it_replaces_what_was_there_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file.json"
    for content in ("first", "second\n", ""):
        atomic_write.write(path, content)
        assert path.read_bytes() == content.encode()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such modes")
def test_what_is_private_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    left = tmp_path / ".file.new"
    left.write_text("left by a crash")
    left.chmod(0o644)
    atomic_write.write(path, "private", private=True)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    atomic_write.write(path, "old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic_write.write(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_threads_that_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    contents = [str(number) * 1000 for number in range(8)]
    threads = [threading.Thread(target=atomic_write.write, args=(path, content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_a_long_file_keeps_no_other_one_waiting(tmp_path: Path) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def fill(file: BinaryIO) -> None:
        begun.set()
        assert may_end.wait(30)
        file.write(b"long")

    writer = threading.Thread(target=atomic_write.write_by, args=(tmp_path / "long", fill))
    writer.start()
    assert begun.wait(30)
    other = threading.Thread(target=atomic_write.write, args=(tmp_path / "short", "short"))
    other.start()
    other.join(30)
    waited = other.is_alive()
    may_end.set()
    writer.join()
    other.join()
    assert not waited
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"long": "long", "short": "short"}
