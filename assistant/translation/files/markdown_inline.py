"""The inside of a Markdown paragraph: the tokens of markdown-it with their places in the source.

markdown-it tells lines alone. Its rules are wrapped here, to note where each one begins and ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.translation.files.markup.inline import Kind, Piece
from assistant.translation.files.markup.tokens import TokenKind, tokens

if TYPE_CHECKING:
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_SPAN = "offline-assistant-span"
_NOTE = re.compile(r"\[\^[^\]\s]+\]:?|^\[[ xX]\](?=\s)")
"""Marks of footnotes and tasks, which CommonMark does not know."""
_EMPHASIS = {"em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close"}
_ESCAPED = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|[*`]|~~|(?<!\w)_|_(?!\w)|\[(?=[^\]]*\][\[(:])|\](?=[\[(])|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
)


class Spanned:
    """Parses the inside of paragraphs."""

    def __init__(self, env: dict[str, Any]) -> None:
        """`env`: with the link references that the parser of the blocks found."""
        from markdown_it import MarkdownIt

        self._env = env
        self._parser = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
        ruler = self._parser.inline.ruler
        for rule in list(ruler.__rules__):
            ruler.at(rule.name, _noting(rule.name, rule.fn))

    def parse(self, content: str) -> list[Token]:
        found: list[Token] = []
        self._parser.inline.parse(content, self._parser, self._env, found)
        return found


def _noting(name: str, rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def noted(state: StateInline, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        done = rule(state, silent)
        if not done or silent:
            return done
        new = state.tokens[count:]
        if name in ("emphasis", "strikethrough"):
            at = state.pos
            for token in reversed(new):
                if at <= start:
                    break
                token.meta[_SPAN] = (at - len(token.content), at)
                at -= len(token.content)
        elif name in ("link", "image"):
            offset = start + (name == "image")
            label = state.md.helpers.parseLinkLabel(state, offset, name == "link")
            for token in new:
                if token.type == "link_open" and _SPAN not in token.meta:
                    token.meta[_SPAN] = (start, start + 1)
                elif token.type == "link_close" and _SPAN not in token.meta:
                    token.meta[_SPAN] = (label, state.pos)
                elif token.type == "image":
                    token.meta[_SPAN] = (start, state.pos)
                    token.meta["alt"] = (start + 2, label)
        else:
            for token in new:
                # Text before it may have been waiting; `text` itself needs no place.
                if token.type != "text" or name == "autolink":
                    token.meta.setdefault(_SPAN, (start, state.pos))
        return done

    return noted


def pieces(
    content: str, found: Sequence[Token], place: Callable[[int], int]
) -> tuple[list[Piece], list[str]]:
    """What stands in a paragraph, and the names of the elements that open and close.

    Args:
        place: where an index into `content` is in the source.
    """
    result: list[Piece] = []
    names: list[str] = []

    def add(kind: Kind, start: int, end: int, text: str = "", name: str = "") -> None:
        result.append(Piece(kind, place(start), place(end), text))
        names.append(name)

    def add_text(start: int, end: int) -> None:
        for match in _NOTE.finditer(content, start, end):
            add_bare(start, match.start())
            add(Kind.ATOM, *match.span())
            start = match.end()
        add_bare(start, end)

    def add_bare(start: int, end: int) -> None:
        """Text, and the white space around it apart."""
        bare = content[start:end].strip()
        first = content.find(bare, start) if bare else end
        for begin, stop in ((start, first), (first, first + len(bare)), (first + len(bare), end)):
            if begin < stop:
                add(Kind.TEXT, begin, stop, content[begin:stop])

    at = 0
    for kind, start, end, text, name in _located(content, found):
        if start < at:
            continue
        add_text(at, start)
        add(kind, start, end, text, name)
        at = end
    add_text(at, len(content))
    return result, names


def _located(content: str, found: Sequence[Token]) -> Iterator[tuple[Kind, int, int, str, str]]:
    """What is not plain text, with its place in the content."""
    for token in found:
        span = token.meta.get(_SPAN)
        if span is None:
            continue
        start, end = span
        if token.type in _EMPHASIS:
            double = token.type.startswith("strong")
            start -= double and token.nesting > 0
            end += double and token.nesting < 0
            kind = Kind.OPEN if token.nesting > 0 else Kind.CLOSE
            yield kind, start, end, "", token.tag
        elif token.type in ("link_open", "link_close"):
            if token.markup == "autolink":
                if token.nesting > 0:
                    yield Kind.KEPT, start, end, content[start + 1 : end - 1], ""
            else:
                yield (Kind.OPEN if token.nesting > 0 else Kind.CLOSE), start, end, "", "a"
        elif token.type == "code_inline":
            yield Kind.KEPT, start, end, token.content, ""
        elif token.type == "image":
            yield Kind.ATOM, start, end, "", ""
        elif token.type == "text_special":
            yield Kind.TEXT, start, end, token.content, ""
        elif token.type == "hardbreak":
            before = len(content[:start].rstrip(" ")) if content[start] == "\n" else start
            yield Kind.ATOM, before, end, "\n", ""
        elif token.type == "softbreak":
            yield Kind.TEXT, start, end, " ", ""
        elif token.type == "html_inline":
            tag = tokens(token.content, xml=False)[0]
            kind = {TokenKind.START: Kind.OPEN, TokenKind.END: Kind.CLOSE}.get(tag.kind, Kind.ATOM)
            yield kind, start, end, "\n" if tag.name == "br" else "", tag.name


def alternative_texts(content: str, found: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Where the alternative texts of pictures stand, those alone that hold no markup."""
    for token in found:
        if token.type == "image" and "alt" in token.meta:
            start, end = token.meta["alt"]
            if start < end and not _ESCAPED.search(content, start, end):
                yield start, end


def escaped(text: str) -> str:
    """Text that means itself."""
    return _ESCAPED.sub(lambda match: "".join(f"\\{sign}" for sign in match.group()), text)
