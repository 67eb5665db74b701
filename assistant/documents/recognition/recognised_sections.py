"""PURE geometry: the words of a recognised picture → sections, as a page of text gives them.

The words become the characters of a page, and from there on go the way of the text of a PDF: rows, columns,
tables, headings, paragraphs. What recognition measures is rough: each line gets one size and one baseline.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.documents.formats.pdf import columns, glyph_text
from assistant.documents.formats.pdf import lines as pdf_lines
from assistant.documents.formats.pdf.characters import NORMAL, Characters, Word, turned
from assistant.documents.formats.pdf.headings import Census, Headings, TextStyle
from assistant.documents.formats.pdf.hyphens import Hyphens
from assistant.documents.formats.pdf.sections import sections
from assistant.documents.records import Box, Section, WordOnPage
from assistant.documents.store.codec import storable
from assistant.vision.records import RecognisedLine, RecognisedPicture, RecognisedWord

_SAME_SIZE = 0.2
"""Lines that differ less in size, as it is measured, are of one size."""
_CLOSE = 0.6
"""In sizes of the letters: a narrower gap parts no words where a script has no spaces."""


def words_on_page(picture: RecognisedPicture, scale: float) -> tuple[WordOnPage, ...]:
    """The words where they stand, in reading order. `scale`: points for a pixel."""
    return tuple(
        WordOnPage(word.text, _scaled(word, scale), word.confidence)
        for line in picture.lines
        for word in line.words
        if word.text.strip()
    )


def page_sections(
    picture: RecognisedPicture, scale: float, place: tuple[int, str], headings: Headings, hyphens: Hyphens
) -> list[Section]:
    """The text of a page that was recognised as it looks, with a box for each character.

    Args:
        scale: points for a pixel.
        place: the number of the page, and what people call it.
        headings: what the page stands under; carried on and changed.
    """
    page, words = _page(picture, scale)
    if not words:
        return []
    rows = pdf_lines.rows(words)
    hyphens.learn([" ".join([word.text for word in row]) for row in rows])
    style = TextStyle.of([Census.of(page)])
    found = sections(columns.blocks(rows), page, place, style, headings, hyphens)
    return [replace(section, recognised=picture.confidence) for section in found]


def picture_sections(
    picture: RecognisedPicture, page: int | None, location: str, heading: tuple[str, ...]
) -> list[Section]:
    """The text of a picture in a part; where it stands on the page is not known."""
    found = page_sections(picture, 1.0, (0, location), Headings(), Hyphens())
    return [
        replace(section, page=page, heading=(*heading, *section.heading), boxes=None) for section in found
    ]


def _scaled(word: RecognisedWord, scale: float) -> Box:
    x0, y0, x1, y1 = word.box
    return x0 * scale, y0 * scale, x1 * scale, y1 * scale


# --- words → the characters of a page ----------------------------------------------------------------


@dataclass(slots=True)
class _Line:
    """A line where it is upright and level, in points."""

    words: list[RecognisedWord]
    boxes: list[Box]
    """Of the words: upright and level."""
    spaced: bool
    em: float
    base: float


def _page(picture: RecognisedPicture, scale: float) -> tuple[Characters, list[Word]]:
    """The characters of all words, and the words in the frame in which they are upright and level."""
    degrees = (360 - picture.turned) % 360
    lines = [made for line in picture.lines if (made := _level(line, scale, degrees, picture.skew))]
    _make_even(lines)
    texts: list[str] = []
    boxes: list[Box] = []
    sizes: list[float] = []
    words: list[Word] = []
    start = 0
    for line in lines:
        first = len(words)
        for word, (x0, y0, x1, y1) in zip(line.words, line.boxes, strict=True):
            here = Word(word.text, start, x0, y0, x1, y1, line.base, line.em, NORMAL, 2 if line.spaced else 0)
            before = words[-1] if len(words) > first else None
            if before is not None and not line.spaced and x0 - before.x1 < _CLOSE * line.em:
                words[-1] = replace(before, text=before.text + here.text, x1=max(before.x1, x1))
            else:
                words.append(here)
            texts.append(word.text)
            boxes.extend(_shares(word.text, _scaled(word, scale), degrees))
            sizes.extend([line.em] * len(word.text))
            start += len(word.text)
    nothing = np.zeros(start, np.float32)
    return Characters(
        "".join(texts),
        np.array(boxes, dtype=np.float32).reshape(-1, 4),
        np.array(sizes, dtype=np.float32),
        np.zeros((start, 2), np.float32),
        nothing,
        np.full(start, NORMAL, np.int8),
        np.zeros(start, np.int8),
    ), words


def _level(line: RecognisedLine, scale: float, degrees: int, skew: float) -> _Line | None:
    words = [
        replace(word, text=text) for word in line.words if (text := storable("".join(word.text.split())))
    ]
    if not words:
        return None
    seen = np.array([_scaled(word, scale) for word in words], np.float32)
    boxes = turned(seen, np.zeros(len(words), np.float32), degrees).astype(np.float64)
    slope = math.tan(math.radians(skew))
    width = boxes[:, 2] - boxes[:, 0]
    # A level box is lower than the one around a word that slopes, and lies where the line would begin.
    fall = np.minimum(abs(slope) * width / 2, (boxes[:, 3] - boxes[:, 1]) / 3)
    drop = slope * (boxes[:, 0] + boxes[:, 2]) / 2
    boxes[:, 1] += fall - drop
    boxes[:, 3] -= fall + drop
    extents = [_extent(word.text) for word in words]
    weights = [len(word.text) for word in words]
    ems = [
        max(1.0, (y1 - y0) / (above + below))
        for (_, y0, _, y1), (above, below) in zip(boxes, extents, strict=True)
    ]
    em = _middle(ems, weights)
    base = _middle([y1 - below * em for (*_, y1), (_, below) in zip(boxes, extents, strict=True)], weights)
    placed = [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in boxes]
    return _Line(words, placed, line.space != "", em, base)


_TALL = re.compile(r"[^\Wacegmnopqrsuvwxyz_]|[()\[\]{}|/\\'\"“”‘’!?%&#@*]")
_DEEP = re.compile(r"[gjpqyçQ,;()\[\]{}|/\\@]")


def _extent(text: str) -> tuple[float, float]:
    """How far the box around a word reaches above and below its baseline, in sizes of its letters."""
    if text.isascii() or all(character < "\u0590" for character in text):
        return (0.72 if _TALL.search(text) else 0.5), (0.21 if _DEEP.search(text) else 0.01)
    if glyph_text.ideographs(text):
        return 0.82, 0.1
    return 0.8, 0.25


def _middle(values: Sequence[float], weights: Sequence[int]) -> float:
    """The weighted median."""
    order = sorted(zip(values, weights, strict=True))
    half, sum_so_far = sum(weights) / 2, 0
    for value, weight in order:
        sum_so_far += weight
        if sum_so_far >= half:
            return float(value)
    return float(order[-1][0])


def _make_even(lines: Sequence[_Line]) -> None:
    """Give lines of about one size that size: what is measured says no more."""
    left = list(lines)
    while left:
        usual = _middle(
            [line.em for line in left], [sum(len(word.text) for word in line.words) for line in left]
        )
        alike = [line for line in left if abs(line.em - usual) <= _SAME_SIZE * usual]
        for line in alike:
            line.em = usual
        left = [line for line in left if line not in alike]


def _shares(text: str, box: Box, degrees: int) -> Iterator[Box]:
    """The box of each character: an even share of the word's, along the way the text runs on the page."""
    x0, y0, x1, y1 = box
    backwards = glyph_text.is_right_to_left(text)
    count = len(text)
    for at in range(count):
        place = count - 1 - at if backwards != (degrees in (180, 270)) else at
        low, high = place / count, (place + 1) / count
        if degrees in (90, 270):
            yield x0, y0 + (y1 - y0) * low, x1, y0 + (y1 - y0) * high
        else:
            yield x0 + (x1 - x0) * low, y0, x0 + (x1 - x0) * high, y1
