"""chrF: how alike two texts are in their runs of characters (Popović 2015), computed as sacrebleu does.

Runs of 1 to 6 characters without spaces, recall weighing twice as much as precision, over a whole set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_ORDER = 6
_BETA = 2.0


def chrf(translations: Sequence[str], references: Sequence[str]) -> float:
    """0 to 100 for all sentences together."""
    matching, given, wanted = [0] * _ORDER, [0] * _ORDER, [0] * _ORDER
    for translation, reference in zip(translations, references, strict=True):
        here, there = ("".join(text.split()) for text in (translation, reference))
        for order in range(_ORDER):
            ours, theirs = _runs(here, order + 1), _runs(there, order + 1)
            given[order] += ours.total()
            wanted[order] += theirs.total()
            matching[order] += (ours & theirs).total()
    precisions = [m / n if n else 0.0 for m, n in zip(matching, given, strict=True)]
    recalls = [m / n if n else 0.0 for m, n in zip(matching, wanted, strict=True)]
    counted = sum(1 for n, m in zip(given, wanted, strict=True) if n and m)
    if not counted:
        return 0.0
    precision, recall = sum(precisions) / counted, sum(recalls) / counted
    if not precision + recall:
        return 0.0
    square = _BETA**2
    return 100 * (1 + square) * precision * recall / (square * precision + recall)


def _runs(text: str, length: int) -> Counter[str]:
    return Counter(text[start : start + length] for start in range(len(text) - length + 1))
