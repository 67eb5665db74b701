"""The blocks of an OpenDocument text: headings, paragraphs, lists, tables, frames, notes, equations."""

from __future__ import annotations

import re

from assistant.documents.formats.office.word_numbering import written
from assistant.documents.formats.opendocument.cell_spans import note_spans
from assistant.documents.formats.opendocument.shape_order import ordered_shapes
from assistant.documents.formats.opendocument.style_looks import PLAIN_STYLE, StyleLooks
from assistant.documents.formats.shared.equations import mathml
from assistant.documents.formats.shared.inline_text import InlineText, Look, with_address
from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED, symbols
from assistant.documents.formats.shared.table_sections import SpannedRows, with_named_columns
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    integer,
    local,
    member_xml,
    space,
    text_of,
)
from assistant.file_reading.zip_reader import Archive, resolve

BLOCKS = frozenset(
    {
        "h", "p", "list", "table", "frame", "table-of-content", "alphabetical-index", "bibliography",
        "tracked-changes", "forms",
    }
)  # fmt: skip
STYLES = frozenset({"automatic-styles", "font-face-decls"})
"""Elements before the text from which its looks are learned."""
LAYOUT_CELL_CHARACTERS = 1_500
"""A table with a longer cell is a page layout: its cells are read as running text."""
MAX_REPEATED = 100
"""How often a repeated cell stands at most."""
_MAX_DEPTH = 40
"""What is nested deeper is left out."""
_FORMS = {
    "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal", "": "none",
}  # fmt: skip
_SKIPPED = frozenset(
    {
        "tracked-changes", "forms", "event-listeners", "sequence-decls", "variable-decls", "note-citation",
        "desc",
    }
)  # fmt: skip
_HEADING_STYLE = re.compile(r"Heading[_ ](?:20_)?([1-9])$")


