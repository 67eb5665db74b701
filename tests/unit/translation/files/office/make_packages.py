"""Office packages written by hand, and what is in them after they were translated."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from assistant.translation.files.translatable_file import TranslatableFile
from assistant.translation.records import Layout, Lost, Paragraph, TranslatedParagraph

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    f' xmlns:r="{RELATIONS}"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main"'
)
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def part(root: str, content: str, attributes: str = "") -> str:
    """A part with all namespaces."""
    return f"{_HEAD}<{root} {NAMESPACES}{attributes}>{content}</{root}>"


def package(path: Path, parts: Mapping[str, str | bytes], relations: Mapping[str, Mapping[str, str]]) -> Path:
    """A package; `relations`: by part, the kind and target of each id; "" for the package itself."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"/>')
        for name, entries in relations.items():
            folder, _, leaf = name.rpartition("/")
            rels = "".join(
                f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
                for key, (kind, _, target) in ((key, one.partition(" ")) for key, one in entries.items())
            )
            listing = f"{folder}/_rels/{leaf}.rels".lstrip("/")
            file.writestr(
                listing, f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rels}</Relationships>'
            )
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def sentence(place: str) -> str:
    """Which is to be translated."""
    return f"Sentence of the {place}."


def in_german(paragraph: Paragraph) -> TranslatedParagraph:
    """Every place in German; marks stay on their words, which come in the same order."""
    return replaced(paragraph, {"Sentence of the": "Satz von"})


def replaced(paragraph: Paragraph, words: Mapping[str, str]) -> TranslatedParagraph:
    """With other words; marks stay on them."""
    text, moved = paragraph.text, list(range(len(paragraph.text) + 1))
    for old, new in words.items():
        while (at := text.find(old)) >= 0:
            text = text[:at] + new + text[at + len(old) :]
            moved = [
                here if here <= at else at + len(new) if here < at + len(old) else here + len(new) - len(old)
                for here in moved
            ]
    marks = tuple(type(one)(one.id, moved[one.start], moved[one.end]) for one in paragraph.marks)
    return TranslatedParagraph(paragraph.text, text, "en", marks=marks)


def write(
    file: TranslatableFile,
    output: Path,
    translate: Callable[[Paragraph], TranslatedParagraph] = in_german,
    *,
    target: str = "de",
    layout: Layout = Layout.TRANSLATION,
) -> tuple[Lost, ...]:
    return tuple(file.write(output, [translate(one) for one in file.paragraphs], target, layout))


def places(path: Path, word: str) -> set[str]:
    """The places whose sentence begins with `word` in any part of the package."""
    text = b"\n".join(members(path).values()).decode("utf-8", "replace")
    return set(re.findall(rf"{word} ([\w -]+)\.", text))
