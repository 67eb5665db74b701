"""Office files of before 2007, read without LibreOffice, and files that are locked."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import docx
import pytest

from assistant.documents.formats.legacy import document as legacy_document
from assistant.documents.records import Outcome
from assistant.errors import PasswordRequired, UnreadableDocument, UnsupportedFormat
from tests.unit.documents.formats.make_office import parts_of, sections_of, xlsx
from tests.unit.documents.formats.make_ole import compound


@pytest.fixture(autouse=True)
def _without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy_document, "find_office", lambda: None)


def word_document(
    path: Path, text: str, *, styles: dict[int, int] | None = None, flags: int = 0x0200
) -> Path:
    """A Word 97 document with the text in one piece; `styles`: heading level by number of paragraph."""
    start = 1536
    raw = text.encode("cp1252")
    main = bytearray(start) + bytearray(raw)
    main[0:2], main[2:4] = b"\xec\xa5", (0x00C1).to_bytes(2, "little")
    struct.pack_into("<H", main, 0x0A, flags)
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
    return compound(path, {"WordDocument": bytes(main).ljust(4096, b"\0"), "1Table": clx + plan})


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


def presentation(path: Path) -> Path:
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
    directory = len(stream)
    stream += record(6002, struct.pack("<I", 3 << 20 | 1) + struct.pack("<3I", *places))
    edit = len(stream)
    stream += record(4085, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 3, 0))
    user = record(4086, struct.pack("<III", 20, 0xE391C05F, edit))
    return compound(path, {"PowerPoint Document": stream, "Current User": user})


def test_powerpoint(tmp_path: Path) -> None:
    opened, parts = parts_of(presentation(tmp_path / "old.ppt"))
    assert (opened.kind, opened.unit, opened.parts) == ("ppt", "slide", 2)
    (section,) = parts[0].sections
    assert section.text.startswith("Where we stand\n\n")
    assert {"Sales rose", "in a box"} <= set(section.text.split("\n\n"))
    assert (section.location, section.page, section.heading) == ("slide 1", 1, ("Where we stand",))
    assert parts[1].sections[0].text == "Outlook"


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


def test_text_under_the_name_of_excel_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "export.xls"
    path.write_text("Item\tPrice\nNail\t3\n")
    (section,) = sections_of(path)
    assert (section.text, section.table) == ("Item\tPrice\nNail\t3", True)


def test_libreoffice_is_asked_first_and_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    monkeypatch.setattr(legacy_document, "find_office", lambda: str(office))
    monkeypatch.setattr(legacy_document, "CONVERSION_SECONDS", 1)
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
