"""What a person can choose: declared once with title and bounds, kept in one TOML file.

A file that cannot be read is put aside and a value that makes no sense is passed over; both are told in
`LoadedSettings.notices`. Nothing in this file can keep the program from starting.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeAlias

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import atomic_write
from assistant.error_messages import Detail
from assistant.errors import DiskFull, Problem, StorageError

Table: TypeAlias = dict[str, Any]
Migration: TypeAlias = Callable[[Table], Table]

MIGRATIONS: tuple[Migration, ...] = ()
"""Append only. `MIGRATIONS[n]` turns what version n + 1 wrote into what version n + 2 reads."""

# --- the settings ----------------------------------------------------------------------------------------


class ThemeChoice(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class _Group(BaseModel):
    """Assigning checks the bounds; `model_fields[name].title` and `.description` are what a form shows."""

    model_config = ConfigDict(validate_assignment=True, extra="forbid", use_attribute_docstrings=True)


class Appearance(_Group):
    theme: ThemeChoice = Field(default=ThemeChoice.SYSTEM, title="Theme")
    """Light, dark, or as the system has it."""


class Documents(_Group):
    results: int = Field(default=8, ge=1, le=100, title="Search results")
    """How many passages a search shows."""
    watch_folders: bool = Field(default=True, title="Watch added folders")
    """New, changed and deleted files in a folder that was added through the window are followed at once."""
    dismissed_languages: list[str] = Field(default_factory=list, title="Languages without advice")
    """Codes of languages for which no better model for searching is suggested any more."""


class KvType(StrEnum):
    F16 = "f16"
    Q8_0 = "q8_0"
    Q4_0 = "q4_0"


class Chat(_Group):
    """None stands for what the program chooses itself, from the model and this computer."""

    model: str = Field(default="", title="Model")
    """Path of the GGUF file that answers; empty until one is chosen."""
    assistant: str = Field(default="plain", title="Assistant")
    """Who answers in a new conversation."""
    context: int | None = Field(default=None, ge=256, le=1_048_576, title="Conversation memory (tokens)")
    """How much text the model sees at once; more takes more memory."""
    threads: int | None = Field(default=None, ge=1, le=256, title="Processor threads")
    """How many processor cores are used for an answer."""
    batch: int | None = Field(default=None, ge=16, le=8192, title="Batch size (tokens)")
    """How many tokens of a question are read at once."""
    flash_attention: bool | None = Field(default=None, title="Flash attention")
    """Needs less memory; most models support it."""
    kv_type: KvType | None = Field(default=None, title="Precision of the conversation memory")
    """q8_0 and q4_0 need half and a quarter of the memory of f16, and are slightly less exact."""
    gpu_layers: int | None = Field(default=None, ge=0, le=1000, title="Layers on the graphics card")
    """How much of the model runs on the graphics card; 0 for none."""
    first_word_seconds: float = Field(default=5.0, ge=0.5, le=3600, title="Wait for the first word (seconds)")
    """Older messages are shortened so that an answer begins within this time."""
    whole_context: bool = Field(default=False, title="Use the whole conversation memory")
    """Older messages are left out only when the memory is full, however long an answer takes to begin."""
    longest_answer: int = Field(default=1024, ge=16, le=131_072, title="Longest answer (tokens)")
    """An answer stops here and can be continued."""
    temperature: float | None = Field(default=None, ge=0, le=2, title="Temperature")
    """0 always takes the most likely word; higher values give more variety and more mistakes."""
    top_k: int | None = Field(default=None, ge=0, le=1000, title="Top k")
    """Only this many of the most likely words are considered; 0 for all."""
    top_p: float | None = Field(default=None, gt=0, le=1, title="Top p")
    """Only the most likely words that make up this share are considered."""
    min_p: float | None = Field(default=None, ge=0, le=1, title="Min p")
    """Words less likely than this share of the most likely one are left out."""
    repeat_penalty: float | None = Field(default=None, ge=0.5, le=2, title="Repeat penalty")
    """Above 1, words that were already used become less likely."""
    seed: int | None = Field(default=None, ge=0, le=4_294_967_295, title="Seed")
    """The same seed gives the same answer to the same conversation."""
    stop_words: list[str] = Field(default_factory=list, max_length=16, title="Stop words")
    """An answer stops before any of these; separate several with commas."""


class Speech(_Group):
    """How speech is recognised; the person's own words and replacements stand in a file of their own."""

    model: str = Field(default="", title="Speech model")
    """Path of the model's folder; empty for the best one that is here."""
    language: str = Field(default="", title="Spoken language")
    """A code such as "en"; empty to have it detected."""
    last_language: str = Field(default="", title="Language spoken last")
    """Taken for what is too short to tell its language."""
    live_words: bool = Field(default=True, title="Show words while you speak")
    """Where this computer is fast enough."""
    spoken_commands: bool = Field(default=True, title="Spoken commands")
    """“New line”, “comma” and the like are carried out instead of written."""
    silence_limit: int = Field(default=60, ge=5, le=3600, title="Stop after silence (seconds)")
    """A dictation ends when nobody has spoken for so long."""
    microphone: str = Field(default="", title="Microphone")
    """As the system calls it; empty for the system's own choice."""
    global_key: str = Field(default="", title="Global shortcut")
    """Dictates into the program that has the focus; empty for none. Press it for on and off, or hold it."""
    accuracy: int = Field(default=5, ge=1, le=10, title="Thoroughness")
    """Higher is a little more accurate and slower; 1 is quickest."""
    who_speaks: bool = Field(default=False, title="Identify speakers")
    """In recordings that are transcribed. Two more models are needed."""
    speakers: int = Field(default=0, ge=0, le=10, title="Number of speakers (0 to detect)")
    """How many people speak in a recording, if you know."""
    segmentation_model: str = Field(default="", title="Speaker segmentation model")
    """An ONNX file that hears where another person starts to speak; empty for any that is here."""
    embedding_model: str = Field(default="", title="Speaker embedding model")
    """An ONNX file that recognises a voice again; empty for any that is here."""


