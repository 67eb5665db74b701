"""RapidOCR: the lines of a picture, whichever way each lies. The one file that imports rapidocr.

Its parts are called one by one, not all at once: so it can be stopped between them, and the places of letters
are computed from where the network saw them, for turned lines too.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr.main import RapidOCR
from rapidocr.utils.process_img import apply_vertical_padding

from assistant import hardware
from assistant.file_reading.picture import Picture, Pixels
from assistant.jobs import CancelToken
from assistant.vision.findings import Corner, Corners, FoundLine
from assistant.vision.records import PixelBox, RecognisedWord

_MODELS = Path(rapidocr.__file__).parent / "models"
_DETECTION, _RECOGNITION = _MODELS / "PP-OCRv6_det_small.onnx", _MODELS / "PP-OCRv6_rec_small.onnx"
_DIRECTION = _MODELS / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_MOST_PIXELS = 1_500_000
"""In which lines are looked for; a page on A4 then has 125 dpi. It takes 230 bytes for each."""
_SHORT_SIDE = 736
"""Smaller pictures are enlarged to it, as RapidOCR has it."""
_HEIGHT, _SHORTEST = 48, 192
"""Lines are made so high, and at least so long. RapidOCR has 320, which the cells of a table rarely need:
their pages took a tenth more and were read no better."""
_BATCH, _BATCH_LENGTH = 6, 2_400
"""So many lines are read at once, as long as they are together not longer than this: six long ones took
300 MB more and were no faster."""
_LEAST_CONFIDENCE = 0.5
"""Lines below it are no text, as RapidOCR has it."""
_UPRIGHT_ENOUGH = 1.5
"""A line this much higher than wide is read from top to bottom: RapidOCR turns it."""


class RapidOcr:
    """For one thread at a time. Loads its models with the first picture."""

    def __init__(self) -> None:
        self._library: Any = None

    def recognise(
        self, picture: Picture, token: CancelToken, *, upright: bool = False
    ) -> tuple[FoundLine, ...]:
        """The lines of a picture, from its top to its bottom.

        Args:
            upright: no line is upside down. Otherwise a network looks at each, and turns one in ten of those
                that are not.
        """
        token.raise_if_cancelled()
        if self._library is None:
            self._library = _load()
        library = self._library
        image = _colours(picture)
        boxes = _lines(library, image)
        token.raise_if_cancelled()
        crops = library.crop_text_regions(image, boxes)
        upside_down = [False] * len(crops)
        if not upright:
            crops, directions = library.cls_and_rotate(crops)
            upside_down = [
                label == "180" and confidence > library.cfg.Cls.cls_thresh
                for label, confidence in directions.cls_res
            ]
        lines: list[FoundLine | None] = [None] * len(crops)
        for numbers in _batches(crops):
            token.raise_if_cancelled()
            read = library.recognize_txt([crops[number] for number in numbers])
            for number, text, places in zip(numbers, read.txts, read.word_results, strict=True):
                lines[number] = _line(text, places, _corners(boxes[number], upside_down[number]))
        return tuple(line for line in lines if line is not None)

    def unload(self) -> None:
        self._library = None


def _load() -> RapidOCR:
    """With the files inside its wheel, named one by one: what it does not find it would download."""
    threads = hardware.usable_cores()
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.return_word_box": True,
            "Det.model_path": str(_DETECTION),
            "Cls.model_path": str(_DIRECTION),
            "Rec.model_path": str(_RECOGNITION),
            "Rec.rec_img_shape": [3, _HEIGHT, _SHORTEST],
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _colours(picture: Picture) -> Pixels:
    """Blue, green, red, as OpenCV has them."""
    pixels = picture.array()
    if picture.channels == 1:
        return np.repeat(pixels, 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _lines(library: Any, image: Pixels) -> NDArray[np.float32]:
    """The four corners of each line in the picture."""
    padded, record = apply_vertical_padding(image, {}, library.width_height_ratio, library.min_height)
    detector = library._load_det_model()
    detector.limit_type, detector.limit_side_len = _size(padded.shape[1], padded.shape[0])
    boxes = detector(padded).boxes
    if boxes is None:
        return np.zeros((0, 4, 2), np.float32)
    moved = boxes - np.array([0, record["padding_1"]["top"]], np.float32)
    inside: NDArray[np.float32] = np.clip(moved, 0, (image.shape[1], image.shape[0]), dtype=np.float32)
    return inside


def _size(width: int, height: int) -> tuple[str, int]:
    """How long the "max" or "min" side is to be made before lines are looked for.

    RapidOCR bounds the longest side and then enlarges the short one: a narrow receipt would take 2 GB.
    """
    short, long = sorted((width, height))
    scale = min(max(1.0, _SHORT_SIDE / short), (_MOST_PIXELS / (width * height)) ** 0.5)
    return ("min", round(short * scale)) if scale > 1 else ("max", round(long * scale))


def _batches(crops: Sequence[Pixels]) -> Iterator[tuple[int, ...]]:
    """Numbers of lines that are about as long: a batch is as wide as its longest line."""
    lengths = [max(crop.shape[1] / crop.shape[0] * _HEIGHT, _SHORTEST) for crop in crops]
    batch: list[int] = []
    for number in sorted(range(len(crops)), key=lengths.__getitem__):
        if len(batch) == _BATCH or (batch and lengths[number] * (len(batch) + 1) > _BATCH_LENGTH):
            yield tuple(batch)
            batch = []
        batch.append(number)
    if batch:
        yield tuple(batch)


def _corners(box: NDArray[np.float64], upside_down: bool) -> Corners:
    """From where the line's first letter begins at the top; `box` begins at the top left of the picture."""
    width = max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3]))
    height = max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2]))
    first = (1 if int(height) >= _UPRIGHT_ENOUGH * int(width) else 0) + (2 if upside_down else 0)
    a, b, c, d = ((float(x), float(y)) for x, y in np.roll(box, -first, axis=0))
    return a, b, c, d


