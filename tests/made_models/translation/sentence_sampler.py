"""Draws meanings at random and says each in the three languages."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from tests.made_models.translation import english, french, german
from tests.made_models.translation.lexicon import (
    ADJECTIVES,
    HEADINGS,
    JOINTS,
    NOUNS,
    OPINIONS,
    PARTS,
    SAYINGS,
)
from tests.made_models.translation.meaning import (
    Clause,
    Determiner,
    Named,
    Opinion,
    Order,
    Place,
    Subject,
    Tense,
    Thing,
    Time,
    Word,
    joined,
    word,
    words,
)
from tests.made_models.translation.meaning_sampler import MeaningSampler

Said = tuple[list[Word], list[Word], list[Word]]
"""The same in English, German and French."""


class SentenceSampler(MeaningSampler):
    """Says what it draws."""

    def __init__(self, chance: random.Random, told_apart: bool) -> None:
        super().__init__(chance, told_apart)
        self._kinds: tuple[tuple[int, Callable[[], Said]], ...] = (
            (30, self._statement),
            (8, self._fronted),
            (10, self._reason),
            (6, self._condition),
            (7, self._opinion),
            (5, self._question),
            (3, self._where),
            (3, self._who),
            (6, self._request),
            (4, self._there_is),
            (3, self._numbered),
            (18, self._phrase),
            (4, self._heading),
            (2, self._saying),
        )

    def said(self) -> Said:
        weights, kinds = zip(*self._kinds, strict=True)
        self.keys = 0
        return self.chance.choices(kinds, weights)[0]()

    # --- sentences ---

    def _statement(self) -> Said:
        return self._ended(self._clause_said(self.clause(), Order.MAIN))

    def _fronted(self) -> Said:
        clause = self.clause()
        time = clause.time or self.time()
        clause = replace(clause, time=time)
        return self._ended(
            (
                [*english.time(time), *english.clause(replace(clause, time=None), Order.MAIN)],
                [*german.time(time), *german.clause(clause, Order.ASKED, fronted=True)],
                [
                    *french.time(time),
                    word(",", joined=True),
                    *french.clause(clause, Order.MAIN, fronted=True),
                ],
            )
        )

    def _reason(self) -> Said:
        main, why = self.clause(brief=True), self.clause(brief=True)
        first, second = self._clause_said(main, Order.MAIN), self._joint(why)
        return self._ended(
            (
                [*first[0], *second[0]],
                [*first[1], word(",", joined=True), *second[1]],
                [*first[2], *second[2]],
            )
        )

    def _condition(self) -> Said:
        main, when = self.clause(brief=True), self.clause(brief=True)
        first = self._joint(when)
        second = (
            english.clause(main, Order.MAIN),
            german.clause(main, Order.ASKED),
            french.clause(main, Order.MAIN),
        )
        comma = word(",", self.key(), joined=True)
        return self._ended(
            (
                [*first[0], comma, *second[0]],
                [*first[1], comma, *second[1]],
                [*first[2], comma, *second[2]],
            )
        )

    def _joint(self, clause: Clause) -> Said:
        key = self.key()
        joint = self.chance.choice(JOINTS)
        inner = self._clause_said(clause, Order.UNDER)
        behind = words(joint[2], key)
        if behind[-1].text == "si" and inner[2][0].text in ("il", "ils"):
            behind = [word("s'", key)]
        behind = [*behind[:-1], *french.elided(behind[-1], inner[2])]
        return [*words(joint[0], key), *inner[0]], [*words(joint[1], key), *inner[1]], [*behind, *inner[2]]

    def _opinion(self) -> Said:
        verb = self.chance.choice(OPINIONS)
        item = Opinion(self.key(), self.subject(), verb, self.clause(brief=True))
        return self._ended((english.opinion(item), german.opinion(item), french.opinion(item)))

    def _question(self) -> Said:
        said = self._clause_said(self.clause(brief=True), Order.ASKED)
        if self.chance.random() < 0.3:
            key = self.key()
            asked = (word("when", key), word("wann", key), word("quand", key))
            said = ([asked[0], *said[0]], [asked[1], *said[1]], [asked[2], *said[2]])
        return self._ended(said, "?")

    def _where(self) -> Said:
        key, thing = self.key(), self.thing(self.noun("person animal text device small box"))
        several = thing.several
        return self._ended(
            (
                [word("where", key), word("are" if several else "is", f"{key} is"), *english.thing(thing)],
                [word("wo", key), word("sind" if several else "ist", f"{key} is"), *german.thing(thing, 0)],
                [word("où", key), word("sont" if several else "est", f"{key} is"), *french.thing(thing)],
            ),
            "?",
        )

    def _who(self) -> Said:
        verb = self.verb()
        tense = self.chance.choice((Tense.PRESENT, Tense.PERFECT, Tense.MUST))
        # A name that the three words for "who" take the place of.
        clause = replace(self.clause(brief=True), subject=Named("who", ("Q",)), verb=verb, tense=tense)
        clause = replace(clause, object=self.object(verb), quality=None, negated=False)
        said = self._clause_said(clause, Order.MAIN)
        asked = [word(text, "who 0") for text in ("who", "wer", "qui")]
        return self._ended(
            ([asked[0], *said[0][1:]], [asked[1], *said[1][1:]], [asked[2], *said[2][1:]]), "?"
        )

    def _request(self) -> Said:
        verb, key = self.verb(acting=True), self.key()
        thing = self.thing(self.noun(*sorted(verb.objects)), pointed=True)
        time = self.time() if self.chance.random() < 0.3 else None
        please, does = f"{key} please", f"{key} verb"
        torn = [word(verb.prefix, does)] if verb.prefix else []
        asked = f"{verb.french[3].removesuffix('ons')}ez"
        said = (
            [word("please", please), word(verb.english[0], does), *english.thing(thing)],
            [word("bitte", please), word(verb.german[0], does), word("Sie", does)],
            [word(asked, does), *french.thing(thing)],
        )
        said[0].extend(english.time(time) if time else [])
        said[1].extend([*(german.time(time) if time else []), *german.thing(thing, german.ACCUSATIVE), *torn])
        said[2].extend(french.time(time) if time else [])
        said[2].extend([word(",", joined=True), *words("s'il vous plaît", please)])
        return self._ended(said, "!" if self.chance.random() < 0.2 else ".")

    def _there_is(self) -> Said:
        key = self.key()
        thing = self.thing(self.noun("animal device small box food"), new=True)
        place = self.place()
        there, gives = f"{key} there", f"{key} is"
        return self._ended(
            (
                [
                    word("there", there),
                    word("are" if thing.several else "is", gives),
                    *english.thing(thing),
                    *english.place(place),
                ],
                [word("es", there), word("gibt", gives), *german.thing(thing, 1), *german.place(place)],
                [word("il", there), *words("y a", gives), *french.thing(thing), *french.place(place)],
            )
        )

    def _numbered(self) -> Said:
        """ "Rooms 3, 7 and 12 are empty." """
        key = self.key()
        noun = self.chance.choice(
            [noun for noun in NOUNS if noun.kinds & {"place", "text", "door", "device"}]
        )
        thing = Thing(key, noun, True, Determiner.THE)
        quality = self.quality(noun)
        numbers = self.numbers()
        clause = Clause(f"{key} clause", thing, quality=quality)
        said = self._clause_said(clause, Order.MAIN)
        result = []
        for sentence, final in zip(said, ("and", "und", "et"), strict=True):
            listed = joined(([word(number, f"{key} {number}")] for number in numbers), ",", final, key)
            result.append([*sentence[:2], *listed, *sentence[2:]])
        return self._ended((result[0][1:], result[1], result[2]))

    # --- what has no verb ---

    def _phrase(self) -> Said:
        """What may be bold in a sentence, or stand in a cell by itself."""
        kinds: tuple[tuple[int, Callable[[], Said]], ...] = (
            (8, lambda: self._party_said(self.thing(self.noun()))),
            (7, self._bare),
            (3, lambda: self._party_said(self.pair())),
            (4, lambda: self._place_said(self.place())),
            (2, lambda: self._time_said(self.time())),
            (2, lambda: self._party_said(self.named())),
            (4, self._alone),
            (2, self._number_list),
            (2, self._verb_alone),
        )
        weights, makers = zip(*kinds, strict=True)
        said = self.chance.choices(makers, weights)[0]()
        if self.told_apart and said[1][0].text[0].isupper():
            return said
        return _capital(said) if self.chance.random() < 0.15 else said

    def _bare(self) -> Said:
        """ "red house" """
        thing = replace(self.thing(self.noun()), determiner=Determiner.NONE)
        return self._party_said(replace(thing, several=False) if self.told_apart else thing)

    def _alone(self) -> Said:
        quality, key = self.chance.choice(ADJECTIVES), self.key()
        return [word(quality.english, key)], [word(quality.german, key)], [word(quality.french[0], key)]

    def _verb_alone(self) -> Said:
        verb, key = self.verb(), self.key()
        if self.told_apart or self.chance.random() < 0.5:
            return [word(verb.english[2], key)], [word(verb.german[2], key)], [word(verb.french[4], key)]
        torn = [word(verb.prefix, key)] if verb.prefix else []
        return [word(verb.english[1], key)], [word(verb.german[1], key), *torn], [word(verb.french[1], key)]

    def _number_list(self) -> Said:
        key = self.key()
        numbers = self.numbers()
        said = [
            joined(([word(number, f"{key} {number}")] for number in numbers), ",", final, key)
            for final in ("and", "und", "et")
        ]
        return said[0], said[1], said[2]

    def _heading(self) -> Said:
        key = self.key()
        thing = self.thing(self.noun(), pointed=True)
        if self.chance.random() < 0.5:
            kind = self.chance.choice(HEADINGS)
            return (
                [*words(kind[0], key), *english.thing(thing)],
                [*words(kind[1], key), *german.thing(thing, german.ACCUSATIVE)],
                [*words(kind[2], key), *french.thing(thing)],
            )
        part, number = self.chance.choice(PARTS), self.number()
        inner = _capital(self._party_said(thing))
        colon = f"{key} colon"
        starts = [[word(text, key), word(number, f"{key} number")] for text in part]
        return (
            [*starts[0], word(":", colon, joined=True), *inner[0]],
            [*starts[1], word(":", colon, joined=True), *inner[1]],
            [*starts[2], word(":", colon), *inner[2]],
        )

    def _saying(self) -> Said:
        saying, key = self.chance.choice(SAYINGS), self.key()
        said = (words(saying[0], key), words(saying[1], key), words(saying[2], key))
        return self._ended(said) if self.chance.random() < 0.5 else said

    # --- saying ---

    @staticmethod
    def _clause_said(item: Clause, order: Order) -> Said:
        return english.clause(item, order), german.clause(item, order), french.clause(item, order)

    @staticmethod
    def _party_said(item: Subject) -> Said:
        return english.party(item, acting=True), german.party(item, german.NOMINATIVE), french.party(item)

    @staticmethod
    def _place_said(item: Place) -> Said:
        return english.place(item), german.place(item), french.place(item)

    @staticmethod
    def _time_said(item: Time) -> Said:
        return english.time(item), german.time(item), french.time(item)

    @staticmethod
    def _ended(said: Said, mark: str = ".") -> Said:
        ends = [word(mark, "end", joined=True)] * 2 + [word(mark, "end", joined=mark == ".")]
        capital = _capital(said)
        return [*capital[0], ends[0]], [*capital[1], ends[1]], [*capital[2], ends[2]]


def _capital(said: Said) -> Said:
    first, second, third = (
        [replace(part[0], text=part[0].text[0].upper() + part[0].text[1:]), *part[1:]] for part in said
    )
    return first, second, third
