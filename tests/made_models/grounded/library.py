"""Made documents full of made-up facts, and questions to them; for tests and the benchmark of citations."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.made_models.grounded.facts import DEEDS, FILES, NAMES, THINGS, WEEKDAYS, Fact, Maker

SUFFIXES = (".pdf", ".txt", ".md")
_PAGES = 4
_FACTS_A_PAGE = 4


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    fact: Fact
    file: str
    """Where the answer stands; "" if nowhere."""
    page: int | None
    """None where the format has no pages."""


@dataclass(frozen=True, slots=True)
class Library:
    files: dict[str, tuple[str, ...]]
    """By name, the pages of each."""
    questions: tuple[Question, ...]


def make(seed: int, documents: int, questions: int, absent: float = 1 / 3) -> Library:
    """Documents of four pages; no two facts of all of them are of the same attribute and name.

    Args:
        absent: the part of the questions whose answer stands nowhere, though their name does.
    """
    chance = random.Random(seed)
    maker = Maker(seed, trained=False)
    seen: set[tuple[str, str]] = set()

    def new() -> Fact:
        while True:
            fact = maker.fact()
            if (fact.attribute, fact.name) not in seen:
                seen.add((fact.attribute, fact.name))
                return fact

    files: dict[str, tuple[str, ...]] = {}
    asked: list[Question] = []
    places: list[tuple[Fact, str, int | None]] = []
    for number in range(documents):
        name = f"{FILES[number % len(FILES)]}{number // len(FILES) or ''}{SUFFIXES[number % len(SUFFIXES)]}"
        pages = []
        for page in range(1, _PAGES + 1):
            facts = [new() for _ in range(_FACTS_A_PAGE)]
            paged = page if name.endswith(".pdf") else None
            places += [(fact, name, paged) for fact in facts]
            pages.append(_page(facts, chance))
        files[name] = tuple(pages)
    for fact, name, paged in chance.sample(places, round(questions * (1 - absent))):
        asked.append(Question(maker.question(fact), fact, name, paged))
    known = sorted({fact.name for fact, _, _ in places})
    while len(asked) < questions:
        fact = new()
        if fact.name in known:
            asked.append(Question(maker.question(fact), fact, "", None))
    chance.shuffle(asked)
    return Library(files, tuple(asked))


def _page(facts: Sequence[Fact], chance: random.Random) -> str:
    """A sentence a line, so that the lines of a PDF are not too long for the page."""
    lines = [fact.sentence for fact in facts]
    for _ in range(2):
        thing, deed, day = chance.choice(THINGS), chance.choice(DEEDS), chance.choice(WEEKDAYS)
        lines.append(f"The {thing} of {chance.choice(NAMES)} was {deed} on {day}.")
    chance.shuffle(lines)
    return "\n".join(lines)
