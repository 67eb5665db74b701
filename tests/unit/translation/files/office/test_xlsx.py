"""Workbooks: every string that a person reads is translated, and nothing that formulas rely on."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.office import xlsx
from assistant.translation.records import Layout, Lost, NotKept
from tests.unit.translation.files.office.make_packages import (
    RELATIONS,
    SPREADSHEET,
    members,
    package,
    part,
    places,
    replaced,
    sentence,
    write,
)

MAIN = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"


def sheet_part(root: str, content: str) -> str:
    return f'<{root} xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}">{content}</{root}>'


def shared(*strings: str) -> str:
    """Rows of one cell for each string, and the strings."""
    return "".join(
        f'<row r="{row}" ht="15"><c r="A{row}" t="s"><v>{row - 1}</v></c></row>'
        for row in range(1, len(strings) + 1)
    )


def t(text: str) -> str:
    return f"<si><t>{text}</t></si>"


def workbook(
    tmp_path: Path, *strings: str, rows: str = "", after: str = "", name: str = "Sentence of the sheet."
) -> Path:
    return package(
        tmp_path / "made.xlsx",
        {
            MAIN: sheet_part("workbook", f"<sheets><sheet name='{name}' r:id='rId1'/></sheets><calcPr/>"),
            SHEET: sheet_part(
                "worksheet",
                "<sheetViews><sheetView workbookViewId='0'/></sheetViews>"
                f"<sheetData>{shared(*strings)}{rows}</sheetData>{after}",
            ),
            STRINGS: sheet_part("sst", "".join(strings)),
            STYLES: sheet_part("styleSheet", "<fonts><font><b/><i/></font></fonts><cellXfs><xf/></cellXfs>"),
        },
        {
            "": {"rId1": f"officeDocument {MAIN}"},
            MAIN: {
                "rId1": "worksheet worksheets/sheet1.xml",
                "rId2": "sharedStrings sharedStrings.xml",
                "rId3": "styles styles.xml",
            },
            SHEET: {
                "d": "drawing ../drawings/drawing1.xml",
                "c": "comments ../comments1.xml",
                "t": "threadedComment ../threadedComments/threadedComment1.xml",
                "table": "table ../tables/table1.xml",
                "s": "slicer ../slicers/slicer1.xml",
            },
            "xl/drawings/drawing1.xml": {"c": "chart ../charts/chart1.xml"},
        },
    )


def with_parts(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "a") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def read(path: Path, name: str) -> str:
    return members(path)[name].decode()


def every_place(tmp_path: Path) -> Path:
    rows = (
        f"<row r='9'><c r='A9' t='inlineStr'><is><t>{sentence('inline string')}</t></is></c>"
        f"<c r='B9' t='str'><v>{sentence('plain cell')}</v></c>"
        "<c r='C9' t='str'><f>A1</f><v>Sentence of the formula.</v></c></row>"
    )
    after = (
        f"<autoFilter><filterColumn><filters><filter val='{sentence('filter')}'/></filters></filterColumn>"
        f"</autoFilter><dataValidations><dataValidation promptTitle='{sentence('prompt title')}'"
        f" prompt='{sentence('prompt')}' errorTitle='{sentence('error title')}' error='{sentence('error')}'>"
        "<formula1>A1</formula1></dataValidation></dataValidations>"
        f"<hyperlinks><hyperlink display='{sentence('link')}' tooltip='{sentence('tip')}'/></hyperlinks>"
        f'<headerFooter><oddHeader>&amp;L{sentence("left")}&amp;C&amp;"Arial,Bold"{sentence("middle")}&amp;P'
        f"</oddHeader><evenFooter>&amp;R{sentence('right')}</evenFooter></headerFooter>"
    )
    rich = f"<si><r><t>{sentence('rich string')}</t></r><rPh sb='0' eb='1'><t>reading</t></rPh></si>"
    path = workbook(tmp_path, t(sentence("string")), rich, rows=rows, after=after)
    p = f"<a:p><a:r><a:t>{sentence('box')}</a:t></a:r></a:p>"
    chart = f"<c:chart><c:title><c:tx><c:rich>{p.replace('box', 'chart')}</c:rich></c:tx></c:title></c:chart>"
    return with_parts(
        path,
        {
            "xl/drawings/drawing1.xml": part(
                "xdr:wsDr",
                f"<xdr:sp><xdr:nvSpPr><xdr:cNvPr id='1' descr='{sentence('description')}'/></xdr:nvSpPr>"
                f"<xdr:txBody>{p}</xdr:txBody></xdr:sp>",
            ),
            "xl/charts/chart1.xml": part("c:chartSpace", chart),
            "xl/comments1.xml": sheet_part(
                "comments",
                f"<commentList><comment><text><r><t>{sentence('comment')}</t></r></text></comment></commentList>",
            ),
            "xl/threadedComments/threadedComment1.xml": sheet_part(
                "ThreadedComments",
                f"<threadedComment><text>{sentence('thread')}</text><mentions/></threadedComment>",
            ),
            "xl/slicers/slicer1.xml": sheet_part("slicers", f"<slicer caption='{sentence('slicer')}'/>"),
        },
    )


def test_every_place_is_translated(tmp_path: Path) -> None:
    path = every_place(tmp_path)
    wanted = places(path, "Sentence of the") - {"formula"}
    assert len(wanted) == 21
    write(xlsx.open(path), tmp_path / "out.xlsx")
    assert places(tmp_path / "out.xlsx", "Satz von") == wanted
    assert places(tmp_path / "out.xlsx", "Sentence of the") == {"formula"}
    sheet = read(tmp_path / "out.xlsx", SHEET)
    assert '&amp;C&amp;"Arial,Bold"Satz von middle.&amp;P' in sheet
    assert "<f>A1</f>" in sheet
    assert "fullCalcOnLoad" in read(tmp_path / "out.xlsx", MAIN)
    assert "mentions" not in read(tmp_path / "out.xlsx", "xl/threadedComments/threadedComment1.xml")


def test_places_are_named_by_their_cells(tmp_path: Path) -> None:
    file = xlsx.open(workbook(tmp_path, t("One"), t("Two"), name="Costs"))
    assert [one.place for one in file.paragraphs if one.text in ("One", "Two")] == ["Costs!A1", "Costs!A2"]


def test_runs_lines_and_looks(tmp_path: Path) -> None:
    rich = (
        "<si><r><t xml:space='preserve'>A </t></r><r><rPr><b/><sz val='11'/></rPr><t>big</t></r>"
        "<r><t xml:space='preserve'> one\nFor all</t></r></si>"
    )
    path = workbook(tmp_path, rich, name="Sheet1")
    file = xlsx.open(path)
    assert [one.text for one in file.paragraphs] == ["A big one", "For all"]
    write(file, tmp_path / "out.xlsx", lambda one: replaced(one, {"big": "dickes"}))
    again = read(tmp_path / "out.xlsx", STRINGS)
    assert re.findall(r"<(?:b|t)\b[^>]*/?>([^<]*)", again) == ["A ", "", "dickes", " one\nFor all"]


def test_what_formulas_compare_with_stays(tmp_path: Path) -> None:
    rows = '<row r="9"><c r="A9"><f>IF(A1="yes",1,0)</f><v>1</v></c></row>'
    choices = (
        '<dataValidations><dataValidation><formula1>"Open,Done"</formula1></dataValidation></dataValidations>'
    )
    path = workbook(tmp_path, t("Yes"), t("Done"), t("Other"), rows=rows, after=choices, name="Sheet1")
    assert [one.text for one in xlsx.open(path).paragraphs] == ["Other"]


@pytest.mark.parametrize(
    ("formula", "translated"),
    [("A1", True), ("'Sentence of the sheet.'!A1", False), ('INDIRECT("x"&amp;A1)', False)],
)
def test_names_of_sheets_are_translated_where_nothing_refers_to_them(
    tmp_path: Path, formula: str, translated: bool
) -> None:
    rows = f'<row r="9"><c r="A9"><f>{formula}</f><v>1</v></c></row>'
    path = workbook(tmp_path, rows=rows)
    assert [one.place for one in xlsx.open(path).paragraphs] == (["sheet name"] if translated else [])


def test_columns_of_tables_are_called_what_their_headers_say(tmp_path: Path) -> None:
    columns = "".join(f'<tableColumn name="{name}"/>' for name in ("Old", "Price", "Costs"))
    table = f"<tableColumns>{columns}</tableColumns>"
    rows = '<row r="9"><c r="A9"><f>SUM(Table1[Price])</f><v>1</v></c></row>'
    path = workbook(tmp_path, t("Old"), t("Price"), t("Costs"), rows=rows, name="Sheet1")
    with_parts(path, {"xl/tables/table1.xml": sheet_part("table", table)})
    file = xlsx.open(path)
    german = {"Old": "Alt", "Price": "Preis", "Costs": "Kosten"}
    assert write(file, tmp_path / "out.xlsx", lambda one: replaced(one, german)) == (Lost(NotKept.NAMES),)
    names = re.findall('name="([^"]*)"', read(tmp_path / "out.xlsx", "xl/tables/table1.xml"))
    strings = re.findall("<t>([^<]*)", read(tmp_path / "out.xlsx", STRINGS))
    assert names == strings == ["Alt", "Price", "Kosten"]
    write(file, tmp_path / "same.xlsx", lambda one: replaced(one, {"Old": "Kosten", "Costs": "Kosten"}))
    names = re.findall('name="([^"]*)"', read(tmp_path / "same.xlsx", "xl/tables/table1.xml"))
    assert (
        names == re.findall("<t>([^<]*)", read(tmp_path / "same.xlsx", STRINGS)) == ["Old", "Price", "Costs"]
    )


def test_what_a_formula_shows_of_a_cell_is_translated_with_it(tmp_path: Path) -> None:
    rows = '<row r="9"><c r="A9" t="str"><f>A1</f><v>One</v></c></row>'
    path = workbook(tmp_path, t("One"), rows=rows, name="Sheet1")
    write(xlsx.open(path), tmp_path / "out.xlsx", lambda one: replaced(one, {"One": "Eins"}))
    assert "<f>A1</f><v>Eins</v>" in read(tmp_path / "out.xlsx", SHEET)


def test_directions_and_italics(tmp_path: Path) -> None:
    path = workbook(tmp_path, t("One"), name="Sheet1")
    write(xlsx.open(path), tmp_path / "arabic.xlsx", target="ar")
    assert 'rightToLeft="1"' in read(tmp_path / "arabic.xlsx", SHEET)
    assert "<i/>" not in read(tmp_path / "arabic.xlsx", STYLES)
    write(xlsx.open(tmp_path / "arabic.xlsx"), tmp_path / "back.xlsx", target="de")
    assert "rightToLeft" not in read(tmp_path / "back.xlsx", SHEET)


def test_below_in_the_same_cell(tmp_path: Path) -> None:
    path = workbook(tmp_path, t("One"), t("12"), name="Sheet1")
    write(
        xlsx.open(path),
        tmp_path / "out.xlsx",
        lambda one: replaced(one, {"One": "Eins"}),
        layout=Layout.BELOW,
    )
    assert re.findall("<t[^>]*>([^<]*)", read(tmp_path / "out.xlsx", STRINGS)) == ["One\nEins", "12"]
    assert 'wrapText="1"' in read(tmp_path / "out.xlsx", STYLES)
    assert "ht=" not in read(tmp_path / "out.xlsx", SHEET)


def test_damaged_workbooks(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        xlsx.open(package(tmp_path / "none.xlsx", {}, {}))
    with pytest.raises(UnreadableDocument):
        xlsx.open(package(tmp_path / "cut.xlsx", {MAIN: "<workbook>"}, {}))