def _line(text: str, places: Any, corners: Corners) -> FoundLine | None:
    """None where it is no text.

    Args:
        places: RapidOCR's `WordInfo`: in which column of the network each letter was seen.
    """
    if not text.strip():  # its confidences are then [0]
        return None
    letters = [letter for letter in zip(text, places.confs, strict=True) if not letter[0].isspace()]
    if sum(places.confs) / len(places.confs) < _LEAST_CONFIDENCE:
        return None
    columns = list(itertools.chain.from_iterable(places.word_cols))
    centres = [(column + 0.5) / places.line_txt_len for column in columns]
    space = "" if any(_is_wide(letter) for letter in text) else " "
    words: list[RecognisedWord] = []
    place = 0
    for word in _words(text):
        length = len(word.rstrip())
        ends = _ends(centres, place, place + length)
        sure = [confidence for _, confidence in letters[place : place + length]]
        written = word if space == "" else word.rstrip()
        words.append(RecognisedWord(written, _box(corners, *ends), min(sum(sure) / len(sure), 1.0)))
        place += length
    return FoundLine(tuple(words), corners, space)


def _words(text: str) -> Iterator[str]:
    """With the space that follows: runs of letters, and each sign of a script without spaces alone."""
    word = ""
    for letter in text.strip():
        if word and not letter.isspace() and (word[-1].isspace() or _is_wide(letter) or _is_wide(word[-1])):
            yield word
            word = ""
        word += letter
    yield word


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _ends(centres: Sequence[float], first: int, end: int) -> tuple[float, float]:
    """Where letters begin and end along their line, 0 to 1: half a letter around their centres."""
    if end - first > 1:
        half = (centres[end - 1] - centres[first]) / (end - first - 1) / 2
    else:
        half = 0.5 / max(len(centres), 1)
    start, stop = centres[first] - half, centres[end - 1] + half
    if first > 0:
        start = max(start, (centres[first - 1] + centres[first]) / 2)
    if end < len(centres):
        stop = min(stop, (centres[end - 1] + centres[end]) / 2)
    return max(start, 0.0), min(stop, 1.0)


def _box(corners: Corners, start: float, end: float) -> PixelBox:
    """The upright box around a piece of a line."""
    a, b, c, d = corners
    points = [_between(a, b, start), _between(a, b, end), _between(d, c, start), _between(d, c, end)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _between(start: Corner, end: Corner, share: float) -> Corner:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
