"""Small PDFs made on the spot: with text, pictures, blank pages and passwords."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


class Picture:
    """A page that is nothing but a picture, as a scanner makes it."""


class Blank:
    """A page with nothing on it."""


Page = str | Picture | Blank | type[Picture] | type[Blank]

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = bytes(range(16))


def pdf(pages: Sequence[Page], password: str | None = None) -> bytes:
    """A PDF of these pages; text has one line for each of its lines. Encrypted if there is a password."""
    lock = _Lock(password) if password is not None else None
    objects: list[bytes] = []

    def add(body: bytes, stream: bytes | None = None) -> int:
        number = len(objects) + 1
        if stream is not None:
            data = lock.encrypt(number, stream) if lock else stream
            body = body[:-2] + b"/Length %d>>\nstream\n" % len(data) + data + b"\nendstream"
        objects.append(body)
        return number

    font = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    image = add(
        b"<</Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8>>",
        b"\x00\xff\xff\x00",
    )
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for page in pages:
        content = add(b"<<>>", _content(page))
        kids.append(
            add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                b"/Resources<</Font<</F %d 0 R>>/XObject<</I %d 0 R>>>>>>" % (tree, content, font, image)
            )
        )
    add(b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids)))
    root = add(b"<</Type/Catalog/Pages %d 0 R>>" % tree)
    encrypt = b""
    if lock:
        file_id = _FILE_ID.hex().encode()
        encrypt = b"/Encrypt %d 0 R/ID[<%s><%s>]" % (add(lock.dictionary()), file_id, file_id)
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\n" % (len(objects) + 1, root, encrypt)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def _content(page: Page) -> bytes:
    if isinstance(page, str):
        lines = [
            line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in page.split("\n")
        ]
        shown = b"".join(b"(%s) Tj 0 -16 Td " % line.encode("latin-1") for line in lines)
        return b"BT /F 11 Tf 60 760 Td " + shown + b"ET"
    if page is Picture or isinstance(page, Picture):
        return b"q 500 0 0 700 40 60 cm /I Do Q"
    return b""


@dataclass
class _Lock:
    """The standard security handler of PDF 1.4, revision 2: RC4 with 40 bits (PDF 1.7, 7.6.3)."""

    password: str

    def __post_init__(self) -> None:
        padded = (self.password.encode("latin-1") + _PADDING)[:32]
        self._owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
        permissions = (-4 & 0xFFFFFFFF).to_bytes(4, "little")
        self._key = hashlib.md5(padded + self._owner + permissions + _FILE_ID).digest()[:5]

    def encrypt(self, number: int, data: bytes) -> bytes:
        return _rc4(hashlib.md5(self._key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], data)

    def dictionary(self) -> bytes:
        user = _rc4(self._key, _PADDING)
        return b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (
            self._owner.hex().encode(),
            user.hex().encode(),
        )


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 255])
    return bytes(out)
