"""Makes foreign text safe to show: names of files and documents, passages, places; knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from assistant import paths
from assistant.documents.records import DocumentInfo, Quote
from assistant.rich_text.characters import DIRECTION_CONTROLS, is_harmless, sign
from assistant.rich_text.characters import is_right_to_left as is_right_to_left
from assistant.rich_text.characters import passage as passage
from assistant.speech.transcripts.records import DOCUMENT_SUFFIX as TRANSCRIPT_SUFFIX

FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"
LONGEST_TITLE = 48
"""Characters of a title that stands in a line with a page and a heading."""


def name(text: str) -> str:
    """A name on one line: line ends and other controls become a sign, broken UTF-8 as well."""
    return "".join(
        character if is_harmless(character) else sign(character)
        for character in text
        if character not in DIRECTION_CONTROLS
    )


def one_line(text: str) -> str:
    """A passage with every run of white space as one space."""
    return " ".join(passage(text).split())


def isolate(text: str) -> str:
    """The text as a run of its own direction: an Arabic name does not turn round what stands beside it."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def utf16_length(text: str) -> int:
    """Qt counts UTF-16 units where Python counts characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_cut(text: str, units: int) -> int:
    """How many characters the first `units` UTF-16 units are."""
    return len(text.encode("utf-16-le", "surrogatepass")[: units * 2].decode("utf-16-le", "ignore"))


def file_name(path: str) -> str:
    return name(PurePath(path).name or path)


def document_name(document: DocumentInfo | Quote) -> str:
    """A person's file goes by its name, which they know; pages of the handbook and transcripts by theirs."""
    by_title = _in_handbook(document.path) or document.path.endswith(TRANSCRIPT_SUFFIX)
    return name(document.title) if by_title else file_name(document.path)


def subtitle(document: DocumentInfo) -> str:
    """The title inside a document where it says more than the name of its file."""
    path = PurePath(document.path)
    known = ("", path.stem.casefold(), path.name.casefold())
    return (
        "" if document.title.casefold() in known or _in_handbook(document.path) else one_line(document.title)
    )


def place(title: str, location: str, heading: Sequence[str] = ()) -> str:
    """ "report.pdf · page 58 · Balance sheet"."""
    shown = name(title)
    if len(shown) > LONGEST_TITLE:
        shown = f"{shown[: LONGEST_TITLE - 12]}…{shown[-11:]}"
    parts = [isolate(shown)]
    if location:
        parts.append(isolate(name(location)))
    if heading and (last := one_line(heading[-1])) and last != name(title):
        parts.append(isolate(last))
    return " · ".join(parts)


def _in_handbook(path: str) -> bool:
    return PurePath(path).is_relative_to(paths.resources() / "handbook")
