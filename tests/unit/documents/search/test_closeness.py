"""Cosines of different embedders are brought to one scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.documents.search.closeness import Vectors, closeness, unrelated_cosine


@pytest.mark.parametrize("crowded", [0.0, 0.8])
def test_what_all_texts_have_in_common_says_nothing(crowded: float) -> None:
    def embed(texts: Sequence[str]) -> Vectors:
        """Texts at right angles to each other, but for what is common to all."""
        vectors = np.zeros((len(texts), 32), dtype=np.float32)
        vectors[:, 0] = crowded**0.5
        vectors[np.arange(len(texts)), np.arange(len(texts)) + 1] = (1 - crowded) ** 0.5
        return vectors

    unrelated = unrelated_cosine(embed)
    assert unrelated == pytest.approx(crowded, abs=1e-5)
    assert closeness(unrelated, unrelated) == 0.0
    assert closeness(1.0, unrelated) == pytest.approx(1.0)


def test_it_is_never_negative_and_keeps_the_order() -> None:
    assert [closeness(cosine, 0.7) for cosine in (-0.2, 0.6)] == [0.0, 0.0]
    assert closeness(0.8, 0.7) < closeness(0.9, 0.7)
