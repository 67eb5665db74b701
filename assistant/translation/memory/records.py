"""What the memory and the history of translated texts hand to others."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.translation.records import Concern, Formality, Span


@dataclass(frozen=True, slots=True)
class MemoryKey:
    """What a translation depends on."""

    sentence: str
    source_language: str
    target_language: str
    engine: str
    """The models that it went through, as `memory.engine_of` names them."""
    formality: Formality = Formality.DEFAULT
    terms: tuple[tuple[str, str], ...] = ()
    """Of the glossary, those that apply."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a sentence was translated as."""

    text: str
    alignment: tuple[tuple[Span, Span], ...] = ()
    """See `Hypotheses`."""
    concerns: tuple[Concern, ...] = ()
    edited: bool = False
    """By a person, or from a memory that was imported: it holds for every engine."""


@dataclass(frozen=True, slots=True)
class PastText:
    """A text that was translated in the window."""

    id: int
    source: str
    text: str
    source_language: str
    target_language: str
    created: float
    """Seconds since 1970."""
