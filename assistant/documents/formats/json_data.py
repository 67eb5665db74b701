"""Data files: JSON, lines of JSON and notebooks (.ipynb) as readable text with the path of each value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.documents.formats import plain_text
from assistant.documents.formats.markdown import markdown_sections
from assistant.documents.formats.shared.pagination import FlowDocument, title_of
from assistant.documents.formats.shared.section_builder import SECTION_CHARACTERS, SectionBuilder
from assistant.documents.formats.shared.text_cleaning import flowing, plain
from assistant.documents.records import Section
from assistant.file_reading.encoding_detection import decoded_blocks, encoding_of, numbered_lines

if TYPE_CHECKING:
    from assistant.documents.formats.open_document import Document

MAX_BYTES = 32 << 20
"""A larger file is read as plain text: as objects it would take twenty times its size."""
COUNTED_BYTES = 1 << 20
"""A smaller file is read when it is opened, so that its parts are counted."""
MAX_DEPTH = 60
"""What is nested deeper is shown as an ellipsis."""
_LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})


def open(path: Path, password: str | None) -> Document:
    """The data at `path`; what is not valid JSON is read as the text that it is.

    Raises UnreadableDocument where it is not text.
    """
    encoding = encoding_of(path)
    if path.suffix.lower() in _LINES_SUFFIXES:
        return FlowDocument("jsonl", title_of(path), lambda: _lines(path, encoding))
    if path.stat().st_size > MAX_BYTES:
        return plain_text.open_plain(path, encoding, "json")
    source = "".join(decoded_blocks(path, encoding))
    try:
        value = _loads(source)
    except (ValueError, RecursionError):
        # Several objects one after the other are often named .json too.
        if _first_line_is_whole(source):
            return FlowDocument("jsonl", title_of(path), lambda: _lines(path, encoding))
        return plain_text.open_plain(path, encoding, "json")
    del source
    if path.suffix.lower() == ".ipynb" and isinstance(value, dict) and isinstance(value.get("cells"), list):
        return FlowDocument("notebook", title_of(path), lambda: _notebook(value), count=True)
    return FlowDocument(
        "json",
        title_of(path),
        lambda: json_sections(value),
        empty="no-values",
        count=path.stat().st_size <= COUNTED_BYTES,
    )


def _first_line_is_whole(source: str) -> bool:
    first, _, rest = source.lstrip("\ufeff \r\n\t").partition("\n")
    if not rest.strip():
        return False
    try:
        return isinstance(_loads(first), dict | list)
    except (ValueError, RecursionError):
        return False


def _loads(source: str) -> Any:
    """The values of JSON; numbers stay as they are written, so that 19.90 is not 19.9."""
    return json.loads(source, parse_float=str, parse_int=str)


def json_sections(value: Any) -> Iterator[Section]:
    """The sections of parsed JSON: each says the path that its lines are under."""
    yield from _Writer().write(value, "", 0)


class _Writer:
    """Writes values as indented lines and begins a new section where one grows too long."""

    def write(self, value: Any, path: str, depth: int) -> Iterator[Section]:
        lines = list(value_lines(value, SECTION_CHARACTERS, 0))
        size = sum(map(len, lines))
        if size <= SECTION_CHARACTERS or depth > MAX_DEPTH or not isinstance(value, dict | list):
            yield from _section(lines, path)
            return
        # Small neighbours share a section, a large one is divided further.
        held: list[str] = []
        first = last = ""
        size = 0
        for key, one in _entries(value):
            here = f"{path}{key}" if key.startswith("[") or not path else f"{path}.{key}"
            entry = list(_entry_lines(key, one, SECTION_CHARACTERS, 0))
            length = sum(map(len, entry))
            if held and size + length > SECTION_CHARACTERS:
                yield from _section(held, _range(first, last))
                held, size = [], 0
            if length > SECTION_CHARACTERS:
                yield from self.write(one, here, depth + 1)
                continue
            if not held:
                first = here
            last = here
            held.extend(entry)
            size += length
        yield from _section(held, _range(first, last))


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _section(lines: list[str], path: str) -> Iterator[Section]:
    build = SectionBuilder(f"at {path}" if path else "whole file", above=(path,) if path else ())
    build.preformatted("\n".join(lines))
    yield from build.finish()


def _entries(value: dict[str, Any] | list[Any]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    else:
        yield from ((f"[{index}]", one) for index, one in enumerate(value))


def value_lines(value: Any, limit: int, depth: int) -> Iterator[str]:
    """Lines of a value: "key: value", what lies deeper indented. It stops soon after `limit` characters."""
    size = 0
    if not isinstance(value, dict | list):
        yield _scalar(value)
        return
    if isinstance(value, list) and value and not any(isinstance(one, dict | list) for one in value):
        text = ", ".join(map(_scalar, value))
        if len(text) <= 200:
            yield text
            return
    for key, one in _entries(value):
        for line in _entry_lines(key, one, limit - size, depth):
            size += len(line)
            yield line
        if size > limit:
            return


def _entry_lines(key: str, value: Any, limit: int, depth: int) -> Iterator[str]:
    """The lines of one member; an item of a list has no name worth writing, only a dash."""
    name = "-" if key.startswith("[") else f"{flowing(key)}:"
    if not isinstance(value, dict | list):
        yield f"{name} {_scalar(value)}".rstrip()
        return
    if depth > MAX_DEPTH:
        yield f"{name} …"
        return
    lines = value_lines(value, limit, depth + 1)
    if isinstance(value, list) and value and not any(isinstance(one, dict | list) for one in value):
        inner = list(lines)
        if len(inner) == 1:
            yield f"{name} {inner[0]}"
            return
        lines = iter(inner)
    if name == "-":
        for index, line in enumerate(lines):
            yield f"- {line}" if index == 0 else f"  {line}"
        return
    yield name
    for line in lines:
        yield f"  {line}"


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(str(value))


# --- lines of JSON -------------------------------------------------------------------------------


def _lines(path: Path, encoding: str) -> Iterator[Section]:
    """Neighbouring records share a section; the place is their lines."""
    held: list[str] = []
    size = first = last = 0

    def flush() -> Iterator[Section]:
        nonlocal held, size
        if held:
            span = f"line {first}" if first == last else f"lines {first}–{last}"
            build = SectionBuilder(span)
            build.preformatted("\n\n".join(held))
            yield from build.finish()
        held, size = [], 0

    for number, line in numbered_lines(path, encoding, MAX_BYTES):
        if not line.strip():
            continue
        try:
            record = "\n".join(value_lines(_loads(line), 10 * SECTION_CHARACTERS, 0))
        except (ValueError, RecursionError):
            record = line
        if size + len(record) > SECTION_CHARACTERS // 2:
            yield from flush()
        if not held:
            first = number
        last = number
        held.append(record)
        size += len(record)
    yield from flush()


# --- notebooks -----------------------------------------------------------------------------------


def _notebook(value: dict[str, Any]) -> Iterator[Section]:
    heading: tuple[str, ...] = ()
    for number, cell in enumerate(value["cells"], start=1):
        if not isinstance(cell, dict):
            continue
        place = f"cell {number}"
        source = _joined(cell.get("source"))
        if cell.get("cell_type") == "markdown":
            for section in markdown_sections(plain(source)):
                heading = section.heading or heading
                yield Section(section.text, None, place, section.heading or heading, section.table)
            continue
        build = SectionBuilder(place, above=heading)
        build.preformatted(source)
        for output in cell.get("outputs") or []:
            if isinstance(output, dict):
                data = output.get("data")
                shown = data.get("text/plain") if isinstance(data, dict) else output.get("text")
                build.preformatted(_joined(shown)[:20_000])
        yield from build.finish()


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(one for one in source if isinstance(one, str))
    return source if isinstance(source, str) else ""
