"""Mail: headers, bodies, attachments, mailboxes, Outlook messages."""

from __future__ import annotations

import base64
import struct
import time
import tracemalloc
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import paths
from assistant.documents.formats.mail.headers import header_text
from assistant.documents.formats.mail.mailbox import parse
from assistant.documents.formats.mail.outlook_body import MAX_COMPRESSED_RTF_BYTES, unpacked_rtf
from assistant.documents.formats.mail.tnef import read_tnef
from assistant.documents.records import Outcome
from assistant.errors import UnreadableDocument
from tests.unit.documents.formats.make_office import archive, docx, paragraph, parts_of, sections_of
from tests.unit.documents.formats.make_ole import compound


def message(subject: str = "The harvest", text: str = "It was good.\n\nSee you.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Åsa Öberg <asa@example.org>"
    mail["To"] = "ben@example.org"
    mail["Date"] = "Fri, 16 Dec 2022 17:04:16 -0500"
    mail["Subject"] = subject
    mail.set_content(text)
    return mail


def saved(path: Path, mail: EmailMessage) -> Path:
    path.write_bytes(bytes(mail))
    return path


def test_headers_come_first_then_the_text(tmp_path: Path) -> None:
    opened, (part,) = parts_of(saved(tmp_path / "mail.eml", message()))
    (section,) = part.sections
    assert (opened.kind, opened.title, opened.parts) == ("eml", "The harvest", 1)
    assert section.text == (
        "From: Åsa Öberg <asa@example.org>\nTo: ben@example.org\nDate: Fri, 16 Dec 2022 17:04:16 -0500\n"
        "Subject: The harvest\n\nIt was good.\n\nSee you."
    )
    assert (section.location, section.heading, section.page) == ("message", ("The harvest",), None)


def test_an_attached_mail_without_text_is_not_called_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mail.eml"
    file.write_bytes(
        b"Subject: outer\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\nwords\n--X\n"
        b"Content-Type: message/rfc822\n"
        b'Content-Disposition: attachment; filename="Re: Invoice.eml"\n\n\n\n--X--\n'
    )
    _, (_, attached) = parts_of(file)
    assert attached.problem is not None
    assert attached.problem.reason == "message-without-text"


def test_text_is_preferred_and_html_read_without_it(tmp_path: Path) -> None:
    both = message(text="The harvest begins on Monday morning.")
    both.add_alternative("<p>The <b>harvest</b> begins on Monday morning (html)</p>", subtype="html")
    assert "(html)" not in sections_of(saved(tmp_path / "both.eml", both))[0].text

    page = EmailMessage()
    page["Subject"] = "Page"
    page.set_content(
        "<h2>Prices</h2><p>Up<script>x()</script></p><img src='http://example.org/track.gif'>", subtype="html"
    )
    sections = sections_of(saved(tmp_path / "page.eml", page))
    assert "\n".join(section.text for section in sections) == "Subject: Page\n\nPrices\n\nUp"


def test_attachments_are_read_like_documents(tmp_path: Path) -> None:
    inner = message("The inner one", "deep words")
    mail = message()
    report = docx(tmp_path / "r.docx", paragraph("Summary", "Heading1") + paragraph("All is well."))
    mail.add_attachment(
        report.read_bytes(), maintype="application", subtype="octet-stream", filename="../../../report.docx"
    )
    mail.add_attachment(inner)
    mail.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename="bill.pdf")
    mail.add_attachment(b"\x7fELF\0\1", maintype="application", subtype="x-thing", filename="thing.xyz")
    opened, parts = parts_of(saved(tmp_path / "mail.eml", mail))

    assert opened.parts is None
    by_label = {part.label.partition(",")[0]: part for part in parts}
    section = by_label["report.docx"].sections[0]
    assert section.text == "Summary\n\nAll is well."
    assert section.location == "attachment report.docx, section Summary"
    assert section.heading == ("The harvest", "report.docx", "Summary")
    assert "deep words" in by_label["The inner one"].sections[0].text
    assert by_label["bill.pdf"].outcome is Outcome.FAILED
    assert by_label["bill.pdf"].reason.startswith("Attachment bill.pdf: ")
    assert by_label["thing.xyz"].outcome is Outcome.EMPTY
    assert "logo.png" not in by_label
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    # Nothing stays behind, inside the data folder or out of it.
    assert list((paths.home() / "scratch").iterdir()) == []
    assert not (tmp_path.parent / "report.docx").exists()


