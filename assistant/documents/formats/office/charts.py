"""The words and numbers of a chart or diagram in an Office document."""

from __future__ import annotations

from assistant.documents.formats.shared.text_cleaning import one_line
from assistant.file_reading.safe_xml import Element, child, children, descendants, local, text_of

MAX_POINTS = 400
"""More points of a series say nothing to a reader."""


def chart_lines(root: Element, *, values: bool = True) -> list[str]:
    """A chart as rows: its title, a row of series names, one row a category; tabs between the cells."""
    lines: list[str] = []
    chart = child(root, "chart")
    if chart is None:
        return lines
    title = _rich_text(child(chart, "title"))
    if title:
        lines.append(title)
    for axis in chart.iter("{*}catAx", "{*}valAx", "{*}dateAx"):
        name = _rich_text(child(axis, "title"))
        if name:
            lines.append(name)
    series: list[tuple[str, dict[int, str], dict[int, str]]] = []
    for element in descendants(chart, "ser"):
        name = one_line(" ".join(text_of(value) for value in _named(child(element, "tx"), "v")))
        categories = _points(child(element, "cat")) or _points(child(element, "xVal"))
        numbers = _points(child(element, "val")) or _points(child(element, "yVal"))
        series.append((name, categories, numbers))
    if not values:
        return lines + [name for name, _, _ in series if name]
    if any(name for name, _, _ in series):
        lines.append("\t".join(["", *(name for name, _, _ in series)]))
    categories = next((found for _, found, _ in series if found), {})
    indices = sorted(set(categories) | {index for _, _, numbers in series for index in numbers})[:MAX_POINTS]
    for index in indices:
        cells = [categories.get(index, ""), *(numbers.get(index, "") for _, _, numbers in series)]
        if any(cells):
            lines.append("\t".join(cells))
    return lines


def diagram_lines(root: Element) -> list[str]:
    """The texts of a SmartArt diagram in the order in which they were written."""
    lines = []
    for point in descendants(root, "pt"):
        text = _rich_text(point)
        if text and point.get("type", "node") in ("node", "asst", "doc"):
            lines.append(text)
    return lines


def _rich_text(element: Element | None) -> str:
    if element is None:
        return ""
    paragraphs = [
        "".join(text_of(run) for run in descendants(paragraph, "t"))
        for paragraph in descendants(element, "p")
    ]
    text = " ".join(filter(None, paragraphs))
    return one_line(text or " ".join(text_of(value) for value in _named(element, "v")))


def _points(element: Element | None) -> dict[int, str]:
    """Cached values by their index; only the innermost level of categories on several levels."""
    found: dict[int, str] = {}
    if element is None:
        return found
    levels = list(descendants(element, "lvl"))
    for point in descendants(levels[0] if levels else element, "pt"):
        try:
            index = int(point.get("idx", ""))
        except ValueError:
            continue
        for value in children(point, "v"):
            found[index] = _short_number(one_line(text_of(value)))
    return found


def _short_number(text: str) -> str:
    """Stored values carry the noise of binary fractions: 4.3000000000000007."""
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:.12g}" if "." in text or "e" in text.lower() else text


def _named(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [other for other in element.iter() if local(other) == name]
