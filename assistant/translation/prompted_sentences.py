"""Sentences translated by a chat model, one at a time.

The wording was chosen by chrF. It is short, and its beginning is the same for all sentences of a text, so
that a model reads it once.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant import languages
from assistant.text_folding import is_unspaced, joined
from assistant.translation import answer_cleaning, long_sentences
from assistant.translation.records import Formality, Hop, Hypotheses
from assistant.translation.sentence_engine import Hints
from assistant.workers.run import Steps

_FORMALITY = {
    Formality.DEFAULT: "",
    Formality.FORMAL: " Address the reader formally.",
    Formality.INFORMAL: " Address the reader informally, as a friend.",
}
_CONVERSATION = "translation"
_LEAST_TOKENS = 32
_MORE_TOKENS = 2.5
"""How much longer than expected a translation may get: what goes on then does not end by itself."""
_LETTERS_OF_A_WORD = 6
_UNSPACED_OF_A_WORD = 2
_LONGEST = 1500
"""Letters of what is asked at once; a longer sentence is translated in parts."""
_AFRESH_SEED = 1
_NO_HINTS = Hints()


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


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    """Without the thoughts before it."""
    ended: bool
    """By itself or by a stop word; else there was no room for more."""


class Complete(Protocol):
    def __call__(self, steps: Steps, model: str, prompt: Prompt) -> Answer:
        """What the chat model with this path answers; it is loaded if need be.

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
        """See `SentenceEngine`. Of the hints, it heeds all but `alignment`."""
        found = []
        for index, sentence in enumerate(sentences):
            hint = hints[index] if hints else _NO_HINTS
            parts = [sentence[slice(*span)] for span in long_sentences.parts(sentence, _sizes, _LONGEST)]
            texts = tuple(self._ways(steps, hop, parts, hint, alternatives))
            found.append(Hypotheses(texts, cut=len(parts) > 1))
            if on_done is not None:
                on_done(index, found[-1])
        return found

    def _ways(
        self, steps: Steps, hop: Hop, parts: Sequence[str], hint: Hints, alternatives: int
    ) -> Iterator[str]:
        """So many translations of a sentence, the likeliest first; each once."""
        seeds = itertools.chain([None], itertools.count(_AFRESH_SEED))
        if hint.afresh:
            next(seeds)
        known = set()
        for seed in itertools.islice(seeds, alternatives):
            texts = [self._translated(steps, hop, part, hint, seed) for part in parts]
            text = joined(texts) if all(texts) else ""
            if text not in known and (text or alternatives == 1):
                known.add(text)
                yield text

    def _translated(self, steps: Steps, hop: Hop, text: str, hint: Hints, seed: int | None) -> str:
        steps.token.raise_if_cancelled()
        answer = self._complete(steps, hop.engine.path, prompt(hop, text, hint, seed))
        return answer_cleaning.translation(text, answer.text, ended=answer.ended)


def _sizes(texts: Sequence[str]) -> list[int]:
    """In letters; one of a script without spaces says as much as several."""
    return [
        len(text) + (_LETTERS_OF_A_WORD // _UNSPACED_OF_A_WORD - 1) * sum(map(is_unspaced, text))
        for text in texts
    ]


def prompt(hop: Hop, sentence: str, hint: Hints, seed: int | None = None) -> Prompt:
    """What is asked for a sentence: what is the same for all sentences first."""
    source, target = languages.name(hop.source), languages.name(hop.target)
    instructions = (
        f"You are a professional translator. You translate {source} text into natural {target}, completely "
        f"and exactly. You write nothing but the {target} translation.{_FORMALITY[hint.formality]}"
    )
    if hint.terms:
        terms = ", ".join(f"“{source}” as “{translation}”" for source, translation in hint.terms)
        instructions += f" Translate {terms}."
    # Without these words in front, small models answer a question instead of translating it.
    message = f"Translate into {target}:\n{sentence}"
    return Prompt(instructions, message, _room(sentence, hop.target), _CONVERSATION, seed)


def _room(sentence: str, target: str) -> int:
    """Tokens that a translation may take."""
    unspaced = sum(map(is_unspaced, sentence))
    words = unspaced / _UNSPACED_OF_A_WORD + (len(sentence) - unspaced) / _LETTERS_OF_A_WORD
    return _LEAST_TOKENS + round(_MORE_TOKENS * words / languages.words_of_a_token(target))
