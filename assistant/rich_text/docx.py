"""Blocks as a file for Word and its kin, which is a ZIP of XML (ECMA-376, part 1)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from assistant.rich_text.blocks import (
    Block,
    Code,
    Language,
    Paragraph,
    Picture,
    Rule,
    Span,
    Spans,
    SpanStyle,
    Table,
    plain,
)
from assistant.rich_text.characters import is_right_to_left, passage
from assistant.text_folding import writable

_STEP = 360
"""Twentieths of a point of a step of a list, or of what is quoted."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Default Extension="png" ContentType="image/png"/><Default Extension="jpg" ContentType="image/jpeg"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>"""
_RELATIONS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/></Relationships>"""
_TEXT_WIDTH = 9638
"""Twentieths of a point: A4 without its margins."""
_TITLE_SIZE = 40
"""Half points, as all sizes here."""
_HEADING_SIZES = (32, 28, 26, 24, 22, 22)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_EMU = 9525
"""English metric units, in which drawings are measured, for a pixel of 1/96 inch."""
_MOST_WIDTH, _MOST_HEIGHT = 480, 560
"""Pixels of a picture on the paper."""


def docx(title: str, blocks: Sequence[Block]) -> bytes:
    """The file."""
    links: list[str] = []
    pictures: list[Picture] = []
    heading = _one_paragraph(((Span(title)),), "Title", links)
    body = [heading, *(_block(block, links, pictures) for block in blocks)]
    document = (
        f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_R}"><w:body>{"".join(body)}'
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134"'
        ' w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )
    outward = "".join(
        f'<Relationship Id="link{number}" Type="{_R}/hyperlink" Target={quoteattr(link)}'
        ' TargetMode="External"/>'
        for number, link in enumerate(links)
    )
    inward = "".join(
        f'<Relationship Id="picture{number}" Type="{_R}/image" Target="{_media(picture, number)}"/>'
        for number, picture in enumerate(pictures)
    )
    relations = (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>{outward}{inward}</Relationships>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
            ("word/_rels/document.xml.rels", relations),
            ("word/styles.xml", _styles()),
        ):
            archive.writestr(name, text)
        for number, picture in enumerate(pictures):
            archive.writestr(f"word/{_media(picture, number)}", picture.file, zipfile.ZIP_STORED)
    return file.getvalue()


def _media(picture: Picture, number: int) -> str:
    """Its file, from where the document lies."""
    return f"media/picture{number}.{picture.kind}"


def _block(block: Block, links: list[str], pictures: list[Picture]) -> str:
    match block:
        case Paragraph():
            style = f"Heading{block.heading}" if block.heading else ""
            marker = (Span(f"{block.marker}\t"),) if block.marker else ()
            side = _STEP * (block.indent + block.quoted)
            return _one_paragraph(
                (*marker, *block.spans), style, links, side, hanging=bool(marker), centred=block.formula
            )
        case Code():
            side = _STEP * (block.indent + block.quoted)
            return _one_paragraph((Span(block.text),), "Code", links, side)
        case Table():
            return _table(block, links)
        case Rule():
            line = '<w:pBdr><w:bottom w:val="single" w:sz="4" w:color="BFBFBF"/></w:pBdr>'
            return f"<w:p><w:pPr>{line}</w:pPr></w:p>"
        case Picture():
            pictures.append(block)
            return _drawing(block, len(pictures) - 1)


def _drawing(picture: Picture, number: int) -> str:
    """A picture as a line of its own (ECMA-376, part 1, 20.4.2.8 inline)."""
    scale = min(1, _MOST_WIDTH / picture.width, _MOST_HEIGHT / picture.height)
    wide, high = (max(1, round(side * scale)) * _EMU for side in (picture.width, picture.height))
    name = quoteattr(writable(passage(picture.name), "\ufffd"))
    size, id = f'cx="{wide}" cy="{high}"', number + 1
    shown = (
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr id="{id}" name={name}/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="picture{number}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
    )
    inline = (
        f'<wp:inline xmlns:wp="{_DRAWING}/wordprocessingDrawing"><wp:extent {size}/>'
        f'<wp:docPr id="{id}" name={name} descr={name}/><a:graphic xmlns:a="{_DRAWING}/main">'
        f'<a:graphicData uri="{_DRAWING}/picture">{shown}</a:graphicData></a:graphic></wp:inline>'
    )
    return f"<w:p><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>"


def _table(table: Table, links: list[str]) -> str:
    rows = "".join(
        _row(row, links, table.languages, heading=not number) for number, row in enumerate(table.rows)
    )
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="BFBFBF"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    count = max((len(row) for row in table.rows), default=0)
    width, layout, column = "", "", "<w:gridCol/>"
    if table.languages:
        width, layout = '<w:tblW w:w="5000" w:type="pct"/>', '<w:tblLayout w:type="fixed"/>'
        column = f'<w:gridCol w:w="{_TEXT_WIDTH // max(1, count)}"/>'
    mirrored = "<w:bidiVisual/>" if table.mirrored else ""
    properties = f"<w:tblPr>{mirrored}{width}<w:tblBorders>{edges}</w:tblBorders>{layout}</w:tblPr>"
    return f"<w:tbl>{properties}<w:tblGrid>{column * count}</w:tblGrid>{rows}</w:tbl><w:p/>"


def _row(cells: Sequence[Spans], links: list[str], languages: Sequence[Language], *, heading: bool) -> str:
    known = (*languages, *(None,) * (len(cells) - len(languages)))
    written = "".join(_cell(cell, links, one) for cell, one in zip(cells, known, strict=False))
    # A long table says on each page whose column is which.
    properties = "<w:trPr><w:tblHeader/></w:trPr>" if heading and languages else ""
    return f"<w:tr>{properties}{written}</w:tr>"


def _cell(spans: Spans, links: list[str], language: Language | None) -> str:
    return f"<w:tc><w:tcPr/>{_one_paragraph(spans, '', links, language=language)}</w:tc>"


def _one_paragraph(
    spans: Spans,
    style: str,
    links: list[str],
    side: int = 0,
    *,
    hanging: bool = False,
    centred: bool = False,
    language: Language | None = None,
) -> str:
    right_to_left = is_right_to_left(plain(spans)) and style != "Code"
    code = ""
    if language is not None:
        code, right_to_left = language.code, language.right_to_left or (right_to_left and not language.code)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    properties += "<w:bidi/>" if right_to_left else ""
    if side:
        properties += f'<w:ind w:left="{side}"{f""" w:hanging="{_STEP}" """ if hanging else ""}/>'
    properties += '<w:jc w:val="center"/>' if centred else ""
    runs = "".join(_run(span, links, right_to_left, code) for span in spans)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def _run(span: Span, links: list[str], right_to_left: bool, language: str = "") -> str:
    looks = ""
    if span.style & SpanStyle.CODE:
        looks += '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>'
    for style, tag in ((SpanStyle.BOLD, "b"), (SpanStyle.ITALIC, "i"), (SpanStyle.STRIKE, "strike")):
        looks += f"<w:{tag}/>" if span.style & style else ""
    looks += '<w:color w:val="1F5FA8"/><w:u w:val="single"/>' if span.link else ""
    if span.level:
        looks += f'<w:vertAlign w:val="{"superscript" if span.level > 0 else "subscript"}"/>'
    looks += "<w:rtl/>" if right_to_left else ""
    looks += f'<w:lang w:val="{language}" w:eastAsia="{language}" w:bidi="{language}"/>' if language else ""
    run = f"<w:r><w:rPr>{looks}</w:rPr>{_text(span.text)}</w:r>"
    if not span.link:
        return run
    links.append(writable(span.link))
    return f'<w:hyperlink r:id="link{len(links) - 1}">{run}</w:hyperlink>'


def _text(text: str) -> str:
    lines = writable(passage(text), "\ufffd").split("\n")
    parts = ("<w:tab/>".join(_piece(piece) for piece in line.split("\t")) for line in lines)
    return "<w:br/>".join(parts)


def _piece(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""


def _styles() -> str:
    code = '<w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/><w:sz w:val="18"/></w:rPr>'
    shaded = '<w:pPr><w:shd w:val="clear" w:fill="F0F0EC"/></w:pPr>'
    found = [_style("Title", "Title", f'<w:rPr><w:b/><w:sz w:val="{_TITLE_SIZE}"/></w:rPr>')]
    for level, size in enumerate(_HEADING_SIZES, 1):
        outline = f'<w:pPr><w:keepNext/><w:outlineLvl w:val="{level - 1}"/></w:pPr>'
        looks = f'{outline}<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr>'
        found.append(_style(f"Heading{level}", f"heading {level}", looks))
    found.append(_style("Code", "Code", shaded + code))
    spacing = '<w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault>'
    letters = '<w:rPrDefault><w:rPr><w:sz w:val="22"/><w:szCs w:val="22"/></w:rPr></w:rPrDefault>'
    defaults = f"<w:docDefaults>{letters}{spacing}</w:docDefaults>"
    return f'{_HEAD}<w:styles xmlns:w="{_W}">{defaults}{"".join(found)}</w:styles>'


def _style(id: str, name: str, looks: str) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/>{looks}</w:style>'
