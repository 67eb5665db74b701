"""Web pages and XML: headings, text, lists and tables; scripts, styles and navigation are left out.

Nothing that a page names is ever fetched.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from assistant.documents.formats.shared.encoding_detection import decoded_blocks, encoding_of
from assistant.documents.formats.shared.equations import mathml
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.safe_xml import (
    Element,
    descendants,
    integer,
    local,
    parse_html,
    text_of,
)
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument

MAX_BYTES = 32 << 20
"""A larger page is refused: as elements it takes many times its size."""
LAYOUT_CELL_CHARACTERS = 800
"""A table with a longer cell is a page layout: its cells are read as running text."""
LAYOUT_CELLS = 500
"""Cells by which it is judged whether a table is a page layout."""
MAX_DEPTH = 400
"""What is nested deeper is taken as bare text."""
MAX_SPAN = 100
"""Rows or columns that one cell takes at most."""
MAX_COLUMNS = 400
"""Columns of a table that are read."""

_SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "title", "svg", "select", "datalist", "iframe",
        "object", "embed", "canvas", "audio", "video", "nav", "button", "option", "noframes", "applet",
        "map", "area", "link", "meta", "base",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "header",
        "hgroup", "html", "legend", "li", "main", "menu", "ol", "optgroup", "p", "search", "section",
        "summary", "ul", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "hr",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def open(path: Path, password: str | None) -> FlowDocument:
    """The page at `path`. Raises UnreadableDocument."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("html-too-large", size=path.stat().st_size)
    text = "".join(decoded_blocks(path, encoding_of(path)))
    sections = html_sections(text)
    return FlowDocument(
        "html",
        title_of(path, html_title(text)),
        lambda: iter(sections),
        empty="web-page-without-text",
        count=True,
    )


def html_title(text: str) -> str:
    """The page's own title, "" without one."""
    match = re.search(r"<title[^>]*>(.{1,1000}?)</title", text[:200_000], re.IGNORECASE | re.DOTALL)
    root = parse_html(f"<p>{match.group(1)}</p>") if match else None
    return one_line(text_of(root))


def html_sections(
    text: str, place: str = "", *, page: int | None = None, above: tuple[str, ...] = (), titled: bool = True
) -> list[Section]:
    """The sections of a page. `place`: the location of all of them; else each has that of its heading.

    `titled`: the page's title stands above all, where the page has no heading of the first level.
    """
    root = parse_html(text)
    if root is None:
        return []
    sections: list[Section] = []
    # A page that is nothing but navigation is read with it.
    for skipped in (_SKIPPED, _SKIPPED - {"nav", "button"}):
        build = SectionBuilder(place, page=page, above=above)
        if titled and not any(one_line(text_of(heading)) for heading in root.iter("h1")):
            build.heading(1, html_title(text))
        titles = len(build.heading_path) - len(above)
        _Walker(build, skipped).walk(root)
        sections = build.finish()
        if len(sections) > 1 or any(len(one.text.splitlines()) > titles for one in sections):
            return sections
    return sections


def walk_html(element: Element, build: SectionBuilder) -> None:
    """Says to `build` what is in an element of HTML."""
    _Walker(build).walk(element)


class _Walker:
    """Goes through a page in reading order and says to the builder what it finds."""

    def __init__(self, build: SectionBuilder, skipped: frozenset[str] = _SKIPPED) -> None:
        self._build = build
        self._skipped = skipped
        self._pieces: list[str] = []
        self._mark = ""
        self._term = ""

    def walk(self, root: Element) -> None:
        self._visit(root, 0)
        self._flush()
        if self._term:
            self._build.paragraph(self._term)

    def _children(self, element: Element, depth: int) -> None:
        if element.text:
            self._pieces.append(_collapsed(element.text))
        for one in element:
            self._visit(one, depth + 1)
            if one.tail:
                self._pieces.append(_collapsed(one.tail))

    def _visit(self, element: Element, depth: int) -> None:
        name = local(element).lower()
        if not name or name in self._skipped or _hidden(element):
            return
        if depth > MAX_DEPTH:
            self._pieces.append(_collapsed(text_of(element)))
        elif name in _HEADINGS:
            self._flush()
            self._build.heading(int(name[1]), inline_text(element, self._skipped))
        elif name == "table":
            self._flush()
            self._table(element, depth)
        elif name in ("ul", "ol", "menu", "dir"):
            self._flush()
            self._list(element, depth)
        elif name in ("pre", "textarea", "listing", "xmp"):
            self._flush()
            self._build.preformatted(text_of(element))
        elif name == "br":
            self._pieces.append("\n")
        elif name == "img":
            description = one_line(element.get("alt") or "")
            if " " in description:
                self._pieces.append(f" [{description}] ")
        elif name == "math":
            self._pieces.append(f" ${mathml(element)}$ ")
        elif name == "dt":
            self._flush()
            if self._term:
                self._build.line(self._term)
            self._term = one_line(inline_text(element, self._skipped))
        elif name == "dl":
            self._flush()
            self._children(element, depth)
            self._flush()
            if self._term:
                self._build.line(self._term)
                self._term = ""
        elif name == "input":
            if (element.get("type") or "text").lower() == "text":
                self._pieces.append(f" {element.get('value') or ''} ")
        elif name in _BLOCKS:
            self._flush()
            self._children(element, depth)
            self._flush()
        elif name == "q":
            self._pieces.append("“")
            self._children(element, depth)
            self._pieces.append("”")
        else:
            self._children(element, depth)

    def _flush(self) -> None:
        text = flowing("".join(self._pieces))
        self._pieces = []
        if not text:
            return
        if self._term:
            self._build.line(f"{self._term.rstrip(':')}: {text}")
            self._term = ""
        elif self._mark:
            self._build.item(text, self._mark)
            self._mark = ""
        else:
            self._build.paragraph(text)

    def _list(self, element: Element, depth: int) -> None:
        if _is_language_menu(element):
            return
        ordered = local(element).lower() == "ol"
        number = integer(element.get("start"), 1)
        for one in element:
            if local(one).lower() != "li":
                self._visit(one, depth + 1)
                continue
            number = integer(one.get("value"), number)
            self._mark = f"{number}." if ordered else "•"
            self._visit(one, depth + 1)
            self._mark = ""
            number += 1
        self._flush()

    def _table(self, table: Element, depth: int) -> None:
        rows = list(_rows(table))
        cells = [[one for one in row if local(one).lower() in ("td", "th")] for row in rows]
        if _is_layout(table, cells):
            self._children(table, depth)
            self._flush()
            return
        for caption in table:
            if local(caption).lower() == "caption":
                self._build.paragraph(inline_text(caption, self._skipped))
        headers = 0
        for row in cells:
            if not row or any(local(cell).lower() != "th" for cell in row):
                break
            headers += 1
        grid = [
            [inline_text(cell, self._skipped) if cell is not None else "" for cell in row]
            for row in _spread(cells)
        ]
        self._build.table(grid, headers=headers if 0 < headers < len(grid) else None)


