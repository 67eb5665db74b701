"""The models that can be got: resources/models.json.

Every fact in it has a source; the entry names them. A file whose size or hash no source states has none: then
`size` is computed, and the hash is recorded at the first download.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import DamagedStore
from assistant.models.catalog import architecture
from assistant.models.catalog.records import CatalogEntry, EmbedderFacts, Licence, ModelFile, Task
from assistant.models.files.projectors import USUALLY_WORKING
from assistant.models.files.records import ModelKind

VERSION = 1
"""Of the file's form."""

_BYTES = {"int8": 1, "float16": 2, "float32": 4}
"""Of a weight, by the quantisation of models that are not for chat."""

_MIB = 2**20
_ENGINE_MEMORY = {
    ModelKind.SPEECH: 512 * _MIB,
    ModelKind.TRANSLATION: 512 * _MIB,
    ModelKind.EMBEDDING: 600 * _MIB,
    ModelKind.RERANKING: 600 * _MIB,
}
"""Bytes that an engine takes beside the weights, measured: of faster-whisper's own table (README.md), 995 MB
for a file of 484 MB; M2M100 418M on CTranslate2, 971 MB for 491 MB; all-MiniLM-L6-v2 on torch, 700 MB for
91 MB."""

_WRONG = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading a damaged file can meet."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def load(path: Path) -> tuple[CatalogEntry, ...]:
    """All models that can be got, in the file's order.

    Raises:
        DamagedStore: the file is not there, or something in it is wrong.
    """
    where = ""
    try:
        found = json.loads(path.read_bytes())
        if found["version"] != VERSION:
            raise ValueError(f"version {found['version']}")
        licences = {key: Licence(**licence) for key, licence in found["licences"].items()}
        entries: dict[str, CatalogEntry] = {}
        for one in found["models"]:
            where = str(one.get("id", ""))
            if where in entries:
                raise ValueError("there twice")
            entries[where] = _entry(one, licences)
        return tuple(entries.values())
    except _WRONG as error:
        why = f"{type(error).__name__}: {error}"
        raise DamagedStore("catalogue-damaged", file=str(path), model=where, why=why) from error


def _entry(one: Mapping[str, Any], licences: Mapping[str, Licence]) -> CatalogEntry:
    kind = ModelKind(one["kind"])
    files = tuple(_file(file) for file in one["files"])
    known = all(file.size for file in files if _has_weights(file.name))
    projector = _projector(one, files)
    shape = None
    if kind is ModelKind.CHAT:
        memory = projector + USUALLY_WORKING if projector else 0
        shape = architecture.shape(one["shape"], one["quantisation"], files[0].size, memory)
        size = sum(file.size for file in files) if known else shape.weights + projector
    elif known:
        size = sum(file.size for file in files)
    else:
        size = one.get("size") or one["parameters"] * _BYTES[one["quantisation"]]
    entry = CatalogEntry(
        id=one["id"],
        name=one["name"],
        maker=one["maker"],
        kind=kind,
        tasks=tuple(Task(task) for task in one["tasks"]),
        languages=tuple(one["languages"]),
        licence=licences[one["licence"]],
        source=one["source"],
        released=one["released"],
        files=files,
        size=size,
        parameters=one["parameters"],
        active_parameters=one.get("active_parameters", one["parameters"]),
        quantisation=one["quantisation"],
        about=one["about"],
        shape=shape,
        memory=0 if shape else size + _ENGINE_MEMORY[kind],
        embedder=EmbedderFacts(**one["embedder"]) if kind is ModelKind.EMBEDDING else None,
        sources=tuple(one["sources"]),
    )
    _check(entry)
    return entry


def _file(one: Mapping[str, Any]) -> ModelFile:
    return ModelFile(one["name"], one["address"], one.get("size", 0), one.get("sha256", ""))


def _has_weights(name: str) -> bool:
    """The others are small."""
    return name.endswith((".gguf", ".bin", ".safetensors", ".argosmodel"))


def _projector(one: Mapping[str, Any], files: Sequence[ModelFile]) -> int:
    """Bytes of the file that sees pictures; 0 where there is none."""
    if "projector" not in one:
        return 0
    sizes = {file.name: file.size for file in files}
    return sizes[one["projector"]] or one.get("projector_parameters", 0) * _BYTES["float16"]


def _check(entry: CatalogEntry) -> None:
    """Raises ValueError, which says what is wrong."""
    texts = (entry.id, entry.name, entry.maker, entry.about, " ".join(entry.sources))
    _demand(all(texts), "a text is missing")
    _demand(bool(entry.files and entry.tasks and entry.languages), "files, tasks or languages are missing")
    _demand(all(map(_LANGUAGE.fullmatch, entry.languages)), "a language is no code")
    _demand(not entry.released or bool(_MONTH.fullmatch(entry.released)), "released is no month")
    _demand(entry.source.startswith("https://"), "the source is no address")
    _demand(entry.size > 0, "there is no size")
    shape = entry.shape
    _demand(shape is None or bool(shape.layers and shape.trained_context), "the shape is empty")
    _demand(0 <= entry.active_parameters <= entry.parameters, "more parameters work than there are")
    for file in entry.files:
        _demand(bool(file.name) and file.address.startswith("https://"), "a file has no name or no address")
        _demand(file.size >= 0, "a file has no size")
        _demand(not file.sha256 or bool(_SHA256.fullmatch(file.sha256)), "a hash is no SHA-256")


def _demand(holds: bool, wrong: str) -> None:
    if not holds:
        raise ValueError(wrong)
