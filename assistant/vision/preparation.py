"""PURE but for OpenCV: a picture made easier to read, only in what was measured to help. The one file of ours
that imports cv2.

Turned upright, made straight, evenly lit, cleaned of grain; and where in it stands what was found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.file_reading.picture import Picture, Pixels
from assistant.vision.records import PixelBox

_LEAST_SKEW = 0.4
"""Degrees; Tesseract reads lines that slope less as well as straight ones."""
_MOST_SKEW = 10.0
_MOST_DARK_POINTS = 60_000
_MOST_LETTERS = 0.2
"""More of a picture than letters cover: the table on which a sheet lies is dark as well, or the window."""
_LOOKED_AT = 1200
"""Pixels along the longer side, enough to tell letters from areas and how lines slope."""
_AROUND = 61
"""Pixels of it; strokes of letters are thinner than half of that."""
_LEAST_RELIEF = 25
_EDGE, _LEAST_EDGES = 40, 0.002
"""Steps of grey within 8 pixels, and the share of the picture in which they are."""
_SMALL_LETTERS = 9.5
"""Pixels that most letters are high, as in windows on a screen: Tesseract reads 3 to 9 in 100 words wrong
there, and none once they are twice as high."""
_ENLARGED = 2
_SMALL_PICTURE = 4_000_000
"""Pixels; larger ones are scans, and enlarged they take too long."""
_SPECK = 4
_UNEVEN = 0.75
"""Where the paper's darkest corner has less than this share of the light of its brightest."""
_GRAINY = 3
"""Steps of grey by which a pixel differs from its neighbours, in half of the picture."""
_LEAST_CONTRAST, _MOST_MARKS = 20, 60
"""Steps of grey by which letters differ from the paper at least; fewer pixels that do make no word."""
_ENOUGH_FOR_THRESHOLD = 2_000
"""Pixels along the longer side of a picture by which ink and paper are told apart."""
_SMALL_SIDE = 700
_SHORT_SIDE_INCHES = 8
"""Of a sheet, where the picture does not say."""
_LEAST_INK, _MOST_INK = 0.02, 0.6
"""Shares of a strip of letters that are dark; of a frame and a picture they are less and more."""
_LEAST_PART = 120
_MOST_WRITING = 0.3
"""The share of a page that letters and lines take, at most."""
_MOST_BROAD = 0.02
"""Of a page, what is bright and broader than letters, where its paper is dark."""
_ENOUGH_DPI = 150
"""Enough to see how a page lies; reading wants more."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A picture as if the same light fell on all of it."""

    picture: Picture
    """Grey, dark on light."""
    photographed: bool
    """The light differed: then lines are often bent as well, and Tesseract's layout leaves some out, surely
    as it reads the others."""


@dataclass(frozen=True)
class Upright:
    """A picture turned upright and made straight. What is made of it is made once."""

    picture: Picture
    turned: int
    """By how many degrees clockwise it was turned."""
    skew: float
    """By how many degrees clockwise its lines sloped then."""
    given: Picture
    enlarged: int = 1
    """How many times: for letters that are small."""

    @cached_property
    def lit(self) -> Lit:
        return lit(self.picture)

    @cached_property
    def cleaned(self) -> Picture:
        return cleaned(self.lit)

    def as_given(self, box: PixelBox) -> PixelBox:
        """A box of this picture in the picture as it was given."""
        width, height = self.given.width * self.enlarged, self.given.height * self.enlarged
        if self.turned in (90, 270):
            width, height = height, width
        if self.skew:
            box = _moved(box, cv2.invertAffineTransform(_straightening(width, height, self.skew)[0]))
        x0, y0, x1, y1 = (side / self.enlarged for side in _within(box, width, height))
        width, height = width // self.enlarged, height // self.enlarged
        match self.turned:
            case 90:
                return y0, width - x1, y1, width - x0
            case 180:
                return width - x1, height - y1, width - x0, height - y0
            case 270:
                return height - y1, x0, height - y0, x1
        return x0, y0, x1, y1


