"""Presentations (.pptx, .pptm, .potx, .ppsx): slides, notes, comments, what layouts show on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.file_reading.safe_xml import Element, children, descendants, local, member_xml
from assistant.translation.files.office.drawing_text import add_drawing_texts, turn_styles
from assistant.translation.files.office.graphics import graphics
from assistant.translation.files.office.office_file import Blocks, Contents, OfficeFile, Part, Writing
from assistant.translation.files.office.package import EditablePackage
from assistant.translation.files.office.plain_places import attribute_text, element_text, titles

_BACKGROUNDS = {
    "slideLayout": "layout", "slideMaster": "layout", "notesMaster": "notes", "handoutMaster": "handout",
}  # fmt: skip
"""What lies behind slides and notes, by the kind of its relationship."""


def open(path: Path) -> OfficeFile:
    """Raises UnreadableDocument."""
    return OfficeFile(path, _contents)


def _contents(package: EditablePackage) -> Contents:
    main = package.main_part("ppt/presentation.xml")
    root = member_xml(package.archive, main)
    slides = _slides(package, main, root)
    parts: list[Part] = []
    for number, name in enumerate(slides, start=1):
        parts.extend(_of_slide(package, name, f"slide {number}"))
    for kind, place in _BACKGROUNDS.items():
        owners = [main, *(part.name for part in parts)]
        names = [name for owner in owners for name in package.each_related(owner, kind)]
        parts.extend(
            Part(name, partial(_collect_background, place=place), partial(turn_styles, aligned=True))
            for name in dict.fromkeys(names)
        )
    parts.append(Part(main, _collect_sections, _finish_presentation, needed=True))
    parts.append(titles(package.properties()))
    language = next((one.get("lang", "") for one in descendants(root, "defRPr")), "")
    return Contents(parts, language.partition("-")[0].lower())


def _slides(package: EditablePackage, main: str, root: Element | None) -> list[str]:
    """In the order in which they are shown."""
    entries = [entry for listing in descendants(root, "sldIdLst") for entry in listing]
    names = [name for entry in entries if (name := package.target(main, entry)) is not None]
    return names or package.each_related(main, "slide")


def _of_slide(package: EditablePackage, name: str, place: str) -> Iterator[Part]:
    yield Part(name, partial(add_drawing_texts, place=place), turn_styles)
    yield from graphics(package, name, place)
    for notes in package.each_related(name, "notesSlide"):
        yield Part(notes, partial(add_drawing_texts, place=f"{place}, notes"), turn_styles)
    for comments in package.each_related(name, "comments"):
        yield Part(comments, partial(_collect_comments, place=f"{place}, comments"))


def _collect_comments(root: Element, blocks: Blocks, place: str) -> None:
    for text in root.iter("{*}text"):
        blocks.add(element_text(text, place))
    add_drawing_texts(root, blocks, place)


def _collect_background(root: Element, blocks: Blocks, place: str) -> None:
    """What a layout shows on its slides: all but its placeholders, which only ask to be filled in."""
    for tree in descendants(root, "spTree"):
        for shape in tree:
            if next(shape.iter("{*}ph"), None) is None:
                add_drawing_texts(shape, blocks, place)


def _collect_sections(root: Element, blocks: Blocks) -> None:
    for listing in root.iter("{*}sectionLst"):
        for section in children(listing, "section"):
            blocks.add(attribute_text(section, "name", "section"))


def _finish_presentation(root: Element, writing: Writing) -> bool:
    if writing.below:
        return False
    changed = turn_styles(root, writing, aligned=True)
    if writing.language.right_to_left:
        root.set("rtl", "1")
    elif local(root) == "presentation":
        changed = root.attrib.pop("rtl", None) is not None or changed
    return changed or writing.language.right_to_left
