"""PURE: the words of a line → its text: spaces, exponents and marks of notes, struck-out words, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.documents.formats.pdf import glyph_text
from assistant.documents.formats.pdf.characters import Word
from assistant.documents.formats.shared.inline_text import (
    BASELINE,
    STRUCK_BEGINS,
    STRUCK_ENDS,
    SUBSCRIPT,
    SUPERSCRIPT,
    Look,
    shifted,
    with_address,
)

SPACE_GAP = 0.13
"""Between neighbours that the file draws apart, a wider gap is a space, in em."""

SMALL_PRINT = 0.85
"""Words that are smaller than this part of their line may be raised or lowered beside it."""

MAX_RAISED = 12
"""More characters in a row are no exponent and no mark of a note."""
MAY_BE_SET_OFF = re.compile(r"[+\-−–]?\d{1,3}")
"""What is raised or lowered even where it is as large as its line."""
_RAISED = re.compile(r"[\w+\-−–=()\[\].,;:/*†‡§#°º′″ ]+")

CELL_SEPARATOR = "  "
"""Between the cells of one row; inside a cell a space never stands beside another."""


def needs_space(before: Word, after: Word) -> bool:
    """Whether a space stands between two words of one cell, in reading order."""
    if before.joins:
        return False
    left, right = before.text[-1], after.text[0]
    if (right in ")%" and len(after.text) <= 2 and left.isdigit()) or before.text == "(":
        return False  # brackets and signs that a table sets in a column of their own
    if abs(after.base - before.base) > 0.8 * max(before.em, after.em):
        return not (left > "\u2e7f" and glyph_text.ideographic(left) and glyph_text.ideographic(right))
    gap = (after.x0 - before.x1 if after.x0 > before.x0 else before.x0 - after.x1) / min(before.em, after.em)
    if left > "\u2e7f" and glyph_text.ideographic(left) and glyph_text.ideographic(right):
        return gap > 0.4
    if after.space and after.start == before.start + len(before.text):
        return True
    return gap > SPACE_GAP


def pieces(cells: list[list[Word]], em: float, base: float) -> list[tuple[str, int]]:
    """The text of a line in pieces, each with the place of its first character, -1 for text put in."""
    found: list[tuple[str, int]] = []
    for cell in cells:
        if found:
            found.append((CELL_SEPARATOR, -1))
        if all(_is_plain(word, em, base) for word in cell):
            found.append((cell[0].text, cell[0].start))
            for before, word in pairwise(cell):
                if needs_space(before, word):
                    found.append((" ", -1))
                found.append((word.text, word.start))
            continue
        shifts = _shifts(cell, em, base)
        if not any(shifts):
            for at, word in enumerate(cell):
                if at and needs_space(cell[at - 1], word):
                    found.append((" ", -1))
                found.extend(_begun(cell, at))
                found.append((word.text, word.start))
                found.extend(_ended(cell, at))
        elif all(shifts):  # a cell of small print
            for word in cell:
                found.extend([(" ", -1)] if word is not cell[0] else [])
                found.append((word.text, word.start))
        else:
            found.extend(_shifted_pieces(cell, shifts))
    return found


def _begun(cell: list[Word], at: int) -> list[tuple[str, int]]:
    """What is put before a word that is the first one struck out."""
    begins = cell[at].struck and not (at and cell[at - 1].struck)
    return [(STRUCK_BEGINS, -1)] if begins else []


def _ended(cell: list[Word], at: int) -> list[tuple[str, int]]:
    """What is put behind a word: the end of what is struck out, the address of a link."""
    word = cell[at]
    pieces: list[tuple[str, int]] = []
    if word.address:
        pieces.append((with_address(word.text, word.address)[len(word.text) :], -1))
    if word.struck and not (at + 1 < len(cell) and cell[at + 1].struck):
        pieces.append((STRUCK_ENDS, -1))
    return [piece for piece in pieces if piece[0]]


def _shift(word: Word, em: float, base: float) -> int:
    """Whether a word is set raised or lowered beside those of its line."""
    up = base - word.base
    if abs(up) > 0.8 * em or not _RAISED.fullmatch(word.text):
        return BASELINE
    if word.em > SMALL_PRINT * em and not (abs(up) > 0.25 * em and MAY_BE_SET_OFF.fullmatch(word.text)):
        return BASELINE
    return SUPERSCRIPT if up > 0.15 * em else SUBSCRIPT if up < -0.06 * em else BASELINE


def _is_plain(word: Word, em: float, base: float) -> bool:
    """Whether a word is set like its line and nothing else is to be said of it."""
    return (
        word.em > SMALL_PRINT * em
        and -0.25 * em < base - word.base < 0.25 * em
        and not word.struck
        and not word.address
    )


def _shifts(cell: list[Word], em: float, base: float) -> list[int]:
    """The shift of each word; a run of small print is no exponent and no mark."""
    shifts = [_shift(word, em, base) for word in cell]
    at = 0
    while at < len(shifts):
        end = at + 1
        while end < len(shifts) and shifts[end] == shifts[at]:
            end += 1
        if shifts[at]:
            words = [word.text for word in cell[at:end]]
            if len("".join(words)) > MAX_RAISED or (len(words) > 1 and any(map(_is_word, words))):
                shifts[at:end] = [BASELINE] * (end - at)
        at = end
    return shifts


def _is_word(text: str) -> bool:
    return sum(map(str.isalpha, text)) > 1


def _shifted_pieces(cell: list[Word], shifts: list[int]) -> Iterator[tuple[str, int]]:
    """The pieces of a cell with raised or lowered words, which are written out as such."""
    written = ""
    at = 0
    while at < len(cell):
        if at and (not shifts[at] or shifts[at - 1] == BASELINE) and _apart(cell, shifts, at):
            written += " "
            yield " ", -1
        yield from _begun(cell, at)
        if not shifts[at]:
            written += cell[at].text
            yield cell[at].text, cell[at].start
            yield from _ended(cell, at)
            at += 1
            continue
        end = at + 1
        while end < len(cell) and shifts[end] == shifts[at]:
            end += 1
        words = cell[at:end]
        text = "".join([word.text for word in words])
        after = _following(cell, shifts, end)
        lead, shown, tail = shifted(written, text, after, Look(shifts[at]))
        yield from [(lead, -1)] if lead else []
        if len(shown) != len(text):  # one sign for several letters
            yield shown, words[0].start
        else:
            place = 0
            for word in words:
                yield shown[place : place + len(word.text)], word.start
                place += len(word.text)
        yield from [(tail, -1)] if tail else []
        yield from _ended(cell, end - 1)
        written += lead + shown + tail
        at = end


def _following(cell: list[Word], shifts: list[int], at: int) -> str:
    """The next two words, with the spaces before them."""
    near = range(at, min(at + 2, len(cell)))
    return "".join((" " if _apart(cell, shifts, one) else "") + cell[one].text for one in near)


def _apart(cell: list[Word], shifts: list[int], at: int) -> bool:
    """Whether a space stands before a word of which one side is raised or lowered."""
    before, after = cell[at - 1], cell[at]
    if not shifts[at] and not shifts[at - 1]:
        return needs_space(before, after)
    if after.space == 2 and after.start == before.start + len(before.text):
        return True
    return after.x0 - before.x1 > 1.6 * SPACE_GAP * max(before.em, after.em)
