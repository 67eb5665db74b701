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

from tests.made_models.translation.maker import Maker
from tests.made_models.translation.meaning import Word, written

Span = tuple[int, int]

LANGUAGES = ("en", "de", "fr")
PAIRS = (("en", "de"), ("en", "fr"), ("de", "en"))


@dataclass(frozen=True, slots=True)
class Example:
    source: str
    target: str
    alignment: tuple[tuple[Span, Span], ...]
    """Words of the source and those of the target that they became, as offsets; not all words have one."""


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
    maker = Maker(random.Random(f"{pair} {seed}"), told_apart=pair[0] == "de")
    while True:
        said = maker.said()
        yield _example(said[source], said[target])


def _example(source: Sequence[Word], target: Sequence[Word]) -> Example:
    (source_text, source_spans), (target_text, target_spans) = written(source), written(target)
    alignment = tuple(
        (source_spans[one], target_spans[other])
        for one, first in enumerate(source)
        for other, second in enumerate(target)
        if first.keys & second.keys
    )
    return Example(source_text, target_text, alignment)


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
