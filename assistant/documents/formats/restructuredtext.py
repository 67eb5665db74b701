"""reStructuredText: headings by their underlines, directives by their content, roles by their words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assistant.documents.formats.shared.inline_text import (
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    with_address,
)
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.records import Section

_UNDERLINE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}\s*$")
_TABLE_RULE = re.compile(r"=+(?:[ \t]+=+)+\s*$")
_GRID_RULE = re.compile(r"\+(?:[-=]+\+)+\s*$")
_DIRECTIVE = re.compile(r"(\s*)\.\.[ \t]+(?:\|[^|]+\|[ \t]+)?([\w:+-]+)::[ \t]*(.*)$")
_COMMENT = re.compile(r"(\s*)\.\.(?:[ \t]+(?!\[|_)|$)")
_TARGET = re.compile(r"\s*\.\.[ \t]+_[^:]*:.*$|\s*__[ \t].*$")
_NAMED_TARGET = re.compile(r"^\s*\.\.[ \t]+_([^:\n]+):[ \t]+(\S+)[ \t]*$", re.MULTILINE)
_OPTION = re.compile(r"\s+:[\w-]+:(?:[ \t].*)?$")
_ITEM = re.compile(r"(\s*)([-*+•]|\(?(?:\d+|[a-zA-Z]|#)[.)])[ \t]+(.*)$")
_ROLE = re.compile(r"(?::[\w:+-]+:)?`([^`<]*?)(?:\s*<[^`>]*>)?`(?::[\w:+-]+:)?_{0,2}")
_SHIFTED = re.compile(r":(sup|sub):`([^`]*)`")
_NOTE = re.compile(r" ?\[([#*]?[\w-]*)\]_(?!\w)")
_LINK = re.compile(r"`([^`<]+?)\s*<([^`>]+)>`_{1,2}")
_NAMED_LINK = re.compile(r"`([^`<>]+)`_(?!_)|(?<![\w`])(\w[\w.-]*)_(?![\w`])")
_LITERAL = re.compile(r"``(.+?)``")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*{1,2})(?=\S)([^*]+?)(?<=\S)\1(?![\w*])")
_SUBSTITUTION = re.compile(r"\|([^|\s][^|]*)\|_{0,2}")
_CODE = frozenset(
    {"code", "code-block", "sourcecode", "highlight", "literalinclude", "math", "parsed-literal"}
)
_DROPPED = frozenset(
    {"image", "figure", "toctree", "include", "contents", "index", "raw", "highlight", "meta"}
)


def rst_sections(source: str) -> list[Section]:
    """The sections of a reStructuredText, with their lines as places."""
    return _Reader(source).read()


def inline_text(text: str, addresses: Mapping[str, str] | None = None) -> str:
    """A line without its marks: literals, roles, links, emphasis, substitutions.

    `addresses`: where the text's named links lead, by their names in small letters.
    """
    held: list[str] = []

    def hold(words: str) -> str:
        held.append(words)
        return f"\ue000{len(held) - 1}\ue001"

    def named(match: re.Match[str]) -> str:
        words = match.group(1) or match.group(2)
        address = (addresses or {}).get(words.lower())
        return hold(with_address(words, address)) if address else match.group()

    text = _LITERAL.sub(lambda match: hold(match.group(1)), text)
    text = re.sub(r"\\\s", "", text)
    text = _shifted(text)
    text = _NOTE.sub(lambda match: hold(f" [note {match.group(1).lstrip('#')}]".replace(" ]", "]")), text)
    text = _LINK.sub(lambda match: hold(with_address(match.group(1), match.group(2))), text)
    if addresses:
        text = _NAMED_LINK.sub(named, text)
    text = _ROLE.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\2", text)
    text = _SUBSTITUTION.sub(r"\1", text)
    text = re.sub(r"(?<=\w)_{1,2}(?=[\s.,;:!?)]|$)", "", text)
    text = re.sub(r"\\(.)", r"\1", text)
    return re.sub("\ue000(\\d+)\ue001", lambda match: held[int(match.group(1))], text)


def _shifted(text: str) -> str:
    """Raised and lowered words written out."""
    found = InlineText()
    at = 0
    for match in _SHIFTED.finditer(text):
        found.add(text[at : match.start()])
        found.add(match.group(2), Look(SUPERSCRIPT if match.group(1) == "sup" else SUBSCRIPT))
        at = match.end()
    found.add(text[at:])
    return found.text()


class _Reader:
    def __init__(self, source: str) -> None:
        self._lines = source.expandtabs(8).split("\n")
        self._build = SectionBuilder()
        self._levels: list[str] = []
        self._addresses = {
            match.group(1).strip("`").lower(): match.group(2) for match in _NAMED_TARGET.finditer(source)
        }

    def read(self) -> list[Section]:
        at = 0
        while at < len(self._lines):
            at = self._block(at)
        return self._build.finish()

    def _inline(self, text: str) -> str:
        return inline_text(text, self._addresses)

    def _line(self, index: int) -> str:
        return self._lines[index] if index < len(self._lines) else ""

    def _block(self, at: int) -> int:
        """Reads the block that begins at line index `at`; returns where the next may begin."""
        line = self._line(at)
        if not line.strip():
            return at + 1
        heading = self._heading(at)
        if heading:
            return heading
        if _TARGET.match(line):
            return at + 1
        directive = _DIRECTIVE.match(line)
        if directive:
            return self._directive(at, directive)
        if _COMMENT.match(line):
            return self._indented_end(at + 1, len(line) - len(line.lstrip()))
        if _TABLE_RULE.match(line):
            return self._simple_table(at)
        if _GRID_RULE.match(line.strip()):
            return self._grid_table(at)
        if _UNDERLINE.match(line):
            return at + 1
        item = _ITEM.match(line)
        if item:
            return self._item(at, item)
        return self._paragraph(at)

    def _heading(self, at: int) -> int:
        over = _UNDERLINE.match(self._line(at))
        title_at = at + 1 if over else at
        title, under = self._line(title_at), _UNDERLINE.match(self._line(title_at + 1))
        if not title.strip() or under is None or _UNDERLINE.match(title):
            return 0
        if over and over.group(1) != under.group(1):
            return 0
        if not over and (title[:1] == " " or len(under.group(0).rstrip()) < min(4, len(title.rstrip()))):
            return 0
        style = under.group(1) * (2 if over else 1)
        if style not in self._levels:
            self._levels.append(style)
        self._build.at(at + 1, title_at + 2)
        self._build.heading(self._levels.index(style) + 1, self._inline(title))
        return title_at + 2

    def _indented_end(self, at: int, indent: int) -> int:
        """The index after the lines that stand deeper than `indent`, blank ones between them included."""
        end = at
        for index in range(at, len(self._lines)):
            line = self._lines[index]
            if not line.strip():
                continue
            if len(line) - len(line.lstrip()) <= indent:
                break
            end = index + 1
        return end

    def _directive(self, at: int, match: re.Match[str]) -> int:
        indent, name, argument = len(match.group(1)), match.group(2).lower(), match.group(3)
        end = self._indented_end(at + 1, indent)
        body = at + 1
        while body < end and _OPTION.match(self._line(body)):
            body += 1
        self._build.at(at + 1, max(at + 1, end))
        if name in _DROPPED:
            return end if name != "figure" else body
        if name in _CODE:
            self._build.preformatted("\n".join(self._lines[body:end]))
            return end
        if argument:
            self._build.paragraph(self._inline(argument))
        return body

    def _item(self, at: int, match: re.Match[str]) -> int:
        indent = len(match.group(1))
        end = at + 1
        words = [match.group(3)]
        while end < len(self._lines):
            line = self._line(end)
            if not line.strip() or len(line) - len(line.lstrip()) <= indent or _ITEM.match(line):
                break
            words.append(line.strip())
            end += 1
        mark = match.group(2)
        self._build.at(at + 1, end)
        self._build.item(self._inline(" ".join(words)), "•" if mark in "-*+•" else mark)
        return end

    def _paragraph(self, at: int) -> int:
        end = at
        words: list[str] = []
        while end < len(self._lines) and self._line(end).strip():
            if end > at and (self._heading(end) or _DIRECTIVE.match(self._line(end))):
                break
            words.append(self._line(end).strip())
            end += 1
        text = " ".join(words)
        literal = text.endswith("::")
        if literal:
            text = text[:-2].rstrip() if text.endswith(" ::") or text == "::" else text[:-1]
        self._build.at(at + 1, end)
        self._build.paragraph(self._inline(text))
        if literal:
            first = self._line(at)
            stop = self._indented_end(end, len(first) - len(first.lstrip()))
            self._build.at(end + 1, stop)
            self._build.preformatted("\n".join(self._lines[end:stop]))
            return max(stop, end)
        return end

    def _simple_table(self, at: int) -> int:
        edges = [match.start() for match in re.finditer(r"=+", self._line(at))]
        rules = [at]
        end = at + 1
        while end < len(self._lines) and len(rules) < 3 and (self._line(end).strip() or len(rules) < 2):
            if _TABLE_RULE.match(self._line(end)):
                rules.append(end)
                if not self._line(end + 1).strip():
                    end += 1
                    break
            end += 1
        rows: list[list[str]] = []
        header = 0
        for index in range(at + 1, end):
            line = self._line(index)
            if _TABLE_RULE.match(line):
                header = header or len(rows)
                continue
            if not line.strip() or set(line.strip()) <= {"-", " "}:
                continue
            cells = [self._inline(line[a:b].strip()) for a, b in zip(edges, [*edges[1:], None], strict=True)]
            if cells[0] or not rows:
                rows.append(cells)
            else:
                rows[-1] = [f"{above} {cell}".strip() for above, cell in zip(rows[-1], cells, strict=True)]
        self._build.at(at + 1, end)
        self._build.table(rows, headers=header if len(rules) > 2 else None)
        return max(end, at + 1)

    def _grid_table(self, at: int) -> int:
        rows: list[list[str]] = []
        current: list[str] = []
        header = 0
        end = at
        while end < len(self._lines) and self._line(end).strip()[:1] in ("+", "|"):
            line = self._line(end).strip()
            if _GRID_RULE.match(line):
                if current:
                    rows.append([self._inline(cell) for cell in current])
                current = []
                if "=" in line:
                    header = len(rows)
            else:
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if len(current) != len(cells):
                    current = [f"{cell}" for cell in cells] if not current else [*current, *cells]
                else:
                    current = [f"{above} {cell}".strip() for above, cell in zip(current, cells, strict=True)]
            end += 1
        if current:
            rows.append([self._inline(cell) for cell in current])
        self._build.at(at + 1, end)
        self._build.table(rows, headers=header or None)
        return max(end, at + 1)
