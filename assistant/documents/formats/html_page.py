"""Web pages and XML: headings, text, lists and tables; scripts, styles and navigation are left out.

Nothing that a page names is ever fetched.
"""

from __future__ import annotations

import base64
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from assistant.documents.formats.html_inline import (
    BLOCKS,
    HEADINGS,
    MAX_DEPTH,
    SKIPPED,
    add_inline,
    apply_styles,
    hidden,
    inline_text,
    look_inside,
    preformatted_text,
    symbol_font,
)
from assistant.documents.formats.shared.embedded_pictures import EmbeddedPicture
from assistant.documents.formats.shared.inline_text import PLAIN, InlineText, Look
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.symbol_fonts import symbols
from assistant.documents.formats.shared.table_sections import MAX_SPANNED_CHARACTERS, with_named_columns
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument
from assistant.file_reading.encoding_detection import decoded_blocks, encoding_of
from assistant.file_reading.safe_xml import (
    Element,
    descendants,
    integer,
    local,
    parse_html,
    text_of,
)

MAX_BYTES = 32 << 20
"""A larger page is refused: as elements it takes many times its size."""
LAYOUT_CELL_CHARACTERS = 800
"""A table with a longer cell is a page layout: its cells are read as running text."""
LAYOUT_CELLS = 500
"""Cells by which it is judged whether a table is a page layout."""
MAX_SPAN = 100
"""Rows or columns that one cell takes at most."""
NET_OF_LINKS = 20
"""A page with fewer links out of it has no net of its own."""
OWN_LINKS = 0.4
"""The share of them that lead to one site, which is then taken for the page's own."""
_HOST = re.compile(r"https?://(?:www\.)?([^/?#]+)", re.IGNORECASE)
MAX_PICTURES = 500
"""Of a page."""
_PICTURE = re.compile(r"<img\b[^<>]*?\bsrc\s*=\s*[\"']?data:image/[\w.+-]+;base64,([^\"'<>]+)", re.IGNORECASE)
MAX_COLUMNS = 400
"""Columns of a table that are read."""


def open(path: Path, password: str | None) -> FlowDocument:
    """The page at `path`. Raises UnreadableDocument."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableDocument("html-too-large", size=path.stat().st_size)
    text = "".join(decoded_blocks(path, encoding_of(path)))
    sections = html_sections(text)
    pictures = list(_pictures(text))
    return FlowDocument(
        "html",
        title_of(path, html_title(text)),
        lambda: itertools.chain(sections, pictures),
        empty="web-page-without-text",
        count=True,
    )


def _pictures(text: str) -> Iterator[EmbeddedPicture]:
    """Those that a page carries along; others are never fetched."""
    for match in itertools.islice(_PICTURE.finditer(text), MAX_PICTURES):
        packed = match.group(1)
        yield EmbeddedPicture.of_file(partial(_decoded, packed), packed)


def _decoded(packed: str) -> bytes:
    try:
        return base64.b64decode(unquote(packed))
    except ValueError as error:
        raise UnreadableDocument("picture-damaged") from error


def html_title(text: str) -> str:
    """The page's own title, "" without one."""
    match = re.search(r"<title[^>]*>(.{1,1000}?)</title", text[:200_000], re.IGNORECASE | re.DOTALL)
    root = parse_html(f"<p>{match.group(1)}</p>") if match else None
    return one_line(text_of(root))


Anchors: TypeAlias = Mapping[str, tuple[str, tuple[str, ...]]]
"""Where chapters begin in a page, by the ids of elements: their location, and the headings above them."""


def html_sections(
    text: str,
    place: str = "",
    *,
    page: int | None = None,
    above: tuple[str, ...] = (),
    titled: bool = True,
    anchors: Anchors | None = None,
    styles: str = "",
) -> list[Section]:
    """The sections of a page.

    Args:
        place: the location of all of them; else each has that of its heading.
        titled: the page's title stands above all, where the page has no heading of the first level.
        styles: style sheets that the page names, beside its own.
    """
    root = parse_html(text)
    if root is None:
        return []
    _forget_own_links(root)
    apply_styles(root, styles + "".join(text_of(sheet) for sheet in root.iter("style")))
    sections: list[Section] = []
    # A page that is nothing but navigation is read with it.
    for skipped in (SKIPPED, SKIPPED - {"nav", "button"}):
        build = SectionBuilder(place, page=page, above=above)
        if titled and not any(one_line(text_of(heading)) for heading in root.iter("h1")):
            build.heading(1, html_title(text))
        titles = len(build.heading_path) - len(above)
        _Walker(build, skipped, anchors).walk(root)
        sections = build.finish()
        if len(sections) > 1 or any(len(one.text.splitlines()) > titles for one in sections):
            return sections
    return sections


