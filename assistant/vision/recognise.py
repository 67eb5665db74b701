"""How the two libraries are used on one picture: turned upright first, then read by what reads it better."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.file_reading.picture import Picture
from assistant.text.language_detection import detect
from assistant.vision import choice, preparation, reading_order, word_boxes
from assistant.vision.findings import FoundLine, Layout, Orientation
from assistant.vision.preparation import Upright
from assistant.vision.records import (
    PixelBox,
    RecognisedLine,
    RecognisedPicture,
    RecognisedWord,
    Recogniser,
    RecognitionLanguage,
    RecognitionOptions,
)
from assistant.vision.written_forms import as_written

_SCATTERED_MARKS = {"Thai"}
"""Scripts whose marks above and below the letters Tesseract takes for lines of their own on a page: where it
looks for scattered text it does not (Thai pages: 2 wrong letters in 100 instead of 13)."""
_MOST_STRIPS = 40
_SAMPLES = 5

Files = tuple[RecognitionLanguage, ...]


class TesseractReader(Protocol):
    """Tesseract with this picture's token and the folder of the language files."""

    def recognise(
        self, picture: Picture, languages: tuple[str, ...], layout: Layout
    ) -> tuple[FoundLine, ...]: ...

    def orientation(self, picture: Picture) -> Orientation | None: ...


