"""Boxes and vectors as they are packed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assistant.documents.store import codec
from assistant.errors import Problem

_PLACES = st.one_of(st.floats(0, 6553, width=32), st.just(float("nan")))


@given(arrays.arrays(np.float32, st.tuples(st.integers(0, 40), st.just(4)), elements=_PLACES))
def test_boxes_keep_their_place_to_half_a_step(boxes: np.ndarray) -> None:
    back = codec.unpack_boxes(codec.pack_boxes(boxes))
    assert back.dtype == np.float32
    assert back.shape == boxes.shape
    assert np.array_equal(np.isnan(back), np.isnan(boxes))
    assert np.allclose(back, boxes, atol=0.0511, equal_nan=True)


def test_a_poster_takes_larger_steps_and_what_is_off_the_page_moves_to_its_edge() -> None:
    boxes = np.array([[-5.0, 0.0, 14_400.0, 20_000.0], [np.inf, 1.0, 2.0, 3.0]], dtype=np.float32)
    back = codec.unpack_boxes(codec.pack_boxes(boxes))
    assert back[0, 0] == 0.0
    assert np.allclose(back[0, 1:], boxes[0, 1:], atol=0.2)
    assert np.isnan(back[1, 0])
    assert np.allclose(back[1, 1:], boxes[1, 1:], atol=0.2)


def test_a_page_of_text_packs_small() -> None:
    columns, lines = np.meshgrid(np.arange(80), np.arange(45))
    x, y = 72 + columns.ravel() * 5.5, 72 + lines.ravel() * 14.0
    boxes = np.stack([x, y, x + 5.1, y + 11.0], axis=1).astype(np.float32)
    assert len(codec.pack_boxes(boxes)) < boxes.nbytes / 20


@given(arrays.arrays(np.float32, (3, 16), elements=st.floats(-1, 1, width=32)))
def test_vectors_come_back_as_unit_vectors(vectors: np.ndarray) -> None:
    vectors = vectors + np.float32(0.01)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    back = codec.unpack_vectors([codec.pack_vector(vector) for vector in vectors])
    assert np.allclose((back * vectors).sum(axis=1), (vectors * vectors).sum(axis=1) ** 0.5, atol=1e-3)
    assert codec.unpack_vectors([]).shape == (0, 0)


def test_a_vector_of_another_length_is_zero_and_spoils_no_other() -> None:
    whole = codec.pack_vector(np.array([0.6, 0.8], dtype=np.float32))
    matrix = codec.unpack_vectors([whole, whole[:-1], whole, b""])
    assert matrix.shape == (4, 2)
    assert np.allclose(matrix[[0, 2]], [0.6, 0.8], atol=1e-3)
    assert not matrix[[1, 3]].any()


@given(st.text(st.characters(codec=None)))
def test_storable_text_keeps_every_offset(text: str) -> None:
    clean = codec.storable(text)
    assert len(clean) == len(text)
    assert "\x00" not in clean
    clean.encode()
    if text.isprintable():
        assert clean == text


@pytest.mark.parametrize(
    "details", ["{}", "null", "not JSON", '{"name": "A", "needed": "all", "free": null}']
)
def test_a_reason_whose_values_do_not_fit_any_more_comes_in_the_words_of_then(details: str) -> None:
    problem = codec.unpack_problem("model", "model-too-large", details, "It was too large.", "Buy memory.")
    assert problem == Problem.as_told("model", "It was too large.", "Buy memory.")
    assert problem.message == "It was too large."


def test_a_vector_of_no_numbers_is_zero() -> None:
    packed = [codec.pack_vector(np.array(vector, np.float32)) for vector in ([0.6, 0.8], [np.nan, 1.0])]
    assert np.allclose(codec.unpack_vectors(packed), [[0.6, 0.8], [0.0, 0.0]], atol=1e-3)
