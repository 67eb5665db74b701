"""What a file or a folder is: which model, for which engine, and which files belong to it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import ModelError, ModelUnusable, NoModel
from assistant.jobs import CancelToken
from assistant.models.files import (
    gguf,
    model_folders,
    model_names,
    model_shape,
    ollama,
    projectors,
    speaker_models,
    tesseract_files,
)
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind

_SKIPPED = {"node_modules", "__pycache__", "$recycle.bin", "system volume information"}
"""Folders that are not looked into."""

_UNFINISHED = {
    ".part", ".partial", ".crdownload", ".download", ".incomplete", ".aria2", ".!ut", ".opdownload", ".tmp",
}  # fmt: skip
"""Ends of names of what other programs have not downloaded completely."""

_EMBEDDERS = {
    "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "modern-bert", "neo-bert",
    "eurobert", "gemma-embedding", "t5encoder",
}  # fmt: skip
"""Architectures that do not chat."""
_BEGINNINGS = (
    (b"version https://git-lfs", "model-is-lfs-note"),
    (b"<!doctype html", "model-is-web-page"),
    (b"<html", "model-is-web-page"),
    (b"lmgg", "model-is-whisper-cpp"),
    (b"tjgg", "model-is-old-llama-cpp"),
    (b"\x80\x02", "model-is-pytorch"),
    (b"7z\xbc\xaf", "model-is-packed"),
    (b"rar!", "model-is-packed"),
    (b"\x1f\x8b", "model-is-packed"),
    (b"\xfd7zxz", "model-is-packed"),
    (b"bzh", "model-is-packed"),
    (b"%pdf", "model-is-document"),
)
"""What people have instead of a model, by how it begins in small letters: the reason that says so."""


def recognise(path: Path) -> DetectedModel:
    """The one model that this file or folder is.

    Raises:
        NoModel: it is not there, cannot be read, or a part of it is missing.
        ModelUnusable: it is something else, or damaged; says what.
    """
    if path.is_dir():
        found = model_folders.recognise(path)
        if found is None:
            raise ModelUnusable("folder-without-model", name=path.name)
        return found
    begin = _begin(path)
    if path.suffix.lower() in _UNFINISHED:
        raise ModelUnusable("model-unfinished", name=path.name)
    if begin.startswith(b"GGUF") or path.suffix.lower() == ".gguf":
        return _gguf(path)
    if path.suffix.lower() == tesseract_files.SUFFIX and not _known_beginning(begin):
        return tesseract_files.recognise(path)
    if path.suffix.lower() == speaker_models.SUFFIX and not _known_beginning(begin):
        return speaker_models.recognise(path)
    if path.name == "model.bin" or path.suffix == ".safetensors":
        found = model_folders.recognise(path.parent)
        if found is not None:
            return found
    raise _something_else(path, begin)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a folder is looked through."""

    depth: int = 8
    entries: int = 200_000


def look_through(
    folder: Path, token: CancelToken, limits: Limits = Limits()
) -> Iterator[DetectedModel | tuple[Path, ModelError]]:
    """The models in a folder and those below it; with their paths, those that cannot be used.

    Follows links, but enters no folder twice; what may not be read is passed over.
    """
    entered: set[tuple[int, int]] = set()
    left = limits.entries
    waiting = [(folder, 0)]
    while waiting:
        here, depth = waiting.pop()
        token.raise_if_cancelled()
        try:
            status = here.stat()
            with os.scandir(here) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            continue
        if (status.st_dev, status.st_ino) in entered or left <= 0:
            continue
        entered.add((status.st_dev, status.st_ino))
        left -= len(entries)
        try:
            found = model_folders.recognise(here)
        except ModelError as error:
            yield here, error
            continue
        if found is not None:
            yield found
            continue
        inner = [Path(entry) for entry in entries if _is_folder(entry)]
        if depth < limits.depth:
            waiting += [(each, depth + 1) for each in reversed(inner)]
        yield from _recognised(_one_of_parts(_ending(entries, ".gguf")))
        yield from _recognised(_ending(entries, tesseract_files.SUFFIX))
        yield from _speaker_models(_ending(entries, speaker_models.SUFFIX))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir() and not entry.name.startswith(".") and entry.name.lower() not in _SKIPPED
    except OSError:
        return False


