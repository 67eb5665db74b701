"""PURE: which terms of the glossary occur in a sentence, and whether its translation has theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from assistant.text_folding import is_unspaced
from assistant.translation import mark_words
from assistant.translation.edits import Alignment, replaced
from assistant.translation.glossary.records import Term
from assistant.translation.records import Span

_ENDINGS = r"(?:['’]?s|es|e|n|en|ns|em|er|ern|x|a|i)?"
"""Of plurals and cases in many languages: enough for a word to be the same term."""
_LEAST_INFLECTED = 4
"""Letters; shorter words take an s at most: "care" is no car."""


def applying(terms: Iterable[Term], source_language: str, target_language: str) -> tuple[Term, ...]:
    """The terms for a pair of languages."""
    return tuple(
        term
        for term in terms
        if term.source_language in ("", source_language) and term.target_language in ("", target_language)
    )


def occurring(terms: Iterable[Term], sentence: str) -> tuple[Term, ...]:
    """Those that stand in a sentence, the longest first; one within a longer one does not count."""
    found = []
    taken = bytearray(len(sentence))
    folded = sentence.casefold()
    candidates = (term for term in terms if _first_word(term.source) in folded)
    for term in sorted(candidates, key=lambda term: -len(term.source)):
        if _free_places(term, sentence, taken):
            found.append(term)
    return tuple(found)


def put_right(
    source: str, text: str, alignment: Alignment, terms: Iterable[Term]
) -> tuple[str, Alignment, tuple[Term, ...]]:
    """The translation with the glossary's terms, and those that it should have and does not.

    A term takes the place of what was aligned to it, or of itself where it was left untranslated.
    """
    absent = []
    taken = bytearray(len(source))
    for term in terms:
        places = _free_places(term, source, taken)
        if has_term(text, term):
            continue
        spans = [span for place in places if (span := _instead(source, text, alignment, place))]
        if not spans:
            absent.append(term)
        for start, end in sorted(set(spans), reverse=True):
            text, alignment = replaced(text, alignment, start, end, _at_place(term, text, start))
    return text, alignment, tuple(absent)


def has_term(text: str, term: Term) -> bool:
    """Whether a translation has the term, in whatever form of its words."""
    if _pattern(term.target, term.match_case, term.part_of_word).search(text):
        return True
    if term.match_case or any(map(is_unspaced, term.target)):
        return False
    wanted = [term.target[slice(*span)] for span in mark_words.words(term.target)]
    there = [text[slice(*span)] for span in mark_words.words(text)]
    return any(
        all(map(mark_words.same_word, wanted, there[start : start + len(wanted)]))
        for start in range(len(there) - len(wanted) + 1)
    )


def _free_places(term: Term, sentence: str, taken: bytearray) -> list[Span]:
    """Where a term stands that no longer one has taken; they are taken afterwards."""
    found = []
    for match in _pattern(term.source, term.match_case, term.part_of_word).finditer(sentence):
        start, end = match.span()
        if not any(taken[start:end]):
            found.append((start, end))
            taken[start:end] = b"\1" * (end - start)
    return found


@lru_cache(maxsize=1 << 18)
def _first_word(term: str) -> str:
    """What must stand in a sentence that holds the term, in whatever form: quick to look for."""
    return term.split()[0].casefold()


@lru_cache(maxsize=4096)
def _pattern(term: str, match_case: bool, part_of_word: bool) -> re.Pattern[str]:
    words = term.split()
    if part_of_word:
        pattern = r"\s+".join(map(re.escape, words))
    else:
        pattern = r"\s+".join(re.escape(word) + _ending(word) for word in words)
        if not is_unspaced(term[0]):
            pattern = rf"(?<!\w){pattern}"
        if not is_unspaced(term[-1]):
            pattern = rf"{pattern}(?!\w)"
    return re.compile(pattern, 0 if match_case else re.IGNORECASE)


def _ending(word: str) -> str:
    if not word[-1].isalpha() or is_unspaced(word[-1]):
        return ""
    return _ENDINGS if len(word) >= _LEAST_INFLECTED else r"(?:['’]?s)?"


def _instead(source: str, text: str, alignment: Alignment, place: Span) -> Span | None:
    """What stands in the translation instead of a term: one stretch, or it is in doubt."""
    found = mark_words.aligned(source, text, alignment, *place)
    if not found:
        same = mark_words.unchanged(source, text, *place)
        found = [same] if same else []
    return found[0] if len(found) == 1 else None


def _at_place(term: Term, text: str, start: int) -> str:
    """The term as it stands there: at the beginning of a sentence with a capital, if it may be changed."""
    if start == 0 and not term.match_case and text[:1].isupper():
        return term.target[:1].upper() + term.target[1:]
    return term.target