class Translation(_Group):
    """What the Translate page and the command line begin with."""

    engine: str = Field(default="", title="Translation model")
    """Path of the model that translates; empty to have the best one chosen for each pair of languages."""
    source: str = Field(default="", title="Translate from")
    """A code such as "en"; empty to have it detected."""
    target: str = Field(default="", title="Translate to")
    """A code such as "de"; empty until one is chosen."""
    formality: Literal["", "formal", "informal"] = Field(default="", title="Form of address")
    """Language models can address the reader formally or informally."""
    use_memory: bool = Field(default=True, title="Use earlier translations")
    """A sentence that was translated before is taken from the translation memory."""
    layout: Literal["translation", "below", "beside"] = Field(default="translation", title="Documents")
    """The translation alone, below each paragraph of the original, or in two columns."""


class Recognition(_Group):
    """How text in scanned pages and pictures is recognised."""

    languages: list[str] = Field(default_factory=list, title="Languages")
    """Codes such as "en" of the languages that your scans are in; empty to have them detected."""
    when: Literal["at_once", "idle", "mains", "off"] = Field(default="at_once", title="When to recognise")
    """As soon as the text of all documents is read, while nobody uses the computer, only on mains power, or
    never."""


class Downloads(_Group):
    """`assistant/models/download/bootstrap.py` reads `allowed` before anything else is loaded."""

    allowed: bool = Field(default=True, title="Allow downloads")
    """Models can be downloaded from the internet, each after you confirm it. Switching this on takes effect
    at the next start."""
    speed_limit: float = Field(default=0, ge=0, le=10_000, title="Speed limit (MB per second, 0 for none)")
    """Leaves bandwidth for other programs."""


