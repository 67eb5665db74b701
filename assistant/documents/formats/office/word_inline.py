"""What stands inside a paragraph of a Word document: runs with their look, fields, ticks, notes, drawings."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.documents.formats.office.ooxml import description, graphic_text
from assistant.documents.formats.office.word_styles import PLAIN_RUN, Styles
from assistant.documents.formats.shared.equations import omml
from assistant.documents.formats.shared.field_instructions import (
    inserted_sign,
    link_address,
    under_reading,
)
from assistant.documents.formats.shared.inline_text import PLAIN, InlineText, Look, with_address
from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED, symbol, symbols
from assistant.documents.formats.shared.text_cleaning import flowing, one_line
from assistant.file_reading.office_package import Package, boolean
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    integer,
    local,
    text_of,
)

SKIPPED = frozenset(
    {
        "del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "delText", "delInstrText", "annotationRef",
        "rt", "tblPr", "tcPr", "proofErr",
    }
)  # fmt: skip
"""Elements without text that is to be read."""
MAX_DEPTH = 60
"""What is nested deeper inside a paragraph is left out."""


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: its own words, and what comes after them."""

    text: str = ""
    spaced: bool = False
    """A space stands before its words."""
    boxes: list[Element] = field(default_factory=list)
    graphics: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A field that has begun: its instruction stands before its result."""

    instruction: str = ""
    address: str = ""
    choice: str = ""
    """What an old form field shows that has no result of its own."""
    said: bool = False
    """It has a result of its own."""


class InlineReader:
    """Reads paragraphs; it counts the notes of the document on its way."""

    def __init__(
        self,
        package: Package | None,
        styles: Styles,
        notes: dict[str, dict[str, Element]],
        comments: dict[str, Element],
    ) -> None:
        """`notes`: by the name of the element that refers to them, by their id."""
        self._package = package
        self._styles = styles
        self._notes = notes
        self._comments = comments
        self._note_count = 0
        self._part = ""
        self._around: list[Element] = []
        """Properties of runs that the paragraph's style sets."""
        self._fields: list[_Field] = []

    def read(self, paragraph: Element, part: str) -> Inline:
        """What is in a paragraph of a part of the package, which knows where its links lead."""
        outer, self._part = self._part, part
        around, self._around = self._around, self._styles.looks_around(paragraph)
        found, text = Inline(), InlineText()
        self._collect(paragraph, found, text, PLAIN, 0)
        said = text.text()
        found.text, found.spaced = flowing(said), said[:1].isspace()
        for begun in self._fields:
            begun.address = ""  # no link runs over the end of its paragraph
        self._part, self._around = outer, around
        return found

    def all_text(self, element: Element, part: str) -> str:
        """All paragraphs inside an element on one line."""
        texts = []
        for paragraph in descendants(element, "p"):
            if not any(local(above) == "Fallback" for above in paragraph.iterancestors()):
                found = self.read(paragraph, part)
                texts.extend([found.text, *found.notes])
        return one_line(" ".join(filter(None, texts))) or one_line(text_of(element))

    def _collect(self, element: Element, found: Inline, text: InlineText, look: Look, depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for one in element:
            name = local(one)
            if name in SKIPPED or not name:
                continue
            if name == "r":
                self._run(one, found, text, look, depth)
            elif name == "hyperlink":
                self._collect(one, found, text, self._linked(look, self._target(one)), depth + 1)
            elif name == "fldSimple":
                address = link_address(attribute(one, "instr"))
                self._collect(one, found, text, self._linked(look, address), depth + 1)
            elif name == "sdt":
                self._control(one, found, text, look, depth)
            elif name == "oMath":
                text.add(f" ${omml(one)}$ ")
            elif name == "oMathPara":
                text.add("".join(f"\n$${omml(equation)}$$\n" for equation in children(one, "oMath")))
            elif name == "AlternateContent":
                self._collect(choice(one), found, text, look, depth + 1)
            elif name in _DRAWINGS:
                self._drawing(one, found)
            else:
                self._collect(one, found, text, look, depth + 1)

    def _run(self, run: Element, found: Inline, text: InlineText, look: Look, depth: int) -> None:
        style = self._styles.run(run, self._around)
        if style.hidden:
            return
        if self._fields and self._fields[-1].address and not look.address:
            look = self._linked(look, self._fields[-1].address)
        if style is not PLAIN_RUN:
            look = Look(style.shift, style.struck, style.note, look.address)
        for one in run:
            name = local(one)
            if name == "t":
                text.add(symbols(style.font, one.text or "") if style.font else one.text or "", look)
                if self._fields and one.text:
                    self._fields[-1].said = True
            elif name in ("tab", "ptab"):
                text.add("\t", look)
            elif name in ("br", "cr"):
                text.add("\n", look)
            elif name == "noBreakHyphen":
                text.add("-", look)
            elif name == "sym":
                text.add(_symbol(one), look)
            elif name == "fldChar":
                self._field(one, text)
            elif name == "instrText":
                if self._fields:
                    self._fields[-1].instruction += one.text or ""
            elif name in self._notes:
                self._note(self._notes[name].get(attribute(one, "id")), name, found)
            elif name == "commentReference":
                self._comment(self._comments.get(attribute(one, "id")), found)
            elif name in _DRAWINGS:
                self._drawing(one, found)
            elif name == "AlternateContent":
                self._run_content(choice(one), found, text, look, depth)
            elif name and name not in SKIPPED:
                self._collect(one, found, text, look, depth + 1)

    def _run_content(self, element: Element, found: Inline, text: InlineText, look: Look, depth: int) -> None:
        """A variant of what is in a run."""
        for one in element:
            if local(one) in _DRAWINGS:
                self._drawing(one, found)
            elif local(one) == "t":
                text.add(one.text or "", look)
            else:
                self._collect(one, found, text, look, depth + 1)

    # --- links, fields and controls ---

    @staticmethod
    def _linked(look: Look, address: str) -> Look:
        return Look(look.shift, look.struck, look.note, address) if address else look

    def _target(self, link: Element) -> str:
        """The address that a link leads to out of the document; "" for one within it."""
        if self._package is None:
            return attribute(link, "dest")
        address, anchor = self._package.address(self._part, attribute(link, "id")), attribute(link, "anchor")
        return f"{address}#{anchor}" if address and anchor and "#" not in address else address

    def _field(self, mark: Element, text: InlineText) -> None:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
            data = child(mark, "ffData")
            box, choices = child(data, "checkBox"), child(data, "ddList")
            if box is not None:
                state = child(box, "checked")
                state = state if state is not None else child(box, "default")
                text.add(TICKED if boolean(state) else EMPTY)
            if choices is not None:
                entries = [attribute(entry, "val") for entry in children(choices, "listEntry")]
                state = child(choices, "result")
                state = state if state is not None else child(choices, "default")
                chosen = integer(attribute(state, "val"), 0)
                self._fields[-1].choice = entries[chosen] if 0 <= chosen < len(entries) else ""
        elif kind == "separate" and self._fields:
            current = self._fields[-1]
            current.address = link_address(current.instruction)
        elif kind == "end" and self._fields:
            current = self._fields.pop()
            if not current.said:
                of_itself = inserted_sign(current.instruction) or under_reading(current.instruction)
                text.add(current.choice or of_itself)

    def _control(self, control: Element, found: Inline, text: InlineText, look: Look, depth: int) -> None:
        """A content control: what was filled in, not what asks for it."""
        properties = child(control, "sdtPr")
        box = child(properties, "checkbox")
        if box is not None:
            text.add(TICKED if boolean(child(box, "checked")) else EMPTY, look)
        elif not asks_only(control):
            self._collect(control, found, text, look, depth + 1)

    # --- notes and drawings ---

    def _note(self, note: Element | None, kind: str, found: Inline) -> None:
        if note is None:
            return
        footnote = kind == "footnoteReference"
        text = self.all_text(note, self._companion("footnotes" if footnote else "endnotes"))
        if text:
            self._note_count += 1
            found.notes.append(f"{'Footnote' if footnote else 'Endnote'} {self._note_count}: {text}")

    def _comment(self, comment: Element | None, found: Inline) -> None:
        if comment is not None:
            author = one_line(attribute(comment, "author"))
            text = self.all_text(comment, self._companion("comments"))
            found.notes.append(f"Comment ({author}): {text}" if author else text)

    def _companion(self, kind: str) -> str:
        names = self._package.related(self._part, kind) if self._package is not None else []
        return names[0] if names else ""

    def _drawing(self, element: Element, found: Inline) -> None:
        for box in descendants(element, "txbxContent"):
            if not any(local(above) in ("Fallback", "txbxContent") for above in box.iterancestors()):
                found.boxes.append(box)
        for path in descendants(element, "textpath"):  # WordArt of older versions
            found.graphics.append(attribute(path, "string"))
        if self._package is not None:
            found.graphics.append(graphic_text(self._package, self._part, element))
        for properties in descendants(element, "docPr"):
            told = description(properties)
            link = child(properties, "hlinkClick")
            address = self._target(link) if link is not None else ""
            if told or address:
                found.graphics.append(with_address(f"[{told or 'picture'}]", address))


_DRAWINGS = frozenset({"drawing", "pict", "object"})


def choice(element: Element) -> Element:
    """The variant of an mc:AlternateContent to be read; the fallback repeats it for older programs."""
    found = child(element, "Choice")
    if found is None or not len(found):
        fallback = child(element, "Fallback")
        return fallback if fallback is not None else []
    return found


def asks_only(control: Element) -> bool:
    """Whether a content control shows nothing but the words that ask to fill it in."""
    return boolean(child(child(control, "sdtPr"), "showingPlcHdr"))


def _symbol(element: Element) -> str:
    """A character of a symbol font; those that Unicode has no place for are dropped."""
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    found = symbol(attribute(element, "font"), code)
    return found if found or 0xE000 <= code <= 0xF8FF or code > 0x10FFFF else chr(code)
