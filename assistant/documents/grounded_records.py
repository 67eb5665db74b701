"""A model's answer from documents, and what of it the quotes support."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.chat.records import Completion, Source
from assistant.documents.records import Answer, Quote


@dataclass(frozen=True, slots=True)
class Evidence:
    """Quotes, and the same places with the sentences around them for a model to read."""

    answer: Answer
    sources: tuple[Source, ...]
    """One for each quote, with its number."""
    places: tuple[tuple[tuple[int, int], ...], ...]
    """Of each source's sentences in the section of its quote."""
    language: str
    """Of the question, ISO 639-1."""
    task: bool
    """It asks for a piece of work, such as a letter, and not for something to be told."""


class Verdict(StrEnum):
    SUPPORTED = "supported"
    """At least one citation holds."""
    UNSUPPORTED = "unsupported"
    """It cited, and none of what it cited says so: its citations were taken off."""
    UNCHECKED = "unchecked"
    """It speaks another language than what it cites, so words cannot be compared; numbers and names agree."""
    UNCITED = "uncited"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a model's answer."""

    start: int
    end: int
    """text[start:end] of the checked answer, citations included."""
    verdict: Verdict
    citations: tuple[int, ...]
    """Numbers of quotes that stand behind it now."""
    removed: tuple[int, ...] = ()
    """What the model cited and what does not say so."""
    added: tuple[int, ...] = ()
    """Those of `citations` that the model left out, though they say what the claim adds to the question."""


@dataclass(frozen=True, slots=True)
class CheckedText:
    text: str
    """With the citations that hold, as [n], each before the full stop."""
    claims: tuple[Claim, ...]
    absent: bool
    """It says that the answer is not in the documents, or says something short that nothing supports."""
    unsourced: tuple[int, ...] = ()
    """Where sentences end that cite nothing and that nothing stands behind."""
    denial: str = ""
    """The sentence of a source that denies what it says yes to."""

    @property
    def doubts(self) -> tuple[int, ...]:
        """Where sentences end whose quotes say something else."""
        return tuple(claim.end for claim in self.claims if claim.verdict is Verdict.UNSUPPORTED)

    @property
    def citations(self) -> tuple[int, ...]:
        return tuple(sorted({number for claim in self.claims for number in claim.citations}))

    @property
    def removed(self) -> tuple[int, ...]:
        return tuple(sorted({number for claim in self.claims for number in claim.removed}))


@dataclass(frozen=True, slots=True)
class GroundedAnswer:
    answer: Answer
    """The quotes."""
    checked: CheckedText
    completion: Completion | None
    """None where no model was asked: none is loaded, or nothing was found that it could read."""
    refused: bool = False
    """The text is the program's own: it says in English that there is no answer."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of a document that a summary reads as one source."""

    page: int | None
    location: str
    heading: tuple[str, ...]
    section: int
    start: int
    sentences: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """Of each sentence in the section's text."""


@dataclass(frozen=True, slots=True)
class Summary:
    document: int
    title: str
    checked: CheckedText
    quotes: tuple[Quote, ...]
    """What is cited, by number."""
    passes: int
    """How often the model was asked."""
    note: str = ""
    completion: Completion | None = None
    """Of the last pass."""
