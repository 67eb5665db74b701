"""The words that the program knows in each language: stop words, synonyms, numbers, titles of persons …

The lists stand in `resources/word_lists.json`, as typed, in lower case and with accents; `terms` folds them
like everything else. Stop words are dropped from questions only, never from what is indexed, so that a
question of nothing else ("The Who") can still be asked. Synonyms mean the same wherever they stand, mostly in
reports and accounts, where a question seldom uses the name that is printed over the table.
"""

from __future__ import annotations

import json
from functools import cache

from assistant import paths


@cache
def stopwords(language: str) -> frozenset[str]:
    """Articles, prepositions, question words of a language (ISO 639-1); empty where there is no list."""
    return frozenset(_words("stopwords", language))


@cache
def all_stopwords() -> frozenset[str]:
    """Those of all languages, of two letters and more."""
    return frozenset(word for word in _of_all_languages("stopwords") if len(word) > 1)


@cache
def instructions(language: str) -> frozenset[str]:
    """Words with which long questions say how they want to be answered: "round to two decimal places"."""
    return frozenset(_words("instructions", language))


@cache
def question_phrases(language: str) -> tuple[str, ...]:
    """Question phrases of a language that is written without spaces, longest first."""
    return tuple(sorted(set(_words("question_phrases", language)), key=len, reverse=True))


@cache
def interrogatives(language: str) -> frozenset[str]:
    """The words that make a question one that yes and no do not answer."""
    return frozenset(_words("interrogatives", language))


@cache
def number_words(language: str) -> dict[str, int]:
    """The words for small numbers, from two on."""
    return {word: number for number, word in enumerate(_words("number_words", language), 2)}


@cache
def yes_and_no() -> frozenset[str]:
    """Words that answer without saying anything else, of all languages."""
    return _of_all_languages("yes_no")


@cache
def negations(language: str) -> frozenset[str]:
    """The words that make a clause deny something."""
    return frozenset(_words("negations", language))


@cache
def titles(language: str) -> tuple[str, ...]:
    """What stands before the name of a person or a firm."""
    return tuple(_words("titles", language))


@cache
def no_names() -> frozenset[str]:
    """Words with a capital letter that texts may leave out, shorten or write in figures, of all languages.

    Titles, months and days of the week: "Professor Lind" is found as "Dr. Lind", and "in May" as "5/2024".
    """
    return _of_all_languages("titles") | _of_all_languages("calendar")


@cache
def synonyms(language: str) -> tuple[tuple[str, ...], ...]:
    """Groups of names for one thing."""
    return tuple(tuple(group.split(" | ")) for group in _list("synonyms", language))


def _of_all_languages(kind: str) -> frozenset[str]:
    return frozenset(word for language in _lists()[kind] for word in _words(kind, language))


def _words(kind: str, language: str) -> list[str]:
    return " ".join(_list(kind, language)).split()


def _list(kind: str, language: str) -> list[str]:
    found: list[str] = _lists()[kind].get(language, [])
    return found


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    file = paths.resources() / "word_lists.json"
    lists: dict[str, dict[str, list[str]]] = json.loads(file.read_text("utf-8"))
    return lists
