"""Properties of paragraphs, runs, tables and sections in Word, set for the language of the translation.

Word mirrors a paragraph that runs from right to left by itself: what is `left` in its alignment, indents and
tab stops is the side where lines begin (ECMA-376, part 1, 17.3.1.6 and 17.3.1.12). A run in a complex script
has looks, sizes and fonts of its own (17.3.2), which follow the others here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator

from assistant.file_reading.office_package import boolean
from assistant.file_reading.safe_xml import Element, attribute, child, children, local, space
from assistant.translation.files.target_language import TargetLanguage

_ORDERS = {
    "rPr": (
        "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow"
        " emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs"
        " highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr"
        " shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE"
        " autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents"
        " suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr"
        " sectPr pPrChange"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc"
        " tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
        " tblPrChange"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders"
        " lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid"
        " printerSettings sectPrChange"
    ),
}
_PLACES = {kind: {name: at for at, name in enumerate(order.split())} for kind, order in _ORDERS.items()}
"""The order in which Word wants the properties, by the name of what holds them."""
_COMPLEX_TWINS = (("b", "bCs"), ("i", "iCs"), ("sz", "szCs"))


def new_child(parent: Element, name: str, values: dict[str, str] | None = None) -> Element:
    """A child in the namespace of `parent`, with attributes of that namespace, where its schema wants it."""
    namespace = space(parent)
    attributes = {f"{{{namespace}}}{key}": value for key, value in (values or {}).items()}
    element = parent.makeelement(f"{{{namespace}}}{name}", attributes)
    places = _PLACES.get(local(parent), {})
    own = places.get(name, len(places))
    at = next((at for at, one in enumerate(parent) if places.get(local(one), len(places)) > own), len(parent))
    parent.insert(at, element)
    return element


def put(parent: Element, name: str, values: dict[str, str] | None = None) -> Element:
    """As `new_child`, in the place of one that is there."""
    drop(parent, name)
    return new_child(parent, name, values)


def drop(parent: Element | None, *names: str) -> bool:
    """Whether any were there."""
    if parent is None:
        return False
    found = [one for one in parent if local(one) in names]
    for one in found:
        parent.remove(one)
    return bool(found)


def properties_of(element: Element, name: str) -> Element:
    """The properties of a paragraph, a run or a table; they come first in it."""
    found = child(element, name)
    if found is None:
        found = element.makeelement(f"{{{space(element)}}}{name}")
        element.insert(0, found)
    return found


class WordLanguage:
    """Sets the language of what is translated. It knows which styles are slanted."""

    def __init__(self, language: TargetLanguage, slanted: frozenset[str], turned: frozenset[str]) -> None:
        """`slanted`, `turned`: ids of the styles that are in italics, and that run from right to left."""
        self._language = language
        self._kind = "bidi" if language.complex else "eastAsia" if language.wide else "val"
        """Which of the languages of a text it is to Word."""
        self._slanted = slanted
        self._turned = turned

    def run(self, properties: Element, style: str, *, turns: bool) -> None:
        """Set the properties of a run in a paragraph of this style; `turns`: it has letters to turn."""
        language = self._language
        drop(properties, "lang", "rtl", "cs")
        put(properties, "lang", {self._kind: language.tag})
        if language.wide:
            fonts = child(properties, "rFonts")
            if fonts is None:
                fonts = new_child(properties, "rFonts")
            fonts.set(f"{{{space(properties)}}}hint", "eastAsia")
        if not language.italics:
            drop(properties, "i", "iCs")
            if style in self._slanted or attribute(child(properties, "rStyle"), "val") in self._slanted:
                put(properties, "i", {"val": "0"})
                put(properties, "iCs", {"val": "0"})
        if language.complex:
            _follow(properties)
        if language.right_to_left and turns:
            put(properties, "rtl")

    def paragraph(self, paragraph: Element) -> None:
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        if self._language.right_to_left:
            put(properties_of(paragraph, "pPr"), "bidi")
            drop(child(properties, "rPr"), "rtl")
        elif properties is not None:
            drop(properties, "bidi")
            drop(child(properties, "rPr"), "rtl")
        if not self._language.right_to_left and style in self._turned:
            put(properties_of(paragraph, "pPr"), "bidi", {"val": "0"})

    def around(self, root: Element) -> bool:
        """Turn tables, sections, and paragraphs without words; whether there was anything to do."""
        turned = self._language.right_to_left
        changed = False
        for kind, name in (("tblPr", "bidiVisual"), ("sectPr", "bidi")):
            for properties in root.iter(f"{{*}}{kind}"):
                changed = drop(properties, name) or changed
                if turned:
                    new_child(properties, name)
        for paragraph in root.iter("{*}p"):
            if turned and "word" in space(paragraph):
                put(properties_of(paragraph, "pPr"), "bidi")
            elif not turned:
                changed = drop(child(paragraph, "pPr"), "bidi") or changed
        return changed or turned

    def styles(self, root: Element) -> None:
        """Set the language of the document, and let the looks of complex scripts follow the others."""
        language = self._language
        for defaults in root.iter("{*}rPrDefault"):
            properties = properties_of(defaults, "rPr")
            tag = child(properties, "lang")
            tag = tag if tag is not None else new_child(properties, "lang")
            tag.set(f"{{{space(tag)}}}{self._kind}", language.tag)
        if language.complex:
            for properties in root.iter("{*}rPr"):
                _follow(properties)

    def settings(self, root: Element) -> bool:
        """The language that the fonts of the theme are chosen by."""
        tag = child(root, "themeFontLang")
        if tag is None:
            return False
        tag.set(f"{{{space(tag)}}}{self._kind}", self._language.tag)
        return True


def _follow(properties: Element) -> None:
    for name, twin in _COMPLEX_TWINS:
        found = child(properties, name)
        if found is not None and child(properties, twin) is None:
            values = {key.rpartition("}")[2]: value for key, value in found.attrib.items()}
            new_child(properties, twin, values)


class WordStyles:
    """What the styles of a document say, as far as a translation has to know it."""

    def __init__(self, root: Element | None, numbering: Element | None = None) -> None:
        self._indents = dict(_list_indents(numbering))
        styles = [one for one in root if local(one) == "style"] if root is not None else []
        self._bases = {
            attribute(style, "styleId"): attribute(child(style, "basedOn"), "val") for style in styles
        }
        self.slanted = self._with(styles, "rPr", "i")
        self.turned = self._with(styles, "pPr", "bidi")
        titles = {
            attribute(style, "styleId"): attribute(child(style, "name"), "val").lower() for style in styles
        }
        self.titles = frozenset(
            identity
            for identity, name in titles.items()
            if name.startswith("heading") or name in ("title", "subtitle")
        )
        self._lists = {
            attribute(style, "styleId"): numbers
            for style in styles
            if (numbers := child(child(style, "pPr"), "numPr")) is not None
        }
        self._languages: dict[TargetLanguage, WordLanguage] = {}

    def language(self, target: TargetLanguage) -> WordLanguage:
        if target not in self._languages:
            self._languages[target] = WordLanguage(target, self.slanted, self.turned)
        return self._languages[target]

    def list_indent(self, properties: Element) -> str:
        """How far the words of an item stand from the edge, by the list that it is in; "" in none."""
        numbers = child(properties, "numPr")
        if numbers is None:
            numbers = self._lists.get(attribute(child(properties, "pStyle"), "val"))
        level = attribute(child(numbers, "ilvl"), "val", "0")
        return self._indents.get((attribute(child(numbers, "numId"), "val"), level), "")

    def _with(self, styles: Iterable[Element], group: str, name: str) -> frozenset[str]:
        """Ids of the styles that turn a property on, by themselves or by what they are based on."""
        own = {
            attribute(style, "styleId"): boolean(switch)
            for style in styles
            if (switch := child(child(style, group), name)) is not None
        }
        return frozenset(identity for identity in self._bases if self._inherited(identity, own))

    def _inherited(self, identity: str, own: dict[str, bool]) -> bool:
        seen: set[str] = set()
        while identity in self._bases and identity not in seen:
            if identity in own:
                return own[identity]
            seen.add(identity)
            identity = self._bases[identity]
        return False


def _list_indents(numbering: Element | None) -> Iterator[tuple[tuple[str, str], str]]:
    """By list and level."""
    levels = {
        attribute(kind, "abstractNumId"): {
            attribute(level, "ilvl"): attribute(child(child(level, "pPr"), "ind"), "left")
            for level in children(kind, "lvl")
        }
        for kind in children(numbering, "abstractNum")
    }
    for number in children(numbering, "num"):
        kind = attribute(child(number, "abstractNumId"), "val")
        for level, indent in levels.get(kind, {}).items():
            yield (attribute(number, "numId"), level), indent


def copied(properties: Element | None, parent: Element) -> Element:
    """Properties of a run for another run."""
    if properties is not None:
        return copy.deepcopy(properties)
    return parent.makeelement(f"{{{space(parent)}}}rPr")
