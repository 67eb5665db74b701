"""Plain text, source code and XML of any size and encoding; a file of gigabytes is read in bounded memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.formats.shared.pagination import FlowDocument, empty_part, failed_part, title_of
from assistant.documents.formats.shared.text_cleaning import lines, one_line, shortened
from assistant.documents.records import Opened, Outcome, Part, Section
from assistant.file_reading.encoding_detection import decoded_blocks, encoding_of, numbered_lines

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

PART_LINES = 200
"""A part ends after so many lines."""
PART_CHARACTERS = 12_000
"""A part ends after so many characters."""
SECTION_LINES = 60
"""A section ends after so many lines at the latest."""
SECTION_CHARACTERS = 2_400
"""A section ends after so many characters at the latest."""
LINE_CHARACTERS = 4_000
"""A longer line is taken in pieces, all under its number."""
XML_BYTES = 64 << 20
"""Larger XML is read as plain text."""

_XML_SUFFIXES = frozenset(
    {
        ".xml", ".xsd", ".xsl", ".svg", ".fb2", ".rss", ".atom", ".opml", ".kml", ".gpx", ".nxml",
        ".jats", ".tei", ".dita", ".xliff",
    }
)  # fmt: skip
_PROSE_SUFFIXES = frozenset(
    {
        "txt", "text", "log", "tex", "bib", "cfg", "conf", "ini", "toml", "properties", "env", "nfo",
        "srt", "vtt", "sub", "lrc", "po", "pot", "ics", "vcf", "csv",
    }
)  # fmt: skip
_XML = re.compile(r"\s*(?:<\?xml\b|<!DOCTYPE\s+(?!html)\w)", re.IGNORECASE)
_HTML = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)

_DEFINITION = re.compile(
    r"(?P<indent>[ \t]*)(?:(?:export|default|public|private|protected|internal|static|abstract|final|async"
    r"|pub(?:\([^)]*\))?|unsafe|virtual|inline|extern|sealed|partial|override|open|data|const)[ \t]+)*"
    r"(?:class|interface|struct|enum|trait|impl|module|namespace|def|fn|func|fun|function|sub|procedure|object"
    r"|protocol|extension)[ \t]+(?:\([^)]*\)[ \t]*)?(?P<name>[A-Za-z_$](?:[\w.$~?!]|::)*)"
)
_C_FUNCTION = re.compile(r"(?P<indent>)[A-Za-z_][\w \t*&<>,:]*?\b(?P<name>~?\w+)\([^;]*\)?[^;]*$")
_C_SUFFIXES = frozenset(["c", "cc", "cpp", "cu", "cxx", "h", "hh", "hpp", "hxx", "m", "mm"])
_HEADINGS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("adoc", "asciidoc"), re.compile(r"(?P<mark>={1,6})[ \t]+(?P<name>\S.*)")),
    "org": re.compile(r"(?P<mark>\*{1,8})[ \t]+(?P<name>\S.*)"),
    "wiki": re.compile(r"(?P<mark>={1,6})[ \t]*(?P<name>[^=\s][^=]*?)[ \t]*=+\s*$"),
    "textile": re.compile(r"h(?P<level>[1-6])\.[ \t]+(?P<name>\S.*)"),
    "tex": re.compile(r"\\(?P<kind>part|chapter|section|subsection|subsubsection)\*?\{(?P<name>[^}]*)\}"),
}
_TEX_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4}


class TextDocument:
    """A text that is read line by line; its parts are blocks of about 200 lines."""

    def __init__(self, path: Path, encoding: str, opened: Opened) -> None:
        self.opened = opened
        self._path = path
        self._encoding = encoding

    def parts(self, first: int = 1) -> Iterator[Part]:
        number = 1
        held: list[Section] = []
        size = count = start = end = 0
        try:
            for line, last, section in _sections(
                numbered_lines(self._path, self._encoding, LINE_CHARACTERS), _outline(self._path)
            ):
                full = count + last - line >= PART_LINES or size + len(section.text) > PART_CHARACTERS
                if held and full:
                    if number >= first:
                        yield self._part(number, start, end, held)
                    number, held, size, count = number + 1, [], 0, 0
                if not held:
                    start = line
                held.append(section)
                size += len(section.text)
                count += last - line + 1
                end = last
        except Exception as error:
            if held:
                yield self._part(number, start, end, held)
                number += 1
            yield failed_part(number, f"part {number}", error)
            return
        if held and number >= first:
            yield self._part(number, start, end, held)
        elif not held and number == 1:
            yield empty_part(1, "part 1", "only-blank-space")

    def _part(self, number: int, start: int, end: int, held: list[Section]) -> Part:
        return Part(number, _span(start, end), Outcome.TEXT, tuple(held))

    def close(self) -> None:
        """Nothing is kept open between reads."""


def open(path: Path, password: str | None) -> Document:
    """The text at `path`. Raises UnreadableDocument where it is not text."""
    encoding = encoding_of(path)
    xml = _xml_document(path, encoding)
    if xml is not None:
        return xml
    return open_plain(path, encoding)


def open_plain(path: Path, encoding: str | None = None, kind: str = "text") -> TextDocument:
    """Any file as plain text, whatever its markup. Raises UnreadableDocument where it is not text."""
    return TextDocument(path, encoding or encoding_of(path), Opened(kind, title_of(path), "part", None))


def _xml_document(path: Path, encoding: str) -> Document | None:
    """An XML file as its text without tags; None for what is not XML, or too large, or too broken for it."""
    head = next(decoded_blocks(path, encoding), "")[:1000]
    if not (_XML.match(head) or (path.suffix.lower() in _XML_SUFFIXES and head.lstrip().startswith("<"))):
        return None
    if path.stat().st_size > XML_BYTES:
        return None
    from assistant.documents.formats.html_page import html_sections
    from assistant.documents.formats.xml_text import xml_sections

    text = "".join(decoded_blocks(path, encoding))
    sections = None if _HTML.search(head) else xml_sections(text)
    if sections is None:
        sections = html_sections(text)
    ready = sections
    return FlowDocument("xml", title_of(path), lambda: iter(ready), count=True)


Outline = Callable[[str], tuple[int, str, bool] | None]
"""From a line to the level (from 0) and the name of the heading or definition that it is, and whether a
section always begins there."""


def _outline(path: Path) -> Outline | None:
    suffix = path.suffix.lower().lstrip(".")
    pattern = _HEADINGS.get(suffix)
    if pattern is not None:

        def heading(line: str) -> tuple[int, str, bool] | None:
            match = pattern.match(line)
            if match is None:
                return None
            found = match.groupdict()
            level = len(found.get("mark") or "") or int(found.get("level") or 0)
            return level or _TEX_LEVELS.get(found.get("kind") or "", 1), found["name"], True

        return heading
    if not suffix or suffix in _PROSE_SUFFIXES:
        return None

    def definition(line: str) -> tuple[int, str, bool] | None:
        match = _DEFINITION.match(line)
        if match is None and suffix in _C_SUFFIXES and line[:1].isalpha():
            match = _C_FUNCTION.match(line)
        if match is None:
            return None
        indent = len(match["indent"].expandtabs(4))
        return indent, match["name"], indent == 0

    return definition


def _sections(
    numbered: Iterator[tuple[int, str]], outline: Outline | None
) -> Iterator[tuple[int, int, Section]]:
    """Sections with their first and last line; they end at a blank line or a definition where one is near."""
    held: list[str] = []
    size = 0
    start = last = 1
    path: list[tuple[int, str]] = []
    above: tuple[str, ...] = ()

    def flush() -> Iterator[tuple[int, int, Section]]:
        nonlocal held, size
        text = lines("\n".join(held))
        if text.strip():
            # Blank lines at the start are not part of the place.
            first = start + next(index for index, line in enumerate(held) if line.strip())
            final = max(first, last)
            yield first, final, Section(text, None, _span(first, final), above)
        held, size = [], 0

    for number, line in numbered:
        found = outline(line) if outline is not None and len(line) < 500 else None
        blank = not line.strip()
        if held and (
            size + len(line) > SECTION_CHARACTERS
            or number - start >= SECTION_LINES
            or (blank and (size > SECTION_CHARACTERS // 2 or number - start >= SECTION_LINES * 2 // 3))
            or (found is not None and (found[2] or size > SECTION_CHARACTERS // 3))
        ):
            yield from flush()
        if found is not None:
            level, name, _ = found
            path = [(depth, one) for depth, one in path if depth < level]
            path.append((level, shortened(one_line(name), 120)))
        if not held:
            if blank:
                last = number
                continue
            start = number
            above = tuple(name for _, name in path)
        held.append(line)
        size += len(line) + 1
        if not blank:
            last = number
    yield from flush()


def _span(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}–{last}"
