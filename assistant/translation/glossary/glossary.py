"""The person's glossary: one JSON file. Each change is on the disk when it returns."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.errors import Problem, UserInputError
from assistant.json_file import JsonFile, Reasons
from assistant.text_folding import encodable
from assistant.translation.glossary import exchange
from assistant.translation.glossary.records import Term

FILE_VERSION = 1
"""A higher one is of a newer program."""
_REASONS = Reasons(
    not_readable="glossary-not-readable",
    damaged="glossary-damaged",
    damaged_not_kept="glossary-damaged-not-kept",
    newer="glossary-newer",
    newer_not_kept="glossary-newer-not-kept",
    not_saved="glossary-not-saved",
    disk_full="glossary-disk-full",
)
_LONGEST = 400
"""Characters of a term."""


class Glossary:
    """Methods may be called from any thread."""

    def __init__(self, file: Path) -> None:
        """Args:
        file: it may not exist yet.
        """
        self._file = JsonFile(file, FILE_VERSION, _REASONS)
        self._lock = threading.Lock()
        self._terms = self._file.read(_understood) or ()
        self._borrowed: tuple[Term, ...] = ()

    @property
    def notice(self) -> Problem | None:
        """What could not be read; None if all is well."""
        return self._file.notice

    @property
    def terms(self) -> tuple[Term, ...]:
        """The person's own, and those that were borrowed."""
        return tuple({_key(term): term for term in (*self._terms, *self._borrowed)}.values())

    def borrow(self, file: Path) -> None:
        """Have the terms of a CSV or TBX file, too, until the end of the program; nothing is written.

        Raises: as `import_file`.
        """
        self._borrowed = tuple(map(_tidy, exchange.read(file)))

    def set_terms(self, terms: Iterable[Term]) -> None:
        """Put these in the place of what there is; the same term twice counts once, as it stands last.

        Raises:
            UserInputError: one of them is empty or too long.
            DiskFull, StorageError: it cannot be written; all stays as it was.
        """
        with self._lock:
            self._set(terms)

    def _set(self, terms: Iterable[Term]) -> None:
        tidy = tuple({_key(term): term for term in map(_tidy, terms)}.values())
        self._file.write({"terms": [_written(term) for term in tidy]})
        self._terms = tidy

    def import_file(self, file: Path) -> int:
        """Take in the terms of a CSV or TBX file; one that is there already is replaced.

        Returns:
            how many were taken in.

        Raises:
            DocumentGone, AccessDenied, UnreadableDocument: the file cannot be read.
            UserInputError: a row does not do; none is taken in then.
            DiskFull, StorageError: they cannot be written.
        """
        terms = exchange.read(file)
        with self._lock:
            self._set((*self._terms, *terms))
        return len(terms)

    def export_file(self, file: Path) -> None:
        """Write all terms, as TBX where the file's name ends so, else as CSV.

        Raises:
            DiskFull, StorageError: it cannot be written.
        """
        exchange.write(file, self._terms)


def _understood(table: dict[str, Any]) -> tuple[Term, ...]:
    return tuple(_tidy(Term(**entry)) for entry in table["terms"])


def _written(term: Term) -> dict[str, str | bool]:
    return {name: getattr(term, name) for name in Term.__dataclass_fields__}


def _tidy(term: Term) -> Term:
    source, target = (" ".join(encodable(text).split()) for text in (term.source, term.target))
    if not source:
        raise UserInputError("glossary-term-empty")
    if not target:
        raise UserInputError("glossary-target-empty", term=source)
    for text in (source, target):
        if len(text) > _LONGEST:
            raise UserInputError("glossary-too-long", text=text[:40], most=_LONGEST)
    return Term(
        source,
        target,
        term.source_language,
        term.target_language,
        bool(term.match_case),
        bool(term.part_of_word),
    )


def _key(term: Term) -> tuple[str, str, str]:
    source = term.source if term.match_case else term.source.casefold()
    return source, term.source_language, term.target_language