def _ending(entries: Iterable[os.DirEntry[str]], suffix: str) -> Iterator[Path]:
    return (Path(entry) for entry in entries if entry.name.lower().endswith(suffix))


def _one_of_parts(ggufs: Iterable[Path]) -> Iterator[Path]:
    """The first that is met of each model."""
    seen: set[Path] = set()
    for path in ggufs:
        first = gguf.parts(path)[0]
        if first not in seen:
            seen.add(first)
            yield path


def _recognised(paths: Iterable[Path]) -> Iterator[DetectedModel | tuple[Path, ModelError]]:
    for path in paths:
        try:
            yield recognise(path)
        except ModelError as error:
            yield path, error


def _speaker_models(paths: Iterable[Path]) -> Iterator[DetectedModel]:
    """ONNX is a form of many models: those for something else are passed over."""
    for path in paths:
        with suppress(ModelError):
            yield speaker_models.recognise(path)


# --- single files ------------------------------------------------------------------------------------------


def _gguf(path: Path) -> DetectedModel:
    header = gguf.read(path)
    parts = gguf.parts(path)
    model = DetectedModel(
        ModelKind.CHAT,
        name_of(header),
        path.parent,
        tuple(part.name for part in parts),
        main=parts[0].name,
        architecture=header.architecture,
    )
    if header.kind == "adapter":
        note = f"Goes on top of a chat model of the architecture {header.architecture}."
        return replace(model, kind=ModelKind.ADAPTER, note=note)
    if header.kind == "mmproj" or header.architecture == "clip":
        projector = projectors.facts(header)
        if not projector.sees:
            raise ModelUnusable("projector-hears", name=path.name)
        note = "Lets the chat model that it belongs to see pictures."
        return replace(model, kind=ModelKind.PROJECTOR, note=note, projector=projector)
    if header.architecture in _EMBEDDERS or header.number("pooling_type"):
        raise ModelUnusable("gguf-embedder", name=path.name)
    if not header.tensors:
        raise ModelUnusable("gguf-no-model", name=path.name)
    if not header.tokenizer:
        raise ModelUnusable("gguf-no-language-model", name=path.name)
    return replace(model, shape=model_shape.shape(header))


def name_of(header: gguf.Header) -> str:
    """What people know a model by; what goes along with one is called as its file."""
    if header.kind != "model" or header.architecture == "clip":
        return model_names.stem(header.path.name)
    if model_names.is_hash(model_names.stem(header.path.name)) and (called := ollama.name_of(header.path)):
        return called
    return model_names.model_name(header.values, header.path.name)


def _begin(path: Path) -> bytes:
    try:
        if not path.is_file():
            if path.exists():
                raise ModelUnusable("model-no-file", name=path.name)
            raise NoModel("model-path-missing", name=path.name)
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        why = error.strerror or str(error)
        raise NoModel("model-path-unreadable", name=path.name, why=why) from None


def _known_beginning(begin: bytes) -> str:
    """Which of what people have instead of a model it is; "" if none."""
    if not begin:
        return "model-empty"
    start = begin.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((reason for sign, reason in _BEGINNINGS if start.startswith(sign)), "")


def _something_else(path: Path, begin: bytes) -> ModelUnusable:
    reason = _known_beginning(begin)
    if reason:
        return ModelUnusable(reason, name=path.name)
    if path.suffix == ".safetensors" or (begin[8:9] == b"{" and int.from_bytes(begin[:8], "little") < 2**28):
        return ModelUnusable("model-is-safetensors", name=path.name)
    if path.suffix.lower() in (".pt", ".pth", ".ckpt", ".tflite", ".h5"):
        return ModelUnusable("model-form-unused", name=path.name, form=path.suffix.lower())
    return ModelUnusable("model-unknown", name=path.name)
