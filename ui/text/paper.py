"""Blocks as HTML, and that as a PDF with pages: plain, dark on white, whatever the theme."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QBuffer, QMarginsF
from PySide6.QtGui import QFont, QPageSize, QPdfWriter, QTextDocument

from assistant.rich_text.blocks import (
    Block,
    Code,
    Paragraph,
    Picture,
    Rule,
    Span,
    Spans,
    SpanStyle,
    Table,
    plain,
)
from ui.common import formatting

POINTS = 10.5
"""Of the letters."""
_STYLES = {SpanStyle.BOLD: "b", SpanStyle.ITALIC: "i", SpanStyle.STRIKE: "s", SpanStyle.CODE: "code"}
_MOST_WIDTH, _MOST_HEIGHT = 480, 560
"""Pixels of a picture on the paper."""
_INDENT = 24
"""Pixels of a step of a list, or of what is quoted."""


def pdf(title: str, blocks: Sequence[Block]) -> bytes:
    """The file. May be made on any thread."""
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(POINTS)
    document.setDefaultFont(font)
    document.setHtml(html(title, blocks))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))  # the document brings its own
    document.print_(writer)
    del writer  # it writes the end of the file when it goes
    return bytes(buffer.data().data())


def html(title: str, blocks: Sequence[Block]) -> str:
    body = "".join(map(_block, blocks))
    return f"<html><body><h1{_direction(title)}>{escape(title)}</h1>{body}</body></html>"


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _paragraph(block)
        case Code():
            side = _INDENT * (block.indent + block.quoted)
            lines = escape(formatting.passage(block.text)).replace("\n", "<br>").replace(" ", "&nbsp;")
            return (
                f'<p style="margin-left:{side}px; background-color:#f0f0ec; font-family:monospace;'
                f' font-size:9pt">{lines}</p>'
            )
        case Table():
            rows = (_row(row, "th" if not number else "td") for number, row in enumerate(block.rows))
            return f'<table border="1" cellspacing="0" cellpadding="4">{"".join(rows)}</table><p></p>'
        case Rule():
            return "<hr>"
        case Picture():
            scale = min(1, _MOST_WIDTH / block.width, _MOST_HEIGHT / block.height)
            kind = "jpeg" if block.kind == "jpg" else block.kind
            coded = b64encode(block.file).decode()
            return f'<p><img src="data:image/{kind};base64,{coded}" width="{block.width * scale:.0f}"></p>'


def _paragraph(block: Paragraph) -> str:
    tag = f"h{min(6, block.heading + 1)}" if block.heading else "p"
    side = _INDENT * (block.indent + block.quoted)
    marker = f"{escape(block.marker)}&nbsp;&nbsp;" if block.marker else ""
    centred = ' align="center"' if block.formula else ""
    style = f' style="margin-left:{side}px; margin-top:{2 if block.close else 8}px; margin-bottom:0"'
    direction = _direction(plain(block.spans))
    return f"<{tag}{direction}{centred}{style}>{marker}{_spans(block.spans)}</{tag}>"


def _row(cells: Sequence[Spans], tag: str) -> str:
    inside = (f"<{tag}{_direction(plain(cell))}>{_spans(cell)}</{tag}>" for cell in cells)
    return f"<tr>{''.join(inside)}</tr>"


def _spans(spans: Spans) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    text = escape(formatting.passage(span.text)).replace("\n", "<br>")
    for style, tag in _STYLES.items():
        if span.style & style:
            text = f"<{tag}>{text}</{tag}>"
    if span.level:
        tag = "sup" if span.level > 0 else "sub"
        text = f"<{tag}>{text}</{tag}>"
    return f'<a href="{escape(span.link)}">{text}</a>' if span.link else text


def _direction(text: str) -> str:
    return ' dir="rtl"' if formatting.is_right_to_left(text) else ""
