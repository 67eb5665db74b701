"""Which of the files and folders that a person gave are models, and which are something to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.errors import ModelError
from assistant.models.files import model_folders
from assistant.models.files.records import SortedPaths

_SUFFIXES = (".gguf", ".argosmodel", ".onnx", ".traineddata")
_MAGIC = b"GGUF"
_PART = re.compile(r"-\d{5}-of-(?=\d{5}\.gguf$)", re.IGNORECASE)
_BESIDE = {"", ".md", ".txt", ".json", ".jinja", ".gguf"}
"""Ends of names of what lies beside a GGUF file in its folder: its card, its licence."""


def sort_out(paths: Sequence[str]) -> SortedPaths:
    """Looks at names, at beginnings of files and into folders, but reads no model."""
    models: dict[str, None] = {}
    others = []
    for path in paths:
        found = [str(model) for model in _models(Path(path))]
        models.update(dict.fromkeys(found))
        if not found:
            others.append(path)
    whole = {_whole(path): path for path in reversed(models)}  # the first part stands for all
    return SortedPaths(tuple(reversed(whole.values())), tuple(others))


def _whole(path: str) -> str:
    """What all parts of one model share."""
    return _PART.sub("", path)


def _models(path: Path) -> Iterator[Path]:
    """The models that it is, or that the folder holds alone."""
    if path.name.casefold().endswith(_SUFFIXES):
        yield path
    elif path.is_dir():
        if _is_model_folder(path):
            yield path
        else:
            yield from _gguf_files(path)
    else:
        with suppress(OSError), path.open("rb") as file:
            if file.read(len(_MAGIC)) == _MAGIC:
                yield path


def _is_model_folder(folder: Path) -> bool:
    try:
        return model_folders.recognise(folder) is not None
    except ModelError:
        return True  # one that cannot be used, as the library will say
    except OSError:
        return False


def _gguf_files(folder: Path) -> Iterator[Path]:
    """Of a folder that holds nothing else; one with other files is a folder of documents."""
    with suppress(OSError):
        inside = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
        if all(each.is_file() and each.suffix.casefold() in _BESIDE for each in inside):
            yield from (each for each in inside if each.suffix.casefold() == ".gguf")
