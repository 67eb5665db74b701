"""Word 6 to 2003 (.doc) without LibreOffice: the text, its headings and its tables (MS-DOC)."""

from __future__ import annotations

import bisect
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import olefile

from assistant.documents.formats.shared.ole import title_in
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Section
from assistant.errors import PasswordRequired, UnreadableDocument

_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_SPECIAL = re.compile("[\x00-\x06\x08\x0e-\x12\x14-\x1d]")
MAX_PIECES = 1_000_000
"""Pieces of the text that are read."""
_MAGIC = (0xA5EC, 0xA5DC, 0xA5DB)
"""What Word 97 and later, Word 6 and Word 2 begin with."""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Where a run of bytes ends that belongs to one paragraph, and what that paragraph is."""

    end: int
    style: int
    in_table: bool
    row_end: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    """In characters of the document."""
    text: str
    offset: int
    """In bytes of the stream."""
    width: int


def open_word_document(path: Path) -> FlowDocument:
    """The document at `path`. Raises UnreadableDocument, or PasswordRequired where it is locked."""
    try:
        with olefile.OleFileIO(str(path)) as ole:
            main = ole.openstream("WordDocument").read()
            flags = struct.unpack_from("<H", main, 0x0A)[0]
            name = "1Table" if flags & 0x0200 else "0Table"
            table = ole.openstream(name).read() if ole.exists(name) else b""
            title = title_in(ole)
    except Exception as error:  # olefile raises whatever a damaged file leads it to
        raise UnreadableDocument("legacy-word-damaged") from error
    if struct.unpack_from("<H", main)[0] not in _MAGIC:
        raise UnreadableDocument("legacy-word-damaged")
    if flags & 0x0100:
        raise PasswordRequired("legacy-word-locked", wrong=False)
    try:
        sections = list(_sections(main, table))
    except (struct.error, IndexError, ValueError, OverflowError, MemoryError) as error:
        raise UnreadableDocument("legacy-word-damaged") from error
    name = title_of(path, title)
    return FlowDocument("doc", name, lambda: iter(sections), count=True)


def _sections(main: bytes, table: bytes) -> Iterator[Section]:
    version = struct.unpack_from("<H", main, 2)[0]
    if version < 0xC0 or not table:
        # Word 6 and 95: one run of bytes.
        start, end = struct.unpack_from("<II", main, 0x18)
        pieces = [_Piece(0, main[start:end].decode("cp1252", "replace"), start, 1)]
        properties: list[_Paragraph] = []
        counts = [len(pieces[0].text)]
    else:
        pieces = _pieces(main, table)
        properties = _paragraphs(main, table)
        counts = [max(0, count) for count in struct.unpack_from("<8i", main, 0x4C)]
    if not pieces:
        raise UnreadableDocument("legacy-word-no-text")
    text = "".join(piece.text for piece in pieces)
    names = ("", "footnotes", "headers and footers", "", "comments", "endnotes", "text boxes", "text boxes")
    start = 0
    for name, count in zip(names, counts, strict=False):
        story = text[start : start + count]
        if start == 0:
            yield from _Reader(pieces, properties).read(story)
        elif name:
            build = SectionBuilder(name)
            for line in dict.fromkeys(one_line(_visible(line)) for line in re.split("[\r\x07\x0c]", story)):
                if any(letter.isalpha() for letter in line):
                    build.line(line)
            yield from build.finish()
        start += count


class _Reader:
    """Goes through the main text paragraph by paragraph."""

    def __init__(self, pieces: list[_Piece], properties: list[_Paragraph]) -> None:
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._properties = properties
        self._ends = [one.end for one in properties]
        self._build = SectionBuilder()
        self._cells: list[str] = []
        self._lines: list[str] = []
        self._rows: list[list[str]] = []

    def read(self, text: str) -> Iterator[Section]:
        position = 0
        for match in re.finditer("[\r\x07\x0c]", text):
            self._paragraph(text[position : match.start()], match.group(), self._property(match.start()))
            position = match.end()
            yield from self._build.take()
        self._paragraph(text[position:], "\r", None)
        self._end_table()
        yield from self._build.finish()

    def _property(self, position: int) -> _Paragraph | None:
        """What is known of the paragraph whose mark stands at a position in the text."""
        piece = self._pieces[max(0, bisect.bisect_right(self._starts, position) - 1)]
        offset = piece.offset + (position - piece.start) * piece.width
        found = bisect.bisect_right(self._ends, offset)
        return self._properties[found] if found < len(self._properties) else None

    def _paragraph(self, raw: str, mark: str, about: _Paragraph | None) -> None:
        text = flowing(_visible(raw))
        if mark == "\x07":
            row_end = about.row_end if about is not None else not text and not self._lines
            if row_end:
                if self._cells:
                    self._rows.append(self._cells)
                self._cells = []
            else:
                self._cells.append("\n".join([*self._lines, text]).strip())
            self._lines = []
            return
        if about is not None and about.in_table:
            self._lines.append(text)
            return
        self._end_table()
        if about is not None and 1 <= about.style <= 9:
            self._build.heading(about.style, text)
        else:
            self._build.paragraph(text)

    def _end_table(self) -> None:
        if self._lines or self._cells:
            self._rows.append([*self._cells, "\n".join(self._lines)])
        rows, self._rows, self._cells, self._lines = self._rows, [], [], []
        if rows and max(map(len, rows)) <= 1:
            for row in rows:
                self._build.paragraph("\n".join(row))
        elif rows:
            self._build.table(rows)


def _visible(text: str) -> str:
    """Text without the codes of its fields (their results stay) and without marks of pictures and notes."""
    for _ in range(10):  # fields stand in fields
        shorter = _FIELD_CODE.sub("", text)
        if shorter == text:
            break
        text = shorter
    text = text.replace("\x0b", "\n").replace("\x1e", "-").replace("\x1f", "")
    return _SPECIAL.sub("", text)


def _pieces(main: bytes, table: bytes) -> list[_Piece]:
    """The text's pieces in their order (MS-DOC 2.4.1)."""
    position, length = struct.unpack_from("<II", main, 0x01A2)
    clx = table[position : position + length]
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        return []
    size = struct.unpack_from("<I", clx, at + 1)[0]
    plan = clx[at + 5 : at + 5 + size]
    count = min((len(plan) - 4) // 12, MAX_PIECES)
    starts = struct.unpack_from(f"<{count + 1}I", plan)
    pieces: list[_Piece] = []
    length = 0
    for index in range(count):
        characters = starts[index + 1] - starts[index]
        where = struct.unpack_from("<I", plan, 4 * (count + 1) + 8 * index + 2)[0]
        width = 1 if where & 0x40000000 else 2
        offset = (where & 0x3FFFFFFF) // 2 if width == 1 else where
        if characters < 0 or offset + characters * width > len(main) + 2:
            break
        raw = main[offset : offset + characters * width]
        text = raw.decode(
            "cp1252" if width == 1 else "utf-16-le", "surrogatepass" if width == 2 else "replace"
        )
        # Every unit counts as a character here: halves of a pair stay apart until the text is shown.
        if width == 2 and len(text) != characters:
            text = "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw[: len(raw) // 2 * 2])))
        pieces.append(_Piece(length, text, offset, width))
        length += len(text)
    return pieces


def _paragraphs(main: bytes, table: bytes) -> list[_Paragraph]:
    """Style and place in a table of each paragraph, by where its bytes end (MS-DOC 2.9.174)."""
    position, length = struct.unpack_from("<II", main, 0x0102)
    plan = table[position : position + length]
    count = max(0, (len(plan) - 4) // 8)
    found: list[_Paragraph] = []
    for index in range(count):
        page = struct.unpack_from("<I", plan, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        content = main[page * 512 : page * 512 + 512]
        if len(content) < 512:
            continue
        runs = content[511]
        if 4 * (runs + 1) + 13 * runs > 511:
            continue
        ends = struct.unpack_from(f"<{runs + 1}I", content)
        for run in range(runs):
            found.append(_read_paragraph(content, content[4 * (runs + 1) + 13 * run] * 2, ends[run + 1]))
    found.sort(key=lambda one: one.end)
    return found


def _read_paragraph(page: bytes, at: int, end: int) -> _Paragraph:
    if at == 0 or at >= 509:
        return _Paragraph(end, 0, False, False)
    size = page[at] * 2 - 1 if page[at] else page[at + 1] * 2
    start = at + 1 if page[at] else at + 2
    content = page[start : start + size]
    if len(content) < 2:
        return _Paragraph(end, 0, False, False)
    style = struct.unpack_from("<H", content)[0]
    in_table = row_end = False
    at = 2
    while at + 2 < len(content):
        code = struct.unpack_from("<H", content, at)[0]
        kind = code >> 13
        if code == 0x2416:
            in_table = content[at + 2] != 0
        elif code == 0x2417:
            row_end = content[at + 2] != 0
        if kind == 6:
            # 0xD608 and 0xC615 count their operand in other ways; what follows them is not needed.
            if code in (0xD608, 0xC615):
                break
            at += 3 + content[at + 2]
        else:
            at += 2 + (1, 1, 2, 4, 2, 2, 0, 3)[kind]
    return _Paragraph(end, style, in_table, row_end)
