"""PURE: what a question asks for, as terms of the keyword index."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.documents.text.terms import (
    fold,
    grouped_numbers,
    is_pair_script,
    runs,
    term_of,
    terms,
    terms_of,
    words,
)
from assistant.documents.text.word_lists import (
    instructions,
    question_phrases,
    stopwords,
    synonyms,
)
from assistant.text_folding import compatible

MAX_CONCEPTS = 48
_LONG = 12
"""A question of more concepts than this also says how it is to be answered; such words are left out."""

_PART = 4
"""The shortest part of a compound, in letters."""
_LINKING: dict[str, tuple[str, ...]] = {
    "de": ("", "s", "n", "en", "es", "er"),
    "nl": ("", "s", "en", "e"),
    "sv": ("", "s"),
    "da": ("", "s", "e"),
    "no": ("", "s", "e"),
}
"""Letters between the parts of a compound."""
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""Letters and what they are written as where a keyboard lacks them."""
_DIGRAPH = re.compile("ae|oe|ue|aa")
_DECIMAL_TERM = re.compile(r"(\d+)_(\d+)")
_FISCAL_YEAR = re.compile(r"(?:fy|cy)(\d{4}|\d{2})")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a question asks for."""

    forms: tuple[str, ...]
    """The terms that it may stand as in the index; several with spaces between are a phrase."""
    word: str = ""
    """As asked, in lower case without accents; empty for one that stands for a whole name."""


def concepts(question: str, languages: Sequence[str]) -> list[Concept]:
    """What a question asks for, in order: its words without those that carry no meaning.

    Args:
        languages: the question's own first, then others that the documents are written in. A word gets the
            form that each of them gives it: the language of a short question is uncertain, and a text's
            stems are those of its own language.
    """
    bare = compatible(question)
    first = languages[0] if languages else ""
    found = _concepts(_without_question_phrases(bare, first), languages, _stop_terms(first))
    if len(found) > _LONG:
        manner = _instruction_terms(first)
        found = [concept for concept in found if concept.forms[0] not in manner] or found
    if not found:
        found = _concepts(bare, languages, frozenset())
    return [*found[:MAX_CONCEPTS], *_synonyms(bare, first)]


def _concepts(question: str, languages: Sequence[str], stop: frozenset[str]) -> list[Concept]:
    found: dict[tuple[str, ...], str] = {}
    first = languages[0] if languages else ""
    before = ""
    for word, pair in itertools.chain.from_iterable(words(raw, first) for raw in runs(question)):
        if pair:
            term = fold(word)
            # The last character of a run is in the index alone too; it is asked for only if it is alone.
            tail = len(term) == 1 and before.endswith(term)
            before = term
            forms: tuple[str, ...] = () if tail else (term,)
        else:
            before = ""
            made = dict.fromkeys(
                term
                for language in languages or ("",)
                for spelling in (word, *_other_spellings(word))
                for term in terms_of(spelling, language)
            )
            year = _FISCAL_YEAR.fullmatch(word)
            if year:
                made[year[1] if len(year[1]) == 4 else f"20{year[1]}"] = None
            forms = tuple(term for term in made if term)
        if forms and forms[0] not in stop and (pair or fold(word) not in stop):
            found.setdefault(forms, fold(word))
    for number in grouped_numbers(question):
        found.setdefault((number,), number)
    return [Concept(forms, word) for forms, word in found.items()]


def _other_spellings(word: str) -> Iterator[str]:
    """How else a word may stand in the documents: ü as ue, ø as oe, and back; 19.90 as 19.9."""
    if word.isalpha():
        if (spelt := word.translate(_DIGRAPHS)) != word:
            yield spelt
        if (bare := _DIGRAPH.sub(lambda found: found[0][0], word)) != word:
            yield bare
    elif decimal := _DECIMAL_TERM.fullmatch(word):
        yield f"{decimal[1]}_{decimal[2]}0"
        if decimal[2].endswith("0"):
            yield f"{decimal[1]}_{decimal[2].rstrip('0')}".rstrip("_")


def _synonyms(question: str, language: str) -> list[Concept]:
    """What the question names by one of several names, as one concept of all of them."""
    padded = f" {' '.join(terms(question, language))} "
    return [
        Concept(phrases)
        for phrases in _synonym_terms(language)
        if any(f" {phrase} " in padded for phrase in phrases)
    ]


@lru_cache(maxsize=64)
def _synonym_terms(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(dict.fromkeys(" ".join(terms(name, language)) for name in names))
        for names in synonyms(language)
    )


@lru_cache(maxsize=64)
def _stop_terms(language: str) -> frozenset[str]:
    return _both_forms(stopwords(language), language)


@lru_cache(maxsize=64)
def _instruction_terms(language: str) -> frozenset[str]:
    return _both_forms(instructions(language), language)


def compound_splits(word: str, language: str) -> list[tuple[str, str]]:
    """The terms of both parts of a word, for each place where it might be a compound."""
    if not word.isalpha() or len(word) < 2 * _PART or is_pair_script(word):
        return []
    found: dict[tuple[str, str], None] = {}
    for cut in range(_PART, len(word) - _PART + 1):
        first, second = word[:cut], word[cut:]
        for joint in _LINKING.get(language, ("",)):
            if first.endswith(joint) and len(first) - len(joint) >= _PART:
                bare = first[: len(first) - len(joint)]
                found[term_of(bare, language), term_of(second, language)] = None
    return list(found)


def joined_term(first: Concept, second: Concept, language: str) -> str:
    """The term of two words of a question written as one; empty where that makes none."""
    if not (first.word.isalpha() and second.word.isalpha()) or min(len(first.word), len(second.word)) < 3:
        return ""
    return "" if is_pair_script(first.word[0]) else term_of(first.word + second.word, language)


def _both_forms(listed: Iterable[str], language: str) -> frozenset[str]:
    kept = list(listed)
    return frozenset(fold(word.casefold()) for word in kept) | frozenset(term_of(w, language) for w in kept)


def _without_question_phrases(question: str, language: str) -> str:
    """Without phrases like 什么时候, in languages that have no spaces to tell words by."""
    for phrase in question_phrases(language):
        question = question.replace(phrase, " ")
    return question


def match_expression(wanted: Iterable[Concept]) -> str:
    """An FTS5 MATCH expression that any form of any concept satisfies; empty for no concepts."""
    forms = dict.fromkeys(form for concept in wanted for form in concept.forms)
    return " OR ".join(_quoted(form) for form in forms)


def _quoted(form: str) -> str:
    quoted = '"' + form.replace('"', '""') + '"'
    # One character of a script in pairs stands at the beginning of a pair wherever it occurs.
    return quoted + "*" if is_pair_script(form) and len(form) == 1 else quoted
