"""Markdown to blocks, again and again while it is being written: what is settled is not read a second time.

The text comes from a model or a stranger: HTML is shown as it is written, and a picture becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from assistant.rich_text.blocks import (
    Block,
    Code,
    Paragraph,
    Rule,
    Span,
    Spans,
    SpanStyle,
    Table,
    plain_block,
)
from ui.text import formulas

CITATION = re.compile(r"[\[【]\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*[\]】](?![(:]\S|\[(?!\d{1,3}\s*[\],;]))")
"""[1], [2, 3] or 【4】, also one behind the other, not the text of a link."""
ADDRESS = re.compile(r"https?://[^\s<>\"'`\\]+[^\s<>\"'`\\.,;:!?)\]}]")
"""An address that stands in the text by itself."""
SIGNS = frozenset("\n!#&*+-:<=>@[\\]^_`{}~$【")
"""What may begin something other than words."""
FORMULAS = {"$$": "$$", "\\(": "\\)", "\\[": "\\]", "$": "$"}
"""The mark that closes for each that opens, the longer ones first."""
MARKERS = ("•", "◦", "▪")
"""Of the items of lists, by depth."""
TASK = re.compile(r"\[([ xX])\]\s")
"""At the beginning of an item."""

LONGEST_PARAGRAPH = 10_000
"""Characters; a longer one is shown as it is written."""
MOST_BRACKET_WORK = 2_000_000
"""Opening brackets times characters: from each bracket the parser looks through the whole paragraph."""


class StreamingMarkdown:
    """A text that grows at its end, and its blocks."""

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] = ()
        self._text = ""
        self._settled: list[Block] = []
        self._settled_to = 0
        """The characters of the text that the settled blocks are made of."""

    def set_text(self, text: str) -> int:
        """Read it; returns how many of the blocks there were are still the same."""
        if not text.startswith(self._text[: self._settled_to]):
            self._settled, self._settled_to = [], 0
        self._text = text
        before = self.blocks
        rest = text[self._settled_to :]
        groups = _groups(rest)
        lines = _Lines(rest)
        # A block is settled once another one has begun in a line that is itself complete.
        settled = sum(1 for line, _ in groups[1:] if line < lines.complete)
        if settled:
            self._settled += [block for _, blocks in groups[:settled] for block in blocks]
            self._settled_to += lines.start_of(groups[settled][0])
        tail = [block for _, blocks in groups[settled:] for block in blocks]
        self.blocks = (*self._settled, *tail)
        same = 0
        for old, new in zip(before, self.blocks, strict=False):
            if old is not new and old != new:
                break
            same += 1
        return same


def parse(text: str) -> tuple[Block, ...]:
    growing = StreamingMarkdown()
    growing.set_text(text)
    return growing.blocks


class _Lines:
    """Where lines begin, as the parser counts them."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
        self.complete = len(self._starts) - 1
        """Lines that have an end."""

    def start_of(self, line: int) -> int:
        return self._starts[line]


# --- blocks ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where in lists and quotations the parser is."""

    quoted: int = 0
    lists: list[int | None] = field(default_factory=list)
    """The next number of each ordered list, None of the others."""
    marker: str = ""
    """To be put before the next paragraph."""


def _groups(text: str) -> list[tuple[int, list[Block]]]:
    """The outermost blocks, each with its first line and what it is made of."""
    tokens = _markdown().parse(text)
    groups: list[tuple[int, list[Block]]] = []
    start, depth = 0, 0
    for at, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            lines = tokens[start].map
            groups.append((lines[0] if lines else 0, list(_blocks(tokens[start : at + 1]))))
            start = at + 1
    return groups


def _blocks(tokens: list[Token]) -> Iterator[Block]:
    place = _Place()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        match token.type:
            case "table_open":
                end = next(n for n in range(at, len(tokens)) if tokens[n].type == "table_close")
                yield _table(tokens[at:end])
                at = end
            case "inline":
                yield _paragraph(token, tokens[at - 1], place)
            case "fence" | "code_block":
                language = token.info.split()[0] if token.info.split() else ""
                yield Code(token.content.removesuffix("\n"), language, len(place.lists), place.quoted)
                place.marker = ""
            case "math_block":
                yield Paragraph(formulas.spans(token.content), formula=True, quoted=place.quoted)
            case "hr":
                yield Rule()
            case _:
                _move(place, token)
        at += 1


def _move(place: _Place, token: Token) -> None:
    match token.type:
        case "blockquote_open":
            place.quoted += 1
        case "blockquote_close":
            place.quoted -= 1
        case "bullet_list_open":
            place.lists.append(None)
        case "ordered_list_open":
            place.lists.append(int(token.attrs.get("start", 1)))
        case "bullet_list_close" | "ordered_list_close":
            place.lists.pop()
        case "list_item_open":
            number = place.lists[-1]
            if number is None:
                place.marker = MARKERS[min(len(place.lists) - 1, len(MARKERS) - 1)]
            else:
                place.marker = f"{number}."
                place.lists[-1] = number + 1
        case "list_item_close":
            place.marker = ""


def _paragraph(token: Token, opening: Token, place: _Place) -> Paragraph:
    content = token.content
    marker, place.marker = place.marker, ""
    if marker and (task := TASK.match(content)):
        marker = "☐" if task[1] == " " else "☑"
        content = content[task.end() :]
    return Paragraph(
        inline(content),
        heading=int(opening.tag[1]) if opening.type == "heading_open" else 0,
        indent=len(place.lists),
        marker=marker,
        quoted=place.quoted,
        close=opening.hidden,
    )


