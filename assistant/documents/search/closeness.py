"""PURE: from the cosine of two texts to how close they are in meaning, alike for all embedders.

The cosines of some embedders lie between .7 and .9 whatever is compared; those of others begin at 0. What
counts is how far a cosine lies above that of texts which have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]

UNRELATED = (
    "The bread is taken out of the oven after forty minutes.",
    "Her brother learned to play the violin as a child.",
    "The train to the coast was late again this morning.",
    "A contract ends when both sides agree that it does.",
    "Most birds of this kind leave the north in autumn.",
    "The second half of the match was played in heavy rain.",
    "Water boils sooner on a high mountain than at the sea.",
    "The painter spent his last years in a small village.",
    "The new law has been in force since the beginning of the year.",
    "Press the button for three seconds until the light goes out.",
)
"""Sentences in plain English that have nothing to do with each other."""


def unrelated_cosine(embed: Callable[[Sequence[str]], Vectors]) -> float:
    """The mean cosine of unrelated texts: .07 for all-MiniLM-L6-v2, .79 for multilingual-e5-small."""
    vectors = embed(UNRELATED)
    return float((vectors @ vectors.T)[np.triu_indices(len(vectors), 1)].mean())


def closeness(cosine: float, unrelated: float) -> float:
    """0 (nothing to do with each other) to 1, from a cosine and that of unrelated texts."""
    return max(0.0, (cosine - unrelated) / (1 - unrelated))
