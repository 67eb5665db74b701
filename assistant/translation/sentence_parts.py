"""PURE: what of a paragraph is translated, what stays as it is, and how the two are put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text_folding import encodable, is_unspaced
from assistant.translation import values
from assistant.translation.edits import Alignment
from assistant.translation.records import Span

_LEADING = re.compile(
    r"""\s* (?: [^\w\s'"(\[{«»„“”‘’‹›¿¡<`$%#@/\\&+~\-.…:*_|=‚「『（《〈【] \ufe0f? \s* )*   # arrows, pictures
    (?:
        (?:
            [-–—*+•] | \(? \d{1,3} (?:\.\d{1,3})* [.)] | [A-Za-z]\)
            | \d{1,3} (?:\.\d{1,3})+ (?= \s+ [^\W\d_a-z] )
        )
        (?= \s ) \s*
    )?""",
    re.VERBOSE,
)
"""A bullet or number of an item and what stands before it."""
_TRAILING = re.compile(
    r"""(?:
        \s* (?: [.…·_]{4,} | (?:\s?[.·]){4,} | \t ) [\s\d]*
        | [\s›*†‡§¹²³\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\ufe0f\U0001f000-\U0001faff]+
    )? \s* \Z""",
    re.VERBOSE,
)
"""Dots that lead to a page number, arrows, pictures, marks of notes."""
_LONGEST_END = 100
"""Characters in which signs at an end are looked for."""
_ENDS = re.compile(r"[.!?…:;。！？।۔؟：；]\W*\Z")
_ADDED_END = re.compile(r"(?<![.…])[.。।۔]\s*\Z")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph, from one sentence's signs to the next: what stays and what is translated."""

    source: Span
    """The whole sentence."""
    core: Span
    """What of it is translated; empty where it stays as it is."""


def piece(text: str, sentence: Span) -> Piece:
    """What of a sentence is translated: all but the signs around it."""
    start, end = sentence
    inside = text[start:end]
    if not values.has_words(inside):
        return Piece(sentence, (start, start))
    leading = _LEADING.match(inside)
    first = leading.end() if leading else 0
    trailing = _TRAILING.search(inside, max(first, len(inside) - _LONGEST_END))
    last = trailing.start() if trailing else len(inside)
    return Piece(sentence, (start + first, start + last))


def without_bullet(text: str) -> str:
    """The text with spaces for the bullet or number before it, behind which sentences are not told apart."""
    leading = _LEADING.match(text)
    return text if leading is None else " " * leading.end() + text[leading.end() :]


def readable(core: str) -> str:
    """A sentence as engines read and the memory keeps it: line breaks and tabs are spaces; offsets stay."""
    return re.sub(r"\s", " ", encodable(core))


def with_end(source: str, translation: str) -> str:
    """The translation without the full stop that a title does not have."""
    translation = translation.strip()
    if _ENDS.search(source[-_LONGEST_END:]) or not _ADDED_END.search(translation[-_LONGEST_END:]):
        return translation
    return translation[:-1].rstrip()


def separator(between: str, before: str, after: str) -> str:
    """What stands between two sentences in the script of the translation.

    Args:
        between: what stood between them.
        before, after: what they became.
    """
    if not between.strip(" "):
        if not before or not after:
            return between
        if is_unspaced_end(before) and is_unspaced(after[0]):
            return ""
        return between or " "
    return between


def is_unspaced_end(text: str) -> bool:
    """Whether no space follows: Chinese and Japanese; Thai and its neighbours part sentences by one."""
    return is_unspaced(text[-1]) and not "\u0e00" <= text[-1] <= "\u17ff"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a paragraph and what it became, by their places."""

    source: Span
    target: Span
    translated: bool = False
    """Else it stands as it was, but perhaps for a space."""
    alignment: Alignment = ()
    """Counted from the beginning of both."""
    sentence: int = -1
    """Which sentence of the paragraph it belongs to; -1 between them."""


def assembled(
    text: str, pieces: Sequence[Piece], cores: Sequence[tuple[str, Alignment] | None]
) -> tuple[str, tuple[Segment, ...]]:
    """The paragraph with its translated parts, and what became of each stretch.

    Args:
        cores: what each piece's core became, with its alignment; None where it stays as it is.
    """
    whole = ""
    segments: list[Segment] = []
    done = 0

    def add(
        end: int, new: str, alignment: Alignment = (), *, translated: bool = False, sentence: int = -1
    ) -> None:
        nonlocal whole, done
        if end > done or new:
            target = (len(whole), len(whole) + len(new))
            segments.append(Segment((done, end), target, translated, alignment, sentence))
        whole += new
        done = end

    for number, (part, core) in enumerate(zip(pieces, cores, strict=True)):
        start, end = part.source
        first, last = part.core
        words = text[first:last] if core is None else core[0]
        coming = text[start:first] + words + text[last:end]
        between = text[done:start]
        if number and not (core is None and cores[number - 1] is None):
            between = separator(between, whole, coming)
        add(start, between)
        add(first, text[start:first], sentence=number)
        if first < last:
            add(last, words, () if core is None else core[1], translated=core is not None, sentence=number)
        add(end, text[last:end], sentence=number)
    add(len(text), text[done:])
    return whole, tuple(segments)
