"""The body of Outlook's messages as RTF in a compressed form (MS-OXRTFCP)."""

from __future__ import annotations

import struct

from compressed_rtf import decompress

from assistant.documents.formats.rtf import rtf_sections

MAX_COMPRESSED_RTF_BYTES = 8 << 20
"""It unpacks to eight times as much at most, at a few megabytes a second."""
MAX_RTF_BYTES = 64 << 20
"""A body that says it is larger is not unpacked."""


def rtf_text(content: bytes) -> str:
    """The text of a compressed body."""
    return "\n\n".join(section.text for section in rtf_sections(unpacked_rtf(content)))


def unpacked_rtf(content: bytes) -> bytes:
    """RTF from its compressed form (MS-OXRTFCP); b"" where that is damaged or says that it is too large."""
    if not 16 <= len(content) <= MAX_COMPRESSED_RTF_BYTES:
        return b""
    (size,) = struct.unpack_from("<I", content, 4)
    if size > MAX_RTF_BYTES:
        return b""
    try:
        return bytes(decompress(content))
    except Exception:  # what it raises has no class of its own
        return b""
