"""PURE geometry: the glyphs of a page → readable characters → words.

Boxes of characters are those of the page as displayed, y downwards. Words stand in a frame that is turned so
that their text runs from left to right. Sizes are compared with the font size (em).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.documents.formats.pdf import glyph_text

Floats = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.int64]

WORD_GAP = 0.35
"""In em: a wider gap parts two words even where the file has no space."""

TIGHT_WORD_GAP = 0.11
"""In em: a wider gap parts two words on a page whose letters stand close, as they mostly do."""

NORMAL, ITALIC, BOLD = 0, 1, 2


@dataclass(slots=True)
class Characters:
    """The readable characters of a page: `text[i]` lies at `boxes[i]` in display points."""

    text: str
    boxes: Floats
    em: Floats
    origin: Floats
    angle: Floats
    weight: npt.NDArray[np.int8]
    """NORMAL, ITALIC or BOLD."""
    space: npt.NDArray[np.int8]
    """What lies between it and the one before: 0 nothing, 1 a space that pdfium guessed, 2 a real one."""


@dataclass(slots=True)
class Word:
    text: str
    start: int
    """Its characters are start … start + len(text) of the page's."""
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    em: float
    weight: int
    space: int
    """As in Characters, between this word and the one before it in the file."""
    leader: bool = False
    """A dotted line runs up to this word."""
    joins: bool = False
    """It is the first letter of the word that follows it."""
    struck: bool = False
    """A line runs through it."""
    address: str = ""
    """Where the link leads that ends with this word."""


# --- glyphs → characters ---------------------------------------------------------------------------


def characters(
    codes: npt.NDArray[np.uint32],
    boxes: Floats,
    em: Floats,
    origin: Floats,
    angle: Floats,
    weight: npt.NDArray[np.int8],
    width: float,
    height: float,
) -> tuple[Characters, int]:
    """Readable characters from glyphs in the file's order, and how many were left out as outside the page.

    Ligatures are taken apart, each letter with its share of the box; accents drawn over a letter are put on
    it; letters drawn twice for a bold look count once.
    """
    blank = (codes <= 32) & (codes > 0)
    solid = ~blank & np.isfinite(boxes[:, 0])
    blank_kind = np.where(blank, np.where(np.nan_to_num(boxes[:, 2] - boxes[:, 0]) > 0, 2, 1), 0)
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    inside = (middle_x >= -1) & (middle_x <= width + 1) & (middle_y >= -1) & (middle_y <= height + 1)
    outside = int((solid & ~inside).sum())
    solid &= inside
    solid &= ~_drawn_twice(codes, boxes, em, solid)
    kept = np.flatnonzero(solid)
    # The strongest white space between a glyph and the kept one before it.
    space = np.zeros(len(kept), np.int8)
    if len(kept):
        blanks = np.flatnonzero(blank)
        behind = np.searchsorted(kept, blanks)
        np.maximum.at(
            space, behind[behind < len(kept)], blank_kind[blanks][behind < len(kept)].astype(np.int8)
        )
    codes, boxes = codes[kept], boxes[kept].copy()
    _put_lam_before_alef(codes, boxes)
    _share_ligatures(boxes, codes)
    special = np.flatnonzero(~glyph_text.plain(codes))
    texts = _replacements(codes, boxes, space, special)
    source: Indexes
    if texts:
        lengths = np.ones(len(codes), np.int64)
        for at, text in texts.items():
            lengths[at] = len(text)
        source = np.repeat(np.arange(len(codes)), lengths)
        text = _spell(codes, texts)
        boxes = boxes[source]
        if (lengths > 1).any():
            _share_ligatures(boxes, np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))
        space = space[source]
        space[1:][source[1:] == source[:-1]] = 0
    else:
        source = np.arange(len(codes))
        text = codes.astype("<u4").tobytes().decode("utf-32-le")
    rows = kept[source]
    return Characters(text, boxes, em[rows], origin[rows], angle[rows], weight[rows], space), outside


def _spell(codes: npt.NDArray[np.uint32], texts: dict[int, str]) -> str:
    plain = np.where(codes < 0x110000, codes, 0xFFFD)
    plain[list(texts)] = ord(" ")  # codes that are replaced need not be characters at all
    text = plain.astype("<u4").tobytes().decode("utf-32-le")
    pieces: list[str] = []
    at = 0
    for place, replacement in sorted(texts.items()):
        pieces += (text[at:place], replacement)
        at = place + 1
    return "".join(pieces) + text[at:]


