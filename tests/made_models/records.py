"""Records of models to reckon with: the shape of one that everybody knows, and an entry of the catalogue."""

from __future__ import annotations

from typing import Any

from assistant.models.catalog.records import CatalogEntry, Licence, ModelFile, Task
from assistant.models.files.records import Attention, ModelKind, Shape

MB = 2**20

LLAMA3_8B = Shape(
    architecture="llama",
    layers=32,
    embedding=4096,
    heads=32,
    feed_forward=14336,
    vocabulary=128256,
    trained_context=8192,
    attention=(Attention(32, 1024, 1024),),
    weights=4912 * MB,
    input_weights=282 * MB,
    output_weights=411 * MB,
    types=(("q4_K", 3900 * MB), ("q6_K", 1012 * MB)),
    head=128,
)


def entry(*files: ModelFile, **changes: Any) -> CatalogEntry:
    """A chat model that has these files."""
    values: dict[str, Any] = {
        "id": "small",
        "name": "Small",
        "maker": "Maker",
        "kind": ModelKind.CHAT,
        "tasks": (Task.CHAT,),
        "languages": ("en",),
        "licence": Licence("Apache-2.0", True),
        "source": "https://huggingface.co/maker/small",
        "released": "2025-01",
        "files": files,
        "size": sum(file.size for file in files),
        "parameters": 1,
        "active_parameters": 1,
        "quantisation": "Q4_0",
        "about": "A small one.",
    }
    return CatalogEntry(**{**values, **changes})
