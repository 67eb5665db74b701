"""Sentences translated by a chat model, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant import languages
from assistant.translation.records import Hop, Hypotheses
from assistant.translation.sentence_engine import Hints
from assistant.workers.run import Steps


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is asked."""

    instructions: str
    message: str
    max_tokens: int
    conversation: str
    """Key under which the model's state after the instructions is kept, so that they are read once."""
    seed: int | None = None
    """None: the likeliest token always (temperature 0); else another way, by this seed."""
    stop: tuple[str, ...] = ()
    """Words that end the answer."""


class Complete(Protocol):
    def __call__(self, steps: Steps, model: str, prompt: Prompt) -> str:
        """The answer of the chat model with this path, without its thoughts; it is loaded if need be.

        Raises:
            ModelError, WorkerError: as `ChatService.complete`.
            Cancelled: `steps` was stopped.
        """


class PromptedSentences:
    """A `SentenceEngine`."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

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
        instructions = (
            f"Translate from {languages.name(hop.source)} into {languages.name(hop.target)}. "
            "Answer with the translation only."
        )
        found = []
        for index, sentence in enumerate(sentences):
            steps.token.raise_if_cancelled()
            prompt = Prompt(instructions, sentence, 40 + 2 * len(sentence), "translation")
            made = Hypotheses((self._complete(steps, hop.engine.path, prompt).strip(),))
            if on_done is not None:
                on_done(index, made)
            found.append(made)
        return found
