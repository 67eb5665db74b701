"""How many paragraphs, tables, runs, links, pictures … an Office file has, and what is read of it."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.documents.formats.open_document import open_document
from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import Element, child, local, parse_xml, text_of
from assistant.translation.files.office.word_tracked_changes import accept

SUFFIXES = frozenset({".docx", ".docm", ".dotx", ".pptx", ".xlsx", ".xlsm"})
_COUNTED = {
    "tbl": "tables", "tr": "rows", "tc": "cells", "c": "cells", "row": "rows", "drawing": "pictures",
    "pict": "pictures", "pic": "pictures", "blip": "pictures", "graphicFrame": "pictures",
    "hyperlink": "links", "footnoteReference": "notes", "endnoteReference": "notes",
    "commentReference": "notes", "br": "breaks", "tab": "tabs", "pStyle": "styles", "numPr": "lists",
    "f": "formulas", "instrText": "formulas", "fldSimple": "formulas", "sdt": "controls",
    "oMath": "equations", "tableColumn": "columns", "definedName": "names", "sp": "shapes",
}  # fmt: skip
_OF_THE_LANGUAGE = frozenset(
    {
        "lang", "noProof", "rtl", "cs", "bCs", "iCs", "szCs", "kern", "snapToGrid", "webHidden", "altLang",
        "dirty", "err", "smtClean", "smtId", "bmk",
    }
)  # fmt: skip
"""What a run may say that makes no look: of two runs that differ in nothing else, none is seen to end."""


def structure(path: Path) -> Counter[str]:
    """Runs are counted as they are seen: neighbours that look the same are one, spaces have no look."""
    found: Counter[str] = Counter()
    for root in _parts(path):
        accept(root)
        for element in root.iter():
            name = local(element)
            if name in _COUNTED:
                found[_COUNTED[name]] += 1
            if name in ("p", "si"):
                found["paragraphs"] += 1
                looks = list(_looks(element))
                found["runs"] += sum(at == 0 or look != looks[at - 1] for at, look in enumerate(looks))
                if len(looks) != 1:
                    found["links"] += sum("hlinkClick" in repr(look) for look in looks)
    return found


def _parts(path: Path) -> Iterator[Element]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                try:
                    yield parse_xml(archive.read(name))
                except UnreadableDocument:
                    continue


def _looks(paragraph: Element) -> Iterator[Any]:
    """Of each run with words: how it is set, and what it stands in."""
    for run in paragraph.iter("{*}r"):
        if next(run.iterancestors("{*}p", "{*}si"), None) is not paragraph:
            continue
        words = "".join(text_of(one) for one in run if local(one) == "t")
        if words.strip():
            properties = child(run, "rPr")
            inside = sum(1 for _ in run.iterancestors("{*}hyperlink", "{*}sdt"))
            yield (_key(properties) if properties is not None else ((), ()), inside)


def _key(element: Element) -> Any:
    attributes = tuple(
        sorted(
            (name.rpartition("}")[2], value)
            for name, value in element.attrib.items()
            if name not in _OF_THE_LANGUAGE and not name.endswith("}hint") and "rsid" not in name
        )
    )
    inner = sorted(
        ((local(one), _key(one)) for one in element if local(one) and local(one) not in _OF_THE_LANGUAGE),
        key=repr,
    )
    return attributes, tuple(inner)


def read_text(path: Path) -> list[str]:
    """As the program reads it where documents are searched."""
    document = open_document(path)
    try:
        return [section.text for part in document.parts() for section in part.sections]
    finally:
        document.close()
