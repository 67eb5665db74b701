"""PURE: takes out of a question's vector what tells languages apart: its answer may stand in any of them.

An embedder of many languages puts texts of one language near each other, whatever they say: a question finds
all passages of its own language before the answer in another one. The difference of two languages' mean
vectors is the direction that they lie apart in; without its part in that direction the question is, on
average, as near to the one as to the other, and only what is said is left to decide (the method of Yang and
others 2021, "A Simple and Effective Method to Eliminate the Self Language Bias in Multilingual
Representations"). Passages and their index stay as they are.

With multilingual-e5-small, nDCG@10 of its vectors, asked for passages in another language than the question's
in one index of en, de, es, zh and hi: de .68 → .86, es .64 → .86, zh .07 → .82, hi .45 → .77, en .74 → .88.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.float32]

_FEWEST = 8
"""The mean of fewer passages is what they say, rather than their language."""
_DOUBT = 2.0
"""Passages that count against a mean: that of n passages is removed by n / (n + 2)."""


@dataclass(frozen=True, slots=True)
class LanguageBias:
    """Of the passages of one index."""

    mean: Matrix | None
    """Of all languages, each counting alike; None where there are too few passages. Shape (dimension,)."""
    apart: Matrix
    """From the most frequent language to each other one. Shape (languages - 1, dimension)."""
    back: Matrix
    """From parts along these directions to a vector. Shape (dimension, languages - 1)."""

    def without(self, question: Matrix) -> Matrix:
        """The question without its part in the directions that languages lie apart in."""
        neutral: Matrix = question - self.back @ (self.apart @ question)
        return neutral

    def unrelated(self, question: Matrix, usual: float) -> float:
        """The cosine of a passage that has nothing to do with the question: the mean of all passages.

        Where all passages are on one subject, none is unrelated: it is at most what is `usual`, the cosine
        of any two unrelated passages.
        """
        return usual if self.mean is None else min(usual, float(self.mean @ question))


def language_bias(samples: Mapping[str, Matrix], dimension: int) -> LanguageBias:
    """From vectors of some passages of each language; those with few of them are left out."""
    enough = [each for each in samples.values() if len(each) >= _FEWEST]
    enough.sort(key=len, reverse=True)
    if not enough:
        none = np.zeros((0, dimension), dtype=np.float32)
        return LanguageBias(None, none, none.T)
    means = np.stack([each.mean(axis=0) for each in enough])
    apart = means[1:] - means[0]
    sure = np.array([len(each) / (len(each) + _DOUBT) for each in enough[1:]], dtype=np.float32)
    return LanguageBias(means.mean(axis=0), apart, np.linalg.pinv(apart) * sure)
