"""Says a meaning in English."""

from __future__ import annotations

import re

from tests.made_models.translation.meaning import (
    Clause,
    Determiner,
    Opinion,
    Order,
    Place,
    Subject,
    Tense,
    Thing,
    Time,
    Word,
    is_several,
    is_we,
    priced,
    said,
    word,
    words,
)

_AN = re.compile("[aeio]|u(?!se)")
_DETERMINERS = {
    Determiner.THE: ("the", "the"),
    Determiner.THIS: ("this", "these"),
    Determiner.MY: ("my", "my"),
    Determiner.OUR: ("our", "our"),
}


def thing(item: Thing) -> list[Word]:
    result = [word(quality.english, f"{item.key} {quality.english}") for quality in item.adjectives]
    result.append(word(item.noun.english[item.several], f"{item.key} noun"))
    if item.determiner is Determiner.COUNT and item.count:
        return [word(item.count[0], f"{item.key} det"), *result]
    if item.determiner is Determiner.A:
        return [word("an" if _AN.match(result[0].text) else "a", f"{item.key} det"), *result]
    if item.determiner is Determiner.NONE:
        return result
    return [word(_DETERMINERS[item.determiner][item.several], f"{item.key} det"), *result]


def party(item: Subject, *, acting: bool) -> list[Word]:
    return said(item, thing, lambda person: person.value[0 if acting else 1][0], "and")


def place(item: Place) -> list[Word]:
    return [*words(item.preposition[0], f"{item.key} where"), *thing(item.thing)]


def time(item: Time) -> list[Word]:
    if item.clock:
        return [word("at", f"{item.key} at"), word(item.clock, f"{item.key} clock")]
    return words(item.said[0], item.key)


def clause(item: Clause, order: Order) -> list[Word]:
    subject = party(item.subject, acting=True)
    finite, rest = _predicate(item, order)
    tail = [*rest, *_behind(item)]
    return [*finite, *subject, *tail] if order is Order.ASKED else [*subject, *finite, *tail]


def _predicate(item: Clause, order: Order) -> tuple[list[Word], list[Word]]:
    """What stands before the subject in a question, and what stands behind."""
    plural = is_several(item.subject)
    key, verb = item.key, item.verb
    denied = [word("not", f"{key} not")] if item.negated else []
    if verb is None:
        return [word("are" if plural else "is", f"{key} verb")], denied
    infinitive, third, participle = verb.english
    if item.tense is Tense.PRESENT:
        if item.negated or order is Order.ASKED:
            return [word("do" if plural else "does")], [*denied, word(infinitive, f"{key} verb")]
        return [word(infinitive if plural else third, f"{key} verb")], []
    if item.tense is Tense.PERFECT:
        finite = word("have" if plural else "has", f"{key} help")
        return [finite], [*denied, word(participle, f"{key} verb")]
    helper = {Tense.FUTURE: "will", Tense.MUST: "must", Tense.CAN: "can"}[item.tense]
    return [word(helper, f"{key} help")], [*denied, word(infinitive, f"{key} verb")]


def _behind(item: Clause) -> list[Word]:
    result: list[Word] = []
    if item.object:
        result += party(item.object, acting=False)
    if item.quality:
        result.append(word(item.quality.english, f"{item.key} quality"))
    result += priced(item, "for", "euros")
    if item.place:
        result += place(item.place)
    if item.time:
        result += time(item.time)
    return result


def opinion(item: Opinion) -> list[Word]:
    several = is_several(item.subject) or is_we(item.subject)
    verb = word(item.verb.english[0 if several else 1], f"{item.key} verb")
    that = word("that", f"{item.key} that")
    return [*party(item.subject, acting=True), verb, that, *clause(item.clause, Order.UNDER)]
