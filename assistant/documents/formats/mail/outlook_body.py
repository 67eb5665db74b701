"""What messages of Outlook share however they are stored: the forms of their body, and its character set."""

from __future__ import annotations

import struct
from collections.abc import Callable

from compressed_rtf import decompress

from assistant.documents.formats.mail.message import MailMessage, says_all
from assistant.documents.formats.rtf import rtf_sections

MAX_COMPRESSED_RTF_BYTES = 8 << 20
"""It unpacks to eight times as much at most, at a few megabytes a second."""
MAX_RTF_BYTES = 64 << 20
"""A body that says it is larger is not unpacked."""


def choose_body(message: MailMessage, html: str, packed: Callable[[], bytes]) -> None:
    """Gives a message its HTML where its plain text does not say as much, and its RTF where it has neither.

    Args:
        packed: the RTF in its compressed form.
    """
    if html.strip() and not (message.text.strip() and says_all(message.text, html)):
        message.text, message.html = "", html
    if not message.text.strip() and not message.html.strip():
        message.text = "\n\n".join(section.text for section in rtf_sections(unpacked_rtf(packed())))


def charset_of(codepage: int) -> str:
    """The name of a code page's codec; "" for 0, which says nothing."""
    return "utf-8" if codepage == 65001 else f"cp{codepage}" if codepage else ""


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
