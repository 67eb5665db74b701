"""PURE arithmetic: whether a picture may show text, told from its pixels alone, in some milliseconds.

Logos, drawings and photographs fill documents, and each would be seconds of recognition for nothing. Text is
told by small fields with many steps from light to dark and back, of two tones, one of them the ground. What
is not sure counts as text: it is only looked at for nothing then.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FIELD = (8, 24)
"""Rows and columns of a field: some letters of small print in a picture of a page."""
_STEP = 28
"""Two neighbouring pixels so far apart are an edge; print in light grey has it."""
_EDGES = 3
"""In each row of a field of text at least so many."""
_NEAR_TONE = 0.2
"""Of the way from the dark to the light tone."""
_TWO_TONES = 0.6
"""So many pixels of text are near one of the two."""
_GROUND = 0.45
"""And so many near the one that is its ground."""
_IN_A_ROW = 3
"""So many fields of text side by side are a word."""


def may_show_text(grey: npt.NDArray[np.uint8]) -> bool:
    """Whether text may be in a picture, given in rows and columns, of less than a million pixels."""
    rows, columns = (min(field, side) for field, side in zip(FIELD, grey.shape, strict=True))
    down, across = grey.shape[0] // rows, grey.shape[1] // columns
    grid = grey[: down * rows, : across * columns].reshape(down, rows, across, columns)
    fields = grid.transpose(0, 2, 1, 3).reshape(down * across, rows, columns).astype(np.int16)
    edges = (np.abs(np.diff(fields, axis=2)) > _STEP).sum(axis=(1, 2)) / rows
    text = edges >= _EDGES
    text[text] = _of_two_tones(fields[text].reshape(-1, rows * columns))
    text = text.reshape(down, across)
    word = min(_IN_A_ROW, across)
    side_by_side = np.stack([text[:, at : across - word + 1 + at] for at in range(word)])
    return bool(side_by_side.all(axis=0).any())


def _of_two_tones(fields: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    if not len(fields):
        return np.zeros(0, np.bool_)
    dark, light = np.percentile(fields, (10, 90), axis=1, keepdims=True)
    tone = (fields - dark) / np.maximum(1, light - dark)
    is_dark, is_light = (tone < _NEAR_TONE).mean(axis=1), (tone > 1 - _NEAR_TONE).mean(axis=1)
    found: npt.NDArray[np.bool_] = (is_dark + is_light > _TWO_TONES) & (
        np.maximum(is_dark, is_light) > _GROUND
    )
    return found
