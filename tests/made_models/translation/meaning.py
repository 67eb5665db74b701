"""What a sentence says, before it is said in a language; and the words of which it is made then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from tests.made_models.translation.lexicon import Adjective, Noun, Verb


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    keys: frozenset[str] = frozenset()
    """Words of two languages that share a key are translations of each other."""
    joined: bool = False
    """No space before it."""


def word(text: str, *keys: str, joined: bool = False) -> Word:
    return Word(text, frozenset(keys), joined)


def words(text: str, *keys: str) -> list[Word]:
    """All of them with all keys."""
    return [word(part, *keys) for part in text.split()]


class Determiner(Enum):
    NONE = auto()
    THE = auto()
    A = auto()
    THIS = auto()
    MY = auto()
    OUR = auto()
    COUNT = auto()


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun with what belongs to it."""

    key: str
    noun: Noun
    several: bool
    determiner: Determiner
    count: tuple[str, str, str] | None = None
    adjectives: tuple[Adjective, ...] = ()
    """At most one that stands before the noun in French, then at most one that stands behind."""


@dataclass(frozen=True, slots=True)
class Named:
    key: str
    names: tuple[str, ...]


class Person(Enum):
    """The word as a subject and as an object: English, German, French."""

    HE = (("he", "er", "il"), ("him", "ihn", "le"))
    SHE = (("she", "sie", "elle"), ("her", "sie", "la"))
    WE = (("we", "wir", "nous"), ("us", "uns", "nous"))
    THEY = (("they", "sie", "ils"), ("them", "sie", "les"))


@dataclass(frozen=True, slots=True)
class Pronoun:
    key: str
    person: Person


@dataclass(frozen=True, slots=True)
class Pair:
    """Two subjects with "and"."""

    key: str
    first: Thing | Named
    second: Thing | Named


Subject = Thing | Named | Pronoun | Pair
Object = Thing | Named | Pronoun | Pair


def is_several(subject: Subject) -> bool:
    if isinstance(subject, Thing):
        return subject.several
    if isinstance(subject, Pronoun):
        return subject.person in (Person.WE, Person.THEY)
    return isinstance(subject, Pair)


def is_we(subject: Subject) -> bool:
    return isinstance(subject, Pronoun) and subject.person is Person.WE


@dataclass(frozen=True, slots=True)
class Place:
    key: str
    preposition: tuple[str, str, str, str]
    thing: Thing


@dataclass(frozen=True, slots=True)
class Time:
    key: str
    said: tuple[str, str, str]
    clock: str = ""
    """Instead: "10:30"."""


class Tense(Enum):
    PRESENT = auto()
    PERFECT = auto()
    FUTURE = auto()
    MUST = auto()
    CAN = auto()


@dataclass(frozen=True, slots=True)
class Clause:
    """Somebody does something; or, without a verb, something is somehow or somewhere."""

    key: str
    subject: Subject
    verb: Verb | None = None
    tense: Tense = Tense.PRESENT
    negated: bool = False
    object: Object | None = None
    price: str = ""
    """In euros."""
    quality: Adjective | None = None
    place: Place | None = None
    time: Time | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """Somebody says, thinks or knows that …"""

    key: str
    subject: Subject
    verb: Verb
    clause: Clause


class Order(Enum):
    MAIN = auto()
    ASKED = auto()
    """The verb first."""
    UNDER = auto()
    """Behind "because" and its like."""


VOWELS = frozenset("aeiouyâàéèêëîïôöûüœh")


def is_open(text: str) -> bool:
    """It begins with a vowel, or with an h that is not said in French."""
    return text[0].lower() in VOWELS


def written(sentence: Sequence[Word]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where each word stands in it."""
    text = ""
    spans = []
    for item in sentence:
        if text and not item.joined and not text.endswith("'"):
            text += " "
        spans.append((len(text), len(text) + len(item.text)))
        text += item.text
    return text, spans


def said(
    subject: Subject, thing: Callable[[Thing], list[Word]], pronoun: Callable[[Person], str], final: str
) -> list[Word]:
    """A subject or an object in a language.

    Args:
        final: "and".
    """
    if isinstance(subject, Thing):
        return thing(subject)
    if isinstance(subject, Named):
        return [word(name, f"{subject.key} {number}") for number, name in enumerate(subject.names)]
    if isinstance(subject, Pronoun):
        return [word(pronoun(subject.person), subject.key)]
    first, second = (said(each, thing, pronoun, final) for each in (subject.first, subject.second))
    return [*first, word(final, f"{subject.key} and"), *second]


def priced(clause: Clause, preposition: str, currency: str) -> list[Word]:
    """ "for 20 euros", where there is a price."""
    if not clause.price:
        return []
    return [
        word(preposition, f"{clause.key} for"),
        word(clause.price, f"{clause.key} price"),
        word(currency, f"{clause.key} euros"),
    ]


def joined(parts: Iterable[list[Word]], glue: str, final: str, key: str) -> list[Word]:
    """ "A, b and c"."""
    listed = list(parts)
    result: list[Word] = []
    for number, part in enumerate(listed):
        if number and number == len(listed) - 1:
            result.append(word(final, f"{key} and"))
        elif number:
            result.append(word(glue, f"{key} comma {number}", joined=True))
        result += part
    return result
