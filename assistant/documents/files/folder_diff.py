"""PURE: what to do about a watched folder, from what the store knows of it and what a scan found there.

A file that is gone was deleted, or the drive it is on is not there. Nobody can tell for certain, so its
document is missing: it is still found, stays until the person removes it, and is as it was once the file is
back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assistant.documents.records import FileSeen


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A document as the store has it."""

    document: int
    size: int
    mtime_ns: int
    missing: bool = False


@dataclass(slots=True)
class FolderDiff:
    """Ids and files by what is to be done with them."""

    new: list[FileSeen] = field(default_factory=list)
    changed: list[tuple[int, FileSeen]] = field(default_factory=list)
    """Size or time differ; the content may still be the same."""
    back: list[int] = field(default_factory=list)
    """Were missing and are there again, unchanged."""
    missing: list[int] = field(default_factory=list)
    """Not there now, and were not missing before."""

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.back or self.missing)


def compare(known: Mapping[str, KnownFile], found: Iterable[FileSeen]) -> FolderDiff:
    """Compare documents below a watched folder, by path, with the files that are there."""
    diff = FolderDiff()
    here = {file.path: file for file in found}
    for path, file in here.items():
        document = known.get(path)
        if document is None:
            diff.new.append(file)
        elif (document.size, document.mtime_ns) != (file.size, file.mtime_ns):
            diff.changed.append((document.document, file))
        elif document.missing:
            diff.back.append(document.document)
    diff.missing += [
        document.document for path, document in known.items() if path not in here and not document.missing
    ]
    return diff
