"""Where real models are: what `make starter` brought, and others in `~/.cache/real-models`."""

from __future__ import annotations

import os
from pathlib import Path

FOLDERS = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "offline-assistant" / "models",
    Path.home() / ".cache" / "real-models",
)
ABSENT = "there is no real model; `make starter` brings two"


def real_model(name: str) -> Path:
    """The folder of a model; where it is not here, that where it would be."""
    return next((folder / name for folder in FOLDERS if (folder / name).is_dir()), FOLDERS[0] / name)


def chat_models() -> list[Path]:
    """All files of chat models, each model once."""
    found = {path.parent.name: path for folder in reversed(FOLDERS) for path in folder.glob("*/*.gguf")}
    return [found[name] for name in sorted(found)]