class RapidReader(Protocol):
    def recognise(self, picture: Picture, *, upright: bool) -> tuple[FoundLine, ...]: ...


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one library found in a picture that was turned upright."""

    page: Upright
    recogniser: Recogniser
    lines: tuple[FoundLine, ...]
    languages: tuple[str, ...]

    @property
    def confidence(self) -> float:
        return choice.confidence(self.lines)


def recognise(
    picture: Picture,
    options: RecognitionOptions,
    tesseract: TesseractReader,
    rapid: RapidReader,
    languages: tuple[RecognitionLanguage, ...],
) -> RecognisedPicture:
    """What is written in a picture."""
    return _Recognition(picture, options, tesseract, rapid, languages).result()


class _Recognition:
    """Of one picture. What was expected is often what is then seen: nothing is prepared or read twice."""

    def __init__(
        self,
        picture: Picture,
        options: RecognitionOptions,
        tesseract: TesseractReader,
        rapid: RapidReader,
        files: Files,
    ) -> None:
        self._picture = picture
        self._options, self._tesseract, self._rapid, self._files = options, tesseract, rapid, files
        self._page: Upright | None = None
        self._readings: dict[tuple[object, ...], _Reading] = {}

    def result(self) -> RecognisedPicture:
        if preparation.is_blank(self._picture):
            by = self._options.recogniser
            by = by if by is Recogniser.RAPIDOCR else Recogniser.TESSERACT
            return RecognisedPicture((), 0, by, (), 0.0)
        found = self._as_expected()
        if found is None or found.confidence < choice.SURE:
            found = max(filter(None, (found, self._looked_at())), key=_likely_right)
        return _result(found)

    def _upright(self, turn: int) -> Upright:
        if self._page is None or self._page.turned != turn:
            self._page = preparation.upright(self._picture, turn)
        return self._page

    def _as_expected(self) -> _Reading | None:
        """Read as it lies, in the languages that are likely: most pages of a document are as those before.

        None where nothing is expected, or another language stands there.
        """
        named = choice.named_files(choice.wanted_languages(self._options), self._files)
        script = choice.script_of_languages([each.language for each in named], self._files)
        if not script:
            return None
        found = self._read(self._upright(0), script, named, sure=True)
        if self._options.languages or found.confidence < choice.SURE:
            return found
        language, sure = detect(_text(found.lines), among=self._options.expected)
        other = any(each.language == language for each in self._files) and language not in found.languages
        return None if other and sure > choice.DETECTED else found

    def _looked_at(self) -> _Reading:
        """How it lies and what is written in it, seen first."""
        seen = self._tesseract.orientation(preparation.overview(self._upright(0).lit))
        turn, script = choice.turn_of(seen), choice.script_of(seen)
        page = self._upright(turn or 0)
        if not script:
            return self._unclear(page)
        found = self._read(page, script, self._fitting(page, script), sure=turn is not None)
        if found.confidence >= choice.UNLIKELY or self._named():
            return found
        return self._unclear(page, found)

    def _unclear(self, page: Upright, found: _Reading | None = None) -> _Reading:
        """Where the script is not clear, or turned out wrong: by what stands in the longest lines.

        RapidOCR finds lines in any picture and in any script, and hardly any where there is no text.
        """
        samples = [preparation.densest_part(page.cleaned)]
        if self._options.recogniser is not Recogniser.TESSERACT:
            by_rapidocr = self._by_rapidocr(page, sure=False)
            if self._options.recogniser is Recogniser.RAPIDOCR:
                return by_rapidocr
            if not by_rapidocr.lines:
                return self._surest_lines(page)
            page = by_rapidocr.page
            longest = sorted(by_rapidocr.lines, key=lambda line: len(line.text))[-_SAMPLES:]
            samples = [preparation.cleaned(preparation.lit(_cut_out(page.picture, line))) for line in longest]
        script = self._script_by_trying(samples)
        files = self._fitting(page, script, samples[-1])
        others = [self._read(page, script, files, sure=True)] + ([found] if found else [])
        return max(others, key=lambda other: other.confidence)

    def _surest_lines(self, page: Upright) -> _Reading:
        """Where hardly anything is written: what the likeliest file is sure of."""
        files = choice.files_to_try(self._files)[:1]
        found = self._by_tesseract(page, "", files)
        return replace(found, lines=tuple(line for line in found.lines if choice.is_text(line, choice.SURE)))

    def _script_by_trying(self, samples: list[Picture]) -> str:
        """Of the file that reads letters of its own script surely; "" where none does."""
        tried = {
            each.script: choice.fits_script(
                [line for sample in samples for line in self._sampled(sample, each)], each.script
            )
            for each in choice.files_to_try(self._files)
        }
        return choice.fitting_script(tried)

    def _read(self, page: Upright, script: str, files: Files, *, sure: bool) -> _Reading:
        """
        Args:
            sure: the page stands upright.
        """
        wanted = self._options.recogniser
        if wanted is Recogniser.RAPIDOCR or (wanted is Recogniser.AUTO and choice.reads_best(script)):
            return self._by_rapidocr(page, sure)
        found = self._by_tesseract(page, script, files)
        if (
            wanted is Recogniser.TESSERACT
            or not choice.may_read(script, found.languages, _text(found.lines))
            or (
                found.confidence >= choice.SURE
                and choice.is_running_text(found.lines)
                and not page.lit.photographed
            )
        ):
            return found
        other = self._by_rapidocr(page, sure)
        return other if choice.better(found.lines, other.lines) else found

    def _fitting(self, page: Upright, script: str, sample: Picture | None = None) -> Files:
        """The language files for a page, by what stands in a part of it."""
        if named := self._named():
            return tuple(each for each in named if each.script == script) or named
        candidates = choice.files_of_script(script, self._files)
        if len(candidates) < 2 or choice.reads_best(script):
            return candidates
        sample = sample or preparation.densest_part(page.cleaned)
        return choice.files_for_text(_text(self._sampled(sample, candidates[0])), candidates, detect)

    def _named(self) -> Files:
        return choice.named_files(self._options.languages, self._files)

    def _sampled(self, sample: Picture, file: RecognitionLanguage) -> tuple[FoundLine, ...]:
        return self._tesseract.recognise(sample, (file.tesseract,), Layout.BLOCK)

    def _by_tesseract(self, page: Upright, script: str, files: Files) -> _Reading:
        key = (page.turned, script, files)
        if key not in self._readings:
            lines = self._lines_of(page.cleaned, script, files)
            languages = tuple(each.language for each in files)
            self._readings[key] = _Reading(page, Recogniser.TESSERACT, lines, languages)
        return self._readings[key]

    def _lines_of(self, picture: Picture, script: str, files: Files) -> tuple[FoundLine, ...]:
        if not files:
            return ()
        names = tuple(each.tesseract for each in files)
        if script in _SCATTERED_MARKS:
            lines = self._tesseract.recognise(picture, names, Layout.SCATTERED)
            return tuple(map(as_written, reading_order.in_reading_order(lines)))
        lines = self._tesseract.recognise(picture, names, Layout.PAGE)
        dark = preparation.ink(picture)
        found = [word_boxes.tight(line, dark) for line in self._with_missed(picture, lines, names)]
        if not choice.is_running_text(found):  # whose layout takes columns of a table for columns of text
            found = list(reading_order.in_reading_order(found))
        return tuple(map(as_written, found))

    def _with_missed(
        self, picture: Picture, lines: tuple[FoundLine, ...], names: tuple[str, ...]
    ) -> tuple[FoundLine, ...]:
        """Tesseract's layout leaves lines out, in Arabic most: ink that no word covers is read by itself."""
        if not lines:
            return lines
        missed = []
        for box, strip in _missed_strips(picture, lines):
            part = self._tesseract.recognise(strip, names, Layout.BLOCK)
            if not part:  # for the same reason for which it was left out
                ways = (Layout.LINE, Layout.SCATTERED)
                part = max(
                    (self._tesseract.recognise(strip, names, way) for way in ways), key=choice.confidence
                )
            missed += [_shifted(line, box[0], box[1]) for line in part if choice.is_text(line)]
        return reading_order.with_others(lines, missed)

    def _by_rapidocr(self, page: Upright, sure: bool) -> _Reading:
        key = (page.turned, sure)
        if key not in self._readings:
            found = self._read_by_rapidocr(page, sure)
            # However it was turned in the end, so it stands upright.
            self._readings[key] = self._readings[found.page.turned, True] = found
        return self._readings[key]

    def _read_by_rapidocr(self, page: Upright, sure: bool) -> _Reading:
        lines = self._rapid.recognise(page.picture, upright=True)
        if not sure and choice.confidence(lines) < choice.SURE_UPRIGHT:
            page, lines = self._turned_by_rapidocr(page, lines)
        dark = preparation.ink(page.cleaned)
        ordered = reading_order.in_reading_order([word_boxes.on_ink(line, dark) for line in lines])
        language, confidence = detect(_text(ordered), among=choice.wanted_languages(self._options))
        languages = (language,) if confidence > choice.DETECTED else self._options.languages
        return _Reading(page, Recogniser.RAPIDOCR, ordered, languages)

    def _turned_by_rapidocr(
        self, page: Upright, lines: tuple[FoundLine, ...]
    ) -> tuple[Upright, tuple[FoundLine, ...]]:
        """As most lines lie, where that is read better."""
        turn = _turn_by(self._rapid.recognise(page.picture, upright=False))
        if turn == 0:
            return page, lines
        other = self._upright((page.turned + turn) % 360)
        found = self._rapid.recognise(other.picture, upright=True)
        better = choice.likely_right(found) > choice.likely_right(lines)
        return (other, found) if better else (page, lines)


