"""PURE: the tables of fonts and styles at the head of an RTF text, as they are read entry by entry."""

from __future__ import annotations

import re

from assistant.documents.formats.rtf_control_words import CHARSETS, codec_of
from assistant.documents.formats.shared.symbol_fonts import is_symbol_font

_HEADING_NAME = re.compile(r"heading\s*([1-9])", re.IGNORECASE)


class RtfTables:
    """What fonts and styles mean, by their numbers."""

    def __init__(self) -> None:
        self.codecs: dict[int, str] = {}
        """Of each font."""
        self.symbol_fonts: dict[int, str] = {}
        """The names of fonts whose letters are signs."""
        self.levels: dict[int, int] = {}
        """Of each style of headings."""
        self.entry: int | None = None
        """The number of the font or style whose entry is being read."""

    def begin(self, number: int | None) -> None:
        self.entry = number

    def charset(self, number: int | None) -> None:
        if number is not None and number in CHARSETS:
            self.codecs.setdefault(self.entry or 0, CHARSETS[number])

    def codepage(self, number: int | None) -> None:
        codec = codec_of(number or 0)
        if codec:
            self.codecs[self.entry or 0] = codec

    def level(self, number: int | None) -> None:
        if number is not None and self.entry is not None and number < 9:
            self.levels[self.entry] = number + 1

    def named(self, name: str, table: str) -> None:
        """The name of the entry; `table`: "fonttbl" or "stylesheet"."""
        if table == "fonttbl":
            if is_symbol_font(name):
                self.symbol_fonts[self.entry or 0] = name
            return
        match = _HEADING_NAME.match(name)
        if match and self.entry is not None:
            self.levels[self.entry] = int(match.group(1))
