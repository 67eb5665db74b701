"""Whether bold words are bold in the translation: phrases of sentences that the made models never learned.

    python -m tests.benchmarks.inline_marks [WAY …] [--count 300] [--wrong 0]

A mark is right if it covers every word that its words alone became, and no word that none of them became.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.translation.model_sentences import ModelSentences
from assistant.translation.records import (
    EngineChoice,
    Hop,
    Hypotheses,
    Mark,
    Paragraph,
    Tier,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.sentence_engine import Hints, SentenceEngine
from assistant.translation.service import TranslationService
from assistant.workers.run import Run, Steps
from tests.benchmarks.translators import translator
from tests.made_models.translation.library import MODELS
from tests.made_models.translation.sentences import Example, Span, meet, unseen

_WAYS = {
    "en-de": MODELS["en-de"],
    "en-de-not-aligned": MODELS["en-de"],
    "en-fr": MODELS["en-fr"],
}


class _NotAligned:
    """An engine that does not tell which words became which."""

    def __init__(self, engine: SentenceEngine) -> None:
        self._engine = engine

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
        made = self._engine.translate(steps, hop, sentences, hints=hints, alternatives=alternatives)
        without = [replace(each, alignment=()) for each in made]
        for index, hypotheses in enumerate(without):
            if on_done is not None:
                on_done(index, hypotheses)
        return without


def marked(examples: Sequence[Example], chance: random.Random) -> list[tuple[Example, Span]]:
    """Each with a phrase that is not the whole of it."""
    return [
        (example, chance.choice(phrases))
        for example in examples
        if (phrases := [span for span in example.phrases if span[1] - span[0] < len(example.source) - 1])
    ]


def is_right(example: Example, phrase: Span, found: TranslatedParagraph) -> bool:
    inside: set[Span] = set()
    outside: set[Span] = set()
    for one, other in example.alignment:
        (inside if meet(one, phrase) else outside).add(other)
    covered = {
        match.span()
        for match in re.finditer(r"\w+", example.target)
        if any(meet(match.span(), (mark.start, mark.end)) for mark in found.marks)
    }
    touched = {word for word in inside | outside if any(meet(word, span) for span in covered)}
    return inside - outside <= touched <= inside


def translated(
    service: TranslationService, name: str, texts: Sequence[tuple[Example, Span]]
) -> tuple[TranslatedParagraph, ...]:
    model = _WAYS[name]
    choice = EngineChoice(str(model.folder), model.folder.name, False, (model.pair,))
    engine: SentenceEngine = ModelSentences(service)
    if "not" in name:
        engine = _NotAligned(engine)
    paragraphs = [Paragraph(example.source, (Mark(1, *phrase),)) for example, phrase in texts]
    options = TranslationOptions(model.target, model.source, use_memory=False)
    with translator(service.analyse, engine, choice) as work:
        return Run.derived(lambda steps: work.translate(steps, paragraphs, options)).result(600)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("ways", nargs="*", default=[], help=", ".join(_WAYS))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--wrong", type=int, default=0, help="so many that are wrong are shown")
    options = parser.parse_args()
    service = TranslationService()
    try:
        for name in options.ways or _WAYS:
            texts = marked(unseen(_WAYS[name].pair, 31, options.count), random.Random(31))
            report(name, texts, translated(service, name, texts), options.wrong)
    finally:
        service.close()


def report(
    name: str, texts: Sequence[tuple[Example, Span]], found: Sequence[TranslatedParagraph], wrong: int
) -> None:
    tiers: Counter[Tier] = Counter()
    right: Counter[Tier] = Counter()
    lost = exact = 0
    for (example, phrase), paragraph in zip(texts, found, strict=True):
        lost += not any(mark.start < mark.end for mark in paragraph.marks)
        if paragraph.text != example.target:
            continue
        exact += 1
        tier = dict(paragraph.tiers)[1]
        tiers[tier] += 1
        if is_right(example, phrase, paragraph):
            right[tier] += 1
        elif wrong:
            wrong -= 1
            there = [paragraph.text[mark.start : mark.end] for mark in paragraph.marks]
            print(f"    {tier}: {example.source} [{example.source[slice(*phrase)]}] {paragraph.text} {there}")
    told = ", ".join(f"{tier} {right[tier]} of {count} right" for tier, count in sorted(tiers.items()))
    share = 100 * right.total() / max(1, exact)
    print(f"{name}: {len(texts)} marks, {lost} lost; in {exact} exact sentences {share:.1f} % right: {told}")


if __name__ == "__main__":
    main()
