"""Text as it goes into the store: composed letters, no control characters, no stray space."""

from __future__ import annotations

import re
import unicodedata

# Line ends of every kind become "\n"; U+2028 and U+2029 are line ends as well.
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What cannot be seen and only gets in the way of a search: control characters, marks of direction and
# breaking, lone surrogates (SQLite refuses them). The joiners U+200C and U+200D stay: Indic scripts, Persian
# and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_AROUND_LINE_ENDS = re.compile(" *\n *")
_MANY_LINE_ENDS = re.compile("\n{3,}")
_TRAILING = re.compile("[ \t]+\n")


def plain(text: str) -> str:
    """`text` with composed letters (NFC), "\\n" as its only line end, nothing unseen; spaces stay."""
    if text.isprintable():  # neither line ends nor anything unseen
        return text if text.isascii() else unicodedata.normalize("NFC", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _UNSEEN.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def flowing(text: str) -> str:
    """A paragraph: like `plain`, and every run of blanks is one space; line ends stay."""
    text = plain(text)
    if not text.isascii() or "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _MANY_LINE_ENDS.sub("\n\n", _AROUND_LINE_ENDS.sub("\n", text))
    return text.strip()


def one_line(text: str) -> str:
    """A heading, a cell, a name: like `flowing`, without any line end."""
    return " ".join(plain(text).split())


def lines(text: str) -> str:
    """Text whose layout means something (source code, verse): like `plain`, without blanks at line ends."""
    text = plain(text).rstrip()
    if " \n" in text or "\t\n" in text:
        text = _TRAILING.sub("\n", text)
    return text.lstrip("\n")


def shortened(text: str, length: int) -> str:
    """At most `length` characters of a name; what was cut is shown as an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