def test_mails_in_mails_end(tmp_path: Path) -> None:
    mail = message("0")
    for number in range(1, 12):
        outer = message(str(number))
        outer.add_attachment(mail)
        mail = outer
    _, parts = parts_of(saved(tmp_path / "nested.eml", mail))
    assert 3 <= len(parts) <= 8


def test_encrypted_mail_is_never_ready_silently(tmp_path: Path) -> None:
    path = tmp_path / "secret.eml"
    path.write_bytes(
        b"From: a@example.org\nSubject: secret\nMIME-Version: 1.0\n"
        b"Content-Type: application/pkcs7-mime; name=smime.p7m\nContent-Transfer-Encoding: base64\n\nMIIB\n"
    )
    _, parts = parts_of(path)
    assert parts[-1].outcome is Outcome.FAILED
    assert "encrypted" in parts[-1].reason


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?B?w4XDpA==?= =?iso-8859-1?Q?_=F6?=", "Åä ö"),
        ("=?no-such?Q?caf=E9?=", "café"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("folded\r\n  line", "folded line"),
        (None, ""),
    ],
)
def test_headers_are_decoded(raw: str | None, text: str) -> None:
    assert header_text(raw) == text


def test_raw_letters_in_headers_and_bodies() -> None:
    mail = parse("Subject: Größe\nFrom: Å\n\nDie Straße war naß.\n".encode("cp1252"))
    assert mail.subject == "Größe"
    assert mail.text == "Die Straße war naß."
    assert parse("From: A\nSubject: wide\n\nwörds".encode("utf-16")).text == "wörds"


def test_flowed_lines_are_joined() -> None:
    mail = parse(b"Content-Type: text/plain; format=flowed\nSubject: x\n\none \ntwo\nthree\n")
    assert mail.text == "one two\nthree"


