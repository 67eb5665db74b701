"""What the library knows of a model: `model.json` in the model's own folder."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import __version__, atomic_write
from assistant.models.files.file_names import MANIFEST, is_safe_name
from assistant.models.files.records import ModelKind, Projector, Shape
from assistant.models.library.records import Installed

if TYPE_CHECKING:
    from pydantic import TypeAdapter

VERSION = 1
"""Of the file's form."""

_LARGEST = 4 << 20
_SHA256 = re.compile("[0-9a-f]{64}")


class NewerManifest(ValueError):
    """It was written by a newer version of the program."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    """Relative to the folder that they all are in, with "/"."""
    size: int
    sha256: str = ""
    """"" until it was computed."""
    mtime_ns: int = 0
    """Of a file that is used in place, when it was added."""


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    kind: ModelKind
    files: tuple[File, ...]
    main: str = ""
    """Which of them the engine is given; "" for the folder itself."""
    link: str = ""
    """Where the files are, if they are used in place; "" for the model's own folder."""
    entry: str = ""
    architecture: str = ""
    languages: tuple[str, ...] = ()
    note: str = ""
    added: float = 0.0
    shape: Shape | None = None
    """Of a chat model, as this version of the program sees it."""
    projector: Projector | None = None
    """Of what sees pictures, likewise."""
    origin: str = ""
    """Tells the folder that it was added from: files of one model lie together."""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        """Of the file, or of the list of files; "" if one is not known."""
        if not all(file.sha256 for file in self.files):
            return ""
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256(sums(self.files).encode()).hexdigest()

    def with_sums(self, known: Mapping[str, str]) -> Manifest:
        """The same, with these SHA-256 by name."""
        files = (replace(file, sha256=known.get(file.name, file.sha256)) for file in self.files)
        return replace(self, files=tuple(files))

    def base(self, folder: Path) -> Path:
        """Where its files are; `folder` is the model's own."""
        return Path(self.link) if self.link else folder


def sums(files: tuple[File, ...]) -> str:
    """As `sha256sum` writes them."""
    ordered = sorted(files, key=lambda file: file.name)
    return "".join(f"{file.sha256}  {file.name}\n" for file in ordered)


def installed(id: str, manifest: Manifest, folder: Path) -> Installed:
    """How it is shown; `folder` is the model's own."""
    base = manifest.base(folder)
    missing, note = _state(manifest, base)
    return Installed(
        id=id,
        name=manifest.name,
        kind=manifest.kind,
        path=str(base / manifest.main),
        size=manifest.size,
        linked=bool(manifest.link),
        missing=missing,
        entry=manifest.entry,
        sha256=manifest.sha256,
        languages=manifest.languages,
        architecture=manifest.architecture,
        shape=manifest.shape,
        projector=manifest.projector,
        origin=manifest.origin,
        note=note or manifest.note,
        added=manifest.added,
    )


def _state(manifest: Manifest, base: Path) -> tuple[bool, str]:
    """Whether a file of it is gone, and what is to be said."""
    for file in manifest.files:
        path = base / file.name
        try:
            status = path.stat()
        except OSError:
            return True, f"{path} is gone, or its disk is not connected."
        if status.st_size != file.size or (manifest.link and status.st_mtime_ns != file.mtime_ns):
            return False, "Its file has changed since it was added: have it checked."
    return False, ""


# --- the file ----------------------------------------------------------------------------------------------


def write(folder: Path, manifest: Manifest) -> None:
    """Raises OSError: it cannot be written; the one before is then still there."""
    atomic_write.write(folder / MANIFEST, json.dumps(as_json(manifest), ensure_ascii=False, indent=1))


def read(folder: Path) -> Manifest:
    """
    Raises:
        OSError: it is not there, or cannot be read.
        NewerManifest: it is of a newer version of the program.
        ValueError: it is damaged.
    """
    path = folder / MANIFEST
    if path.stat().st_size > _LARGEST:
        raise ValueError("too large")
    try:
        return from_json(json.loads(path.read_bytes()))
    except RecursionError:
        raise ValueError("nested too deeply") from None


def as_json(manifest: Manifest) -> dict[str, Any]:
    return {"version": VERSION, "shaped_by": __version__, **asdict(manifest)}


@cache
def _adapter() -> TypeAdapter[Manifest]:
    """Made when there is something to read: it takes a while."""
    from pydantic import TypeAdapter

    return TypeAdapter(Manifest)


def from_json(value: Any) -> Manifest:
    """Raises ValueError: it is no manifest, or speaks of files outside of its folder."""
    if isinstance(value, dict):
        version = value.get("version")
        if isinstance(version, int) and version > VERSION:
            raise NewerManifest(f"version {version}")
        if value.get("shaped_by") != __version__:
            # Another version of the program may know more of an architecture.
            value = {**value, "shape": None, "projector": None}
    manifest = _adapter().validate_python(value)
    manifest = replace(manifest, name=" ".join(manifest.name.split())[:200])
    files, names = manifest.files, {file.name for file in manifest.files}
    if (
        not files
        or len({name.lower() for name in names}) < len(files)
        or not (manifest.link or all(map(is_safe_name, names)))
        or (manifest.main and manifest.main not in names)
        or any(file.size < 0 or not (file.sha256 == "" or _SHA256.fullmatch(file.sha256)) for file in files)
        or not math.isfinite(manifest.added)
        or not manifest.name
    ):
        raise ValueError("a manifest that cannot be true")
    return manifest
