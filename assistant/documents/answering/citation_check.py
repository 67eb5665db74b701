"""PURE: which citations of an answer hold, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from assistant.chat.records import Source
from assistant.documents.answering.citation_parsing import parse, put_back
from assistant.documents.answering.claim_support import (
    ENOUGH,
    Support,
    is_bare,
    numbers,
    repeats_question,
    support,
)
from assistant.documents.answering.denial import denial
from assistant.documents.grounded_records import CheckedText, Claim, Verdict
from assistant.documents.search.closeness import closeness
from assistant.documents.text.question_kinds import asks_openly
from assistant.text.language_detection import detect

if TYPE_CHECKING:  # numpy takes a tenth of a second, and the program's own process works without it
    import numpy as np
    import numpy.typing as npt

_SURE_OF_LANGUAGE = 0.9
"""From this certainty on, a text counts as being in the language that was detected."""
_WORDS_OF_LANGUAGE = 5
"""The language of a text of fewer words is certain only by its script."""
_ABSENT = re.compile(
    r"\bnot (?:\w+ )?in (?:your|the|any of the|these|the provided) (?:documents|sources|text)|"
    r"\b(?:documents|sources) do(?:es)? not (?:say|mention|hold|contain|provide|state)|"
    r"\bnicht in (?:Ihren|deinen|den|diesen) (?:Dokumenten|Unterlagen|Quellen)|"
    r"\bpas dans (?:vos|tes|les|ces) (?:documents|sources)|"
    r"\bno (?:está|figura|aparece|se encuentra) en (?:sus|tus|los|las|estos) (?:documentos|fuentes)|"
    r"\bnon (?:è|si trova) nei (?:tuoi|suoi|vostri )?\s?documenti|"
    r"\bnão está nos (?:seus|teus|documentos)|"
    r"不在(?:您|你)?的?(?:文档|文件|资料)|(?:文档|文件|资料)中没有|दस्तावेज़ों में नहीं",
    re.I,
)

_CONVERSATION = 0
"""The number of the conversation, beside those of the sources."""
_SHORT = 2
"""An answer of so many sentences is one statement: if nothing supports it, it is no answer."""

Vectors: TypeAlias = "npt.NDArray[np.float32]"


def says_absent(text: str) -> bool:
    """Whether a text says that the answer is not in the documents."""
    return _ABSENT.search(text) is not None


def check(
    answer: str,
    sources: Sequence[Source],
    question: str,
    embed: Callable[[Sequence[str]], Vectors],
    unrelated: float,
    fluency: Callable[[str, str], float],
    told: str = "",
) -> CheckedText:
    """Compare each sentence of an answer with the sources that it cites; see `claim_support.Support` for how.

    A citation of a source that does not say so, or is not there, is taken off. A sentence that cites nothing,
    and that a source supports, gets its number; one that a source denies cites nothing (see `denial`). A
    short answer of which neither a source nor the conversation supports anything is none: it counts as
    absent, though it says something.

    Args:
        told: what was said in the conversation before.
        embed: from texts to vectors of unit length, shape (n, d).
        unrelated: the cosine that `embed` gives texts which have nothing to do with each other.
        fluency: how well `embed` speaks a language, from its name and a text in it, 0 to 1.
    """
    said_before = [Source(_CONVERSATION, "", (told,), (0,))] if told else []
    languages = [detect(" ".join(each.sentences)) for each in (*sources, *said_before)]
    language, certainty = detect(parse(answer)[0], [language for language, _ in languages])
    plain, cited = parse(answer, language)
    if not cited:
        return CheckedText(plain, (), says_absent(plain))
    texts = [plain[each.start : each.end] for each in cited]
    vectors = embed([*texts, *(text for each in (*sources, *said_before) for text in each.sentences)])
    compared: dict[int, _ComparedSource] = {}
    at = len(texts)
    for each, (own_language, own_certainty) in zip((*sources, *said_before), languages, strict=True):
        text = "\n".join(" ".join(line.split()) for line in each.sentences)
        own_vectors = vectors[at : at + len(each.sentences)]
        is_sure = _is_sure(text, own_certainty)
        compared[each.n] = _ComparedSource(each.head, text, own_vectors, own_language, is_sure)
        at += len(each.sentences)
    before = compared.pop(_CONVERSATION, None)
    sure, spoken = _is_sure(plain, certainty), fluency(language, plain)
    compare = [
        _Sentence(text, vector, language, sure, question, spoken, unrelated)
        for text, vector in zip(texts, vectors, strict=False)
    ]
    lines = [each.text for each in compared.values()]
    denials = [denial(sentence.text, lines, question, language) for sentence in compare]
    claims = [
        _judged(sentence, each.numbers, {} if denied or sentence.repeats_question else compared)
        for sentence, each, denied in zip(compare, cited, denials, strict=True)
    ]
    text, spans = put_back(
        plain, [(each, claim.citations) for each, claim in zip(cited, claims, strict=True)]
    )
    placed = tuple(
        replace(claim, start=start, end=end) for (start, end), claim in zip(spans, claims, strict=True)
    )
    denied = next(filter(None, denials), "")
    if denied or any(claim.citations for claim in placed):
        return CheckedText(text, placed, absent=False, denial=denied)
    short = bool(compared) and len(placed) <= _SHORT
    nothing = short and not any(sentence.may_answer(compared, before) for sentence in compare)
    return CheckedText(text, placed, nothing or says_absent(plain))


@dataclass(frozen=True, slots=True)
class _ComparedSource:
    """A source as claims are compared with it."""

    head: str
    text: str
    vectors: Vectors
    language: str
    language_is_sure: bool


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the answer."""

    text: str
    vector: Vectors
    language: str
    language_is_sure: bool
    question: str
    fluency: float
    unrelated: float

    @property
    def repeats_question(self) -> bool:
        return repeats_question(self.text, self.question, self.language)

    def may_answer(self, sources: Mapping[int, _ComparedSource], told: _ComparedSource | None) -> bool:
        """Whether something speaks for it, be it too little to cite it."""
        if is_bare(self.text, self.language):
            return not asks_openly(self.question, self.language)
        if told is not None and self.support(told).holds:
            return True
        return not self.repeats_question and any(self.support(each).possible for each in sources.values())

    def support(self, *sources: _ComparedSource) -> Support:
        cosine = max((float((source.vectors @ self.vector).max()) for source in sources), default=0.0)
        passage = "\n".join(source.text for source in sources)
        heads = "\n".join(source.head for source in sources)
        near = closeness(cosine, self.unrelated)
        return support(self.text, passage, self.question, self.language, near, self.fluency, heads)

    def in_other_language(self, source: _ComparedSource) -> bool:
        return self.language_is_sure and source.language_is_sure and self.language != source.language


