"""What lies on a PDF's pages beside their text: large letters, layers, notes, files, forms, labels, links."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from assistant.documents.formats.pdf import document as pdf_document
from assistant.documents.formats.pdf.layers import may_have_layers
from assistant.documents.records import Outcome, Part, Section
from tests.unit.documents.formats.make_office import archive
from tests.unit.documents.formats.make_pdf import Page, Pdf

BODY = [
    "umidity ruined the lamp oil in the winter of 1911, and the keeper",
    "had to row to the mainland twice a week to fetch new barrels and",
    "nobody thanked him for it, and the company paid him only forty",
    "crowns for each month of that season, as it had done before.",
    "In spring he left the island and became a baker in the town of",
    "Vardal, where he lived until the year 1950 with his family.",
]


def parts_of(document: Pdf, folder: Path) -> list[Part]:
    opened = pdf_document.open(document.save(folder / "document.pdf"), None)
    try:
        assert opened.opened.parts == len(list(opened.parts()))
        return list(opened.parts())
    finally:
        opened.close()


def sections_of(document: Pdf, folder: Path) -> list[Section]:
    return [section for part in parts_of(document, folder) for section in part.sections]


# --- large letters ---------------------------------------------------------------------------------------


def test_a_large_initial_begins_the_first_of_the_lines_beside_it(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 676, "H", size=36)
    page.lines(80, 700, BODY[:3])
    page.lines(50, 664, BODY[3:])
    (section,) = sections_of(document, tmp_path)
    assert " ".join(section.text.split()) == f"H{' '.join(BODY)}"


def test_a_raised_initial_is_the_first_letter_of_its_line(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "H", size=36)
    page.text(77, 700, BODY[0])
    page.lines(50, 688, BODY[1:])
    (section,) = sections_of(document, tmp_path)
    assert section.text.startswith("Humidity ruined the lamp oil")


def stamped(page: Page, turned: bool) -> None:
    page.lines(50, 700, BODY)
    if turned:
        page.operators.append("BT /F2 60 Tf 0.7 0.7 -0.7 0.7 120 560 Tm (DRAFT) Tj ET")
    else:
        page.text(100, 650, "DRAFT", size=60, font="bold")


@pytest.mark.parametrize("turned", [False, True])
def test_a_stamp_across_the_text_stands_apart(tmp_path: Path, turned: bool) -> None:
    document = Pdf()
    stamped(document.page(), turned)
    text, stamp = sections_of(document, tmp_path)
    assert text.text == " ".join(BODY)
    assert (stamp.text, stamp.heading) == ("DRAFT", ())


@pytest.mark.parametrize("said", ["PAID", "PAID 12 MAY", "COPY"])
def test_a_stamp_beside_the_text_is_no_heading(said: str, tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.lines(50, 700, BODY)
    page.text(350, 580, said, 28, "bold")
    page.lines(50, 520, BODY)
    first, second = sections_of(document, tmp_path)
    assert first.heading == second.heading == ()
    assert second.text == said
    page.text(50, 600, f"{said} RATES OF 1911", 28, "bold")
    assert any(section.heading for section in sections_of(document, tmp_path))


def test_a_stamp_on_every_page_is_said_once_and_is_no_heading(tmp_path: Path) -> None:
    document = Pdf()
    for _ in range(3):
        stamped(document.page(), turned=True)
    sections = sections_of(document, tmp_path)
    assert [section.text for section in sections].count("DRAFT") == 1
    assert all(section.heading == () for section in sections)


# --- layers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["OFF", "ON"])
def test_a_layer_that_is_switched_off_is_not_read(tmp_path: Path, state: str) -> None:
    document = Pdf()
    layer = document.add("/Type /OCG /Name (old prices)")
    document.catalog = f"/OCProperties << /OCGs [{layer}] /D << /{state} [{layer}] /Order [{layer}] >> >>"
    page = document.page(resources=f"/Properties << /L1 {layer} >>")
    page.text(50, 700, "The crossing for a car costs 21 euros.")
    page.operators.append("/OC /L1 BDC")
    page.text(50, 680, "The crossing for a bus costs 99 euros.")
    page.text(50, 660, "unseen words of a scan", more="3 Tr")
    page.operators.append("EMC")
    (section,) = sections_of(document, tmp_path)
    assert ("99 euros" in section.text) is (state == "ON")
    assert "21 euros" in section.text
    assert "unseen words" in section.text


def test_layers_are_known_however_they_are_named(tmp_path: Path) -> None:
    document = Pdf()
    layer = document.add("/Type /OCG /Name (L)")
    among = document.add(f"/Type /OCMD /OCGs [{layer}] /P /AllOn")
    fonts = "/Resources << /Font << /F1 3 0 R >> >>"
    words = [
        b"BT /F1 12 Tf 72 600 Td (it says 99 euros) Tj ET",
        b"BT /F1 12 Tf 72 500 Td (a letterhead) Tj ET",
    ]
    form, seen = (
        document.add(f"/Type /XObject /Subtype /Form /BBox [0 0 600 800] {fonts} {more}", content)
        for more, content in zip((f"/OC {layer}", ""), words, strict=True)
    )
    document.catalog = f"/OCProperties << /OCGs [{layer}] /D << /OFF [{layer}] >> >>"
    page = document.page(resources=f"/XObject << /X1 {form} /X2 {seen} >> /Properties << /M1 {among} >>")
    page.text(50, 700, "The crossing for a car costs 21 euros.")
    page.operators += ["/X1 Do", "/X2 Do", "/OC /M1 BDC"]
    page.text(50, 650, "it says 88 euros")
    page.operators.append("EMC")
    text = " ".join(section.text for section in sections_of(document, tmp_path))
    assert ("21 euros" in text, "letterhead" in text) == (True, True)
    assert ("99 euros" in text, "88 euros" in text) == (False, False)


def test_layers_of_a_packed_catalog_are_noticed(tmp_path: Path) -> None:
    packed = zlib.compress(b"1 0 << /Type /Catalog /OCProperties << >> >>")
    for name, content, layers in (
        ("packed.pdf", b"%PDF-1.5\n1 0 obj << /Type /ObjStm /N 1 >>\nstream\n" + packed, True),
        ("none.pdf", b"%PDF-1.5\n1 0 obj << /Type /ObjStm /N 1 >>\nstream\n" + zlib.compress(b"1 0"), False),
        ("damaged.pdf", b"%PDF-1.5\n1 0 obj << /Type /ObjStm /N 1 >>\nstream\nxxx", False),
    ):
        (tmp_path / name).write_bytes(content)
        assert may_have_layers(tmp_path / name) is layers


# --- notes and links -------------------------------------------------------------------------------------


def test_notes_say_who_wrote_them_and_about_what(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "The rent is 900 euros a month.")
    page.text(50, 680, "It is due on the third day.")
    page.annotate("Text", (400, 690, 420, 710), "/Contents (Lower it to 850.) /T (Marta)")
    quad = "/QuadPoints [50 710 200 710 50 697 200 697]"
    page.annotate("Highlight", (50, 697, 200, 710), f"{quad} /Contents (With heating?) /T (Jonas)")
    page.annotate("Stamp", (400, 600, 500, 640), "/Contents (Approved on 2 May)")
    page.annotate("Text", (1, 1, 9, 9), "/Contents (Accepted set by Jonas) /State (Accepted)")
    page.annotate("Text", (1, 1, 9, 9), "/Contents (hidden) /F 2")
    quad = "/QuadPoints [50 690 200 690 50 677 200 677]"
    page.annotate("Highlight", (50, 677, 200, 690), f"{quad} /Contents (It is due on the third day.)")
    text, notes = sections_of(document, tmp_path)
    assert "850" not in text.text
    assert (notes.page, notes.location) == (1, "page 1, notes")
    assert notes.text.split("\n") == [
        "Comment (Marta): Lower it to 850.",
        "Comment (Jonas) on “The rent is 900 euros a month.”: With heating?",
        "Comment: Approved on 2 May",
    ]
    assert notes.boxes is not None
    assert notes.boxes[0].tolist() == [400, 792 - 710, 420, 792 - 690]
    assert len(notes.boxes) == len(notes.text)


def test_a_page_with_nothing_but_a_note_is_read(tmp_path: Path) -> None:
    document = Pdf()
    document.page().annotate("FreeText", (50, 600, 400, 640), "/Contents (Three months of rent.)")
    document.page().annotate("Text", (50, 600, 70, 620), "/Contents (An empty page.)")
    assert [section.text for section in sections_of(document, tmp_path)] == [
        "Three months of rent.", "Comment: An empty page.",
    ]  # fmt: skip


def test_links_keep_their_address(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "The driver is")
    page.text(110, 700, "here")
    page.text(50, 680, "See https://example.org/two")
    page.annotate("Link", (108, 697, 132, 710), "/A << /S /URI /URI (https://example.org/x200) >>")
    page.annotate("Link", (50, 677, 300, 690), "/A << /S /URI /URI (https://example.org/two) >>")
    page.annotate("Link", (50, 697, 100, 710), "/Dest [3 /Fit]")
    (section,) = sections_of(document, tmp_path)
    assert section.text == "The driver is here (https://example.org/x200)\nSee https://example.org/two"


@pytest.mark.parametrize("drawn", [True, False])
def test_struck_out_words_are_marked(tmp_path: Path, drawn: bool) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "It feeds")
    page.text(90, 700, "six")
    page.text(106, 700, "eight people.")
    if drawn:
        page.operators.append("0.5 w 89 702.5 m 104 702.5 l S")
        page.operators.append("0.5 w 106 698 m 170 698 l S")  # an underline
    else:
        page.annotate("StrikeOut", (89, 697, 104, 710), "/QuadPoints [89 710 104 710 89 697 104 697]")
    (section,) = sections_of(document, tmp_path)
    assert section.text == "It feeds [struck out: six] eight people."


# --- forms -----------------------------------------------------------------------------------------------


def test_boxes_and_choices_of_forms(tmp_path: Path) -> None:
    document = Pdf()
    seen = document.add("/Type /XObject /Subtype /Form /BBox [0 0 10 10]", b"")
    page = document.page()
    for number, state in enumerate(("Yes", "Off")):
        y = 700 - 20 * number
        page.text(70, y, ("vaccinated", "chipped")[number])
        page.annotate(
            "Widget",
            (50, y - 2, 60, y + 8),
            f"/FT /Btn /F 4 /T (b{number}) /V /{state} /AS /{state} /AP << /N << /Yes {seen} >> >>",
        )
    page.text(50, 640, "Breed")
    options = "[[(co) (Collie)] [(be) (Beagle)]]"
    more = f"/FT /Ch /Ff 131072 /F 4 /T (breed) /V (be) /Opt {options} /DA (/Helv 10 Tf)"
    page.annotate("Widget", (90, 637, 200, 650), more)
    text = "\n".join(section.text for section in sections_of(document, tmp_path))
    for words in ("☒ vaccinated", "☐ chipped", "Breed Beagle"):
        assert words in " ".join(text.split())


XFA = (
    '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">'
    "<subform><draw><value><text>Claim for damage</text></value></draw>"
    '<field name="policy"><caption><value><text>Policy number:</text></value></caption></field>'
    '<field name="send"><ui><button/></ui><caption><value><text>Send</text></value></caption></field>'
    '</subform></template><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><claim>'
    "<policy>HZ-440</policy><damage>The roof.</damage></claim></xfa:data></xfa:datasets></xdp:xdp>"
)


def stand_in(document: Pdf, form: bytes) -> None:
    document.page().text(50, 700, "Please wait... your viewer may not be able to display this document.")
    packet = document.add("", form)
    document.catalog = f"/NeedsRendering true /AcroForm << /Fields [] /XFA {packet} >>"


def test_the_stand_in_of_a_form_is_not_taken_for_the_form(tmp_path: Path) -> None:
    document = Pdf()
    stand_in(document, XFA.encode())
    page, form = parts_of(document, tmp_path)
    assert (page.outcome, page.sections) == (Outcome.FAILED, ())
    assert "Adobe Reader" in page.reason
    assert form.sections[0].text.split("\n") == [
        "Claim for damage", "Policy number: HZ-440", "damage: The roof.",
    ]  # fmt: skip


def test_a_form_whose_data_is_damaged_says_so(tmp_path: Path) -> None:
    document = Pdf()
    stand_in(document, b"no xml at all")
    assert [part.outcome for part in parts_of(document, tmp_path)] == [Outcome.FAILED] * 2


# --- attached files --------------------------------------------------------------------------------------


def attach(document: Pdf, name: str, content: bytes) -> str:
    file = document.add("/Type /EmbeddedFile", content)
    return document.add(f"/Type /Filespec /F ({name}) /UF ({name}) /EF << /F {file} >>")


def test_attached_files_are_read_or_named(tmp_path: Path) -> None:
    table = archive(tmp_path / "not-a-document.zip", {"a.bin": b"1"}).read_bytes()
    inner = Pdf()
    inner.page().text(50, 700, "Terms of payment: thirty days.")
    document = Pdf()
    document.page().text(50, 700, "Open this portfolio in another program.")
    files = {
        "minutes.txt": b"The board sold the depot.",
        "terms.pdf": inner.bytes(),
        "photo.png": b"\x89PNG",
        "bad.docx": table,
    }
    names = " ".join(f"({name}) {attach(document, name, content)}" for name, content in files.items())
    document.catalog = f"/Names << /EmbeddedFiles << /Names [{names}] >> >>"
    page, minutes, terms, photo, bad = parts_of(document, tmp_path)
    assert page.outcome is Outcome.TEXT
    assert (minutes.sections[0].text, minutes.sections[0].page) == ("The board sold the depot.", None)
    assert minutes.sections[0].location == "attachment minutes.txt, line 1"
    assert terms.sections[0].location == "attachment terms.pdf, page 1"
    assert (photo.outcome, "photo.png" in photo.reason) == (Outcome.EMPTY, True)
    assert (bad.outcome is Outcome.TEXT, "bad.docx" in bad.reason) == (False, True)


def test_a_file_pinned_to_a_page_is_read_with_it(tmp_path: Path) -> None:
    document = Pdf()
    page = document.page()
    page.text(50, 700, "The offer is attached.")
    page.annotate(
        "FileAttachment", (50, 600, 70, 620), f"/FS {attach(document, 'offer.txt', b'It is 40 euros.')}"
    )
    page.annotate("FileAttachment", (50, 500, 70, 520), f"/FS {attach(document, 'photo.png', b'x')}")
    _, offer, photo = sections_of(document, tmp_path)
    assert (offer.text, offer.location) == ("It is 40 euros.", "page 1, attachment offer.txt, line 1")
    assert "photo.png" in photo.text


def test_documents_in_documents_end(tmp_path: Path) -> None:
    content = b"the innermost text"
    name = "inner.txt"
    for _ in range(6):
        document = Pdf()
        document.page().text(50, 700, "one more")
        document.catalog = (
            f"/Names << /EmbeddedFiles << /Names [({name}) {attach(document, name, content)}] >> >>"
        )
        content, name = document.bytes(), "inner.pdf"
    parts = parts_of(document, tmp_path)
    assert [part.outcome for part in parts] == [Outcome.TEXT, Outcome.TEXT]
    assert "the innermost text" not in "".join(section.text for section in parts[1].sections)


# --- labels ----------------------------------------------------------------------------------------------


def test_the_number_that_is_printed_on_a_page_is_told(tmp_path: Path) -> None:
    document = Pdf()
    document.catalog = "/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>"
    for number in range(3):
        document.page().text(50, 700, f"Text of page {number}")
    parts = parts_of(document, tmp_path)
    assert [part.label for part in parts] == ["page 1 (i)", "page 2 (ii)", "page 3 (1)"]
    assert [(one.sections[0].location, one.sections[0].page) for one in parts][2] == ("page 3 (1)", 3)
