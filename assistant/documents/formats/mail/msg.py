"""Outlook messages (.msg): the properties that MS-OXMSG stores as streams of a compound file."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import olefile

from assistant.documents.formats.mail.message import (
    ENCRYPTED,
    MAX_ATTACHMENT_BYTES,
    PGP,
    Attachment,
    MailMessage,
)
from assistant.documents.formats.shared.encoding_detection import decode
from assistant.documents.formats.shared.text_cleaning import one_line, shortened
from assistant.errors import UnreadableDocument

MAX_NESTING = 5
_SUBJECT, _SENDER, _SENDER_ADDRESS, _SMTP, _TO, _CC = 0x0037, 0x0C1A, 0x0C1F, 0x5D01, 0x0E04, 0x0E03
_BODY, _HTML, _RTF, _SENT, _DELIVERED, _CREATED, _CLASS = (
    0x1000,
    0x1013,
    0x1009,
    0x0039,
    0x0E06,
    0x3007,
    0x001A,
)
_HEADERS, _CODEPAGE, _INTERNET_CODEPAGE = 0x007D, 0x3FFD, 0x3FDE
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME, _DATA, _EMBEDDED = 0x3707, 0x3704, 0x3001, 0x3701, "3701000D"
_CONTACT = {
    0x3001: "Name", 0x3A16: "Company", 0x3A17: "Title", 0x3A08: "Business phone", 0x3A1C: "Mobile",
    0x3A09: "Home phone", 0x3A27: "City", 0x3A26: "Country", 0x3A29: "Street", 0x3A2A: "Postal code",
}  # fmt: skip


def read_msg(path: Path) -> MailMessage:
    """The message at `path`. Raises UnreadableDocument."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            return _Storage(ole, []).message(0)
    except (
        OSError,
        struct.error,
        IndexError,
        KeyError,
        ValueError,
        RecursionError,
        TypeError,
        AttributeError,
    ) as error:
        raise UnreadableDocument("outlook-damaged") from error


