"""Writes small Office and OpenDocument packages for the tests, part by part, and reads documents whole."""

from __future__ import annotations

import zipfile
from pathlib import Path

from assistant.documents.formats.open_document import open_document
from assistant.documents.records import Opened, Part, Section

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
WORD_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_RELATIONS}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def archive(path: Path, members: dict[str, str | bytes]) -> Path:
    """A zip file with these members, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            # The formats want their mark to be readable without unpacking.
            file.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return path


def relationships(**targets: str) -> str:
    """A list of relationships: kind="target"; the id is the kind, and a target with :// is external."""
    entries = ""
    for kind, target in targets.items():
        mode = ' TargetMode="External"' if "://" in target else ""
        name = kind.rstrip("0123456789")
        entries += f'<Relationship Id="{kind}" Type="{_RELATIONS}/{name}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{_PACKAGE_RELATIONS}">{entries}</Relationships>'


def docx(path: Path, body: str, more: dict[str, str | bytes] | None = None, **related: str) -> Path:
    """A Word document with this body; `related`: what its main part points at, `more`: those members."""
    return archive(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relationships(officeDocument="word/document.xml"),
            "word/_rels/document.xml.rels": relationships(**related),
            "word/document.xml": f"<w:document {WORD_NAMESPACES}><w:body>{body}</w:body></w:document>",
            **(more or {}),
        },
    )


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def xlsx(path: Path, sheets: dict[str, str], more: dict[str, str | bytes] | None = None) -> Path:
    """A workbook; the sheets are given as the rows inside their sheetData."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listing = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="worksheet{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    members: dict[str, str | bytes] = {
        "_rels/.rels": relationships(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{_RELATIONS}"><sheets>{listing}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relationships(
            **{f"worksheet{number}": f"worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)},
            styles="styles.xml",
            sharedStrings="sharedStrings.xml",
        ),
    }
    for number, rows in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return archive(path, members | (more or {}))


def opendocument(path: Path, kind: str, body: str, more: dict[str, str | bytes] | None = None) -> Path:
    """A text, spreadsheet or presentation with this inside its body."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style", "presentation")
    )
    spaces += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return archive(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {spaces}><office:body><office:{kind}>{body}"
            f"</office:{kind}></office:body></office:document-content>",
            **(more or {}),
        },
    )


def parts_of(path: Path, password: str | None = None) -> tuple[Opened, list[Part]]:
    """A document as it was opened, and all its parts."""
    document = open_document(path, password)
    try:
        return document.opened, list(document.parts())
    finally:
        document.close()


def sections_of(path: Path) -> list[Section]:
    return [section for part in parts_of(path)[1] for section in part.sections]


def text_of(path: Path) -> str:
    return "\n".join(section.text for section in sections_of(path))
