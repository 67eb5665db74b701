"""Draws meanings at random: who does what, where and when."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

from tests.made_models.translation.lexicon import (
    ADJECTIVES,
    FIRST_NAMES,
    LAST_NAMES,
    NOUNS,
    NUMBERS,
    PREPOSITIONS,
    SYLLABLES,
    TIMES,
    VERBS,
    Adjective,
    Noun,
    Verb,
)
from tests.made_models.translation.meaning import (
    Clause,
    Determiner,
    Named,
    Pair,
    Person,
    Place,
    Pronoun,
    Subject,
    Tense,
    Thing,
    Time,
)


class MeaningSampler:
    """
    Args:
        told_apart: leave out German that may be one as well as the other in English.
    """

    def __init__(self, chance: random.Random, told_apart: bool) -> None:
        self.chance = chance
        self.told_apart = told_apart
        self.keys = 0

    def clause(self, brief: bool = False) -> Clause:
        chance = self.chance
        key = self.key()
        sort = chance.random()
        if sort < 0.2:
            return self.state(key)
        subject = self.subject()
        tense = chance.choices(list(Tense), (5, 3, 2, 2, 1))[0]
        verb = self.verb()
        spare = 0.15 if brief else 0.4
        if not verb.objects:
            where = self.place() if chance.random() < spare else None
            when = self.time() if chance.random() < spare else None
            return Clause(key, subject, verb, tense, place=where, time=when)
        item = self.object(verb, without_us=isinstance(subject, Pronoun) and subject.person is Person.WE)
        definite = not isinstance(item, Thing) or item.determiner not in (Determiner.A, Determiner.COUNT)
        # "Must not" is another word in German, "cannot" is one word in English.
        if definite and tense not in (Tense.MUST, Tense.CAN) and chance.random() < 0.1:
            return Clause(key, subject, verb, tense, negated=True, object=item)
        price = ""
        if verb.english[0] in ("buy", "sell") and chance.random() < 0.5:
            price = self.number()
        where = None if price or chance.random() > spare else self.place()
        when = self.time() if chance.random() < spare else None
        return Clause(key, subject, verb, tense, object=item, price=price, place=where, time=when)

    def state(self, key: str) -> Clause:
        """Something is somehow or somewhere."""
        chance = self.chance
        if chance.random() < 0.3:
            subject: Subject = self.named() if chance.random() < 0.3 else self.thing(self.noun())
            return Clause(key, subject, place=self.place())
        negated = chance.random() < 0.12
        if chance.random() < 0.15:
            pronoun = Pronoun(self.key(), chance.choice(list(Person)))
            fitting = [quality for quality in ADJECTIVES if "person" in quality.kinds]
            return Clause(key, pronoun, quality=chance.choice(fitting), negated=negated)
        thing = replace(self.thing(self.noun(), pointed=True), adjectives=())
        return Clause(key, thing, quality=self.quality(thing.noun), negated=negated)

    def subject(self) -> Subject:
        sort = self.chance.random()
        if sort < 0.3:
            return self.named()
        if sort < 0.5:
            return Pronoun(self.key(), self.chance.choice(list(Person)))
        return self.thing(self.noun("person"))

    def object(self, verb: Verb, without_us: bool = False) -> Thing | Named | Pronoun | Pair | None:
        if not verb.objects:
            return None
        if "person" in verb.objects and self.chance.random() < 0.5:
            people = [Person.HE, *([] if without_us else [Person.WE])]
            people += [] if self.told_apart else [Person.SHE, Person.THEY]
            if self.chance.random() < 0.7:
                return Pronoun(self.key(), self.chance.choice(people))
            return self.named()
        first = self.thing(self.noun(*sorted(verb.objects)))
        if self.chance.random() < 0.12:
            return Pair(self.key(), first, self.thing(self.noun(*sorted(verb.objects))))
        return first

    def pair(self) -> Pair:
        kinds = self.chance.choice(("person", "animal", "food", "text", "place", "small"))
        return Pair(self.key(), self.thing(self.noun(kinds)), self.thing(self.noun(kinds)))

    def thing(self, noun: Noun, *, pointed: bool = False, new: bool = False) -> Thing:
        """
        Args:
            pointed: it has an article that says which.
            new: it has none that does.
        """
        chance = self.chance
        choices = {
            Determiner.THE: 0 if new else 10,
            Determiner.A: 0 if pointed else 4,
            Determiner.THIS: 0 if new else 2,
            Determiner.MY: 0 if new else 1,
            Determiner.OUR: 0 if new else 1,
            Determiner.COUNT: 0 if pointed else 3,
        }
        determiner = chance.choices(list(choices), list(choices.values()))[0]
        counted = determiner is Determiner.COUNT
        several = counted or (determiner is not Determiner.A and chance.random() < 0.25)
        count = None
        if counted:
            number = str(chance.randint(2, chance.choice((20, 20, 20, 99, 999))))
            count = chance.choice(NUMBERS) if chance.random() < 0.5 else (number, number, number)
        qualities: tuple[Adjective, ...] = ()
        if chance.random() < 0.35:
            qualities = (self.quality(noun),)
            if qualities[0].before and chance.random() < 0.1:
                other = self.quality(noun)
                qualities = qualities if other.before else (*qualities, other)
        return Thing(self.key("thing"), noun, several, determiner, count, qualities)

    def quality(self, noun: Noun) -> Adjective:
        return self.chance.choice(_qualities(noun.kinds))

    def noun(self, *kinds: str) -> Noun:
        return self.chance.choice(_nouns(kinds))

    def verb(self, acting: bool = False) -> Verb:
        fitting = [verb for verb in VERBS if verb.objects or not acting]
        return self.chance.choice(fitting)

    def named(self) -> Named:
        chance = self.chance
        sort = chance.random()
        if sort < 0.7:
            return Named(self.key("name"), (chance.choice(FIRST_NAMES),))
        if sort < 0.98:
            return Named(self.key("name"), (chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)))
        made = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 3)))
        return Named(self.key("name"), (made.capitalize(),))

    def place(self) -> Place:
        preposition = self.chance.choices(PREPOSITIONS, (6, 1, 1, 1, 1, 2))[0]
        return Place(self.key(), preposition, self.thing(self.noun(preposition[3])))

    def time(self) -> Time:
        if self.chance.random() < 0.15:
            clock = f"{self.chance.randint(7, 19)}:{self.chance.randint(0, 59):02}"
            return Time(self.key("time"), ("", "", ""), clock)
        return Time(self.key("time"), self.chance.choice(TIMES))

    def number(self, least: int = 1) -> str:
        return str(self.chance.randint(least, self.chance.choice((12, 12, 99, 999, 9999))))

    def numbers(self) -> list[str]:
        chosen = self.chance.sample(range(2, 100), self.chance.randint(2, 4))
        return [str(number) for number in sorted(chosen)]

    def key(self, kind: str = "") -> str:
        """
        Args:
            kind: "thing", "name" or "time" if its words belong together.
        """
        self.keys += 1
        return f"{kind}{self.keys}"


@cache
def _qualities(kinds: frozenset[str]) -> list[Adjective]:
    return [quality for quality in ADJECTIVES if not quality.kinds or quality.kinds & kinds]


@cache
def _nouns(kinds: tuple[str, ...]) -> list[Noun]:
    wanted = {kind for text in kinds for kind in text.split()}
    return [noun for noun in NOUNS if not wanted or noun.kinds & wanted]
