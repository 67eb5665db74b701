"""Tesseract: words, their boxes, how a page lies. The one file that imports tesserocr."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

import tesserocr

from assistant.errors import ModelUnusable
from assistant.file_reading.picture import Picture
from assistant.jobs import CancelToken
from assistant.models.files.tesseract_files import ORIENTATION
from assistant.vision.findings import Corners, FoundLine, Layout, Orientation
from assistant.vision.records import RecognisedWord

_KEPT = 2
"""How many sets of languages stay loaded."""
_MOST_MILLISECONDS = 120_000
"""A page that takes longer is left with what was found by then."""
_UNKNOWN_RESOLUTION = 70
"""What Tesseract takes where it is told none; it then estimates it from the height of the letters."""
_LETTERS_FOR_ORIENTATION = "20"
"""By which, and by up to five times as many, it is told how a page lies; by Tesseract's 50 that takes .28 s a
page instead of .15 and was no surer about 154 pages in 11 languages, upright, turned, worsened."""
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c"))
_NOWHERE: Corners = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
_SEGMENTATION = {
    Layout.PAGE: tesserocr.PSM.AUTO,
    Layout.BLOCK: tesserocr.PSM.SINGLE_BLOCK,
    Layout.LINE: tesserocr.PSM.RAW_LINE,
    Layout.SCATTERED: tesserocr.PSM.SPARSE_TEXT,
}
_TSV_WORD = "5"
"""What Tesseract's table of everything found calls a row that is a word."""
_LINE, _WORD, _BLOCK = tesserocr.RIL.TEXTLINE, tesserocr.RIL.WORD, tesserocr.RIL.BLOCK


class Tesseract:
    """For one thread at a time."""

    def __init__(self) -> None:
        self._loaded: OrderedDict[tuple[Path, str], tesserocr.PyTessBaseAPI] = OrderedDict()
        """The one used last stands last."""

    def recognise(
        self,
        picture: Picture,
        folder: Path,
        languages: Sequence[str],
        token: CancelToken,
        layout: Layout = Layout.PAGE,
    ) -> tuple[FoundLine, ...]:
        """The lines of an upright picture, in Tesseract's order.

        Args:
            folder: of the language files.
            languages: names of files in it, the most likely first.

        Raises:
            ModelUnusable: one of the files cannot be used.
        """
        token.raise_if_cancelled()
        api = self._ready(folder, "+".join(languages), tesserocr.PSM.AUTO)
        api.SetPageSegMode(_SEGMENTATION[layout])
        _show(api, picture)
        try:
            api.Recognize(_MOST_MILLISECONDS)
            token.raise_if_cancelled()
            return tuple(_lines(api))
        finally:
            api.Clear()

    def orientation(self, picture: Picture, folder: Path, token: CancelToken) -> Orientation | None:
        """How a picture lies; None where there is too little text to tell, or no file for it."""
        token.raise_if_cancelled()
        if not (folder / f"{ORIENTATION}.traineddata").is_file():
            return None
        api = self._ready(folder, ORIENTATION, tesserocr.PSM.OSD_ONLY)
        api.SetVariable("min_characters_to_try", _LETTERS_FOR_ORIENTATION)
        _show(api, picture)
        try:
            found = api.DetectOrientationScript()
        finally:
            api.Clear()
        if found is None:
            return None
        return Orientation(
            -found["orient_deg"] % 360, found["orient_conf"], found["script_name"], found["script_conf"]
        )

    def unload(self) -> None:
        while self._loaded:
            self._loaded.popitem()[1].End()

    def _ready(self, folder: Path, languages: str, segmentation: int) -> tesserocr.PyTessBaseAPI:
        key = (folder, languages)
        if key not in self._loaded:
            try:
                api = tesserocr.PyTessBaseAPI(path=str(folder), lang=languages, psm=segmentation)
            except RuntimeError as error:
                raise ModelUnusable("recognition-language-unusable", name=languages) from error
            self._loaded[key] = api
        self._loaded.move_to_end(key)
        others = [each for each in self._loaded if each[1] != ORIENTATION]
        for each in others[:-_KEPT]:
            self._loaded.pop(each).End()
        return self._loaded[key]


