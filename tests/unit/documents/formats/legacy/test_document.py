"""Office files of before 2007, read without LibreOffice, and files that are locked."""

from __future__ import annotations

import hashlib
import io
import struct
from pathlib import Path

import docx
import pytest
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI

from assistant.documents.formats.legacy import libreoffice
from assistant.documents.formats.legacy.ppt_runs import with_shifts
from assistant.documents.records import Outcome
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from tests.unit.documents.formats.make_office import parts_of, sections_of, xlsx
from tests.unit.documents.formats.make_ole import compound


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_office", lambda: None)


def word_document(
    path: Path,
    text: str,
    *,
    styles: dict[int, int] | None = None,
    flags: int = 0x0200,
    looks: dict[str, int] | None = None,
    password: str = "",
) -> Path:
    """A Word 97 document with the text in one piece.

    Args:
        styles: heading level by number of paragraph.
        looks: words of the text and the property that they are set with (MS-DOC 2.6.1), its operand 1.
        password: locks it (RC4, MS-OFFCRYPTO 2.3.6).
    """
    start = 1536
    raw = text.encode("cp1252")
    main = bytearray(start) + bytearray(raw)
    main[0:2], main[2:4] = b"\xec\xa5", (0x00C1).to_bytes(2, "little")
    struct.pack_into("<H", main, 0x0A, flags)
    for place, words in ((0x20, 14), (0x3E, 22), (0x98, 93)):  # how long the lists are that follow
        struct.pack_into("<H", main, place, words)
    struct.pack_into("<8i", main, 0x4C, len(raw), *[0] * 7)
    clx = (
        b"\x02"
        + struct.pack("<I", 16)
        + struct.pack("<II", 0, len(raw))
        + struct.pack("<HIH", 0, 0x40000000 | start * 2, 0)
    )
    struct.pack_into("<II", main, 0x01A2, 0, len(clx))
    # One page of paragraph properties: where each paragraph ends, and its style.
    main += bytes(-len(main) % 512)
    ends, position = [start], 0
    while position < len(text):
        cut = next((at for at in range(position, len(text)) if text[at] in "\r\x07"), len(text) - 1)
        ends.append(start + cut + 1)
        position = cut + 1
    count = len(ends) - 1
    page = bytearray(512)
    struct.pack_into(f"<{count + 1}I", page, 0, *ends)
    room = 510
    for number in range(count):
        mark = text[ends[number + 1] - start - 1]
        row_end = (
            mark == "\x07"
            and text[ends[number] - start : ends[number + 1] - start] == "\x07"
            and number
            and text[ends[number] - start - 1] == "\x07"
        )
        words = struct.pack("<H", (styles or {}).get(number, 0))
        if mark == "\x07":
            words += struct.pack("<HB", 0x2416, 1) + (struct.pack("<HB", 0x2417, 1) if row_end else b"")
        words = words + bytes((len(words) + 1) % 2)
        room = (room - len(words) - 1) & ~1
        page[room] = (len(words) + 1) // 2
        page[room + 1 : room + 1 + len(words)] = words
        page[4 * (count + 1) + 13 * number] = room // 2
    page[511] = count
    plan = struct.pack("<III", start, ends[-1], len(main) // 512)
    main += page
    struct.pack_into("<II", main, 0x0102, len(clx), len(plan))
    table = clx + plan
    if looks:
        # One page of character properties: where each run ends, and how it is set.
        runs = sorted(
            (text.index(words), text.index(words) + len(words), code) for words, code in looks.items()
        )
        edges = [0, *(edge for first, end, _ in runs for edge in (first, end)), len(text)]
        page = bytearray(512)
        struct.pack_into(f"<{len(edges)}I", page, 0, *(start + edge for edge in edges))
        for number, (_, _, code) in enumerate(runs):
            place = 504 - 8 * number
            page[place : place + 4] = struct.pack("<BHB", 3, code, 1)
            page[4 * len(edges) + 2 * number + 1] = place // 2
        page[511] = len(edges) - 1
        plan = struct.pack("<III", start, start + len(text), len(main) // 512)
        main += page
        struct.pack_into("<II", main, 0xFA, len(table), len(plan))
        table += plan
    streams = {"WordDocument": bytes(main).ljust(4096, b"\0"), "1Table": table}
    return compound(path, _locked_streams(streams, password) if password else streams)


def _locked_streams(streams: dict[str, bytes], password: str) -> dict[str, bytes]:
    salt, verifier = b"sixteen bytes of", b"salt and verifier"[:16]
    check = DocumentRC4.decrypt(password, salt, io.BytesIO(verifier + hashlib.md5(verifier).digest())).read()
    table = struct.pack("<HH", 1, 1) + salt + check + streams["1Table"]
    main = bytearray(streams["WordDocument"])
    flags = struct.unpack_from("<H", main, 0x0A)[0] | 0x0100
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<I", main, 0x0E, 52)
    shift = 52  # the table begins behind the header of the lock
    for place in (0x01A2, 0x0102, 0xFA):
        offset, length = struct.unpack_from("<II", main, place)
        if length:
            struct.pack_into("<I", main, place, offset + shift)
    locked = DocumentRC4.decrypt(password, salt, io.BytesIO(bytes(main))).read()
    body = DocumentRC4.decrypt(password, salt, io.BytesIO(bytes(52) + streams["1Table"])).read()
    return {"WordDocument": bytes(main[:0x44]) + locked[0x44:], "1Table": table[:52] + body[52:]}


RAISED, STRUCK = 0x2A48, 0x0837


def test_looks_of_word_are_read(tmp_path: Path) -> None:
    text = "Cells 106 and 48,5003 euros, six eight.\r"
    path = word_document(tmp_path / "looks.doc", text, looks={"6": RAISED, "3": RAISED, "six": STRUCK})
    assert sections_of(path)[0].text == "Cells 10⁶ and 48,500 [note 3] euros, [struck out: six] eight."


@pytest.mark.parametrize("raised", [True, False])
def test_a_locked_word_document_opens_with_its_password(tmp_path: Path, raised: bool) -> None:
    path = word_document(
        tmp_path / "locked.doc", "The cells were 4 x 106\r", looks={"6": RAISED} if raised else None,
        password="geheim",
    )  # fmt: skip
    with pytest.raises(PasswordRequired) as without:
        parts_of(path)
    with pytest.raises(PasswordRequired) as wrong:
        parts_of(path, "nope")
    assert (without.value.details["wrong"], wrong.value.details["wrong"]) == (False, True)
    opened, (part,) = parts_of(path, "geheim")
    assert (opened.title, opened.kind) == ("locked", "doc")
    assert part.sections[0].text == ("The cells were 4 x 10⁶" if raised else "The cells were 4 x 106")


def test_word_text_headings_and_tables(tmp_path: Path) -> None:
    table = "Item\x07Price\x07\x07Nail\x073\x07\x07"
    text = f'Report\rAll is “well”. \x13 HYPERLINK "x" \x14a link\x15\r{table}After\r'
    path = word_document(tmp_path / "old.doc", text, styles={0: 1})
    opened, _ = parts_of(path)
    sections = sections_of(path)

    assert opened.kind == "doc"
    assert sections[0].text == "Report\n\nAll is “well”. a link"
    assert sections[0].heading == ("Report",)
    assert (sections[1].text, sections[1].table) == ("Item\tPrice\nNail\t3", True)
    assert sections[2].text == "After"


def test_a_locked_word_document_wants_a_password(tmp_path: Path) -> None:
    with pytest.raises(PasswordRequired):
        parts_of(word_document(tmp_path / "locked.doc", "x\r", flags=0x0300))


def test_a_lock_that_nobody_knows_does_not_ask_for_ever(tmp_path: Path) -> None:
    path = word_document(tmp_path / "locked.doc", "x\r", flags=0x8300)  # obfuscated, as Word 95 did it
    with pytest.raises(PasswordRequired):
        parts_of(path)
    with pytest.raises(UnsupportedFormat):
        parts_of(path, "geheim")


def test_excel(tmp_path: Path) -> None:
    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    path = tmp_path / "old.xls"
    path.write_bytes(
        record(0x0009, struct.pack("<HH", 2, 0x10))
        + record(0x0004, struct.pack("<HH3sB", 0, 0, b"\0\0\0", 4) + b"Item")
        + record(0x0004, struct.pack("<HH3sB", 0, 1, b"\0\0\0", 5) + b"Price")
        + record(0x0004, struct.pack("<HH3sB", 1, 0, b"\0\0\0", 4) + b"Nail")
        + record(0x0003, struct.pack("<HH3sd", 1, 1, b"\0\0\0", 2.5))
        + record(0x000A, b"")
    )
    opened, (part,) = parts_of(path)
    (section,) = part.sections
    assert (opened.kind, opened.unit) == ("xls", "sheet")
    assert section.text == "Item\tPrice\nNail\t2.5"
    assert section.page == 1


def presentation(path: Path, password: str = "") -> Path:
    """A presentation of two slides; `password` locks it (RC4 CryptoAPI, MS-OFFCRYPTO 2.3.5)."""

    def record(kind: int, content: bytes, instance: int = 0, container: bool = False) -> bytes:
        return struct.pack("<HHI", instance << 4 | (15 if container else 0), kind, len(content)) + content

    def text(words: str, kind: int) -> bytes:
        return record(3999, struct.pack("<I", kind)) + record(4000, words.encode("utf-16-le"))

    listing = b""
    for number, texts in enumerate(([("Where we stand", 0), ("Sales rose", 1)], [("Outlook", 0)]), 2):
        listing += record(1011, struct.pack("<IIiII", number, 4, 0, 255 + number, 0))
        listing += b"".join(text(words, kind) for words, kind in texts)
    document = record(1000, record(4080, listing, 0, True), 0, True)
    box = record(0xF00D, record(3999, struct.pack("<I", 4)) + record(4008, b"in a box"))
    first = record(
        1006, record(1036, record(0xF002, record(0xF004, box, 0, True), 0, True), 0, True), 0, True
    )
    second = record(1006, b"", 0, True)
    stream = document
    places = [0]
    for slide in (first, second):
        places.append(len(stream))
        stream += slide
    if password:
        salt, verifier = b"sixteen bytes of", b"salt and verifier"[:16]

        def locked(content: bytes, number: int) -> bytes:
            stream = io.BytesIO(content)
            return DocumentRC4CryptoAPI.decrypt(password, salt, 128, stream, 1 << 20, number).read()

        ends = [*places[1:], len(stream)]
        objects = zip(places, ends, strict=True)
        stream = b"".join(locked(stream[a:b], number) for number, (a, b) in enumerate(objects, start=1))
        header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0)
        check = locked(verifier + hashlib.sha1(verifier).digest(), 0)
        lock = struct.pack("<HHII", 2, 2, 4, len(header)) + header + struct.pack("<I", 16) + salt
        places.append(len(stream))
        stream += record(0x2F14, lock + check[:16] + struct.pack("<I", 20) + check[16:], 0, True)
    directory = len(stream)
    stream += record(
        6002, struct.pack("<I", len(places) << 20 | 1) + struct.pack(f"<{len(places)}I", *places)
    )
    edit = len(stream)
    reference = struct.pack("<I", len(places)) if password else b""
    stream += record(4085, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 3, 0) + reference)
    token = 0xF3D1C4DF if password else 0xE391C05F
    user = record(4086, struct.pack("<IIIHHBBHI", 20, token, edit, 0, 0x3F4, 3, 0, 0, 8))
    return compound(path, {"PowerPoint Document": stream, "Current User": user})


