"""Where sentences stand in a text and in its translation, which of them to look at, and a text that grows."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from assistant.translation.records import (
    Concern,
    ParagraphDone,
    SentencePair,
    Span,
    TextTranslation,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a text. Its spans count from the beginning of the text, in Qt's units."""

    paragraph: int
    number: int
    """In its paragraph."""
    source: Span
    target: Span
    source_text: str
    target_text: str
    concerns: tuple[Concern, ...]
    from_memory: bool


class Sentences:
    """Those of a translated text, in order."""

    def __init__(self, translation: TextTranslation) -> None:
        source, target = _units(translation.source), _units(translation.text)
        found = []
        pairs = zip(translation.paragraphs, translation.places, strict=True)
        for at, (paragraph, (source_at, target_at)) in enumerate(pairs):
            for number, pair in enumerate(paragraph.sentences):
                found.append(
                    Sentence(
                        at,
                        number,
                        _moved(pair.source, source_at, source),
                        _moved(pair.target, target_at, target),
                        paragraph.source[slice(*pair.source)],
                        paragraph.text[slice(*pair.target)],
                        pair.concerns,
                        pair.from_memory,
                    )
                )
        self.all: tuple[Sentence, ...] = tuple(found)
        self.marked = tuple(sentence for sentence in found if sentence.concerns)
        """Those that the person should look at."""
        self._source_starts = [sentence.source[0] for sentence in found]
        self._target_starts = [sentence.target[0] for sentence in found]

    def of_source(self, position: int) -> Sentence | None:
        """The one that stands at a place of the source."""
        at = bisect_right(self._source_starts, position) - 1
        return self.all[at] if at >= 0 and position <= self.all[at].source[1] else None

    def of_target(self, position: int) -> Sentence | None:
        at = bisect_right(self._target_starts, position) - 1
        return self.all[at] if at >= 0 and position <= self.all[at].target[1] else None

    def next_marked(self, position: int) -> Sentence | None:
        """The first one to look at behind a place of the translation, or from its beginning."""
        behind = (sentence for sentence in self.marked if sentence.target[0] > position)
        return next(behind, self.marked[0] if self.marked else None)


def with_sentence(translation: TextTranslation, sentence: Sentence, text: str) -> TextTranslation:
    """Another translation of one sentence, which the person chose: there is nothing left to check in it."""
    paragraph = translation.paragraphs[sentence.paragraph]
    start, end = paragraph.sentences[sentence.number].target
    longer = len(text) - (end - start)
    pairs = [
        _pushed(pair, longer) if pair.target[0] >= end and number != sentence.number else pair
        for number, pair in enumerate(paragraph.sentences)
    ]
    chosen = paragraph.sentences[sentence.number]
    pairs[sentence.number] = replace(
        chosen, target=(start, start + len(text)), concerns=(), from_memory=False
    )
    changed = replace(
        paragraph, text=paragraph.text[:start] + text + paragraph.text[end:], sentences=tuple(pairs)
    )
    at = translation.places[sentence.paragraph][1]
    paragraphs = list(translation.paragraphs)
    paragraphs[sentence.paragraph] = changed
    places = [
        (source, target + longer if number > sentence.paragraph else target)
        for number, (source, target) in enumerate(translation.places)
    ]
    whole = translation.text[: at + start] + text + translation.text[at + end :]
    return replace(translation, text=whole, paragraphs=tuple(paragraphs), places=tuple(places))


class GrowingText:
    """A translation while it is made: a line that is not there yet is as it was before, or empty."""

    def __init__(self, source: str, before: TextTranslation | None = None) -> None:
        """`before`: the translation of what stood there until now, by the same options."""
        known = {each.source: each.text for each in before.paragraphs} if before is not None else {}
        self._lines: list[str] = []
        self._rows: list[int] = []
        """Of the paragraphs: the lines that are not blank."""
        for line in source.splitlines():
            if line.strip():
                self._rows.append(len(self._lines))
            self._lines.append(known.get(line.strip(), ""))
        self.languages: dict[int, str] = {}

    def take(self, done: ParagraphDone) -> None:
        if done.index < len(self._rows):
            self._lines[self._rows[done.index]] = done.paragraph.text
            self.languages[done.index] = done.paragraph.language

    def text(self) -> str:
        return "\n".join(self._lines)


def _pushed(pair: SentencePair, by: int) -> SentencePair:
    return replace(pair, target=(pair.target[0] + by, pair.target[1] + by))


def _moved(span: Span, by: int, units: Sequence[int]) -> Span:
    return (units[span[0] + by], units[span[1] + by])


def _units(text: str) -> Sequence[int]:
    """At how many of Qt's units each character begins."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))
