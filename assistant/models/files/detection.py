"""What a file or a folder is: which model, for which engine, and which files belong to it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import ModelError, ModelUnusable, NoModel
from assistant.jobs import CancelToken
from assistant.models.files import gguf, model_folders, model_shape, ollama
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind

_PROBLEM_FOLDERS = {"node_modules", "__pycache__", "$recycle.bin", "system volume information"}
_HASH = re.compile(r"(sha256-)?[0-9a-f]{32,}$")
_PART_OF_NAME = re.compile(r"-\d{5}-of-\d{5}$")

_UNFINISHED = {
    ".part", ".partial", ".crdownload", ".download", ".incomplete", ".aria2", ".!ut", ".opdownload", ".tmp",
}  # fmt: skip
"""How programs that download call what they have not finished."""

_EMBEDDERS = {
    "bert", "nomic-bert", "nomic-bert-moe", "jina-bert-v2", "jina-bert-v3", "modern-bert", "neo-bert",
    "eurobert", "gemma-embedding", "t5encoder",
}  # fmt: skip
_NO_LANGUAGE_MODEL = (
    "it is no language model",
    "Chat needs a language model in the GGUF form; pictures, voices and music are not made here.",
)

_BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"version https://git-lfs", "it is a note of Git LFS that stands for the model, not the model itself",
     "Get the file itself, for instance with “git lfs pull”."),
    (b"<!doctype html", "it is a web page, not a model", "Download the model again, from its files' list."),
    (b"<html", "it is a web page, not a model", "Download the model again, from its files' list."),
    (b"lmgg", "it is a model for whisper.cpp or an old llama.cpp",
     "Get it in the CTranslate2 form for speech (a folder with model.bin), or in the GGUF form for chat."),
    (b"tjgg", "it is a model for an old llama.cpp", "Get it in the GGUF form."),
    (b"\x80\x02", "it is in PyTorch's form, which may hold a program",
     "Get the model in the GGUF form for chat, or as a folder with safetensors for documents."),
    (b"7z\xbc\xaf", "it is an archive of a kind that is not unpacked here", "Unpack it and add the folder."),
    (b"rar!", "it is an archive of a kind that is not unpacked here", "Unpack it and add the folder."),
    (b"\x1f\x8b", "it is an archive of a kind that is not unpacked here", "Unpack it and add the folder."),
    (b"\xfd7zxz", "it is an archive of a kind that is not unpacked here", "Unpack it and add the folder."),
    (b"%pdf", "it is a document, not a model", "Add documents on the Documents page."),
)  # fmt: skip
"""What people have instead of a model, by how it begins in small letters."""


def recognise(path: Path) -> DetectedModel:
    """The one model that this file or folder is.

    Raises:
        NoModel: it is not there, cannot be read, or a part of it is missing.
        ModelUnusable: it is something else, or damaged; says what.
    """
    if path.is_dir():
        found = model_folders.recognise(path)
        if found is None:
            raise ModelUnusable(
                f"There is no model in the folder {path.name}.",
                "Choose a folder that holds GGUF files, or a model for speech, translation or documents.",
            )
        return found
    begin = _begin(path)
    if path.suffix.lower() in _UNFINISHED:
        raise gguf.unusable(path, "it is a download that has not finished", "Let it finish first.")
    if begin.startswith(b"GGUF") or path.suffix.lower() == ".gguf":
        return _gguf(path)
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
        yield from _ggufs(Path(entry) for entry in entries if entry.name.lower().endswith(".gguf"))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return (
            entry.is_dir() and not entry.name.startswith(".") and entry.name.lower() not in _PROBLEM_FOLDERS
        )
    except OSError:
        return False


def _ggufs(paths: Iterator[Path]) -> Iterator[DetectedModel | tuple[Path, ModelError]]:
    seen: set[Path] = set()
    for path in paths:
        first = gguf.parts(path)[0]
        if first in seen:
            continue
        seen.add(first)
        try:
            yield recognise(path)
        except ModelError as error:
            yield path, error


# --- single files ------------------------------------------------------------------------------------------


def _gguf(path: Path) -> DetectedModel:
    header = gguf.read(path)
    parts = gguf.parts(path)
    model = DetectedModel(
        ModelKind.CHAT,
        _name(header),
        path.parent,
        tuple(part.name for part in parts),
        main=parts[0].name,
        architecture=header.architecture,
    )
    if header.kind == "adapter":
        note = f"Goes on top of a chat model of the architecture {header.architecture}."
        return replace(model, kind=ModelKind.ADAPTER, note=note)
    if header.kind == "mmproj" or header.architecture == "clip":
        note = "Lets the chat model that it belongs to see pictures."
        return replace(model, kind=ModelKind.PROJECTOR, note=note)
    if header.architecture in _EMBEDDERS or header.number("pooling_type"):
        raise gguf.unusable(
            path,
            "it is a model for embedding in the GGUF form",
            "Get it as a sentence-transformers folder (with modules.json and safetensors).",
        )
    if not header.tensors:
        raise gguf.unusable(path, "it holds a vocabulary and nothing else")
    if not header.tokenizer:
        raise gguf.unusable(path, *_NO_LANGUAGE_MODEL)
    return replace(model, shape=model_shape.shape(header))


def _name(header: gguf.Header) -> str:
    """As the file is called, which says more than its header; unless that is a hash."""
    stem = _PART_OF_NAME.sub("", header.path.name.removesuffix(".gguf"))
    if not _HASH.fullmatch(stem):
        return stem
    return ollama.name_of(header.path) or next(gguf.names(header))


def _begin(path: Path) -> bytes:
    try:
        if not path.is_file():
            if path.exists():
                raise gguf.unusable(path, "it is no file")
            raise NoModel(f"There is no {path.name} here.", "Choose a file or a folder that exists.")
        with path.open("rb") as file:
            return file.read(1024)
    except OSError as error:
        raise NoModel(
            f"{path.name} cannot be read: {error.strerror or error}.",
            "Check that you may read it and that its disk is connected.",
        ) from None


def _something_else(path: Path, begin: bytes) -> ModelUnusable:
    if not begin:
        return gguf.unusable(path, "it is empty", "Copy or download it again.")
    start = begin.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for sign, what, hint in _BEGINNINGS:
        if start.startswith(sign):
            return gguf.unusable(path, what, hint)
    if path.suffix == ".safetensors" or (begin[8:9] == b"{" and int.from_bytes(begin[:8], "little") < 2**28):
        return model_folders.safetensors_alone(path)
    if path.suffix.lower() in (".pt", ".pth", ".ckpt", ".onnx", ".tflite", ".h5"):
        return gguf.unusable(
            path,
            f"models in the form {path.suffix.lower()} are not used here",
            "Get the model in the GGUF form for chat, or in the CTranslate2 form for speech and translation.",
        )
    return gguf.unusable(
        path,
        "it is not a model of any kind that is known here",
        "Chat models have names in .gguf; others are folders, zip files or .argosmodel files.",
    )
