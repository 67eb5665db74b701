"""PURE: which recogniser reads a picture, and with which language files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from assistant import text_folding
from assistant.vision.findings import FoundLine, Orientation
from assistant.vision.records import RecognitionLanguage, RecognitionOptions

SURE = 0.8
"""Tesseract and RapidOCR were right in 98 of 100 letters where they were as sure as this, or surer."""
SURE_UPRIGHT = 0.9
"""RapidOCR was never as sure of lines that are upside down."""
DETECTED = 0.5
"""So sure of its language a text must be."""
UNLIKELY = 0.65
"""Whatever is read with less has perhaps another script."""
_LEAST_FIT, _SURE_FIT = 0.3, 0.7
"""Files read texts of their own script with .6 to .9, of others with less than .4; but Thai's reads Latin
letters as its own with .6 to .7."""
WORTH_KEEPING = 0.6
"""Below it Tesseract reads letters into what is no text."""

_LEAST_WORD = 6
"""Letters of a line; a picture of a castle gave lines of up to 5 in Thai, with .68."""
_LONG_LINE = 30
"""Letters; cells of tables, rows of receipts and what stands on buttons are shorter."""
_LEAST_SHARE = 0.75
"""Of what Tesseract found, where it reads fragments of cells twice."""

_SURE_OF_TURN = 2.0
_SURE_OF_SCRIPT = 0.5
_ALIASES = {"HanS": "Han", "HanT": "Han", "Hiragana": "Japanese", "Katakana": "Japanese", "Hangul": "Korean"}
_LETTERS = {"Han": {"CJK"}, "Japanese": {"CJK", "HIRAGANA", "KATAKANA"}, "Korean": {"HANGUL"}}
"""As Unicode names them, where Tesseract has another name."""
_RAPIDOCR_READS_BEST = {"Han", "Japanese"}
_RAPIDOCR_READS = _RAPIDOCR_READS_BEST | {"Latin"}
_RAPIDOCR_MISREADS = {"vi": re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")}
"""Languages in a script that it knows, but without their marks."""
_MARKED = 0.08
"""Of a text's letters; of Vietnamese's it is every fourth."""
_LIKELIEST = ("eng", "rus", "ara", "hin", "chi_sim", "jpn", "kor", "ell", "tha", "heb")
_MOST_FILES = 8
"""Of one script, where the language is not clear: all of Latin's took half as long again as one, and were as
right."""

Files: TypeAlias = tuple[RecognitionLanguage, ...]
Detect: TypeAlias = Callable[[str], tuple[str, float]]


def turn_of(seen: Orientation | None) -> int | None:
    """By how many degrees clockwise the picture has to be turned; None where that is not sure."""
    return seen.turn if seen and seen.turn_confidence >= _SURE_OF_TURN else None


def script_of(seen: Orientation | None) -> str:
    """What it is written in; "" where that is not sure."""
    if seen is None or seen.script_confidence < _SURE_OF_SCRIPT:
        return ""
    return _ALIASES.get(seen.script, seen.script)


def script_of_languages(codes: Sequence[str], files: Sequence[RecognitionLanguage]) -> str:
    """The script that all of these languages are written in; "" where they differ or are not here."""
    scripts = {_ALIASES.get(each.script, each.script) for each in files if each.language in codes}
    return scripts.pop() if len(scripts) == 1 else ""


def named_files(codes: Sequence[str], files: Sequence[RecognitionLanguage]) -> Files:
    """The files of languages that a person named, in that order."""
    return tuple(each for code in codes for each in files if each.language == code and each.language)


def files_of_script(script: str, files: Sequence[RecognitionLanguage]) -> Files:
    """Those of languages written in it, the likeliest first."""
    found = [each for each in files if each.script == script and each.language]
    return tuple(sorted(found, key=_likelihood))


def files_to_try(files: Sequence[RecognitionLanguage]) -> Files:
    """The likeliest of each script."""
    found: dict[str, RecognitionLanguage] = {}
    for each in sorted(files, key=_likelihood):
        if each.language and each.script:
            found.setdefault(each.script, each)
    return tuple(found.values())


def files_for_text(text: str, candidates: Sequence[RecognitionLanguage], detect: Detect) -> Files:
    """Of one script's files those that suit what the first of them read, though it lacks some letters."""
    language, sure = detect(text)
    fitting = tuple(each for each in candidates if each.language == language)
    if fitting and sure >= DETECTED:
        return fitting[:1]
    return tuple(candidates[:_MOST_FILES])


