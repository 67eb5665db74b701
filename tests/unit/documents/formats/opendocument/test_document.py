"""OpenDocument texts, workbooks and presentations."""

from __future__ import annotations

import zipfile
from pathlib import Path

from assistant.documents.records import Outcome
from tests.unit.documents.formats.make_office import archive, opendocument, parts_of, sections_of, text_of


def test_text_has_headings_lists_tables_and_notes(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="1">Report</text:h><text:p>First<text:s/>words<text:line-break/>and more.'
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>the source</text:p></text:note-body></text:note></text:p>"
        '<text:h text:outline-level="2">Goods</text:h><text:list><text:list-item><text:p>bread</text:p>'
        "<text:list><text:list-item><text:p>rye</text:p></text:list-item></text:list></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Item</text:p></table:table-cell>"
        "<table:table-cell><text:p>Price</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>Rye</text:p></table:table-cell>"
        "<table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>"
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
    )
    first, second, table = sections_of(opendocument(tmp_path / "text.odt", "text", body))

    assert first.text == "Report\n\nFirst words\nand more.\n\nFootnote 1: the source"
    assert second.text == "Goods\n\n• bread\n• rye"
    assert second.location == "section Goods"
    assert second.heading == ("Report", "Goods")
    assert (table.text, table.table) == ("Item\tPrice\nRye\t2", True)


def test_numbered_lists_count(tmp_path: Path) -> None:
    styles = (
        '<s xmlns:office="o" xmlns:text="t" xmlns:style="st"><office:styles><text:list-style style:name="L">'
        '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
        "</text:list-style></office:styles></s>"
    )
    body = '<text:list text:style-name="L">' + "".join(
        f"<text:list-item><text:p>{word}</text:p></text:list-item>" for word in ("one", "two")
    ) + "</text:list>"  # fmt: skip
    assert (
        text_of(opendocument(tmp_path / "list.odt", "text", body, {"styles.xml": styles})) == "1. one\n2. two"
    )


def test_equations_of_embedded_objects_can_be_read(tmp_path: Path) -> None:
    formula = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mi>b</mi></mfrac>'
        '<annotation encoding="StarMath 5.0">{a} over {b}</annotation></math>'
    )
    body = '<text:p>so <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame></text:p>'
    path = opendocument(tmp_path / "math.odt", "text", body, {"Object 1/content.xml": formula})
    assert text_of(path) == r"so $\frac{a}{b}$"


def test_sheets_repeat_cells_and_rows_with_measure(tmp_path: Path) -> None:
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    body = (
        '<table:table table:name="Prices"><table:table-row>'
        + cell.format("", "Item")
        + cell.format("", "Price")
        + "</table:table-row><table:table-row>"
        + cell.format("", "Nail")
        + cell.format('office:value-type="float" office:value="0.1"', "0.10 €")
        + '</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        '<table:table table:name="Full"><table:table-row table:number-rows-repeated="1048576">'
        + cell.format('table:number-columns-repeated="16384"', "x")
        + "</table:table-row></table:table>"
    )
    opened, parts = parts_of(opendocument(tmp_path / "book.ods", "spreadsheet", body))

    assert (opened.unit, opened.parts) == ("sheet", 2)
    (section,) = parts[0].sections
    assert (section.text, section.location) == ("Item\tPrice\nNail\t0.10 €", "sheet Prices, rows 1–2")
    assert section.page == 1
    assert parts[1].sections[0].text == "x"


def test_slides_have_titles_and_notes(tmp_path: Path) -> None:
    def frame(text: str, kind: str = "") -> str:
        role = f'presentation:class="{kind}"' if kind else ""
        return f"<draw:frame {role}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"

    body = (
        f"<draw:page>{frame('below')}{frame('The title', 'title')}<presentation:notes>{frame('say hello')}"
        "</presentation:notes></draw:page><draw:page/>"
    )
    opened, parts = parts_of(opendocument(tmp_path / "show.odp", "presentation", body))
    text, notes = parts[0].sections
    assert (text.text, text.location, text.page) == ("The title\n\nbelow", "slide 1", 1)
    assert (notes.text, notes.location) == ("say hello", "slide 1, notes")
    assert parts[1].outcome is Outcome.EMPTY
    assert opened.kind == "odp"


FORM = ' xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"'


def test_what_is_filled_in_at_forms(tmp_path: Path) -> None:
    fields = (
        '<form:checkbox form:id="c1" form:label="vaccinated" form:current-state="checked"/>'
        '<form:checkbox form:id="c2" form:label="chipped"/>'
        '<form:listbox form:id="l1"><form:option form:label="Collie"/>'
        '<form:option form:label="Beagle" form:current-selected="true"/></form:listbox>'
        '<form:text form:id="t1" form:current-value="Rex"/>'
    )
    controls = "".join(f'<draw:control draw:control="{name}"/> ' for name in ("c1", "c2", "l1", "t1"))
    body = (
        f"<office:forms{FORM}><form:form>{fields}</form:form></office:forms><text:p>Dog: {controls}</text:p>"
    )
    path = opendocument(tmp_path / "form.odt", "text", body)
    assert text_of(path) == "Dog: ☒ vaccinated ☐ chipped Beagle Rex"


