"""Sentences translated by a model made for translation, in the translation worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.translation.records import Hop, Hypotheses, SentenceDone
from assistant.translation.sentence_engine import Hints
from assistant.translation.service import TranslationService
from assistant.workers.run import Steps


class ModelSentences:
    """See `sentence_engine.SentenceEngine`. Of the hints, it heeds `afresh` and `alignment`."""

    def __init__(self, service: TranslationService) -> None:
        self._service = service

    def translate(
        self,
        steps: Steps,
        hop: Hop,
        sentences: Sequence[str],
        *,
        hints: Sequence[Hints] = (),
        alternatives: int = 1,
        on_done: Callable[[int, Hypotheses], None] | None = None,
    ) -> list[Hypotheses]:
        def report(done: SentenceDone) -> None:
            if on_done is not None:
                on_done(done.index, done.hypotheses)

        found = steps.result(
            self._service.translate,
            hop,
            sentences,
            alternatives=alternatives,
            afresh=[hint.afresh for hint in hints],
            alignment=[hint.alignment for hint in hints],
            on_report=report,
        )
        return list(found)
