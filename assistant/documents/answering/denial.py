"""PURE: whether an answer to a yes-or-no question affirms what a source denies.

Small models say yes to what is asked: "Does anything leave my computer?", with a source that says "Nothing
leaves your computer", was answered "Yes, anything leaves your computer". Of both sentences the words that
count are the same, and so is nearly their meaning to an embedder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.documents.answering.claim_support import content
from assistant.documents.text.question_kinds import QUESTION_MARKS, asks_openly
from assistant.documents.text.word_lists import negations

_END_OF_CLAUSE = re.compile(r"[.,;:!?¿¡()—–\n]+(?:\s|$)")
_WORD = re.compile(r"[^\W_]+(?:'t\b)?")
_SAME = 2 / 3
"""Of what a clause says, so much must be the question's, and stand in the clause that denies it."""
_FEWEST = 2
"""Words that a clause must have to say something."""
_NO, _SAID, _OTHER = "nsx"
"""Kinds of words: a negation, one of the claim, and any other that is no stop word."""


def denial(claim: str, sources: Iterable[str], question: str, language: str) -> str:
    """The sentence of the sources that denies what a claim affirms; "" where none does.

    Of the clauses of the claim that say again what was asked, each is compared with the clause of the sources
    that says most of it. It is denied if that one is, and if no "No" stands in it or before it. The other way
    round proves nothing: "No, it is not open" is right where the source says "It is closed".

    Measured on squad2 and xquad in English, German and Spanish, with each claim for the answer to itself: of
    703 right ones 2 were held to be denied, of 703 copied sentences none, and of 51 clauses that had lost
    their negation 46. `python -m tests.benchmarks claims` measures it.

    Args:
        sources: a sentence a line.
        language: of all of them.
    """
    if not negations(language) or asks_openly(question, language):
        return ""
    asked = frozenset(content(question, language))
    stated = [stated for text in sources for stated in _statements(text)]
    for clause in _clauses(claim):
        if not negations(language).isdisjoint(_words(clause)):
            return ""
        said = frozenset(content(clause, language))
        if len(said) < _FEWEST or len(said & asked) < _SAME * len(said):
            continue
        compared = []
        for other, sentence in stated:
            share, denies = _share(said, other, language), _denies(other, said, language)
            # Of two that say as much, the one that denies it is meant, unless the other says all of it.
            compared.append((share, denies != (share == 1), denies, sentence))
        share, _, denies, sentence = max(compared, default=(0.0, False, False, ""))
        if share >= _SAME and denies:
            return sentence
    return ""


def _share(said: frozenset[str], clause: str, language: str) -> float:
    return len(said.intersection(content(clause, language))) / len(said)


def _denies(clause: str, said: frozenset[str], language: str) -> bool:
    """Whether a negation in a clause is one of what was said.

    Stop words aside, it stands right before a word of it, or behind them at the very end. "Your files stay
    where they are and are never changed" does not deny that they stay.
    """
    kinds = "".join(_kind(word, said, language) for word in _words(clause))
    return re.search(f"{_NO}{_SAID}|{_SAID}{_NO}$", kinds) is not None


def _kind(word: str, said: frozenset[str], language: str) -> str:
    if word in negations(language):
        return _NO
    means = content(word, language)
    return _SAID if said.intersection(means) else _OTHER if means else ""


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """The clauses of all sentences that do not ask, and the sentences; a heading often asks the same."""
    for line in text.splitlines():
        if not line.rstrip().endswith(QUESTION_MARKS):
            yield from ((clause, line) for clause in _clauses(line))


def _clauses(text: str) -> Iterator[str]:
    return filter(None, map(str.strip, _END_OF_CLAUSE.split(text)))


def _words(clause: str) -> list[str]:
    """In lower case; "don't" is "not"."""
    found = _WORD.findall(clause.casefold().replace("’", "'"))
    return ["not" if word.endswith("n't") else word for word in found]
