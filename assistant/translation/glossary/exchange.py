"""Glossaries as CSV and as TBX, which other programs write and read.

TBX: ISO 30042 of 2008 (`martif`, TBX-Basic among it) and of 2019 (`tbx`).
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from assistant.errors import UnreadableDocument, UserInputError
from assistant.file_reading.encoding_detection import decode
from assistant.file_reading.safe_xml import attribute, descendants, parse_xml, text_of
from assistant.text_folding import writable
from assistant.translation import exchange_file
from assistant.translation.glossary.records import Term

_HEADER = ("source", "target", "source_language", "target_language", "match_case", "part_of_word")
_DELIMITERS = ",;\t"
_LARGEST = 64 << 20
_MOST_TERMS = 200_000
"""More come only of files that are made to be too much: each is looked for in each sentence."""
_TRUE = {"1", "true", "yes", "x"}
_NO_LANGUAGE = "und"
_NOTES = {"match-case": "match_case", "part-of-word": "part_of_word"}
"""What TBX has no words for stands in notes."""


def read(file: Path) -> tuple[Term, ...]:
    """
    Raises:
        DocumentGone, AccessDenied, UnreadableDocument: it cannot be read.
        UserInputError: a row does not do.
    """
    with exchange_file.reading(file) as opened:
        content = opened.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise UnreadableDocument("glossary-file-too-large", name=file.name, most=_LARGEST)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or file.suffix.casefold() == ".tbx":
        terms = _tbx_terms(content, file.name)
    else:
        terms = _csv_terms(decode(content), file.name)
    found = tuple(itertools.islice(terms, _MOST_TERMS + 1))
    if len(found) > _MOST_TERMS:
        raise UnreadableDocument("glossary-too-many-terms", name=file.name, most=_MOST_TERMS)
    return found


def write(file: Path, terms: Sequence[Term]) -> None:
    """
    Raises:
        DiskFull, StorageError: it cannot be written; what was there is untouched.
    """
    content = _as_tbx(terms) if file.suffix.casefold() == ".tbx" else "\ufeff" + _as_csv(terms)
    exchange_file.write(file, lambda opened: opened.write(content.encode("utf-8")))


# --- CSV


def _csv_terms(text: str, name: str) -> Iterator[Term]:
    """Rows of source and target, and what the header names besides."""
    try:
        read = [list(csv.reader(io.StringIO(text, newline=""), delimiter=sign)) for sign in _DELIMITERS]
    except csv.Error as error:
        raise UnreadableDocument("glossary-csv-damaged", name=name, why=str(error)) from error
    rows = max(read, key=lambda rows: sum(1 < len(row) <= len(_HEADER) for row in rows))
    columns: Sequence[str] = _HEADER
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        names = [cell.casefold().replace(" ", "_") for cell in cells]
        if number == 1 and {"source", "target"} <= set(names):
            columns = names
            continue
        entry = dict(zip(columns, cells, strict=False))
        if not (entry.get("source") and entry.get("target")):
            raise UserInputError("glossary-row", name=name, row=number)
        yield Term(
            entry["source"],
            entry["target"],
            _base(entry.get("source_language", "")),
            _base(entry.get("target_language", "")),
            entry.get("match_case", "").casefold() in _TRUE,
            entry.get("part_of_word", "").casefold() in _TRUE,
        )


def _as_csv(terms: Sequence[Term]) -> str:
    content = io.StringIO(newline="")
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(_HEADER)
    for term in terms:
        flags = ("yes" if flag else "" for flag in (term.match_case, term.part_of_word))
        writer.writerow((term.source, term.target, term.source_language, term.target_language, *flags))
    return content.getvalue()


# --- TBX


def _tbx_terms(content: bytes, name: str) -> Iterator[Term]:
    """Of each concept, from its first language to each other one: the first term of that is the preferred."""
    root = parse_xml(content)
    entries = [*descendants(root, "termEntry"), *descendants(root, "conceptEntry")]
    if not entries and not any(True for _ in descendants(root, "body")):
        raise UnreadableDocument("glossary-not-tbx", name=name)
    for entry in entries:
        said = []
        for section in (*descendants(entry, "langSet"), *descendants(entry, "langSec")):
            terms = [" ".join(text_of(term).split()) for term in descendants(section, "term")]
            if any(terms):
                said.append((_base(attribute(section, "lang")), [term for term in terms if term]))
        if len(said) < 2:
            continue
        notes = {_NOTES.get(text_of(note).strip()) for note in descendants(entry, "note")}
        (source_language, sources), *others = said
        for source, (language, targets) in itertools.product(sources, others):
            match_case, part_of_word = "match_case" in notes, "part_of_word" in notes
            yield Term(source, targets[0], source_language, language, match_case, part_of_word)


def _as_tbx(terms: Sequence[Term]) -> str:
    entries = "".join(_entry(number, term) for number, term in enumerate(terms, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">\n'
        "<tbxHeader><fileDesc><sourceDesc><p>Offline Assistant</p></sourceDesc></fileDesc></tbxHeader>\n"
        f"<text><body>\n{entries}</body></text>\n</tbx>\n"
    )


def _entry(number: int, term: Term) -> str:
    notes = "".join(f"<note>{note}</note>" for note, field in _NOTES.items() if getattr(term, field))
    sections = "".join(
        f"<langSec xml:lang={quoteattr(writable(language) or _NO_LANGUAGE)}>"
        f"<termSec><term>{escape(writable(text))}</term></termSec></langSec>"
        for language, text in (
            (term.source_language, term.source),
            (term.target_language, term.target),
        )
    )
    return f'<conceptEntry id="c{number}">{notes}{sections}</conceptEntry>\n'


def _base(code: str) -> str:
    """ "de" of "de-AT"; "" for any language."""
    base = exchange_file.base_language(code)
    return "" if base == _NO_LANGUAGE else base
