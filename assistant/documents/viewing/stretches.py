"""A document's text a few screens at a time, forwards and backwards, so that none is too long to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.documents.store.store import Store
from assistant.documents.viewer_records import TextRun, TextStretch

CHARACTERS = 5_000
"""A stretch has about so many."""
_LEAST = 1_000
"""A piece of a section has no fewer, however little room is left."""
_SECTIONS_AT_ONCE = 40


def stretch_from(store: Store, document: int, section: int = 0, start: int = 0) -> TextStretch:
    """What follows from character `start` of a section on; section 0 is the document's beginning.

    Raises:
        LookupError: the section is not there any more.
    """
    at_start = not section or (start == 0 and not store.sections_before(document, section, 1))
    runs: list[TextRun] = []
    room = CHARACTERS
    for run in _from(store, document, section, start):
        if room <= 0:
            return TextStretch(tuple(runs), at_start, False)
        runs.append(_beginning(run, max(room, _LEAST)))
        room -= len(runs[-1].text)
        if runs[-1].end < run.end:
            return TextStretch(tuple(runs), at_start, False)
    return TextStretch(tuple(runs), at_start, True)


def stretch_before(store: Store, document: int, section: int, start: int) -> TextStretch:
    """What comes before character `start` of a section. Raises as `stretch_from` does."""
    runs: list[TextRun] = []
    room = CHARACTERS
    for run in _before(store, document, section, start):
        if room <= 0:
            return TextStretch(tuple(runs), False, False)
        runs.insert(0, _end(run, max(room, _LEAST)))
        room -= len(runs[0].text)
        if runs[0].start:
            return TextStretch(tuple(runs), False, False)
    return TextStretch(tuple(runs), True, False)


def _from(store: Store, document: int, section: int, start: int) -> Iterator[TextRun]:
    if section:
        run = _run(store, section)
        if start < len(run.text):
            yield replace(run, start=start, text=run.text[start:])
    while following := store.sections_after(document, section, _SECTIONS_AT_ONCE):
        for section in following:
            yield _run(store, section)


def _before(store: Store, document: int, section: int, start: int) -> Iterator[TextRun]:
    if start:
        run = _run(store, section)
        yield replace(run, text=run.text[:start])
    while before := store.sections_before(document, section, _SECTIONS_AT_ONCE):
        for section in before:
            yield _run(store, section)


def _run(store: Store, section: int) -> TextRun:
    row = store.section(section)
    if row is None:
        raise LookupError(section)
    return TextRun(section, 0, row.location, row.heading, row.table, row.text)


def _beginning(run: TextRun, length: int) -> TextRun:
    """The first `length` characters or somewhat more, up to the end of a line."""
    if len(run.text) <= length * 3 // 2:
        return run
    line_end = run.text.find("\n", length, length * 2)
    return replace(run, text=run.text[: line_end + 1 if line_end >= 0 else length])


def _end(run: TextRun, length: int) -> TextRun:
    """The last `length` characters or somewhat more, from the beginning of a line."""
    if len(run.text) <= length * 3 // 2:
        return run
    least = len(run.text) - length
    line_end = run.text.rfind("\n", max(0, least - length), least)
    cut = line_end + 1 if line_end >= 0 else least
    return replace(run, start=run.start + cut, text=run.text[cut:])
