"""What translates sentences: a model made for it, or a chat model; nobody else asks which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.translation.records import Formality, Hop, Hypotheses
from assistant.workers.run import Steps


@dataclass(frozen=True, slots=True)
class Hints:
    """What an engine may heed; those that cannot pass over it."""

    formality: Formality = Formality.DEFAULT
    terms: tuple[tuple[str, str], ...] = ()
    """Of the glossary, those that occur in the sentence: (source, target)."""
    afresh: bool = False
    """The first try was suspect: sample another way."""
    alignment: bool = False
    """Say which pieces became which, if the engine can; that costs some time."""


class SentenceEngine(Protocol):
    """Stops within 2 s of `steps.token`; raises Cancelled then."""

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
        """
        Args:
            hints: one for each sentence, or none.
            on_done: told of each sentence as soon as it is there, in any order.

        Raises:
            ModelError, WorkerError: as of the model's own worker.
        """
