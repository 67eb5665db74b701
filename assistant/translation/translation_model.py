"""A loaded model for translation: sentences to hypotheses, in batches of like length."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.errors import ModelUnusable
from assistant.jobs import CancelToken
from assistant.translation import long_sentences, tokenizers
from assistant.translation.model_families import Family, ModelFolder
from assistant.translation.records import Hypotheses
from assistant.translation.tokenizers import Pieces

_BATCH_SECONDS = 0.7
"""What a batch may take: sentences come soon, and a Stop is heeded at once."""
_LEAST_TOKENS = 128
_MOST_TOKENS = 1536
"""Of a batch, filled up to its longest sentence."""
_BEAM = 2
_ALTERNATIVES_BEAM = 4
"""At least, where several hypotheses are wanted."""
_OUTPUT_FACTOR = 3
_MORE_OUTPUT = 24
"""What runs into a loop ends at so many times the tokens of the sentence and so many more."""
_AFRESH = {"beam_size": 4, "repetition_penalty": 1.2, "no_repeat_ngram_size": 4}
"""For a sentence whose first translation was of no use."""
_END = "</s>"


@dataclass(slots=True)
class _Sentence:
    """One text that is to be translated, whoever wants it."""

    text: str
    afresh: bool
    indexes: list[int] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)
    cut: bool = False


@dataclass(slots=True)
class _Part:
    """What the model reads at once: a sentence, or a piece of a long one."""

    sentence: _Sentence
    text: str
    pieces: list[str]
    texts: list[str] | None = None
    finished: bool = True


class TranslationModel:
    """Calls come one after the other."""

    def __init__(self, folder: ModelFolder, pieces: Pieces, translator: Any) -> None:
        """
        Args:
            translator: a `ctranslate2.Translator` of the folder.
        """
        self.folder = folder
        self._pieces = pieces
        self._translator = translator
        self._batch_tokens = _LEAST_TOKENS

    def translate(
        self,
        sentences: Sequence[str],
        source: str,
        target: str,
        token: CancelToken,
        on_done: Callable[[int, Hypotheses], None],
        *,
        alternatives: int = 1,
        afresh: Sequence[bool] = (),
    ) -> list[Hypotheses]:
        """What the model makes of each sentence; `on_done` is told of each as soon as it is there.

        Raises:
            ModelUnusable: it does not know one of the languages, or fails.
            Cancelled: `token` was cancelled; it is looked at before each batch.
        """
        before, prefix = self._marks(source, target)
        wanted = self._sentences(sentences, afresh)
        found: list[Hypotheses | None] = [None] * len(sentences)
        parts = [part for sentence in wanted for part in sentence.parts]

        def tell(sentence: _Sentence) -> None:
            if all(part.texts is not None for part in sentence.parts):
                hypotheses = _put_together(sentence)
                for index in sentence.indexes:
                    found[index] = hypotheses
                    on_done(index, hypotheses)

        for sentence in wanted:
            if not sentence.parts:
                tell(sentence)
        for done in self._in_batches(parts, before, prefix, alternatives, token):
            tell(done.sentence)
        return [hypotheses or Hypotheses(("",)) for hypotheses in found]

    # --- before

    def _marks(self, source: str, target: str) -> tuple[list[str], list[str]]:
        """What stands before each sentence and before each translation."""
        family, folder = self.folder.family, self.folder
        if family in (Family.M2M100, Family.NLLB):
            return [folder.token(source)], [folder.token(target)]
        if family is Family.MADLAD or (family is Family.MARIAN and folder.tokens):
            return [folder.token(target)], []
        return [], [folder.target_prefix] if folder.target_prefix else []

    def _sentences(self, sentences: Sequence[str], afresh: Sequence[bool]) -> list[_Sentence]:
        """Each text once."""
        wanted: dict[tuple[str, bool], _Sentence] = {}
        for index, text in enumerate(sentences):
            again = bool(afresh) and afresh[index]
            wanted.setdefault((text, again), _Sentence(text, again)).indexes.append(index)
        for sentence, pieces in zip(
            wanted.values(), self._pieces.cut([each.text for each in wanted.values()]), strict=True
        ):
            if len(pieces) <= self.folder.most_tokens:
                sentence.parts = [_Part(sentence, sentence.text, pieces)] if pieces else []
            else:
                self._part(sentence)
        return list(wanted.values())

    def _part(self, sentence: _Sentence) -> None:
        def measure(texts: Sequence[str]) -> list[int]:
            return [len(pieces) for pieces in self._pieces.cut(texts)]

        spans = long_sentences.parts(sentence.text, measure, self.folder.most_tokens)
        texts = [sentence.text[start:end] for start, end in spans]
        sentence.parts = [
            _Part(sentence, text, pieces)
            for text, pieces in zip(texts, self._pieces.cut(texts), strict=True)
            if pieces
        ]
        sentence.cut = True

    # --- the work

    def _in_batches(
        self,
        parts: Sequence[_Part],
        before: list[str],
        prefix: list[str],
        alternatives: int,
        token: CancelToken,
    ) -> Iterator[_Part]:
        """Long ones first. While a batch is translated the next one waits, so that the model never does."""
        waiting = deque(sorted(parts, key=lambda part: (part.sentence.afresh, -len(part.pieces))))
        running: deque[tuple[list[_Part], list[Any], float]] = deque()
        while waiting or running:
            token.raise_if_cancelled()
            while waiting and len(running) < 2:
                batch = self._next_batch(waiting)
                running.append((batch, self._submit(batch, before, prefix, alternatives), time.monotonic()))
            batch, results, began = running.popleft()
            for part, result in zip(batch, self._results(results), strict=True):
                part.texts = [tokenizers.joined(pieces[len(prefix) :]) for pieces in result.hypotheses]
                yield part
            self._adapt(batch, time.monotonic() - began)

    def _next_batch(self, waiting: deque[_Part]) -> list[_Part]:
        first = waiting.popleft()
        batch = [first]
        room = max(1, self._batch_tokens // max(1, len(first.pieces)))
        while waiting and len(batch) < room and waiting[0].sentence.afresh == first.sentence.afresh:
            batch.append(waiting.popleft())
        return batch

    def _submit(
        self, batch: Sequence[_Part], before: list[str], prefix: list[str], alternatives: int
    ) -> list[Any]:
        ends = [] if self.folder.appends_end or self.folder.family is Family.ARGOS else [_END]
        longest = max(len(part.pieces) for part in batch)
        output = longest * _OUTPUT_FACTOR + _MORE_OUTPUT
        options: dict[str, Any] = {
            "beam_size": _BEAM if alternatives == 1 else max(_ALTERNATIVES_BEAM, alternatives)
        }
        if batch[0].sentence.afresh:
            options |= _AFRESH
        with_room: list[Any] = self._translator.translate_batch(
            [[*before, *part.pieces, *ends] for part in batch],
            target_prefix=[prefix] * len(batch) if prefix else None,
            asynchronous=True,
            max_input_length=0,
            max_decoding_length=min(output, self.folder.most_output or output),
            num_hypotheses=alternatives,
            disable_unk=True,
            **options,
        )
        return with_room

    def _results(self, results: Iterable[Any]) -> list[Any]:
        try:
            return [result.result() for result in results]
        except RuntimeError as error:
            raise ModelUnusable(
                "translation-model-fails", name=self.folder.name, why=str(error).strip().rstrip(".")
            ) from error

    def _adapt(self, batch: Sequence[_Part], seconds: float) -> None:
        factor = min(2.0, max(0.5, _BATCH_SECONDS / max(seconds, 1e-3)))
        self._batch_tokens = round(min(_MOST_TOKENS, max(_LEAST_TOKENS, self._batch_tokens * factor)))


def _put_together(sentence: _Sentence) -> Hypotheses:
    if len(sentence.parts) == 1:
        return Hypotheses(tuple(sentence.parts[0].texts or ("",)), cut=sentence.cut)
    best = (part.texts[0] for part in sentence.parts if part.texts)
    return Hypotheses((" ".join(text for text in best if text),), cut=sentence.cut)
