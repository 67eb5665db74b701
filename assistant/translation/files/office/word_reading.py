"""A paragraph of a Word document as items: words with their looks, and what stands between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from assistant.file_reading.office_package import boolean
from assistant.file_reading.safe_xml import (
    XML_SPACE,
    Element,
    attribute,
    child,
    local,
    text_of,
)
from assistant.translation.files.office.inline import (
    Around,
    Container,
    Item,
    Look,
    Point,
    Words,
    is_symbol_font,
)
from assistant.translation.files.readable import has_letters

DROPPED = frozenset({"pPr", "proofErr", "softHyphen", "lastRenderedPageBreak"})
"""Nothing of the text, or true of the original's words only."""
CONTAINERS = {
    "hyperlink": True, "dir": True, "bdo": True, "fldSimple": False, "sdt": False, "customXml": False,
}  # fmt: skip
"""What stands around a part of a paragraph, and whether there may be two of it."""
_TRANSPARENT = frozenset({"smartTag", "ins", "moveTo", "subDoc"})
_ORDERED = frozenset(
    {
        "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd",
        "fldChar", "instrText",
    }
)  # fmt: skip
_UNSEEN = frozenset({"lang", "noProof", "rtl", "cs", "bCs", "iCs", "szCs", "kern", "snapToGrid", "webHidden"})
"""Properties of runs that make no look of their own, or one that follows from the others."""
_ON_SPACES = frozenset({"u", "strike", "dstrike", "highlight", "shd", "bdr"})
_COMPUTED_NAMES = (
    "page numpages sectionpages section date time createdate savedate printdate edittime seq pageref noteref"
    " filename filesize author lastsavedby username userinitials useraddress numwords numchars revnum ="
    " formula listnum autonum autonumlgl autonumout symbol barcode displaybarcode mergebarcode eq xe tc rd ta"
    " advance formcheckbox mergefield mergerec mergeseq addressblock greetingline includepicture embed link"
    " shape docvariable private data next nextif skipif set"
)
_COMPUTED = frozenset(_COMPUTED_NAMES.split())
"""Fields whose result is no text: numbers, dates, names; Word makes them anew."""
_PLAIN = Look(())


def read(paragraph: Element) -> list[Item]:
    items: list[Item] = []
    _collect(paragraph, (), items)
    return _with_fields(items)


def _is_cursor(element: Element) -> bool:
    """Where the writer's cursor stood last."""
    return local(element) == "bookmarkStart" and attribute(element, "name") == "_GoBack"


def _collect(parent: Element, around: Around, items: list[Item]) -> None:
    cursors: set[str] = set()
    for one in parent:
        name = local(one)
        if not name or name in DROPPED:
            continue
        if _is_cursor(one):
            cursors.add(attribute(one, "id"))
        elif name == "bookmarkEnd" and attribute(one, "id") in cursors:
            continue
        elif name == "r":
            _run(one, around, items)
        elif name in CONTAINERS:
            _container(one, name, around, items)
        elif name in _TRANSPARENT:
            _collect(one, around, items)
        else:
            items.append(Point((one,), around, ordered=name in _ORDERED))


def _container(element: Element, name: str, around: Around, items: list[Item]) -> None:
    computed = name == "fldSimple" and _is_computed(attribute(element, "instr"))
    checkbox = name == "sdt" and child(child(element, "sdtPr"), "checkbox") is not None
    inside: list[Item] = []
    if not computed and not checkbox:
        container = Container(element, copies=CONTAINERS[name])
        content = child(element, "sdtContent") if name == "sdt" else element
        _collect(content if content is not None else (), (*around, container), inside)
    if any(isinstance(item, Words) and item.text.strip() for item in inside):
        items.extend(inside)
    else:
        items.append(Point((element,), around, role=_name_of(attribute(element, "instr"))))


