"""PURE: where the sentences of a text begin and end; the only file that imports sentencex."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from assistant.text_folding import bare_span

_LONGEST = 600
"""Characters. Lists, code and scripts without full stops are cut here, at a line end or a space if any."""
_SHORTEST = 25
_FEWEST = 4
"""One of fewer characters and fewer words says little alone ("1.", "See below:") and goes with the next."""
_WRAPPED = 40
"""Characters of a line that may go on in the next one."""
_ENDS = (".", "!", "?", ":", ";", "。", "！", "？", "؟", "।")
_LINE = re.compile(r"[^\n]+")

Span = tuple[int, int]


def sentences(text: str, language: str) -> list[Span]:
    """The sentences of running text as (start, end), without white space around them, in order.

    `language`: ISO 639-1; it tells which full stops end an abbreviation. Unknown ones are read as English.
    """
    readable = text.encode("utf-8", "replace").decode() if _has_surrogates(text) else text
    spans: list[Span] = []
    short: int | None = None
    for found in sentencex.get_sentence_boundaries(language if language.isalpha() else "en", readable):
        start, end = bare_span(text, found["start_index"], found["end_index"])
        if start == end:
            if found["is_paragraph_break"] and short is not None:
                spans.append((short, bare_span(text, short, found["start_index"])[1]))
                short = None
            continue
        if short is not None:
            start, short = short, None
        if end - start < _SHORTEST and len(text[start:end].split()) < _FEWEST:
            short = start
            continue
        spans.extend(_pieces(text, start, end))
    if short is not None:
        spans.append(bare_span(text, short, len(text)))
    return spans


def whole_sentences(text: str, language: str) -> list[Span]:
    """Each sentence by itself, however short or long it is: (start, end), without white space around it.

    What has no letters ("1.", "***") goes with the sentence after it, or else before it. A short line ends a
    sentence even without a full stop; a long one may be wrapped.
    """
    readable = text.encode("utf-8", "replace").decode() if _has_surrogates(text) else text
    spans: list[Span] = []
    silent: int | None = None
    for start, end in _lines_and_sentences(readable, language if language.isalpha() else "en"):
        if silent is not None:
            start, silent = silent, None
        if any(map(str.isalpha, text[start:end])):
            spans.append((start, end))
        else:
            silent = start
    if silent is not None:
        rest = bare_span(text, silent, len(text))
        spans[-1:] = [(spans[-1][0], rest[1])] if spans else [rest]
    return spans


def _lines_and_sentences(text: str, language: str) -> Iterator[Span]:
    for block_start, block_end in _blocks(text):
        for found in sentencex.get_sentence_boundaries(language, text[block_start:block_end]):
            span = bare_span(text, block_start + found["start_index"], block_start + found["end_index"])
            if span[0] < span[1]:
                yield span


def _blocks(text: str) -> Iterator[Span]:
    """Lines; those that may be wrapped, together with what follows."""
    start = 0
    for line in _LINE.finditer(text):
        if len(line[0].strip()) < _WRAPPED or line[0].rstrip().endswith(_ENDS):
            yield start, line.end()
            start = line.end()
    if start < len(text):
        yield start, len(text)


def rows(text: str) -> list[Span]:
    """The rows of a table as (start, end), without white space around them, in order."""
    found = (bare_span(text, *line.span()) for line in _LINE.finditer(text))
    return [(start, end) for start, end in found if start < end]


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _LONGEST:
        cut = -1
        for mark in ("\n", "; ", "、", "，", " "):
            cut = text.rfind(mark, start + _LONGEST // 2, start + _LONGEST)
            if cut >= 0:
                cut += len(mark)
                break
        if cut < 0:
            cut = start + _LONGEST
        piece = bare_span(text, start, cut)
        if piece[0] < piece[1]:
            yield piece
        start = cut
    piece = bare_span(text, start, end)
    if piece[0] < piece[1]:
        yield piece


def _has_surrogates(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)
