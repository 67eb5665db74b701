"""Markdown: headings, paragraphs, lists, tables and code, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.documents.formats import plain_text
from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.restructuredtext import rst_sections
from assistant.documents.formats.shared.encoding_detection import decoded_blocks, encoding_of
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import plain
from assistant.documents.records import Section

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from assistant.documents.formats.open_document import Document

MAX_BYTES = 4 << 20
"""A larger file is read as plain text, line by line."""
MAX_INLINE_CHARACTERS = 20_000
"""A longer paragraph keeps its marks."""
MAX_INLINE_BRACKETS = 1_000
"""A paragraph with more keeps its marks too: the parser tries each bracket with all that follow it."""

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n(.*?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_TITLE = re.compile(r"""^title\s*[:=]\s*["']?(.*?)["']?\s*$""", re.IGNORECASE | re.MULTILINE)
_MARK = re.compile(r"[\\`*_~\[<&]")
"""What no line without marks holds."""
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)


def open(path: Path, password: str | None) -> Document:
    """The document at `path`. Raises UnreadableDocument where it is not text."""
    encoding = encoding_of(path)
    kind = "rst" if path.suffix.lower() == ".rst" else "markdown"
    if path.stat().st_size > MAX_BYTES:
        return plain_text.open_plain(path, encoding, kind)
    source = plain("".join(decoded_blocks(path, encoding)))
    front = _FRONT_MATTER.match(source) if kind == "markdown" else None
    named = _FRONT_TITLE.search(front.group(1)) if front else None
    sections = markdown_sections(source) if kind == "markdown" else rst_sections(source)
    return FlowDocument(
        kind,
        title_of(path, named.group(1) if named else ""),
        lambda: iter(sections),
        empty="There is nothing but blank space in this file.",
        count=True,
    )


def markdown_sections(source: str) -> list[Section]:
    """The sections of a Markdown text, with its marks taken away and its lines as places."""
    build = SectionBuilder()
    front = _FRONT_MATTER.match(source)
    skipped = 0
    if front:
        skipped = front.group(0).count("\n")
        build.at(1, skipped)
        build.preformatted(front.group(1))
        source = source[front.end() :]
    references: dict[str, Any] = {}
    tokens = _parser().parse(source, references)
    _Walker(build, tokens, skipped + 1, references).walk()
    return build.finish()


@cache
def _parser() -> MarkdownIt:
    """A parser for blocks; what stands inside one is parsed only where there are marks."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # of any link the words stay
    return parser


class _Walker:
    def __init__(
        self, build: SectionBuilder, tokens: Sequence[Token], first_line: int, references: dict[str, Any]
    ) -> None:
        self._build = build
        self._tokens = tokens
        self._first_line = first_line
        self._references = references
        self._mark = ""
        self._numbers: list[int | None] = []

    def walk(self) -> None:
        level = 0
        rows: list[list[str]] = []
        table: tuple[int, int] = (0, 0)
        in_table = False
        for token in self._tokens:
            span = token.map or [0, 0]
            place = (self._first_line + span[0], self._first_line + max(span[0], span[1] - 1))
            kind = token.type
            if kind == "heading_open":
                level = int(token.tag[1])
            elif kind == "heading_close":
                level = 0
            elif kind == "table_open":
                in_table, rows, table = True, [], place
            elif kind == "tr_open":
                rows.append([])
            elif kind == "table_close":
                in_table = False
                self._build.at(*table)
                self._build.table(rows, headers=1)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                start = token.attrGet("start")
                self._numbers.append(None if kind == "bullet_list_open" else int(start or 1))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._numbers.pop()
            elif kind == "list_item_open":
                number = self._numbers[-1]
                self._mark = "•" if number is None else f"{number}."
                if number is not None:
                    self._numbers[-1] = number + 1
            elif kind == "inline" and in_table:
                rows[-1].append(self._inline(token.content))
            elif kind in ("inline", "fence", "code_block", "html_block"):
                self._build.at(*place)
                self._leaf(kind, token.content, level)

    def _leaf(self, kind: str, content: str, level: int) -> None:
        if kind in ("fence", "code_block"):
            self._build.preformatted(content)
        elif kind == "html_block":
            for section in html_sections(content, titled=False):
                self._build.paragraph(section.text)
        elif level:
            self._build.heading(level, self._inline(content))
        elif self._mark:
            self._build.item(self._inline(content), self._mark)
        else:
            self._build.paragraph(self._inline(content))
        self._mark = ""

    def _inline(self, content: str) -> str:
        return inline_text(content, self._references)


def inline_text(content: str, references: dict[str, Any] | None = None) -> str:
    """A line of Markdown without its marks: of links and pictures their words stay, of tags nothing.

    Args:
        references: the definitions of links that the parser found; a link to any other is plain text.
    """
    if (
        len(content) > MAX_INLINE_CHARACTERS
        or content.count("[") > MAX_INLINE_BRACKETS
        or not _MARK.search(content)
    ):
        return content
    tokens: list[Token] = []
    _parser().inline.parse(content, _parser(), references if references is not None else {}, tokens)
    return "".join(map(_words, tokens))


def _words(token: Token) -> str:
    if token.type == "image":
        return "".join(map(_words, token.children or ()))
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return " " if _LINE_BREAK.match(token.content) else ""
    return token.content
