from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument, UnsupportedFormat
from assistant.translation.files.open_file import open_file
from assistant.translation.records import Layout, Lost, NotKept
from tests.unit.translation.files.made_translations import texts, turned, unchanged, write
from tests.unit.translation.files.make_odf import STYLES, body_of, content, make_odf


def test_every_place_that_holds_text_is_read(tmp_path: Path) -> None:
    body = (
        "<text:h>Title</text:h>"
        "<text:p>One<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p>"
        "</text:note-body></text:note> two</text:p>"
        "<text:p><draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box>"
        "<svg:title>Alt</svg:title><svg:desc>Described</svg:desc></draw:frame></text:p>"
        "<text:list><text:list-item><text:p>Item</text:p></text:list-item></text:list>"
        '<table:table table:name="Names"><table:table-row><table:table-cell><text:p>Cell</text:p>'
        "</table:table-cell></table:table-row></table:table>"
        "<text:p>Said<office:annotation><dc:creator>Ann</dc:creator><text:p>Remark</text:p>"
        "</office:annotation></text:p>"
        '<text:p><draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>'
    )
    chart = content(
        "<chart:chart><chart:title><text:p>Sales</text:p></chart:title><table:table><table:table-cell>"
        "<text:p><draw:g><svg:desc>Sheet1.B1:B9</svg:desc></draw:g></text:p></table:table-cell></table:table>"
        "</chart:chart>",
        kind="chart",
    )
    meta = "<office:document-meta><office:meta><dc:title>My text</dc:title><dc:creator>Ann</dc:creator>" \
        "<meta:keyword>Key</meta:keyword></office:meta></office:document-meta>"  # fmt: skip
    path = make_odf(
        tmp_path / "a.odt", body, styles=STYLES, others={"Object 1/content.xml": chart, "meta.xml": meta}
    )
    file = open_file(path)
    assert texts(file) == [
        "Title", "One two", "Note", "In a box", "Alt", "Described", "Item", "Cell", "Said", "Remark", "Sales",
        "Head", "My text", "Key",
    ]  # fmt: skip
    assert file.language == "en"
    write(file, tmp_path / "b.odt")
    assert texts(open_file(tmp_path / "b.odt")) == [turned(one).text for one in file.paragraphs]
    assert 'table:name="Names"' in body_of(tmp_path / "b.odt")
    assert "<dc:creator>Ann</dc:creator>" in body_of(tmp_path / "b.odt", "meta.xml")


def test_the_rest_of_a_paragraph_keeps_its_markup(tmp_path: Path) -> None:
    body = (
        '<text:p text:style-name="P1">A <text:span text:style-name="T1">bold</text:span>'
        '<text:s text:c="2"/>word,'
        "<text:tab/>page <text:page-number>3</text:page-number><text:line-break/>"
        '<text:bookmark text:name="b"/>'
        "last</text:p>"
    )
    path = make_odf(tmp_path / "a.odt", body)
    file = open_file(path)
    assert texts(file) == ["A bold word,\tpage 3\nlast"]
    write(file, tmp_path / "b.odt")
    assert body_of(tmp_path / "b.odt") == (
        body.replace("A <", "A <").replace("bold", "dlob").replace("word", "drow").replace("page <", "egap <")
        .replace("last", "tsal")
    )  # fmt: skip
    write(file, tmp_path / "c.odt", translate=unchanged, layout=Layout.BELOW)
    assert (tmp_path / "c.odt").exists()
    assert body_of(tmp_path / "c.odt") == body


