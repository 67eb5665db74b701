"""How the models do on sentences that they never learned: how many are exact, where their attention looks.

python -m tests.made_models.translation.evaluation [en-de …] [--count 500] [--wrong 5]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.made_models.translation.library import MODELS, Bare, Translation
from tests.made_models.translation.sentences import Example, Span, meet, unseen


@dataclass(frozen=True, slots=True)
class Measured:
    exact: float
    """Share of the sentences that are right to the letter."""
    aligned: float
    """Share of the words, in those, that look most at a word that they became of."""
    wrong: tuple[tuple[Example, str], ...]


def measure(bare: Bare, examples: Sequence[Example]) -> Measured:
    found = bare.translate([example.source for example in examples])
    right = [pair for pair in zip(examples, found, strict=True) if pair[0].target == pair[1].text]
    wrong = [
        (one, other.text) for one, other in zip(examples, found, strict=True) if one.target != other.text
    ]
    looks = [look for example, translation in right for look in _looks(example, translation)]
    return Measured(len(right) / len(examples), sum(looks) / max(1, len(looks)), tuple(wrong))


def _looks(example: Example, found: Translation) -> list[bool]:
    """For each word of the target that became of something: does the attention of its pieces say so?"""
    source, target = spans(found.source), spans(found.target)
    result = []
    for word in sorted({other for _, other in example.alignment}):
        mass = [0.0] * len(source)
        for piece, span in enumerate(target):
            if meet(span, word):
                mass = [one + other for one, other in zip(mass, found.attention[piece], strict=False)]
        best = source[max(range(len(source)), key=mass.__getitem__)]
        result.append(any(other == word and meet(best, one) for one, other in example.alignment))
    return result


def spans(pieces: Sequence[str]) -> list[Span]:
    """Where each stands in the text, without the space before it."""
    places = []
    at = 0
    for number, piece in enumerate(pieces):
        spaced = piece.startswith("▁")
        start = at + (spaced and number > 0)
        at = start + len(piece) - spaced
        places.append((start, at))
    return places


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("models", nargs="*", choices=[*MODELS, []], default=[])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--wrong", type=int, default=5, help="so many sentences that are wrong are shown")
    options = parser.parse_args()
    for name in options.models or MODELS:
        bare = Bare(MODELS[name])
        examples = unseen(bare.model.pair, 77, options.count)
        began = time.process_time()
        measured = measure(bare, examples)
        speed = options.count / (time.process_time() - began)
        size = sum(file.stat().st_size for file in bare.model.folder.iterdir()) / 1e6
        told = "guided" if bare.model.guided else "free"
        print(
            f"{name}, {told}, {size:.1f} MB: {100 * measured.exact:.1f} % of {options.count} exact, "
            f"{100 * measured.aligned:.1f} % of their words aligned, {speed:.0f} sentences/s"
        )
        for example, text in measured.wrong[: options.wrong]:
            print(f"    {example.source}\n        {example.target}\n        {text}")


if __name__ == "__main__":
    main()