class Settings(_Group):
    appearance: Appearance = Field(default_factory=Appearance, title="Appearance")
    documents: Documents = Field(default_factory=Documents, title="Documents")
    chat: Chat = Field(default_factory=Chat, title="Chat")
    speech: Speech = Field(default_factory=Speech, title="Speech")
    translation: Translation = Field(default_factory=Translation, title="Translation")
    recognition: Recognition = Field(default_factory=Recognition, title="Scans and pictures")
    downloads: Downloads = Field(default_factory=Downloads, title="Downloads")


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    settings: Settings
    notices: tuple[Problem, ...] = ()
    """What could not be used, and what was done instead."""


# --- reading -----------------------------------------------------------------------------------------------


def load(path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> LoadedSettings:
    """Read the settings; without a file, the defaults. Never raises."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except OSError as error:
        unread = _problem("settings-not-readable", file=str(path), why=error.strerror)
        return LoadedSettings(Settings(), (unread,))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return LoadedSettings(Settings(), (_put_aside(path, str(error)),))
    notices: list[Problem] = []
    table = _migrate(path, table, migrations, notices)
    return LoadedSettings(_checked(table, notices), tuple(notices))


def _problem(reason: str, **named: Detail) -> Problem:
    return Problem("settings", reason, named)


def _put_aside(path: Path, why: str) -> Problem:
    kept = atomic_write.unused(path, "broken")
    try:
        path.rename(kept)
    except OSError:
        return _problem("settings-damaged", file=str(path), why=why)
    return _problem("settings-damaged-and-kept", name=kept.name, why=why)


def _migrate(path: Path, table: Table, migrations: Sequence[Migration], notices: list[Problem]) -> Table:
    """The table as this version reads it, without its version; a changed file is kept for a way back."""
    current = len(migrations) + 1
    version = table.pop("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        notices.append(_problem("settings-version-unknown", version=repr(version)))
        return table
    if version == current:
        return table
    copy = path.with_name(f"{path.name}.v{version}")
    with suppress(OSError):
        shutil.copyfile(path, copy)
    if version > current:
        notices.append(_problem("settings-newer", name=copy.name))
        return table
    try:
        for migration in migrations[version - 1 :]:
            table = migration(table)
    except Exception as error:  # a step meets whatever a person may have written by hand
        notices.append(_problem("settings-not-migrated", name=copy.name, why=str(error)))
        return {}
    return table


def _checked(table: Table, notices: list[Problem]) -> Settings:
    """The settings in `table`; whatever does not fit is left out and told."""
    while True:
        try:
            return Settings.model_validate(table)
        except ValidationError as problem:
            wrong = {error["loc"]: error for error in problem.errors()}
        for place, error in wrong.items():
            _remove(table, place)
            name, what = ".".join(str(part) for part in place), error["msg"]
            if error["type"] == "extra_forbidden":
                notices.append(_problem("no-such-setting", name=name))
            else:
                notices.append(_problem("setting-impossible", name=name, why=f"{what[0].lower()}{what[1:]}"))


def _remove(table: Table, place: tuple[int | str, ...]) -> None:
    for key in place[:-1]:
        table = table[str(key)]
    del table[str(place[-1])]


# --- writing -----------------------------------------------------------------------------------------------


def save(settings: Settings, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Write the settings so that a crash leaves either the old file or the new one.

    A settings file that is a symbolic link stays one; what it points to is replaced.

    Raises:
        DiskFull: there is no space left; the old file is untouched.
        StorageError: the folder cannot be written.
    """
    target = path.resolve()
    # TOML has no word for None: what is left out is chosen by the program.
    values = settings.model_dump(mode="json", exclude_none=True)
    content = tomli_w.dumps({"version": len(migrations) + 1, **values})
    try:
        atomic_write.write(target, content, private=True)
    except OSError as error:
        if atomic_write.disk_is_full(error):
            raise DiskFull("settings-not-saved-disk-full") from error
        raise StorageError("settings-not-saved", file=str(path), why=error.strerror) from error
