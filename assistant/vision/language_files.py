"""Tesseract's language files that are here: those that came along, and those that the person brought."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.models.files.records import ModelKind
from assistant.models.files.tesseract_files import SUFFIX, builtin_folder, language_of
from assistant.models.library.model_store import listed
from assistant.vision.records import RecognitionLanguage

_SCRIPTS = {
    "Latin": "af az br bs ca ceb co cs cy da de en eo es et eu fi fil fo fr fy ga gd gl hr ht hu id is it jv "
    "la lb lt lv mi ms mt nl no oc pl pt qu ro sk sl sq su sv sw tl to tr uz vi yo",
    "Cyrillic": "be bg kk ky mk mn ru sr tg tt uk",
    "Arabic": "ar fa ku ps sd ug ur",
    "Devanagari": "hi mr ne sa",
    "Han": "zh",
    "Japanese": "ja",
    "Korean": "ko",
    "Greek": "el grc",
    "Hebrew": "he yi",
    "Bengali": "as bn",
    "Ethiopic": "am ti",
    "Armenian": "hy",
    "Canadian_Aboriginal": "iu",
    "Cherokee": "chr",
    "Georgian": "ka",
    "Gujarati": "gu",
    "Gurmukhi": "pa",
    "Kannada": "kn",
    "Khmer": "km",
    "Lao": "lo",
    "Malayalam": "ml",
    "Myanmar": "my",
    "Oriya": "or",
    "Sinhala": "si",
    "Syriac": "syr",
    "Tamil": "ta",
    "Telugu": "te",
    "Thaana": "dv",
    "Thai": "th",
    "Tibetan": "bo dz",
}
"""Tesseract's names of scripts, and the languages that are written in each."""
_SCRIPT_OF_LANGUAGE = {code: script for script, codes in _SCRIPTS.items() for code in codes.split()}
_SCRIPT_OF_SUFFIX = {"cyrl": "Cyrillic", "latn": "Latin", "frak": "Fraktur", "latf": "Fraktur"}


class LanguageFiles:
    """Looks at the disk with each question: what was brought meanwhile is there at once. For any thread."""

    def __init__(self, brought: Sequence[str] = (), builtin: Path | None = None) -> None:
        """
        Args:
            brought: files, folders of files, libraries of models; they come before those that came along.
            builtin: the folder of those; the program's own if None.
        """
        self._brought = tuple(Path(path) for path in brought)
        self._builtin = builtin_folder() if builtin is None else builtin
        self._merging = threading.Lock()
        self._merged: dict[tuple[str, ...], tempfile.TemporaryDirectory[str]] = {}
        """By the files in them. Those of before stay: what recognises just now may be loading from them."""

    def all(self) -> tuple[RecognitionLanguage, ...]:
        """Sorted by Tesseract's names; the one for orientation among them."""
        found = {path.name.removesuffix(SUFFIX): (path, True) for path in _files_in(self._builtin)}
        for place in self._brought:
            for path in [place] if place.is_file() else (*_files_in(place), *_in_library(place)):
                found[path.name.removesuffix(SUFFIX)] = (path, False)
        return tuple(
            RecognitionLanguage(name, language_of(name), str(path), builtin, script_of(name))
            for name, (path, builtin) in sorted(found.items())
        )

    def folder(self) -> Path:
        """A folder with all of them, as Tesseract wants it: links where the system has them, else copies.

        What `all` gives may have other paths.
        """
        here = self.all()
        if all(each.builtin for each in here):
            return self._builtin
        wanted = tuple(each.path for each in here)
        with self._merging:
            if wanted not in self._merged:
                folder = tempfile.TemporaryDirectory(prefix="tessdata-", ignore_cleanup_errors=True)
                for each in here:
                    _place(Path(each.path), Path(folder.name) / (each.tesseract + SUFFIX))
                self._merged[wanted] = folder
            return Path(self._merged[wanted].name)

    def close(self) -> None:
        with self._merging:
            while self._merged:
                self._merged.popitem()[1].cleanup()


def script_of(tesseract: str) -> str:
    """As Tesseract names scripts; "" where that is not known."""
    if tesseract[:1].isupper():
        return tesseract.removesuffix("_vert")
    by_suffix = _SCRIPT_OF_SUFFIX.get(tesseract.partition("_")[2])
    return by_suffix or _SCRIPT_OF_LANGUAGE.get(language_of(tesseract), "")


def _files_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*" + SUFFIX))


def _in_library(folder: Path) -> Iterator[Path]:
    """Those of the models there; what is about to come in, or was removed, is none of them."""
    for model in listed(folder):
        if model.kind is ModelKind.RECOGNITION and not model.missing:
            yield Path(model.path)


def _place(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except (OSError, NotImplementedError):  # Windows allows it to administrators
        shutil.copyfile(source, target)
