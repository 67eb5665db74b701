"""The folder that an embedder runs from: what it says of itself, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import StorageError

BUILTIN_ID, BUILTIN_NAME = "all-minilm-l6-v2", "all-MiniLM-L6-v2"
"""The built-in embedder's: in the catalogue, and that of its folder and its vectors."""
MANIFEST = "embedder.json"
POOLINGS = ("mean", "cls")
FEWEST_TOKENS, MOST_TOKENS = 8, 8192
"""What a model may read at once."""
FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.json")


@dataclass(frozen=True, slots=True)
class EmbedderManifest:
    """What must be known of a converted model, kept beside it."""

    name: str
    dimension: int
    max_tokens: int
    """What the model reads of a text, the marks at its ends included."""
    pooling: str
    """ "mean" of all tokens, or "cls": the first one."""
    question_prefix: str
    passage_prefix: str
    quantization: str
    """How the weights are kept: CTranslate2's name for it. Vectors of two kinds are not quite the same."""
    source: str
    """What it was made from: the weights' SHA-256, or `fingerprint` of that and what else counts."""
    files: dict[str, str]
    """SHA-256 by name."""
    id: str = ""
    """Of the model in the library that it was made from; "" for the built-in one."""
    title: str = ""
    """What people call it."""
    languages: tuple[str, ...] = ()
    added: float = 0.0
    """When that model came into the library."""


def stated(folder: Path) -> EmbedderManifest:
    """The manifest of a folder, without a look at its other files.

    Raises:
        StorageError: it is missing or damaged.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text("utf-8"))
        digest = values.pop("sha256")
        manifest = EmbedderManifest(**values | {"languages": tuple(values.get("languages", ()))})
        whole = digest == _digest(values) and _sensible(manifest)
    except (OSError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise StorageError("sentence-model-unusable", folder=str(folder), reason=str(error)) from error
    if not whole:
        raise StorageError("sentence-model-damaged", file=str(folder))
    return manifest


def _sensible(manifest: EmbedderManifest) -> bool:
    """Whether a model can be run by it: a manifest may come from another computer."""
    texts = (manifest.question_prefix, manifest.passage_prefix, manifest.quantization, manifest.id)
    return (
        all(isinstance(text, str) for text in (*texts, manifest.title, *manifest.languages))
        and manifest.pooling in POOLINGS
        and MOST_TOKENS >= manifest.max_tokens >= FEWEST_TOKENS
        and manifest.dimension > 0
        and Path(manifest.name).name == manifest.name
    )


def checked(folder: Path) -> EmbedderManifest:
    """The manifest of a folder whose files are what it says.

    Raises:
        StorageError: something is missing or damaged.
    """
    manifest = stated(folder)
    try:
        whole = all(sha256(folder / name) == manifest.files[name] for name in FILES)
    except (OSError, LookupError, TypeError) as error:
        raise StorageError("sentence-model-unusable", folder=str(folder), reason=str(error)) from error
    if not whole:
        raise StorageError("sentence-model-damaged", file=str(folder))
    return manifest


def seal(folder: Path, manifest: EmbedderManifest) -> None:
    """Write the manifest with the hashes of what lies in the folder."""
    files = {name: sha256(folder / name) for name in FILES}
    values = asdict(manifest) | {"files": files}
    (folder / MANIFEST).write_text(json.dumps(values | {"sha256": _digest(values)}, indent=1), "utf-8")


def fingerprint(*parts: object) -> str:
    """Of all that makes vectors what they are: the weights' SHA-256, the prefixes and so on."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
