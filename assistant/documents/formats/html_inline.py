"""What stands inside a line of a web page: words with their look, values of forms, pictures' descriptions."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

from assistant.documents.formats.shared.equations import mathml
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    PLAIN,
    SUBSCRIPT,
    SUPERSCRIPT,
    InlineText,
    Look,
)
from assistant.documents.formats.shared.symbol_fonts import EMPTY, TICKED, is_symbol_font, symbols
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.file_reading.safe_xml import Element, descendants, local, text_of

MAX_DEPTH = 400
"""What is nested deeper is taken as bare text."""
SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "title", "svg", "datalist", "iframe", "object", "embed",
        "canvas", "audio", "video", "nav", "button", "noframes", "applet", "map", "area", "link", "meta",
        "base", "rt", "rp", "rtc",
    }
)  # fmt: skip
"""Elements without text that is to be read; readings of ruby would stand inside the words."""
BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "dir",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "header",
        "hgroup", "html", "legend", "li", "main", "menu", "ol", "optgroup", "p", "search", "section",
        "summary", "ul", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "hr",
    }
)  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_SHIFTED = re.compile(
    r"vertical-align\s*:\s*(super|sub|text-top|-?[\d.]+(?:%|[a-z]+))"
    r"|mso-text-raise\s*:\s*(-?[\d.]+[a-z]+)"
    r"|position\s*:\s*relative\b[^{}]*?\btop\s*:\s*(-?[\d.]+[a-z]+)"
    r"|\btop\s*:\s*(-?[\d.]+[a-z]+)[^{}]*?position\s*:\s*relative",
    re.IGNORECASE,
)
_LEAST_RAISED = {"em": 0.2, "rem": 0.2, "ex": 0.4, "px": 3.0, "pt": 2.0, "%": 20.0}
"""By how much text is moved up or down that is raised or lowered, by the unit of the length."""
_FONT = re.compile(
    r"font(?:-family)?\s*:[^;]*?([\"']?)(symbol|wingdings(?: [23])?|webdings)\1", re.IGNORECASE
)
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]{1,5000})\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SELECTOR = re.compile(r"(?:[^{}]*[\s>+~])?[a-z]*([.#][\w-]+)$", re.IGNORECASE)
"""A selector that ends in a class or an id; what stands above it is left out of account."""
MAX_RULES = 20_000
"""Rules of a style sheet that are looked at."""
_OTHER_FILE = re.compile(r"(?![a-z][a-z\d+.-]*:)[^#?]*#", re.IGNORECASE)
"""An address at a place in this file or one beside it, as notes have in books of many files."""
_OF_PICTURES = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|tiff?)(?:$|[?#])|^\w+://[^/]*/?$", re.IGNORECASE)
"""Where pictures lead whose address nobody asks for: to themselves in large, or as a logo to a site."""
_NOTE_MARK = re.compile(r"\[?(?:\d{1,3}|[*†‡])\]?")
_TYPED = frozenset(
    {
        "text", "number", "date", "time", "datetime-local", "month", "week", "email", "tel", "url", "search",
        "color", "range",
    }
)  # fmt: skip
"""Kinds of input whose value a person typed."""


def apply_styles(root: Element, rules: str) -> None:
    """Writes onto elements what the rules of a style sheet say of the looks of their classes and ids.

    Only looks that change what is read: raised, lowered and struck-out text, symbol fonts.
    """
    looks: dict[str, str] = {}
    for match in itertools.islice(_RULE.finditer(_COMMENT.sub("", rules)), MAX_RULES):
        said = ";".join(
            found.group() for pattern in (_SHIFTED, _STRUCK, _FONT) if (found := pattern.search(match[2]))
        )
        for selector in match[1].split(",") if said else ():
            name = _SELECTOR.match(selector.strip())
            if name is not None:
                looks[name.group(1)] = said
    if not looks:
        return
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        names = [f".{name}" for name in (element.get("class") or "").split()]
        names.append(f"#{element.get('id')}")
        said = ";".join(looks[name] for name in names if name in looks)
        if said:
            element.set("style", f"{said};{element.get('style') or ''}")


def hidden(element: Element) -> bool:
    style = element.get("style")
    return (
        element.get("hidden") is not None
        or (style is not None and _HIDDEN.search(style) is not None)
        or (element.get("role") or "").lower() == "navigation"
    )


def look_inside(element: Element, name: str, look: Look) -> Look:
    """How the content of an element is set; `name`: its local name in small letters."""
    if name in ("sup", "superscript"):
        look = replace(look, shift=SUPERSCRIPT)
    elif name in ("sub", "subscript"):
        look = replace(look, shift=SUBSCRIPT)
    elif name in ("s", "strike", "del", "strikethrough"):
        look = replace(look, struck=True)
    elif name in ("a", "ext-link", "xref", "ulink", "link"):
        look = _linked(element, look)
    style = element.get("style")
    if style:
        if _STRUCK.search(style):
            look = replace(look, struck=True)
        if (shift := _shift(style)) != BASELINE:
            look = replace(look, shift=shift)
    return look


def _shift(style: str) -> int:
    """Whether a style raises or lowers its text."""
    found = _SHIFTED.search(style)
    if found is None:
        return BASELINE
    way = found.lastindex or 0
    said = found.group(way).lower()
    if said in ("super", "sub", "text-top"):
        return SUBSCRIPT if said == "sub" else SUPERSCRIPT
    length = re.fullmatch(r"(-?\d*\.?\d+)(%|[a-z]+)", said)
    if length is None or length.group(2) not in _LEAST_RAISED:
        return BASELINE
    up = float(length.group(1)) * (1 if way <= 2 else -1)  # the ways behind those say how far down
    if abs(up) < _LEAST_RAISED[length.group(2)]:
        return BASELINE
    return SUPERSCRIPT if up > 0 else SUBSCRIPT


def _linked(element: Element, look: Look) -> Look:
    """A link out of the page says where it leads; one to a note of the page is that note's mark."""
    address = (_attribute(element, "href") or _attribute(element, "url")).strip()
    kind = f"{_attribute(element, 'type')} {_attribute(element, 'role')} {_attribute(element, 'ref-type')}"
    mark = _NOTE_MARK.fullmatch(text_of(element).strip()) is not None
    raised = next(descendants(element, "sup"), None) is not None or look.shift == SUPERSCRIPT
    if "noteref" in kind or kind.split() in (["note"], ["fn"]):
        return replace(look, shift=SUPERSCRIPT, note=True)
    within = address.startswith("#")
    if mark and ((raised and _OTHER_FILE.match(address)) or (within and (raised or _sticks(element)))):
        return replace(look, shift=SUPERSCRIPT, note=True)
    return replace(look, address=address) if address and not mark else look


