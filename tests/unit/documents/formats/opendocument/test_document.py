"""OpenDocument texts, workbooks and presentations."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.documents.records import Outcome
from assistant.errors import UnsupportedFormat
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


def test_a_locked_document_says_so(tmp_path: Path) -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    path = archive(
        tmp_path / "locked.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": b"\x8a\x01",
            "META-INF/manifest.xml": manifest,
        },
    )
    with pytest.raises(UnsupportedFormat, match="password") as caught:
        parts_of(path)
    assert caught.value.hint