def test_powerpoint(tmp_path: Path) -> None:
    opened, parts = parts_of(presentation(tmp_path / "old.ppt"))
    assert (opened.kind, opened.unit, opened.parts) == ("ppt", "slide", 2)
    (section,) = parts[0].sections
    assert section.text.startswith("Where we stand\n\n")
    assert {"Sales rose", "in a box"} <= set(section.text.split("\n\n"))
    assert (section.location, section.page, section.heading) == ("slide 1", 1, ("Where we stand",))
    assert parts[1].sections[0].text == "Outlook"


def test_a_locked_presentation_opens_with_its_password(tmp_path: Path) -> None:
    path = presentation(tmp_path / "locked.ppt", "geheim")
    with pytest.raises(PasswordRequired) as without:
        parts_of(path)
    with pytest.raises(PasswordRequired) as wrong:
        parts_of(path, "nope")
    assert (without.value.details["wrong"], wrong.value.details["wrong"]) == (False, True)
    opened, parts = parts_of(path, "geheim")
    assert opened.title == "locked"
    assert parts[0].sections[0].text.startswith("Where we stand")


def test_raised_characters_of_powerpoint() -> None:
    styles = struct.pack("<IHIHI", 9, 0, 0x100000, 1, 7) + struct.pack("<IHIH", 7, 1, 0x800, 1)
    styles += struct.pack("<III", 7, 0x40000, 0) + struct.pack("<IIHh", 1, 0x80001, 1, 30)
    styles += struct.pack("<IIH", 4, 0x20000, 24) + struct.pack("<IIh", 1, 0x80000, 30)
    styles += struct.pack("<II", 3, 0)
    assert with_shifts("is 48,53\r 106 m", styles) == "is 48,5 [note 3]\r 10⁶ m"
    for length in range(len(styles)):
        assert with_shifts("is 48,53\r 106 m", styles[:length])


