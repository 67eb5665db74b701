"""Which family of formats a file belongs to: its content decides, its name where the content cannot."""

from __future__ import annotations

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from assistant.errors import AccessDenied, UnreadableDocument, UnsupportedFormat
from assistant.file_reading.file_head import OLE_SIGNATURE, ZIP_SIGNATURES, head_and_size, image_kind
from assistant.speech.transcripts.records import DOCUMENT_HEAD as TRANSCRIPT_HEAD


class Family(StrEnum):
    """Formats that one module reads."""

    PDF = "PDF"
    WORD = "Word"
    PRESENTATION = "presentation"
    WORKBOOK = "workbook"
    ENCRYPTED_OFFICE = "encrypted Office"
    OPENDOCUMENT = "OpenDocument"
    LEGACY_OFFICE = "legacy Office"
    MAIL = "mail"
    EPUB = "EPUB"
    HTML = "HTML"
    MARKUP = "markup"
    CSV = "CSV"
    JSON = "JSON"
    RTF = "RTF"
    TRANSCRIPT = "transcript"
    TEXT = "text"
    IMAGE = "image"


_CODE = (
    "ada adb ads asm awk bash bat c cc clj cljs cmake cmd cpp cs css cu cxx d dart diff dockerfile el elm "
    "erl ex exs f f90 fish for fs fsx gd glsl go gradle groovy h hcl hh hpp hrl hs hxx inc ino ipp java "
    "jl js jsx kt kts less lisp lua m mak make mjs mk ml mli mm nim nix pas patch php pl pm pp proto ps1 "
    "py pyi pyx r rb rkt rs sass scala scm scss sh sql sv swift tcl tf ts tsx v vb vba vbs vhd vhdl vim "
    "vue yaml yml zig zsh"
)
_PLAIN = (
    "txt text log tex bib cfg conf ini toml properties env nfo srt vtt sub lrc po pot xml xsd xsl svg fb2 "
    "rss atom opml kml gpx ics vcf adoc asciidoc org textile wiki"
)

_SUFFIXES = {
    Family.PDF: "pdf",
    Family.WORD: "docx docm dotx dotm",
    Family.PRESENTATION: "pptx pptm ppsx ppsm potx",
    Family.WORKBOOK: "xlsx xlsm xltx",
    Family.OPENDOCUMENT: "odt ods odp ott ots otp",
    Family.LEGACY_OFFICE: "doc dot xls xlt ppt pps",
    Family.MAIL: "eml msg mbox mht mhtml",
    Family.EPUB: "epub",
    Family.HTML: "html htm xhtml",
    Family.MARKUP: "md markdown rst",
    Family.CSV: "csv tsv tab",
    Family.JSON: "json jsonl ndjson ipynb",
    Family.RTF: "rtf",
    Family.TRANSCRIPT: "transcript",
    Family.TEXT: f"{_CODE} {_PLAIN}",
    Family.IMAGE: "png jpg jpeg jpe jfif tif tiff webp heic heif bmp gif",
}
_FAMILY_OF_SUFFIX = {
    f".{suffix}": family for family, suffixes in _SUFFIXES.items() for suffix in suffixes.split()
}

_SELDOM_PAPER = frozenset({".gif", ".bmp", ".webp", ".heic", ".heif"})
"""Pictures of the web and of telephones: in a folder they are hardly ever documents."""

SUFFIXES: frozenset[str] = frozenset(_FAMILY_OF_SUFFIX) - _SELDOM_PAPER
"""Lower-case suffixes, with their dot, that a folder scan takes. A file named outright is looked into."""

_WITH_SIGNATURE = frozenset(
    {
        Family.PDF, Family.WORD, Family.PRESENTATION, Family.WORKBOOK, Family.OPENDOCUMENT, Family.EPUB,
        Family.LEGACY_OFFICE, Family.TRANSCRIPT, Family.IMAGE,
    }
)  # fmt: skip
"""Families whose files begin with a signature; a file that merely has such a name is not taken for one."""

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

_OPENDOCUMENT_MARK = b"mimetypeapplication/vnd.oasis.opendocument."
_EPUB_MARK = b"mimetypeapplication/epub+zip"
_ZIP_MAIN_MEMBERS = (
    ("word/document", Family.WORD),
    ("ppt/presentation", Family.PRESENTATION),
    ("xl/workbook", Family.WORKBOOK),
    ("word/", Family.WORD),
    ("ppt/", Family.PRESENTATION),
    ("xl/", Family.WORKBOOK),
)

# Names in an OLE file are UTF-16; looking for them anywhere in the file needs no parser of a hostile format.
_OLE_STREAMS = (
    ("EncryptedPackage", Family.ENCRYPTED_OFFICE),
    ("__properties_version1.0", Family.MAIL),
    ("__nameid_version1.0", Family.MAIL),
    ("WordDocument", Family.LEGACY_OFFICE),
    ("PowerPoint Document", Family.LEGACY_OFFICE),
    ("Workbook", Family.LEGACY_OFFICE),
    ("Book", Family.LEGACY_OFFICE),
)
_OLE_SEARCH_BYTES = 64 << 20
"""How much of a compound file is searched for the names of its streams."""

