"""PURE: citations in an answer, and which sentence each belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.text.sentences import Span, sentences

_NUMBERS = r"\d{1,3}(?:\s*(?:,|;|–|-|&|and|und|et|y)\s*\d{1,3})*"
_CITATION = re.compile(rf"[\[【]\s*(?:\^|(?:sources?|quellen?|fuente)\s+)?({_NUMBERS})\s*[\]】](?!\()", re.I)
_RANGE = re.compile(r"(\d{1,3})\s*[–-]\s*(\d{1,3})")
_NUMBER = re.compile(r"\d{1,3}")
_LINE = re.compile(r"[^\n]+")
_CODE = re.compile(r"^[^\S\n]*```.*?(?:^[^\S\n]*```|\Z)|`[^`\n]+`", re.S | re.M)
_ENDS = ".!?…。！？:;"
_LIST_MARK = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of an answer with the numbers that it cites."""

    start: int
    end: int
    """text[start:end] of the text without citations."""
    numbers: tuple[int, ...]


def parse(answer: str, language: str = "en") -> tuple[str, list[Cited]]:
    """The answer without its citations, and its sentences with theirs.

    A citation belongs to the sentence before it, whether it stands before the full stop or behind it. What
    stands in code is none.
    """
    plain, places = _without(answer)
    found = _cut_at(plain, _spans(plain, language), [place for place, _ in places])
    numbers: list[list[int]] = [[] for _ in found]
    for place, cited in places:
        owner = max((at for at, (start, _) in enumerate(found) if start < place), default=0)
        if found:
            numbers[owner] += [number for number in cited if number not in numbers[owner]]
    return plain, [
        Cited(start, end, tuple(cited)) for (start, end), cited in zip(found, numbers, strict=True)
    ]


def code_spans(text: str) -> list[Span]:
    """Where code stands in Markdown: blocks between fences, and words between backticks."""
    return [found.span() for found in _CODE.finditer(text)]


def numbers_in(inside: str) -> tuple[int, ...]:
    """The numbers that "1, 3–5" stands for."""
    found: list[int] = []
    for first, last in _RANGE.findall(inside):
        if int(first) < int(last) <= int(first) + 20:
            found += range(int(first), int(last) + 1)
    found += map(int, _NUMBER.findall(inside))
    return tuple(sorted(set(found)))


def put_back(plain: str, cited: Iterable[tuple[Cited, tuple[int, ...]]]) -> tuple[str, list[tuple[int, int]]]:
    """The text with these citations, each before the mark that ends its sentence, and where those stand."""
    text, at = "", 0
    spans = []
    for sentence, numbers in cited:
        end = sentence.end
        while end > sentence.start and plain[end - 1] in _ENDS:
            end -= 1
        marks = "".join(f"[{number}]" for number in numbers)
        text += plain[at : sentence.start]
        start = len(text)
        text += plain[sentence.start : end] + (f" {marks}" if marks else "") + plain[end : sentence.end]
        spans.append((start, len(text)))
        at = sentence.end
    return text + plain[at:], spans


def _without(answer: str) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """The text without citations, and for each where it stood in that text."""
    code = code_spans(answer)
    plain, at = "", 0
    places: list[tuple[int, tuple[int, ...]]] = []
    for found in _CITATION.finditer(answer):
        if any(start <= found.start() < end for start, end in code):
            continue
        plain += answer[at : found.start()]
        kept = plain.rstrip(" \u00a0")
        # "metres [1]." and "metres. [1] The" lose the space before the citation only.
        plain = kept if not answer[found.end() : found.end() + 1].isalnum() else plain
        places.append((len(plain), numbers_in(found[1])))
        at = found.end()
    return plain + answer[at:], places


def _cut_at(plain: str, spans: list[tuple[int, int]], places: list[int]) -> list[tuple[int, int]]:
    """A citation behind a full stop ends its sentence, whatever else speaks against it."""
    cut = []
    for start, end in spans:
        for place in places:
            if start < place < end and plain[place - 1] in _ENDS and plain[place:end].strip():
                cut.append((start, place))
                start = place + len(plain[place:end]) - len(plain[place:end].lstrip())
        cut.append((start, end))
    return cut


def _spans(plain: str, language: str) -> list[tuple[int, int]]:
    """The sentences, line by line, without the marks of lists."""
    spans = []
    for line in _LINE.finditer(plain):
        mark = _LIST_MARK.match(line[0])
        begin = line.start() + (mark.end() if mark else 0)
        body = plain[begin : line.end()]
        spans += [(begin + start, begin + end) for start, end in sentences(body, language) if start < end]
    return spans
