"""How the cells of a workbook are set: their number format, struck-out and raised text, symbol fonts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.documents.formats.office.number_formats import BUILTIN
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
    struck_out,
)
from assistant.documents.formats.shared.symbol_fonts import is_symbol_font, symbols
from assistant.file_reading.office_package import boolean
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    integer,
    local,
    text_of,
)


@dataclass(frozen=True, slots=True)
class CellStyle:
    code: str = "General"
    """The number format."""
    struck: bool = False
    font: str = ""
    """The symbol font that it is set in."""

    def dressed(self, text: str) -> str:
        """A text as it is seen in such a cell."""
        if self.font:
            text = symbols(self.font, text)
        return struck_out(text) if self.struck else text


PLAIN_CELL = CellStyle()


def cell_styles(root: Element) -> list[CellStyle]:
    """The styles that cells refer to by number, in the order of the part that lists them."""
    codes = dict(BUILTIN)
    for element in children(child(root, "numFmts"), "numFmt"):
        codes[integer(attribute(element, "numFmtId"), -1)] = attribute(element, "formatCode")
    fonts = [
        (boolean(child(font, "strike")), attribute(child(font, "name"), "val"))
        for font in children(child(root, "fonts"), "font")
    ]
    found: list[CellStyle] = []
    for style in children(child(root, "cellXfs"), "xf"):
        code = codes.get(integer(attribute(style, "numFmtId"), 0), "General")
        number = integer(attribute(style, "fontId"), 0)
        struck, name = fonts[number] if 0 <= number < len(fonts) else (False, "")
        found.append(CellStyle(code, struck, name if is_symbol_font(name) else ""))
    return found


def rich_string(element: Element | None) -> str:
    """The text of a rich string, without the readings of its characters (phonetic runs)."""
    if element is None:
        return ""
    text = InlineText()
    for one in element:
        name = local(one)
        if name == "t":
            text.add(one.text or "")
        elif name == "r":
            properties = child(one, "rPr")
            words = text_of(child(one, "t"))
            if properties is None:
                text.add(words)
            else:
                raised = attribute(child(properties, "vertAlign"), "val")
                shift = {"superscript": SUPERSCRIPT, "subscript": SUBSCRIPT}.get(raised, BASELINE)
                font = attribute(child(properties, "rFont"), "val")
                text.add(symbols(font, words), Look(shift, boolean(child(properties, "strike"))))
    return _ESCAPED.sub(_unescape, text.text())


# Characters that XML cannot hold are written like _x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))
