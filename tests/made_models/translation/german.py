"""Says a meaning in German: cases, the second place of the verb, torn verbs, the verb at the end."""

from __future__ import annotations

from tests.made_models.translation.lexicon import Adjective
from tests.made_models.translation.meaning import (
    Clause,
    Determiner,
    Opinion,
    Order,
    Place,
    Pronoun,
    Subject,
    Tense,
    Thing,
    Time,
    Word,
    is_several,
    priced,
    said,
    word,
    words,
)

NOMINATIVE, ACCUSATIVE, DATIVE = range(3)

_THE = {"m": ("der", "den", "dem"), "f": ("die", "die", "der"), "n": ("das", "das", "dem")}
_THE_MANY = ("die", "die", "den")
_ENDINGS = {"m": ("er", "en", "em"), "f": ("e", "e", "er"), "n": ("es", "es", "em")}
"""Strong ones."""
_STRONG_MANY = ("e", "e", "en")
_STEMS = {Determiner.A: "ein", Determiner.MY: "mein", Determiner.OUR: "unser"}
_WEAK = (Determiner.THE, Determiner.THIS)


def _row(item: Thing) -> str:
    return "many" if item.several else item.noun.german_gender


def _ending(item: Thing, case: int) -> str:
    """The strong one of its gender and case."""
    return (_STRONG_MANY if item.several else _ENDINGS[item.noun.german_gender])[case]


def _determiner(item: Thing, case: int) -> str:
    if item.determiner is Determiner.THE:
        return (_THE_MANY if item.several else _THE[item.noun.german_gender])[case]
    if item.determiner is Determiner.THIS:
        return f"dies{_ending(item, case)}"
    if item.determiner is Determiner.COUNT and item.count:
        return item.count[1]
    bare = not item.several and (item.noun.german_gender, case) in _BARE
    return _STEMS[item.determiner] + ("" if bare else _ending(item, case))


_BARE = (("m", NOMINATIVE), ("n", NOMINATIVE), ("n", ACCUSATIVE))
"""Where "ein" and "mein" have no ending, and the adjective has the strong one."""


def _bent(quality: Adjective, item: Thing, case: int) -> str:
    stem = quality.german.removesuffix("e")
    if item.determiner in (Determiner.NONE, Determiner.COUNT):
        return stem + _ending(item, case)
    if item.determiner not in _WEAK and not item.several and (item.noun.german_gender, case) in _BARE:
        return stem + _ending(item, case)
    plain = not item.several and case != DATIVE and (item.noun.german_gender != "m" or case == NOMINATIVE)
    return stem + ("e" if plain else "en")


def _noun(item: Thing, case: int) -> str:
    text = item.noun.german[item.several]
    return f"{text}n" if item.several and case == DATIVE and text[-1] not in "ns" else text


def thing(item: Thing, case: int) -> list[Word]:
    result = [
        word(_bent(quality, item, case), f"{item.key} {quality.english}") for quality in item.adjectives
    ]
    result.append(word(_noun(item, case), f"{item.key} noun"))
    if item.determiner is not Determiner.NONE:
        result.insert(0, word(_determiner(item, case), f"{item.key} det"))
    return result


def party(item: Subject, case: int) -> list[Word]:
    return said(item, lambda each: thing(each, case), lambda person: person.value[case][1], "und")


def place(item: Place) -> list[Word]:
    where = item.preposition[1]
    found = thing(item.thing, DATIVE)
    if where == "in" and item.thing.determiner is Determiner.THE and found[0].text == "dem":
        return [word("im", f"{item.key} where", *found[0].keys), *found[1:]]
    return [word(where, f"{item.key} where"), *found]


def time(item: Time) -> list[Word]:
    if item.clock:
        clock = f"{item.key} clock"
        return [word("um", f"{item.key} at"), word(item.clock, clock), word("Uhr", clock)]
    return words(item.said[1], item.key)


def clause(item: Clause, order: Order, fronted: bool = False) -> list[Word]:
    """
    Args:
        fronted: the time stands before it already.
    """
    subject = party(item.subject, NOMINATIVE)
    first, last = _bracket(item)
    middle = _middle(item, fronted)
    if order is Order.MAIN:
        return [*subject, *first, *middle, *last]
    if order is Order.ASKED:
        return [*first, *subject, *middle, *last]
    prefixed = item.verb and item.verb.prefix and item.tense is Tense.PRESENT
    if prefixed:
        return [*subject, *middle, word(last[0].text + first[0].text, *first[0].keys)]
    return [*subject, *middle, *last, *first]


def _bracket(item: Clause) -> tuple[list[Word], list[Word]]:
    """The verb that bends, and what stands at the end."""
    plural = is_several(item.subject)
    key, verb = item.key, item.verb
    if verb is None:
        return [word("sind" if plural else "ist", f"{key} verb")], []
    several, third, participle = verb.german
    if item.tense is Tense.PRESENT:
        prefix = [word(verb.prefix, f"{key} verb")] if verb.prefix else []
        return [word(several if plural else third, f"{key} verb")], prefix
    if item.tense is Tense.PERFECT:
        return [word("haben" if plural else "hat", f"{key} help")], [word(participle, f"{key} verb")]
    helper = {Tense.FUTURE: ("wird", "werden"), Tense.MUST: ("muss", "müssen"), Tense.CAN: ("kann", "können")}
    return (
        [word(helper[item.tense][plural], f"{key} help")],
        [word(verb.prefix + several, f"{key} verb")],
    )


def _middle(item: Clause, fronted: bool) -> list[Word]:
    """Pronouns, the time, the object, the place, "nicht"."""
    result: list[Word] = []
    when = time(item.time) if item.time and not fronted else []
    what = party(item.object, ACCUSATIVE) if item.object else []
    result += [*what, *when] if isinstance(item.object, Pronoun) else [*when, *what]
    result += priced(item, "für", "Euro")
    denied = [word("nicht", f"{item.key} not")] if item.negated else []
    where = place(item.place) if item.place else []
    result += [*denied, *where] if item.verb is None else [*where, *denied]
    if item.quality:
        result.append(word(item.quality.german, f"{item.key} quality"))
    return result


def opinion(item: Opinion) -> list[Word]:
    verb = word(item.verb.german[0 if is_several(item.subject) else 1], f"{item.key} verb")
    that = word("dass", f"{item.key} that")
    comma = word(",", joined=True)
    inner = clause(item.clause, Order.UNDER)
    return [*party(item.subject, NOMINATIVE), verb, comma, that, *inner]
