"""Headers of mails: raw, decoded, and the names of files that they give."""

from __future__ import annotations

from email.header import decode_header
from email.message import Message as Mime

from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.file_reading.encoding_detection import decode


def raw_headers(mime: Mime, name: str) -> list[str]:
    """Headers as they were written; the ordinary way replaces what is not ASCII."""
    return [str(value) for key, value in mime.raw_items() if key.lower() == name.lower()]


def header_text(value: object) -> str:
    """A header with its encoded words decoded, on one line."""
    if value is None:
        return ""
    raw = str(value)
    try:
        chunks = decode_header(raw)
    except Exception:  # email.errors.HeaderParseError and binascii.Error, among others
        chunks = [(raw, None)]
    pieces: list[str] = []
    for chunk, charset in chunks:
        if isinstance(chunk, str):
            chunk = chunk.encode("utf-8", "surrogateescape")
            charset = None
        pieces.append(decode(chunk, charset or ""))
    return one_line("".join(pieces))


def file_name(part: Mime) -> str:
    try:
        name = part.get_filename()
    except (ValueError, TypeError, LookupError, UnicodeError):
        return ""
    text = header_text(name) if name else ""
    # Only the last piece of a path is a name; it is shown, and never used to write a file.
    return text.replace("\\", "/").rpartition("/")[2]
