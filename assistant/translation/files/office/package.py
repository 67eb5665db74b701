"""The package of an Office file that is written again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.errors import UnreadableDocument
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import Element, parse_to_edit
from assistant.file_reading.zip_copy import copy_archive
from assistant.translation.files.writing import save_by

MAX_PART_BYTES = 40 << 20
"""A larger part is left as it is: its tree would take a gigabyte, if it is a sheet."""


class EditablePackage(Package):
    def each_related(self, part: str, *kinds: str) -> list[str]:
        """Members of some kinds that `part` points at, each once."""
        return list(dict.fromkeys(name for kind in kinds for name in self.related(part, kind)))

    def properties(self) -> str:
        """The member with the title, if it is there."""
        return [*self.related("", "core-properties"), "docProps/core.xml"][0]

    def editable(self, part: str) -> Element:
        """The root of a part that is written again. Raises UnreadableDocument."""
        if self.archive.size(part) > MAX_PART_BYTES:
            raise UnreadableDocument("archive-member-too-large", size=self.archive.size(part))
        return parse_to_edit(self.archive.read(part))

    def save(self, output: Path, change: Callable[[str], bytes | None]) -> None:
        """
        Raises:
            DiskFull, StorageError: it cannot be written; what was there before is untouched.
        """
        save_by(output, lambda file: copy_archive(self.archive, file, change))
