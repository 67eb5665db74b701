"""PURE: letters that look alike, as they are written: what Tesseract's models give and what people type."""

from __future__ import annotations

import re

from assistant.vision.findings import FoundLine
from assistant.vision.records import RecognisedWord

_SARA_AM = ("\u0e4d\u0e32", "\u0e33")
"""Thai's vowel in its two halves, which no normal form of Unicode joins."""
_ARABIC_SIGNS = {",": "،", ";": "؛", "?": "؟"}
_AFTER_ARABIC = re.compile(r"(?<=[\u0621-\u064a\u064b-\u0652])[,;?]")


def as_written(line: FoundLine) -> FoundLine:
    words = tuple(RecognisedWord(_as_written(word.text), word.box, word.confidence) for word in line.words)
    return FoundLine(words, line.corners, line.space, line.block)


def _as_written(text: str) -> str:
    return _AFTER_ARABIC.sub(lambda sign: _ARABIC_SIGNS[sign[0]], text.replace(*_SARA_AM))
