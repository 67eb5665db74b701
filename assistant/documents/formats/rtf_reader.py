"""Goes through the bytes of an RTF text: groups, control words, characters in the encoding of their font."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from assistant.documents.formats.rtf_blocks import RtfBlocks
from assistant.documents.formats.rtf_control_words import (
    MARGINS,
    NOTES,
    READ_THOUGH_STARRED,
    SIGNS,
    SKIPPED,
    SYMBOLS,
    codec_of,
)
from assistant.documents.formats.rtf_fields import FormField
from assistant.documents.formats.rtf_tables import RtfTables
from assistant.documents.formats.rtf_tokens import Kind, tokens
from assistant.documents.formats.shared.field_instructions import (
    inserted_sign,
    link_address,
    under_reading,
)
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    PLAIN,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
)
from assistant.documents.formats.shared.symbol_fonts import symbols
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument

MAX_DEPTH = 10_000
"""How deep groups in groups may be."""
RAISED_HALF_POINTS = 3
"""Text that is set further up or down is raised or lowered."""

_WITHOUT_TEXT = frozenset({"skip", "fonttbl", "stylesheet", "info", "formfield"})


@dataclass(slots=True)
class _State:
    """What a group inherits, and what ends with it."""

    destination: str = ""
    """"" is the text itself; "skip" is left out."""
    codec: str = ""
    """"" is that of the document."""
    skip_after_unicode: int = 1
    """How many characters for older programs follow each `\\u`."""
    hidden: bool = False
    look: Look = PLAIN
    font: str = ""
    """The symbol font, "" where letters are letters."""


class RtfReader:
    """Goes through the bytes: groups, control words, and characters in the encoding of their font."""

    def __init__(self, content: bytes) -> None:
        self.title = ""
        self._content = content
        self._blocks = RtfBlocks()
        self._default_codec = "cp1252"
        self._default_font = 0
        self._tables = RtfTables()
        self._state = _State()
        self._stack: list[_State] = []
        self._skipping = 0
        """How many characters or words stand for a `\\u` that was read already."""
        self._bytes = bytearray()
        """Not decoded yet."""
        self._text = InlineText()
        """Of the document, or of the note, margin or mark that is being read."""
        self._diverted: list[tuple[int, str, InlineText]] = []
        """Depth and destination of each such group, and the text around it."""
        self._field = FormField()
        """The last one that was read."""
        self._result_said = False
        """The instruction of the field at hand has said already what its result would say again."""

    def set_codec(self, codepage: int) -> None:
        """The codec of text whose font says nothing."""
        self._default_codec = codec_of(codepage) or self._default_codec

    def read(self) -> Iterator[Section]:
        """The sections; a text that breaks off ends there."""
        starred = False
        for token in tokens(self._content):
            starred_before, starred = starred, False
            if token.kind is Kind.RUN:
                if token.coded:
                    self._byte(token.text)
                else:
                    self._run(token.text)
            elif token.kind is Kind.WORD:
                self._word(token.text.decode("ascii"), token.value, starred_before)
                if token.text == b"par":
                    yield from self._blocks.take()
            elif token.kind is Kind.OPEN:
                self._open_group()
            elif token.kind is Kind.CLOSE:
                self._close_group()
                yield from self._blocks.take()
            elif token.text == b"*":
                starred = True
            else:
                self._sign(SYMBOLS.get(token.text.decode("latin-1"), ""))
                if token.text in b"\r\n":
                    self._end_paragraph()
        while self._stack:
            self._close_group()
        self._end_paragraph()
        yield from self._blocks.finish()

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
        if self._diverted and self._diverted[-1][0] == len(self._stack):
            _, destination, around = self._diverted.pop()
            text = one_line(_joined(self._text.take()))
            self._text = around
            self._state = self._stack.pop()
            self._end_diversion(destination, text)
        else:
            self._state = self._stack.pop()

    def _divert(self, destination: str) -> None:
        """Until this group ends, characters belong to something else than the text."""
        self._flush()
        self._diverted.append((len(self._stack), destination, self._text))
        self._text = InlineText()
        self._tables.entry = None
        self._state.destination = destination
        self._state.look, self._state.font = PLAIN, ""

    def _end_diversion(self, destination: str, text: str) -> None:
        if destination == "footnote":
            self._blocks.footnote(text)
        elif destination == "annotation":
            self._blocks.comment(text)
        elif destination in MARGINS:
            self._blocks.margin(text)
        elif destination == "mark":
            self._blocks.mark(text)
        elif destination == "title":
            self.title = text
        elif destination == "fldinst":
            self._instruction(text)
        elif destination == "ffl":
            self._field.choices.append(text)

    def _instruction(self, text: str) -> None:
        """What a field does: its result stands in the group that comes next."""
        sign = inserted_sign(text) or under_reading(text)
        if address := link_address(text):
            self._state.look = replace(self._state.look, address=address)
        elif sign:
            self._text.add(sign, self._state.look)
            self._result_said = True
        elif text.startswith("FORM"):
            self._text.add(self._field.shown(text))
            self._field = FormField()

    # --- control words ---

    def _word(self, name: str, value: int | None, starred: bool) -> None:
        state = self._state
        if self._skipping and name not in ("u", "uc"):
            self._skipping -= 1
        elif state.destination == "skip":
            if name == "ud":
                self._enter(self._outer_destination())
        elif name in SKIPPED or (starred and name not in READ_THOUGH_STARRED):
            self._enter("skip")
        elif name in SIGNS:
            self._sign(SIGNS[name])
        elif action := _WORDS_IN.get(state.destination, _WORDS).get(name):
            action(self, value)

    def _enter(self, destination: str) -> None:
        self._flush()
        self._state.destination = destination

    def _outer_destination(self) -> str:
        """What the group around an \\upr belongs to: the Unicode half of it takes the place of the whole."""
        return next((state.destination for state in reversed(self._stack) if state.destination != "skip"), "")

    def _unicode(self, value: int | None) -> None:
        if value is not None:
            self._flush()
            self._put(chr(value % 0x10000) if value < 0x10000 else chr(min(value, 0x10FFFF)))
            self._skipping = self._state.skip_after_unicode

    def _unicode_skip(self, value: int | None) -> None:
        self._state.skip_after_unicode = max(0, min(value if value is not None else 1, 10))

    def _paragraph_end(self, _: int | None) -> None:
        if self._state.destination in NOTES or self._state.destination in MARGINS:
            self._sign("\n")
        elif not self._state.destination:
            self._end_paragraph()

    def _paragraph_defaults(self, _: int | None) -> None:
        if not self._state.destination:
            self._blocks.paragraph_defaults()

    def _in_table(self, _: int | None) -> None:
        self._blocks.in_table = True

    def _cell_end(self, _: int | None) -> None:
        if self._state.destination:
            self._sign(" ")
        else:
            self._blocks.cell(self._take())

    def _row_end(self, _: int | None) -> None:
        if self._state.destination:
            self._sign("\n")
        else:
            self._blocks.row(self._take())

    def _style(self, value: int | None) -> None:
        if value is not None:
            self._blocks.level = self._tables.levels.get(value, self._blocks.level)

    def _outline_level(self, value: int | None) -> None:
        if value is not None:
            self._blocks.level = value + 1 if 0 <= value < 9 else None

    def _font(self, value: int | None) -> None:
        if value is not None:
            self._flush()
            self._state.codec = self._tables.codecs.get(value, "")
            self._state.font = self._tables.symbol_fonts.get(value, "")

    def _plain(self, _: int | None) -> None:
        self._font(self._default_font)
        self._state.hidden = False
        self._state.look = Look(address=self._state.look.address) if self._state.look.address else PLAIN

    def _shift(self, shift: int) -> None:
        self._flush()
        self._state.look = replace(self._state.look, shift=shift)

    def _raise(self, value: int | None) -> None:
        self._shift(SUPERSCRIPT if (value if value is not None else 6) > RAISED_HALF_POINTS else BASELINE)

    def _lower(self, value: int | None) -> None:
        self._shift(SUBSCRIPT if (value if value is not None else 6) > RAISED_HALF_POINTS else BASELINE)

    def _strike(self, value: int | None) -> None:
        self._flush()
        self._state.look = replace(self._state.look, struck=value != 0)

    def _hidden(self, value: int | None) -> None:
        self._flush()
        self._state.hidden = value != 0

    def _default(self, value: int | None) -> None:
        self._default_font = value or 0

    def _field_result(self, _: int | None) -> None:
        if self._result_said:
            self._enter("skip")
        self._result_said = False

    def _title(self, _: int | None) -> None:
        if self._state.destination == "info":
            self._divert("title")

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
        if state.destination in ("stylesheet", "fonttbl"):
            self._tables.named(run.decode("latin-1").strip(" ;"), state.destination)
        else:
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
            if self._state.font:
                codec = "latin-1"  # codes of the font, not of an alphabet
            self._put(bytes(self._bytes).decode(codec, "replace"))
            self._bytes.clear()

    def _put(self, text: str) -> None:
        if not self._state.hidden and self._state.destination not in _WITHOUT_TEXT:
            font = self._state.font
            self._text.add(symbols(font, text) if font else text, self._state.look)

    def _take(self) -> str:
        """The text so far, as a cell."""
        self._flush()
        return flowing(_joined(self._text.take()))

    def _end_paragraph(self) -> None:
        self._flush()
        text = _joined(self._text.take())
        self._blocks.paragraph(flowing(text), spaced=text[:1].isspace())


_Action = Callable[[RtfReader, int | None], None]


def _diverts(destination: str) -> _Action:
    return lambda reader, _: reader._divert(destination)


_UNICODE: dict[str, _Action] = {"u": RtfReader._unicode, "uc": RtfReader._unicode_skip}
_WORDS: dict[str, _Action] = {
    **_UNICODE,
    **dict.fromkeys(("par", "sect", "page"), RtfReader._paragraph_end),
    "pard": RtfReader._paragraph_defaults,
    "intbl": RtfReader._in_table,
    "cell": RtfReader._cell_end,
    "nestcell": lambda reader, _: reader._sign(" "),
    "row": RtfReader._row_end,
    "nestrow": lambda reader, _: reader._sign("\n"),
    "dropcapli": lambda reader, _: reader._blocks.begin_initial(),
    "s": RtfReader._style,
    "outlinelevel": RtfReader._outline_level,
    "f": RtfReader._font,
    "plain": RtfReader._plain,
    "fldrslt": RtfReader._field_result,
    **dict.fromkeys(("v", "deleted"), RtfReader._hidden),
    "super": lambda reader, value: reader._shift(BASELINE if value == 0 else SUPERSCRIPT),
    "sub": lambda reader, value: reader._shift(BASELINE if value == 0 else SUBSCRIPT),
    "nosupersub": lambda reader, _: reader._shift(BASELINE),
    "up": RtfReader._raise,
    "dn": RtfReader._lower,
    **dict.fromkeys(("strike", "striked"), RtfReader._strike),
    "trowd": lambda reader, _: reader._blocks.define_row(),
    "clvmrg": lambda reader, _: reader._blocks.define_merged(down=True),
    "clmrg": lambda reader, _: reader._blocks.define_merged(down=False),
    "cellx": lambda reader, value: reader._blocks.define_cell(value or 0),
    "ansicpg": lambda reader, value: reader.set_codec(value or 0),
    "mac": lambda reader, _: reader.set_codec(10000),
    "pc": lambda reader, _: reader.set_codec(437),
    "pca": lambda reader, _: reader.set_codec(850),
    "deff": RtfReader._default,
    "info": lambda reader, _: reader._enter("info"),
    "title": RtfReader._title,
    "pn": lambda reader, _: reader._enter("skip"),
    "atnauthor": lambda reader, _: reader._enter("skip"),
    "shptxt": lambda reader, _: reader._enter(""),
    **{name: _diverts(name) for name in ("fonttbl", "stylesheet", "fldinst", *NOTES, *MARGINS)},
    **dict.fromkeys(("listtext", "pntext"), _diverts("mark")),
}
_WORDS_IN: dict[str, dict[str, _Action]] = {
    "fonttbl": {
        **_UNICODE,
        "f": lambda reader, value: reader._tables.begin(value),
        "fcharset": lambda reader, value: reader._tables.charset(value),
        "cpg": lambda reader, value: reader._tables.codepage(value),
    },
    "stylesheet": {
        **_UNICODE,
        "s": lambda reader, value: reader._tables.begin(value),
        "outlinelevel": lambda reader, value: reader._tables.level(value),
    },
    "fldinst": {**_UNICODE, "formfield": lambda reader, _: reader._enter("formfield")},
    "formfield": {
        **_UNICODE,
        "ffl": _diverts("ffl"),
        "ffres": lambda reader, value: reader._field.set(value),
        "ffdefres": lambda reader, value: reader._field.set_default(value),
    },
}
"""Destinations with control words of their own."""


def _joined(text: str) -> str:
    """Characters beyond the first plane come as two halves, each in a word of its own."""
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