def upright(picture: Picture, turn: int) -> Upright:
    """Turned clockwise by a multiple of 90°, then straightened if its lines slope; small letters enlarged."""
    pixels = _array(np.rot90(picture.array(), -turn // 90))
    grey = _grey(pixels)
    skew, enlarged, dpi = skew_of(grey), 1, picture.dpi
    if _has_small_letters(grey):
        enlarged, dpi = _ENLARGED, picture.dpi * _ENLARGED
        size = (pixels.shape[1] * enlarged, pixels.shape[0] * enlarged)
        pixels = _array(cv2.resize(pixels, size, interpolation=cv2.INTER_CUBIC))
    if abs(skew) < _LEAST_SKEW:
        return Upright(Picture.of(pixels, dpi), turn, 0.0, picture, enlarged)
    matrix, size = _straightening(pixels.shape[1], pixels.shape[0], skew)
    paper = np.median(pixels[::8, ::8], axis=(0, 1)).tolist()
    straight = cv2.warpAffine(
        np.ascontiguousarray(pixels), matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper
    )
    return Upright(Picture.of(straight, dpi), turn, skew, picture, enlarged)


def lit(picture: Picture) -> Lit:
    grey, unevenly_lit = _in_even_light(_grey(picture.array()))
    return Lit(Picture.of(grey, picture.dpi), unevenly_lit)


def cleaned(seen: Lit) -> Picture:
    """Without grain: for Tesseract, which takes one threshold for a picture."""
    grey = _grey(seen.picture.array())
    if not is_grainy(grey):
        return seen.picture
    return Picture.of(_array(cv2.medianBlur(grey, 3)), seen.picture.dpi)


def is_blank(picture: Picture) -> bool:
    """Whether there is nothing on the paper but grain and a speck, such as on the back of a sheet."""
    grey = _grey(picture.array())
    sample = grey[::4, ::4]
    if _marks(sample) > 0.01 * sample.size:
        return False
    return _marks(_array(cv2.medianBlur(_in_even_light(grey)[0], 3))) < _MOST_MARKS


def overview(seen: Lit) -> Picture:
    """No larger than is needed to see how it lies.

    With its grain: where that was smoothed, Tesseract took Chinese pages to be upside down.
    """
    picture = seen.picture
    dpi = picture.dpi or min(picture.width, picture.height) / _SHORT_SIDE_INCHES
    share = _ENOUGH_DPI / dpi
    if share > 0.75:
        return picture
    size = (max(round(picture.width * share), 1), max(round(picture.height * share), 1))
    return Picture.of(cv2.resize(picture.array(), size, interpolation=cv2.INTER_AREA), picture.dpi * share)


def skew_of(grey: Pixels) -> float:
    """By how many degrees clockwise lines of writing slope; 0 where that is not clear.

    Seen along the lines, rows of ink and of paper take turns most sharply (projection profiles, Postl 1986).
    """
    small = _at_most(grey, _LOOKED_AT)
    ys, xs = np.nonzero(_letters(small))
    if not 200 < len(ys) < small.size * 0.4:
        return 0.0
    step = -(-len(ys) // _MOST_DARK_POINTS)
    ys, xs = ys[::step], xs[::step]
    coarse = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 0.5), key=lambda angle: _sharpness(ys, xs, angle))
    fine = max(np.arange(coarse - 0.4, coarse + 0.41, 0.1), key=lambda angle: _sharpness(ys, xs, angle))
    clear = _sharpness(ys, xs, fine) > 1.1 * _sharpness(ys, xs, 0.0)
    return round(float(fine), 2) if clear and abs(fine) < _MOST_SKEW else 0.0


def is_light_on_dark(grey: Pixels) -> bool:
    """Whether only letters and lines are bright, as on many screens; a sheet on a dark table is not."""
    small = _at_most(grey, _SMALL_SIDE)
    threshold = _threshold(small)
    if np.mean(small > threshold) > _MOST_WRITING:
        return False
    thick = max(round(max(small.shape) / 50), 3)
    broad = cv2.erode(small, np.ones((thick, thick), np.uint8)) > threshold
    return bool(np.mean(broad) < _MOST_BROAD)


def is_unevenly_lit(grey: Pixels) -> bool:
    """Whether the paper is much darker in one part than in another."""
    paper = _paper(_at_most(grey, _SMALL_SIDE))
    darkest, brightest = np.percentile(paper, (2, 98))
    return bool(darkest < _UNEVEN * brightest)


def evenly_lit(grey: Pixels) -> Pixels:
    """As if the same light fell on all of it: divided by the paper's grey around each place."""
    paper = _paper(_at_most(grey, max(_SMALL_SIDE, max(grey.shape) // 4)))
    size = (grey.shape[1], grey.shape[0])
    return _array(cv2.divide(grey, cv2.resize(paper, size, interpolation=cv2.INTER_LINEAR), scale=255))


def is_grainy(grey: Pixels) -> bool:
    """Whether half of its pixels differ from what is around them."""
    differ = cv2.absdiff(grey, cv2.medianBlur(grey, 3)) >= _GRAINY
    return bool(2 * np.count_nonzero(differ) >= differ.size)


def ink(picture: Picture) -> NDArray[np.bool_]:
    """Where it is dark, by the threshold that parts ink from paper best; of two colours the darker one."""
    grey = _grey(picture.array())
    dark: NDArray[np.bool_] = grey <= _threshold(grey)
    return dark


def cut_out(picture: Picture, box: PixelBox) -> Picture:
    x0, y0, x1, y1 = map(round, _within(box, picture.width, picture.height))
    return Picture.of(picture.array()[y0:y1, x0:x1], picture.dpi)


def strips_beside(
    picture: Picture, boxes: Sequence[PixelBox], height: float
) -> list[tuple[PixelBox, Picture]]:
    """Ink that lies in none of the boxes and may be letters about so high: where, and a picture of it."""
    dark = ink(picture)
    margin = height / 4
    covered = []
    for x0, y0, x1, y1 in boxes:
        left, top = max(round(x0 - margin), 0), max(round(y0 - margin), 0)
        covered.append((slice(top, round(y1 + margin)), slice(left, round(x1 + margin))))
    for place in covered:
        dark[place] = False
    if dark.sum() < _LEAST_INK * 2 * height * 0.6 * height:
        return []  # too little for any: so it is with most pages, and telling strips apart takes long
    pixels = picture.array().copy()
    paper = np.median(pixels[::8, ::8])
    for place in covered:
        pixels[place] = paper
    rest = Picture.of(pixels, picture.dpi)
    reach = max(round(height), 3)
    joined = cv2.dilate(dark.astype(np.uint8), np.ones((max(reach // 3, 1), 2 * reach), np.uint8))
    count, _, found, _ = cv2.connectedComponentsWithStats(joined)
    strips = []
    for x, y, width, tall, _ in found[1:count].tolist():
        share = dark[y : y + tall, x : x + width].mean()
        if width >= 2 * height and tall >= 0.6 * height and _LEAST_INK <= share <= _MOST_INK:
            box = (float(x), float(y), float(x + width), float(y + tall))
            strips.append((box, cut_out(rest, box)))
    return strips


def densest_part(picture: Picture) -> Picture:
    """The band of it with most ink: a few lines that stand for all."""
    height = round(picture.dpi or picture.height / 11)
    height = max(height, _LEAST_PART)
    if picture.height < 2 * height:
        return picture
    rows = np.cumsum(np.concatenate(([0], ink(picture).sum(axis=1))))
    top = int(np.argmax(rows[height:] - rows[:-height]))
    return cut_out(picture, (0.0, float(top), float(picture.width), float(top + height)))


def _marks(grey: Pixels) -> int:
    """Pixels that are neither as bright as most nor nearly so."""
    return int(np.count_nonzero(np.abs(grey.astype(np.int16) - np.median(grey)) > _LEAST_CONTRAST))


def _in_even_light(grey: Pixels) -> tuple[Pixels, bool]:
    """Dark on light, as if the same light fell on all of it; and whether it did not."""
    small = _at_most(grey, _SMALL_SIDE)
    if is_light_on_dark(small):
        grey = _array(cv2.bitwise_not(grey))
        small = _at_most(grey, _SMALL_SIDE)
    if not is_unevenly_lit(small):
        return grey, False
    small = _at_most(grey, _LOOKED_AT)
    if not _has_dark_areas(small):
        return evenly_lit(grey), True
    around = cv2.resize(cv2.medianBlur(small, _AROUND), (grey.shape[1], grey.shape[0]))
    return _array(cv2.divide(grey, around, scale=255)), True  # a sheet on a table leaves no frame that way


def _letters(grey: Pixels) -> NDArray[np.bool_]:
    """Where ink is, without what is dark all around."""
    if _has_dark_areas(grey):
        return np.abs(_relief(grey)) > _LEAST_RELIEF
    dark: NDArray[np.bool_] = grey <= _threshold(grey)
    return dark


def _has_dark_areas(grey: Pixels) -> bool:
    """Whether there are some with an edge: a table does, a shadow that grows slowly does not."""
    if np.count_nonzero(grey <= _threshold(grey)) < _MOST_LETTERS * grey.size:
        return False
    areas = _array(cv2.medianBlur(grey, _AROUND)).astype(np.int16)
    across, down = np.abs(areas[:, 8:] - areas[:, :-8]), np.abs(areas[8:] - areas[:-8])
    return bool(np.mean(across > _EDGE) + np.mean(down > _EDGE) > _LEAST_EDGES)


def _has_small_letters(grey: Pixels) -> bool:
    if grey.size > _SMALL_PICTURE or is_grainy(grey):  # whose grain looks like small letters
        return False
    count, _, found, _ = cv2.connectedComponentsWithStats(_letters(grey).astype(np.uint8))
    heights = found[1:count, cv2.CC_STAT_HEIGHT]
    heights = heights[heights >= _SPECK]
    return len(heights) > 0 and bool(np.median(heights) < _SMALL_LETTERS)


def _relief(grey: Pixels) -> NDArray[np.int16]:
    """By how much each place is lighter than what is around it: letters are, or are darker; areas are not."""
    return grey.astype(np.int16) - _array(cv2.medianBlur(grey, _AROUND)).astype(np.int16)


def _paper(grey: Pixels) -> Pixels:
    """The light around each place: what is brightest there, without the letters."""
    size = max(round(max(grey.shape) / 100), 3) | 1
    return _array(cv2.medianBlur(cv2.dilate(grey, np.ones((size, size), np.uint8)), 3 * size | 1))


def _threshold(grey: Pixels) -> int:
    """A whole number: with a fraction bytes are compared far more slowly."""
    step = -(-max(grey.shape) // _ENOUGH_FOR_THRESHOLD)
    sample = np.ascontiguousarray(grey[::step, ::step])
    value, _ = cv2.threshold(sample, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return int(value)


def _sharpness(ys: NDArray[Any], xs: NDArray[Any], degrees: float) -> float:
    rows = (ys - xs * math.tan(math.radians(degrees))).astype(np.int64)
    counts = np.bincount(rows - rows.min())
    return float(np.square(np.diff(counts)).sum())


def _at_most(grey: Pixels, side: int) -> Pixels:
    share = side / max(grey.shape)
    if share >= 1:
        return grey
    return _array(cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def _straightening(width: int, height: int, skew: float) -> tuple[Any, tuple[int, int]]:
    """The matrix that turns lines level, and the size that then holds all of the picture."""
    sine, cosine = abs(math.sin(math.radians(skew))), math.cos(math.radians(skew))
    size = (math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    matrix[:, 2] += np.array([(size[0] - width) / 2, (size[1] - height) / 2])
    return matrix, size


def _moved(box: PixelBox, matrix: Any) -> PixelBox:
    x0, y0, x1, y1 = box
    corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]]) @ np.asarray(matrix).T
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return left, top, right, bottom


def _within(box: PixelBox, width: int, height: int) -> PixelBox:
    x0, y0, x1, y1 = box
    return max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))


def _grey(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.ascontiguousarray(pixels.reshape(pixels.shape[:2]))
    return _array(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY))


def _array(pixels: Any) -> Pixels:
    """cv2's own types are wider than what comes of bytes."""
    return np.asarray(pixels, np.uint8)
