"""Writes small PDFs for the tests: text at exact places, pictures, forms, rotation, encryption.

Positions are in points from the bottom left corner of the media box, as PDF has them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

FONTS = {
    "regular": ("F1", "Helvetica"),
    "bold": ("F2", "Helvetica-Bold"),
    "italic": ("F3", "Helvetica-Oblique"),
    "serif": ("F4", "Times-Roman"),
    "mono": ("F5", "Courier"),
}
_NARROW = {" ": 278, ",": 278, ".": 278, "(": 333, ")": 333, "-": 333, "i": 222, "l": 222, "j": 222}


def width(text: str, size: float = 10) -> float:
    """About how wide Helvetica sets digits and the signs around them."""
    return sum(_NARROW.get(character, 556) for character in text) * size / 1000


@dataclass
class Page:
    width: float = 612
    height: float = 792
    rotate: int = 0
    crop: tuple[float, float, float, float] | None = None
    operators: list[str] = field(default_factory=list)
    fields: list[tuple[str, tuple[float, float, float, float]]] = field(default_factory=list)
    annotations: list[str] = field(default_factory=list)
    """Entries of further annotations, such as "/Subtype /Text /Contents (a note)"."""
    resources: str = ""
    """Further entries of the page's resources."""
    unicode: list[str] = field(default_factory=list)
    """Text of each glyph of the page's font FU; an empty one has no meaning."""
    broken: bool = False

    def text(
        self, x: float, y: float, text: str, size: float = 10, font: str = "regular", more: str = ""
    ) -> None:
        """A string that begins at (x, y); `more` are operators put before it, such as "3 Tr"."""
        raw = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        name = FONTS[font][0]
        self.operators.append(f"BT {more} /{name} {size} Tf {x} {y} Td ({raw.decode('latin-1')}) Tj ET")

    def right(self, x: float, y: float, text: str, size: float = 10, font: str = "regular") -> None:
        """A number that ends at x."""
        self.text(x - width(text, size), y, text, size, font)

    def lines(
        self, x: float, y: float, lines: list[str], size: float = 10, step: float = 12, **more: str
    ) -> None:
        for number, line in enumerate(lines):
            self.text(x, y - number * step, line, size, **more)

    def glyphs(
        self, x: float, y: float, glyphs: list[str], size: float = 10, matrix: str = "1 0 0 1"
    ) -> None:
        """Glyphs one em wide, next to each other, each standing for the text given (none for "")."""
        codes = []
        for glyph in glyphs:
            self.unicode.append(glyph)
            codes.append(f"{len(self.unicode):04x}")
        self.operators.append(f"BT /FU {size} Tf {matrix} {x} {y} Tm <{''.join(codes)}> Tj ET")

    def picture(self, x: float, y: float, width: float, height: float) -> None:
        self.operators.append(
            f"q {width} 0 0 {height} {x} {y} cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x20\x60\xa0\xe0 EI Q"
        )

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self.operators.append(f"0.2 g {x} {y} {width} {height} re f 0 g")

    def annotate(self, kind: str, box: tuple[float, float, float, float], more: str = "") -> None:
        """Puts an annotation on the page; `more`: further entries, such as "/Contents (a note)"."""
        self.annotations.append(f"/Type /Annot /Subtype /{kind} /Rect [{' '.join(map(str, box))}] {more}")

    def field(self, value: str, box: tuple[float, float, float, float]) -> None:
        self.fields.append((value, box))


