"""PURE: HTML and XML as tokens with their places in the source; nothing in it is mended or expanded."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from html.entities import html5

from assistant.text_folding import writable


class TokenKind(Enum):
    TEXT = auto()
    START = auto()
    END = auto()
    EMPTY = auto()
    """A start tag without an end: `<br>`, `<x/>`."""
    OTHER = auto()
    """Comments, declarations, raw text of scripts, entities that nobody knows."""


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    start: int
    """Of the value without its quotes, as `end`."""
    end: int
    quote: str
    """"" where it has none."""


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    start: int
    end: int
    name: str = ""
    """Of a tag; lower case in HTML."""

    @property
    def name_end(self) -> int:
        """Where the name of a start tag ends, and an attribute may be put."""
        return self.start + 1 + len(self.name)


VOID = {
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
}  # fmt: skip
_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
"""HTML elements whose text is no markup."""
_TEXT_ONLY = frozenset({"title", "textarea"})
"""HTML elements that hold text and entities alone."""
_NAME = re.compile(r"[a-zA-Z_][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>=][^\s/>=]*+)(?:\s*+=\s*+(\"[^\"]*\"|'[^']*'|[^\s>]*+))?")
_TAG_END = re.compile(r"[\s/]*>")
_ENTITY = re.compile(r"&([A-Za-z_][\w.-]*);")


def tokens(source: str, *, xml: bool) -> list[Token]:
    """All of `source`, without a gap."""
    return list(_tokens(source, xml))


def _tokens(source: str, xml: bool) -> Iterator[Token]:
    at, length = 0, len(source)
    while at < length:
        opened = source.find("<", at)
        if opened < 0:
            opened = length
        if opened > at:
            yield from _text(source, at, opened, xml)
            at = opened
        if at >= length:
            return
        token = _special(source, at, xml) or _tag(source, at, xml)
        if token is None:
            yield Token(TokenKind.TEXT, at, at + 1)
            at += 1
            continue
        yield token
        at = token.end
        if not xml and token.kind is TokenKind.START and token.name in _RAW | _TEXT_ONLY:
            end = _raw_end(source, at, token.name)
            if end > at:
                kind = TokenKind.OTHER if token.name in _RAW else TokenKind.TEXT
                yield Token(kind, at, end)
                at = end


def _text(source: str, start: int, end: int, xml: bool) -> Iterator[Token]:
    """Text, cut at entities that a file declares for itself."""
    if xml:
        for match in _ENTITY.finditer(source, start, end):
            if f"{match.group(1)};" not in html5 and match.group(1) != "apos":
                if match.start() > start:
                    yield Token(TokenKind.TEXT, start, match.start())
                yield Token(TokenKind.OTHER, *match.span())
                start = match.end()
    if start < end:
        yield Token(TokenKind.TEXT, start, end)


def _special(source: str, at: int, xml: bool) -> Token | None:
    if source.startswith("<!--", at):
        return Token(TokenKind.OTHER, at, _after(source, "-->", at + 4))
    if xml and source.startswith("<![CDATA[", at):
        return Token(TokenKind.TEXT, at, _after(source, "]]>", at))
    if source.startswith("<?", at):
        return Token(TokenKind.OTHER, at, _after(source, "?>" if xml else ">", at))
    if source.startswith("<!", at):
        end = _after(source, ">", at)
        subset = source.find("[", at, end)
        return Token(TokenKind.OTHER, at, _after(source, "]>", subset) if xml and subset >= 0 else end)
    return None


def _after(source: str, mark: str, at: int) -> int:
    found = source.find(mark, at)
    return found + len(mark) if found >= 0 else len(source)


def _tag(source: str, at: int, xml: bool) -> Token | None:
    closing = source.startswith("</", at)
    match = _NAME.match(source, at + 2 if closing else at + 1)
    if match is None:
        return None
    name = match.group() if xml else match.group().lower()
    end = match.end()
    while attribute := _ATTRIBUTE.match(source, end):
        end = attribute.end()
    ended = _TAG_END.match(source, end)
    if ended is None:  # the file breaks off in a tag
        return Token(TokenKind.OTHER, at, len(source))
    if closing:
        return Token(TokenKind.END, at, ended.end(), name)
    # A slash counts in HTML as well: browsers heed it in pictures, and people mean it everywhere.
    empty = source[ended.end() - 2] == "/" or (not xml and name in VOID)
    return Token(TokenKind.EMPTY if empty else TokenKind.START, at, ended.end(), name)


def _raw_end(source: str, at: int, name: str) -> int:
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return match.start() if match else len(source)


def attributes(source: str, token: Token, *, xml: bool) -> list[Attribute]:
    """Those of a tag, in order."""
    found = []
    at = token.name_end
    while match := _ATTRIBUTE.match(source, at, token.end):
        at = match.end()
        name = match.group(1) if xml else match.group(1).lower()
        value = match.group(2)
        if value is None:
            continue
        start, end = match.span(2)
        quote = value[0] if value[:1] in ("'", '"') and len(value) > 1 else ""
        if not quote and not xml and value.endswith("/") and end == token.end - 1:
            end -= 1
        found.append(Attribute(name, start + len(quote), end - len(quote), quote))
    return found


def ends(found: list[Token]) -> dict[int, int]:
    """The end tag of each start tag that has one, by their numbers."""
    opened: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    for at, token in enumerate(found):
        if token.kind is TokenKind.START:
            opened.setdefault(token.name, []).append(at)
        elif token.kind is TokenKind.END and opened.get(token.name):
            pairs[opened[token.name].pop()] = at
    return pairs


def text_of(source: str, token: Token) -> str:
    """A token of text as it is read."""
    text = source[token.start : token.end]
    if text.startswith("<![CDATA["):
        return text[9:].removesuffix("]]>")
    return html.unescape(text) if "&" in text else text


def escaped(text: str) -> str:
    return html.escape(writable(text), quote=False)


def escaped_value(text: str, quote: str) -> str:
    """The inside of an attribute's quotes; with quotes where it had none."""
    text = escaped(" ".join(text.split()))
    if quote == "'":
        return text.replace("'", "&#39;")
    text = text.replace('"', "&quot;")
    return text if quote else f'"{text}"'


def number_at(found: list[Token], start: int) -> int:
    """The number of the token that begins at a place of the source."""
    return bisect_left(found, start, key=lambda token: token.start)