def fits_script(lines: Sequence[FoundLine], script: str) -> float:
    """How likely a text is in the script of the file that read it: sure, and with letters of that script.

    Files of other scripts know Latin letters as well.
    """
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    own = sum(text_folding.script_of(letter) in _LETTERS.get(script, {script.upper()}) for letter in letters)
    return confidence(lines) * own / len(letters) if letters else 0.0


def fitting_script(fits: Mapping[str, float]) -> str:
    """The first that surely fits, else the one that fits best; "" where none does.

    Args:
        fits: of each script, the likeliest first, what `fits_script` says.
    """
    sure = next((script for script, fit in fits.items() if fit >= _SURE_FIT), "")
    best = max(fits, key=fits.__getitem__, default="")
    return sure or (best if fits.get(best, 0.0) >= _LEAST_FIT else "")


def reads_best(script: str) -> bool:
    """Whether RapidOCR is the better one for a script whatever the picture is like."""
    return script in _RAPIDOCR_READS_BEST


def may_read(script: str, languages: Sequence[str], text: str) -> bool:
    """Whether RapidOCR's confidence may be believed: of scripts that it does not know it is as sure.

    Args:
        languages: of the files that read the text; where there are several it says which language it is.
    """
    if script not in _RAPIDOCR_READS or (len(languages) == 1 and languages[0] in _RAPIDOCR_MISREADS):
        return False
    marks = [_RAPIDOCR_MISREADS[each] for each in languages if each in _RAPIDOCR_MISREADS]
    return all(len(mark.findall(text)) < _MARKED * len(text) for mark in marks)


def confidence(lines: Sequence[FoundLine]) -> float:
    """How many of the letters are likely right."""
    letters = letters_in(lines)
    return likely_right(lines) / letters if letters else 0.0


def likely_right(lines: Sequence[FoundLine]) -> float:
    """The number of letters, each as far as it is sure: of two readings the one with more found more."""
    return sum(word.confidence * len(word.text) for line in lines for word in line.words)


def letters_in(lines: Sequence[FoundLine]) -> int:
    return sum(len(word.text) for line in lines for word in line.words)


def better(tesseract: Sequence[FoundLine], rapidocr: Sequence[FoundLine]) -> bool:
    """Whether RapidOCR found the more that is likely right, and is not the less sure.

    Of receipts, tables and windows Tesseract reads parts twice, and is sure of both.
    """
    if not tesseract:
        return bool(rapidocr)
    share = 1.0 if is_running_text(rapidocr) else _LEAST_SHARE
    more = likely_right(rapidocr) > share * likely_right(tesseract)
    return more and confidence(rapidocr) > max(confidence(tesseract), 0.7) - 0.01


def is_running_text(lines: Sequence[FoundLine]) -> bool:
    """Whether most of it stands in long lines: those Tesseract's layout finds, and reads as a language."""
    long = [line for line in lines if len(line.text) >= _LONG_LINE]
    return 2 * letters_in(long) >= letters_in(lines)


def wanted_languages(options: RecognitionOptions) -> tuple[str, ...]:
    return options.languages or options.expected


def is_text(line: FoundLine, least: float = WORTH_KEEPING) -> bool:
    """Whether a line that was looked for where no layout saw one is writing, not a part of a drawing."""
    return confidence([line]) >= least and len(re.findall(r"\w", line.text)) >= 2


def is_texture(lines: Sequence[FoundLine]) -> bool:
    """Whether all that was found are scraps that nobody is sure of: letters seen in leaves, stones, noise."""
    longest = max((len(re.findall(r"\w", line.text)) for line in lines), default=0)
    return longest < _LEAST_WORD and confidence(lines) < SURE


def _likelihood(file: RecognitionLanguage) -> tuple[int, str]:
    place = _LIKELIEST.index(file.tesseract) if file.tesseract in _LIKELIEST else len(_LIKELIEST)
    return place, file.tesseract
