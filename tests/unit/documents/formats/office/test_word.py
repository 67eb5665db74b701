"""Word documents: what is read, in which order, and where it says it stands."""

from __future__ import annotations

from pathlib import Path

import docx as python_docx
import pytest

from assistant.documents.records import Outcome
from assistant.errors import UnreadableDocument
from tests.unit.documents.formats.make_office import (
    WORD_NAMESPACES,
    docx,
    paragraph,
    parts_of,
    relationships,
    sections_of,
    text_of,
)


def test_headings_become_paths_and_places(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.add_heading("Annual report", 1)
    document.add_paragraph("We sold more than ever.")
    document.add_heading("Balance sheet", 2)
    document.add_paragraph("Assets grew by 4 %.")
    document.save(str(tmp_path / "report.docx"))

    first, second = sections_of(tmp_path / "report.docx")

    assert first.text == "Annual report\n\nWe sold more than ever."
    assert first.heading == ("Annual report",)
    assert second.heading == ("Annual report", "Balance sheet")
    assert second.location == "section Balance sheet"
    assert second.page is None


def test_without_headings_paragraphs_are_the_place(tmp_path: Path) -> None:
    document = python_docx.Document()
    for number in range(1, 5):
        document.add_paragraph(f"Paragraph {number}.")
    document.save(str(tmp_path / "plain.docx"))

    (section,) = sections_of(tmp_path / "plain.docx")

    assert section.location == "paragraphs 1–4"


def test_a_table_is_a_section_of_rows(tmp_path: Path) -> None:
    document = python_docx.Document()
    document.add_heading("Prices", 1)
    table = document.add_table(rows=3, cols=3)
    for row, values in zip(
        table.rows, (("Item", "Price", "Stock"), ("Nail", "0.10", ""), ("Screw", "", "7")), strict=True
    ):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.save(str(tmp_path / "table.docx"))

    heading, table_section = sections_of(tmp_path / "table.docx")

    assert heading.text == "Prices"
    assert table_section.table
    assert table_section.text.split("\n") == ["Item\tPrice\tStock", "Nail\t0.10", "Screw\t\t7"]
    assert table_section.location == "section Prices, table 1"


def test_a_long_table_repeats_its_header_row(tmp_path: Path) -> None:
    document = python_docx.Document()
    table = document.add_table(rows=60, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Name", "Amount"
    for number in range(1, 60):
        table.cell(number, 0).text, table.cell(number, 1).text = f"person {number}", str(number)
    document.save(str(tmp_path / "long.docx"))

    sections = sections_of(tmp_path / "long.docx")

    assert len(sections) == 2
    assert all(section.text.startswith("Name\tAmount\n") for section in sections)
    rows = [row for section in sections for row in section.text.split("\n")[1:]]
    assert rows == [f"person {number}\t{number}" for number in range(1, 60)]


def test_merged_cells_say_their_text_in_every_row(tmp_path: Path) -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    body = (
        "<w:tbl><w:tr>"
        + cell.format('<w:vMerge w:val="restart"/>', paragraph("Fruit"))
        + cell.format("", paragraph("Apple"))
        + "</w:tr><w:tr>"
        + cell.format("<w:vMerge/>", "<w:p/>")
        + cell.format("", paragraph("Pear"))
        + "</w:tr><w:tr>"
        + cell.format('<w:gridSpan w:val="2"/>', paragraph("Both"))
        + "</w:tr></w:tbl>"
    )
    (section,) = sections_of(docx(tmp_path / "merged.docx", body))
    assert section.text.split("\n") == ["Fruit\tApple", "Fruit\tPear", "Both"]


def test_lists_and_headings_carry_the_numbers_that_word_computes(tmp_path: Path) -> None:
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    numbering = (
        '<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:abstractNum w:abstractNumId="0">'
        + level.format(0, "decimal", "%1.")
        + level.format(1, "lowerLetter", "%1.%2)")
        + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
        + level.format(0, "bullet", "\uf0b7")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )

    def item(text: str, depth: int, identity: int) -> str:
        return (
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{identity}"/></w:numPr></w:pPr>'
            f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    body = (
        item("one", 0, 1)
        + item("first below", 1, 1)
        + item("second below", 1, 1)
        + item("two", 0, 1)
        + item("dot", 0, 2)
    )
    path = docx(tmp_path / "lists.docx", body, {"word/numbering.xml": numbering}, numbering="numbering.xml")

    assert text_of(path).split("\n") == ["1. one", "1.a) first below", "1.b) second below", "2. two", "• dot"]


def test_notes_comments_boxes_and_margins_are_read(tmp_path: Path) -> None:
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    box = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
        + paragraph("in a box")
        + "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + paragraph("in a box")
        + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    body = (
        '<w:p><w:r><w:t>The claim</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        '<w:r><w:commentReference w:id="0"/></w:r></w:p>' + box
    )
    path = docx(
        tmp_path / "notes.docx",
        body,
        {
            "word/footnotes.xml": f'<w:footnotes {spaces}><w:footnote w:type="separator" w:id="1"/>'
            f'<w:footnote w:id="2">{paragraph("the source")}</w:footnote></w:footnotes>',
            "word/comments.xml": f'<w:comments {spaces}><w:comment w:id="0" w:author="Eve">'
            f"{paragraph('really?')}</w:comment></w:comments>",
            "word/header1.xml": f"<w:hdr {spaces}>{paragraph('Confidential')}</w:hdr>",
        },
        footnotes="footnotes.xml",
        comments="comments.xml",
        header="header1.xml",
    )
    sections = sections_of(path)
    text = sections[0].text

    assert text.split("\n\n") == ["The claim", "Footnote 1: the source", "Comment (Eve): really?", "in a box"]
    assert (sections[-1].text, sections[-1].location) == ("Confidential", "headers and footers")


def test_deleted_and_hidden_text_and_field_codes_are_not_read(tmp_path: Path) -> None:
    body = (
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> added</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        "<w:r><w:instrText>HYPERLINK http://example.org</w:instrText></w:r></w:p>"
    )
    assert text_of(docx(tmp_path / "changes.docx", body)) == "kept added"


@pytest.mark.parametrize(
    ("equation", "latex"),
    [
        ("<m:f><m:num>{a}</m:num><m:den>{b}</m:den></m:f>", r"$\frac{a}{b}$"),
        ("<m:sSup><m:e>{a}</m:e><m:sup>{b}</m:sup></m:sSup>", "$a^{b}$"),
        ("<m:rad><m:deg/><m:e>{a}</m:e></m:rad>", r"$\sqrt{a}$"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{a}</m:sub><m:sup>{b}</m:sup><m:e>{a}</m:e>'
         "</m:nary>",
         r"$\sum_{a}^{b}a$"),
        ("<m:d><m:e>{a}</m:e></m:d>", "$(a)$"),
    ],
)  # fmt: skip
def test_equations_can_be_read(tmp_path: Path, equation: str, latex: str) -> None:
    runs = {name: f"<m:r><m:t>{name}</m:t></m:r>" for name in "ab"}
    body = f"<w:p><m:oMath>{equation.format(**runs)}</m:oMath></w:p>"
    assert text_of(docx(tmp_path / "equation.docx", body)) == latex


def test_other_formats_inside_are_read(tmp_path: Path) -> None:
    path = docx(
        tmp_path / "chunk.docx",
        paragraph("before") + '<w:altChunk r:id="aFChunk"/>',
        {"word/chunk.html": "<html><body><p>from a page</p></body></html>"},
        aFChunk="chunk.html",
    )
    assert [section.text for section in sections_of(path)] == ["before", "from a page"]


def test_a_document_of_one_xml_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "old.xml"
    path.write_text(
        '<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body>'
        "<w:sect><w:p><w:r><w:t>from 2003</w:t></w:r></w:p></w:sect></w:body></w:wordDocument>"
    )
    assert text_of(path) == "from 2003"


def test_a_document_that_breaks_off_gives_what_it_has(tmp_path: Path) -> None:
    path = docx(tmp_path / "broken.docx", paragraph("whole"))
    docx(path, paragraph("whole") + "<w:p><w:r><w:t>half")
    _, parts = parts_of(path)
    assert [part.outcome for part in parts] == [Outcome.TEXT, Outcome.FAILED]
    assert parts[0].sections[0].text == "whole"
    assert "damaged" in parts[1].reason


def test_an_empty_document_says_so(tmp_path: Path) -> None:
    _, (part,) = parts_of(docx(tmp_path / "empty.docx", "<w:p/>"))
    assert part.outcome is Outcome.EMPTY
    assert part.reason


def test_reading_can_begin_at_any_part(tmp_path: Path) -> None:
    body = "".join(paragraph(f"{number} " + "word " * 300) for number in range(60))
    path = docx(tmp_path / "long.docx", body)
    _, parts = parts_of(path)
    assert len(parts) > 5
    from assistant.documents.formats.open_document import open_document

    document = open_document(path)
    later = list(document.parts(4))
    document.close()
    assert [part.number for part in later] == [part.number for part in parts[3:]]
    assert [one.sections[0].text for one in later] == [one.sections[0].text for one in parts[3:]]


def test_no_main_part_is_an_error_for_people(tmp_path: Path) -> None:
    from tests.unit.documents.formats.make_office import archive

    with pytest.raises(UnreadableDocument, match="contains no document") as caught:
        parts_of(archive(tmp_path / "hollow.docx", {"word/theme.xml": "<x/>"}))
    assert caught.value.hint


def _form_field(data: str, code: str, result: str = "") -> str:
    marks = [f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("separate", "end")]
    shown = f"<w:r>{marks[0]}</w:r><w:r><w:t>{result}</w:t></w:r>" if result else ""
    begin = f'<w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>'
    return f"<w:r>{begin}</w:r><w:r><w:instrText> {code} </w:instrText></w:r>{shown}<w:r>{marks[1]}</w:r>"


def test_ticks_choices_and_texts_of_forms(tmp_path: Path) -> None:
    ticked = _form_field('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>', "FORMCHECKBOX")
    empty = _form_field('<w:checkBox><w:default w:val="0"/></w:checkBox>', "FORMCHECKBOX")
    entries = '<w:listEntry w:val="Collie"/><w:listEntry w:val="Beagle"/>'
    choice = _form_field(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>', "FORMDROPDOWN")
    typed = _form_field("<w:textInput/>", "FORMTEXT", "Rex")
    box = (
        '<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        '<w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>√</w:t></w:r>'
        "</w:sdtContent></w:sdt>"
    )
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>Click here</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{label} </w:t></w:r>{field}</w:p>'
        for label, field in (
            ("Vaccinated", ticked), ("Chipped", empty), ("Breed", choice), ("Name", typed), ("Neutered", box),
        )
    )  # fmt: skip
    assert text_of(docx(tmp_path / "form.docx", body + prompt)).split("\n\n") == [
        "Vaccinated ☒", "Chipped ☐", "Breed Beagle", "Name Rex", "Neutered ☒",
    ]  # fmt: skip


def test_signs_of_symbol_fonts(tmp_path: Path) -> None:
    symbols = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> yes </w:t></w:r>'
    symbols += '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/><w:t xml:space="preserve"> no </w:t></w:r>'
    letters = '<w:r><w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/></w:rPr><w:t>a \uf0b1 W</w:t></w:r>'
    path = docx(tmp_path / "symbols.docx", f"<w:p>{symbols}{letters}</w:p>")
    assert text_of(path) == "☒ yes ☐ no α ± Ω"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(tmp_path: Path) -> None:
    end = '<w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
    body = f"<w:p>{end}<w:r><w:t>Ring the bell</w:t></w:r></w:p>" + paragraph(" twice.")
    assert text_of(docx(tmp_path / "tracked.docx", body)) == "Ring the bell twice."


def test_links_in_notes_lead_where_the_notes_say(tmp_path: Path) -> None:
    note = '<w:hyperlink r:id="hyperlink"><w:r><w:t>there</w:t></w:r></w:hyperlink>'
    more = {
        "word/footnotes.xml": f'<w:footnotes {WORD_NAMESPACES}><w:footnote w:id="2"><w:p>{note}</w:p>'
        "</w:footnote></w:footnotes>",
        "word/_rels/footnotes.xml.rels": relationships(hyperlink="https://example.org/note"),
    }
    body = '<w:p><w:r><w:t>A word</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    path = docx(tmp_path / "n.docx", body, more, footnotes="footnotes.xml", hyperlink="https://wrong.org")
    assert text_of(path) == "A word\n\nFootnote 1: there (https://example.org/note)"


def test_a_large_letter_in_a_frame_begins_the_next_paragraph(tmp_path: Path) -> None:
    frame = '<w:pPr><w:framePr w:dropCap="drop" w:lines="3"/></w:pPr>'
    first = f"<w:p>{frame}<w:r><w:t>H</w:t></w:r></w:p>" + paragraph("umidity ruined the oil.")
    second = f"<w:p>{frame}<w:r><w:t>A</w:t></w:r></w:p>" + paragraph(" keeper rowed.")
    assert text_of(docx(tmp_path / "a.docx", first + second)) == "Humidity ruined the oil.\n\nA keeper rowed."


def test_looks_that_the_style_of_a_paragraph_sets(tmp_path: Path) -> None:
    looks = {
        "Gone": "<w:strike/>",
        "Hidden": "<w:vanish/>",
        "Ticks": '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
    }
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:rPr>{look}</w:rPr></w:style>'
        for name, look in looks.items()
    )
    body = paragraph("Price 55", "Gone") + paragraph("secret", "Hidden") + paragraph("\xfe", "Ticks")
    more = {"word/styles.xml": f"<w:styles {WORD_NAMESPACES}>{styles}</w:styles>"}
    assert (
        text_of(docx(tmp_path / "a.docx", body, more, styles="styles.xml")) == "[struck out: Price 55]\n\n☒"
    )


@pytest.mark.parametrize(
    ("instruction", "result", "text"),
    [
        ("HYPERLINK https://x.org/a", "here", "here (https://x.org/a)"),
        ('SYMBOL 254 \\f "Wingdings" \\s 12', "", "☒"),
        ("SYMBOL 0xB1 \\f Symbol", "", "±"),
        ("EQ \\* jc2 \\* hps10 \\o\\ad(\\s\\up 9(やかん),夜間)", "", "夜間"),
    ],
)
def test_fields_of_word(instruction: str, result: str, text: str, tmp_path: Path) -> None:
    field = _form_field("", instruction, result)
    assert text_of(docx(tmp_path / "a.docx", f"<w:p>{field}</w:p>")) == text


def test_a_choice_that_word_leaves_without_a_result(tmp_path: Path) -> None:
    entries = '<w:default w:val="1"/><w:listEntry w:val="Collie"/><w:listEntry w:val="Beagle"/>'
    field = _form_field(f"<w:ddList>{entries}</w:ddList>", "FORMDROPDOWN")
    separate = '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    field = field.replace('<w:r><w:fldChar w:fldCharType="end"/></w:r>', separate)
    assert text_of(docx(tmp_path / "a.docx", f"<w:p>{field}</w:p>")) == "Beagle"
