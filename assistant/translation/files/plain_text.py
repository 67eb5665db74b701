"""Plain text: a paragraph is a line, or lines that were broken to fit a width, which come out so again."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.languages import is_wide
from assistant.translation.files.encoded_text import EncodedText, read_text, replaced
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, Paragraph, TranslatedParagraph

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_INDENT = re.compile(r"[ \t\u3000]*")
_LIST_MARK = re.compile(r"(?:[-*•·–—>#+|]|\(?\w{1,3}[.)])\s")
_WORDS = re.compile(r"[^\W\d_]")
_NARROWEST, _WIDEST = 40, 100
"""Columns that text is broken to by hand or by programs."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines of the file that are one paragraph."""

    start: int
    end: int
    indent: str
    width: int
    """Columns to break at; 0 for a line of its own."""


class PlainText:
    def __init__(self, source: EncodedText) -> None:
        self._source = source
        self._places = list(_places(source.text))
        self.language = ""
        self.lost: tuple[Lost, ...] = ()
        self.paragraphs = tuple(
            Paragraph(" ".join(source.text[place.start : place.end].split()) if place.width else
                      source.text[place.start : place.end])
            for place in self._places
        )  # fmt: skip

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        text, ending = self._source.text, self._source.line_end
        changes = []
        for place, before, after in zip(self._places, self.paragraphs, translated, strict=True):
            if after.text == before.text:
                continue
            lines = _broken(after.text, place, target)
            if layout is Layout.BELOW:
                lines.insert(0, text[place.start : place.end])
            changes.append((place.start, place.end, f"{ending}{place.indent}".join(lines)))
        save(output, self._source.encode(replaced(text, changes))[0])
        return ()


def open(path: Path) -> PlainText:
    """Raises UnreadableDocument."""
    return PlainText(read_text(path))


def _places(text: str) -> Iterator[_Place]:
    """Paragraphs with words, in order; the indent of the first line is not part of one."""
    lines = [match.span() for match in _LINE.finditer(text)]
    block: list[tuple[int, int]] = []
    for start, end in lines:
        start = _indented(text, start, end)
        end = start + len(text[start:end].rstrip())
        if block and not _goes_on(text, block[-1], (start, end)):
            yield from _of_block(text, block)
            block = []
        if start < end:
            block.append((start, end))
    yield from _of_block(text, block)


def _indented(text: str, start: int, end: int) -> int:
    match = _INDENT.match(text, start, end)
    return match.end() if match else start


def _goes_on(text: str, line: tuple[int, int], after: tuple[int, int]) -> bool:
    between = text[line[1] : after[0]]
    breaks = between.count("\n") or between.count("\r")
    return breaks == 1 and not _LIST_MARK.match(text, *after)


def _of_block(text: str, block: list[tuple[int, int]]) -> Iterator[_Place]:
    """One paragraph where its lines are as full as a width allows, else one for each line."""
    width = max((end - start for start, end in block), default=0)
    if len(block) > 1 and _NARROWEST <= width <= _WIDEST and _is_filled(text, block, width):
        start, end = block[0][0], block[-1][1]
        if _WORDS.search(text, start, end):
            yield _Place(start, end, _indent_before(text, block[1][0]), width)
        return
    for start, end in block:
        if _WORDS.search(text, start, end):
            yield _Place(start, end, _indent_before(text, start), 0)


def _indent_before(text: str, start: int) -> str:
    at = start
    while at > 0 and text[at - 1] in " \t\u3000":
        at -= 1
    return text[at:start]


def _is_filled(text: str, block: list[tuple[int, int]], width: int) -> bool:
    """Whether no line but the last had room for the first word of the next, by a few columns."""
    for (start, end), (after, after_end) in itertools.pairwise(block):
        word = text[after:after_end].split(maxsplit=1)[0]
        if end - start + 1 + len(word) <= width - 6:
            return False
    return True


def _broken(text: str, place: _Place, target: str) -> list[str]:
    if not place.width:
        return [text]
    width = place.width // 2 if is_wide(target) else place.width
    return textwrap.wrap(text, width, break_on_hyphens=False) or [text]