def _table(tokens: list[Token]) -> Table:
    rows: list[tuple[Spans, ...]] = []
    row: list[Spans] = []
    alignment: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            rows.append(tuple(row))
        elif token.type == "th_open":
            alignment.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
        elif token.type == "inline":
            row.append(inline(token.content))
    return Table(tuple(rows), tuple(alignment))


# --- what stands in a line --------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def inline(content: str) -> Spans:
    """The runs of a paragraph. A growing text asks for the same ones many times."""
    length = len(content)
    if length > LONGEST_PARAGRAPH or content.count("[") * length > MOST_BRACKET_WORK:
        return tuple(_with_addresses(content, SpanStyle.PLAIN, ""))
    parser = _markdown()
    tokens: list[Token] = []
    parser.inline.parse(content, parser, {}, tokens)
    return tuple(_merged(_spans(tokens)))


_STYLES = {"strong": SpanStyle.BOLD, "em": SpanStyle.ITALIC, "s": SpanStyle.STRIKE}


def _spans(tokens: list[Token]) -> Iterator[Span]:
    style, link = SpanStyle.PLAIN, ""
    for token in tokens:
        name, _, way = token.type.rpartition("_")
        if name in _STYLES:
            style = style | _STYLES[name] if way == "open" else style & ~_STYLES[name]
        elif token.type == "link_open":
            link = str(token.attrs.get("href", ""))
        elif token.type == "link_close":
            link = ""
        elif token.type == "code_inline":
            yield Span(token.content, style | SpanStyle.CODE, link)
        elif token.type == "softbreak":
            yield Span(" ", style, link)
        elif token.type == "hardbreak":
            yield Span("\n", style, link)
        elif token.type == "image":
            address = str(token.attrs.get("src", ""))
            yield Span(token.content or address, style, link or address)
        elif token.type == "citation":
            yield Span(token.content, cites=tuple(token.meta["numbers"]))
        elif token.type == "formula":
            yield from formulas.spans(token.content)
        elif token.content:
            yield from _with_addresses(token.content, style, link)


def _with_addresses(text: str, style: SpanStyle, link: str) -> Iterator[Span]:
    at = 0
    if not link and "://" in text:
        for match in ADDRESS.finditer(text):
            if match.start() > at:
                yield Span(text[at : match.start()], style)
            yield Span(match[0], style, match[0])
            at = match.end()
    if at < len(text):
        yield Span(text[at:], style, link)


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    last: Span | None = None
    for span in spans:
        if last is not None and not span.cites and not last.cites and _look(span) == _look(last):
            last = Span(last.text + span.text, last.style, last.link, last.level)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _look(span: Span) -> tuple[object, ...]:
    return (span.style, span.link, span.level)


# --- our own rules ------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.core.ruler.enableOnly(["normalize", "block"])  # what stands in a line is read by `inline`
    parser.block.ruler.before("fence", "math_block", _math_block, {"alt": ["paragraph"]})
    for name, rule in (("formula", _formula), ("citation", _citation), ("words", _words)):
        parser.inline.ruler.before("text", name, rule)
    return parser


def _words(state: StateInline, silent: bool) -> bool:
    """The parser's own rule for text does not stop at a dollar or at 【."""
    end = state.pos
    while end < state.posMax and state.src[end] not in SIGNS:
        end += 1
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _formula(state: StateInline, silent: bool) -> bool:
    r"""$…$, $$…$$, \(…\) and \[…\] within a paragraph. A dollar before a number's end is money."""
    source, start = state.src, state.pos
    opening = next((mark for mark in FORMULAS if source.startswith(mark, start)), "")
    if not opening:
        return False
    closing = FORMULAS[opening]
    inside = start + len(opening)
    if inside >= state.env.get(closing, len(source)):
        return False  # was looked for before, and does not come again
    end = source.find(closing, inside)
    if end < 0:
        state.env[closing] = inside
    if end <= inside or end + len(closing) > state.posMax:
        return False
    content = source[inside:end]
    after = source[end + 1 : end + 2]
    if opening == "$" and (content[0].isspace() or content[-1].isspace() or after.isdigit()):
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content = content.strip()
    state.pos = end + len(closing)
    return True


def _citation(state: StateInline, silent: bool) -> bool:
    match = CITATION.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        token.meta = {"numbers": [int(number) for number in re.split(r"[,;]", match[1])]}
    state.pos = match.end()
    return True


def _math_block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """$$ or \\[ at the beginning of a line, up to the line that ends with its counterpart."""
    opening = _line(state, first)[:2]
    if opening not in ("$$", "\\["):
        return False
    closing = FORMULAS[opening]
    search = f"{closing} {last} {state.level}"
    searched_to = state.env.get(search, first)
    lines = [_line(state, first)[2:]]
    at = first
    while not lines[-1].endswith(closing):
        at += 1
        lines.append("" if at >= last else _line(state, at))
        if not lines[-1] or at <= searched_to:
            state.env[search] = max(at, searched_to)
            return False  # not closed, or not yet
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = "\n".join(lines)[: -len(closing)].strip()
        token.map = [first, at + 1]
        state.line = at + 1
    return True


def _line(state: StateBlock, at: int) -> str:
    return state.src[state.bMarks[at] + state.tShift[at] : state.eMarks[at]].rstrip()


def plain_text(text: str) -> str:
    """The words alone, as they are read aloud."""
    return "\n".join(plain_block(block) for block in parse(text))
