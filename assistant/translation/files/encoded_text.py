"""The text of a file with its encoding, as it goes out again."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableDocument
from assistant.file_reading.encoding_detection import encoding_of, text_and_encoding

MAX_BYTES = 64 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(r"""(<\?xml[^>]{0,200}?encoding\s*=\s*["'])([\w.:-]{2,40})""")


@dataclass(frozen=True, slots=True)
class EncodedText:
    text: str
    encoding: str
    mark: bytes = b""
    """The byte order mark that it begins with."""

    @property
    def line_end(self) -> str:
        """What its lines end with, where it has several."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def encode(self, text: str) -> tuple[bytes, str]:
        """`text` in this encoding, or in UTF-8 where this one lacks some of its characters; and which."""
        try:
            return self.mark + text.encode(self.encoding), self.encoding
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace"), "utf-8"


def read_text(path: Path) -> EncodedText:
    """
    Raises:
        UnreadableDocument: it is not text at all, or too much.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise UnreadableDocument("translate-text-too-large", size=size)
    encoding_of(path)
    return decoded(path.read_bytes())


def decoded(content: bytes) -> EncodedText:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return EncodedText(content[len(mark) :].decode(encoding, "replace"), encoding, mark)
    return EncodedText(*text_and_encoding(content))


def declaring(text: str, encoding: str) -> str:
    """XML that says, if it says any, that it is in this encoding."""
    return _DECLARATION.sub(rf"\g<1>{encoding}", text, count=1)


def replaced(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    """`text` with other words in some places (start, end, words), which do not overlap."""
    pieces: list[str] = []
    at = 0
    for start, end, words in sorted(changes):
        pieces += (text[at:start], words)
        at = end
    return "".join((*pieces, text[at:]))