@pytest.mark.parametrize("stream", ["WordDocument", "PowerPoint Document", "Workbook"])
def test_damaged_files_say_what_helps(tmp_path: Path, stream: str) -> None:
    path = compound(tmp_path / "damaged.doc", {stream: b"\xff" * 5000})
    try:
        _, (part,) = parts_of(path)
        assert (part.outcome is Outcome.TEXT, bool(part.reason)) == (False, True)
    except UnreadableDocument as damaged:
        hint = damaged.hint
        assert "LibreOffice" in hint


def test_an_unknown_compound_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormat):
        parts_of(compound(tmp_path / "thing.doc", {"Contents": b"x" * 5000}))


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _short(text: str) -> bytes:
    return struct.pack("<BB", len(text), 0) + text.encode("latin-1")


def workbook(path: Path, password: str = "") -> Path:
    """An Excel 97 workbook with raised and struck-out text, merged cells, what is hidden; maybe locked."""
    texts = ["10" + "6 cells", "Site", "Shift", "Harbour", "Early", "Night"]
    fonts = b""
    for escapement, struck in ((0, 0), (0, 0), (0, 0), (0, 0), (1, 0), (0, 8)):
        fonts += _record(
            0x31, struct.pack("<HHHHHBBBB", 200, struck, 0, 400, escapement, 0, 0, 0, 0) + _short("Arial")
        )
    styles = b""
    for number in range(16):
        font = 6 if number == 15 else 0  # the fourth font has no number, as in Excel
        styles += _record(0xE0, struct.pack("<HHHBBBBIIH", font, 0, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0))
    strings = struct.pack("<II", len(texts), len(texts))
    for text in texts:
        rich = text.startswith("10")
        strings += struct.pack("<HB", len(text), 8 if rich else 0)
        strings += struct.pack("<H", 2) if rich else b""
        strings += text.encode("latin-1")
        strings += struct.pack("<HHHH", 2, 5, 3, 0) if rich else b""
    bof = struct.pack("<HHHHII", 0x600, 5, 0x0DBB, 0x07CC, 0, 6)
    sheets = []
    places = [(0, 0, 1), (0, 1, 2), (1, 0, 3), (1, 1, 4), (2, 1, 5)]
    cells = b"".join(
        _record(0xFD, struct.pack("<HHHI", row, column, 0, text)) for row, column, text in places
    )
    hidden_row = _record(0x208, struct.pack("<HHHHHHI", 2, 0, 2, 255, 0, 0, 0x120))
    merged = _record(0xE5, struct.pack("<HHHHH", 1, 1, 2, 0, 0))
    for kind, body in (
        ("Shifts", hidden_row + cells + merged),
        (
            "Load",
            _record(0xFD, struct.pack("<HHHI", 0, 0, 0, 0))
            + _record(0x203, struct.pack("<HHHd", 0, 1, 15, 49.9)),
        ),
    ):
        sheets.append(
            (
                kind,
                _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x0DBB, 0x07CC, 0, 6))
                + body
                + _record(0x0A, b""),
            )
        )
    salt, verifier = b"sixteen bytes of", b"salt and verifier"[:16]
    lock = b""
    if password:
        check = DocumentRC4.decrypt(
            password, salt, io.BytesIO(verifier + hashlib.md5(verifier).digest())
        ).read()
        lock = _record(0x2F, struct.pack("<HHH", 1, 1, 1) + salt + check)
    head = _record(0x809, bof) + lock + _record(0x42, struct.pack("<H", 1200)) + fonts + styles
    tail = _record(0xFC, strings) + _record(0x0A, b"")
    listing = sum(len(_record(0x85, bytes(6) + _short(name))) for name, _ in sheets)
    at = len(head) + listing + len(tail)
    stream = head
    for name, body in sheets:
        stream += _record(0x85, struct.pack("<IBB", at, 1 if name == "Load" else 0, 0) + _short(name))
        at += len(body)
    stream += tail + b"".join(body for _, body in sheets)
    stream += _record(0, bytes(-len(stream) % 4))  # what fills up the stream is read as records too
    if password:
        stream = _locked_records(stream, password, salt)
    return compound(path, {"Workbook": stream.ljust(4096, b"\0")})