def _drawn_twice(
    codes: npt.NDArray[np.uint32], boxes: Floats, em: Floats, solid: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    twice = np.zeros(len(codes), np.bool_)
    at = np.flatnonzero(solid)
    if len(at) < 2:
        return twice
    # By character, then line, then from left to right, all in one number: a third of the time of three keys.
    lines = np.clip(np.round(boxes[at, 1]), -100_000, 100_000).astype(np.int64) + 100_000
    places = np.clip(np.round(8 * boxes[at, 0]), -500_000, 500_000).astype(np.int64) + 500_000
    order = at[
        np.argsort(
            (np.minimum(codes[at], 0xFFFFFF).astype(np.int64) << 38) | (lines << 20) | places, kind="stable"
        )
    ]
    one, two = order[:-1], order[1:]
    shift = np.abs(boxes[two] - boxes[one])
    near = np.minimum(0.2 * em[two], 0.5 * (boxes[two, 2] - boxes[two, 0]))
    same = (codes[one] == codes[two]) & (shift[:, 0] < near) & (shift[:, 1] < 0.2 * em[two])
    # pdfium gives the letters of a ligature the same box, one after the other: "ff" is not an f drawn twice.
    same &= ~((np.abs(two - one) <= 2) & (shift.max(axis=1) < 0.01))
    twice[np.maximum(one, two)[same]] = True
    return twice


def _put_lam_before_alef(codes: npt.NDArray[np.uint32], boxes: Floats) -> None:
    """pdfium may turn the letters of the ligature of lam and alef about; alef before lam has no ligature."""
    swapped = np.isin(codes[:-1], glyph_text.ALEFS) & (codes[1:] == glyph_text.LAM)
    at = np.flatnonzero(swapped & (boxes[1:] == boxes[:-1]).all(axis=1))
    codes[at], codes[at + 1] = codes[at + 1], codes[at]


def _share_ligatures(boxes: Floats, codes: npt.NDArray[np.uint32]) -> None:
    """Characters in a row with the very same box share it in the direction in which they are read."""
    if len(boxes) < 2:
        return
    same = (boxes[1:] == boxes[:-1]).all(axis=1)
    if not same.any():
        return
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    sizes = np.diff(np.concatenate([starts, [len(boxes)]]))
    size = np.repeat(sizes, sizes)
    place = np.arange(len(boxes)) - np.repeat(starts, sizes)
    place = np.where(glyph_text.right_to_left_codes(codes), size - 1 - place, place)
    left, width = boxes[:, 0].copy(), boxes[:, 2] - boxes[:, 0]
    boxes[:, 0] = left + width * place / size
    boxes[:, 2] = left + width * (place + 1) / size


def _replacements(
    codes: npt.NDArray[np.uint32], boxes: Floats, space: npt.NDArray[np.int8], special: Indexes
) -> dict[int, str]:
    """Position → text, for the codes that do not stand for themselves; `space` is put right on the way."""
    texts: dict[int, str] = {}
    last = len(codes) - 1
    for at in special.tolist():
        code = int(codes[at])
        text = glyph_text.meaning(code)
        if text == " " or not text:
            # It takes no room in the text, but the white space it is or stands behind is kept.
            texts[at] = ""
            if at < last:
                space[at + 1] = max(space[at], space[at + 1], 2 if text else 0)
        elif text != chr(code):
            texts[at] = text
    for at in np.flatnonzero(np.isin(codes, list(glyph_text.ACCENTS))).tolist():
        # Most often the letter comes next; pdfium may also sort the accent behind letters to its right.
        for letter in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
            if 0 <= letter <= last and letter not in texts and _lies_on(boxes[at], boxes[letter]):
                both = glyph_text.accented(int(codes[at]), int(codes[letter]))
                if both:
                    texts[at], texts[letter] = "", both
                    if letter > at:
                        space[letter] = space[at]  # between an accent and its letter pdfium may guess a space
                    break
    return texts


def _lies_on(accent: Floats, letter: Floats) -> bool:
    middle = float(accent[0] + accent[2]) / 2
    near = abs(float(letter[3] - accent[3])) < float(letter[3] - letter[1])
    return near and float(letter[0]) <= middle <= float(letter[2])


# --- characters → words ------------------------------------------------------------------------------


def frames(page: Characters) -> list[tuple[int, Indexes]]:
    """Characters by the direction their text runs in: degrees clockwise, the most frequent first."""
    quarter = np.round(page.angle / 90)
    straight = np.abs(page.angle - 90 * quarter) < 8
    degrees = np.where(straight, quarter * 90, np.round(page.angle / 10) * 10).astype(np.int64) % 360
    degrees[_runs_down(page, degrees)] = 90
    found, counts = np.unique(degrees, return_counts=True)
    groups = []
    for at in np.argsort(-counts, kind="stable"):
        which = np.flatnonzero(degrees == found[at])
        exact = int(found[at]) if found[at] % 90 == 0 else round(float(np.median(page.angle[which])))
        groups.append((exact, which))
    return groups


def _runs_down(page: Characters, degrees: Indexes) -> npt.NDArray[np.bool_]:
    """Which upright characters are written from top to bottom, as Chinese and Japanese may be."""
    count = len(page.text)
    down = np.zeros(count, np.bool_)
    if count < 2:
        return down
    codes = np.frombuffer(page.text.encode("utf-32-le"), np.uint32)
    ideographic = (codes >= 0x2E80) & (degrees == 0)
    if ideographic.sum() < 2:
        return down
    middle = (page.boxes[:, 0] + page.boxes[:, 2]) / 2
    step = np.diff(page.boxes[:, 1])
    below = (
        (np.abs(np.diff(middle)) < 0.3 * page.em[1:])
        & (step > 0.5 * page.em[1:])
        & (step < 2.2 * page.em[1:])
    )
    below &= (ideographic[1:] & (degrees[:-1] == 0)) | (ideographic[:-1] & (degrees[1:] == 0))
    down[1:] |= below
    down[:-1] |= below
    return down


def turned(boxes: Floats, em: Floats, degrees: int) -> Floats:
    """Display points → the frame in which text that runs in this direction is upright."""
    x0, y0, x1, y1 = boxes.T
    if degrees == 0:
        return boxes
    if degrees == 90:
        return np.stack([y0, -x1, y1, -x0], axis=1)
    if degrees == 180:
        return np.stack([-x1, -y1, -x0, -y0], axis=1)
    if degrees == 270:
        return np.stack([-y1, x0, -y0, x1], axis=1)
    # The box around a character that stands aslant says little but where its middle is.
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = x * cosine + y * sine, y * cosine - x * sine
    return np.stack([x - em / 4, y - em / 2, x + em / 4, y + em / 2], axis=1).astype(np.float32)


def words(page: Characters, which: Indexes, degrees: int) -> list[Word]:
    """The words among some characters, in the file's order, in the frame of that direction."""
    if len(which) == 0:
        return []
    em = page.em[which]
    boxes = turned(page.boxes[which], em, degrees)
    base = _baselines(page, which, boxes, degrees)
    codes = np.frombuffer(page.text.encode("utf-32-le"), np.uint32)[which]
    x0, x1 = boxes[:, 0], boxes[:, 2]
    forward, backward = x0[1:] - x1[:-1], x0[:-1] - x1[1:]
    rtl = glyph_text.right_to_left_codes(codes)
    either = rtl[1:] | rtl[:-1]
    size = np.minimum(em[1:], em[:-1])
    gap = np.where(either, np.maximum(forward, backward), forward)
    space = page.space[which]
    joined = gap[(space[1:] == 0) & (np.abs(gap) < size)]
    tight = len(joined) > 0 and np.percentile(joined / page.em[which].mean(), 95) < 0.03
    cut = (gap > (TIGHT_WORD_GAP if tight else WORD_GAP) * size) | (np.abs(np.diff(base)) > 0.25 * size)
    cut |= ~either & (x0[1:] < x0[:-1] - 0.6 * size)
    cut |= space[1:] == 2
    # Where letters are spaced out, pdfium guesses spaces that are no wider than the gaps between the letters.
    usual = np.concatenate([[0.0], np.where(space[1:-1] == 0, gap[:-1], 0.0)])
    spaced = (usual > 0.08 * size) & (gap < 1.35 * usual + 0.02 * size)
    cut |= (space[1:] == 1) & ~spaced
    cut |= np.diff(which) != 1
    starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
    ends = np.concatenate([starts[1:], [len(which)]])
    left, right = np.minimum.reduceat(x0, starts), np.maximum.reduceat(x1, starts)
    top, bottom = np.minimum.reduceat(boxes[:, 1], starts), np.maximum.reduceat(boxes[:, 3], starts)
    weight = np.minimum.reduceat(page.weight[which], starts)
    first = which[starts]
    last = which[ends - 1]
    return [
        Word(page.text[a : b + 1], a, *place)
        for a, b, *place in zip(
            first.tolist(),
            last.tolist(),
            left.tolist(),
            top.tolist(),
            right.tolist(),
            bottom.tolist(),
            base[starts].tolist(),
            np.maximum.reduceat(em, starts).tolist(),
            weight.tolist(),
            space[starts].tolist(),
            strict=True,
        )
    ]


def _baselines(page: Characters, which: Indexes, boxes: Floats, degrees: int) -> Floats:
    points = page.origin[which]
    if degrees % 90:
        angle = math.radians(degrees)
        aslant: Floats = (points[:, 1] * math.cos(angle) - points[:, 0] * math.sin(angle)).astype(np.float32)
        return aslant
    base = (points[:, 1], -points[:, 0], -points[:, 1], points[:, 0])[degrees // 90].copy()
    # Characters written downwards are not turned themselves: they are set about the middle of their line.
    downwards = np.abs((page.angle[which] - degrees + 180) % 360 - 180) > 45
    base[downwards] = ((boxes[:, 1] + boxes[:, 3]) / 2)[downwards]
    # A baseline far from its own box is a lie of the font.
    height = boxes[:, 3] - boxes[:, 1]
    wrong = (base < boxes[:, 1] - 0.3 * height) | (base > boxes[:, 3] + 0.3 * height)
    base[wrong] = (boxes[:, 3] - 0.2 * height)[wrong]
    result: Floats = base.astype(np.float32)
    return result
