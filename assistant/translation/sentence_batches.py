"""Sentences to hypotheses: long ones in parts, batches of like length, each told as soon as it is there."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from assistant import languages
from assistant.jobs import CancelToken
from assistant.translation import long_sentences
from assistant.translation.alignment import Links
from assistant.translation.records import Hypotheses
from assistant.translation.translation_model import TranslationModel

_LEAST_PIECES, _MOST_PIECES = 128, 3072
"""Of a batch, filled up to its longest sentence. With 128 throughout, OPUS-MT takes twice the time; with
4096, a tenth more: its steps no longer fit into the processor's cache."""
_FIRST_SHARE = 4
"""The first batch holds no more than this part of everything: a short text begins to come soon."""
_BATCH_SECONDS = 4.0
"""What a batch may take; a slow model gets smaller ones."""
_PARTED_PIECES = 24
"""At least, of a sentence that is parted because the model finds no end."""
_AHEAD = 2
"""Batches that the library has: while it works on one the other one waits, so that it never does."""
_WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my", "yue", "bo"})


@dataclass(slots=True)
class _Sentence:
    """One text that is to be translated, however often it was asked for."""

    text: str
    afresh: bool
    aligned: bool = False
    indexes: list[int] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)
    cut: bool = False


@dataclass(slots=True)
class _Part:
    """What the model reads at once: a sentence, or a part of a long one."""

    sentence: _Sentence
    start: int
    text: str
    pieces: list[str]
    again: bool = False
    """Its first translation did not come to an end."""
    texts: list[str] = field(default_factory=list)
    """None yet; "" where nothing came of it."""
    links: Links = ()

    @property
    def way(self) -> tuple[bool, bool]:
        """All of a batch go the same."""
        return self.sentence.afresh or self.again, self.sentence.aligned


