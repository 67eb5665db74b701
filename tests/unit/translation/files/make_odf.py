"""Small OpenDocument files."""

from __future__ import annotations

import zipfile
from pathlib import Path

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"), ("meta", "meta"),
        ("presentation", "presentation"), ("chart", "chart"), ("form", "form"), ("manifest", "manifest"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip
_KINDS = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation", "chart": "chart"}
STYLES = (
    '<office:styles><style:default-style style:family="paragraph">'
    '<style:paragraph-properties style:writing-mode="page"/>'
    '<style:text-properties fo:language="en" fo:country="GB"/></style:default-style></office:styles>'
    '<office:automatic-styles><style:page-layout style:name="L"><style:page-layout-properties/>'
    "</style:page-layout></office:automatic-styles><office:master-styles><style:master-page>"
    "<style:header><text:p>Head</text:p></style:header></style:master-page></office:master-styles>"
)


def content(body: str, automatic: str = "", kind: str = "text") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_SPACES}>'
        f"<office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )


def make_odf(
    path: Path,
    body: str,
    *,
    automatic: str = "",
    styles: str = "",
    kind: str = "text",
    others: dict[str, str] | None = None,
) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content(body, automatic, kind))
        if styles:
            root = f"<office:document-styles {_SPACES}>{styles}</office:document-styles>"
            archive.writestr("styles.xml", root)
        for name, text in (others or {}).items():
            archive.writestr(
                name, text.replace("<office:document-meta>", f"<office:document-meta {_SPACES}>")
            )
    return path


def body_of(path: Path, member: str = "content.xml") -> str:
    with zipfile.ZipFile(path) as archive:
        text = archive.read(member).decode()
    if "<office:body>" not in text:
        return text
    inside = text[text.index("<office:body>") + 13 : text.index("</office:body>")]
    return inside[inside.index(">") + 1 : inside.rindex("<")]
