"""PURE: whether a sentence says no more than the passage that it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.documents.text.names import beginning, main_part, possible_names
from assistant.documents.text.question_kinds import asks_openly
from assistant.documents.text.terms import YEAR, fold, is_pair_script, terms
from assistant.documents.text.word_lists import number_words, question_phrases, stopwords, yes_and_no
from assistant.text_folding import compatible

ENOUGH = 0.35
"""The least score of a claim that holds; see `Support`."""
_ENOUGH_PAIRS = 0.25
"""The same where words are pairs of characters."""
_NEW = 0.5
"""Of what the claim adds to the question, so much must stand in the passage."""
_SURE = 0.75
"""The same of a claim that is cited though the model did not."""
_COPIED = 0.8
"""Of a claim's words, so many in a sentence's order make it that sentence; of few words, all but one."""
_LONGEST_EXCHANGE = 4
"""Words of a sentence for which others may stand in an exchange."""
_ASKED = 0.6
"""A claim that adds nothing to so large a part of the question's words repeats the question."""
_ZEROS = re.compile(r"_0+$|(?<=_)(\d*[1-9])0+$")
_BETWEEN = re.compile(r"[\s.,;:!?।()\[\]/’'\"-]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Support:
    """What a comparison of a claim with a passage found.

    A claim holds if its numbers and names stand in the passage or the question, half of the words that it
    adds to the question stand in the passage, and the mean of words shared and closeness in meaning, the
    latter weighed by how well the embedder speaks the language, is at least .35 (.25 for pairs of
    characters); and if it is not a sentence of the passage with other words in place of some. The last is
    known by the order of the words, all but one of them or four in five the same.

    Measured on questions and answers of squad2 and xquad, 90 to 450 claims of each kind in a language: the
    question's words with the right answer against the sentence that holds it ("right"), against the
    sentence beside it and one of another text; with another answer of the same passage against the same
    sentence; and that sentence itself with its answer exchanged, in brackets without the look at the order.
    Of these were held to be supported

        language   right   beside   other text   wrong answer   answer exchanged
        en          .98     .06        .00           .08           .24 (.37)
        de          .94     .03        .01           .07           .32 (.75)
        es          .97     .00        .00           .11           .21 (.39)
        zh          .90     .00        .00           .01           .11 (.22)
        hi          .88     .01        .00           .07           .18 (.40)

    The price: a sentence that is repeated with another word for the same is doubted. A copied sentence
    always holds. `python -m tests.benchmarks claims` measures it.
    """

    score: float
    numbers: bool
    names: bool
    exchanged: bool
    """The passage nearly word by word, but for something else in place of a word of it."""
    new: float
    """The part of what the claim adds to the question that stands in the passage."""

    pairs: bool
    """It is mostly pairs of characters, of which every other joins two words."""

    @property
    def holds(self) -> bool:
        if self.exchanged or not (self.numbers and self.names):
            return False
        return self.new >= _NEW and self.score >= (_ENOUGH_PAIRS if self.pairs else ENOUGH)

    @property
    def possible(self) -> bool:
        """Not enough to be cited, and too much to be called no answer."""
        return self.numbers and self.names and self.new >= _NEW

    @property
    def sure(self) -> bool:
        """Enough to cite it where the model did not."""
        return self.holds and (self.pairs or self.new >= _SURE)


def support(
    claim: str,
    passage: str,
    question: str,
    language: str,
    closeness: float,
    fluency: float = 1.0,
    heads: str = "",
) -> Support:
    """How far a passage supports a claim.

    Args:
        passage: a sentence a line.
        language: ISO 639-1, of both.
        closeness: of claim and passage in meaning, 0 to 1; the best of its sentences.
        fluency: how well the embedder speaks the language, 0 to 1.
        heads: the lines that say where the passage is from. Like the question they may be repeated, but a
            claim that adds nothing else says nothing, and of their numbers only years are told by them.
    """
    counted = _counted(passage, language)
    named = frozenset(content(heads, language))
    said, there = content(claim, language), counted | frozenset(content(passage, language))
    asked = frozenset(content(question, language))
    added = [term for term in said if term not in asked]
    new = [term for term in added if term in there or term not in named]
    shared = _part(said, there | named)
    score = (shared + fluency * closeness) / (1 + fluency)
    return Support(
        score=score,
        numbers=numbers(claim) - numbers(question) <= numbers(passage) | counted | _years(heads),
        names=_names_stand(claim, f"{heads}\n{passage}\n{question}", language),
        exchanged=any(
            _exchanged(said, content(line, language), there | named | asked) for line in passage.splitlines()
        ),
        new=_part(new, there) if new else float(not added),
        pairs=sum(map(is_pair_script, said)) > len(said) / 2,
    )


def numbers(text: str) -> frozenset[str]:
    """The numbers of a text, however they are written: 1,117,400 and 1.117.400 are one, 45 and 45.00 too."""
    plain = compatible(text)
    return frozenset(_plain(term) for found in _NUMBER.findall(plain) for term in terms(found, ""))


def _years(text: str) -> frozenset[str]:
    return frozenset(number for number in numbers(text) if YEAR.fullmatch(number))


def _counted(text: str, language: str) -> frozenset[str]:
    """The numbers that stand in a text as words."""
    known = number_words(language)
    low = text.casefold()
    if question_phrases(language):  # no spaces are written
        return frozenset(str(number) for word, number in known.items() if word in low)
    return frozenset(str(known[word]) for word in known.keys() & set(_BETWEEN.split(low)))


def repeats_question(claim: str, question: str, language: str) -> bool:
    """Whether a claim is only what was asked, of a question that yes and no do not answer."""
    said, asked = frozenset(content(claim, language)), frozenset(content(question, language))
    if not asked or said - asked or len(said & asked) < _ASKED * len(asked):
        return False
    if not _names_stand(claim, question, language):  # "in May": a word without meaning, were it not a name
        return False
    return asks_openly(question, language)


def is_bare(claim: str, language: str) -> bool:
    """Whether there is nothing to compare: a mere yes or no."""
    return not content(claim, language)


def shared(claim: str, sentence: str, language: str = "", question: str = "") -> float:
    """The part of the claim's words that stand in the sentence; of those that the question lacks, if any."""
    said = content(claim, language)
    asked = frozenset(content(question, language))
    return _part([term for term in said if term not in asked] or said, frozenset(content(sentence, language)))


def _exchanged(said: Sequence[str], stands: Sequence[str], there: frozenset[str]) -> bool:
    """Whether words stand in the place of others in what is otherwise the sentence that stands there.

    Args:
        there: words that are nothing else: those of the passage and of the question.
    """
    runs = SequenceMatcher(None, said, stands, autojunk=False).get_opcodes()
    same = sum(end - begin for kind, begin, end, _, _ in runs if kind == "equal")
    if same < min(_COPIED * len(said), len(said) - 1):
        return False
    claimed = frozenset(said)
    return any(
        kind == "replace"
        and there.isdisjoint(said[begin:end])
        and claimed.isdisjoint(stands[first:last])
        and last - first <= _LONGEST_EXCHANGE
        for kind, begin, end, first, last in runs
    )


def _part(wanted: Sequence[str], there: frozenset[str]) -> float:
    return sum(term in there for term in wanted) / len(wanted) if wanted else 0.0


def _names_stand(claim: str, where: str, language: str) -> bool:
    """Whether every word of the claim that may be a name stands there, in some form."""
    low = fold(where.casefold())
    words = (word for row in possible_names(claim, language) for word in row)
    return all(beginning(main_part(word)) in low for word in words)


def content(text: str, language: str) -> list[str]:
    """The terms of a text that say something: no stop words, and neither yes nor no."""
    stop = _stop_terms(language)
    return [_plain(term) for term in terms(text, language) if term not in stop and not _is_half(term)]


def _plain(term: str) -> str:
    """A number without zeros at its end that say nothing."""
    return _ZEROS.sub(r"\1", term) if term[0].isdigit() else term


def _is_half(term: str) -> bool:
    """Of scripts indexed in pairs of characters, the last character alone."""
    return len(term) == 1 and is_pair_script(term)


@lru_cache(maxsize=64)
def _stop_terms(language: str) -> frozenset[str]:
    return frozenset(term for word in stopwords(language) | yes_and_no() for term in terms(word, language))
