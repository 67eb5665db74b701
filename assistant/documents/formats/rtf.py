"""Rich Text Format (.rtf): text in any of its encodings, headings, lists, tables, notes (RTF 1.9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.documents.formats.rtf_control_words import (
    CHARSETS,
    READ_THOUGH_STARRED,
    SIGNS,
    SKIPPED,
    SYMBOLS,
    codec_of,
)
from assistant.documents.formats.shared.pagination import FlowDocument, flow_document, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument

MAX_BYTES = 256 << 20
MAX_DEPTH = 10_000
HEADER_BYTES = 1 << 18
COUNTED_BYTES = 2 << 20
"""A smaller text is read when it is opened, so that its parts are counted."""

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,40})(-?[0-9]{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])"
    rb"|([{}])|([^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)
_NOTES = {"footnote": "Footnote", "annotation": "Comment"}
_MARGINS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
_HEADING_NAME = re.compile(r"heading\s*([1-9])", re.IGNORECASE)


def open(path: Path, password: str | None) -> FlowDocument:
    """The document at `path`. Raises UnreadableDocument."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("rtf-too-large", size=path.stat().st_size)
    content = path.read_bytes()
    return flow_document(
        "rtf",
        title_of(path, _title(content)),
        lambda: _Reader(content).read(),
        count=len(content) <= COUNTED_BYTES,
    )


def rtf_sections(content: bytes) -> list[Section]:
    """The sections of an RTF text."""
    return list(_Reader(content).read())


def _title(content: bytes) -> str:
    """The title in the header, "" without one."""
    start = content.find(b"{\\title", 0, HEADER_BYTES)
    if start < 0:
        return ""
    reader = _Reader(b"{\\rtf1{\\info" + content[start : content.find(b"}", start) + 1] + b"}}")
    for match in re.finditer(rb"\\ansicpg(\d+)", content[:HEADER_BYTES]):
        reader.setcodec_of(int(match.group(1)))
        break
    for _ in reader.read():
        pass
    return reader.title


@dataclass(slots=True)
class _State:
    """What a group inherits, and what ends with it."""

    destination: str = ""
    """"" is the text itself; "skip" is left out."""
    codec: str = ""
    """"" is that of the document."""
    skip_after_unicode: int = 1
    hidden: bool = False


