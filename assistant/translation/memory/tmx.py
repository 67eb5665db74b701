"""Translation memories as TMX 1.4, which other programs write and read.

https://www.gala-global.org/tmx-14b
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from assistant import __version__
from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import Element, attribute, child, children, local, stream_xml
from assistant.text_folding import writable
from assistant.translation import exchange_file
from assistant.translation.exchange_file import base_language
from assistant.translation.memory.records import MemoryKey, Remembered

Entry = tuple[MemoryKey, Remembered]

_ANY = "*all*"
"""A source language of TMX: each language of a unit can be the source."""
_ENGINE = "x-engine"
_CODES = {"bpt", "ept", "it", "ph", "ut"}
"""Elements that hold codes of another format, not text."""
_MOST_LANGUAGES = 100
"""Of a unit, each of which is paired with each; there are no more in any memory that people made."""


def read(file: Path) -> Iterator[Entry]:
    """The pairs of sentences of a TMX file, one after the other.

    What an engine of this program made stands as its own again, everything else as written by a person.

    Raises:
        DocumentGone, AccessDenied, UnreadableDocument: as it is read.
    """
    with exchange_file.reading(file) as opened:
        source, units = "", 0
        for element in stream_xml(opened, frozenset({"tu"}), marks=frozenset({"header", "tmx"})):
            if local(element) == "header":
                source = attribute(element, "srclang")
            elif local(element) == "tu":
                units += 1
                yield from _pairs(element, attribute(element, "srclang") or source)
            else:
                units += 1  # it is TMX, if an empty one
        if not units:
            raise UnreadableDocument("tmx-not-tmx", name=file.name)


def _pairs(unit: Element, source: str) -> Iterator[Entry]:
    """From the source language of a unit to its others; where it has none, from each to each."""
    said = [(_language(version), _text(child(version, "seg"))) for version in children(unit, "tuv")]
    said = [(language, text) for language, text in said if language and text]
    del said[_MOST_LANGUAGES:]
    wanted = "" if source.casefold() in ("", _ANY) else base_language(source)
    engine = next((prop.text or "" for prop in children(unit, "prop") if prop.get("type") == _ENGINE), "")
    for language, text in said:
        if wanted and language != wanted:
            continue
        for other, translation in said:
            if other != language:
                yield MemoryKey(text, language, other, engine), Remembered(translation, edited=not engine)


def _language(version: Element) -> str:
    return base_language(attribute(version, "lang"))


def _text(segment: Element | None) -> str:
    return " ".join(_shown(segment).split()) if segment is not None else ""


def _shown(element: Element) -> str:
    text = "" if local(element) in _CODES else element.text or ""
    for inner in element:
        if local(inner):  # no entity, which may stand for anything
            text += _shown(inner)
        text += inner.tail or ""
    return text


def write(file: Path, entries: Iterable[Entry]) -> None:
    """
    Raises:
        DiskFull, StorageError: it cannot be written; what was there is untouched.
    """
    exchange_file.write(file, lambda opened: opened.writelines(map(str.encode, _lines(entries))))


def _lines(entries: Iterable[Entry]) -> Iterator[str]:
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header '
        f'creationtool="Offline Assistant" creationtoolversion={quoteattr(__version__)} '
        'segtype="sentence" o-tmf="Offline Assistant" adminlang="en" srclang="*all*" '
        'datatype="plaintext"/>\n<body>\n'
    )
    for key, kept in entries:
        yield _unit(key, kept)
    yield "</body>\n</tmx>\n"


def _unit(key: MemoryKey, kept: Remembered) -> str:
    engine = "" if kept.edited else f'<prop type="{_ENGINE}">{_escaped(key.engine)}</prop>'
    versions = "".join(
        f"<tuv xml:lang={quoteattr(writable(language))}><seg>{_escaped(text)}</seg></tuv>"
        for language, text in ((key.source_language, key.sentence), (key.target_language, kept.text))
    )
    return f"<tu srclang={quoteattr(writable(key.source_language))}>{engine}{versions}</tu>\n"


def _escaped(text: str) -> str:
    return escape(writable(text))
