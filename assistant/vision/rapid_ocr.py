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
from rapidocr.main import RapidOCR, RapidOCRError
from rapidocr.utils.process_img import map_boxes_to_original

from assistant import hardware
from assistant.jobs import CancelToken
from assistant.vision.findings import Corner, Corners, FoundLine
from assistant.vision.records import Picture, PixelBox, RecognisedWord

_MODELS = Path(rapidocr.__file__).parent / "models"
_DETECTION, _RECOGNITION = _MODELS / "PP-OCRv6_det_small.onnx", _MODELS / "PP-OCRv6_rec_small.onnx"
_DIRECTION = _MODELS / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"
_BATCH = 6
"""Lines that are read at once, as RapidOCR has it."""
_LEAST_CONFIDENCE = 0.5
"""Lines below it are no text, as RapidOCR has it."""
_UPRIGHT_ENOUGH = 1.5
"""A line this much higher than wide is read from top to bottom: RapidOCR turns it."""

Pixels = NDArray[np.uint8]


class RapidOcr:
    """For one thread at a time. Loads its models with the first picture."""

    def __init__(self) -> None:
        self._library: Any = None

    def recognise(self, picture: Picture, token: CancelToken) -> tuple[FoundLine, ...]:
        """The lines of a picture, from its top to its bottom."""
        token.raise_if_cancelled()
        if self._library is None:
            self._library = _load()
        library = self._library
        scaled, record = library.preprocess_img(_colours(picture))
        try:
            crops, found = library.detect_and_crop(scaled, record)
        except RapidOCRError:  # there is no text in it
            return ()
        token.raise_if_cancelled()
        crops, directions = library.cls_and_rotate(crops)
        boxes = map_boxes_to_original(found.boxes.astype(float), record, picture.height, picture.width)
        lines: list[FoundLine | None] = [None] * len(crops)
        for numbers in _batches(crops):
            token.raise_if_cancelled()
            read = library.recognize_txt([crops[number] for number in numbers])
            for number, text, places in zip(numbers, read.txts, read.word_results, strict=True):
                label, confidence = directions.cls_res[number]
                upside_down = label == "180" and confidence > library.cfg.Cls.cls_thresh
                lines[number] = _line(text, places, _corners(boxes[number], upside_down))
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
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _colours(picture: Picture) -> Pixels:
    """Blue, green, red, as OpenCV has them."""
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, picture.channels)
    if picture.channels == 1:
        return np.repeat(pixels, 3, axis=2)
    return np.ascontiguousarray(pixels[:, :, ::-1])


def _batches(crops: Sequence[Pixels]) -> Iterator[tuple[int, ...]]:
    """Numbers of lines that are about as long: a batch is as wide as its longest line."""
    by_length = sorted(range(len(crops)), key=lambda number: crops[number].shape[1] / crops[number].shape[0])
    for first in range(0, len(by_length), _BATCH):
        yield tuple(by_length[first : first + _BATCH])


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
    letters = [letter for letter in zip(text, places.confs, strict=True) if not letter[0].isspace()]
    if not letters or sum(places.confs) / len(places.confs) < _LEAST_CONFIDENCE:
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