def _run(run: Element, around: Around, items: list[Item]) -> None:
    properties = child(run, "rPr")
    look = _look(properties)
    silent = _is_hidden(properties) or _is_symbols(properties)
    for one in run:
        name = local(one)
        if not name or name == "rPr" or name in DROPPED:
            continue
        if silent:
            items.append(Point((one,), around, look, ordered=name in _ORDERED))
        elif name == "t":
            text = _text(one)
            if text:
                items.append(Words(text, look, around))
        elif name == "noBreakHyphen":
            items.append(Words("\u2011", look, around))
        elif name == "ruby":
            for base in one:
                if local(base) == "rubyBase":
                    _collect(base, around, items)
        elif name in ("tab", "ptab"):
            items.append(Point((one,), around, look, splits=True))
        elif name in ("br", "cr"):
            line = attribute(one, "type", "textWrapping") == "textWrapping"
            items.append(Point((one,), around, look, splits=not line, breaks=line))
        elif name == "fldChar":
            items.append(Point((one,), around, look, role=attribute(one, "fldCharType"), ordered=True))
        elif name == "instrText":
            items.append(Point((one,), around, look, role="instr", ordered=True))
        else:
            items.append(Point((one,), around, look))


def _text(element: Element) -> str:
    text = (element.text or "").replace("\n", " ").replace("\r", " ").replace("\t", " ")
    kept = element.get(XML_SPACE) == "preserve"
    return text if kept else text.strip(" ")


def _look(properties: Element | None) -> Look:
    if properties is None:
        return _PLAIN
    shown = [one for one in properties if local(one) not in _UNSEEN]
    key = tuple(sorted((_key(one) for one in shown), key=repr))
    return Look(key, properties, any(local(one) in _ON_SPACES for one in shown))


def _key(element: Element) -> tuple[Any, ...]:
    fonts = local(element) == "rFonts"
    values = tuple(
        sorted(
            (name.rpartition("}")[2], value)
            for name, value in element.attrib.items()
            if not (fonts and name.endswith("}hint")) and "rsid" not in name
        )
    )
    return (local(element), values, *(_key(one) for one in element if local(one)))


def _is_hidden(properties: Element | None) -> bool:
    return boolean(child(properties, "vanish"))


def _is_symbols(properties: Element | None) -> bool:
    fonts = child(properties, "rFonts")
    return fonts is not None and is_symbol_font(attribute(fonts, "ascii"))


# --- fields ---


def _is_computed(instruction: str) -> bool:
    name = _name_of(instruction)
    return name in _COMPUTED or name.startswith("=")


def _name_of(instruction: str) -> str:
    """The name of a field, by its instruction."""
    return instruction.split(maxsplit=1)[0].lower() if instruction.strip() else ""


def _with_fields(items: Sequence[Item]) -> list[Item]:
    """Fields that begin and end here: as containers of their words, or as points where they have none."""
    ends = _ends_of_fields(items)
    found: list[Item] = []
    at = 0
    while at < len(items):
        end = ends.get(at)
        if end is None:
            found.append(items[at])
            at += 1
        else:
            found.extend(_field(items[at : end + 1]))
            at = end + 1
    return found


def _ends_of_fields(items: Sequence[Item]) -> dict[int, int]:
    """Where each field ends, by where it begins."""
    ends: dict[int, int] = {}
    begun: list[int] = []
    for at, item in enumerate(items):
        if isinstance(item, Point) and item.role == "begin":
            begun.append(at)
        elif isinstance(item, Point) and item.role == "end" and begun:
            begin = begun.pop()
            if items[begin].around == item.around:
                ends[begin] = at
    return ends


def _field(items: Sequence[Item]) -> list[Item]:
    around = items[0].around
    separator, instruction = _instruction(items)
    whole = Point(items=tuple(items), around=around, role=_name_of(instruction))
    if separator is None or _is_computed(instruction):
        return [whole]
    before, end = items[: separator + 1], items[-1]
    result = _with_fields(items[separator + 1 : -1])
    said = any(isinstance(item, Words) and has_letters(item.text) for item in result)
    if not said or not isinstance(end, Point) or not all(item.around == around for item in before):
        return [whole]
    points = tuple(item for item in before if isinstance(item, Point))
    link = instruction.strip().lower().startswith("hyperlink")
    container = Container(before=points, after=(end,), copies=link)
    return [replace(item, around=(*around, container, *item.around[len(around) :])) for item in result]


def _instruction(items: Iterable[Item]) -> tuple[int | None, str]:
    """Where the instruction of a field ends, and what it is."""
    depth, instruction = 0, ""
    for at, item in enumerate(items):
        if not isinstance(item, Point):
            continue
        if item.role in ("begin", "end"):
            depth += 1 if item.role == "begin" else -1
        elif depth == 1 and item.role == "separate":
            return at, instruction
        elif depth == 1 and item.role == "instr":
            instruction += "".join(text_of(node) for node in item.nodes)
    return None, instruction
