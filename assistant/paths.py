"""Where the program keeps what it keeps. `OFFLINE_ASSISTANT_HOME` moves all of it."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

HOME_VARIABLE = "OFFLINE_ASSISTANT_HOME"
"""Moves all user data."""
DOCUMENTS_FILE = "documents.sqlite3"
"""In the folder of documents: the store."""


def home() -> Path:
    """The folder of all user data; it may not exist yet."""
    chosen = os.environ.get(HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs  # here: the courier's process has nothing but the standard library

    return Path(platformdirs.user_data_dir("offline-assistant", appauthor=False))


def settings_file() -> Path:
    return home() / "settings.toml"


def window_file() -> Path:
    """The window's place on the screen; it can be deleted."""
    return home() / "window"


def folders_file() -> Path:
    """Where the window's file dialogs ended; it can be deleted."""
    return home() / "folders.json"


def lock_file() -> Path:
    return home() / "lock"


def documents_folder() -> Path:
    """The document store: `documents.sqlite3`, the truth, and `vectors/`, which can be rebuilt from it."""
    return home() / "documents"


def chat_folder() -> Path:
    """What the chat engine keeps to be quicker the next time; it can be deleted."""
    return home() / "chat"


def history_file() -> Path:
    """The conversations; nothing else holds them."""
    return home() / "history.sqlite3"


def chat_pictures_folder() -> Path:
    """The pictures in conversations; nothing else holds them."""
    return home() / "chat_pictures"


def assistants_file() -> Path:
    """The person's own assistants."""
    return home() / "assistants.json"


def speech_folder() -> Path:
    """Recordings, transcripts, and the person's own words; nothing else holds them."""
    return home() / "speech"


def models_folder() -> Path:
    """Models that were brought or got, what is known of them, and what they took on this computer."""
    return home() / "models"


def embedders_folder() -> Path:
    """Models that were converted to search documents with; they can be made again."""
    return home() / "embedders"


def transcripts_file() -> Path:
    return speech_folder() / "transcripts.sqlite3"


def transcripts_folder() -> Path:
    """What is said in the transcripts, for the documents' search; it is written anew with each change."""
    return speech_folder() / "transcripts"


def translation_folder() -> Path:
    """The glossary, what was translated before, and the documents that are translated."""
    return home() / "translation"


def logs_folder() -> Path:
    return home() / "logs"


@cache
def resources() -> Path:
    """The folder of what is shipped with the program: handbook, icons, style.

    It lies inside the package in an installed wheel, and beside it in a checkout and in the frozen program.
    """
    package = Path(__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
