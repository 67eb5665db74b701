"""Models that are on this computer already: in other programs' folders, and where people put downloads."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from assistant.errors import ModelError
from assistant.jobs import CancelToken, Progress
from assistant.models.files import ollama
from assistant.models.files.detection import Limits, look_through, recognise
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import DiscoveredModel

_LIMITS = Limits(depth=7, entries=30_000)
_FORMER_HOME = "Offline Assistant"
"""Name of where this program kept models once."""
_SECONDS = 60.0
"""For all places together."""


@dataclass(frozen=True, slots=True)
class SearchPlace:
    where: str
    """Whose folder it is."""
    path: Path
    blobs: bool = False
    """It is Ollama's, where names and files lie apart."""


def places(
    own: Path,
    *,
    platform: str = sys.platform,
    home: Path | None = None,
    env: Mapping[str, str] = os.environ,
) -> list[SearchPlace]:
    """Where models may be on this system, those that exist; `own` is the library's folder."""
    found: dict[Path, SearchPlace] = {}
    own = own.resolve()
    for place in _candidates(platform, home or Path.home(), env):
        with suppress(OSError, RuntimeError):
            path = place.path.resolve()
            ours = path.is_relative_to(own) or (place.where == _FORMER_HOME and own.is_relative_to(path))
            if path.is_dir() and not ours:
                found.setdefault(path, SearchPlace(place.where, path, place.blobs))
    return list(found.values())


def _candidates(platform: str, home: Path, env: Mapping[str, str]) -> Iterator[SearchPlace]:
    for name, where, inside in (
        ("OLLAMA_MODELS", "Ollama", ""),
        ("LLAMA_CACHE", "llama.cpp", ""),
        ("HF_HUB_CACHE", "Hugging Face", ""),
        ("HF_HOME", "Hugging Face", "hub"),
        ("ARGOS_PACKAGES_DIR", "Argos Translate", ""),
        ("BUZZ_MODEL_ROOT", "Buzz", ""),
    ):
        if env.get(name):
            yield SearchPlace(where, Path(env[name], inside), blobs=where == "Ollama")

    data, cache, config = _folders(platform, home, env)
    yield SearchPlace("Ollama", home / ".ollama" / "models", blobs=True)
    if platform.startswith("linux"):
        for path in ("/usr/share/ollama/.ollama/models", "/var/snap/ollama/common/models"):
            yield SearchPlace("Ollama", Path(path), blobs=True)
    pointer = home / ".lmstudio-home-pointer"
    with suppress(OSError, ValueError):
        yield SearchPlace("LM Studio", Path(pointer.read_text(encoding="utf-8").strip(), "models"))
    yield SearchPlace("LM Studio", home / ".lmstudio" / "models")
    yield SearchPlace("LM Studio", home / ".cache" / "lm-studio" / "models")
    yield SearchPlace("GPT4All", data / "nomic.ai" / "GPT4All")
    for folder in (data, config):
        yield SearchPlace("Jan", folder / "Jan" / "data" / "llamacpp" / "models")
        yield SearchPlace("Jan", folder / "Jan" / "data" / "models")
    yield SearchPlace("Jan", home / "jan" / "models")
    yield SearchPlace("AnythingLLM", config / "anythingllm-desktop" / "storage" / "models")
    yield SearchPlace("llama.cpp", cache / "llama.cpp")
    yield SearchPlace("Hugging Face", home / ".cache" / "huggingface" / "hub")
    yield SearchPlace("sentence-transformers", home / ".cache" / "torch" / "sentence_transformers")
    yield SearchPlace("text-generation-webui", home / "text-generation-webui" / "user_data" / "models")
    yield SearchPlace("text-generation-webui", home / "text-generation-webui" / "models")
    yield SearchPlace("Buzz", cache / "Buzz" / "models")
    yield SearchPlace("Buzz", cache / "Buzz" / "Buzz" / "Cache" / "models")  # as Windows has it
    yield SearchPlace("Argos Translate", home / ".local" / "share" / "argos-translate" / "packages")
    if platform.startswith("linux"):
        flatpak = home / ".var" / "app"
        yield SearchPlace("Jan", flatpak / "ai.jan.Jan" / "data" / "Jan" / "data" / "llamacpp" / "models")
        yield SearchPlace("GPT4All", flatpak / "io.gpt4all.gpt4all" / "data" / "nomic.ai" / "GPT4All")
        yield SearchPlace("Speech Note", flatpak / "net.mkiol.SpeechNote" / "cache" / "net.mkiol" / "dsnote")
        yield SearchPlace("Speech Note", cache / "net.mkiol" / "dsnote")
    yield SearchPlace(_FORMER_HOME, data / "offline-assistant" / "models")
    yield SearchPlace("Models", home / "models")
    yield SearchPlace("Models", home / "Models")
    yield SearchPlace("Downloads", home / "Downloads")
    if home == Path.home():
        yield SearchPlace("Downloads", Path(platformdirs.user_downloads_dir()))


def _folders(platform: str, home: Path, env: Mapping[str, str]) -> tuple[Path, Path, Path]:
    """Where programs keep data, what can be made again, and settings."""
    if platform == "win32":
        local = Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local")
        return local, local, Path(env.get("APPDATA") or home / "AppData" / "Roaming")
    if platform == "darwin":
        support = home / "Library" / "Application Support"
        return support, home / "Library" / "Caches", support
    return (
        Path(env.get("XDG_DATA_HOME") or home / ".local" / "share"),
        Path(env.get("XDG_CACHE_HOME") or home / ".cache"),
        Path(env.get("XDG_CONFIG_HOME") or home / ".config"),
    )


def discover(
    looked_at: Sequence[SearchPlace],
    token: CancelToken,
    report: Callable[[Any], None],
    seconds: float = _SECONDS,
) -> tuple[DiscoveredModel, ...]:
    """The models in these places that can be used, each once however many names it has.

    Raises:
        Cancelled: the person stopped it.
    """
    deadline = time.monotonic() + seconds
    found: dict[tuple[int, int], DiscoveredModel] = {}
    for number, place in enumerate(looked_at):
        report(Progress(f"Looking at the models of {place.where}", number, len(looked_at)))
        for model in _in(place, token):
            token.raise_if_cancelled()
            with suppress(OSError):
                status = (model.base / (model.main or model.files[0])).stat()
                known = DiscoveredModel(str(model.path), model.name, model.kind, model.size, place.where)
                found.setdefault((status.st_dev, status.st_ino), known)
            if time.monotonic() > deadline:
                return tuple(found.values())
    return tuple(found.values())


def _in(place: SearchPlace, token: CancelToken) -> Iterator[DetectedModel]:
    if place.blobs:
        for _, blob in ollama.models(place.path):
            with suppress(ModelError):
                yield recognise(blob)
        return
    for each in look_through(place.path, token, _LIMITS):
        if isinstance(each, DetectedModel):
            yield each