def _forget_own_links(root: Element) -> None:
    """Takes the addresses off the links with which a page of many links leads to other pages of its site."""
    links = [link for link in root.iter("a") if _HOST.match(link.get("href") or "")]
    if len(links) < NET_OF_LINKS:
        return
    hosts = [match.group(1).lower() for link in links if (match := _HOST.match(link.get("href") or ""))]
    host, count = Counter(hosts).most_common(1)[0]
    if count >= OWN_LINKS * len(links):
        for link, named in zip(links, hosts, strict=True):
            if named == host:
                del link.attrib["href"]


def walk_html(element: Element, build: SectionBuilder) -> None:
    """Says to `build` what is in an element of HTML."""
    _Walker(build).walk(element)


class _Walker:
    """Goes through a page in reading order and says to the builder what it finds."""

    def __init__(
        self, build: SectionBuilder, skipped: frozenset[str] = SKIPPED, anchors: Anchors | None = None
    ) -> None:
        self._build = build
        self._skipped = skipped
        self._anchors = anchors
        self._text = InlineText()
        self._look = PLAIN
        self._font = ""
        self._mark = ""
        self._term = ""

    def walk(self, root: Element) -> None:
        self._visit(root, 0)
        self._flush()
        if self._term:
            self._build.paragraph(self._term)

    def _children(self, element: Element, depth: int) -> None:
        outer = self._look, self._font
        self._look = look_inside(element, local(element).lower(), self._look)
        self._font = symbol_font(element) or self._font
        if element.text:
            self._words(element.text)
        for one in element:
            self._visit(one, depth + 1)
            if one.tail:
                self._words(one.tail)
        self._look, self._font = outer

    def _words(self, words: str) -> None:
        words = _collapsed(words)
        self._text.add(symbols(self._font, words) if self._font else words, self._look)

    def _visit(self, element: Element, depth: int) -> None:
        name = local(element).lower()
        if not name or name in self._skipped or hidden(element):
            return
        if self._anchors:
            self._enter(element, self._anchors, inside=name in HEADINGS or name == "table")
        if depth > MAX_DEPTH:
            self._words(text_of(element))
        elif name in HEADINGS:
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
            self._build.preformatted(preformatted_text(element, self._skipped, self._look))
        elif name == "br":
            self._text.add("\n", self._look)
        elif add_inline(element, name, self._text, self._look):
            pass
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
        elif name in BLOCKS:
            self._flush()
            self._children(element, depth)
            self._flush()
        elif name == "q":
            self._text.add("“", self._look)
            self._children(element, depth)
            self._text.add("”", self._look)
        else:
            self._children(element, depth)

    def _enter(self, element: Element, anchors: Anchors, *, inside: bool) -> None:
        """Begins the chapter whose anchor an element is; or holds, if it is read as a whole."""
        for one in element.iter() if inside else (element,):
            found = anchors.get(one.get("id") or one.get("name") or "")
            if found is not None:
                self._flush()
                self._build.move(*found)

    def _flush(self) -> None:
        text = flowing(self._text.take())
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
        look = look_inside(table, "table", self._look)
        grid: list[list[str]] = []
        across: list[dict[int, int]] = []
        for spread in _spread(cells):
            grid.append([self._cell(cell, look) if cell is not None else "" for cell in spread])
            placed = ((at, cell) for at, cell in enumerate(spread) if cell is not None)
            across.append({at: wide for at, cell in placed if (wide := _columns(cell)) > 1})
        self._build.table(
            with_named_columns(grid, across), headers=headers if 0 < headers < len(grid) else None
        )

    def _cell(self, cell: Element, look: Look) -> str:
        row = cell.getparent()
        return inline_text(cell, self._skipped, look_inside(row, "tr", look) if row is not None else look)


def _collapsed(text: str) -> str:
    """White space in HTML is one blank, line ends too."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _is_language_menu(element: Element) -> bool:
    """A long list of the same page in other languages."""
    items = len(element)
    return items >= 8 and sum(one.get("hreflang") is not None for one in element.iter("a")) * 5 > items * 4


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
    if next(descendants(table, "table"), None) is not None or next(table.iter(*HEADINGS), None) is not None:
        return True
    # Pages were never laid out with hundreds of cells.
    first = itertools.islice((cell for row in cells for cell in row), LAYOUT_CELLS)
    return any(
        len(text) > LAYOUT_CELL_CHARACTERS and len(one_line(text)) > LAYOUT_CELL_CHARACTERS
        for text in map(text_of, first)
    )


def _columns(cell: Element) -> int:
    """Over how many columns a cell goes."""
    return min(max(1, integer(cell.get("colspan"), 1)), MAX_SPAN)


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
            rows, columns = integer(cell.get("rowspan"), 1) or MAX_SPAN, _columns(cell)
            if rows > 1 and len(text_of(cell)) <= MAX_SPANNED_CHARACTERS:
                below[column] = (min(rows, MAX_SPAN) - 1, cell)
            spread.append(cell)
            spread.extend([None] * (columns - 1))
        yield spread
