"""Models, and what goes along with them, in one folder for another computer.

carried.json            what it holds; written last, so that without it the folder is not finished
SHA256SUMS              as `sha256sum -c` reads it
models/<id>/…           the files of a model
documents/… chats/…     what else goes along
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from assistant import atomic_write, file_copy
from assistant.atomic_write import sync_folder
from assistant.errors import DamagedStore, NoModel, StorageError, UserInputError
from assistant.file_copy import Meter, disk_failures_said
from assistant.jobs import CancelToken
from assistant.models.library import manifest
from assistant.models.library.manifest import File, Manifest
from assistant.models.library.model_store import ModelStore
from assistant.models.library.records import BundleSummary

FOLDER_NAME = "Offline Assistant"
"""What the folder is called inside one that holds other things as well."""

CONTENTS_FILE = "carried.json"
_SUMS = "SHA256SUMS"
UNFINISHED = "NOT FINISHED.txt"
"""Present while the folder is being written."""
VERSION = 1
"""Of CONTENTS_FILE."""
_FAT32 = ("vfat", "msdos", "fat", "fat32", "msdosfs")
"""How systems call it."""
_FAT32_LARGEST = 2**32 - 1
"""Bytes of a file that it takes."""


@dataclass(frozen=True, slots=True)
class BundleExtra:
    """What goes along with models."""

    name: str
    """Of its folder: "documents" or "chats"."""
    size: int
    """Bytes, about."""
    write: Callable[[Path, Meter], None]
    """Writes it into an empty folder."""


ImportExtra = Callable[[str, Path], None]
"""Takes an extra over by its name, from a folder with a checked copy that may be moved; or raises."""


def export(
    store: ModelStore,
    folder: Path,
    ids: Sequence[str],
    extras: Sequence[BundleExtra],
    token: CancelToken,
    report: Callable[[Any], None],
) -> BundleSummary:
    """Write the folder. What an earlier try has left there is checked and used.

    Raises:
        UserInputError: a model is not there, or the folder is one of the program's own.
        NoModel: the file of a model is missing.
        StorageError: the disk is full, too simple for files so large, or cannot be written.
        Cancelled: the person stopped it; the next try goes on from there.
    """
    chosen = tuple(dict.fromkeys(ids)) or tuple(store.models())
    if folder.resolve().is_relative_to(store.folder.resolve()):
        raise UserInputError("bundle-folder-taken")
    for id in chosen:
        if store.installed(id).missing:
            raise NoModel("bundle-model-missing", note=store.installed(id).note)
    with disk_failures_said("write-bundle"):
        root = _target_folder(folder)
        _check_disk(root, [store.get(id) for id in chosen], extras)
        _begin(root)
        models = {id: store.get(id) for id in chosen}
        total = sum(model.size for model in models.values()) + sum(each.size for each in extras)
        meter = Meter("", total, token, report)
        files: list[File] = []
        for id, model in models.items():
            meter.doing = f"Copying {model.name}"
            models[id] = _write_model(store.base(id), root / "models" / id, model, meter)
            files += (replace(file, name=f"models/{id}/{file.name}") for file in models[id].files)
        for each in extras:
            meter.doing = f"Copying {each.name}"
            files += _write_extra(root / each.name, each, meter)
        _finish(root, models, [each.name for each in extras], files)
    names = {each.name for each in extras}
    return BundleSummary(
        str(root), tuple(map(store.installed, chosen)), "documents" in names, "chats" in names,
        sum(file.size for file in files),
    )  # fmt: skip


def _target_folder(folder: Path) -> Path:
    """The folder itself if it is empty or was written here before, else one inside it."""
    folder.mkdir(parents=True, exist_ok=True)
    ours = any((folder / name).exists() for name in (CONTENTS_FILE, UNFINISHED))
    root = folder if ours or not any(folder.iterdir()) else folder / FOLDER_NAME
    root.mkdir(exist_ok=True)
    return root


def _check_disk(root: Path, models: Sequence[Manifest], extras: Sequence[BundleExtra]) -> None:
    largest = max((file.size for model in models for file in model.files), default=0)
    largest = max(largest, *(each.size for each in extras), 0)
    if largest > _FAT32_LARGEST and file_system(root) in _FAT32:
        raise StorageError("bundle-file-too-large", size=largest)
    needed = sum(model.size for model in models) + sum(each.size for each in extras)
    there = sum(each.stat().st_size for each in root.rglob("*") if each.is_file())
    file_copy.check_room(needed - there, root)


def file_system(folder: Path) -> str:
    """The form of the disk that a folder is on, in small letters: "ext4", "vfat", "fat32"; "" if unknown."""
    here = folder.resolve()
    with suppress(OSError, psutil.Error):
        disks = {Path(disk.mountpoint): disk.fstype.lower() for disk in psutil.disk_partitions(all=True)}
        return next((disks[place] for place in (here, *here.parents) if place in disks), "")
    return ""


def _begin(root: Path) -> None:
    """From here on the folder is not finished; what an earlier one held and this one may not goes."""
    atomic_write.write(root / UNFINISHED, "The copying into this folder was not finished. Do it once more.\n")
    (root / CONTENTS_FILE).unlink(missing_ok=True)
    (root / _SUMS).unlink(missing_ok=True)


def _write_model(base: Path, target: Path, model: Manifest, meter: Meter) -> Manifest:
    sums = {}
    for file in model.files:
        place = target / file.name
        sums[file.name] = _write_file(base / file.name, place, file, meter)
        if file.sha256 not in ("", sums[file.name]):
            place.unlink()
            raise DamagedStore("bundle-model-damaged", name=model.name, file=file.name)
    return replace(model, link="").with_sums(sums)


def _write_file(source: Path, target: Path, file: File, meter: Meter) -> str:
    """Copy a file, unless it is there already; gives its SHA-256."""
    if target.is_file() and target.stat().st_size == file.size and file.sha256:
        before = meter.done
        if file_copy.sha256(target, meter) == file.sha256:
            return file.sha256
        meter.done = before
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        found = file_copy.copy(source, part, meter)
        part.replace(target)
        sync_folder(target.parent)
    finally:
        part.unlink(missing_ok=True)
    return found


def _write_extra(target: Path, extras: BundleExtra, meter: Meter) -> Iterator[File]:
    file_copy.delete(target)
    target.mkdir()
    before = meter.done
    extras.write(target, meter)
    meter.done = before
    for path in sorted(each for each in target.rglob("*") if each.is_file()):
        file_copy.sync_file(path)
        name = path.relative_to(target.parent).as_posix()
        yield File(name, path.stat().st_size, file_copy.sha256(path, meter))


def _finish(root: Path, models: Mapping[str, Manifest], extras: Sequence[str], files: Sequence[File]) -> None:
    wanted = {file.name for file in files} | {UNFINISHED}
    for path in [each for top in ("models", "documents", "chats") for each in (root / top).rglob("*")]:
        if path.is_file() and path.relative_to(root).as_posix() not in wanted:
            path.unlink()  # left by an earlier try, which carried something else
    atomic_write.write(root / _SUMS, manifest.sums(tuple(files)))
    carried = {
        "version": VERSION,
        "made": time.time(),
        "models": {id: manifest.as_json(model) for id, model in models.items()},
        "goods": list(extras),
        "files": [[file.name, file.size, file.sha256] for file in files],
    }
    atomic_write.write(root / CONTENTS_FILE, json.dumps(carried, ensure_ascii=False, indent=1))
    (root / UNFINISHED).unlink()
