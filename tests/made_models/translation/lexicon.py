"""The words of the made-up grammar in English, German and French: what they are about and how they bend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Noun:
    kinds: frozenset[str]
    english: tuple[str, str]
    """One and several, as in the other languages."""
    german: tuple[str, str]
    german_gender: str
    """"m", "f" or "n"."""
    french: tuple[str, str]
    french_gender: str


@dataclass(frozen=True, slots=True)
class Adjective:
    kinds: frozenset[str]
    """Of the nouns that it goes with; none: all."""
    english: str
    german: str
    french: tuple[str, str, str, str, str]
    """Masculine, feminine, both in the plural, and the masculine before a vowel."""
    before: bool
    """It stands before the noun in French."""


@dataclass(frozen=True, slots=True)
class Verb:
    english: tuple[str, str, str]
    """Infinitive, third person, participle."""
    german: tuple[str, str, str]
    """Plural, third person, participle."""
    prefix: str
    """Of a German verb that is torn apart."""
    french: tuple[str, str, str, str, str]
    """Infinitive, third person, third person plural, first person plural, participle."""
    objects: frozenset[str]
    """Kinds of nouns; none where it has no object."""


def _table(title: str) -> Iterator[tuple[str, str]]:
    """The kinds and the entry, of each entry in words.txt."""
    text = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    for line in text.partition(f"[{title}]\n")[2].partition("\n[")[0].strip().splitlines():
        kinds, _, entries = line.partition(": ")
        for entry in entries.split("; "):
            yield kinds, entry


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _plural(word: str) -> str:
    return word if word[-1] in "sx" else f"{word}s"


def _nouns() -> tuple[Noun, ...]:
    found = []
    for kinds, entry in _table("nouns"):
        english, german, french = (_words(part) for part in entry.split("|"))
        several = french[2] if len(french) > 2 else _plural(french[1])
        found.append(
            Noun(
                frozenset(kinds.split()),
                (english[0], english[1]),
                (german[1], german[2]),
                german[0],
                (french[1], several),
                french[0],
            )
        )
    return tuple(found)


def _adjectives() -> tuple[Adjective, ...]:
    found = []
    for kinds, entry in _table("adjectives"):
        fitting, _, place = kinds.partition(", ")
        english, german, *french = entry.split()
        him = french[0]
        her = french[1] if len(french) > 1 else him if him.endswith("e") else f"{him}e"
        forms = (him, her, *french[2:]) if len(french) > 2 else (him, her, _plural(him), _plural(her), him)
        found.append(
            Adjective(
                frozenset(fitting.split()) - {"-"},
                english,
                german,
                (forms[0], forms[1], forms[2], forms[3], forms[4]),
                place == "before",
            )
        )
    return tuple(found)


def _verbs(title: str) -> tuple[Verb, ...]:
    found = []
    for kinds, entry in _table(title):
        english, german, french = (_words(part) for part in entry.split("|"))
        prefix, torn, several = german[0].rpartition("+")
        found.append(
            Verb(
                (english[0], english[1], english[2]),
                (several, german[1], german[2]),
                prefix if torn else "",
                (french[0], french[1], french[2], french[3], french[4]),
                frozenset(kinds.split()) - {"-"},
            )
        )
    return tuple(found)


NOUNS = _nouns()
ADJECTIVES = _adjectives()
VERBS = _verbs("verbs")
OPINIONS = _verbs("opinions")
"""Verbs with "that"."""

FIRST_NAMES = _words(
    "Anna Mary Thomas Alice George Clara Paul Sofia Martin Julia Oscar Nina Victor Emma Daniel Laura David "
    "Lena Simon Olga Peter Rosa Bruno Elena Felix Maria Adam Ida Robert Sara Leo Vera Karl Ines Max Paula"
)
LAST_NAMES = _words(
    "Weber Brown Novak Rossi Silva Kowalski Meyer Dubois Larsen Garcia Fischer Moreau Smith Costa "
    "Jansen Petrov Lopez Bauer Evans Dumont Olsen Marino Tanner Schulz Clark Ferrari Roux Berger Nilsson"
)
SYLLABLES = tuple(f"{first}{last}" for first in "bdfgklmnprstvz" for last in "aeio")
"""Of names that nobody has heard before."""

PREPOSITIONS = (
    ("in", "in", "dans", "place"),
    ("behind", "hinter", "derrière", "place spot"),
    ("in front of", "vor", "devant", "place spot"),
    ("next to", "neben", "à côté de", "place spot"),
    ("under", "unter", "sous", "spot"),
    ("on", "auf", "sur", "spot"),
)
"""English, German (with the dative), French, and the kinds of nouns behind them."""

TIMES = (
    ("today", "heute", "aujourd'hui"),
    ("tomorrow", "morgen", "demain"),
    ("now", "jetzt", "maintenant"),
    ("every day", "jeden Tag", "chaque jour"),
    ("this week", "diese Woche", "cette semaine"),
    ("in the morning", "am Morgen", "le matin"),
    ("in the evening", "am Abend", "le soir"),
    ("on Monday", "am Montag", "lundi"),
    ("on Tuesday", "am Dienstag", "mardi"),
    ("on Wednesday", "am Mittwoch", "mercredi"),
    ("on Thursday", "am Donnerstag", "jeudi"),
    ("on Friday", "am Freitag", "vendredi"),
    ("on Saturday", "am Samstag", "samedi"),
    ("on Sunday", "am Sonntag", "dimanche"),
    ("in January", "im Januar", "en janvier"),
    ("in March", "im März", "en mars"),
    ("in May", "im Mai", "en mai"),
    ("in June", "im Juni", "en juin"),
    ("in October", "im Oktober", "en octobre"),
    ("in winter", "im Winter", "en hiver"),
    ("in summer", "im Sommer", "en été"),
)

NUMBERS = (
    ("two", "zwei", "deux"),
    ("three", "drei", "trois"),
    ("four", "vier", "quatre"),
    ("five", "fünf", "cinq"),
    ("six", "sechs", "six"),
    ("seven", "sieben", "sept"),
    ("eight", "acht", "huit"),
    ("nine", "neun", "neuf"),
    ("ten", "zehn", "dix"),
)

JOINTS = (
    ("because", "weil", "parce que"),
    ("when", "wenn", "quand"),
    ("if", "falls", "si"),
    ("while", "während", "pendant que"),
    ("as soon as", "sobald", "dès que"),
)

SAYINGS = (
    ("Good morning", "Guten Morgen", "Bonjour"),
    ("Good evening", "Guten Abend", "Bonsoir"),
    ("Yes", "Ja", "Oui"),
    ("No", "Nein", "Non"),
    ("Thank you very much", "Vielen Dank", "Merci beaucoup"),
    ("See you tomorrow", "Bis morgen", "À demain"),
    ("Welcome", "Willkommen", "Bienvenue"),
    ("Goodbye", "Auf Wiedersehen", "Au revoir"),
    ("Of course", "Natürlich", "Bien sûr"),
    ("Attention", "Achtung", "Attention"),
    ("Table of contents", "Inhaltsverzeichnis", "Table des matières"),
    ("Summary", "Zusammenfassung", "Résumé"),
    ("Opening hours", "Öffnungszeiten", "Heures d'ouverture"),
    ("Kind regards", "Mit freundlichen Grüßen", "Cordialement"),
)

HEADINGS = (
    ("Report on", "Bericht über", "Rapport sur"),
    ("Plan for", "Plan für", "Plan pour"),
    ("Notes on", "Notizen über", "Notes sur"),
    ("Rules for", "Regeln für", "Règles pour"),
)
"""All with the accusative in German."""

PARTS = (
    ("Chapter", "Kapitel", "Chapitre"),
    ("Page", "Seite", "Page"),
    ("Part", "Teil", "Partie"),
    ("Table", "Tabelle", "Tableau"),
    ("Step", "Schritt", "Étape"),
)
