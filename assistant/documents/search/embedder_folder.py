"""The folder that an embedder runs from: what it says of itself, and whether it is whole."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import StorageError

MANIFEST = "embedder.json"
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
    """SHA-256 of the weights that it was made from."""
    files: dict[str, str]
    """SHA-256 by name."""


def checked(folder: Path) -> EmbedderManifest:
    """The manifest of a folder whose files are what it says.

    Raises:
        StorageError: something is missing or damaged.
    """
    try:
        stated = json.loads((folder / MANIFEST).read_text("utf-8"))
        digest = stated.pop("sha256")
        manifest = EmbedderManifest(**stated)
        whole = digest == _digest(stated) and all(
            _sha256(folder / name) == manifest.files[name] for name in FILES
        )
    except (OSError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
        raise StorageError("sentence-model-unusable", folder=str(folder), reason=str(error)) from error
    if not whole:
        raise StorageError("sentence-model-damaged", file=str(folder))
    return manifest


def seal(folder: Path, manifest: EmbedderManifest) -> None:
    """Write the manifest with the hashes of what lies in the folder."""
    files = {name: _sha256(folder / name) for name in FILES}
    stated = asdict(manifest) | {"files": files}
    (folder / MANIFEST).write_text(json.dumps(stated | {"sha256": _digest(stated)}, indent=1), "utf-8")


def _digest(stated: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
