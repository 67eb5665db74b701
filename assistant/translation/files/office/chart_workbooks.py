"""The workbook inside a chart, from which Office draws the chart anew when its data are edited."""

from __future__ import annotations

import io
from collections.abc import Iterable

from assistant.errors import DocumentError
from assistant.file_reading.safe_xml import Element, child, children, descendants, parse_to_edit, serialise
from assistant.file_reading.zip_copy import copy_archive
from assistant.file_reading.zip_reader import Archive
from assistant.translation.files.office.office_file import Writing


def rewritten(content: bytes, writing: Writing) -> bytes | None:
    """The workbook with those of its strings translated that the chart shows; None where it has none."""
    if writing.below:
        return None
    changed = False

    def change(name: str) -> bytes | None:
        nonlocal changed
        lower = name.lower()
        if not (lower.endswith("sharedstrings.xml") or "/worksheets/" in lower or "/tables/" in lower):
            return None
        if not lower.endswith(".xml"):
            return None
        root = parse_to_edit(archive.read(name))
        if "/tables/" in lower:
            found = _rename(descendants(root, "tableColumn"), writing.known)
        else:
            found = _translate([*root.iter("{*}si"), *root.iter("{*}is")], writing.known)
        changed = changed or found
        return serialise(root) if found else None

    written = io.BytesIO()
    try:
        archive = Archive(io.BytesIO(content))
        copy_archive(archive, written, change)
    except DocumentError:
        return None
    return written.getvalue() if changed else None


def _translate(strings: Iterable[Element], known: dict[str, str]) -> bool:
    changed = False
    for string in strings:
        text = child(string, "t")
        if text is not None and not children(string, "r"):
            new = known.get(text.text or "", text.text)
            changed = changed or new != text.text
            text.text = new
    return changed


def _rename(columns: Iterable[Element], known: dict[str, str]) -> bool:
    changed = False
    for column in columns:
        name = column.get("name", "")
        new = known.get(name, name)
        changed = changed or new != name
        column.set("name", new)
    return changed
