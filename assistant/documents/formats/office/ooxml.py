"""What the drawings of an Office document show: descriptions, charts, diagrams, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from assistant.documents.formats.shared.embedded_pictures import EmbeddedPicture
from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.file_reading.office_package import Package
from assistant.file_reading.safe_xml import Element, attribute


def description(properties: Element) -> str:
    """What the author wrote about a picture for those who cannot see it; "" for what a program wrote."""
    text = one_line(attribute(properties, "descr"))
    return text if " " in text and "automatically generated" not in text.lower() else ""


def graphic_text(package: Package, part: str, graphic: Element, *, values: bool = True) -> str:
    """The lines of a chart or diagram that a drawing in `part` shows; `values`: its numbers too."""
    from assistant.documents.formats.office.charts import chart_lines, diagram_lines

    texts: list[str] = []
    relationships = package.relationships(part)
    for element in graphic.iter("{*}chart", "{*}relIds"):
        identity = attribute(element, "id") or attribute(element, "dm")
        relationship = relationships.get(identity)
        if relationship is None or relationship.external:
            continue
        root = package.optional_xml(relationship.target)
        if root is None:
            continue
        chart = relationship.kind.startswith("chart")
        texts.extend(chart_lines(root, values=values) if chart else diagram_lines(root))
    return "\n".join(texts)


def pictures(package: Package, part: str, root: Element) -> Iterator[EmbeddedPicture]:
    """The pictures that an element of `part` shows, in its order; some are there twice, as VML too."""
    relationships = package.relationships(part)
    for element in root.iter("{*}blip", "{*}imagedata"):
        identity = attribute(element, "embed") or attribute(element, "id")
        found = relationships.get(identity)
        if found is not None and not found.external and found.target in package.archive:
            yield EmbeddedPicture.of_file(partial(package.archive.read, found.target), found.target)