def _locked_records(stream: bytes, password: str, salt: bytes) -> bytes:
    """All but the headers of records, and some that stay readable, locked in place."""
    locked = bytearray(DocumentRC4.decrypt(password, salt, io.BytesIO(stream), blocksize=1024).read())
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        end = at + 4 + size
        plain = end if kind in (0x809, 0x2F) else at + 8 if kind == 0x85 else at + 4
        locked[at:plain] = stream[at:plain]
        at = end
    return bytes(locked)


def test_looks_merged_cells_and_what_is_hidden_in_excel(tmp_path: Path) -> None:
    shifts, load = sections_of(workbook(tmp_path / "old.xls"))
    assert shifts.text == "Site\tShift\nHarbour\tEarly\nHarbour\tNight [hidden row]"
    assert load.text == "10⁶ cells\t[struck out: 49.9]"
    assert load.location == "sheet Load (hidden), row 1"


def test_a_locked_workbook_opens_with_its_password(tmp_path: Path) -> None:
    path = workbook(tmp_path / "locked.xls", "geheim")
    with pytest.raises(PasswordRequired) as without:
        parts_of(path)
    with pytest.raises(PasswordRequired) as wrong:
        parts_of(path, "nope")
    assert (without.value.details["wrong"], wrong.value.details["wrong"]) == (False, True)
    opened, parts = parts_of(path, "geheim")
    assert opened.title == "locked"
    assert "Harbour\tEarly" in parts[0].sections[0].text


