"""The recordings that are kept: a folder of WAV files, each with a JSON file of what was recognised in it.

Nothing in the folder is overwritten. What is deleted moves to a folder in it until the next start; what was
cut short by a kill is mended at the start, and what the program does not know stays as it is.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant import atomic_write
from assistant.errors import (
    AssistantError,
    DamagedStore,
    DiskFull,
    DocumentGone,
    Problem,
    StorageError,
    UnreadableDocument,
    UserInputError,
)
from assistant.speech.audio import recording
from assistant.speech.audio.recording import Recording
from assistant.speech.dictation.records import StoredRecording

FILE_VERSION = 1
DELETED = "deleted"
"""The folder of what can be brought back until the next start."""
_NAME = "%Y-%m-%d %H.%M.%S"
_NAME_LENGTH = 19


class Recordings:
    """Methods may be called from any thread; each change is on the disk when it returns."""

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = datetime.now) -> None:
        """Mend what a kill left, and empty what was deleted. `notices` says what did not go well.

        Args:
            folder: it may not exist yet. No other process may record into it.
            now: local time.
        """
        self.folder = folder
        self.notices: tuple[Problem, ...] = ()
        """What cannot be used, and what could not be mended."""
        self._now = now
        self._lock = threading.Lock()
        shutil.rmtree(folder / DELETED, ignore_errors=True)
        with self._telling(StorageError):
            for path in self._files():
                with self._telling(UnreadableDocument, StorageError):
                    _mend(path)

    # --- what there is

    def all(self) -> tuple[StoredRecording, ...]:
        """The newest first, with one that is still growing; without what is no recording.

        Raises:
            StorageError: the folder cannot be read.
        """
        found = []
        for path in self._files():
            with suppress(UnreadableDocument):
                found.append(self._stored(path))
        return tuple(sorted(found, key=lambda each: (each.when, each.id), reverse=True))

    def not_recognised(self) -> tuple[StoredRecording, ...]:
        """Those that are finished and were not recognised to their end, the newest first.

        Raises:
            StorageError: the folder cannot be read.
        """
        return tuple(
            each for each in self.all() if not each.recognised and recording.is_finished(Path(each.path))
        )

    def get(self, id: str) -> StoredRecording:
        """
        Raises:
            DocumentGone: there is none.
            UnreadableDocument: it is damaged.
        """
        return self._stored(self._path(id))

    # --- changing

    def begin(
        self, rate: int, channels: int = 1, on_error: Callable[[AssistantError], None] | None = None
    ) -> Recording:
        """A new recording, named by the time it begins.

        Args:
            rate: samples a second and channel.
            on_error: told on a thread, once, when the disk fails; what was written stays.

        Raises:
            DiskFull, StorageError: it cannot be begun.
        """
        with self._lock:
            base, number = self._now().strftime(_NAME), 1
            while self._taken(id := base if number == 1 else f"{base}-{number}"):
                number += 1
            return Recording(self.folder / f"{id}{recording.SUFFIX}", rate, channels, on_error)

    def set_text(self, id: str, text: str, language: str, model: str) -> StoredRecording:
        """Keep what was recognised, or what the person made of it.

        Args:
            model: its name.

        Raises:
            DocumentGone: there is no such recording.
            DiskFull, StorageError: it cannot be written; what was kept before stays.
        """
        path = self._path(id)
        seconds = round(recording.seconds(path), 3)
        content = {
            "version": FILE_VERSION,
            "text": text,
            "language": language,
            "model": model,
            "seconds": seconds,
        }
        try:
            atomic_write.write(
                _notes(path), json.dumps(content, ensure_ascii=False, indent=2) + "\n", private=True
            )
        except OSError as error:
            raise _failure("recording-text-not-kept", error, path) from error
        return self._stored(path)

    def delete(self, id: str) -> None:
        """Put a recording away; `restore` brings it back until the next start.

        Raises:
            DocumentGone: there is none.
            UserInputError: it is still growing.
            StorageError: it cannot be moved.
        """
        path = self._path(id)
        with suppress(UnreadableDocument):  # what is damaged can be deleted as well
            if not recording.is_finished(path):
                raise UserInputError("recording-still-grows")
        self._move(path, self.folder / DELETED)

    def restore(self, id: str) -> StoredRecording:
        """Bring back what `delete` put away.

        Raises:
            DocumentGone: it is not there any more.
            StorageError: it cannot be moved.
        """
        path = self.folder / DELETED / f"{id}{recording.SUFFIX}"
        if not path.is_file():
            raise DocumentGone("recording-gone", name=id)
        self._move(path, self.folder)
        return self.get(id)

    # --- files

    def _files(self) -> list[Path]:
        try:
            return [
                path
                for path in self.folder.iterdir()
                if path.suffix == recording.SUFFIX and path.is_file() and not path.name.startswith(".")
            ]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError("recordings-not-readable", why=error.strerror or str(error)) from error

    def _taken(self, id: str) -> bool:
        """Whether the name is in use, be it for something that was deleted."""
        return any(
            (folder / f"{id}{suffix}").exists()
            for folder in (self.folder, self.folder / DELETED)
            for suffix in (recording.SUFFIX, ".json")
        )

    def _path(self, id: str) -> Path:
        path = self.folder / f"{id}{recording.SUFFIX}"
        if path.parent != self.folder or not path.is_file():
            raise DocumentGone("recording-gone", name=id)
        return path

    def _stored(self, path: Path) -> StoredRecording:
        seconds = recording.seconds(path)
        notes = self._read_notes(path)
        return StoredRecording(
            path.stem,
            str(path),
            _when(path),
            seconds,
            notes is not None,
            **{key: str((notes or {}).get(key, "")) for key in ("text", "language", "model")},
        )

    def _read_notes(self, path: Path) -> dict[str, Any] | None:
        file = _notes(path)
        try:
            notes = json.loads(file.read_text(encoding="utf-8-sig"))
            if not isinstance(notes, dict) or not isinstance(notes.get("text"), str):
                raise ValueError("no text")
        except FileNotFoundError:
            return None
        except OSError as error:
            self._notice(
                StorageError("recording-text-not-read", name=path.stem, why=error.strerror or str(error))
            )
            return None
        except (ValueError, RecursionError):
            kept = atomic_write.unused(file, "damaged")
            with suppress(OSError):  # then it is said again
                file.rename(kept)
            self._notice(DamagedStore("recording-text-damaged", name=path.stem, kept=kept.name))
            return None
        return notes

    def _move(self, path: Path, folder: Path) -> None:
        """The sound first: a text without sound is passed over, a sound without text would look new."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.rename(folder / path.name)
            with suppress(FileNotFoundError):
                _notes(path).rename(folder / _notes(path).name)
        except OSError as error:
            raise _failure("recording-not-moved", error, path) from error

    # --- notices

    def _notice(self, error: AssistantError) -> None:
        self.notices = (*(each for each in self.notices if each != error.problem), error.problem)

    @contextmanager
    def _telling(self, *kinds: type[AssistantError]) -> Iterator[None]:
        """A block whose errors become notices."""
        try:
            yield
        except kinds as error:
            self._notice(error)


def _mend(path: Path) -> None:
    """Finish what was cut short; what holds no sound, because its program was killed at once, goes."""
    if path.stat().st_size and recording.is_finished(path):
        return
    if path.stat().st_size and recording.seconds(path):
        recording.mend(path)
        return
    with suppress(OSError):
        path.unlink()


def _notes(path: Path) -> Path:
    return path.with_suffix(".json")


def _when(path: Path) -> datetime:
    """When a recording began, by its name; of another's file, when it was changed."""
    try:
        return datetime.strptime(path.stem[:_NAME_LENGTH], _NAME)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime)


def _failure(reason: str, error: OSError, path: Path) -> StorageError:
    if atomic_write.disk_is_full(error):
        return DiskFull("recording-change-disk-full", name=path.stem)
    return StorageError(reason, name=path.stem, why=error.strerror or str(error))
