"""Markdown: paragraphs, headings, cells; code, link targets, HTML and every other byte stay."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.translation.files.encoded_text import EncodedText, read_text
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.markdown_inline import Spanned, alternative_texts, escaped, pieces
from assistant.translation.files.markup.inline import inline, partnered
from assistant.translation.files.markup.rewriting import Edit, Slot, rewritten
from assistant.translation.files.readable import has_letters
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, NotKept, Paragraph, TranslatedParagraph

if TYPE_CHECKING:
    from markdown_it.token import Token

_LINE_END = re.compile(r"\r\n?|\n")
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_FRONT_TEXT = re.compile(
    r"^(?:title|subtitle|description|summary|abstract|caption)[ \t]*:[ \t]*"
    r"(?:\"(?P<double>[^\"\\\r\n]+)\"|'(?P<single>[^'\r\n]+)'"
    r"|(?P<bare>[^\s\"'|>\[{&*!#%@`][^\r\n:#]*?))[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_FRONT_LANGUAGE = re.compile(r"^(?:lang|language)[ \t]*:[ \t]*[\"']?([\w-]+)[\"']?[ \t]*$", re.MULTILINE)
_MARKER = re.compile(r"[^\s>]")
_BLOCK_START = re.compile(r"(#{1,6}(?:\s|$)|>|[-+*](?=\s|$)|={2,}\s*$|-{2,}\s*$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


@dataclass(frozen=True, slots=True)
class _Place:
    """What a paragraph stands in."""

    kind: str
    """"paragraph", "item" in a list without blank lines, "heading", "cell", "alt", "front"."""
    block_end: int = 0
    """Where in the source the lines of its block end."""
    prefix: str = ""
    """What a further line of its block begins with."""
    marks: str = ""
    """Of a heading: "##"; of front matter its quotes."""


class MarkdownFile:
    def __init__(self, source: EncodedText) -> None:
        self._source = source
        front = _FRONT.match(source.text)
        named = _FRONT_LANGUAGE.search(source.text, 0, front.end(1)) if front else None
        self._named = named.span(1) if named else None
        self.language = language_of(named.group(1)) if named else ""
        self._slots = list(_Reading(source.text, front).slots())
        self.paragraphs = tuple(slot.paragraph for slot in self._slots)
        self.lost: tuple[Lost, ...] = ()

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        edits = []
        if self._named is not None and layout is Layout.TRANSLATION:
            edits.append(Edit(*self._named, target))
        form = _Form(self._source)
        text, whole = rewritten(self._source.text, self._slots, translated, form, layout, edits)
        save(output, self._source.encode(text)[0])
        return (Lost(NotKept.LOOK, count=whole),) if whole else ()


def open(path: Path) -> MarkdownFile:
    """Raises UnreadableDocument."""
    return MarkdownFile(read_text(path))


class _Reading:
    def __init__(self, source: str, front: re.Match[str] | None) -> None:
        self._source = source
        self._front = front
        begin = front.end() if front else 0
        self._lines = [begin, *(match.end() for match in _LINE_END.finditer(source, begin))]
        """Where each line begins."""
        self._ends = [*(match.start() for match in _LINE_END.finditer(source, begin)), len(source)]

    def slots(self) -> Iterator[Slot[_Place]]:
        if self._front is not None:
            yield from self._of_front_matter(self._front)
        from markdown_it import MarkdownIt

        parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        parser.core.ruler.enableOnly(["normalize", "block"])
        env: dict[str, Any] = {}
        tokens = parser.parse(self._source[self._lines[0] :], env)
        spanned = Spanned(env)
        row = (0, 0)
        cell_at = 0
        opened: list[Token] = []
        for token in tokens:
            if token.type == "tr_open" and token.map:
                row, cell_at = (token.map[0], token.map[1]), 0
            if token.nesting > 0:
                opened.append(token)
            elif token.nesting < 0:
                opened.pop()
            if token.type != "inline" or not opened:
                continue
            parent = opened[-1]
            if parent.type in ("th_open", "td_open"):
                place, starts = _Place("cell"), self._in_row(token.content, row[0], cell_at)
                content = token.content
                if starts is None and "|" in content:
                    content = content.replace("|", r"\|")
                    starts = self._in_row(content, row[0], cell_at)
                if starts is not None:
                    cell_at = starts[0] + len(content)
            elif token.map:
                content = token.content
                starts = self._in_lines(content, token.map[0])
                place = self._place(parent, *(parent.map or token.map))
            else:
                continue
            if starts is not None:
                yield from self._of_inline(content, starts, place, spanned)

    def _of_front_matter(self, front: re.Match[str]) -> Iterator[Slot[_Place]]:
        for match in _FRONT_TEXT.finditer(self._source, *front.span(1)):
            name = match.lastgroup or "bare"
            text = match.group(name)
            if has_letters(text):
                marks = {"double": '"', "single": "'", "bare": ""}[name]
                yield Slot(Paragraph(text), *match.span(name), _Place("front", marks=marks))

    def _in_lines(self, content: str, line: int) -> list[int] | None:
        """Where each line of `content` begins in the source; None where it does not stand there as it is."""
        starts = []
        for number, piece in enumerate(content.split("\n"), line):
            if number >= len(self._lines):
                return None
            found = self._source.rfind(piece.rstrip(), self._lines[number], self._ends[number])
            if found < 0:
                return None
            starts.append(found)
        return starts

    def _in_row(self, content: str, line: int, after: int) -> list[int] | None:
        found = self._source.find(content, max(after, self._lines[line]), self._ends[line])
        return [found] if found >= 0 else None

    def _place(self, parent: Token, first: int, end: int) -> _Place:
        last = self._ends[min(end, len(self._ends)) - 1]
        while last > self._lines[0] and self._source[last - 1 : last] in (" ", "\t"):
            last -= 1
        begin = self._lines[first]
        line = self._source[begin : self._ends[first]]
        lead = line[: len(line) - len(line.lstrip(" \t>"))]
        if parent.type == "heading_open":
            prefix = line[: line.find("#")] if parent.markup[0] == "#" else lead
            return _Place("heading", last, _MARKER.sub(" ", prefix), "#" * int(parent.tag[1]))
        return _Place("item" if parent.hidden else "paragraph", last)

    def _of_inline(
        self, content: str, starts: list[int], place: _Place, spanned: Spanned
    ) -> Iterator[Slot[_Place]]:
        lines = [0]
        for piece in content.split("\n")[:-1]:
            lines.append(lines[-1] + len(piece) + 1)

        def place_of(index: int) -> int:
            number = bisect_right(lines, index) - 1
            end = self._source_end(starts, number)
            return min(starts[number] + index - lines[number], end)

        if place.kind in ("paragraph", "item"):
            place = _Place(place.kind, place.block_end, self._prefix(starts))
        tokens = spanned.parse(content)
        found, names = pieces(content, tokens, place_of)
        for run in partnered(found, names):
            one = inline(run)
            if one is not None:
                yield Slot(one.paragraph(), one.start, one.end, place, one)
        for start, end in alternative_texts(content, tokens):
            text = content[start:end]
            if has_letters(text):
                yield Slot(Paragraph(" ".join(text.split())), place_of(start), place_of(end), _Place("alt"))

    def _source_end(self, starts: list[int], number: int) -> int:
        """How far in the source a line of the content may reach: to the beginning of the next one."""
        return starts[number + 1] if number + 1 < len(starts) else len(self._source)

    def _prefix(self, starts: list[int]) -> str:
        """What a further line of a paragraph begins with."""
        if len(starts) > 1:
            number = bisect_right(self._lines, starts[1]) - 1
            return self._source[self._lines[number] : starts[1]]
        number = bisect_right(self._lines, starts[0]) - 1
        return _MARKER.sub(" ", self._source[self._lines[number] : starts[0]])


class _Form:
    def __init__(self, source: EncodedText) -> None:
        self._source = source.text
        self._ending = source.line_end

    def escape(self, text: str) -> str:
        return escaped(text)

    def copied(self, opening: str) -> str:
        return opening

    def placed(self, slot: Slot[_Place], words: str) -> str:
        match slot.where.kind:
            case "front":
                return _front_value(words, slot.where.marks)
            case "alt":
                return escaped(words).replace("]", r"\]")
            case "cell":
                return words.replace("|", r"\|").replace("\\\\|", r"\|")
            case "heading":
                return words
        return _no_block(words) if self._begins_block(slot) else words

    def below(self, slot: Slot[_Place], words: str) -> Edit:
        where = slot.where
        ending, prefix = self._ending, where.prefix
        match where.kind:
            case "front":
                return Edit(
                    slot.start, slot.end, _front_value(f"{slot.paragraph.text} / {words}", where.marks)
                )
            case "alt":
                return Edit(slot.end, slot.end, f" / {escaped(words)}")
            case "cell":
                return Edit(slot.end, slot.end, f"<br>{self.placed(slot, words)}")
            case "heading":
                text = f"{ending}{prefix.rstrip()}{ending}{prefix}{where.marks} {words}"
            case "item":
                return Edit(slot.end, slot.end, f"\\{ending}{prefix}{words}")
            case _:
                text = f"{ending}{prefix.rstrip()}{ending}{prefix}{_no_block(words)}"
        return Edit(where.block_end, where.block_end, text)

    def _begins_block(self, slot: Slot[_Place]) -> bool:
        """Whether the words come first in their line, list markers and quotes aside."""
        begin = max(self._source.rfind("\n", 0, slot.start), self._source.rfind("\r", 0, slot.start)) + 1
        return not re.search(r"[^\W\d_]", self._source[begin : slot.start])


def _no_block(words: str) -> str:
    """Words that begin no heading, list or quote."""
    words = _NUMBERED.sub(r"\1\\\2", words, count=1) if _NUMBERED.match(words) else words
    return f"\\{words}" if _BLOCK_START.match(words) else words


def _front_value(words: str, marks: str) -> str:
    if not marks and not re.search(r":\s|\s#|^[\W_]", words):
        return words
    if marks == "'":
        return words.replace("'", "''")
    value = words.replace("\\", "\\\\").replace('"', '\\"')
    return value if marks else f'"{value}"'