def test_a_workbook_that_is_only_write_protected_opens(tmp_path: Path) -> None:
    assert sections_of(workbook(tmp_path / "protected.xls", "VelvetSweatshop"))


def test_text_under_the_name_of_excel_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text("Item\tPrice\nNail\t3\n")
    (section,) = sections_of(path)
    assert (section.text, section.table) == ("Item\tPrice\nNail\t3", True)


def test_libreoffice_is_asked_where_nothing_else_can_read_and_may_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that behaves like soffice: it converts what it knows, and hangs or fails on the rest."""
    good = xlsx(
        tmp_path / "good.xlsx", {"A": '<row r="1"><c t="inlineStr"><is><t>converted</t></is></c></row>'}
    )
    office = tmp_path / "soffice"
    office.write_text(
        "#!/bin/sh\n"
        'while [ "$1" != --outdir ]; do shift; done\n'
        'if grep -q slow "$3"; then sleep 600; fi\nif grep -q bad "$3"; then exit 1; fi\n'
        f'mkdir -p "$2"; cp "{good}" "$2/document.xlsx"\n'
    )
    office.chmod(0o755)
    monkeypatch.setattr(libreoffice, "find_office", lambda: str(office))
    monkeypatch.setattr(libreoffice, "CONVERSION_SECONDS", 1)
    for word, expected in (("fine", "converted"), ("slow", None), ("bad", None)):
        path = compound(tmp_path / f"{word}.xls", {"Workbook": word.encode() * 2000})
        if expected:
            assert sections_of(path)[0].text == expected
        else:
            with pytest.raises(UnreadableDocument):
                parts_of(path)


# --- locked with a password ------------------------------------------------------------------------


def locked(path: Path, password: str) -> Path:
    from msoffcrypto.format.ooxml import OOXMLFile

    document = docx.Document()
    document.add_paragraph("The secret")
    whole = io.BytesIO()
    document.save(whole)
    with path.open("wb") as target:
        OOXMLFile(whole).encrypt(password, target)
    return path


def test_a_locked_office_file_opens_with_its_password(tmp_path: Path) -> None:
    path = locked(tmp_path / "locked.docx", "geheim")
    with pytest.raises(PasswordRequired) as without:
        parts_of(path)
    with pytest.raises(PasswordRequired) as wrong:
        parts_of(path, "nope")
    assert (without.value.details["wrong"], wrong.value.details["wrong"]) == (False, True)
    opened, (part,) = parts_of(path, "geheim")
    assert opened.title == "locked"
    assert part.sections[0].text == "The secret"


def test_a_damaged_locked_file_says_so(tmp_path: Path) -> None:
    path = compound(
        tmp_path / "locked.docx", {"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"\0" * 100}
    )
    with pytest.raises(UnsupportedFormat) as caught:
        parts_of(path)
    assert caught.value.hint
