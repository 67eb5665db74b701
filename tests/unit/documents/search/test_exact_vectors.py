"""The vectors in memory, against plain arithmetic."""

from __future__ import annotations

import threading

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.documents.search.exact_vectors import ExactIndex


def unit_vectors(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(
    count=st.integers(0, 60),
    removed=st.sets(st.integers(0, 60)),
    documents=st.none() | st.sets(st.integers(0, 7)),
    limit=st.integers(0, 70),
)
def test_it_finds_what_comparing_all_finds(
    count: int, removed: set[int], documents: set[int] | None, limit: int
) -> None:
    vectors = unit_vectors(count)
    index = ExactIndex(16)
    half = count // 2
    index.add(range(half), vectors[:half], [row % 7 for row in range(half)])
    index.add(range(half, count), vectors[half:], [row % 7 for row in range(half, count)])
    index.delete(sorted(removed))
    question = unit_vectors(1, seed=9)[0]
    kept = [row for row in range(count) if row not in removed and (documents is None or row % 7 in documents)]
    expected = sorted(((row, float(vectors[row] @ question)) for row in kept), key=lambda pair: -pair[1])[
        :limit
    ]
    found = index.search(question, limit, None if documents is None else sorted(documents))
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert np.allclose([score for _, score in found], [score for _, score in expected], atol=1e-5)
    assert len(index) == len(set(range(count)) - removed)


def test_it_grows_and_shrinks() -> None:
    index = ExactIndex(16)
    vectors = unit_vectors(5000)
    for first in range(0, 5000, 50):
        index.add(range(first, first + 50), vectors[first : first + 50], [1] * 50)
    assert len(index) == 5000
    assert index.search(vectors[4321], 1)[0][0] == 4321
    index.delete(list(range(4990)))
    assert index.ids().tolist() == list(range(4990, 5000))
    assert index.search(vectors[4995], 1)[0][0] == 4995


def test_searches_beside_additions_see_whole_batches() -> None:
    index = ExactIndex(16)
    vectors = unit_vectors(2000)
    stop = threading.Event()
    wrong: list[int] = []

    def look() -> None:
        while not stop.is_set():
            found = index.search(vectors[0], 10_000)
            if len(found) % 10 or any(
                abs(score - float(vectors[row] @ vectors[0])) > 1e-5 for row, score in found
            ):
                wrong.append(len(found))

    reader = threading.Thread(target=look)
    reader.start()
    for first in range(0, 2000, 10):
        index.add(range(first, first + 10), vectors[first : first + 10], [1] * 10)
        if first % 500 == 490:
            index.delete(range(first - 490, first - 480))
    stop.set()
    reader.join()
    assert wrong == []