@dataclass(slots=True)
class _Target:
    """Where characters go: the text, or a note, a margin, a mark."""

    pieces: list[str] = field(default_factory=list)


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._build = SectionBuilder()
        self._default_codec = "cp1252"
        self._default_font = 0
        self._fonts: dict[int, str] = {}
        self._styles: dict[int, int] = {}
        self._state = _State()
        self._stack: list[_State] = []
        self._bytes = bytearray()
        self._target = _Target()
        self._targets: list[tuple[int, str, _Target]] = []
        self._skipping = 0
        self._font_entry = 0
        self._style_entry: int | None = None
        self._mark = ""
        self._level: int | None = None
        self._in_table = False
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._cell_lines: list[str] = []
        self._notes: list[str] = []
        self._note_count = 0
        self._margins: dict[str, None] = {}
        self.title = ""

    def setcodec_of(self, number: int) -> None:
        self._default_codec = codec_of(number) or self._default_codec

    def read(self) -> Iterator[Section]:
        """The sections; a text that breaks off ends there."""
        content, at = self._content, 0
        starred = False
        while at < len(content):
            match = _TOKEN.match(content, at)
            if match is None:
                at += 1
                continue
            at = match.end()
            word, number, escaped, symbol, brace, run = match.groups()
            if brace == b"{":
                self._open_group()
                starred = False
            elif brace == b"}":
                self._close_group()
                starred = False
                yield from self._build.take()
            elif word is not None:
                name, value = word.decode("ascii"), int(number) if number is not None else None
                if name == "bin":
                    at += max(0, value or 0)
                else:
                    self._word(name, value, starred)
                    if name == "par":
                        yield from self._build.take()
                starred = False
            elif symbol == b"*":
                starred = True
            elif escaped is not None:
                self._byte(bytes([int(escaped, 16)]))
            elif symbol is not None:
                self._sign(SYMBOLS.get(symbol.decode("latin-1"), ""))
                if symbol in b"\r\n":
                    self._end_paragraph()
            elif run is not None:
                self._run(run)
        while self._stack:
            self._close_group()
        self._end_paragraph()
        self._end_table()
        self._end_notes()
        yield from self._build.finish()
        if self._margins:
            yield Section("\n".join(self._margins), None, "headers and footers")

    # --- groups ---

    def _open_group(self) -> None:
        self._flush()
        self._skipping = 0
        if len(self._stack) > MAX_DEPTH:
            raise UnreadableDocument("rtf-too-deep")
        self._stack.append(self._state)
        self._state = replace(self._state)

    def _close_group(self) -> None:
        self._flush()
        self._skipping = 0
        if not self._stack:
            return
        if self._targets and self._targets[-1][0] == len(self._stack):
            _, kind, outer = self._targets.pop()
            text = _text(self._target.pieces)
            self._target = outer
            self._finish_target(kind, text)
        self._state = self._stack.pop()

    def _divert(self, kind: str) -> None:
        """Until this group ends, characters belong to something else than the text."""
        self._flush()
        self._targets.append((len(self._stack), kind, self._target))
        self._target = _Target()
        self._state.destination = kind

    def _finish_target(self, kind: str, text: str) -> None:
        if kind in _NOTES and one_line(text):
            if kind == "footnote":
                self._note_count += 1
                self._notes.append(f"Footnote {self._note_count}: {one_line(text)}")
            else:
                self._notes.append(f"Comment: {one_line(text)}")
        elif kind in _MARGINS:
            line = one_line(text)
            if any(letter.isalpha() for letter in line):
                self._margins[line] = None
        elif kind == "mark":
            mark = one_line(text)
            self._mark = (
                mark if mark and all(ord(sign) < 0xE000 for sign in mark) and mark not in "·o§-–" else "•"
            )
        elif kind == "title":
            self.title = one_line(text)

    # --- words ---

    def _word(self, name: str, value: int | None, starred: bool) -> None:
        state = self._state
        if self._skipping and name not in ("u", "uc"):
            self._skipping -= 1
            return
        if state.destination == "skip":
            if name == "ud":
                self._flush()
                state.destination = self._outer_destination()
            return
        if (starred and name not in READ_THOUGH_STARRED and name not in SKIPPED) or name in SKIPPED:
            self._flush()
            state.destination = "skip"
        elif name == "u" and value is not None:
            self._flush()
            self._put(chr(value % 0x10000) if value < 0x10000 else chr(min(value, 0x10FFFF)))
            self._skipping = state.skip_after_unicode
        elif name == "uc":
            state.skip_after_unicode = max(0, min(value if value is not None else 1, 10))
        elif name in SIGNS:
            self._sign(SIGNS[name])
        elif state.destination == "fonttbl":
            self._font_word(name, value)
        elif state.destination == "stylesheet":
            self._style_word(name, value)
        elif name in ("par", "sect", "page"):
            self._flush()
            if state.destination in _NOTES or state.destination in _MARGINS:
                self._put("\n")
            elif not state.destination:
                self._end_paragraph()
        elif name in ("cell", "nestcell"):
            self._flush()
            if name == "cell" and not state.destination:
                self._end_cell()
            else:
                self._put(" ")
        elif name in ("row", "nestrow"):
            self._flush()
            if name == "row" and not state.destination:
                self._end_row()
            else:
                self._put("\n")
        elif name == "pard":
            if not state.destination:
                self._in_table = False
                self._level = None
        elif name == "intbl":
            self._in_table = True
        elif name == "s" and value is not None:
            self._level = self._styles.get(value, self._level)
        elif name == "outlinelevel" and value is not None:
            self._level = value + 1 if 0 <= value < 9 else None
        elif name == "f" and value is not None:
            self._flush()
            state.codec = self._fonts.get(value, "")
        elif name == "plain":
            self._flush()
            state.hidden = False
            state.codec = self._fonts.get(self._default_font, "")
        elif name == "v":
            self._flush()
            state.hidden = value != 0
        elif name == "ansicpg" and value:
            self.setcodec_of(value)
        elif name in ("mac", "pc", "pca"):
            self._default_codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[name]
        elif name == "deff":
            self._default_font = value or 0
        elif name in ("fonttbl", "stylesheet") or name in _NOTES or name in _MARGINS:
            self._divert(name)
        elif name in ("listtext", "pntext"):
            self._divert("mark")
        elif name in ("pn", "atnauthor"):
            state.destination = "skip"
        elif name == "info":
            state.destination = "info"
        elif name == "title" and state.destination == "info":
            self._divert("title")
        elif name == "shptxt":
            state.destination = ""

    def _outer_destination(self) -> str:
        """What the group around an \\upr belongs to: the Unicode half of it takes the place of the whole."""
        return next((state.destination for state in reversed(self._stack) if state.destination != "skip"), "")

    def _font_word(self, name: str, value: int | None) -> None:
        if name == "f" and value is not None:
            self._font_entry = value
        elif name == "fcharset" and value is not None and value in CHARSETS:
            self._fonts.setdefault(self._font_entry, CHARSETS[value])
        elif name == "cpg" and value:
            codec = codec_of(value)
            if codec:
                self._fonts[self._font_entry] = codec

    def _style_word(self, name: str, value: int | None) -> None:
        if name == "s" and value is not None:
            self._style_entry = value
        elif name == "outlinelevel" and value is not None and self._style_entry is not None and value < 9:
            self._styles[self._style_entry] = value + 1

    # --- characters ---

    def _byte(self, byte: bytes) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._state.destination != "skip":
            self._bytes += byte

    def _run(self, run: bytes) -> None:
        if self._skipping:
            skipped = min(self._skipping, len(run))
            self._skipping -= skipped
            run = run[skipped:]
        state = self._state
        if not run or state.destination == "skip":
            return
        if state.destination == "stylesheet":
            match = _HEADING_NAME.match(run.decode("latin-1").strip(" ;"))
            if match and self._style_entry is not None:
                self._styles[self._style_entry] = int(match.group(1))
        elif state.destination != "fonttbl":
            self._bytes += run

    def _sign(self, sign: str) -> None:
        if self._skipping:
            self._skipping -= 1
        elif self._state.destination != "skip" and sign:
            self._flush()
            self._put(sign)

    def _flush(self) -> None:
        """Bytes that wait become characters in the encoding of their font."""
        if self._bytes:
            codec = self._state.codec or self._default_codec
            self._put(bytes(self._bytes).decode(codec, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        if not self._state.hidden and self._state.destination not in (
            "skip",
            "fonttbl",
            "stylesheet",
            "info",
        ):
            self._target.pieces.append(text)

    # --- blocks ---

    def _take(self) -> str:
        self._flush()
        text = _text(self._target.pieces)
        self._target.pieces.clear()
        return text

    def _end_paragraph(self) -> None:
        text = flowing(self._take())
        mark, self._mark = self._mark, ""
        if self._in_table or self._cells:
            self._cell_lines.append(f"{mark} {text}".strip())
            return
        self._end_table()
        if not text:
            return
        if self._level is not None:
            self._build.heading(self._level, f"{mark} {text}" if mark and mark != "•" else text)
        elif mark:
            self._build.item(text, mark)
        else:
            self._build.paragraph(text)
        self._end_notes()

    def _end_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self._build.paragraph(note)

    def _end_cell(self) -> None:
        text = flowing(self._take())
        mark, self._mark = self._mark, ""
        self._cells.append("\n".join([*self._cell_lines, f"{mark} {text}".strip()]).strip())
        self._cell_lines = []

    def _end_row(self) -> None:
        rest = flowing(self._take())
        if rest or self._cell_lines:
            self._cells.append("\n".join([*self._cell_lines, rest]).strip())
        self._cell_lines = []
        if self._cells:
            self._rows.append(self._cells)
        self._cells = []

    def _end_table(self) -> None:
        if self._cells:
            self._end_row()
        if self._cell_lines:
            self._rows.append(["\n".join(self._cell_lines)])
            self._cell_lines = []
        rows, self._rows = self._rows, []
        if rows and max(map(len, rows)) <= 1:
            for row in rows:
                self._build.paragraph("\n".join(row))
        elif rows:
            self._build.table(rows)
        if rows:
            self._end_notes()


def _text(pieces: list[str]) -> str:
    """Characters beyond the first plane come as two halves, each in a word of its own."""
    text = "".join(pieces)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