class _Storage:
    """A message, recipient or attachment: its fixed properties lie in one stream, the others in one each."""

    def __init__(self, ole: Any, path: list[str]) -> None:
        self._ole = ole
        self._path = path
        self._names = {
            entry[len(path)].lower(): entry[len(path)]
            for entry in ole.listdir(streams=True, storages=True)
            if len(entry) == len(path) + 1 and entry[: len(path)] == path
        }
        self._fixed: dict[int, bytes] = {}
        self._read_fixed()

    def _read_fixed(self) -> None:
        content = self._stream("__properties_version1.0")
        # The header before the properties: 32 bytes for the message, 24 for one inside, 8 for the others.
        start = 32 if not self._path else 24 if self._path[-1].lower().endswith("000d") else 8
        for at in range(start, len(content) - 15, 16):
            (tag,) = struct.unpack_from("<I", content, at)
            self._fixed[tag >> 16] = content[at + 8 : at + 16]

    def _stream(self, name: str) -> bytes:
        found = self._names.get(name.lower())
        if found is None:
            return b""
        entry = [*self._path, found]
        if (
            self._ole.get_type(entry) != olefile.STGTY_STREAM
            or self._ole.get_size(entry) > MAX_ATTACHMENT_BYTES
        ):
            return b""
        return bytes(self._ole.openstream(entry).read())

    def text(self, number: int, codepage: str = "") -> str:
        """A property that is text, in Unicode or in the message's code page."""
        wide = self._stream(f"__substg1.0_{number:04X}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        return decode(self._stream(f"__substg1.0_{number:04X}001E").rstrip(b"\0"), codepage)

    def binary(self, number: int) -> bytes:
        return self._stream(f"__substg1.0_{number:04X}0102")

    def whole(self, number: int) -> int:
        return int(struct.unpack_from("<i", self._fixed[number])[0]) if number in self._fixed else 0

    def time(self, number: int) -> str:
        """A moment in UTC, "" without one."""
        if number not in self._fixed:
            return ""
        (ticks,) = struct.unpack_from("<Q", self._fixed[number])
        try:
            moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        except OverflowError:
            return ""
        return moment.strftime("%Y-%m-%d %H:%M UTC") if moment.year > 1970 else ""

    def message(self, depth: int) -> MailMessage:
        codepage = self.whole(_CODEPAGE)
        charset = f"cp{codepage}" if codepage and codepage != 65001 else "utf-8" if codepage else ""
        message = MailMessage()
        message.subject = shortened(one_line(self.text(_SUBJECT, charset)), 200)
        name = one_line(self.text(_SENDER, charset))
        address = one_line(self.text(_SMTP, charset)) or one_line(self.text(_SENDER_ADDRESS, charset))
        if "@" not in address:
            address = ""
        sender = f"{name} <{address}>" if name and address and name != address else name or address
        headers = {
            "From": sender,
            "To": self._recipients(1, charset) or one_line(self.text(_TO, charset)),
            "Cc": self._recipients(2, charset) or one_line(self.text(_CC, charset)),
            "Date": self.time(_SENT) or self.time(_DELIVERED) or self.time(_CREATED),
            "Subject": message.subject,
        }
        message.headers = [(key, shortened(value, 2_000)) for key, value in headers.items() if value]
        message.text = self.text(_BODY, charset)
        if self.text(_CLASS).lower().startswith("ipm.contact"):
            lines = (f"{label}: {one_line(self.text(number, charset))}" for number, label in _CONTACT.items())
            message.text = "\n".join([line for line in lines if not line.endswith(": ")] + [message.text])
        if not message.text.strip():
            page = self.binary(_HTML) or self._stream(f"__substg1.0_{_HTML:04X}001F")
            internet = self.whole(_INTERNET_CODEPAGE)
            message.html = decode(page, "utf-8" if internet == 65001 else f"cp{internet}" if internet else "")
        if not message.text.strip() and not message.html.strip():
            message.text = _rtf_text(self.binary(_RTF))
        if "smime" in self.text(_CLASS).lower() and not message.text.strip() and not message.html.strip():
            message.note = ENCRYPTED
        for key, storage in self._names.items():
            if key.startswith("__attach_version1.0_"):
                attachment = self._attachment(storage, charset, depth)
                if attachment is not None and attachment.content.lstrip().startswith(PGP):
                    message.note = ENCRYPTED
                elif attachment is not None:
                    message.attachments.append(attachment)
        return message

    def _recipients(self, kind: int, charset: str) -> str:
        found = []
        for key, storage in self._names.items():
            if key.startswith("__recip_version1.0_"):
                person = _Storage(self._ole, [*self._path, storage])
                if person.whole(0x0C15) == kind:
                    name = one_line(person.text(_DISPLAY_NAME, charset))
                    address = one_line(person.text(0x39FE, charset) or person.text(0x3003, charset))
                    if "@" not in address:
                        address = ""
                    found.append(
                        f"{name} <{address}>" if name and address and name != address else name or address
                    )
        return ", ".join(filter(None, found))

    def _attachment(self, storage: str, charset: str, depth: int) -> Attachment | None:
        path = [*self._path, storage]
        part = _Storage(self._ole, path)
        name = one_line(
            part.text(_LONG_NAME, charset)
            or part.text(_SHORT_NAME, charset)
            or part.text(_DISPLAY_NAME, charset)
        )
        name = name.replace("\\", "/").rpartition("/")[2]
        inner = part._names.get(f"__substg1.0_{_EMBEDDED}".lower())
        if inner is not None:
            if depth >= MAX_NESTING or self._ole.get_type([*path, inner]) != olefile.STGTY_STORAGE:
                return None
            message = _Storage(self._ole, [*path, inner]).message(depth + 1)
            return Attachment(name or message.subject or "message", b"", message)
        content = part.binary(_DATA)
        return Attachment(name or "attachment", content) if content else None


# --- RTF bodies ----------------------------------------------------------------------------------

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
MAX_RTF_BYTES = 64 << 20


def _rtf_text(compressed: bytes) -> str:
    from assistant.documents.formats.rtf import rtf_sections

    content = unpacked_rtf(compressed)
    return "\n\n".join(section.text for section in rtf_sections(content)) if content else ""


def unpacked_rtf(content: bytes) -> bytes:
    """RTF from its compressed form (MS-OXRTFCP); b"" where that is damaged."""
    if len(content) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<III", content)
    if kind == 0x414C454D:
        return content[16 : 16 + raw_size]
    if kind != 0x75465A4C or raw_size > MAX_RTF_BYTES:
        return b""
    end = min(len(content), size + 4)
    buffer = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    write = len(_DICTIONARY)
    out = bytearray()
    at = 16
    while at < end and len(out) < raw_size:
        flags = content[at]
        at += 1
        for bit in range(8):
            if at >= end or len(out) >= raw_size:
                break
            if flags >> bit & 1:
                if at + 1 >= end:
                    return bytes(out)
                token = content[at] << 8 | content[at + 1]
                at += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == write:
                    return bytes(out)
                for step in range(length):
                    byte = buffer[(offset + step) % 4096]
                    out.append(byte)
                    buffer[write] = byte
                    write = (write + 1) % 4096
            else:
                byte = content[at]
                at += 1
                out.append(byte)
                buffer[write] = byte
                write = (write + 1) % 4096
    return bytes(out)
