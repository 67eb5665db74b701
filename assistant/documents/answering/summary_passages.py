"""A document as the passages that a summary reads, and the quotes that it ends up with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.documents.answering.highlight_boxes import line_boxes
from assistant.documents.grounded_records import Passage
from assistant.documents.records import Quote
from assistant.documents.store.store import Store
from assistant.errors import DocumentGone
from assistant.jobs import CancelToken
from assistant.text.language_detection import detect
from assistant.text.sentences import rows, sentences

SECTIONS_AT_ONCE = 50
"""Sections that are read for one call."""
_CHARACTERS = 1200
"""A passage is cited as a whole, so it is about a paragraph or two long."""


def passages(store: Store, document: int, after: int, token: CancelToken) -> tuple[Passage, ...]:
    """The passages of the next sections of a document, behind section `after`; none at its end."""
    found: list[Passage] = []
    while not found:
        sections = store.sections_after(document, after, SECTIONS_AT_ONCE)
        if not sections:
            break
        for section in sections:
            token.raise_if_cancelled()
            found += _of_section(store, section)
        after = sections[-1]
    return tuple(found)


def quotes(store: Store, places: Sequence[tuple[int, int, int]]) -> tuple[Quote, ...]:
    """Quotes of places in sections (section, start, end), numbered from 1.

    Raises:
        DocumentGone: one of them is not there any more.
    """
    return tuple(_quote(store, number, *place) for number, place in enumerate(places, 1))


def _of_section(store: Store, identity: int) -> Iterator[Passage]:
    row = store.section(identity)
    if row is None:
        return
    language, _ = detect(row.text)
    spans = rows(row.text) if row.table else sentences(row.text, language)
    group: list[tuple[int, int]] = []
    for span in (*spans, None):
        if group and (span is None or span[1] - group[0][0] > _CHARACTERS):
            texts = tuple(" ".join(row.text[start:end].split()) for start, end in group)
            yield Passage(row.page, row.location, row.heading, identity, group[0][0], texts, tuple(group))
            group = []
        if span is not None:
            group.append(span)


def _quote(store: Store, number: int, section: int, start: int, end: int) -> Quote:
    row = store.section(section)
    info = store.documents(ids=[row.document]) if row is not None else []
    if row is None or not info:
        raise DocumentGone("document-changed")
    characters = store.section_boxes(section)
    return Quote(
        n=number,
        score=1.0,
        document=row.document,
        path=info[0].path,
        title=info[0].title,
        page=row.page,
        location=row.location,
        heading=row.heading,
        quote=row.text[start:end],
        boxes=() if characters is None else line_boxes(characters, start, end),
        section=section,
        start=start,
        end=end,
        recognised=row.recognised,
    )
