"""A zip file written again with some of its members changed; all others come out as they were."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from typing import IO, cast

from assistant.file_reading.zip_reader import Archive

_PIECE_BYTES = 1 << 20


def copy_archive(archive: Archive, file: IO[bytes], change: Callable[[str], bytes | None]) -> None:
    """Write `archive` to `file`, in its order and packed as it was.

    `change` is asked for every member, in order, what it becomes: None keeps it.

    Raises:
        UnreadableDocument: a member cannot be read.
        OSError: it cannot be written.
    """
    with zipfile.ZipFile(file, "w") as written:
        for member in archive.members:
            content = change(member.filename)
            entry = _entry(member)
            if content is not None:
                written.writestr(entry, content)
                continue
            with (
                archive.open(member.filename) as source,
                written.open(entry, "w", force_zip64=member.file_size >= 1 << 31) as target,
            ):
                shutil.copyfileobj(cast(IO[bytes], source), target, _PIECE_BYTES)


def _entry(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(member.filename, member.date_time)
    stored = member.compress_type == zipfile.ZIP_STORED
    # Anything newer than Deflate is read by few programs.
    entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = member.external_attr, member.create_system
    entry.comment = member.comment
    return entry
