"""Tesseract's language files (*.traineddata), by what stands in them.

Each is many files in one, at the places that its head lists (src/ccutil/tessdatamanager.h in Tesseract).
"""

from __future__ import annotations

import re
import struct
from pathlib import Path

from assistant import languages, paths
from assistant.errors import ModelUnusable, NoModel
from assistant.models.files.model_folders import DetectedModel
from assistant.models.files.records import ModelKind

SUFFIX = ".traineddata"
ORIENTATION = "osd"
"""The file that tells how a page lies, and in which script."""

_NO_LANGUAGE = {ORIENTATION, "equ", "snum"}
_OWN_CODES = {"chi": "zh", "frk": "de", "kmr": "ku", "dan_frak": "da", "deu_frak": "de", "slk_frak": "sk"}
"""Where Tesseract's code is not that of ISO 639."""

_MOST_ENTRIES = 64
"""Versions up to 5 know 24."""
_SHAPES, _NETWORK, _VERSION = 3, 17, 23
"""Places in the list: what tells shapes apart, as the direction of a page needs it; the network that reads
lines; and a word on who made the file."""
_LONGEST_VERSION = 1000
_NAME = re.compile(r"[A-Za-z]{2,}(_[A-Za-z]+)*")


def recognise(path: Path) -> DetectedModel:
    """
    Raises:
        NoModel: the file cannot be read.
        ModelUnusable: it is damaged, or of a kind that is not used.
    """
    name = path.name[: -len(SUFFIX)] if path.name.lower().endswith(SUFFIX) else path.stem
    entries, version = _read(path)
    needed = _SHAPES if name == ORIENTATION else _NETWORK
    if needed not in entries:
        raise ModelUnusable("language-file-too-old", name=path.name)
    made_for = version.split(":")[1] if version.count(":") else ""
    mine, told = language_of(name), language_of(made_for)
    if not _NAME.fullmatch(name) or (mine and told and mine != told):
        right = (made_for if _NAME.fullmatch(made_for) else "deu") + SUFFIX
        raise ModelUnusable("language-file-misnamed", name=path.name, right=right)
    return DetectedModel(
        ModelKind.RECOGNITION,
        _called(name),
        path.parent,
        (path.name,),
        main=path.name,
        architecture="tesseract",
        languages=(mine,) if mine else (),
    )


def builtin_folder() -> Path:
    """Of those that came along."""
    return paths.resources() / "tessdata"


def builtin_languages() -> tuple[str, ...]:
    """ISO 639-1 codes of those that came along, by the languages' names."""
    found = {language_of(path.stem) for path in builtin_folder().glob("*" + SUFFIX)} - {""}
    return tuple(sorted(found, key=languages.name))


def language_of(name: str) -> str:
    """ISO 639-1 (or 639-2) of a language file, without its suffix; "" for a script, and for orientation."""
    if name in _NO_LANGUAGE or name[:1].isupper():
        return ""
    code = name.partition("_")[0]
    return _OWN_CODES.get(name) or _OWN_CODES.get(code) or languages.plain(code)


def _called(name: str) -> str:
    """ "German (deu)": there may be several for one language."""
    if name == ORIENTATION:
        return "Direction of pages (osd)"
    if language := language_of(name):
        return f"{languages.name(language)} ({name})"
    return f"{name.replace('_', ' ')} script"


def _read(path: Path) -> tuple[set[int], str]:
    """The places of the list that hold something, and the word on who made it."""
    damaged = ModelUnusable("language-file-damaged", name=path.name)
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            (count,) = struct.unpack("<i", _exactly(file.read(4), 4))
            if not 0 < count <= _MOST_ENTRIES:
                raise damaged
            offsets = struct.unpack(f"<{count}q", _exactly(file.read(8 * count), 8 * count))
            begins = [offset for offset in offsets if offset != -1]
            if not begins or begins != sorted(begins) or begins[0] < 4 + 8 * count or begins[-1] > size:
                raise damaged
            version = b""
            if count > _VERSION and offsets[_VERSION] != -1:
                file.seek(offsets[_VERSION])
                version = file.read(_LONGEST_VERSION)
    except OSError as error:
        why = error.strerror or str(error)
        raise NoModel("model-path-unreadable", name=path.name, why=why) from None
    except ValueError:
        raise damaged from None
    return {place for place, offset in enumerate(offsets) if offset != -1}, version.decode("utf-8", "replace")


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise ValueError
    return data