def _show(api: tesserocr.PyTessBaseAPI, picture: Picture) -> None:
    row = picture.width * picture.channels
    api.SetImageBytes(picture.pixels, picture.width, picture.height, picture.channels, row)
    api.SetSourceResolution(round(picture.dpi) or _UNKNOWN_RESOLUTION)


def _lines(api: tesserocr.PyTessBaseAPI) -> Iterator[FoundLine]:
    found = api.GetIterator()
    if found is None:
        return
    words: list[RecognisedWord] = []
    block, whole, corners = 0, "", _NOWHERE
    places = (place for place in tesserocr.iterate_level(found, _WORD) if not place.Empty(_WORD))
    for word, written in zip(places, _written(api), strict=True):
        if word.IsAtBeginningOf(_LINE):
            if words:
                yield _line(words, whole, corners, block)
            block += word.IsAtBeginningOf(_BLOCK)
            words, whole, corners = [], _whole(word), _corners(word)
        text, box = written.translate(_DIRECTION_MARKS).strip(), word.BoundingBox(_WORD)
        if text and box:
            x0, y0, x1, y1 = map(float, box)
            confidence = min(max(word.Confidence(_WORD) / 100, 0.0), 1.0)
            words.append(RecognisedWord(text, (x0, y0, x1, y1), confidence))
    if words:
        yield _line(words, whole, corners, block)


def _written(api: tesserocr.PyTessBaseAPI) -> Iterator[str]:
    """The text of each word, as it is read: what tesserocr's iterator gives of one is in the order of its
    signs on the paper, which turns Arabic and Hebrew around (`GetUTF8Text` of `LTRResultIterator`)."""
    for row in api.GetTSVText(0).split("\n"):
        columns = row.split("\t")
        if columns[0] == _TSV_WORD:
            yield columns[-1]


def _whole(place: tesserocr.PyResultIterator) -> str:
    """The line that begins there; Tesseract raises where there is nothing."""
    try:
        return str(place.GetUTF8Text(_LINE)).translate(_DIRECTION_MARKS).strip()
    except RuntimeError:
        return ""


def _corners(place: tesserocr.PyResultIterator) -> Corners:
    """The line's box, sloped as its baseline is."""
    x0, y0, x1, y1 = map(float, place.BoundingBox(_LINE))
    baseline = place.Baseline(_LINE)
    if not baseline:
        return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    (start_x, start_y), (end_x, end_y) = baseline
    slope = (end_y - start_y) / max(end_x - start_x, 1)
    rise = slope * (x1 - x0)
    if rise >= 0:
        return ((x0, y0), (x1, min(y0 + rise, y1)), (x1, y1), (x0, max(y1 - rise, y0)))
    return ((x0, min(y0 - rise, y1)), (x1, y0), (x1, max(y1 + rise, y0)), (x0, y1))


def _line(words: list[RecognisedWord], whole: str, corners: Corners, block: int) -> FoundLine:
    """`whole` says where there are spaces: Tesseract's words of Chinese have none between them."""
    place, gaps = 0, []
    for word in words:
        start = whole.find(word.text, place)
        if start < 0:
            gaps = [" "] * len(words)
            break
        gaps.append(whole[place:start])
        place = start + len(word.text)
    if all(gap.strip() == "" and gap for gap in gaps[1:]):
        return FoundLine(tuple(words), corners, " ", block)
    spaced = [
        RecognisedWord(word.text + (" " if gap else ""), word.box, word.confidence)
        for word, gap in zip(words, [*gaps[1:], ""], strict=True)
    ]
    return FoundLine(tuple(spaced), corners, "", block)