def _cut_out(picture: Picture, line: FoundLine) -> Picture:
    """With some paper around it, without which Tesseract reads no line."""
    x0, y0, x1, y1 = reading_order.box_of(line)
    margin = (y1 - y0) / 3
    return preparation.cut_out(picture, (x0 - margin, y0 - margin, x1 + margin, y1 + margin))


def _missed_strips(picture: Picture, lines: tuple[FoundLine, ...]) -> list[tuple[PixelBox, Picture]]:
    boxes = [reading_order.box_of(line) for line in lines]
    height = statistics.median(y1 - y0 for _, y0, _, y1 in boxes)
    return preparation.strips_beside(picture, boxes, height)[:_MOST_STRIPS]


def _shifted(line: FoundLine, right: float, down: float) -> FoundLine:
    words = tuple(
        replace(word, box=(word.box[0] + right, word.box[1] + down, word.box[2] + right, word.box[3] + down))
        for word in line.words
    )
    a, b, c, d = ((x + right, y + down) for x, y in line.corners)
    return replace(line, words=words, corners=(a, b, c, d))


def _turn_by(lines: tuple[FoundLine, ...]) -> int:
    """By how many degrees clockwise most of the writing has to be turned to run from left to right."""
    turns: Counter[int] = Counter()
    for line in lines:
        (x0, y0), (x1, y1) = line.corners[:2]
        turns[round(-math.degrees(math.atan2(y1 - y0, x1 - x0)) / 90) * 90 % 360] += len(line.text)
    return turns.most_common(1)[0][0] if turns else 0


def _text(lines: tuple[FoundLine, ...]) -> str:
    return "\n".join(line.text for line in lines)


def _likely_right(reading: _Reading) -> float:
    return choice.likely_right(reading.lines)


def _result(found: _Reading) -> RecognisedPicture:
    """Without what is less likely writing than a drawing, where little is sure."""
    page = found.page
    if found.confidence < choice.WORTH_KEEPING:
        found = replace(found, lines=tuple(filter(choice.is_text, found.lines)))
    if choice.is_texture(found.lines):
        found = replace(found, lines=())
    lines = tuple(
        RecognisedLine(
            tuple(RecognisedWord(word.text, page.as_given(word.box), word.confidence) for word in line.words),
            line.block,
            line.space,
        )
        for line in found.lines
    )
    return RecognisedPicture(
        lines, page.turned, found.recogniser, found.languages, found.confidence, page.skew
    )