@dataclass
class Pdf:
    title: str = ""
    pages: list[Page] = field(default_factory=list)
    catalog: str = ""
    """Further entries of the catalog."""
    objects: list[bytes] = field(default_factory=list)
    """Further objects."""

    def add(self, body: str, stream: bytes | None = None) -> str:
        """Puts an object into the file; returns how others refer to it."""
        data = f"<< {body} >>".encode("latin-1")
        if stream is not None:
            data = b"<< %b /Length %d >>\nstream\n%b\nendstream" % (body.encode(), len(stream), stream)
        self.objects.append(data)
        return f"{_FIRST_FREE + len(self.objects) - 1} 0 R"

    def page(self, **settings: object) -> Page:
        page = Page(**settings)  # type: ignore[arg-type]
        self.pages.append(page)
        return page

    def save(self, path: Path, password: str | None = None) -> Path:
        """Write the file; `password` encrypts it (RC4, 40 bit), also if it is empty."""
        path.write_bytes(self.bytes(password))
        return path

    def bytes(self, password: str | None = None) -> bytes:
        objects: dict[int, bytes] = {}
        lock = _Lock(password) if password is not None else None

        def put(number: int, body: str | bytes) -> None:
            objects[number] = body.encode("latin-1") if isinstance(body, str) else body

        def stream(number: int, data: bytes) -> None:
            if lock is not None:
                data = lock.encrypt(number, data)
            put(number, b"<< /Length %d >>\nstream\n%b\nendstream" % (len(data), data))

        def string(number: int, text: str) -> str:
            data = b"\xfe\xff" + text.encode("utf-16-be")
            if lock is not None:
                data = lock.encrypt(number, data)
            return f"<{data.hex()}>"

        fonts = " ".join(f"/{name} {3 + at} 0 R" for at, (name, _) in enumerate(FONTS.values()))
        for at, (_, base) in enumerate(FONTS.values()):
            put(
                3 + at,
                f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>",
            )
        for at, body in enumerate(self.objects):
            put(_FIRST_FREE + at, body)
        next_number = _FIRST_FREE + len(self.objects)
        kids, all_fields = [], []
        for page in self.pages:
            number, content, font = next_number, next_number + 1, next_number + 2
            next_number += 6
            kids.append(f"{number} 0 R")
            extra = ""
            if page.unicode:
                extra = f" /FU {font} 0 R"
                put(
                    font,
                    f"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H "
                    f"/DescendantFonts [{font + 1} 0 R] /ToUnicode {font + 2} 0 R >>",
                )
                put(
                    font + 1,
                    f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 "
                    f"/FontDescriptor {font + 3} 0 R /CIDSystemInfo << /Supplement 0 "
                    f"/Registry {string(font + 1, 'Adobe')} /Ordering {string(font + 1, 'Identity')} >> >>",
                )
                stream(font + 2, _to_unicode(page.unicode))
                put(
                    font + 3,
                    "<< /Type /FontDescriptor /FontName /Made /Flags 4 /FontBBox [0 -200 1000 900] "
                    "/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
                )
            annotations = []
            for value, box in page.fields:
                field_number = next_number
                next_number += 1
                annotations.append(f"{field_number} 0 R")
                put(
                    field_number,
                    f"<< /Type /Annot /Subtype /Widget /FT /Tx /F 4 /P {number} 0 R "
                    f"/T {string(field_number, f'field{field_number}')} /V {string(field_number, value)} "
                    f"/Rect [{' '.join(map(str, box))}] /DA {string(field_number, '/Helv 10 Tf')} >>",
                )
            all_fields += annotations
            for entries in page.annotations:
                annotations.append(f"{next_number} 0 R")
                put(next_number, f"<< {entries} >>")
                if "/Widget" in entries:
                    all_fields.append(f"{next_number} 0 R")
                next_number += 1
            crop = f"/CropBox [{' '.join(map(str, page.crop))}]" if page.crop else ""
            kind = "/Type /Page" if not page.broken else "/Type /Nothing"
            put(
                number,
                f"<< {kind} /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] {crop} "
                f"/Rotate {page.rotate} /Contents {content} 0 R /Annots [{' '.join(annotations)}] "
                f"/Resources << /Font << {fonts}{extra} >> {page.resources} >> >>",
            )
            if page.broken:
                del objects[number]
            stream(content, "\n".join(page.operators).encode("latin-1"))
        form = f"/AcroForm << /Fields [{' '.join(all_fields)}] >>" if all_fields else ""
        put(1, f"<< /Type /Catalog /Pages 2 0 R {form} {self.catalog} >>")
        put(2, f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>")
        info = ""
        if self.title:
            put(next_number, f"<< /Title {string(next_number, self.title)} >>")
            info = f"/Info {next_number} 0 R"
            next_number += 1
        encrypt = ""
        if lock is not None:
            put(next_number, lock.dictionary())
            encrypt = f"/Encrypt {next_number} 0 R /ID [<{lock.identity.hex()}> <{lock.identity.hex()}>]"
            next_number += 1
        return _assemble(objects, next_number, f"/Root 1 0 R {info} {encrypt}")


_FIRST_FREE = 3 + len(FONTS)
"""Objects before it are the catalog, the pages and the fonts."""


def _assemble(objects: dict[int, bytes], size: int, trailer: str) -> bytes:
    out = bytearray(b"%PDF-1.5\n")
    offsets = {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
    out += f"trailer\n<< /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode("latin-1")
    return bytes(out)


def _to_unicode(glyphs: list[str]) -> bytes:
    rows = [
        f"<{code:04x}> <{text.encode('utf-16-be').hex()}>"
        for code, text in enumerate(glyphs, start=1)
        if text
    ]
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar\nendcmap end end\n"
    ).encode()


class _Lock:
    """The standard security handler, revision 2 (PDF 32000-1, 7.6.3)."""

    _PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")

    def __init__(self, password: str) -> None:
        padded = (password.encode("latin-1") + self._PAD)[:32]
        owner = hashlib.md5((b"owner" + self._PAD)[:32]).digest()[:5]
        self.identity = hashlib.md5(b"made for a test").digest()
        self._owner = _rc4(owner, padded)
        permissions = (-4 & 0xFFFFFFFF).to_bytes(4, "little")
        self._key = hashlib.md5(padded + self._owner + permissions + self.identity).digest()[:5]
        self._user = _rc4(self._key, self._PAD)

    def encrypt(self, number: int, data: bytes) -> bytes:
        key = hashlib.md5(self._key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]
        return _rc4(key, data)

    def dictionary(self) -> str:
        return f"<< /Filter /Standard /V 1 /R 2 /O <{self._owner.hex()}> /U <{self._user.hex()}> /P -4 >>"


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
