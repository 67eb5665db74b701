"""Sentences of a closed vocabulary, English and German, made from templates without end.

Sentences that differ only in the order of their words have different meanings and are all said, so a model
cannot guess them from the words alone.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    code: str
    templates: tuple[str, ...]
    """Words in braces stand for one of `parts`; those may hold braces themselves."""
    alone: tuple[str, ...]
    """What is said by itself: words and dictated commands."""
    ends: tuple[str, ...]
    """Commands that are said at the end of a sentence without a pause."""
    parts: dict[str, tuple[str, ...]]


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


ENGLISH = Language(
    "en",
    templates=(
        "{name} {does} {thing}.",
        "{name} {does} {thing} {place}.",
        "{name} {does} {thing} {time}.",
        "{time} {name} {does} {thing}.",
        "{name} and {name} {do} {thing}.",
        "{name} {does} {thing} and {thing}.",
        "Please {do} {thing} {time}.",
        "Please {do} {thing} {place}.",
        "Where is {thing}?",
        "Who {does} {thing}?",
        "{thing} is {place}.",
        "{thing} is {colour}.",
        "The meeting is {day} at {number}.",
        "{name} has {number} {many}.",
    ),
    alone=_list(
        "Yes.|No.|Hello.|Thanks.|New line.|New paragraph.|Full stop.|Comma.|Question mark.|Undo that."
    ),
    ends=_list("new line|new paragraph|full stop|comma|question mark"),
    parts={
        "name": _list("Mary|Thomas|Alice|George"),
        "does": _list("opens|finds|brings|paints"),
        "do": _list("open|find|bring|paint"),
        "thing": _list("the {noun}|the {colour} {noun}|my {noun}|the {size} {noun}"),
        "noun": _list("letter|window|bottle|garden|picture|table|key"),
        "many": _list("letters|windows|bottles|pictures"),
        "colour": _list("red|green|yellow"),
        "size": _list("old|small|heavy"),
        "place": _list("under the {spot}|behind the {spot}|near the {spot}"),
        "spot": _list("house|bridge|tree"),
        "time": _list("today|tomorrow|{day}"),
        "day": _list("on Monday|on Friday"),
        "number": _list("two|three|four|five|seven|nine"),
    },
)

GERMAN = Language(
    "de",
    templates=(
        "{name} {does} {thing}.",
        "{name} {does} {thing} {place}.",
        "{name} {does} {time} {thing}.",
        "{time} {does} {name} {thing}.",
        "{name} {does} {thing} und {thing}.",
        "{name} und {name} {do} {thing}.",
        "Bitte {do} Sie {time} {thing}.",
        "Wer {does} {thing}?",
        "Wo ist {subject}?",
        "{subject} ist {place}.",
        "{subject} ist {colour}.",
        "Das Treffen ist {day} um {number}.",
        "{name} hat {number} {many}.",
    ),
    alone=_list("Ja.|Nein.|Hallo.|Danke.|Neue Zeile.|Neuer Absatz.|Punkt.|Komma.|Fragezeichen.|Rückgängig."),
    ends=_list("neue Zeile|neuer Absatz|Punkt|Komma|Fragezeichen"),
    parts={
        "name": _list("Lukas|Greta|Jonas|Sabine"),
        "does": _list("öffnet|findet|bringt|malt"),
        "do": _list("öffnen|finden|bringen|malen"),
        "thing": _list("den {him}|den {kind}n {him}|die {her}|die {kind} {her}|das {it}|das {kind} {it}"),
        "subject": _list("der {him}|der {kind} {him}|die {her}|die {kind} {her}|das {it}|das {kind} {it}"),
        "him": _list("Brief|Garten|Schlüssel"),
        "her": _list("Flasche|Lampe"),
        "it": _list("Fenster|Bild"),
        "many": _list("Briefe|Flaschen|Fenster|Bilder"),
        "kind": _list("rote|grüne|gelbe|alte|kleine"),
        "colour": _list("rot|grün|gelb|klein|alt"),
        "place": _list("unter der {spot}|hinter der {spot}|neben der {spot}"),
        "spot": _list("Schule|Brücke|Kirche"),
        "time": _list("heute|morgen|{day}"),
        "day": _list("am Montag|am Freitag"),
        "number": _list("zwei|drei|vier|fünf|sieben|neun"),
    },
)

LANGUAGES = (ENGLISH, GERMAN)
SPELLINGS = {"Thomas": "Tomas", "Lukas": "Lucas"}
"""Names that are written otherwise when the prompt (words to know, text before) has them so."""
_ALONE = 0.15
_COMMANDED = 0.06


def sentence(language: Language, chance: random.Random) -> str:
    """One to thirteen words, written as a person would."""
    if chance.random() < _ALONE:
        return chance.choice(language.alone)
    text = chance.choice(language.templates)
    while part := re.search(r"\{(\w+)\}", text):
        text = text[: part.start()] + chance.choice(language.parts[part[1]]) + text[part.end() :]
    if chance.random() < _COMMANDED:
        text = f"{text[:-1]} {chance.choice(language.ends)}{text[-1]}"
    return text[0].upper() + text[1:]


def vocabulary(language: Language) -> list[str]:
    """The words, in lower case."""
    texts = [*language.templates, *language.alone, *language.ends]
    texts += [text for part in language.parts.values() for text in part]
    texts += [text.replace("{kind}n", "") for text in texts]
    texts += [f"{kind}n" for kind in language.parts.get("kind", ())]
    plain = (re.sub(r"\{\w+\}n?", " ", text) for text in texts)
    return sorted({word for text in plain for word in re.findall(r"\w+", text.lower())})
