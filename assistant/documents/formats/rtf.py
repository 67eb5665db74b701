"""Rich Text Format (.rtf): text in any of its encodings, headings, lists, tables, notes (RTF 1.9.1)."""

from __future__ import annotations

import re
from pathlib import Path

from assistant.documents.formats.rtf_reader import RtfReader
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument

MAX_BYTES = 256 << 20
"""A larger file is refused: it is in memory as a whole."""
HEADER_BYTES = 1 << 18
"""How much of a text is searched for its title."""
COUNTED_BYTES = 2 << 20
"""A smaller text is read when it is opened, so that its parts are counted."""


def open(path: Path, password: str | None) -> FlowDocument:
    """The document at `path`. Raises UnreadableDocument."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("rtf-too-large", size=path.stat().st_size)
    content = path.read_bytes()
    return FlowDocument(
        "rtf",
        title_of(path, _title(content)),
        lambda: RtfReader(content).read(),
        count=len(content) <= COUNTED_BYTES,
    )


def rtf_sections(content: bytes) -> list[Section]:
    """The sections of an RTF text."""
    return list(RtfReader(content).read())


def _title(content: bytes) -> str:
    """The title in the header, "" without one."""
    start = content.find(b"{\\title", 0, HEADER_BYTES)
    if start < 0:
        return ""
    reader = RtfReader(b"{\\rtf1{\\info" + content[start : content.find(b"}", start) + 1] + b"}}")
    for match in re.finditer(rb"\\ansicpg(\d+)", content[:HEADER_BYTES]):
        reader.set_codec(int(match.group(1)))
        break
    for _ in reader.read():
        pass
    return reader.title
