"""Tables as text (.csv, .tsv): cells that hold words; dialect, quotes, numbers and encoding stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.translation.files.encoded_text import EncodedText, read_text, replaced
from assistant.translation.files.readable import has_words
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, Paragraph, TranslatedParagraph

_DELIMITERS = ",;\t|"
_LOOKED_AT = 100_000
"""Characters that tell which sign stands between the cells."""
_NAMED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class _Cell:
    start: int
    """With its quotes, as `end`."""
    end: int
    text: str
    quoted: bool
    row: int


class CsvTable:
    def __init__(self, source: EncodedText, *, tabs: bool) -> None:
        self._source = source
        self._delimiter = "\t" if tabs else _delimiter(source.text)
        self._cells = [cell for cell in _cells(source.text, self._delimiter) if has_words(cell.text)]
        self.language = ""
        self.lost: tuple[Lost, ...] = ()
        self.paragraphs = tuple(Paragraph(cell.text.strip(), place=f"row {cell.row}") for cell in self._cells)

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        changes = []
        for cell, before, after in zip(self._cells, self.paragraphs, translated, strict=True):
            if after.text == before.text:
                continue
            words = cell.text.replace(before.text, after.text, 1)
            if layout is Layout.BELOW:
                words = f"{cell.text}\n{words}"
            changes.append((cell.start, cell.end, self._written(words, cell.quoted)))
        save(output, self._source.encode(replaced(self._source.text, changes))[0])
        return ()

    def _written(self, words: str, quoted: bool) -> str:
        if quoted or any(sign in words for sign in (self._delimiter, '"', "\n", "\r")):
            return '"{}"'.format(words.replace('"', '""'))
        return words


def open(path: Path) -> CsvTable:
    """Raises UnreadableDocument."""
    return CsvTable(read_text(path), tabs=path.suffix.lower() in (".tsv", ".tab"))


def _delimiter(text: str) -> str:
    """The sign that parts the lines into the same number of cells most often."""
    named = _NAMED.match(text)
    if named:
        return named.group(1)
    head = text[:_LOOKED_AT]

    def regular(sign: str) -> tuple[int, int]:
        columns = Counter(cell.row for cell in _cells(head, sign))
        counts = Counter(count for count in columns.values() if count > 1)
        best = max(counts, key=lambda count: (counts[count], count), default=1)
        return counts[best], best

    return max(_DELIMITERS, key=regular)


def _cells(text: str, delimiter: str) -> Iterator[_Cell]:
    named = _NAMED.match(text)
    at = named.end() if named else 0
    row = 1
    plain = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    quoted = re.compile(r'"((?:[^"]|"")*)"(?=[ \t]*(?:[\r\n]|\Z|' + re.escape(delimiter) + "))")
    while at < len(text):
        match = quoted.match(text, at) if text[at] == '"' else None
        if match:
            yield _Cell(at, match.end(), match.group(1).replace('""', '"'), True, row)
            at = match.end()
            rest = plain.match(text, at)
            at = rest.end() if rest else at
        else:
            match = plain.match(text, at)
            end = match.end() if match else at
            yield _Cell(at, end, text[at:end], False, row)
            at = end
        ending = _LINE_END.match(text, at)
        if ending:
            row += 1
            at = ending.end()
        elif at < len(text):
            at += 1
