"""Sentences without end in English, German and French, with their translations and which words became which.

    python -m tests.made_models.translation.sentences en de

They are of offices, sick-rooms and farms, and make readable documents.
"""

from __future__ import annotations

import argparse
import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tests.made_models.translation.meaning import Word, written
from tests.made_models.translation.sentence_sampler import SentenceSampler

Span = tuple[int, int]
"""From and to, in a text."""

LANGUAGES = ("en", "de", "fr")
PAIRS = (("en", "de"), ("en", "fr"), ("de", "en"))


@dataclass(frozen=True, slots=True)
class Example:
    source: str
    target: str
    alignment: tuple[tuple[Span, Span], ...]
    """Words of the source and those of the target that they became, as offsets; not all words have one."""
    phrases: tuple[Span, ...]
    """Of the source, what somebody might make bold or a link: things with and without their article, nouns,
    adjectives, names, times, numbers."""


_HELD_OUT = 16
"""One of so many sentences of four words or more is never learned."""


def sample(pair: tuple[str, str], seed: int, count: int) -> list[Example]:
    """Sentences, headings and bare phrases, as a document has them; some of them were learned."""
    drawn = _drawn(pair, seed)
    return [next(drawn) for _ in range(count)]


def unseen(pair: tuple[str, str], seed: int, count: int) -> list[Example]:
    """Those of four words or more that no model has learned."""
    drawn = (example for example in _drawn(pair, seed) if is_held_out(example))
    return [next(drawn) for _ in range(count)]


def seen(pair: tuple[str, str], seed: int) -> Iterator[Example]:
    """To learn from, without end."""
    return (example for example in _drawn(pair, seed) if not is_held_out(example))


def is_held_out(example: Example) -> bool:
    source = example.source.lower()
    return source.count(" ") >= 3 and zlib.crc32(source.encode()) % _HELD_OUT == 0


def _drawn(pair: tuple[str, str], seed: int) -> Iterator[Example]:
    source, target = (LANGUAGES.index(language) for language in pair)
    sampler = SentenceSampler(random.Random(f"{pair} {seed}"), told_apart=pair[0] == "de")
    while True:
        said = sampler.said()
        yield _example(said[source], said[target])


def _example(source: Sequence[Word], target: Sequence[Word]) -> Example:
    (source_text, source_spans), (target_text, target_spans) = written(source), written(target)
    alignment = tuple(
        (source_spans[one], target_spans[other])
        for one, first in enumerate(source)
        for other, second in enumerate(target)
        if first.keys & second.keys
    )
    phrases = tuple((source_spans[first][0], source_spans[last][1]) for first, last in _phrases(source))
    return Example(source_text, target_text, alignment, phrases)


def _phrases(source: Sequence[Word]) -> list[tuple[int, int]]:
    """The first and the last word of each."""
    found: set[tuple[int, int]] = set()
    for whole, members in groupby(range(len(source)), lambda number: _whole(source[number])):
        numbers = list(members)
        if whole.startswith(("thing", "name", "time")):
            found.add((numbers[0], numbers[-1]))
        if whole.startswith("thing"):
            bare = [number for number in numbers if not _has_part(source[number], "det")]
            found.add((bare[0], bare[-1]))
            found.update((number, number) for number in bare)
        found.update((number, number) for number in numbers if _may_stand_alone(source[number]))
    return sorted(found)


def _whole(word: Word) -> str:
    """What it belongs to; the last one where it is merged of two."""
    return max((key.partition(" ")[0] for key in word.keys), default="")


def _has_part(word: Word, part: str) -> bool:
    return any(key.endswith(f" {part}") for key in word.keys)


def _may_stand_alone(word: Word) -> bool:
    return word.text.isdigit() or _has_part(word, "quality")


def meet(one: Span, other: Span) -> bool:
    """They have a character in common."""
    return one[0] < other[1] and other[0] < one[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", choices=LANGUAGES)
    parser.add_argument("target", choices=LANGUAGES)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for example in sample((options.source, options.target), options.seed, options.count):
        print(f"{example.source}\n    {example.target}")


if __name__ == "__main__":
    main()