class SentenceBatches:
    """The sentences of one call."""

    def __init__(
        self, model: TranslationModel, source: str, target: str, alternatives: int, token: CancelToken
    ) -> None:
        """
        Raises:
            ModelUnusable: the model does not know one of the languages.
        """
        self._model = model
        self._marks = model.marks(source, target)
        self._alternatives = alternatives
        self._token = token
        self._joint = "" if languages.plain(target) in _WITHOUT_SPACES else " "
        self._pieces = _LEAST_PIECES
        """Of the next batch: as many as fit into its time."""

    def translate(
        self,
        texts: Sequence[str],
        on_done: Callable[[int, Hypotheses], None],
        *,
        afresh: Sequence[bool] = (),
        aligned: Sequence[bool] = (),
    ) -> list[Hypotheses]:
        """What the model makes of each text, in order; `on_done` is told of each as soon as it is there.

        Raises:
            ModelUnusable: the model fails.
            Cancelled: the token was cancelled.
        """
        sentences = self._sentences(texts, afresh, aligned)
        found = [Hypotheses(("",))] * len(texts)

        def tell(sentence: _Sentence) -> None:
            hypotheses = self._hypotheses(sentence)
            for index in sentence.indexes:
                found[index] = hypotheses
                on_done(index, hypotheses)

        for sentence in sentences:
            if not sentence.parts:
                tell(sentence)
        for part in self._in_batches([part for sentence in sentences for part in sentence.parts]):
            if all(each.texts for each in part.sentence.parts):
                tell(part.sentence)
        return found

    # --- before

    def _sentences(
        self, texts: Sequence[str], afresh: Sequence[bool], aligned: Sequence[bool]
    ) -> list[_Sentence]:
        """Each text once."""
        wanted: dict[tuple[str, bool], _Sentence] = {}
        for index, text in enumerate(texts):
            again = bool(afresh) and afresh[index]
            sentence = wanted.setdefault((text, again), _Sentence(text, again))
            sentence.indexes.append(index)
            sentence.aligned |= bool(aligned) and aligned[index]
        cut = self._model.cut([sentence.text for sentence in wanted.values()])
        for sentence, pieces in zip(wanted.values(), cut, strict=True):
            if len(pieces) > self._model.folder.most_tokens:
                self._part(sentence, 0, sentence.text, self._model.folder.most_tokens)
            elif pieces:
                sentence.parts = [_Part(sentence, 0, sentence.text, pieces)]
        with_marks = [sentence.text for sentence in wanted.values() if sentence.aligned]
        if with_marks and not self._model.aligns(with_marks, self._marks, self._token):
            for sentence in wanted.values():
                sentence.aligned = False
        return list(wanted.values())

    def _part(self, sentence: _Sentence, start: int, text: str, most: int) -> list[_Part]:
        """Have a part of a sentence, or all of it, translated in several."""
        spans = long_sentences.parts(text, lambda some: list(map(len, self._model.cut(some))), most)
        texts = [text[first:last] for first, last in spans]
        parts = [
            _Part(sentence, start + first, each, pieces)
            for (first, _), each, pieces in zip(spans, texts, self._model.cut(texts), strict=True)
            if pieces
        ]
        sentence.parts = sorted([*sentence.parts, *parts], key=lambda part: part.start)
        sentence.cut = True
        return parts

    # --- the work

    def _in_batches(self, parts: Sequence[_Part]) -> Iterator[_Part]:
        """Long ones first."""
        waiting = deque(sorted(parts, key=lambda part: (part.way, -len(part.pieces))))
        self._pieces = _within_limits(sum(len(part.pieces) for part in parts) / _FIRST_SHARE)
        running: deque[tuple[list[_Part], list[Any], list[Any]]] = deque()
        began = time.monotonic()
        while waiting or running:
            self._token.raise_if_cancelled()
            while waiting and len(running) < _AHEAD:
                batch = self._next_batch(waiting)
                others = self._submit(batch, other_beginnings=True) if self._alternatives > 1 else []
                running.append((batch, self._submit(batch), others))
            batch, submitted, others = running.popleft()
            more = [written.texts for written in self._model.written(others, self._marks, self._token)]
            for number, written in enumerate(self._model.written(submitted, self._marks, self._token)):
                part = batch[number]
                if not written.finished and (again := self._once_more(part)):
                    waiting.extend(again)
                    continue
                part.texts = written.texts
                if more:
                    part.texts = _different(part.texts, more[number])[: self._alternatives]
                if written.attention:
                    part.texts[0], part.links = self._model.links(part.text, self._marks, written)
                yield part
            now = time.monotonic()
            self._adapt(now - began)
            began = now

    def _next_batch(self, waiting: deque[_Part]) -> list[_Part]:
        batch = [waiting.popleft()]
        room = self._pieces // len(batch[0].pieces)
        while waiting and len(batch) < room and waiting[0].way == batch[0].way:
            batch.append(waiting.popleft())
        return batch

    def _submit(self, batch: Sequence[_Part], *, other_beginnings: bool = False) -> list[Any]:
        afresh, aligned = batch[0].way
        return self._model.submit(
            [part.pieces for part in batch],
            self._marks,
            hypotheses=self._alternatives,
            afresh=afresh,
            attention=aligned and not other_beginnings,
            other_beginnings=other_beginnings,
        )

    def _once_more(self, part: _Part) -> list[_Part]:
        """What did not come to an end is tried another way, then in two parts; then it stays as it is."""
        if not part.again and not part.sentence.afresh:
            part.again = True
            return [part]
        if len(part.pieces) < _PARTED_PIECES:
            return []
        part.sentence.parts.remove(part)
        return self._part(part.sentence, part.start, part.text, (len(part.pieces) + 1) // 2)

    def _adapt(self, seconds: float) -> None:
        factor = min(2.0, max(0.5, _BATCH_SECONDS / max(seconds, 1e-3)))
        self._pieces = _within_limits(self._pieces * factor)

    # --- after

    def _hypotheses(self, sentence: _Sentence) -> Hypotheses:
        if len(sentence.parts) == 1:
            part = sentence.parts[0]
            return Hypotheses(tuple(dict.fromkeys(part.texts)), part.links, sentence.cut)
        text = ""
        linked: list[Any] = []
        for part in sentence.parts:
            text += self._joint if text and part.texts[0] else ""
            linked += (
                (
                    (source[0] + part.start, source[1] + part.start),
                    (target[0] + len(text), target[1] + len(text)),
                )
                for source, target in part.links
            )
            text += part.texts[0]
        return Hypotheses((text,), tuple(linked), sentence.cut)


def _within_limits(pieces: float) -> int:
    return round(min(_MOST_PIECES, max(_LEAST_PIECES, pieces)))


def _different(likely: Sequence[str], others: Sequence[str]) -> list[str]:
    """The best one, then such as begin otherwise and such as go on otherwise in turn; each once."""
    mixed = [likely[0]]
    for pair in zip_longest(others, likely[1:]):
        mixed += (text for text in pair if text is not None)
    by_letters: dict[str, str] = {}
    for text in mixed:
        by_letters.setdefault("".join(filter(str.isalnum, text.casefold())), text)
    return list(by_letters.values())
