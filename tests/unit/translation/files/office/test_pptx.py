"""Presentations: every place of slides, notes, comments, charts and diagrams is translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.errors import UnreadableDocument
from assistant.translation.files.office import pptx
from assistant.translation.records import Layout, Lost, NotKept
from tests.unit.translation.files.office.make_packages import (
    SPREADSHEET,
    members,
    package,
    part,
    places,
    replaced,
    sentence,
    write,
)

MAIN = "ppt/presentation.xml"
SLIDE = "ppt/slides/slide1.xml"
_LISTING = "<p:sldIdLst><p:sldId id='256' r:id='rId1'/></p:sldIdLst>"


def p(place: str, properties: str = "") -> str:
    return f"<a:p>{properties}<a:r><a:t>{sentence(place)}</a:t></a:r></a:p>"


def shape(content: str, role: str = "", more: str = "") -> str:
    placeholder = f"<p:ph type='{role}'/>" if role else ""
    return (
        f"<p:sp><p:nvSpPr><p:cNvPr id='1' name='n' {more}/><p:nvPr>{placeholder}</p:nvPr></p:nvSpPr>"
        f"<p:txBody><a:bodyPr/>{content}</p:txBody></p:sp>"
    )


def slide(content: str, root: str = "p:sld") -> str:
    return part(root, f"<p:cSld><p:spTree>{content}</p:spTree></p:cSld>")


def presentation(tmp_path: Path, content: str) -> Path:
    return package(
        tmp_path / "made.pptx",
        {MAIN: part("p:presentation", _LISTING), SLIDE: slide(content)},
        {"": {"rId1": f"officeDocument {MAIN}"}, MAIN: {"rId1": "slide slides/slide1.xml"}},
    )


def slide_of(path: Path) -> str:
    return members(path)[SLIDE].decode()


def every_place(tmp_path: Path) -> Path:
    cell = f"<a:tc><a:txBody>{p('cell')}</a:txBody></a:tc>"
    table = f"<p:graphicFrame><a:tbl><a:tr>{cell}</a:tr></a:tbl></p:graphicFrame>"
    link = f"<a:rPr><a:hlinkClick r:id='x' tooltip='{sentence('tip')}'/></a:rPr>"
    content = (
        shape(p("heading"), "title")
        + shape(p("body") + f"<a:p><a:r>{link}<a:t>{sentence('link')}</a:t></a:r></a:p>")
        + f"<p:grpSp>{shape(p('group'), more=f'''descr='{sentence('description')}' ''')}</p:grpSp>{table}"
        + f"<mc:AlternateContent><mc:Choice>{shape(p('choice'))}</mc:Choice>"
        f"<mc:Fallback>{shape(p('choice'))}</mc:Fallback></mc:AlternateContent>"
    )
    cache = (
        "<c:{0}><c:strRef><c:f>Sheet1!$A$1</c:f><c:strCache><c:pt><c:v>{1}</c:v></c:pt></c:strCache>"
        "</c:strRef></c:{0}>"
    )
    chart = part(
        "c:chartSpace",
        f"<c:chart><c:title><c:tx><c:rich>{p('chart title')}</c:rich></c:tx></c:title>"
        f"<c:ser>{cache.format('tx', sentence('series'))}{cache.format('cat', sentence('category'))}"
        "<c:val><c:numRef><c:numCache><c:formatCode>Sentence of the code.</c:formatCode>"
        "<c:pt><c:v>1</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>"
        f"<c:ser>{cache.format('cat', sentence('category'))}"
        f"<c:trendline><c:name>{sentence('trend')}</c:name></c:trendline></c:ser>"
        f"<c:valAx><c:title><c:tx><c:rich>{p('axis')}</c:rich></c:tx></c:title></c:valAx></c:chart>",
    )
    prompt = shape(p("prompt").replace("Sentence", "Prompt"), "body")
    slide_parts = {
        "rId1": "slideLayout ../slideLayouts/slideLayout1.xml",
        "rId2": "notesSlide ../notesSlides/notesSlide1.xml",
        "rId3": "comments ../comments/comment1.xml",
        "rId4": "comments ../comments/modern1.xml",
        "rId5": "chart ../charts/chart1.xml",
        "rId6": "diagramData ../diagrams/data1.xml",
        "rId7": "diagramDrawing ../diagrams/drawing1.xml",
    }
    return package(
        tmp_path / "every.pptx",
        {
            MAIN: part(
                "p:presentation",
                f"{_LISTING}<p:extLst><p:sectionLst><p:section name='{sentence('section')}'/></p:sectionLst>"
                "</p:extLst>",
            ),
            SLIDE: slide(content),
            "ppt/slideLayouts/slideLayout1.xml": slide(shape(p("layout")) + prompt, "p:sldLayout"),
            "ppt/slideMasters/slideMaster1.xml": slide(shape(p("master")) + prompt, "p:sldMaster"),
            "ppt/notesSlides/notesSlide1.xml": slide(shape(p("notes"), "body"), "p:notes"),
            "ppt/comments/comment1.xml": part(
                "p:cmLst", f"<p:cm><p:text>{sentence('comment')}</p:text></p:cm>"
            ),
            "ppt/comments/modern1.xml": part(
                "p188:cmLst",
                f"<p188:cm><p188:replyLst><p188:reply><p188:txBody>{p('reply')}</p188:txBody></p188:reply>"
                f"</p188:replyLst><p188:txBody>{p('new comment')}</p188:txBody></p188:cm>",
            ),
            "ppt/charts/chart1.xml": chart,
            "ppt/charts/shapes1.xml": part("c:userShapes", shape(p("chart shape"))),
            "ppt/diagrams/data1.xml": part(
                "dgm:dataModel", f"<dgm:pt><dgm:t>{p('diagram')}</dgm:t></dgm:pt>"
            ),
            "ppt/diagrams/drawing1.xml": part("dsp:drawing", f"<dsp:txBody>{p('diagram')}</dsp:txBody>"),
            "docProps/core.xml": part("cp:coreProperties", f"<dc:title>{sentence('title')}</dc:title>"),
        },
        {
            "": {"rId1": f"officeDocument {MAIN}", "rId2": "core-properties docProps/core.xml"},
            MAIN: {"rId1": "slide slides/slide1.xml"},
            SLIDE: slide_parts,
            "ppt/slideLayouts/slideLayout1.xml": {"rId1": "slideMaster ../slideMasters/slideMaster1.xml"},
            "ppt/charts/chart1.xml": {"rId1": "chartUserShapes shapes1.xml"},
        },
    )


def test_every_place_is_translated(tmp_path: Path) -> None:
    path = every_place(tmp_path)
    wanted = places(path, "Sentence of the") - {"code"}
    assert len(wanted) == 23
    write(pptx.open(path), tmp_path / "out.pptx")
    assert places(tmp_path / "out.pptx", "Satz von") == wanted
    assert places(tmp_path / "out.pptx", "Sentence of the") == {"code"}
    # Placeholders of layouts only ask to be filled in.
    assert b"Prompt of the prompt." in members(tmp_path / "out.pptx")["ppt/slideLayouts/slideLayout1.xml"]


def test_looks_links_fields_and_breaks_stay(tmp_path: Path) -> None:
    bold = "<a:r><a:rPr lang='en-US' b='1' dirty='0'/><a:t>big</a:t></a:r>"
    number = "<a:fld type='slidenum' id='{1}'><a:t>7</a:t></a:fld>"
    path = presentation(
        tmp_path,
        shape(
            f"<a:p><a:pPr lvl='1'/><a:r><a:t>A </a:t></a:r>{bold}<a:r><a:t> word on </a:t></a:r>{number}"
            "<a:r><a:t>, which we</a:t></a:r><a:br/><a:r><a:rPr lang='en-US'/><a:t>know.\tBye</a:t></a:r>"
            "<a:endParaRPr lang='en-US'/></a:p>"
        ),
    )
    file = pptx.open(path)
    assert [one.text for one in file.paragraphs] == ["A big word on , which we know.", "Bye"]
    write(file, tmp_path / "out.pptx", lambda one: replaced(one, {"big": "dickes"}))
    again = slide_of(tmp_path / "out.pptx")
    assert '<a:rPr lang="de-DE" b="1"/><a:t>dickes</a:t>' in again
    order = [token for token in re.findall(r"<a:(fld|br|t>[^<]*)", again) if token != "t>7"]
    assert order == [
        "t>A ", "t>dickes", "t> word on ", "fld", "t>, which we", "br", "t>know.\tBye"
    ]  # fmt: skip
    assert '<a:pPr lvl="1"/>' in again
    assert 'endParaRPr lang="de-DE"' in again


def test_a_title_over_two_lines_is_one_sentence(tmp_path: Path) -> None:
    lines = "<a:p><a:r><a:t>Annual</a:t></a:r><a:br/><a:r><a:t>Report</a:t></a:r></a:p>"
    path = presentation(tmp_path, shape(lines, "title") + shape(lines))
    assert [one.text for one in pptx.open(path).paragraphs] == ["Annual Report", "Annual", "Report"]


def test_directions_are_set(tmp_path: Path) -> None:
    styles = "<a:lstStyle><a:lvl1pPr algn='l'/></a:lstStyle>"
    path = presentation(
        tmp_path,
        shape(styles + p("left", "<a:pPr algn='l'/>") + p("plain") + p("middle", "<a:pPr algn='ctr'/>"))
        + "<p:graphicFrame><a:tbl><a:tblPr firstRow='1'/></a:tbl></p:graphicFrame>",
    )
    write(pptx.open(path), tmp_path / "arabic.pptx", target="ar")
    arabic = slide_of(tmp_path / "arabic.pptx")
    assert re.findall(r"<a:(?:pPr|lvl1pPr|tblPr) [^>]*>", arabic) == [
        '<a:lvl1pPr algn="r" rtl="1"/>',
        '<a:pPr algn="r" rtl="1"/>',
        '<a:pPr rtl="1"/>',
        '<a:pPr algn="ctr" rtl="1"/>',
        '<a:tblPr firstRow="1" rtl="1"/>',
    ]
    assert 'rtl="1"' in members(tmp_path / "arabic.pptx")[MAIN].decode()
    write(pptx.open(tmp_path / "arabic.pptx"), tmp_path / "back.pptx", target="fr")
    back = slide_of(tmp_path / "back.pptx")
    assert 'rtl="1"' not in back
    assert back.count('algn="l"') == 2


def test_below_each_paragraph_stands_its_translation(tmp_path: Path) -> None:
    path = presentation(tmp_path, shape(p("body") + "<a:p><a:r><a:t>12</a:t></a:r></a:p>"))
    write(pptx.open(path), tmp_path / "out.pptx", layout=Layout.BELOW)
    texts = re.findall(r"<a:t>([^<]*)", slide_of(tmp_path / "out.pptx"))
    assert texts == ["Sentence of the body.", "Satz von body.", "12"]


def test_damaged_presentations(tmp_path: Path) -> None:
    path = presentation(tmp_path, shape(p("body")))
    parts = {name: content for name, content in members(path).items() if name != "[Content_Types].xml"}
    broken = package(tmp_path / "broken.pptx", {**parts, SLIDE: b"<p:sld>"}, {})
    file = pptx.open(broken)
    assert file.lost == (Lost(NotKept.PART_UNREADABLE, SLIDE),)
    with pytest.raises(UnreadableDocument):
        pptx.open(package(tmp_path / "none.pptx", {}, {}))


def test_the_workbook_of_a_chart_says_what_the_chart_says(tmp_path: Path) -> None:
    """Else the chart would be in the old language again once its data are edited."""
    content = f'<sst xmlns="{SPREADSHEET}"><si><t>Sales</t></si><si><t>Unseen</t></si></sst>'
    table = f'<table xmlns="{SPREADSHEET}"><tableColumn name="Sales"/></table>'
    inner = package(
        tmp_path / "inner.xlsx", {"xl/sharedStrings.xml": content, "xl/tables/table1.xml": table}, {}
    )
    cache = "<c:tx><c:strRef><c:strCache><c:pt><c:v>Sales</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    path = package(
        tmp_path / "made.pptx",
        {
            MAIN: part("p:presentation", _LISTING),
            SLIDE: slide(shape(p("body"))),
            "ppt/charts/chart1.xml": part("c:chartSpace", f"<c:ser>{cache}</c:ser>"),
            "ppt/embeddings/data.xlsx": inner.read_bytes(),
        },
        {
            "": {"rId1": f"officeDocument {MAIN}"},
            MAIN: {"rId1": "slide slides/slide1.xml"},
            SLIDE: {"rId1": "chart ../charts/chart1.xml"},
            "ppt/charts/chart1.xml": {"rId1": "package ../embeddings/data.xlsx"},
        },
    )
    assert write(pptx.open(path), tmp_path / "out.pptx", lambda one: replaced(one, {"Sales": "Umsatz"})) == ()
    (tmp_path / "again.xlsx").write_bytes(members(tmp_path / "out.pptx")["ppt/embeddings/data.xlsx"])
    again = members(tmp_path / "again.xlsx")
    assert re.findall(b"<t>([^<]*)", again["xl/sharedStrings.xml"]) == [b"Umsatz", b"Unseen"]
    assert b'name="Umsatz"' in again["xl/tables/table1.xml"]
