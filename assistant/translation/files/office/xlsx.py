"""Workbooks (.xlsx, .xlsm, .xltx): cells, comments, headers, prompts, shapes, charts; no formulas."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    children,
    descendants,
    member_xml,
    space,
)
from assistant.translation.files.office.drawing_text import add_drawing_texts
from assistant.translation.files.office.graphics import graphics
from assistant.translation.files.office.office_file import Blocks, Contents, OfficeFile, Part, Writing
from assistant.translation.files.office.package import EditablePackage
from assistant.translation.files.office.plain_places import PlainText, attribute_text, element_text, titles
from assistant.translation.files.office.sheet_formulas import Formulas
from assistant.translation.files.office.sheet_strings import HeaderText, SheetString, upright

_LIMITS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255, "tooltip": 255, "display": 2084}
"""Characters; Excel takes a longer one for damage."""
_HEADERS = tuple(f"{{*}}{which}{end}" for which in ("odd", "even", "first") for end in ("Header", "Footer"))
_CAPTIONS = ("caption", "rowHeaderCaption", "colHeaderCaption", "grandTotalCaption", "dataCaption")
_NUMBERED_NAME = re.compile(r"[^\W\d_]+ ?\d+")
"""A sheet that nobody gave a name."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31


def open(path: Path) -> OfficeFile:
    """Raises UnreadableDocument."""
    return OfficeFile(path, _contents)


def _contents(package: EditablePackage) -> Contents:
    book = _Workbook(package)
    return Contents([*book.parts(), titles(package.properties())], prepare=book.prepare)


class _Workbook:
    def __init__(self, package: EditablePackage) -> None:
        self._package = package
        self._main = package.main_part("xl/workbook.xml")
        root = member_xml(package.archive, self._main)
        entries = [entry for listing in children(root, "sheets") for entry in listing]
        self._sheets = [
            (attribute(entry, "name"), name)
            for entry in entries
            if (name := package.target(self._main, entry)) is not None
        ]
        self._formulas = Formulas()
        sheet_of = {name: sheet for sheet, name in self._sheets}
        parts = [name for name in package.archive.names if name.lower().endswith(".xml")]
        self._formulas.read(package.archive, ((name, sheet_of.get(name, "")) for name in parts))
        self._has_macros = any(name.lower().endswith("vbaproject.bin") for name in package.archive.names)

    def parts(self) -> Iterator[Part]:
        package, main = self._package, self._main
        yield Part(main, self._collect_names, self._finish_workbook, needed=True)
        for name in package.each_related(main, "sharedStrings"):
            yield Part(name, self._collect_shared)
        for sheet, name in self._sheets:
            yield Part(name, partial(self._collect_sheet, place=sheet), _finish_sheet)
            for drawing in package.each_related(name, "drawing"):
                yield Part(drawing, partial(add_drawing_texts, place=sheet))
                yield from graphics(package, drawing, sheet)
            for comments in package.each_related(name, "comments"):
                yield Part(comments, partial(_collect_comments, place=f"{sheet}, comments"))
            for comments in package.each_related(name, "threadedComment"):
                yield Part(comments, partial(_collect_threads, place=f"{sheet}, comments"))
            for table in package.each_related(name, "table"):
                yield Part(table, finish=_finish_table)
            for controls in package.each_related(name, "vmlDrawing"):
                yield Part(controls, partial(_collect_controls, place=sheet), optional=True)
            for pivot in package.each_related(name, "pivotTable"):
                yield Part(pivot, partial(_collect_captions, place=sheet))
            for slicers in package.each_related(name, "slicer", "timeline"):
                yield Part(slicers, partial(_collect_captions, place=sheet))
        for name in package.each_related(main, "styles"):
            yield Part(name, finish=_finish_styles)

    # --- what is translated ---

    def _collect_shared(self, root: Element, blocks: Blocks) -> None:
        used = self._formulas.first_use
        for number, string in enumerate(children(root, "si")):
            if number in used or not self._formulas.complete:
                self._add(blocks, SheetString(string, used.get(number, "")))

    def _collect_sheet(self, root: Element, blocks: Blocks, place: str) -> None:
        for cell in descendants(root, "c"):
            kind = cell.get("t")
            where = f"{place}!{cell.get('r', '')}"
            if kind == "inlineStr":
                for inline in children(cell, "is"):
                    self._add(blocks, SheetString(inline, where))
            elif kind == "str" and child(cell, "f") is None:
                for value in children(cell, "v"):
                    self._add(blocks, element_text(value, where))
        for header in root.iter(*_HEADERS):
            blocks.add(HeaderText(header, f"{place}, header"), "header")
        for validation in root.iter("{*}dataValidation"):
            for name in ("promptTitle", "prompt", "errorTitle", "error"):
                blocks.add(_limited(validation, name, place), "prompt")
        for link in root.iter("{*}hyperlink"):
            for name in ("display", "tooltip"):
                blocks.add(_limited(link, name, place), "link")
        for chosen in root.iter("{*}filter"):
            self._add(blocks, attribute_text(chosen, "val", place))

    def _add(self, blocks: Blocks, block: SheetString | PlainText) -> None:
        """A string, unless formulas know it."""
        if not any(one.text.casefold() in self._formulas.literals for one in block.paragraphs):
            blocks.add(block, "string")

    def _collect_names(self, root: Element, blocks: Blocks) -> None:
        """The names of sheets that nothing refers to."""
        taken = {sheet.casefold() for sheet, _ in self._sheets}
        for entry in (one for listing in children(root, "sheets") for one in listing):
            name = attribute(entry, "name")
            if not (self._has_macros or _NUMBERED_NAME.fullmatch(name) or self._formulas.name_sheet(name)):
                blocks.add(PlainText(name, "sheet name", partial(_rename, entry, taken)))

    def _finish_workbook(self, root: Element, writing: Writing) -> bool:
        """Have formulas computed anew, which may show what was translated."""
        changed = False
        for properties in root.iter("{*}calcPr"):
            properties.set("fullCalcOnLoad", "1")
            changed = True
        return changed

    def prepare(self, package: EditablePackage, writing: Writing) -> None:
        """Find the headers of tables that must stay: what formulas or pivot tables call so, and what would
        have the name of another column."""
        for name in package.archive.names:
            if "/tables/" in name:
                columns = [
                    attribute(one, "name")
                    for one in descendants(member_xml(package.archive, name), "tableColumn")
                ]
                new = [writing.known.get(column, column).casefold() for column in columns]
                count = Counter(new)
                for column, other in zip(columns, new, strict=True):
                    if writing.below or count[other] > 1 or column.casefold() in self._formulas.columns:
                        writing.kept.add(column)
            elif "pivotCacheDefinition" in name:
                root = member_xml(package.archive, name)
                writing.kept.update(attribute(one, "name") for one in descendants(root, "cacheField"))


