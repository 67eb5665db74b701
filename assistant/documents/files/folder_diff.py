"""PURE: what to do about a watched folder, from what the store knows of it and what a scan found there.

A file that is gone was deleted, or the drive it is on is not there. The second is assumed wherever it is
possible, because nothing is lost by it: a missing document can be searched for again once it is back.
So files count as deleted only if the folder that they were in shows that it is really there:

* the watched folder, or a drive or link below it that was there before, is gone or cannot be read → missing;
* of several documents in the watched folder not one is there → missing;
* else → deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from assistant.documents.files.scan import within
from assistant.documents.records import FileSeen


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A document as the store has it."""

    document: int
    size: int
    mtime_ns: int
    missing: bool = False


@dataclass(frozen=True, slots=True)
class FolderCondition:
    """What a scan saw of the folders themselves."""

    there: bool
    """Whether the watched folder itself could be listed."""
    gone_mounts: Collection[str] = ()
    """Drives and linked folders of an earlier scan that are not there now."""
    unreadable: Collection[str] = ()
    """Folders that are there but could not be listed."""
    same_root: bool = False
    """Whether the root is, for certain, the same folder as at the last comparison."""


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
    deleted: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.back or self.missing or self.deleted)


def compare(
    known: Mapping[str, KnownFile], found: Iterable[FileSeen], condition: FolderCondition
) -> FolderDiff:
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
    gone = [path for path in known if path not in here]
    nothing_there = not condition.there or _everything_vanished(known, here, condition)
    covers = [*condition.gone_mounts, *condition.unreadable]
    for path in gone:
        document = known[path]
        if nothing_there or any(within(path, folder) for folder in covers):
            if not document.missing:
                diff.missing.append(document.document)
        else:
            diff.deleted.append(document.document)
    return diff


def _everything_vanished(
    known: Mapping[str, KnownFile], here: Mapping[str, FileSeen], condition: FolderCondition
) -> bool:
    """Nothing that was known is there: an empty mount point looks like this, and so does the wrong drive."""
    if not known or any(path in here for path in known):
        return False
    return len(known) > 1 or not condition.same_root