def test_a_mailbox_has_a_part_for_each_message(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    one = bytes(message("First", "one\n\nFrom here it goes on.\n")).replace(b"\nFrom here", b"\n>From here")
    path.write_bytes(
        b"".join(
            b"From a@b Sat Jan  1 00:00:00 2022\n" + mail + b"\n" for mail in (one, bytes(message("Second")))
        )
    )
    opened, parts = parts_of(path)
    assert (opened.kind, opened.unit) == ("mbox", "message")
    assert [part.label for part in parts] == ["message 1: First", "message 2: Second"]
    assert "From here it goes on." in parts[0].sections[0].text
    assert parts[1].sections[0].location == "message 2"


def test_nesting_without_end_is_an_error_for_people(tmp_path: Path) -> None:
    path = tmp_path / "evil.eml"
    path.write_text(
        "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000)) + "\nx"
    )
    with pytest.raises(UnreadableDocument) as caught:
        parts_of(path)
    assert caught.value.hint


# --- Outlook -------------------------------------------------------------------------------------


def _wide(number: int, text: str) -> tuple[str, bytes]:
    return f"__substg1.0_{number:04X}001F", text.encode("utf-16-le")


def outlook(path: Path, more: dict[str, bytes]) -> Path:
    sent = struct.pack("<IIQ", 0x00390040, 6, 133_000_000_000_000_000)
    return compound(
        path,
        {
            "__properties_version1.0": b"\0" * 32 + sent,
            **dict([_wide(0x0037, "Quarter"), _wide(0x0C1A, "Eve"), _wide(0x0C1F, "eve@example.org")]),
            **dict([_wide(0x0E04, "Ben")]),
            **more,
        },
    )


def test_outlook_messages(tmp_path: Path) -> None:
    path = outlook(
        tmp_path / "mail.msg",
        {
            "__substg1.0_1000001E": "Größere Zahlen".encode("cp1252"),
            "__attach_version1.0_#00000000/__properties_version1.0": b"\0" * 8,
            "__attach_version1.0_#00000000/__substg1.0_3707001F": "list.csv".encode("utf-16-le"),
            "__attach_version1.0_#00000000/__substg1.0_37010102": b"Item,Price\nNail,3\n",
            "__attach_version1.0_#00000001/__properties_version1.0": b"\0" * 8,
            **{
                f"__attach_version1.0_#00000001/__substg1.0_3701000D/{name}": content
                for name, content in (
                    ("__properties_version1.0", b"\0" * 24),
                    _wide(0x0037, "Inner"),
                    _wide(0x1000, "from inside"),
                )
            },
        },
    )  # fmt: skip
    opened, parts = parts_of(path)
    assert (opened.kind, opened.title) == ("msg", "Quarter")
    assert parts[0].sections[0].text == (
        "From: Eve <eve@example.org>\nTo: Ben\nDate: 2022-06-18 04:26 UTC\nSubject: Quarter\n\nGrößere Zahlen"
    )
    assert parts[1].sections[0].text == "Item\tPrice\nNail\t3"
    assert parts[1].sections[0].heading == ("Quarter", "list.csv")
    assert "from inside" in parts[2].sections[0].text


def test_outlook_bodies_of_html_and_rtf(tmp_path: Path) -> None:
    page = outlook(tmp_path / "html.msg", {"__substg1.0_10130102": b"<p>from <b>html</b></p>"})
    assert "from html" in sections_of(page)[0].text
    content = rb"{\rtf1 from rtf\par}"
    packed = struct.pack("<IIII", len(content) + 12, len(content), 0x414C454D, 0) + content
    assert "from rtf" in sections_of(outlook(tmp_path / "rtf.msg", {"__substg1.0_10090102": packed}))[0].text


def test_compressed_rtf() -> None:
    # The first example of MS-OXRTFCP, chapter 4.
    example = (
        b"\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125B2\x0a\xf3 hel\x09\x00 bw\x05\xb0ld}"
        b"\x0a\x80\x0f\xa0"
    )
    assert unpacked_rtf(example) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked_rtf(b"\x11\0\0\0\x05\0\0\0MELA\0\0\0\0{abc}") == b"{abc}"
    for damaged in (b"", b"\0" * 10, example[:-9], example[:30] + b"x" + example[31:]):
        assert unpacked_rtf(damaged) == b""


@pytest.mark.parametrize("kind", [b"LZFu", b"MELA"])
def test_compressed_rtf_that_claims_to_be_huge_takes_no_memory(kind: bytes) -> None:
    tracemalloc.start()
    try:
        claims = struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + kind + b"\0" * 4
        assert unpacked_rtf(claims + b"{abc}") == b""
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    references = struct.pack("<III", 0, 100, 0x75465A4C) + b"\0" * MAX_COMPRESSED_RTF_BYTES
    begun = time.perf_counter()
    assert unpacked_rtf(references) == b""
    assert time.perf_counter() - begun < 1


def test_a_broken_outlook_message_is_an_error(tmp_path: Path) -> None:
    path = outlook(tmp_path / "mail.msg", {"__substg1.0_1000001F": b"x\0" * 3000})
    path.write_bytes(path.read_bytes()[:1500] + "__properties_version1.0\0".encode("utf-16-le"))
    with pytest.raises(UnreadableDocument):
        parts_of(path)


def test_archives_in_mails_are_named(tmp_path: Path) -> None:
    mail = message()
    zipped = archive(tmp_path / "a.zip", {"x.txt": "words"})
    mail.add_attachment(zipped.read_bytes(), maintype="application", subtype="zip", filename="a.zip")
    _, parts = parts_of(saved(tmp_path / "mail.eml", mail))
    assert parts[1].outcome is Outcome.EMPTY
    assert "archive" in parts[1].reason


def test_a_plain_text_that_only_says_where_the_text_is_does_not_take_its_place(tmp_path: Path) -> None:
    both = message(text="Your mail program cannot show HTML mails. Please open it in a browser.")
    table = "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Brass nozzle</td><td>12.50</td></tr></table>"
    both.add_alternative(f"<p>Your order left Zwolle: NL-553-0912.</p>{table}", subtype="html")
    text = "\n".join(section.text for section in sections_of(saved(tmp_path / "order.eml", both)))
    assert "NL-553-0912" in text
    assert "Brass nozzle\t12.50" in text
    assert "cannot show" not in text


def test_attachments_inside_an_alternative_are_read(tmp_path: Path) -> None:
    content = b"""From: a@example.org
Subject: Papers
Content-Type: multipart/alternative; boundary="A"

--A
Content-Type: text/plain

here is the paper
--A
Content-Type: multipart/mixed; boundary="B"

--B
Content-Type: text/html

<p>here is the <b>paper</b></p>
--B
Content-Type: text/csv; name="prices.csv"
Content-Disposition: inline; filename="prices.csv"

valve;14 November
--B
Content-Type: text/html

<p>Carla</p>
--B--
--A--
"""
    path = tmp_path / "papers.eml"
    path.write_bytes(content)
    body, attached = sections_of(path)
    assert "here is the paper" in body.text
    assert "14 November" in attached.text
    assert attached.location.startswith("attachment prices.csv")


@pytest.mark.parametrize(
    ("plain", "shown", "said"),
    [
        ("The nozzle costs 12.50 until June.", "The nozzle costs 13.90 until June.", "13.90"),
        ("We counted 106 cells there.", "We counted 10<sup>6</sup> cells there.", "10⁶"),
        ("The lamp feeds six eight rooms.", "The lamp feeds <s>six</s> eight rooms.", "[struck out: six]"),
        ("Get the driver here.", 'Get the driver <a href="https://x.org/d">here</a>.', "https://x.org/d"),
        ("Order 553: nozzle. Gate code 7741.", "Order 553: nozzle.", "7741"),
    ],
)
def test_the_form_of_a_text_is_read_that_says_more(plain: str, shown: str, said: str, tmp_path: Path) -> None:
    both = message(text=plain)
    both.add_alternative(f"<p>{shown}</p>", subtype="html")
    assert said in "\n".join(section.text for section in sections_of(saved(tmp_path / "a.eml", both)))


def test_texts_of_both_kinds_one_after_the_other_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(
        b"Subject: x\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\nthe first\n--X\n"
        b"Content-Type: text/html\n\n<p>another word</p>\n--X--\n"
    )
    (section,) = sections_of(path)
    assert "the first" in section.text
    assert "another word" in section.text


def test_an_attached_mail_may_be_encoded(tmp_path: Path) -> None:
    inner = base64.encodebytes(bytes(message("Inner", "The gate code is 7741."))).decode()
    path = tmp_path / "a.eml"
    path.write_text(
        "Subject: x\nContent-Type: multipart/mixed; boundary=X\n\n--X\n\nsee below\n--X\n"
        f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}\n--X--\n"
    )
    assert "The gate code is 7741." in sections_of(path)[1].text


