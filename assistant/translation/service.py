"""What the program asks of the translation worker. Methods return at once; the answer comes with the Run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.translation.records import (
    AnalysedParagraph,
    ExtractedDocument,
    Hop,
    Hypotheses,
    Layout,
    SentenceDone,
    TranslatedParagraph,
    WrittenDocument,
)
from assistant.workers.run import Run
from assistant.workers.service import Engines, Service
from assistant.workers.supervisor import Worker

ENGINE = "assistant.translation.engine:TranslationEngine"

_IDLE_SECONDS = 900.0
"""A worker that nobody asks for so long gives its memory back; the next call loads the model again."""


class TranslationService(Service):
    """The parent's side. Callbacks come on threads of the supervisor.

    Each call names what it needs: a worker that was restarted loads it before it answers.
    """

    def __init__(self, *, engines: Engines | None = None) -> None:
        """Starts nothing; the first call does, or `start`.

        Args:
            engines: those that make room for a model.
        """
        super().__init__(Worker(ENGINE, name="The translation worker", idle_seconds=_IDLE_SECONDS), engines)

    def load(self, model: Path) -> Run[None]:
        """Have a model loaded before it is needed.

        Its run fails with NoModel, ModelUnusable, ModelTooLarge or a WorkerError.
        """
        return Run.derived(lambda steps: self._call_with_room(steps, "load", model=str(model)))

    def unload(self) -> Run[None]:
        """Give the memory of all models back."""
        return self._worker.submit("unload")

    def analyse(
        self, texts: Sequence[str], languages: Sequence[str] = (), expected: Sequence[str] = ()
    ) -> Run[tuple[AnalysedParagraph, ...]]:
        """Which language each paragraph of a text is in, and where its sentences are.

        Args:
            languages: of each paragraph, "" where it is to be detected; or none at all.
            expected: languages that a text of few words is rather taken for.
        """
        return self._worker.submit(
            "analyse", texts=tuple(texts), languages=tuple(languages), expected=tuple(expected)
        )

    def translate(
        self,
        hop: Hop,
        sentences: Sequence[str],
        *,
        alternatives: int = 1,
        afresh: Sequence[bool] = (),
        alignment: Sequence[bool] = (),
        on_report: Callable[[SentenceDone], None] | None = None,
    ) -> Run[tuple[Hypotheses, ...]]:
        """Have sentences translated by a model made for translation.

        Args:
            alternatives: how many hypotheses of each are wanted.
            afresh: for each, that the first try was suspect; or none at all.
            alignment: for each, that the pieces are to be told which became which; or none at all.

        Its run fails with a ModelError or a WorkerError.
        """
        arguments = {
            "model": hop.engine.path,
            "source": hop.source,
            "target": hop.target,
            "sentences": tuple(sentences),
            "alternatives": alternatives,
            "afresh": tuple(afresh),
            "alignment": tuple(alignment),
        }
        return Run.derived(lambda steps: self._call_with_room(steps, "translate", **arguments), on_report)

    def extract(self, path: Path) -> Run[ExtractedDocument]:
        """All that a person reads in a file.

        Its run fails with a DocumentError or a WorkerError.
        """
        return self._worker.submit("extract", path=str(path))

    def write(
        self,
        path: Path,
        output: Path,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout = Layout.TRANSLATION,
    ) -> Run[WrittenDocument]:
        """Write a file with its translation; `translated` has one for each paragraph that `extract` gave.

        Its run fails with a DocumentError, StorageError or a WorkerError.
        """
        return self._worker.submit(
            "write",
            path=str(path),
            output=str(output),
            translated=tuple(translated),
            target=target,
            layout=layout,
        )