def _sticks(element: Element) -> bool:
    """Whether an element follows the text before it without a space."""
    before = element.getprevious()
    text = (
        before.tail
        if before is not None
        else (element.getparent().text if element.getparent() is not None else "")
    )
    return bool(text) and not text[-1].isspace()


def _attribute(element: Element, name: str) -> str:
    """An attribute by its name, whatever its namespace or prefix."""
    value = element.get(name)
    if value is None:
        value = next(
            (other for key, other in element.attrib.items() if re.split("[}:]", str(key))[-1] == name), ""
        )
    return str(value)


def symbol_font(element: Element) -> str:
    """The symbol font that an element sets its text in, "" for none."""
    face = element.get("face") or ""
    if is_symbol_font(face):
        return face
    style = element.get("style")
    found = _FONT.search(style) if style else None
    return found.group(2) if found else ""


def value_of(element: Element, name: str) -> str | None:
    """What a person sees filled in at a field of a form; None where the element is no field with a value."""
    if name == "input":
        kind = (element.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            if element.get("role") is not None or element.get("aria-hidden") == "true":
                return ""  # a switch of the page itself
            return TICKED if element.get("checked") is not None else EMPTY
        return (element.get("value") or "") if kind in _TYPED else ""
    if name == "select":
        options = list(element.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None]
        several = element.get("multiple") is not None
        return ", ".join(
            one_line(one.get("label") or text_of(one)) for one in chosen or ([] if several else options[:1])
        )
    return None


def _ticked(element: Element) -> str:
    """The box of a page's own making, which says its state to screen readers."""
    if (element.get("role") or "").lower() not in ("checkbox", "radio"):
        return ""
    return {"true": f"{TICKED} ", "false": f"{EMPTY} "}.get((element.get("aria-checked") or "").lower(), "")


def add_inline(element: Element, name: str, text: InlineText, look: Look) -> bool:
    """Adds what an element says by itself; False where it is its content that says something."""
    if name == "img":
        description = one_line(element.get("alt") or "")
        if _OF_PICTURES.search(look.address):
            look = replace(look, address="")
        if " " in description or (description and look.address and not text_of(element.getparent()).strip()):
            text.add(f" [{description}] ", look)
        return True
    if name == "math":
        text.add(f" ${mathml(element)}$ ", look)
        return True
    value = value_of(element, name)
    if value is not None:
        text.add(f" {value} ", look)
        return True
    text.add(_ticked(element), look)
    return False


def inline_text(element: Element, skipped: frozenset[str], look: Look = PLAIN) -> str:
    """The text of a heading or a cell, on one line; `look`: how what is around it is set."""
    return one_line(_inline(element, skipped, look, line_break=" "))


def preformatted_text(element: Element, skipped: frozenset[str], look: Look) -> str:
    """Text whose line ends mean something."""
    if not look.struck and next(element.iter("sup", "sub", "s", "strike", "del"), None) is None:
        return text_of(element)
    return _inline(element, skipped, look, line_break="\n")


def _inline(element: Element, skipped: frozenset[str], around: Look, *, line_break: str) -> str:
    text = InlineText()

    def visit(one: Element, depth: int, look: Look, font: str) -> None:
        name = local(one).lower()
        if not name or (name in skipped and name != "button") or hidden(one):
            return
        if add_inline(one, name, text, look):
            return
        block = name in BLOCKS or name in ("br", "table") or name in HEADINGS
        if block:
            text.add(line_break if name == "br" else " ")
        if name == "li":
            text.add("• ")
        font = symbol_font(one) or font
        inside = look_inside(one, name, look)
        text.add(symbols(font, one.text or "") if font else one.text or "", inside)
        if depth < MAX_DEPTH:
            for other in one:
                visit(other, depth + 1, inside, font)
                text.add(symbols(font, other.tail or "") if font else other.tail or "", inside)
        if block and name != "br":
            text.add(" ")

    visit(element, 0, around, "")
    return text.text()