def test_numbers_and_formulas_of_sheets_stay(tmp_path: Path) -> None:
    body = (
        '<table:table table:name="Sales"><table:table-row>'
        '<table:table-cell office:value-type="string" office:string-value="Year"><text:p>Year</text:p>'
        '</table:table-cell><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="float" office:value="1"><text:p>one</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]" office:value-type="string"><text:p>Year</text:p>'
        '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"/>'
        '<table:table-row><table:table-cell office:value-type="string"><text:p>Sum</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    file = open_file(make_odf(tmp_path / "a.ods", body, kind="spreadsheet"))
    assert [(one.text, one.place) for one in file.paragraphs] == [("Year", "Sales!A1"), ("Sum", "Sales!A5")]
    write(file, tmp_path / "b.ods")
    assert body_of(tmp_path / "b.ods") == body.replace(
        ' office:string-value="Year"><text:p>Year', "><text:p>raeY"
    ).replace("<text:p>Sum", "<text:p>muS")


def test_words_that_formulas_look_for_stay(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = (
        f'<table:table table:name="Sales"><table:table-row>{cell.format("yes")}{cell.format("Region")}'
        f'{cell.format("Other")}<table:table-cell table:formula="of:=COUNTIF([.A1];&quot;Yes&quot;)"/>'
        "</table:table-row></table:table><table:data-pilot-tables><table:data-pilot-field "
        'table:source-field-name="Region"/></table:data-pilot-tables>'
    )
    file = open_file(make_odf(tmp_path / "a.ods", body, kind="spreadsheet"))
    assert texts(file) == ["Other"]
    assert file.lost == (Lost(NotKept.NAMES, count=2),)


def test_slides_and_their_notes_are_told_apart(tmp_path: Path) -> None:
    box = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    slide = f"<draw:page>{box}<presentation:notes>{box}</presentation:notes></draw:page>"
    body = slide.format("One", "Note") + slide.format("Two", "More")
    file = open_file(make_odf(tmp_path / "a.odp", body, kind="presentation"))
    assert [(one.text, one.place) for one in file.paragraphs] == [
        ("One", "slide 1"), ("Note", "slide 1, notes"), ("Two", "slide 2"), ("More", "slide 2, notes"),
    ]  # fmt: skip


def test_language_direction_and_letters_follow_the_target(tmp_path: Path) -> None:
    automatic = (
        '<style:style style:name="P1" style:family="paragraph">'
        '<style:paragraph-properties fo:text-align="left"/>'
        '<style:text-properties fo:font-style="italic" fo:language="fr" fo:country="FR"/></style:style>'
    )
    path = make_odf(tmp_path / "a.odt", "<text:p>One</text:p>", automatic=automatic, styles=STYLES)
    write(open_file(path), tmp_path / "b.odt", target="de")
    with zipfile.ZipFile(tmp_path / "b.odt") as archive:
        changed, styles = archive.read("content.xml").decode(), archive.read("styles.xml").decode()
    assert 'fo:text-align="left"' in changed
    assert 'fo:font-style="italic" fo:language="de" fo:country="DE"' in changed
    assert 'fo:language="de" fo:country="DE"' in styles
    assert "rl-tb" not in styles
    write(open_file(path), tmp_path / "b.odt", target="ar")
    with zipfile.ZipFile(tmp_path / "b.odt") as archive:
        changed, styles = archive.read("content.xml").decode(), archive.read("styles.xml").decode()
    assert 'fo:text-align="right"' in changed
    assert 'fo:font-style="normal"' in changed
    assert '<style:paragraph-properties fo:text-align="right" style:writing-mode="rl-tb"/>' in styles
    assert '<style:page-layout-properties style:writing-mode="rl-tb"/>' in styles
    assert 'style:language-complex="ar" style:country-complex="SA"' in styles


def test_below_stands_the_translation_in_a_style_of_its_language(tmp_path: Path) -> None:
    automatic = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Text">'
        '<style:text-properties fo:font-weight="bold" fo:language="en" fo:country="US"/></style:style>'
    )
    body = (
        "<text:h>Top</text:h>"
        '<text:p text:style-name="P1" xml:id="i">A <text:span>b</text:span>ox<draw:frame/></text:p>'
        '<text:p text:style-name="Text">Two</text:p>'
    )
    path = make_odf(tmp_path / "a.odt", body, automatic=automatic)
    write(open_file(path), tmp_path / "b.odt", layout=Layout.BELOW)
    assert body_of(tmp_path / "b.odt") == (
        '<text:h>Top<text:line-break/><text:span text:style-name="TranslatedWords">poT</text:span></text:h>'
        '<text:p text:style-name="P1" xml:id="i">A <text:span>b</text:span>ox<draw:frame/></text:p>'
        '<text:p text:style-name="TranslatedParagraph1">A <text:span>x</text:span>ob</text:p>'
        '<text:p text:style-name="Text">Two</text:p>'
        '<text:p text:style-name="TranslatedParagraph2">owT</text:p>'
    )
    with zipfile.ZipFile(tmp_path / "b.odt") as archive:
        styles = archive.read("content.xml").decode()
    assert (
        '<style:style style:name="TranslatedParagraph1" style:family="paragraph"'
        ' style:parent-style-name="Text">'
        '<style:paragraph-properties style:writing-mode="lr-tb"/>'
        '<style:text-properties fo:language="de" fo:country="DE" fo:font-weight="bold"/></style:style>'
    ) in styles
    assert (
        'style:name="TranslatedParagraph2" style:family="paragraph" style:parent-style-name="Text"' in styles
    )


def test_what_cannot_be_kept_is_listed(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>Here</text:p>"
    )
    others = {"Basic/script-lc.xml": "<x/>", "META-INF/documentsignatures.xml": "<x/>", "meta.xml": "<broken"}
    file = open_file(make_odf(tmp_path / "a.odt", body, others=others))
    assert texts(file) == ["Here"]
    assert file.lost == (
        Lost(NotKept.PART_UNREADABLE, "meta.xml"), Lost(NotKept.MACROS), Lost(NotKept.SIGNATURE),
        Lost(NotKept.TRACKED),
    )  # fmt: skip


def test_damaged_and_locked_documents_say_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument) as told:
        open_file(make_odf(tmp_path / "a.odt", "<text:p>"))
    assert told.value.reason == "not-xml"
    locked = {"META-INF/manifest.xml": "<manifest:encryption-data/>"}
    with pytest.raises(UnsupportedFormat) as refused:
        open_file(make_odf(tmp_path / "a.odt", "<text:p/>", others=locked))
    assert refused.value.reason == "translate-locked"
