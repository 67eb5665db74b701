"""A bundle from another computer: checked, then taken over."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import file_copy
from assistant.errors import AssistantError, DamagedStore, Problem, UserInputError
from assistant.file_copy import Meter, disk_failures_said
from assistant.jobs import CancelToken
from assistant.models.files.detection import recognise
from assistant.models.files.file_names import is_safe_name
from assistant.models.library import manifest
from assistant.models.library.bundle_export import (
    CONTENTS_FILE,
    FOLDER_NAME,
    UNFINISHED,
    VERSION,
    ImportExtra,
)
from assistant.models.library.manifest import File, Manifest
from assistant.models.library.model_store import ModelStore, described_as
from assistant.models.library.records import BundleSummary

_LARGEST = 32 << 20
"""Bytes of the list of contents."""
_MOST_FILES = 100_000


@dataclass(frozen=True, slots=True)
class _Contents:
    models: dict[str, Manifest]
    extras: tuple[str, ...]
    files: dict[str, File]


def import_bundle(
    store: ModelStore,
    folder: Path,
    import_extra: ImportExtra | None,
    token: CancelToken,
    report: Callable[[Any], None],
) -> BundleSummary:
    """Take models and what goes along from a folder, once all of it has been copied and checked.

    Raises:
        UserInputError: the folder holds nothing that was carried here.
        DamagedStore: it was not finished, or a file of it is damaged; nothing was taken.
        StorageError: there is too little room, or a disk cannot be read or written.
        Cancelled: the person stopped it; nothing was taken.
    """
    root = _bundle_folder(folder)
    contents = _contents(root)
    here = {id: store.same_as(model) for id, model in contents.models.items()}
    models = {id: model for id, model in contents.models.items() if not here[id]}
    extras = contents.extras if import_extra is not None else ()
    loads = {f"models/{id}/": models[id].name for id in models} | {f"{name}/": name for name in extras}
    wanted = [file for file in contents.files.values() if file.name.startswith(tuple(loads))] if loads else []
    total = sum(file.size for file in wanted)
    refused: list[Problem] = []
    with disk_failures_said("read-bundle"), ExitStack() as stack:
        store.make_room(total)
        meter = Meter("", total, token, report)
        places: dict[str, Path] = {}
        for load, name in loads.items():
            meter.doing = f"Copying {name}"
            places[load] = stack.enter_context(store.incoming())
            for file in wanted:
                if file.name.startswith(load):
                    _copy_checked(root / file.name, places[load] / file.name.removeprefix(load), file, meter)
        for id, model in models.items():
            incoming = places[f"models/{id}/"]
            try:
                # What the files are is seen from them, not believed.
                found = recognise(incoming / model.main)
                mine = replace(
                    described_as(found),
                    name=model.name,
                    entry=model.entry,
                    note=found.note,
                    origin=model.origin,
                )
                sums = {file.name: file.sha256 for file in model.files}
                here[id] = store.commit(incoming, mine.with_sums(sums))
            except AssistantError as error:
                refused.append(error.problem)
        taken = set(extras)
        for name in extras:
            assert import_extra is not None
            try:
                import_extra(name, places[f"{name}/"])
            except AssistantError as error:
                refused.append(error.problem)
                taken.discard(name)
    ids = [id for id in here.values() if id]
    return BundleSummary(
        str(root), tuple(map(store.installed, ids)), "documents" in taken, "chats" in taken, total,
        tuple(refused),
    )  # fmt: skip


def _bundle_folder(folder: Path) -> Path:
    for root in (folder, folder / FOLDER_NAME):
        if (root / CONTENTS_FILE).is_file():
            return root
        if (root / UNFINISHED).is_file():
            raise DamagedStore("bundle-unfinished", folder=str(root))
    raise UserInputError("no-bundle", folder=str(folder), usual=FOLDER_NAME)


def _contents(root: Path) -> _Contents:
    damaged = DamagedStore("bundle-damaged", folder=str(root))
    path = root / CONTENTS_FILE
    try:
        with disk_failures_said("read-bundle"):
            if path.stat().st_size > _LARGEST:
                raise damaged
            value = json.loads(path.read_bytes())
        if value["version"] > VERSION:
            raise UserInputError("bundle-newer")
        listed = [File(str(name), int(size), str(sha)) for name, size, sha in value["files"]]
        models = {str(id): manifest.from_json(each) for id, each in value["models"].items()}
        extras = tuple(str(name) for name in value["goods"] if name in ("documents", "chats"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise damaged from None
    files = {file.name: file for file in listed}
    parts = {f"models/{id}/{file.name}": file for id, model in models.items() for file in model.files}
    if (
        len(listed) > _MOST_FILES
        or len(files) < len(listed)
        or not all(is_safe_name(file.name) and file.size >= 0 for file in listed)
        or any(model.link for model in models.values())
        or any(
            files.get(name, file).sha256 != file.sha256 or name not in files for name, file in parts.items()
        )
    ):
        raise damaged
    return _Contents(models, extras, files)


def _copy_checked(source: Path, target: Path, file: File, meter: Meter) -> None:
    try:
        right = not source.is_symlink() and source.stat().st_size == file.size
    except OSError:
        right = False
    if not right or file_copy.copy(source, target, meter) != file.sha256:
        raise DamagedStore("bundle-file-damaged", file=str(source))
