"""The person's own words, and what is written instead of what is heard: one JSON file, and CSV in and out.

Each change is on the disk when it returns. A file that cannot be used is put aside, and `notice` says so.
"""

from __future__ import annotations

import codecs
import csv
import errno
import io
import threading
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant import atomic_write
from assistant.errors import (
    AccessDenied,
    DiskFull,
    DocumentGone,
    Problem,
    StorageError,
    UnreadableDocument,
    UserInputError,
)
from assistant.json_file import JsonFile, Reasons
from assistant.speech.dictation.records import Replacement

FILE_VERSION = 1
"""A higher one is of a newer program."""
_REASONS = Reasons(
    not_readable="vocabulary-not-readable",
    damaged="vocabulary-damaged",
    damaged_not_kept="vocabulary-damaged-not-kept",
    newer="vocabulary-newer",
    newer_not_kept="vocabulary-newer-not-kept",
    not_saved="vocabulary-not-saved",
    disk_full="vocabulary-disk-full",
)
_LONGEST_HEARD = 200
"""Characters, of own words as well."""
_LONGEST_WRITTEN = 4000
_HEADER = ("heard", "written")
_DELIMITERS = ",;\t"
_LARGEST_CSV = 8 << 20


class Vocabulary:
    """Methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Args:
        file: it may not exist yet.
        """
        self._file = JsonFile(file, FILE_VERSION, _REASONS)
        self._lock = threading.Lock()
        self._own_words, self._replacements = self._file.read(_understood) or ((), ())

    @property
    def notice(self) -> Problem | None:
        """What could not be read; None if all is well."""
        return self._file.notice

    @property
    def own_words(self) -> tuple[str, ...]:
        """Names and terms that are likelier than a model thinks; see `Decoding.own_words`."""
        return self._own_words

    @property
    def replacements(self) -> tuple[Replacement, ...]:
        return self._replacements

    def change(
        self,
        *,
        own_words: Iterable[str] | None = None,
        replacements: Iterable[Replacement] | None = None,
    ) -> None:
        """Put these in the place of what there is; None leaves it.

        Raises:
            UserInputError: one of them is empty or too long, or two replace the same words.
            StorageError: it cannot be written; all stays as it was.
        """
        with self._lock:
            words = self._own_words if own_words is None else _tidy_words(own_words)
            table = self._replacements if replacements is None else _tidy_table(replacements)
            entries = [{"heard": entry.heard, "written": entry.written} for entry in table]
            self._file.write({"own_words": words, "replacements": entries})
            self._own_words, self._replacements = words, table

    def import_csv(self, file: Path) -> int:
        """Take in rows of "heard, written"; those with nothing heard, or of a single column, are own words.

        Returns:
            how many rows were taken in.

        Raises:
            DocumentGone, AccessDenied, UnreadableDocument: the file cannot be read.
            UserInputError: a row does not do; none is taken in then.
            StorageError: it cannot be written.
        """
        rows = _rows(file)
        words: list[str] = []
        table: dict[str, Replacement] = {}
        for number, row in rows:
            try:
                if len(row) == 1 or not row[0].strip():
                    words.append(_tidy_word(row[-1]))
                    continue
                entry = _tidy_entry(Replacement(row[0], row[1]))
                if table.setdefault(_key(entry), entry) != entry:
                    raise UserInputError("vocabulary-heard-twice", heard=entry.heard)
            except UserInputError as error:
                raise UserInputError(
                    "vocabulary-row", name=file.name, row=number, what=error.message
                ) from error
        kept = {_key(entry): entry for entry in self._replacements}
        self.change(own_words=(*self._own_words, *words), replacements={**kept, **table}.values())
        return len(rows)

    def export_csv(self, file: Path) -> None:
        """Write all of it as `import_csv` reads it, and as spreadsheets do.

        Raises:
            DiskFull, StorageError: it cannot be written.
        """
        content = io.StringIO(newline="")
        writer = csv.writer(content, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(("", word) for word in self._own_words)
        writer.writerows((entry.heard, entry.written) for entry in self._replacements)
        try:
            atomic_write.write(file, "\ufeff" + content.getvalue())
        except OSError as error:
            if atomic_write.disk_is_full(error):
                raise DiskFull("vocabulary-disk-full") from error
            why = error.strerror or str(error)
            raise StorageError("vocabulary-not-exported", name=file.name, why=why) from error


def _understood(table: dict[str, Any]) -> tuple[tuple[str, ...], tuple[Replacement, ...]]:
    """Own words and replacements of the file."""
    entries = (Replacement(entry["heard"], entry["written"]) for entry in table["replacements"])
    return _tidy_words(table["own_words"]), _tidy_table(entries)


def _tidy_words(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_tidy_word, words)))


def _tidy_word(word: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", word).split())
    if not tidy:
        raise UserInputError("vocabulary-word-empty")
    if len(tidy) > _LONGEST_HEARD:
        raise UserInputError("vocabulary-too-long", text=tidy[:40], most=_LONGEST_HEARD)
    return tidy


def _tidy_table(entries: Iterable[Replacement]) -> tuple[Replacement, ...]:
    tidy: dict[str, Replacement] = {}
    for entry in map(_tidy_entry, entries):
        if tidy.setdefault(_key(entry), entry) != entry:
            raise UserInputError("vocabulary-heard-twice", heard=entry.heard)
    return tuple(tidy.values())


def _tidy_entry(entry: Replacement) -> Replacement:
    """What is heard with single spaces; what is written exactly as it was given, but for its line ends."""
    heard = _tidy_word(entry.heard)
    written = entry.written.replace("\r\n", "\n").replace("\r", "\n")
    if not written.strip():
        raise UserInputError("vocabulary-nothing-written", heard=heard)
    if len(entry.written) > _LONGEST_WRITTEN:
        raise UserInputError("vocabulary-too-long", text=entry.written[:40], most=_LONGEST_WRITTEN)
    return Replacement(heard, written)


def _key(entry: Replacement) -> str:
    return entry.heard.casefold()


def _rows(file: Path) -> list[tuple[int, list[str]]]:
    """The rows with their numbers, without the header and empty ones."""
    text = _text(file)
    try:
        read = [
            list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) for delimiter in _DELIMITERS
        ]
    except csv.Error as error:
        raise UnreadableDocument("vocabulary-csv-damaged", name=file.name, why=str(error)) from error
    rows = max(read, key=lambda rows: sum(len(row) == len(_HEADER) for row in rows))
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if numbered and tuple(cell.strip().casefold() for cell in numbered[0][1]) == _HEADER:
        del numbered[0]
    wanted = 1 if all(len(row) == 1 for _, row in numbered) else len(_HEADER)
    for number, row in numbered:
        if len(row) != wanted:
            raise UserInputError("vocabulary-row-columns", name=file.name, row=number, columns=len(row))
    return numbered


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST_CSV + 1)
    except FileNotFoundError:
        raise DocumentGone("vocabulary-csv-gone", name=file.name) from None
    except OSError as error:
        kind = AccessDenied if error.errno in (errno.EACCES, errno.EPERM) else UnreadableDocument
        raise kind("vocabulary-csv-not-read", name=file.name, why=error.strerror or str(error)) from error
    if len(content) > _LARGEST_CSV:
        raise UnreadableDocument("vocabulary-csv-too-large", name=file.name, most=_LARGEST_CSV)
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableDocument("vocabulary-csv-no-text", name=file.name) from error
