"""The headings of a document as they were read, in reading order: its outline where it brings none itself."""

from __future__ import annotations

from assistant.documents.store.store import Store
from assistant.documents.viewer_records import OutlineEntry


def headings(store: Store, document: int) -> tuple[OutlineEntry, ...]:
    """Each heading once, where its text begins."""
    found: list[OutlineEntry] = []
    above: tuple[str, ...] = ()
    for section, page, path in store.section_headings(document):
        shared = 0
        while shared < min(len(path), len(above)) and path[shared] == above[shared]:
            shared += 1
        found += [
            OutlineEntry(title, level, page, section)
            for level, title in enumerate(path[shared:], shared)
            if title.strip()
        ]
        if path:
            above = path
    return tuple(found)