def _collapsed(text: str) -> str:
    """White space in HTML is one blank, line ends too."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _hidden(element: Element) -> bool:
    style = element.get("style")
    return (
        element.get("hidden") is not None
        or (style is not None and _HIDDEN.search(style) is not None)
        or (element.get("role") or "").lower() == "navigation"
    )


def _is_language_menu(element: Element) -> bool:
    """A long list of the same page in other languages."""
    items = len(element)
    return items >= 8 and sum(one.get("hreflang") is not None for one in element.iter("a")) * 5 > items * 4


def inline_text(element: Element, skipped: frozenset[str]) -> str:
    """The text of a heading or a cell, on one line."""
    pieces: list[str] = []

    def visit(one: Element, depth: int) -> None:
        name = local(one).lower()
        if not name or (name in skipped and name != "button") or _hidden(one):
            return
        if name == "math":
            pieces.append(f" ${mathml(one)}$ ")
            return
        block = name in _BLOCKS or name in ("br", "p", "table") or name in _HEADINGS
        if block:
            pieces.append(" ")
        if name == "img" and " " in (one.get("alt") or ""):
            pieces.append(f" [{one.get('alt')}] ")
        if name == "li":
            pieces.append("• ")
        pieces.append(one.text or "")
        if depth < MAX_DEPTH:
            for other in one:
                visit(other, depth + 1)
                pieces.append(other.tail or "")
        if block:
            pieces.append(" ")

    visit(element, 0)
    return one_line("".join(pieces))


def _rows(table: Element) -> Iterator[Element]:
    for one in table:
        name = local(one).lower()
        if name == "tr":
            yield one
        elif name in ("thead", "tbody", "tfoot"):
            yield from (row for row in one if local(row).lower() == "tr")


def _is_layout(table: Element, cells: list[list[Element]]) -> bool:
    if (table.get("role") or "").lower() in ("presentation", "none") or max(map(len, cells), default=0) <= 1:
        return True
    if next(descendants(table, "table"), None) is not None or next(table.iter(*_HEADINGS), None) is not None:
        return True
    # Pages were never laid out with hundreds of cells.
    first = itertools.islice((cell for row in cells for cell in row), LAYOUT_CELLS)
    return any(
        len(text) > LAYOUT_CELL_CHARACTERS and len(one_line(text)) > LAYOUT_CELL_CHARACTERS
        for text in map(text_of, first)
    )


def _spread(cells: list[list[Element]]) -> Iterator[list[Element | None]]:
    """Cells in their columns; a cell over several rows stands in each of them."""
    below: dict[int, tuple[int, Element]] = {}
    for row in cells:
        spread: list[Element | None] = []
        waiting = iter(row)
        while len(spread) < MAX_COLUMNS:
            column = len(spread)
            if column in below:
                left, cell = below.pop(column)
                spread.append(cell)
                if left > 1:
                    below[column] = (left - 1, cell)
                continue
            cell = next(waiting, None)
            if cell is None:
                if any(later > column for later in below):
                    spread.append(None)
                    continue
                break
            rows, columns = (
                integer(cell.get("rowspan"), 1),
                min(max(1, integer(cell.get("colspan"), 1)), MAX_SPAN),
            )
            if rows > 1 and len(text_of(cell)) <= 200:
                below[column] = (min(rows, MAX_SPAN) - 1, cell)
            spread.append(cell)
            spread.extend([None] * (columns - 1))
        yield spread
