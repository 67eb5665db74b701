"""How the two libraries are used on one picture: turned upright first, then read by what reads it better."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from assistant.vision.findings import FoundLine, Orientation
from assistant.vision.records import (
    Picture,
    PixelBox,
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionLanguage,
    RecognitionOptions,
)

_SURE_OF_TURN = 2.0
_SURE_OF_SCRIPT = 1.0
_SURE = 0.75
_KNOWN_TO_RAPIDOCR = {"Latin", "Han", "Japanese", ""}


class TesseractReader(Protocol):
    """Tesseract with this picture's token and the folder of the language files."""

    def recognise(self, picture: Picture, languages: tuple[str, ...]) -> tuple[FoundLine, ...]: ...

    def orientation(self, picture: Picture) -> Orientation | None: ...


class RapidReader(Protocol):
    def recognise(self, picture: Picture) -> tuple[FoundLine, ...]: ...


def recognise(
    picture: Picture,
    options: RecognitionOptions,
    tesseract: TesseractReader,
    rapid: RapidReader,
    languages: tuple[RecognitionLanguage, ...],
) -> RecognisedPicture:
    """What is written in a picture."""
    seen = tesseract.orientation(picture)
    turn = seen.turn if seen and seen.turn_confidence >= _SURE_OF_TURN else 0
    script = seen.script if seen and seen.script_confidence >= _SURE_OF_SCRIPT else ""
    upright = _turned(picture, turn)
    files = _files(options, script, languages)
    by_tesseract: tuple[FoundLine, ...] = ()
    if options.recogniser is not Recogniser.RAPIDOCR and files:
        by_tesseract = tesseract.recognise(upright, tuple(each.tesseract for each in files))
    recogniser, lines = Recogniser.TESSERACT, by_tesseract
    if options.recogniser is Recogniser.RAPIDOCR or (
        options.recogniser is Recogniser.AUTO
        and script in _KNOWN_TO_RAPIDOCR
        and _confidence(by_tesseract) < _SURE
    ):
        by_rapid = rapid.recognise(upright)
        if options.recogniser is Recogniser.RAPIDOCR or _confidence(by_rapid) > _confidence(by_tesseract):
            recogniser, lines = Recogniser.RAPIDOCR, by_rapid
    return RecognisedPicture(
        tuple(_line(line, picture, turn) for line in lines),
        turn,
        recogniser,
        tuple(each.language for each in files) if recogniser is Recogniser.TESSERACT else options.languages,
        _confidence(lines),
    )


def _files(
    options: RecognitionOptions, script: str, languages: tuple[RecognitionLanguage, ...]
) -> tuple[RecognitionLanguage, ...]:
    wanted = options.languages or options.expected
    named = [each for code in wanted for each in languages if each.language == code]
    if not named:
        named = [each for each in languages if each.script == script and each.language] if script else []
    return tuple(named[:3]) or tuple(each for each in languages if each.tesseract == "eng")


def _confidence(lines: tuple[FoundLine, ...]) -> float:
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _turned(picture: Picture, turn: int) -> Picture:
    if turn == 0:
        return picture
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, picture.channels)
    turned = np.ascontiguousarray(np.rot90(pixels, -turn // 90))
    return Picture(turned.shape[1], turned.shape[0], picture.channels, turned.tobytes(), picture.dpi)


def _line(line: FoundLine, picture: Picture, turn: int) -> RecognisedLine:
    words = [
        RecognisedWord(word.text, _as_given(word.box, picture, turn), word.confidence) for word in line.words
    ]
    return RecognisedLine(tuple(words), line.block, line.space)


def _as_given(box: PixelBox, picture: Picture, turn: int) -> PixelBox:
    """A box of the upright picture in the picture as it was given."""
    x0, y0, x1, y1 = box
    match turn:
        case 90:
            return y0, picture.height - x1, y1, picture.height - x0
        case 180:
            return picture.width - x1, picture.height - y1, picture.width - x0, picture.height - y0
        case 270:
            return picture.width - y1, x0, picture.width - y0, x1
    return box
