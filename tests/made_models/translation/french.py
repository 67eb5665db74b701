"""Says a meaning in French: adjectives behind the noun, pronouns before the verb, vowels that fall out."""

from __future__ import annotations

from tests.made_models.translation.lexicon import Adjective
from tests.made_models.translation.meaning import (
    Clause,
    Determiner,
    Opinion,
    Order,
    Person,
    Place,
    Pronoun,
    Subject,
    Tense,
    Thing,
    Time,
    Word,
    is_open,
    is_several,
    is_we,
    priced,
    said,
    word,
    words,
)

_DETERMINERS = {
    Determiner.THE: ("le", "la", "les", "l'", "l'"),
    Determiner.A: ("un", "une", "", "un", "une"),
    Determiner.THIS: ("ce", "cette", "ces", "cet", "cette"),
    Determiner.MY: ("mon", "ma", "mes", "mon", "mon"),
    Determiner.OUR: ("notre", "notre", "nos", "notre", "notre"),
}
"""Masculine, feminine, plural; masculine and feminine before a vowel."""
_HELPERS = {
    Tense.PERFECT: ("a", "ont", "avons"),
    Tense.FUTURE: ("va", "vont", "allons"),
    Tense.MUST: ("doit", "doivent", "devons"),
    Tense.CAN: ("peut", "peuvent", "pouvons"),
}


def _bent(quality: Adjective, her: bool, several: bool, following: str = "") -> str:
    if not her and not several and following and is_open(following):
        return quality.french[4]
    return quality.french[2 * several + her]


def thing(item: Thing) -> list[Word]:
    her = item.noun.french_gender == "f"
    noun = item.noun.french[item.several]
    before = [quality for quality in item.adjectives if quality.before]
    behind = [quality for quality in item.adjectives if not quality.before]
    result = [word(noun, f"{item.key} noun")]
    for quality in behind:
        result.append(word(_bent(quality, her, item.several), f"{item.key} {quality.english}"))
    for quality in before:
        text = _bent(quality, her, item.several, result[0].text)
        result.insert(0, word(text, f"{item.key} {quality.english}"))
    determiner = _determiner(item, result[0].text)
    return [word(determiner, f"{item.key} det"), *result] if determiner else result


def _determiner(item: Thing, following: str) -> str:
    if item.determiner is Determiner.NONE:
        return ""
    if item.determiner is Determiner.COUNT and item.count:
        return item.count[2]
    forms = _DETERMINERS[item.determiner]
    if item.several:
        return forms[2]
    return forms[(3 if is_open(following) else 0) + (item.noun.french_gender == "f")]


def party(item: Subject) -> list[Word]:
    return said(item, thing, lambda person: person.value[0][2], "et")


def place(item: Place) -> list[Word]:
    where = words(item.preposition[2], f"{item.key} where")
    found = thing(item.thing)
    if where[-1].text != "de":
        return [*where, *found]
    article = found[0].text
    if article in ("le", "les") and item.thing.determiner is Determiner.THE:
        merged = word("du" if article == "le" else "des", *where[-1].keys, *found[0].keys)
        return [*where[:-1], merged, *found[1:]]
    return [*where[:-1], *elided(where[-1], found), *found]


def elided(first: Word, rest: list[Word]) -> list[Word]:
    """ "que" before "il" becomes "qu'"; so do "ne", "le", "la", "de"."""
    text = first.text
    if rest and is_open(rest[0].text) and text.endswith(("e", "a")):
        text = f"{text[:-1]}'"
    return [Word(text, first.keys)]


def time(item: Time) -> list[Word]:
    if item.clock:
        return [word("à", f"{item.key} at"), word(item.clock, f"{item.key} clock")]
    return words(item.said[2], item.key)


def clause(item: Clause, order: Order, fronted: bool = False) -> list[Word]:
    """
    Args:
        fronted: the time stands before it already.
    """
    subject = party(item.subject)
    if order is Order.ASKED:
        asked = words("est-ce que")
        subject = [asked[0], *elided(asked[1], subject), *subject]
    result = [*subject, *_predicate(item)]
    if item.object and not isinstance(item.object, Pronoun):
        result += party(item.object)
    if item.quality:
        text = _bent(item.quality, _is_her(item.subject), is_several(item.subject))
        result.append(word(text, f"{item.key} quality"))
    result += priced(item, "pour", "euros")
    if item.place:
        result += place(item.place)
    if item.time and not fronted:
        result += time(item.time)
    return result


def _is_her(subject: Subject) -> bool:
    if isinstance(subject, Thing):
        return subject.noun.french_gender == "f"
    return isinstance(subject, Pronoun) and subject.person is Person.SHE


def _predicate(item: Clause) -> list[Word]:
    """The verb with "ne … pas" and the pronoun of the object."""
    key, verb = item.key, item.verb
    form = 2 if is_we(item.subject) else int(is_several(item.subject))
    clitic: list[Word] = []
    if isinstance(item.object, Pronoun):
        clitic = [word(item.object.person.value[1][2], item.object.key)]
    behind: list[Word] = []
    if verb is None:
        finite = [word(("est", "sont", "sommes")[form], f"{key} verb")]
    elif item.tense is Tense.PRESENT:
        finite = _with(clitic, word(verb.french[1 + form], f"{key} verb"))
    elif item.tense is Tense.PERFECT:
        finite = _with(clitic, word(_HELPERS[item.tense][form], f"{key} help"))
        behind = [word(_participle(verb.french[4], item), f"{key} verb")]
    else:
        finite = [word(_HELPERS[item.tense][form], f"{key} help")]
        behind = _with(clitic, word(verb.french[0], f"{key} verb"))
    if not item.negated:
        return [*finite, *behind]
    denied = elided(word("ne", f"{key} not"), finite)
    return [*denied, *finite, word("pas", f"{key} not"), *behind]


def _with(clitic: list[Word], verb: Word) -> list[Word]:
    return [*elided(clitic[0], [verb]), verb] if clitic else [verb]


def _participle(text: str, item: Clause) -> str:
    """It agrees with a pronoun before it."""
    if not isinstance(item.object, Pronoun):
        return text
    if item.object.person is Person.SHE:
        return f"{text}e"
    several = item.object.person in (Person.WE, Person.THEY) and not text.endswith("s")
    return f"{text}s" if several else text


def opinion(item: Opinion) -> list[Word]:
    form = 2 if is_we(item.subject) else int(is_several(item.subject))
    verb = word(item.verb.french[1 + form], f"{item.key} verb")
    inner = clause(item.clause, Order.UNDER)
    that = elided(word("que", f"{item.key} that"), inner)
    return [*party(item.subject), verb, *that, *inner]
