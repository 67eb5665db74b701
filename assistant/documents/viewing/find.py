"""Finds words in a document's own text, however they are cased, accented or broken into lines."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from assistant.documents.answering.highlight_boxes import line_boxes
from assistant.documents.store.store import Store
from assistant.documents.viewer_records import FoundPlace, FoundPlaces
from assistant.jobs import CancelToken
from assistant.text_folding import compatible, folded_with_offsets, without_accents

MOST_PLACES = 1000
"""Nobody steps through more."""
_SECTIONS_AT_ONCE = 200


def find(store: Store, document: int, words: str, token: CancelToken) -> FoundPlaces:
    """The places where these words follow each other, in reading order."""
    pattern = _pattern(words)
    places: list[FoundPlace] = []
    section = 0
    while pattern is not None and (sections := store.sections_after(document, section, _SECTIONS_AT_ONCE)):
        for section in sections:
            token.raise_if_cancelled()
            spans = list(_spans(pattern, store.section_text(section)))
            places += _places(store, section, spans)
            if len(places) > MOST_PLACES:
                return FoundPlaces(tuple(places[:MOST_PLACES]), more=True)
    return FoundPlaces(tuple(places))


def _places(store: Store, section: int, spans: Sequence[tuple[int, int]]) -> Iterator[FoundPlace]:
    row = store.section(section) if spans else None
    if row is None:
        return
    boxes = store.section_boxes(section)
    for start, end in spans:
        lines = () if boxes is None else line_boxes(boxes, start, end)
        yield FoundPlace(section, start, end, row.page, lines)


def _pattern(words: str) -> re.Pattern[str] | None:
    parts = _folded(words)[0].split()
    return re.compile(r"\s+".join(map(re.escape, parts))) if parts else None


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    folded, offsets = _folded(text)
    for match in pattern.finditer(folded):
        yield offsets[match.start()], offsets[match.end() - 1] + 1


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text with cases and accents as one, and where each of its characters stood."""
    if text.isascii():
        return text.lower(), range(len(text))
    return folded_with_offsets(text, _fold)


@functools.lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    return without_accents(compatible(character)).casefold()
