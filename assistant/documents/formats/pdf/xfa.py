"""Forms that only Adobe's programs can show (XFA): what they ask and what is filled in, from their XML."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.documents.formats.shared.section_builder import SectionBuilder
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.documents.records import Section
from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import (
    Element,
    attribute,
    child,
    descendants,
    local,
    parse_xml,
    text_of,
)

MAX_LINES = 20_000
"""Fields and texts of a form that are read."""


def form_sections(content: bytes) -> list[Section]:
    """The texts of a form in their order, each field with what is filled in.

    Raises UnreadableDocument where nothing can be made of the XML.
    """
    root = parse_xml(content)
    values = list(_values(next(descendants(root, "data"), None)))
    build = SectionBuilder("form")
    lines = 0
    for element in _asked(next(descendants(root, "template"), None)):
        lines += 1
        if lines > MAX_LINES:
            break
        if local(element) == "draw":
            build.line(_text(child(element, "value")))
            continue
        name = attribute(element, "name")
        at = next((at for at, (field, _) in enumerate(values) if field == name), None)
        value = values.pop(at)[1] if at is not None else _text(child(element, "value"))
        caption = _text(child(child(element, "caption"), "value")).rstrip(":")
        if caption or value:
            build.line(f"{caption or name}: {value}".rstrip(": ") if value else caption)
    for name, value in values[: MAX_LINES - lines]:
        build.line(f"{name}: {value}")
    sections = build.finish()
    if not sections:
        raise UnreadableDocument("page-stand-in")
    return sections


def _asked(template: Element | None) -> Iterator[Element]:
    """The texts and fields of a form's template, but for buttons."""
    if template is None:
        return
    for element in template.iter("{*}draw", "{*}field"):
        if next(descendants(child(element, "ui"), "button"), None) is None:
            yield element


def _values(data: Element | None) -> Iterator[tuple[str, str]]:
    """Names and values of what is filled in, in its order."""
    for element in data.iter() if data is not None else ():
        if not local(element) or len(element):
            continue
        value = one_line(text_of(element))
        if value:
            yield local(element), value


def _text(value: Element | None) -> str:
    return one_line(text_of(value))