class Reader:
    """Says to a builder what it finds in elements of content.xml."""

    def __init__(self, build: SectionBuilder, archive: Archive, *styles: Element | None) -> None:
        """`styles`: roots of members that hold styles."""
        self._build = build
        self._archive = archive
        self._list_styles: dict[str, dict[int, Element]] = {}
        self._parents: dict[str, str] = {}
        self._looks = StyleLooks()
        self._counters: dict[tuple[str, int], int] = {}
        self._notes: list[str] = []
        self._fields: dict[str, str] = {}
        """What is filled in at each field of a form, by its id."""
        self._frames: list[Element] = []
        self._address = ""
        """Where the frame at hand links to."""
        self._depth = 0
        for root in styles:
            for part in root if root is not None else ():
                if local(part) in STYLES or local(part) == "styles":
                    self.learn_styles(part)

    def learn_styles(self, parent: Element) -> None:
        """Keeps what styles say about lists, headings and looks, or the fonts that are declared for them."""
        for element in parent:
            if local(element) == "font-face":
                self._looks.declare_font(element)
            if local(element) in ("list-style", "outline-style"):
                levels = {integer(attribute(level, "level"), 1): level for level in element}
                self._list_styles[attribute(element, "name") or "Outline"] = levels
            elif local(element) == "style":
                name = attribute(element, "name")
                self._parents[name] = attribute(element, "parent-style-name")
                self._looks.learn(element)

    def learn_forms(self, forms: Element) -> None:
        """Keeps what is filled in at the fields of forms, for where they stand in the text."""
        for element in forms.iter():
            name = local(element)
            value = attribute(element, "current-value") or attribute(element, "value")
            if name in ("checkbox", "radio"):
                state = attribute(element, "current-state") or attribute(element, "state")
                ticked = state == "checked" or attribute(element, "current-selected") == "true"
                label = attribute(element, "label")
                value = f"{TICKED if ticked else EMPTY} {label}".strip()
            elif name == "listbox":
                chosen = [one for one in element if attribute(one, "current-selected") == "true"]
                value = ", ".join(attribute(one, "label") for one in chosen)
            elif name not in ("text", "textarea", "formatted-text", "combobox", "number", "date", "time"):
                continue
            self._fields[attribute(element, "id")] = value

    def block(self, element: Element) -> None:
        """A paragraph, heading, list, table, frame or whatever holds them."""
        name = local(element)
        if name in _SKIPPED or self._depth > _MAX_DEPTH:
            return
        self._depth += 1
        if name == "h":
            self._heading(element)
        elif name == "p":
            self._paragraph(element)
        elif name == "list":
            self._list(element, attribute(element, "style-name"), 1)
        elif name == "table":
            self._table(element)
        elif name == "frame":
            self._frame(element)
        elif name == "object":
            self._object(element)
        elif name in ("title", "index-title-template"):
            pass
        elif name == "g":
            for one in ordered_shapes(list(element)):
                self.block(one)
        elif name == "a":
            self._linked(element)
        else:
            for one in element:
                self.block(one)
        self._depth -= 1

    def inline(self, element: Element, around: str = "") -> str:
        """The text of a paragraph; notes and frames in it wait until it is done.

        `around`: the style of the cell that it stands in.
        """
        text = InlineText()
        outer, own = self._looks.of(around), self._looks.of(attribute(element, "style-name"))
        look = Look(struck=own.struck or outer.struck)
        self._collect(element, text, look, own.font or outer.font, 0)
        return text.text()

    def all_text(self, element: Element) -> str:
        """All paragraphs inside an element on one line."""
        texts = [self.inline(one) for one in element.iter("{*}p", "{*}h")]
        frames, self._frames = self._frames, []
        notes, self._notes = self._notes, []
        del frames
        return one_line(" ".join([*texts, *notes]))

    def _collect(self, element: Element, text: InlineText, look: Look, font: str, depth: int) -> None:
        def words(said: str | None) -> None:
            if said:
                said = _collapsed(said)
                text.add(symbols(font, said) if font else said, look)

        words(element.text)
        for one in element:
            name = local(one)
            if depth > _MAX_DEPTH or name in _SKIPPED:
                pass
            elif name == "s":
                text.add(" ", look)
            elif name == "tab":
                text.add("\t", look)
            elif name == "line-break":
                text.add("\n", look)
            elif name == "note":
                self._note(one)
            elif name == "annotation":
                author = one_line(text_of(child(one, "creator")))
                said = self.all_text(one)
                if said:
                    self._notes.append(f"Comment ({author}): {said}" if author else f"Comment: {said}")
            elif name == "control":
                text.add(self._fields.get(attribute(one, "control"), ""), look)
            elif name in ("frame", "custom-shape", "rect", "ellipse", "g", "line") or _links_frames(one):
                math = self._equation(one) if name != "a" else ""
                if math:
                    text.add(f" ${math}$ ", look)
                else:
                    self._frames.append(one)
            elif name == "ruby":
                text.add(text_of(child(one, "ruby-base")), look)
            elif name == "math":
                text.add(f" ${mathml(one)}$ ", look)
            elif attribute(one, "showing-place-holder") != "true":
                style = self._looks.of(attribute(one, "style-name")) if name in ("span", "a") else PLAIN_STYLE
                if not style.hidden:
                    inside = Look(
                        style.shift or look.shift,
                        style.struck or look.struck,
                        address=attribute(one, "href") if name == "a" else look.address,
                    )
                    self._collect(one, text, inside, style.font or font, depth + 1)
            words(one.tail)

    def _note(self, note: Element) -> None:
        body = child(note, "note-body")
        kind = "Endnote" if attribute(note, "note-class") == "endnote" else "Footnote"
        citation = one_line(text_of(child(note, "note-citation")))
        said = self.all_text(body) if body is not None else ""
        if said:
            self._notes.append(f"{kind} {citation}: {said}".replace(" :", ":"))

    def _after(self) -> None:
        """What stood inside the paragraph that was just written."""
        frames, self._frames = self._frames, []
        notes, self._notes = self._notes, []
        for note in notes:
            self._build.paragraph(note)
        for frame in frames:
            self.block(frame)

    def _heading(self, element: Element) -> None:
        text = flowing(self.inline(element))
        level = integer(attribute(element, "outline-level"), 1)
        number = child(element, "number")
        if text and number is None and attribute(element, "is-list-header") != "true":
            mark = self._number("Outline", level)
            text = f"{mark} {text}" if mark and mark != "•" else text
        self._build.heading(level, text)
        self._after()

    def _paragraph(self, element: Element) -> None:
        text = flowing(self.inline(element))
        level = self._heading_style(attribute(element, "style-name"))
        if level:
            self._build.heading(level, text)
        else:
            self._build.paragraph(text)
        self._after()

    def _heading_style(self, name: str) -> int:
        """The level that a paragraph's style stands for, 0 for none."""
        for _ in range(8):
            if name == "Title":
                return 1
            match = _HEADING_STYLE.match(name)
            if match:
                return int(match.group(1))
            name = self._parents.get(name, "")
            if not name:
                break
        return 0

    def _list(self, element: Element, style: str, level: int) -> None:
        if attribute(element, "continue-numbering") != "true" and not attribute(element, "continue-list"):
            self._counters[style, level] = 0
        for item in element:
            if local(item) not in ("list-item", "list-header"):
                continue
            mark = self._number(style, level) if local(item) == "list-item" else ""
            for one in item:
                name = local(one)
                if name == "list" and level < _MAX_DEPTH:
                    self._list(one, attribute(one, "style-name") or style, level + 1)
                elif name == "p":
                    text = flowing(self.inline(one))
                    if mark and text:
                        self._build.item(text, mark)
                        mark = ""
                    else:
                        self._build.paragraph(text)
                    self._after()
                else:
                    self.block(one)

    def _number(self, style: str, level: int) -> str:
        """The mark of the next item of a list: "•" or its number."""
        definition = self._list_styles.get(style, {}).get(level)
        if definition is None:
            return "" if style == "Outline" else "•"
        if "number" not in local(definition) and "outline" not in local(definition):
            return "•"
        start = integer(attribute(definition, "start-value"), 1)
        self._counters[style, level] = (self._counters.get((style, level)) or start - 1) + 1
        for key in [key for key in self._counters if key[0] == style and key[1] > level]:
            self._counters[key] = 0
        form = _FORMS.get(definition.get(_num_format(definition)) or "", "decimal")
        if form == "none":
            return ""
        shown = max(1, min(integer(attribute(definition, "display-levels"), 1), level))
        numbers = [
            written(self._counters.get((style, above)) or 1, form)
            for above in range(level - shown + 1, level + 1)
        ]
        return attribute(definition, "num-prefix") + ".".join(numbers) + attribute(definition, "num-suffix")

    def _table(self, element: Element) -> None:
        rows: list[tuple[bool, Element]] = []
        for row in element.iter("{*}table-row"):
            above = list(row.iterancestors())
            names = [local(one) for one in above]
            nearest = names.index("table")
            if above[nearest] is element:
                rows.append(("table-header-rows" in names[:nearest], row))
        grid: list[list[str]] = []
        across: list[dict[int, int]] = []
        spanned = SpannedRows()
        longest = widest = 0
        for _, row in rows:
            cells: list[str] = []
            spans: dict[int, int] = {}
            across.append({})
            for cell in row:
                if local(cell) in ("table-cell", "covered-table-cell"):
                    text = self.all_text(cell)
                    note_spans(cell, len(cells), spans, across[-1])
                    longest = max(longest, len(text))
                    repeated = min(
                        max(1, integer(attribute(cell, "number-columns-repeated"), 1)), MAX_REPEATED
                    )
                    cells.extend([text] * repeated)
            widest = max(widest, len(cells))
            grid.append(spanned.filled(len(grid), cells, spans))
        if widest <= 1 or longest > LAYOUT_CELL_CHARACTERS:
            for _, row in rows:
                for cell in children(row, "table-cell"):
                    for one in cell:
                        self.block(one)
            return
        headers = sum(header for header, _ in rows)
        self._build.table(with_named_columns(grid, across), headers=headers or None)

    def _linked(self, link: Element) -> None:
        """Frames that are a link as a whole."""
        self._address = attribute(link, "href")
        for one in link:
            self.block(one)
        self._address = ""

    def _frame(self, element: Element) -> None:
        equation = self._equation(element)
        if equation:
            self._build.paragraph(f"$${equation}$$")
            return
        description = one_line(text_of(child(element, "desc")))
        for one in element:
            if local(one) in ("text-box", "table", "object"):
                self.block(one)
        if " " in description or (description and self._address):
            self._build.paragraph(with_address(f"[{description}]", self._address))

    def _embedded(self, element: Element) -> Element | None:
        """The root of an embedded document, such as a chart or an equation."""
        target = resolve("content.xml", attribute(element, "href"))
        for name in (f"{target}/content.xml", target):
            if target and name in self._archive:
                return member_xml(self._archive, name)
        return None

    def _equation(self, frame: Element) -> str:
        for one in children(frame, "object"):
            inside = next(descendants(one, "math"), None)
            root = inside if inside is not None else self._embedded(one)
            if root is not None and local(root) == "math":
                return mathml(root)
        return ""

    def _object(self, element: Element) -> None:
        """A chart or another document inside this one: its texts and its table."""
        root = self._embedded(element)
        if root is None:
            return
        for one in root.iter("{*}title", "{*}subtitle"):
            self._build.paragraph(self.all_text(one))
        for table in root.iter("{*}table"):
            rows = [
                "  ".join(filter(None, (self.all_text(cell) for cell in children(row, "table-cell"))))
                for row in table.iter("{*}table-row")
            ]
            self._build.paragraph("\n".join(filter(None, rows[:400])))


def _links_frames(element: Element) -> bool:
    """Whether an element is a link around frames rather than around words."""
    return local(element) == "a" and "drawing" in space(element)


def _num_format(definition: Element) -> str:
    return next((key for key in definition.attrib if key.endswith("}num-format")), "num-format")


def _collapsed(text: str) -> str:
    """White space in OpenDocument is one blank; more is written as elements."""
    return re.sub(r"[ \t\r\n]+", " ", text)
