"""Word files: every place is translated, and what stands between the words stays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.office import docx
from assistant.translation.records import Layout, Lost, Mark, NotKept, Paragraph, TranslatedParagraph
from tests.unit.translation.files.office.make_packages import (
    members,
    package,
    part,
    places,
    replaced,
    sentence,
    write,
)

MAIN = "word/document.xml"
_KINDS = ("header", "footer", "footnotes", "endnotes", "comments", "numbering", "glossaryDocument")


def p(content: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def r(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def s(place: str) -> str:
    return p(r(sentence(place)))


def field(instruction: str, result: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{mark.format('begin')}{code}{mark.format('separate')}{result}{mark.format('end')}"


def document(tmp_path: Path, body: str, **others: str) -> Path:
    parts = {MAIN: part("w:document", f"<w:body>{body}</w:body>")}
    relations = {"": {"rId1": f"officeDocument {MAIN}"}, MAIN: {}}
    for number, (kind, content) in enumerate(others.items()):
        parts[f"word/{kind}.xml"] = content
        relations[MAIN][f"part{number}"] = f"{kind} {kind}.xml"
    return package(tmp_path / "made.docx", parts, relations)


def body_of(path: Path) -> str:
    text = members(path)[MAIN].decode()
    return text[text.index("<w:body>") : text.index("</w:body>")]


def translated(path: Path, tmp_path: Path, **options: object) -> str:
    write(docx.open(path), tmp_path / "out.docx", **options)  # type: ignore[arg-type]
    return body_of(tmp_path / "out.docx")


def words(xml: str) -> str:
    """The text of each paragraph."""
    text = re.sub(r"<w:instrText>.*?</w:instrText>", "", xml).replace("</w:p>", "\n")
    return re.sub(r"<[^>]+>", "", text).strip()


def every_place(tmp_path: Path) -> Path:
    box = "<w:txbxContent>{}</w:txbxContent>"
    body = "".join(
        [
            s("body"),
            p(r(sentence("heading")), '<w:pStyle w:val="Heading1"/>'),
            f"<w:tbl><w:tblPr><w:tblCaption w:val='{sentence('caption')}'/>"
            f"<w:tblDescription w:val='{sentence('table description')}'/></w:tblPr>"
            f"<w:tr><w:tc>{s('cell')}"
            f"<w:tbl><w:tr><w:tc>{s('inner cell')}</w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>",
            p(
                "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>"
                f"<wp:docPr id='1' name='Box 1' descr='{sentence('picture')}'"
                f" title='{sentence('picture title')}'/>"
                f"<wps:wsp><wps:txbx>{box.format(s('box'))}</wps:txbx></wps:wsp></w:drawing></mc:Choice>"
                f"<mc:Fallback><w:pict><v:shape alt='{sentence('picture')}'><v:textbox>{box.format(s('box'))}"
                "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
            ),
            p(
                f"<w:r><w:pict><v:shape alt='{sentence('old picture')}'>"
                f"<v:textpath string='{sentence('word art')}'/></v:shape></w:pict></w:r>"
            ),
            f"<w:sdt><w:sdtPr><w:alias w:val='{sentence('control name')}'/><w:showingPlcHdr/><w:dropDownList>"
            f"<w:listItem w:displayText='{sentence('choice')}' w:value='kept'/>"
            f"<w:listItem w:value='{sentence('bare choice')}'/></w:dropDownList></w:sdtPr>"
            f"<w:sdtContent>{s('placeholder')}</w:sdtContent></w:sdt>",
            p(
                "<w:r><w:fldChar w:fldCharType='begin'><w:ffData>"
                f"<w:helpText w:type='text' w:val='{sentence('help')}'/>"
                f"<w:statusText w:type='text' w:val='{sentence('status')}'/>"
                f"<w:ddList><w:listEntry w:val='{sentence('old choice')}'/></w:ddList>"
                "</w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
            ),
            p(f"<w:hyperlink r:id='link' w:tooltip='{sentence('tip')}'>{r(sentence('link'))}</w:hyperlink>"),
            p(f"<w:fldSimple w:instr='REF x'>{r(sentence('simple field'))}</w:fldSimple>"),
            p(field("REF Sentence of the code.", r(sentence("field")))),
            p(f"<w:r><w:drawing><a:p><a:r><a:t>{sentence('canvas')}</a:t></a:r></a:p></w:drawing></w:r>"),
            p(f"<w:ins w:id='1' w:author='A'>{r(sentence('insertion'))}</w:ins>"),
            "<w:sdt><w:sdtContent>"
            f"{p('<w:smartTag>' + r(sentence('smart tag')) + '</w:smartTag>')}</w:sdtContent></w:sdt>",
            "<w:sectPr/>",
        ]
    )
    note = "<w:{0} w:id='2'>{1}</w:{0}>"
    title = "".join(
        f"<{name}>{sentence(name.partition(':')[2])}</{name}>"
        for name in ("dc:title", "dc:subject", "dc:description", "cp:keywords", "cp:category")
    )
    path = document(
        tmp_path,
        body,
        header=part("w:hdr", s("header")),
        footer=part("w:ftr", p(r(sentence("footer")) + "<w:r><w:tab/></w:r>" + field("PAGE", r("2")))),
        footnotes=part("w:footnotes", note.format("footnote", s("footnote"))),
        endnotes=part("w:endnotes", note.format("endnote", s("endnote"))),
        comments=part("w:comments", note.format("comment", s("comment"))),
        numbering=part(
            "w:numbering",
            "<w:abstractNum><w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/>"
            f"<w:lvlText w:val='{sentence('number')}'/></w:lvl></w:abstractNum>",
        ),
        glossaryDocument=part(
            "w:glossaryDocument",
            "<w:docParts><w:docPart><w:docPartPr><w:types><w:type w:val='bbPlcHdr'/></w:types></w:docPartPr>"
            f"<w:docPartBody>{s('empty control')}</w:docPartBody></w:docPart></w:docParts>",
        ),
    )
    return package(
        path,
        {name: content for name, content in members(path).items() if not name.endswith((".rels", "].xml"))}
        | {"docProps/core.xml": part("cp:coreProperties", title)},
        {
            "": {"rId1": f"officeDocument {MAIN}", "rId2": "core-properties docProps/core.xml"},
            MAIN: {f"r{number}": f"{kind} {kind}.xml" for number, kind in enumerate(_KINDS)},
        },
    )


def test_every_place_is_translated(tmp_path: Path) -> None:
    path = every_place(tmp_path)
    wanted = places(path, "Sentence of the") - {"code"}
    assert len(wanted) >= 34
    lost = write(docx.open(path), tmp_path / "out.docx")
    assert places(tmp_path / "out.docx", "Satz von") == wanted
    assert places(tmp_path / "out.docx", "Sentence of the") == {"code", "bare choice"}
    assert lost == (Lost(NotKept.TRACKED),)


def test_every_paragraph_is_there_once(tmp_path: Path) -> None:
    """Both variants of a text box, and all descriptions that say the same, are translated together."""
    found = [paragraph.text for paragraph in docx.open(every_place(tmp_path)).paragraphs]
    assert len(found) == len(set(found))


def test_what_is_not_translated_is_copied(tmp_path: Path) -> None:
    path = document(tmp_path, s("body"), theme="<theme>  any\r\nbytes </theme>", header=part("w:hdr", ""))
    write(docx.open(path), tmp_path / "out.docx")
    before, after = members(path), members(tmp_path / "out.docx")
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {MAIN}


def test_looks_links_and_points_become_marks(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    link = f'<w:hyperlink r:id="x">{r("the ", "<w:u/>")}{r("site", "<w:u/><w:b/>")}</w:hyperlink>'
    path = document(
        tmp_path,
        p(r("A plain and ") + r("bold", "<w:b/>") + r(" word, then ") + note + link + r(" for all to read.")),
    )
    (paragraph,) = docx.open(path).paragraphs
    assert paragraph.text == "A plain and bold word, then the site for all to read."
    marked = [paragraph.text[mark.start : mark.end] for mark in paragraph.marks]
    assert marked == ["bold", "the site", "", "site"]
    again = translated(path, tmp_path, translate=lambda one: replaced(one, {"bold": "dicke", "plain": "x"}))
    assert words(again) == "A x and dicke word, then the site for all to read."
    assert re.findall(r"<w:b/>.*?<w:t[^>]*>(.*?)<", again) == ["dicke", "site"]
    assert again.count("<w:hyperlink") == 1
    assert "<w:footnoteReference" in again


def test_words_that_were_torn_apart_get_their_links_twice(tmp_path: Path) -> None:
    path = document(
        tmp_path, p(r("Please ") + f'<w:hyperlink r:id="x">{r("look up")}</w:hyperlink>' + r(" it"))
    )

    def torn(paragraph: Paragraph) -> TranslatedParagraph:
        (mark,) = paragraph.marks
        marks = (Mark(mark.id, 0, 4), Mark(mark.id, 8, 10))
        return TranslatedParagraph(paragraph.text, "look it up", "en", marks=marks)

    again = translated(path, tmp_path, translate=torn)
    assert re.findall(r'<w:hyperlink r:id="x">.*?<w:t>(.*?)</w:t>', again) == ["look", "up"]


def test_a_control_that_was_torn_apart_is_closed_up_and_reported(tmp_path: Path) -> None:
    control = (
        f"<w:sdt><w:sdtPr><w:id w:val='1'/></w:sdtPr><w:sdtContent>{r('look up')}</w:sdtContent></w:sdt>"
    )
    file = docx.open(document(tmp_path, p(r("Please ") + control + r(" it"))))

    def torn(paragraph: Paragraph) -> TranslatedParagraph:
        (mark,) = paragraph.marks
        marks = (Mark(mark.id, 0, 4), Mark(mark.id, 8, 10))
        return TranslatedParagraph(paragraph.text, "look it up", "en", marks=marks)

    assert write(file, tmp_path / "out.docx", torn) == (Lost(NotKept.SPLIT_LOOK),)
    again = body_of(tmp_path / "out.docx")
    assert again.count("<w:sdt>") == 1
    assert words(again) == "look it up"


def test_marks_that_a_translation_lacks_lose_nothing_that_stands_between_words(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    file = docx.open(document(tmp_path, p(r("A word") + note + r(" and more."))))

    def bare(paragraph: Paragraph) -> TranslatedParagraph:
        return TranslatedParagraph(paragraph.text, "Ein Wort und mehr.", "en")

    assert write(file, tmp_path / "out.docx", bare) == (Lost(NotKept.LOOK),)
    assert "<w:footnoteReference" in body_of(tmp_path / "out.docx")


def test_tabs_part_texts_and_breaks_do_so_where_no_sentence_goes_on(tmp_path: Path) -> None:
    tab, line = "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>"
    path = document(
        tmp_path,
        p(r("Name") + tab + r("Date")) + p(r("Milk") + line + r("Bread")) + p(r("We go") + line + r("on.")),
    )
    assert [one.text for one in docx.open(path).paragraphs] == ["Name", "Date", "Milk", "Bread", "We go on."]
    again = translated(
        path, tmp_path, translate=lambda one: replaced(one, {"We go": "Wir gehen", "on.": "weiter."})
    )
    assert re.sub(r"<w:(tab|br)/>", r"|\1|", again).count("|") == 6
    assert words(re.sub(r"<w:br/>", "|", again)).splitlines()[-1] == "Wir gehen|weiter."


def test_computed_fields_stay_and_links_in_fields_are_translated(tmp_path: Path) -> None:
    page = field(" PAGE ", r("7"))
    link = field(' HYPERLINK "http://a.b" ', r("our pages"))
    path = document(tmp_path, p(r("On page ") + page + r(" of ") + link + r(" it stands.")))
    (paragraph,) = docx.open(path).paragraphs
    assert paragraph.text == "On page  of our pages it stands."
    again = translated(path, tmp_path, translate=lambda one: replaced(one, {"our pages": "unseren Seiten"}))
    assert words(again) == "On page 7 of unseren Seiten it stands."
    order = re.findall(r'fldCharType="(\w+)"', again)
    assert order == ["begin", "separate", "end"] * 2


def test_hidden_words_symbols_and_numbers_are_left_alone(tmp_path: Path) -> None:
    symbols = r("abc", '<w:rFonts w:ascii="Wingdings"/>')
    path = document(tmp_path, p(r("secret", "<w:vanish/>") + r("Seen") + symbols) + p(r("12.5 %")))
    assert [one.text for one in docx.open(path).paragraphs] == ["Seen"]
    again = translated(path, tmp_path)
    assert words(again) == "secretSeenabc\n12.5 %"


def test_what_was_deleted_is_left_out(tmp_path: Path) -> None:
    gone = "<w:del w:id='1' w:author='A'><w:r><w:delText>old </w:delText></w:r></w:del>"
    end = "<w:rPr><w:del w:id='2' w:author='A'/></w:rPr>"
    path = document(tmp_path, p(r("The ") + gone + r("new"), end) + p(r(" text.")))
    assert [one.text for one in docx.open(path).paragraphs] == ["The new text."]
    assert "old" not in translated(path, tmp_path)


def test_languages_and_directions_are_set(tmp_path: Path) -> None:
    table = "<w:tbl><w:tblPr><w:tblW w:w='0'/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    bold = r("A text", '<w:b/><w:i/><w:sz w:val="40"/><w:lang w:val="en-US"/>')
    path = document(tmp_path, p(bold) + table + "<w:sectPr><w:docGrid/></w:sectPr>")
    arabic = translated(
        path, tmp_path, target="ar", translate=lambda one: TranslatedParagraph(one.text, "نص", "en")
    )
    assert "<w:pPr><w:bidi/></w:pPr>" in arabic
    assert (
        '<w:rPr><w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/><w:rtl/><w:lang w:bidi="ar-SA"/></w:rPr>'
    ) in arabic
    assert '<w:tblPr><w:bidiVisual/><w:tblW w:w="0"/></w:tblPr>' in arabic
    assert "<w:sectPr><w:bidi/><w:docGrid/></w:sectPr>" in arabic
    back = translated(tmp_path / "out.docx", tmp_path, target="fr")
    assert not re.search("bidi|rtl", back)
    assert '<w:lang w:val="fr-FR"/>' in back
    chinese = translated(path, tmp_path, target="zh")
    assert '<w:rFonts w:hint="eastAsia"/>' in chinese
    assert '<w:lang w:eastAsia="zh-CN"/>' in chinese
    assert "<w:i/>" not in chinese


def test_slanted_styles_are_set_upright_where_the_script_has_no_italics(tmp_path: Path) -> None:
    styles = part("w:styles", "<w:style w:styleId='Quote'><w:rPr><w:i/></w:rPr></w:style>")
    path = document(tmp_path, p(r("Said"), '<w:pStyle w:val="Quote"/>'), styles=styles)
    assert '<w:i w:val="0"/>' in translated(path, tmp_path, target="ja")
    assert "<w:i " not in translated(path, tmp_path, target="de")


def test_below_each_paragraph_stands_its_translation(tmp_path: Path) -> None:
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    item = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    path = document(
        tmp_path,
        p('<w:bookmarkStart w:id="0" w:name="b"/>' + r("Sentence of the item") + note, item)
        + f"<w:tbl><w:tr><w:tc>{s('cell')}</w:tc></w:tr></w:tbl>{p(r('2010'))}<w:sectPr/>",
    )
    below = translated(path, tmp_path, layout=Layout.BELOW)
    assert words(below).splitlines() == [
        "Sentence of the item",
        "Satz von item",
        "Sentence of the cell.",
        "Satz von cell.",
        "2010",
    ]
    assert below.count("footnoteReference") == below.count("bookmarkStart") == 1
    assert '<w:numId w:val="0"/>' in below


def test_damaged_parts(tmp_path: Path) -> None:
    path = document(tmp_path, s("body"), header="<w:hdr>", footer=part("w:ftr", s("footer")))
    file = docx.open(path)
    assert file.lost == (Lost(NotKept.PART_UNREADABLE, "word/header.xml"),)
    write(file, tmp_path / "out.docx")
    assert members(tmp_path / "out.docx")["word/header.xml"] == b"<w:hdr>"
    for content in ("", "<w:document>", "no XML"):
        broken = package(tmp_path / "broken.docx", {MAIN: content}, {"": {"r": f"officeDocument {MAIN}"}})
        with pytest.raises(UnreadableDocument):
            docx.open(broken)
    with pytest.raises(UnreadableDocument):
        docx.open(package(tmp_path / "empty.docx", {}, {}))


def test_a_large_letter_stays_large(tmp_path: Path) -> None:
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    path = document(tmp_path, p(r("O", '<w:sz w:val="99"/>'), frame) + p(r("nce upon a time")))
    assert [one.text for one in docx.open(path).paragraphs] == ["Once upon a time"]
    german = {"Once upon a time": "Es war einmal"}
    again = translated(path, tmp_path, translate=lambda one: replaced(one, german))
    assert words(again).splitlines() == ["E", "s war einmal"]
    assert again.count('w:val="99"') == 1


def test_below_an_item_its_translation_stands_as_far_in(tmp_path: Path) -> None:
    numbering = part(
        "w:numbering",
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0">'
        '<w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>',
    )
    item = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    path = document(tmp_path, p(r("Milk"), item), numbering=numbering)
    below = translated(path, tmp_path, layout=Layout.BELOW)
    assert below.count("<w:ind") == 0
    german = {"Milk": "Milch"}
    below = translated(path, tmp_path, layout=Layout.BELOW, translate=lambda one: replaced(one, german))
    assert '<w:numPr><w:numId w:val="0"/></w:numPr><w:ind w:left="720"/>' in below


@pytest.mark.parametrize(
    "piece",
    [
        r("word ", "<w:b/>") + r("other "),
        f'<w:hyperlink r:id="x">{r("word ")}</w:hyperlink>{r("other ")}',
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("word "),
        r("Word") + "<w:r><w:br/></w:r>",
    ],
    ids=["looks", "links", "fields", "breaks"],
)
def test_a_paragraph_of_many_pieces_takes_no_longer_than_they_do(tmp_path: Path, piece: str) -> None:
    """Thousands: what would be done for each pair of them would take minutes."""
    path = document(tmp_path, p(piece * 1_500))
    before = words(body_of(path))
    assert words(translated(path, tmp_path)) == before


def test_characters_that_xml_cannot_hold_become_spaces(tmp_path: Path) -> None:
    path = document(tmp_path, s("body"))
    odd = "a\0b\x0bc\ud800d\ufffe"
    again = translated(path, tmp_path, translate=lambda one: TranslatedParagraph(one.text, odd, "en"))
    assert words(again) == "a b c d"


def test_controls_bound_to_other_parts_show_their_translation(tmp_path: Path) -> None:
    control = (
        "<w:sdt><w:sdtPr><w:dataBinding {} w:xpath='/x'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    )
    title = "w:prefixMappings='xmlns:a=&quot;http://schemas/core-properties&quot;'"
    path = document(tmp_path, control.format("", s("one")) + control.format(title, s("two")))
    again = translated(path, tmp_path)
    assert again.count("dataBinding") == again.count("core-properties") == 1


def test_what_cannot_be_translated_is_told(tmp_path: Path) -> None:
    path = document(tmp_path, s("body") + '<w:altChunk r:id="x"/>')
    others = {
        "word/media/image1.png": b"", "word/media/image2.jpeg": b"", "word/embeddings/o.bin": b"",
        "word/vbaProject.bin": b"", "_xmlsignatures/sig1.xml": b"", "_xmlsignatures/origin.sigs": b"",
    }  # fmt: skip
    full = package(
        tmp_path / "full.docm", {MAIN: members(path)[MAIN], **others}, {"": {"r": f"officeDocument {MAIN}"}}
    )
    assert set(docx.open(full).lost) == {
        Lost(NotKept.PICTURE_TEXT, count=2),
        Lost(NotKept.EMBEDDED, count=2),
        Lost(NotKept.MACROS),
        Lost(NotKept.SIGNATURE),
    }


def test_below_sections_end_behind_the_translation_and_nothing_counts_twice(tmp_path: Path) -> None:
    page = '<w:r><w:br w:type="page"/></w:r>'
    simple = f'<w:fldSimple w:instr=" SEQ Table ">{r("3")}</w:fldSimple>'
    number = f'<w:fldSimple w:instr="NUMPAGES">{r("8")}</w:fldSimple>'
    path = document(
        tmp_path,
        p(r("Table ") + field(" SEQ Table ", r("2")) + r(": costs") + page, "<w:sectPr><w:cols/></w:sectPr>")
        + p(r("Table ") + simple + r(": on page ") + field("PAGE", r("9")) + number),
    )
    below = translated(
        path, tmp_path, layout=Layout.BELOW, translate=lambda one: replaced(one, {"Table": "Tafel"})
    )
    assert words(below).splitlines() == [
        "Table 2: costs", "Tafel 2: costs", "Table 3: on page 98", "Tafel 3: on page 98"
    ]  # fmt: skip
    assert below.count('w:type="page"') == below.count("<w:sectPr>") == 1
    assert below.count("SEQ Table") == 2
    assert below.count(">PAGE<") == below.count("NUMPAGES") == 2
    assert below.index("<w:sectPr>") > below.index('<w:t xml:space="preserve">Table ')
    assert (
        '<w:sectPr><w:cols/></w:sectPr></w:pPr><w:r><w:rPr><w:lang w:val="de-DE"/></w:rPr><w:t xml' in below
    )


@pytest.mark.parametrize(("german", "written"), [("Kapitel %1", "Kapitel %1"), ("Kapitel", "Chapter %1")])
def test_words_that_are_counted_keep_the_place_of_their_number(
    tmp_path: Path, german: str, written: str
) -> None:
    level = '<w:lvl><w:numFmt w:val="decimal"/><w:lvlText w:val="Chapter %1"/></w:lvl>'
    path = document(
        tmp_path, s("body"), numbering=part("w:numbering", f"<w:abstractNum>{level}</w:abstractNum>")
    )
    translated(path, tmp_path, translate=lambda one: replaced(one, {"Chapter %1": german}))
    assert f'w:val="{written}"' in members(tmp_path / "out.docx")["word/numbering.xml"].decode()