def _judged(sentence: _Sentence, cited: Sequence[int], sources: Mapping[int, _ComparedSource]) -> Claim:
    known: dict[int, Support] = {}

    def by(number: int) -> Support:
        if number not in known:
            known[number] = sentence.support(sources[number])
        return known[number]

    there = [number for number in cited if number in sources]
    kept = [number for number in there if by(number).holds]
    unchecked = [
        number
        for number in there
        if number not in kept and sentence.in_other_language(sources[number]) and by(number).numbers
    ]
    if len(there) > 1 and not kept and sentence.support(*(sources[number] for number in there)).holds:
        kept = [number for number in there if by(number).new > 0]  # each says a part of it
    added: list[int] = []
    if not (kept or unchecked or says_absent(sentence.text)):
        added = _supporting(sentence, sources, by)
        if not (added or cited):
            unchecked = _of_other_language(sentence, sources, by)
    citations = tuple(sorted((*kept, *unchecked, *added)))
    removed = tuple(number for number in cited if number not in citations)
    if kept or added:
        verdict = Verdict.SUPPORTED
    elif unchecked:
        verdict = Verdict.UNCHECKED
    else:
        verdict = Verdict.UNSUPPORTED if removed else Verdict.UNCITED
    return Claim(0, 0, verdict, citations, removed, tuple(added))


def _supporting(
    sentence: _Sentence, sources: Mapping[int, _ComparedSource], by: Callable[[int], Support]
) -> list[int]:
    """The source, or the two, that say most of what a sentence adds to the question."""
    ranked = sorted(sources, key=lambda number: (-by(number).new, -by(number).score, number))
    for number in ranked:
        if by(number).sure:
            return [number]
    for pair in combinations([number for number in ranked if by(number).new > 0], 2):
        if sentence.support(*(sources[number] for number in pair)).sure:
            return sorted(pair)
    return []


def _of_other_language(
    sentence: _Sentence, sources: Mapping[int, _ComparedSource], by: Callable[[int], Support]
) -> list[int]:
    """The source in another language that shares most with a sentence, be it its meaning or a number."""
    able = [
        (by(number).score, -number)
        for number, source in sources.items()
        if sentence.in_other_language(source)
        and by(number).numbers
        and by(number).names
        and (by(number).score >= ENOUGH or numbers(sentence.text) - numbers(sentence.question))
    ]
    return [-max(able)[1]] if able else []


def _is_sure(text: str, certainty: float) -> bool:
    return certainty >= _SURE_OF_LANGUAGE and (len(text.split()) >= _WORDS_OF_LANGUAGE or certainty == 1.0)