# The comments cannot run into each other, or a file of comments alone would be tried in 2ⁿ ways.
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_MAIL_HEADER = re.compile(
    rb"(?:return-path|received|from|to|cc|subject|date|message-id|mime-version|delivered-to|reply-to|sender"
    rb"|content-type|content-transfer-encoding|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results"
    rb"|list-[a-z-]+|references|in-reply-to|user-agent|errors-to|precedence|organization|newsgroups|path)"
    rb":[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n",
    re.IGNORECASE,
)
_MBOX = re.compile(rb"From \S+.*\r?\n(?:>?[A-Za-z0-9-]+:[^\r\n]*\r?\n)")
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})


def family_of(path: Path) -> Family:
    """The family of the file at `path`.

    Raises DocumentGone, AccessDenied, UnsupportedFormat or UnreadableDocument.
    """
    head, size = head_and_size(path)
    if size == 0:
        raise UnreadableDocument("file-empty")
    suffix = path.suffix.lower()
    named = _FAMILY_OF_SUFFIX.get(suffix)
    found = _by_content(path, head, suffix)
    if found is not None:
        return found
    if named == Family.LEGACY_OFFICE and _looks_like_text(head):
        # Programs write tables, pages and XML under the names of Excel and Word.
        return Family.CSV if suffix.startswith(".xl") and not head.lstrip().startswith(b"<") else Family.TEXT
    if named in _WITH_SIGNATURE:
        raise UnreadableDocument("not-what-its-name-says", format=suffix[1:].upper())
    if named is not None:
        return named
    if not _looks_like_text(head):
        raise UnsupportedFormat("format-unknown")
    return Family.TEXT


def _by_content(path: Path, head: bytes, suffix: str) -> Family | None:
    """The family that the bytes themselves show, or None where only the name can tell."""
    if head.startswith(ZIP_SIGNATURES):
        return _zip_family(path, head)
    if head.startswith(OLE_SIGNATURE):
        return _ole_family(path)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return Family.RTF
    if image_kind(head):
        return Family.IMAGE
    if head.startswith(TRANSCRIPT_HEAD):
        return Family.TRANSCRIPT
    named = _FAMILY_OF_SUFFIX.get(suffix)
    if named == Family.LEGACY_OFFICE and _old_excel(head):
        return Family.LEGACY_OFFICE
    # A PDF may carry other bytes before its mark; a text that speaks of the mark is not a PDF.
    if head.startswith(b"%PDF-") or (b"%PDF-" in head[:1024] and named in (None, Family.PDF)):
        return Family.PDF
    if named == Family.PDF:
        # Damaged or headless: pdfium says which, and some it can still repair.
        return Family.PDF if b"%PDF" in head or b" obj" in head else None
    if named is not None and named not in _WITH_SIGNATURE:
        return None
    bare = _without_mark(head)
    if _HTML.match(bare):
        return Family.HTML
    if _MBOX.match(bare) or _many_mail_headers(bare):
        return Family.MAIL
    return None


def _zip_family(path: Path, head: bytes) -> Family:
    if head[30 : 30 + len(_OPENDOCUMENT_MARK)] == _OPENDOCUMENT_MARK:
        return Family.OPENDOCUMENT
    if head[30 : 30 + len(_EPUB_MARK)] == _EPUB_MARK:
        return Family.EPUB
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except PermissionError as error:
        raise AccessDenied("file-forbidden", name=path.name) from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, OverflowError) as error:
        raise UnreadableDocument("archive-damaged") from error
    for start, family in _ZIP_MAIN_MEMBERS:
        if any(name.lower().replace("\\", "/").lstrip("/").startswith(start) for name in names):
            return family
    members = set(names)
    if "META-INF/container.xml" in members or any(name.lower().endswith(".opf") for name in names):
        return Family.EPUB
    if "content.xml" in members:
        return Family.OPENDOCUMENT
    raise UnsupportedFormat("archive-not-document")


def _ole_family(path: Path) -> Family:
    with path.open("rb") as file:
        content = file.read(_OLE_SEARCH_BYTES)
    for name, family in _OLE_STREAMS:
        if name.encode("utf-16-le") + b"\0\0" in content:
            return family
    raise UnsupportedFormat("compound-file-unknown")


def _old_excel(head: bytes) -> bool:
    """Excel 2 to 4 wrote bare records: the first is a beginning-of-file mark."""
    return (
        len(head) > 4
        and head[0] == 0x09
        and head[1] in (0x00, 0x02, 0x04)
        and head[2] in (0x04, 0x06)
        and not head[3]
    )


def _many_mail_headers(text: bytes) -> bool:
    """At least three lines of mail headers in a row, from the first line on."""
    at = 0
    for _ in range(3):
        header = _MAIL_HEADER.match(text, at)
        if header is None:
            return False
        at = header.end()
    return True


def _without_mark(head: bytes) -> bytes:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if head.startswith(mark):
            return head[2:].decode(encoding, "ignore").encode()
    return head.removeprefix(b"\xef\xbb\xbf")


def _looks_like_text(head: bytes) -> bool:
    """Whether unnamed bytes are text: no control characters but white space, or wide ones by their NULs."""
    if head.startswith(_BOMS):
        return True
    nuls = head.count(0)
    if nuls:
        # Without a mark, wide encodings of Western text have a NUL in every second or in three of four bytes.
        lanes = [head[lane::4].count(0) / max(1, len(head[lane::4])) for lane in range(4)]
        full, bare = sum(share > 0.9 for share in lanes), sum(share < 0.1 for share in lanes)
        return (full == 2 and bare == 2) or (full == 3 and bare == 1)
    controls = len(head) - len(head.translate(None, _CONTROL))
    return controls <= len(head) * 0.005
