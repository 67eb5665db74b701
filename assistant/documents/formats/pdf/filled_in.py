"""PURE: what is filled in at fields of a page, as characters among those of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from assistant.documents.formats.pdf.annotations import FieldValue
from assistant.documents.formats.pdf.characters import Characters


def with_fields(page: Characters, fields: Sequence[FieldValue]) -> Characters:
    """The page's characters and those of its filled-in fields, spread over the field's box."""
    texts, boxes, sizes, bases, spaces = [page.text], [page.boxes], [page.em], [page.origin], [page.space]
    for value in fields:
        x0, y0, x1, y1 = value.box
        lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", value.text)]
        lines = [line for line in lines if line]
        height = max(1.0, (y1 - y0) / max(1, len(lines)))
        em = min(12.0, 0.8 * height)
        for number, line in enumerate(lines):
            step = min(0.5 * em, max(0.5, x1 - x0 - 2) / len(line))
            left = x0 + 1 + step * np.arange(len(line), dtype=np.float32)
            middle = y0 + height * (number + 0.5)
            box = np.empty((len(line), 4), np.float32)
            box[:, 0], box[:, 2] = left, left + step
            box[:, 1], box[:, 3] = middle - 0.55 * em, middle + 0.55 * em
            solid = np.array([character != " " for character in line])
            space = np.zeros(len(line), np.int8)
            space[1:] = np.where(solid[:-1], 0, 2)
            space[0] = 2
            texts.append(line.replace(" ", ""))
            boxes.append(box[solid])
            spaces.append(space[solid])
            sizes.append(np.full(int(solid.sum()), em, np.float32))
            bases.append(np.stack([box[solid, 0], np.full(int(solid.sum()), middle + 0.35 * em)], axis=1))
    text = "".join(texts)
    more = len(text) - len(page.text)
    return Characters(
        text,
        np.concatenate(boxes).astype(np.float32),
        np.concatenate(sizes).astype(np.float32),
        np.concatenate(bases).astype(np.float32),
        np.concatenate([page.angle, np.zeros(more, np.float32)]),
        np.concatenate([page.weight, np.zeros(more, np.int8)]),
        np.concatenate(spaces).astype(np.int8),
    )