def test_a_paragraph_that_is_struck_out_as_a_whole(tmp_path: Path) -> None:
    style = (
        '<style:style style:name="P1" style:family="paragraph"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
    )
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
        f"<office:automatic-styles>{style}</office:automatic-styles><office:body><office:text>"
        '<text:p text:style-name="P1">It was 40 euros.</text:p><text:p>It is 50 euros.</text:p>'
        "</office:text></office:body></office:document-content>"
    )
    path = opendocument(tmp_path / "struck.odt", "text", "", {"content.xml": content})
    assert text_of(path) == "[struck out: It was 40 euros.]\n\nIt is 50 euros."


def test_what_a_sheet_hides_says_so(tmp_path: Path) -> None:
    def row(*cells: str, more: str = "") -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row{more}>{inside}</table:table-row>"

    hidden = ' table:visibility="collapse"'
    body = (
        f'<table:table table:name="Staff"><table:table-column/><table:table-column{hidden}/>'
        f"{row('Name', 'Salary')}{row('Anna', '3000')}{row('Secret', '9999', more=hidden)}</table:table>"
    )
    path = opendocument(tmp_path / "staff.ods", "spreadsheet", body)
    assert text_of(path).split("\n") == [
        "Name\tSalary [hidden column]",
        "Anna\t3000",
        "Secret\t9999 [hidden row]",
    ]


def test_hidden_sheets_and_slides_say_so(tmp_path: Path) -> None:
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style", "presentation")
    )
    spaces += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    spaces += ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'

    def content(style: str, kind: str, body: str) -> str:
        return (
            f"<office:document-content{spaces}><office:automatic-styles>{style}</office:automatic-styles>"
            f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
        )

    style = (
        '<style:style style:name="t" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style>"
    )
    cell = "<table:table-row><table:table-cell><text:p>old</text:p></table:table-cell></table:table-row>"
    sheet = f'<table:table table:name="Old" table:style-name="t">{cell}</table:table>'
    path = opendocument(
        tmp_path / "old.ods", "spreadsheet", "", {"content.xml": content(style, "spreadsheet", sheet)}
    )
    assert sections_of(path)[0].location == "sheet Old (hidden), row 1"

    style = (
        '<style:style style:name="d" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    frames = "".join(
        f'<draw:frame svg:x="{x}cm" svg:y="{y}cm" svg:width="6cm" svg:height="1cm">'
        f"<draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
        for text, x, y in (("plums: sell", 1, 8), ("apples: pick", 1, 4), ("SOUTH", 1, 6), ("NORTH", 1, 2))
    )
    slide = f'<draw:page draw:style-name="d">{frames}</draw:page>'
    path = opendocument(
        tmp_path / "show.odp", "presentation", "", {"content.xml": content(style, "presentation", slide)}
    )
    (section,) = sections_of(path)
    assert section.location == "slide 1 (hidden)"
    assert section.text.split("\n\n") == ["NORTH", "apples: pick", "SOUTH", "plums: sell"]


def test_shapes_are_read_as_they_stand(tmp_path: Path) -> None:
    def frame(text: str, place: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame {place} svg:width="5cm" svg:height="2cm">{box}</draw:frame>'

    inside = frame("second", 'svg:x="1cm" svg:y="9cm"') + frame("first", 'svg:x="1cm" svg:y="5cm"')
    turned = frame("top", 'draw:transform="rotate (0.5) translate (1cm 2cm)"')
    last = frame("last", 'svg:x="1cm" svg:y="15cm"')
    page = f"<draw:page>{last}<draw:g>{inside}</draw:g>{turned}</draw:page>"
    page = page.replace("<draw:page>", f'<draw:page xmlns:svg="{_SVG}">')
    path = opendocument(tmp_path / "a.odp", "presentation", page)
    assert text_of(path).split("\n\n") == ["top", "first", "second", "last"]


_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"


def test_links_fonts_and_prompts(tmp_path: Path) -> None:
    picture = f'<draw:frame><svg:desc xmlns:svg="{_SVG}">Logo</svg:desc></draw:frame>'
    body = f'<text:p>See <draw:a xlink:href="https://x.org/a">{picture}</draw:a></text:p>'
    prompt = '<text:content-control text:showing-place-holder="true">Choose</text:content-control>'
    body += f"<text:p>Size {prompt}</text:p>"
    body += '<text:p><text:span text:style-name="t">\xfe</text:span></text:p>'
    path = opendocument(tmp_path / "a.odt", "text", body)
    with zipfile.ZipFile(path) as file:
        content = file.read("content.xml").decode()
    face = f'<style:font-face style:name="F1" svg:font-family="Wingdings" xmlns:svg="{_SVG}"/>'
    style = '<style:style style:name="t"><style:text-properties style:font-name="F1"/></style:style>'
    head = f"<office:font-face-decls>{face}</office:font-face-decls>"
    head += f"<office:automatic-styles>{style}</office:automatic-styles><office:body>"
    archive(path, {"content.xml": content.replace("<office:body>", head, 1)})
    assert text_of(path) == "See\n\n[Logo] (https://x.org/a)\n\nSize\n\n☒"


def test_values_without_their_text(tmp_path: Path) -> None:
    values = (
        'percentage" office:value="0.25', 'time" office:time-value="PT36H05M00S',
        'boolean" office:boolean-value="true', 'currency" office:currency="EUR" office:value="19.90',
        'string" office:string-value="words',
    )  # fmt: skip
    cells = "".join(f'<table:table-cell office:value-type="{value}"/>' for value in values)
    table = f'<table:table table:name="A"><table:table-row>{cells}</table:table-row></table:table>'
    path = opendocument(tmp_path / "a.ods", "spreadsheet", table)
    assert text_of(path) == "25%\t36:05:00\tTRUE\t19.90 EUR\twords"
