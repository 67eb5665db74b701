"""One owner of a data folder, and plain words for the second."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import paths
from assistant.data_lock import DataLock
from assistant.errors import DataFolderBusy, StorageError

ROOT = Path(__file__).resolve().parents[2]

OWNER = """
import subprocess, sys, time
from pathlib import Path
from assistant.data_lock import DataLock
lock = DataLock(Path(sys.argv[1]), sys.argv[2])
lock.acquire()
child = subprocess.Popen(["sleep", "30"], close_fds=False)
print(child.pid, flush=True)
time.sleep(30)
"""


def test_the_second_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "home" / "lock"
    for owner, words in (("window", "window is open"), ("command line", "Another offline-assistant command")):
        with DataLock(path, owner) as lock:
            assert lock.held
            lock.acquire()
            with pytest.raises(DataFolderBusy, match=words) as caught:
                DataLock(path).acquire()
            assert caught.value.details == {"pid": os.getpid(), "owner": owner}
            assert str(os.getpid()) in caught.value.message
            assert caught.value.hint
        assert not lock.held
        lock.release()


def test_a_lock_file_with_strange_words_still_locks(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_bytes(b"\xff\x00 no words " * 1000)
    with DataLock(path, "window"):
        path.write_bytes(b"[]")
        with pytest.raises(DataFolderBusy, match="Another process is using this data folder"):
            DataLock(path).acquire()


def test_the_lock_ends_with_its_owner_and_is_not_inherited(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(path), "window"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as owner:
        assert owner.stdout is not None
        child = int(owner.stdout.readline())
        with pytest.raises(DataFolderBusy) as caught:
            DataLock(path).acquire()
        assert caught.value.details["pid"] == owner.pid
        owner.kill()
        owner.wait()
        try:
            with DataLock(path) as lock:
                assert lock.held, "although the owner's child lives on"
        finally:
            os.kill(child, 9)


def test_the_default_is_the_home(tmp_path: Path) -> None:
    with DataLock():
        assert paths.lock_file().is_file()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used: ") as caught:
        DataLock(tmp_path / "file" / "lock").acquire()
    assert not isinstance(caught.value, DataFolderBusy)
    assert paths.HOME_VARIABLE in caught.value.hint
