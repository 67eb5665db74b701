"""Where Ollama keeps its models: manifests, which have the names, and blobs, which are GGUF files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

_GGUF_LAYERS = (
    "application/vnd.ollama.image.model",
    "application/vnd.ollama.image.adapter",
    "application/vnd.ollama.image.projector",
)
"""Media types of layers that are GGUF files."""
_MANIFESTS = ("manifests", "manifest-v2")
"""Folders of manifests."""
_LARGEST_MANIFEST = 1 << 20
"""Bytes."""
_MOST = 5_000
"""Manifests that are read in a folder."""


def models(root: Path) -> Iterator[tuple[str, Path]]:
    """Names such as "llama3.2:1b" and the blobs that they mean, below Ollama's `models` folder."""
    for name, layers in _read(root):
        for kind, digest in layers:
            if kind in _GGUF_LAYERS:
                yield name, root / "blobs" / digest.replace(":", "-")


def name_of(blob: Path) -> str:
    """What Ollama calls a file of its blobs; "" where it is none."""
    if blob.parent.name != "blobs":
        return ""
    return next((name for name, path in models(blob.parent.parent) if path.name == blob.name), "")


def _read(root: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for folder in _MANIFESTS:
        # The host, who made it, the model, the tag.
        for path in sorted(islice((root / folder).glob("*/*/*/*"), _MOST)):
            with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
                if not path.is_file() or path.stat().st_size > _LARGEST_MANIFEST:
                    continue
                manifest: Any = json.loads(path.read_bytes())
                layers = [(str(each["mediaType"]), str(each["digest"])) for each in manifest["layers"]]
                maker = path.parent.parent.name
                model = f"{path.parent.name}:{path.name}"
                safe = [layer for layer in layers if _is_digest(layer[1])]
                yield (model if maker == "library" else f"{maker}/{model}"), safe


def _is_digest(text: str) -> bool:
    kind, _, value = text.partition(":")
    return kind == "sha256" and len(value) == 64 and value.isalnum()
