"""Markdown: headings, paragraphs, lists, tables and code, each with its lines."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from assistant.documents.formats import plain_text
from assistant.documents.formats.html_page import html_sections
from assistant.documents.formats.restructuredtext import rst_sections
from assistant.documents.formats.shared.inline_text import (
    MAX_ADDRESSES,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    with_address,
)
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED
from assistant.documents.formats.shared.text_cleaning import plain
from assistant.documents.records import Section
from assistant.file_reading.encoding_detection import decoded_blocks, encoding_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from assistant.documents.formats.open_document import Document

MAX_BYTES = 4 << 20
"""A larger file is read as plain text, line by line."""

Addresses: TypeAlias = Mapping[str, str]
"""Of links by the name under which a text lists them, in capital letters."""

_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n(.*?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_TITLE = re.compile(r"""^title\s*[:=]\s*["']?(.*?)["']?\s*$""", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)

_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\[\]]*)\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\(\s*<?((?:[^()\s>]|\([^()]*\))*)[^()]*\)|\[([^\[\]]*)\])?"
)
_HTML_LINK = re.compile(r"<a\s[^<>]*?href=[\"']([^\"'<>]*)[\"'][^<>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_NOTE = re.compile(r" ?\[\^([^\[\]\s]{1,40})\]")
_NOTE_TEXT = re.compile(r"^( {0,3})\[\^([^\[\]\s]{1,40})\]:", re.MULTILINE)
_BOX = re.compile(r"<input\b(?=[^<>]*type=[\"']?(?:checkbox|radio)\b)[^<>]*>", re.IGNORECASE)
_READING = re.compile(r"<(rt|rp)\b[^<>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"<((?:https?|ftp|mailto):[^<>\s]+|[^<>\s@]+@[^<>\s]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STARS = re.compile(r"(?<![\\*])(\*{1,3})(?=\S)((?:[^*]|(?<=\s)\*(?=\s))+?)(?<=\S)\1(?!\*)")
_UNDERLINES = re.compile(r"(?<![\w\\])(_{1,3})(?=\S)([^_]+?(?:_[^_\s]+?)*?)(?<=\S)\1(?!\w)")
_LOOK = re.compile(
    r"<(?P<name>sup|sub|s|del|strike)\b[^<>]*>(?P<words>.*?)</(?P=name)>|~~(?=\S)(?P<struck>.+?)~~"
    r"|(?<=\w)\^(?P<raised>[^\s^]{1,20})\^(?!\w)|(?<=\w)~(?P<lowered>\d{1,3})~(?!~)",
    re.IGNORECASE | re.DOTALL,
)
"""Words set in a way that means something, in HTML and in the extensions of Pandoc and GitHub."""
_TASK = re.compile(r"\[([ xX])\] ")
_HARD_BREAK = re.compile(r"(?: {2,}|\\)\n")
_HELD = re.compile("\ue000(\\d+)\ue001")


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
        empty="only-blank-space",
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
    # What explains a note would be taken for the address of a link.
    found: dict[str, Any] = {}
    tokens = _parser().parse(_NOTE_TEXT.sub(r"\1\[note \2]:", source), found)
    addresses = {label: entry["href"] for label, entry in found.get("references", {}).items()}
    _Walker(build, tokens, skipped + 1, addresses).walk()
    return build.finish()


@cache
def _parser() -> MarkdownIt:
    """A parser for blocks only: what stands inside a line costs it ten times as much as the blocks do."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


class _Walker:
    def __init__(
        self, build: SectionBuilder, tokens: Sequence[Token], first_line: int, addresses: Addresses
    ) -> None:
        self._build = build
        self._tokens = tokens
        self._first_line = first_line
        self._addresses = addresses
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
                rows[-1].append(inline_text(token.content, self._addresses))
            elif kind in ("inline", "fence", "code_block", "html_block"):
                self._build.at(*place)
                self._leaf(kind, token.content, level)

    def _leaf(self, kind: str, content: str, level: int) -> None:
        if kind in ("fence", "code_block"):
            self._build.preformatted(content)
        elif kind == "html_block":
            for section in html_sections(_COMMENT.sub("", content), titled=False):
                (self._build.preformatted if section.table else self._build.paragraph)(section.text)
        elif level:
            self._build.heading(level, inline_text(content, self._addresses))
        elif self._mark:
            task = _TASK.match(content)
            box = "" if task is None else f"{EMPTY} " if task.group(1) == " " else f"{TICKED} "
            words = content[task.end() :] if task else content
            self._build.item(box + inline_text(words, self._addresses), self._mark)
        else:
            self._build.paragraph(inline_text(content, self._addresses))
        self._mark = ""


def inline_text(content: str, addresses: Addresses | None = None) -> str:
    """A line of Markdown without its marks: emphasis, links, code, tags, escapes.

    `addresses`: where the text's named links lead.
    """
    held: list[str] = []

    def hold(text: str) -> str:
        held.append(text)
        return f"\ue000{len(held) - 1}\ue001"

    text = _ESCAPE.sub(lambda match: hold(match.group(1)), content) if "\\" in content else content
    if "`" in text:
        text = _CODE_SPAN.sub(lambda match: hold(match.group(2).strip()), text)
    if "[" in text:
        text = _NOTE.sub(lambda match: hold(f" [note {match.group(1)}]"), text)
        text = _IMAGE.sub(r"\1", text)
        text = _with_addresses(text, addresses or {}, hold)
    if "<" in text:
        text = _ADDRESS.sub(lambda match: hold(match.group(1)), text)
        text = _READING.sub("", text)
        text = _BOX.sub(lambda match: TICKED if "checked" in match.group().lower() else EMPTY, text)
        text = _HTML_LINK.sub(lambda match: _linked(match.group(2), match.group(1), hold), text)
    if "<" in text or "~" in text or "^" in text:
        text = _looks(text)
    if "<" in text:
        text = _TAG.sub(" " if "<br" in text.lower() else "", text)
    for _ in range(3):
        if "*" in text:
            text = _STARS.sub(_emphasised, text)
        if "_" in text:
            text = _UNDERLINES.sub(r"\2", text)
    text = html.unescape(text) if "&" in text else text
    for _ in range(3):  # a code span may hold an escape, a link both
        text = _HELD.sub(
            lambda match: held[int(match.group(1))] if int(match.group(1)) < len(held) else "", text
        )
    return _HARD_BREAK.sub("\n", text)


def _emphasised(match: re.Match[str]) -> str:
    """Emphasis without its stars; between digits they are signs of multiplication."""
    before = match.string[match.start() - 1 : match.start()]
    multiplied = before.isdigit() and match.group(2)[:1].isdigit()
    return match.group() if multiplied else match.group(2)


def _with_addresses(text: str, addresses: Addresses, hold: Callable[[str], str]) -> str:
    """Links by their words and the addresses they lead to; brackets that are no links stay."""

    def target(match: re.Match[str]) -> str | None:
        words, address, label = match.groups()
        if address is not None:
            return str(address)
        found = addresses.get(" ".join((label or words).split()).upper())
        return found if found is not None or label is None else ""

    told = sum(bool(target(match)) for match in _LINK.finditer(text)) <= MAX_ADDRESSES

    def shown(match: re.Match[str]) -> str:
        address = target(match)
        if address is None:
            return match.group()
        return _linked(match.group(1), address if told else "", hold)

    return _LINK.sub(shown, text)


def _linked(words: str, address: str, hold: Callable[[str], str]) -> str:
    """The words of a link; the address is held, since its signs are no marks."""
    whole = with_address(words, html.unescape(address))
    return words + hold(whole[len(words) :]) if whole != words and whole.startswith(words) else words


def _looks(text: str) -> str:
    """Raised, lowered and struck-out words written out."""
    found = InlineText()
    at = 0
    for match in _LOOK.finditer(text):
        name = (match["name"] or "").lower()
        struck = match["struck"] is not None or name in ("s", "del", "strike")
        raised = match["raised"] is not None or name == "sup"
        found.add(text[at : match.start()])
        words = next(filter(None, (match["words"], match["struck"], match["raised"], match["lowered"])), "")
        found.add(words, Look(struck=True) if struck else Look(SUPERSCRIPT if raised else SUBSCRIPT))
        at = match.end()
    found.add(text[at:])
    return found.text()
