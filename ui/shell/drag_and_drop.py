"""What is dragged over the window: which files they are, and what will be done with them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl

from assistant.speech.records import RECORDING_SUFFIXES
from ui.common import formatting
from ui.common.picture_files import is_picture
from ui.common.translation import arg, translate


def are_models(paths: list[str]) -> bool:
    """Whether their names say so; the library looks into them when they are let go."""
    return all(path.casefold().endswith((".gguf", ".argosmodel", ".traineddata")) for path in paths)


def may_be_models(paths: list[str]) -> bool:
    """Where a model is wanted, also folders and archives are taken for models."""
    suffixes = (".gguf", ".zip", ".argosmodel", ".traineddata")
    return all(path.casefold().endswith(suffixes) or Path(path).is_dir() for path in paths)


def are_recordings(paths: list[str]) -> bool:
    """Whether their names say so; what is in them is looked at when they are let go."""
    suffixes = tuple(suffix for suffix in RECORDING_SUFFIXES if suffix != ".ts")  # TypeScript has it too
    return all(path.casefold().endswith(suffixes) for path in paths)


def words_for_recordings(paths: list[str]) -> str:
    if len(paths) == 1:
        return arg(translate("shell", "Drop to transcribe “%1”"), formatting.file_name(paths[0]))
    return translate("shell", "Drop to transcribe %n recording(s)", None, len(paths))


def words_for_translation(paths: list[str], language: str) -> str:
    """What the Translate page will do with these files; `language`: by its name, "" before one is chosen."""
    if len(paths) == 1:
        name = formatting.file_name(paths[0])
        if language:
            return arg(translate("shell", "Drop to translate “%1” into %2"), name, language)
        return arg(translate("shell", "Drop to translate “%1”"), name)
    if language:
        text = translate("shell", "Drop to translate %n document(s) into %1", None, len(paths))
        return arg(text, language)
    return translate("shell", "Drop to translate %n document(s)", None, len(paths))


def words_for_models(paths: list[str]) -> str:
    if len(paths) == 1:
        return arg(translate("shell", "Drop to add “%1” to your models"), formatting.file_name(paths[0]))
    return translate("shell", "Drop to add %n item(s) to your models", None, len(paths))


def words_for_chat(paths: list[str]) -> str:
    """What the chat will do with these files."""
    first = formatting.file_name(paths[0])
    if all(map(is_picture, paths)):
        if len(paths) == 1:
            return arg(translate("shell", "Drop to add “%1” to your message"), first)
        return translate("shell", "Drop to add %n picture(s) to your message", None, len(paths))
    if len(paths) == 1 and paths[0].casefold().endswith(".gguf"):
        return arg(translate("shell", "Drop to chat with “%1”"), first)
    if len(paths) == 1:
        return arg(translate("shell", "Drop to add “%1” to this conversation"), first)
    return translate("shell", "Drop to add %n item(s) to this conversation", None, len(paths))


def local_paths(urls: list[QUrl]) -> list[str]:
    """The files and folders among what is dragged; a name that is not UTF-8 keeps its bytes."""
    from urllib.parse import unquote_to_bytes

    paths = []
    for url in urls:
        path = url.toLocalFile()
        if path and "%" in (
            encoded := bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded).encode()).decode()
        ):
            raw = unquote_to_bytes(encoded)
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                path = raw.decode("utf-8", "surrogateescape")
        if path:
            paths.append(path)
    return paths