def _rename(entry: Element, taken: set[str], name: str) -> None:
    short = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip("'")[:_NAME_LENGTH].strip()
    if short and short.casefold() not in taken:
        taken.add(short.casefold())
        entry.set("name", short)


def _limited(element: Element, name: str, place: str) -> PlainText:
    def put(text: str) -> None:
        most = _LIMITS[name]
        element.set(name, text if len(text) <= most else f"{text[: most - 1]}…")

    return PlainText(element.get(name, ""), f"{place}, prompt", put)


def _collect_comments(root: Element, blocks: Blocks, place: str) -> None:
    for comment in descendants(root, "comment"):
        for text in children(comment, "text"):
            blocks.add(SheetString(text, place))


def _collect_threads(root: Element, blocks: Blocks, place: str) -> None:
    for comment in children(root, "threadedComment"):
        for text in children(comment, "text"):
            blocks.add(PlainText(text.text or "", place, partial(_put_thread, comment, text)))


def _put_thread(comment: Element, text: Element, words: str) -> None:
    text.text = words
    for mentions in children(comment, "mentions"):
        comment.remove(mentions)  # they count characters


def _collect_captions(root: Element, blocks: Blocks, place: str) -> None:
    for name in _CAPTIONS:
        for element in root.iter("{*}slicer", "{*}timeline", "{*}pivotTableDefinition"):
            blocks.add(attribute_text(element, name, place), "caption")


def _collect_controls(root: Element, blocks: Blocks, place: str) -> None:
    """What stands on buttons and boxes of old forms."""
    for box in root.iter("{*}textbox"):
        for element in box.iter("{*}font", "font", "{*}div", "div"):
            blocks.add(element_text(element, place), "control")


# --- what else changes ---


def _finish_sheet(root: Element, writing: Writing) -> bool:
    if writing.below:
        lower = [
            row
            for row in descendants(root, "row")
            if row.get("customHeight") not in ("1", "true") and "ht" in row.attrib
        ]
        for row in lower:
            del row.attrib["ht"]
        return bool(lower)
    changed = False
    for cell in descendants(root, "c"):
        value = child(cell, "v") if cell.get("t") == "str" and child(cell, "f") is not None else None
        if value is not None:
            known = writing.known.get(value.text or "", value.text)
            changed = changed or known != value.text
            value.text = known
    for view in root.iter("{*}sheetView"):
        if writing.language.right_to_left:
            view.set("rightToLeft", "1")
            changed = True
        else:
            changed = view.attrib.pop("rightToLeft", None) is not None or changed
    return changed


def _finish_styles(root: Element, writing: Writing) -> bool:
    changed = writing.below
    for looks in children(root, "cellXfs") if writing.below else ():
        for look in looks:
            _wrap(look)
    for font in root.iter("{*}font"):
        changed = upright(font, writing) or changed
    return changed


def _wrap(look: Element) -> None:
    """Have the second line of a cell seen."""
    alignment = child(look, "alignment")
    if alignment is None:
        alignment = look.makeelement(f"{{{space(look)}}}alignment")
        look.insert(0, alignment)
    alignment.set("wrapText", "1")
    look.set("applyAlignment", "1")


def _finish_table(root: Element, writing: Writing) -> bool:
    """Columns are called what the cells above them say."""
    changed = False
    for column in descendants(root, "tableColumn"):
        for name in ("name", "totalsRowLabel"):
            text = column.get(name, "")
            new = writing.known.get(text, text)
            if text not in writing.kept and new != text and not writing.below:
                column.set(name, new)
                changed = True
    return changed
