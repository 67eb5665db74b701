"""Notices that something changed in watched folders, and says so once it has been quiet for a moment.

What the system tells is taken as a hint only: events get lost (an overflow, a folder moved in before it
was watched), and a network drive sends none. So the answer to a hint is always to compare the whole
folder with the store, and that is done now and then without any hint too.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from assistant.documents.files.scan import identity_of
from assistant.errors import Problem

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver, ObservedWatch

log = logging.getLogger(__name__)

WATCH_LIMIT = "watch-limit"
"""Code of the problem."""

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Not among them: opening and reading, which is what indexing itself does."""

_LIMITS = {errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Errors of a system that has no watches left."""
_MOST_LOOSE_FOLDERS = 256
"""Folders that are watched for files added one by one."""


@dataclass(frozen=True, slots=True)
class WatchTiming:
    """How patiently folders are watched, in seconds."""

    quiet: float = 1.0
    """Without an event for so long, a change counts as finished."""
    patience: float = 10.0
    """A folder that never becomes quiet is compared at least so often."""
    presence: float = 2.0
    """How often it is looked whether a folder, or its drive, came or went."""
    every: float = 60.0
    """How often a folder is compared without any event."""
    polling: float = 10.0
    """How often a folder is compared where the system cannot tell about changes."""
    rest: float = 4.0
    """After a comparison, no other for so many times its duration."""
    rare: float = 100.0
    """Without an event, no other for so many times its duration."""


@dataclass(slots=True)
class _Folder:
    path: str
    recursive: bool
    real: str = ""
    """The path without links: a link is not followed when it is watched."""
    identity: tuple[int, int] | None = None
    """Device and number when it was scheduled; None while it is not there."""
    watch: ObservedWatch | None = None
    polled: bool = False
    first_event: float | None = None
    last_event: float = 0.0
    compared: float = 0.0
    took: float = 0.0
    rests_until: float = 0.0

    def due(self, timing: WatchTiming) -> float:
        """When this folder is to be compared."""
        every = timing.polling if self.polled else timing.every
        due = self.compared + max(every, timing.rare * self.took)
        if self.first_event is not None:
            due = min(due, self.last_event + timing.quiet, self.first_event + timing.patience)
        return max(due, self.rests_until)


class Watcher:
    """Watches folders on a thread of its own, on which `compare` is called too."""

    def __init__(
        self,
        compare: Callable[[frozenset[str]], None],
        probe: Path,
        *,
        timing: WatchTiming | None = None,
        observer: Callable[[], BaseObserver] = Observer,
    ) -> None:
        """`compare` gets the folders in which something may have changed.

        `probe` is a folder that exists and is not watched otherwise: by watching it for a moment it is
        found out whether the system has watches left.
        """
        self._compare = compare
        self._probe = os.fspath(probe)
        self._timing = timing or WatchTiming()
        self._make_observer = observer
        self._observer: BaseObserver | None = None
        self._folders: dict[str, _Folder] = {}
        self._wanted: dict[str, bool] = {}
        self._problem: Problem | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="watching", daemon=True)

    @property
    def problem(self) -> Problem | None:
        """Why changes are noticed late, if they are."""
        return self._problem

    def start(self) -> None:
        self._thread.start()

    def follow(self, folders: Iterable[str], loose: Iterable[str] = ()) -> None:
        """Watch exactly these: `folders` with all below them, and of `loose` only what lies directly in them.

        A folder that is not there yet is taken up when it comes. New ones are compared at once.
        """
        wanted = dict.fromkeys(sorted(set(loose))[:_MOST_LOOSE_FOLDERS], False)
        wanted.update(dict.fromkeys(folders, True))
        with self._changed:
            self._wanted = wanted
            self._changed.notify()

    def renew(self, folder: str) -> None:
        """Folders appeared below `folder`: watch it anew, as one that was moved in may go unwatched."""
        with self._changed:
            known = self._folders.get(folder)
            if known is not None:
                known.identity = None
            self._changed.notify()

    def close(self) -> None:
        """Stop; returns when no comparison runs any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _is_closed(self) -> bool:
        return self._closed

    # --- on the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        looked = 0.0
        while True:
            with self._changed:
                if self._is_closed():
                    break
                wanted = self._wanted
            now = time.monotonic()
            if wanted != {path: folder.recursive for path, folder in self._folders.items()}:
                self._take_up(wanted)
                looked = 0.0
            if now - looked >= self._timing.presence or any(
                folder.identity is None and folder.watch is not None for folder in self._folders.values()
            ):
                self._look_for_presence()
                looked = now
            with self._changed:
                due = [folder for folder in self._folders.values() if folder.due(self._timing) <= now]
                for folder in due:
                    folder.first_event = None
            if due:
                self._compare_now(due)
                continue
            with self._changed:
                if self._is_closed() or self._wanted is not wanted:
                    continue
                times = [folder.due(self._timing) for folder in self._folders.values()]
                until = min([looked + self._timing.presence, *times]) - time.monotonic()
                self._changed.wait(max(0.01, until) if self._folders else None)
        for folder in list(self._folders.values()):
            self._unschedule(folder)
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)

    def _take_up(self, wanted: dict[str, bool]) -> None:
        for path, folder in list(self._folders.items()):
            if wanted.get(path) is not folder.recursive:
                self._unschedule(folder)
                with self._changed:
                    del self._folders[path]
        for path, recursive in wanted.items():
            if path not in self._folders:
                with self._changed:
                    self._folders[path] = _Folder(path, recursive)

    def _look_for_presence(self) -> None:
        for folder in self._folders.values():
            identity = identity_of(folder.path)
            if identity == folder.identity:
                continue
            self._unschedule(folder)
            if identity is not None:
                self._schedule(folder)
            folder.identity = identity
            self._hint(folder.path)

    def _schedule(self, folder: _Folder) -> None:
        try:
            observer = self._started_observer()
            folder.real = os.path.realpath(folder.path)
            folder.watch = observer.schedule(
                _Handler(self, folder), folder.real, recursive=folder.recursive, event_filter=_EVENTS
            )
            # The library keeps silent when only the folders inside found no watch left.
            observer.unschedule(observer.schedule(_Handler(self, None), self._probe))
            folder.polled = False
        except OSError as error:
            folder.polled = True
            if error.errno in _LIMITS and self._problem is None:
                self._problem = Problem(WATCH_LIMIT, "watch-limit", {"seconds": round(self._timing.polling)})
            log.warning("%r is compared from time to time: %s", folder.path, error)

    def _started_observer(self) -> BaseObserver:
        if self._observer is None:
            observer = self._make_observer()
            observer.start()
            self._observer = observer
        return self._observer

    def _unschedule(self, folder: _Folder) -> None:
        if folder.watch is not None and self._observer is not None:
            try:
                self._observer.unschedule(folder.watch)
            except (KeyError, OSError) as error:  # the folder itself is gone
                log.debug("unscheduling %r: %r", folder.path, error)
        folder.watch = None

    def _compare_now(self, due: list[_Folder]) -> None:
        began = time.monotonic()
        try:
            self._compare(frozenset(folder.path for folder in due))
        except Exception:
            log.exception("comparing watched folders failed; it is tried again")
        ended = time.monotonic()
        for folder in due:
            folder.compared = ended
            folder.took = ended - began
            folder.rests_until = ended + self._timing.rest * (ended - began)

    def _hint(self, path: str) -> None:
        now = time.monotonic()
        with self._changed:
            folder = self._folders.get(path)
            if folder is None:
                return
            folder.last_event = now
            if folder.first_event is None:
                folder.first_event = now
                self._changed.notify()


class _Handler(FileSystemEventHandler):
    """Passes events on as a hint, but for what no scan looks at."""

    def __init__(self, watcher: Watcher, folder: _Folder | None) -> None:
        self._watcher = watcher
        self._folder = folder

    def on_any_event(self, event: FileSystemEvent) -> None:
        folder = self._folder
        if folder is None:
            return
        for path in (event.src_path, event.dest_path):
            if path and not _below_hidden(os.fsdecode(path), folder.real):
                self._watcher._hint(folder.path)
                return


def _below_hidden(path: str, folder: str) -> bool:
    """Whether a name between `folder` and `path` begins with a dot, as in the busy insides of `.git`."""
    return f"{os.sep}." in path[len(folder.rstrip(os.sep)) :]