CALENDAR = """BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
UID:7
DTSTART;TZID="Europe/Berlin":20241114T090000
DTEND;VALUE=DATE:20241115
SUMMARY:Boiler inspection
ORGANIZER;CN="Rolf Anders":mailto:rolf@example.org
DESCRIPTION:Bring the key\\, please\\nand
  a lamp
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def test_calendars_are_read_as_people_read_them(tmp_path: Path) -> None:
    mail = message()
    mail.add_alternative(CALENDAR, subtype="calendar")
    assert sections_of(saved(tmp_path / "a.eml", mail))[0].text.endswith(
        "Start: 2024-11-14 09:00 (Europe/Berlin)\nEnd: 2024-11-15\nSummary: Boiler inspection\n"
        "Organizer: Rolf Anders <rolf@example.org>\nDescription: Bring the key, please\nand a lamp"
    )


def tnef(*attributes: tuple[int, bytes]) -> bytes:
    """A winmail.dat of these attributes (MS-OXTNEF 2.1.3)."""
    content = struct.pack("<IH", 0x223E9F78, 1)
    for identity, value in attributes:
        content += (
            struct.pack("<BII", 1, identity, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)
        )
    return content


def properties(*values: tuple[int, int, bytes]) -> bytes:
    content = struct.pack("<I", len(values))
    for kind, number, value in values:
        content += struct.pack("<HHII", kind, number, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return content


def test_what_outlook_packs_is_unpacked(tmp_path: Path) -> None:
    inner = tnef((0x0002800C, b"inner words\0"))
    mark = bytes.fromhex("0703020000000000c000000000000046")
    packed = tnef(
        (0x00069007, struct.pack("<II", 1252, 0)),
        (0x0002800C, b"The gate code is 7741.\0"),
        (0x00069002, b"\1\0"),
        (0x00018010, b"NOTE~1.TXT\0"),
        (0x0006800F, b"meter reading 4711"),
        (0x00069005, properties((0x1F, 0x3707, "note.txt\0".encode("utf-16-le")))),
        (0x00069002, b"\1\0"),
        (0x00069005, properties((0x0D, 0x3701, mark + inner))),
    )
    mail = message(text="")
    mail.add_attachment(packed, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    _, parts = parts_of(saved(tmp_path / "a.eml", mail))
    assert [part.label.split(",")[0] for part in parts] == ["message", "note.txt", "attachment"]
    text = "\n".join(section.text for part in parts for section in part.sections)
    for said in ("The gate code is 7741.", "meter reading 4711", "inner words"):
        assert said in text


@given(st.binary(max_size=300))
def test_any_winmail_ends(content: bytes) -> None:
    read_tnef(content)
    read_tnef(tnef((0x00069003, content), (0x00069002, b""), (0x00069005, content)))
