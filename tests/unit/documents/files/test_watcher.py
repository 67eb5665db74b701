"""Hints from the real system, gathered until it is quiet; and what happens where it gives none."""

# The calls of the system itself are what is tested.
# ruff: noqa: PTH104

from __future__ import annotations

import errno
import os
import queue
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from assistant.documents.files.watcher import WATCH_LIMIT, Watcher, WatchTiming

PACE = WatchTiming(quiet=0.2, patience=1.0, presence=0.1, every=60.0, polling=0.3, rest=0.0)


class Seen:
    """The comparisons that a watcher asked for."""

    def __init__(self) -> None:
        self.asked: queue.Queue[frozenset[str]] = queue.Queue()

    def next(self, seconds: float = 5.0) -> set[str]:
        return set(self.asked.get(timeout=seconds))

    def settle(self) -> None:
        """Wait until nothing comes any more."""
        while True:
            try:
                self.asked.get(timeout=0.6)
            except queue.Empty:
                return


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def watcher(seen: Seen, tmp_path: Path) -> Iterator[Watcher]:
    (tmp_path / "probe").mkdir()
    watcher = Watcher(seen.asked.put, tmp_path / "probe", timing=PACE)
    watcher.start()
    yield watcher
    watcher.close()


def followed(watcher: Watcher, seen: Seen, *folders: Path, loose: tuple[Path, ...] = ()) -> None:
    watcher.follow([str(folder) for folder in folders], [str(folder) for folder in loose])
    seen.settle()


def test_a_new_folder_is_compared_at_once(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    watcher.follow([str(tmp_path)])
    assert seen.next() == {str(tmp_path)}


def test_many_changes_are_one_hint(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "deep/er").mkdir(parents=True)
    followed(watcher, seen, root)
    for number in range(50):
        (root / f"deep/er/{number}.txt").write_text("x")
    assert seen.next() == {str(root)}
    assert seen.asked.empty()


def test_reading_gives_no_hint(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.txt").write_text("x")
    followed(watcher, seen, root)
    (root / "a.txt").read_text()
    list(root.iterdir())
    with pytest.raises(queue.Empty):
        seen.next(0.8)


def test_the_insides_of_hidden_folders_give_no_hint(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    followed(watcher, seen, root)
    (root / ".git/index").write_text("x")
    with pytest.raises(queue.Empty):
        seen.next(0.8)


def test_a_folder_that_is_never_quiet_is_compared_all_the_same(
    watcher: Watcher, seen: Seen, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    followed(watcher, seen, root)
    until = time.monotonic() + 2.5
    while time.monotonic() < until:
        (root / "log.txt").write_text(str(time.monotonic()))
        time.sleep(0.02)
    assert not seen.asked.empty()


def test_a_folder_that_goes_and_comes_is_noticed_and_watched_again(
    watcher: Watcher, seen: Seen, tmp_path: Path
) -> None:
    root = tmp_path / "drive/root"
    root.mkdir(parents=True)
    followed(watcher, seen, root)
    os.rename(tmp_path / "drive", tmp_path / "away")
    assert seen.next() == {str(root)}
    seen.settle()
    os.rename(tmp_path / "away", tmp_path / "drive")
    assert seen.next() == {str(root)}
    seen.settle()
    (root / "a.txt").write_text("x")
    assert seen.next() == {str(root)}


def test_a_folder_reached_through_a_link_is_watched(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    followed(watcher, seen, link)
    (tmp_path / "real/a.txt").write_text("x")
    assert seen.next() == {str(link)}


def test_loose_folders_are_watched_without_what_is_below(
    watcher: Watcher, seen: Seen, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (root / "below").mkdir(parents=True)
    followed(watcher, seen, loose=(root,))
    (root / "below/a.txt").write_text("x")
    with pytest.raises(queue.Empty):
        seen.next(0.8)
    (root / "a.txt").write_text("x")
    assert seen.next() == {str(root)}


def test_what_is_followed_no_longer_gives_no_hint(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    root, other = tmp_path / "root", tmp_path / "other"
    root.mkdir()
    other.mkdir()
    followed(watcher, seen, root, other)
    followed(watcher, seen, other)
    (root / "a.txt").write_text("x")
    (other / "a.txt").write_text("x")
    assert seen.next() == {str(other)}


def test_a_folder_moved_in_is_watched_after_renewal(watcher: Watcher, seen: Seen, tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    (outside / "sub").mkdir(parents=True)
    followed(watcher, seen, root)
    shutil.move(outside, root / "inside")
    assert seen.next() == {str(root)}
    watcher.renew(str(root))
    seen.settle()
    (root / "inside/sub/a.txt").write_text("x")
    assert seen.next() == {str(root)}


@pytest.mark.allow_log("it is tried again")
def test_a_comparison_that_fails_does_not_end_the_watch(seen: Seen, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()

    def compare(folders: frozenset[str]) -> None:
        seen.asked.put(folders)
        raise RuntimeError("on purpose")

    watcher = Watcher(compare, tmp_path, timing=PACE)
    watcher.start()
    try:
        followed(watcher, seen, root)
        (root / "a.txt").write_text("x")
        assert seen.next() == {str(root)}
    finally:
        watcher.close()


@pytest.mark.allow_log("from time to time")
def test_where_the_system_has_no_watches_left_folders_are_polled_and_it_is_said(
    seen: Seen, tmp_path: Path
) -> None:
    def exhausted() -> BaseObserver:
        observer: Any = Observer()

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")

        observer.schedule = refuse
        return observer  # type: ignore[no-any-return]

    watcher = Watcher(seen.asked.put, tmp_path, timing=PACE, observer=exhausted)
    watcher.start()
    try:
        watcher.follow([str(tmp_path)])
        for _ in range(3):
            assert seen.next(2.0) == {str(tmp_path)}
        assert watcher.problem is not None
        assert watcher.problem.code == WATCH_LIMIT
    finally:
        watcher.close()
