"""How well text in pictures is recognised: character errors by language and condition, boxes, scans.

    python -m tests.benchmarks picture_recognition [--quick] [--languages en de …] [--dpi 150 300]
        [--conditions clean noise …] [--with product tesseract rapidocr] [--sans] [--page N] [--rows FILE]

Pictures are made from known text (see `rendered_text`), turned, and worsened. Beside the product stand the
two libraries by themselves: Tesseract is told the language and finds the orientation itself, RapidOCR is as
it comes. Character errors: Levenshtein distance over the length of the reference, both in NFC, runs of white
space as one space, and none at all in Chinese and Thai, which do not write it between words. A word is found
at its box if intersection over union is at least .7 with the box of the word's ink; counted are words that
were read rightly. `--rows` keeps each result in a file of JSON lines and measures only what is not in it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

from assistant.models.files.tesseract_files import builtin_folder
from tests.benchmarks.rendered_text import CONDITIONS, LANGUAGES, Page, page_text, rendered
from tests.boxes import Box, intersection_over_union

_TESSERACT = {
    "en": "eng", "de": "deu", "es": "spa", "ru": "rus", "ar": "ara", "hi": "hin",
    "zh": "chi_sim", "th": "tha", "el": "ell", "vi": "vie", "tr": "tur",
}  # fmt: skip
_WITHOUT_SPACES = {"zh", "th"}
_QUICK = (("en", "de", "zh", "ar"), ("clean", "180°", "noise"), (150,))
_SAME_PLACE = 0.7

Words = Sequence[tuple[str, Box]]


@dataclass(frozen=True)
class Row:
    language: str
    dpi: int
    condition: str
    by: str
    errors: float
    """Character errors as a share of the reference's characters; can be above 1."""
    boxes: float | None
    """Share of the words read rightly that are at their places; None where that is not known."""
    seconds: float
    note: str = ""

    @property
    def key(self) -> tuple[str, int, str, str]:
        return (self.language, self.dpi, self.condition, self.by)


def comparable(text: str, language: str) -> str:
    return ("" if language in _WITHOUT_SPACES else " ").join(unicodedata.normalize("NFC", text).split())


def distance(found: str, wanted: str) -> int:
    """Levenshtein's, by the bits of whole numbers (Myers 1999, in Hyyrö's form)."""
    if not wanted:
        return len(found)
    places: dict[str, int] = {}
    for index, character in enumerate(wanted):
        places[character] = places.get(character, 0) | 1 << index
    everything, last = (1 << len(wanted)) - 1, 1 << len(wanted) - 1
    more, less, score = everything, 0, len(wanted)
    for character in found:
        same = places.get(character, 0)
        diagonal = (((same & more) + more) ^ more) | same | less
        up = less | ~(diagonal | more) & everything
        down = more & diagonal
        score += bool(up & last) - bool(down & last)
        up, down = up << 1 | 1, down << 1
        more, less = (down | ~(diagonal | up)) & everything, up & diagonal
    return score


def errors(found: str, wanted: str, language: str) -> float:
    reference = comparable(wanted, language)
    return distance(comparable(found, language), reference) / len(reference)


def boxes_found(found: Words, wanted: Words) -> float | None:
    """Of the words that were read rightly, the share that is at its place."""
    by_text: dict[str, list[Box]] = {}
    for text, box in found:
        by_text.setdefault(text, []).append(box)
    shares = [
        max(intersection_over_union(box, other) for other in by_text[text])
        for text, box in wanted
        if text in by_text
    ]
    return sum(share >= _SAME_PLACE for share in shares) / len(shares) if shares else None


Recognise = Callable[[Page, str], tuple[str, Words, str]]


def by_product() -> Recognise:
    from assistant.vision.engine import VisionEngine
    from assistant.vision.records import RecognitionOptions
    from assistant.workers.child import CallContext

    engine = VisionEngine(lambda _event: None)

    def recognise(page: Page, _language: str) -> tuple[str, Words, str]:
        found = engine.recognise(CallContext(), page.picture, RecognitionOptions())
        words = [(word.text.strip(), word.box) for line in found.lines for word in line.words]
        note = f"{found.recogniser} {'+'.join(found.languages)} {found.turned}° {found.confidence:.2f}"
        return found.text, words, note

    return recognise


def by_tesseract() -> Recognise:
    import tesserocr

    engines = {}

    def recognise(page: Page, language: str) -> tuple[str, Words, str]:
        code = _TESSERACT[language]
        if code not in engines:
            engines[code] = tesserocr.PyTessBaseAPI(
                path=str(builtin_folder()), lang=code, psm=tesserocr.PSM.AUTO_OSD
            )
        engine = engines[code]
        picture = page.picture
        engine.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.width)
        engine.SetSourceResolution(page.dpi)
        text = engine.GetUTF8Text()
        level = tesserocr.RIL.WORD
        words = []
        if text.strip():
            for place in tesserocr.iterate_level(engine.GetIterator(), level):
                if (box := place.BoundingBox(level)) is not None:
                    words.append((place.GetUTF8Text(level), box))
        return text, words, f"{engine.MeanTextConf()}"

    return recognise


def by_rapidocr() -> Recognise:
    import numpy as np
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "error"})

    def recognise(page: Page, _language: str) -> tuple[str, Words, str]:
        found = engine(np.repeat(page.pixels[:, :, None], 3, axis=2), return_word_box=True)
        if found.txts is None:
            return "", (), ""
        words = [
            (
                text,
                (
                    min(x for x, _ in box),
                    min(y for _, y in box),
                    max(x for x, _ in box),
                    max(y for _, y in box),
                ),
            )
            for line in found.word_results
            for text, _, box in line
        ]
        return "\n".join(found.txts), words, f"{statistics.mean(found.scores):.2f}"

    return recognise


BY: dict[str, Callable[[], Recognise]] = {
    "product": by_product,
    "tesseract": by_tesseract,
    "rapidocr": by_rapidocr,
}


def measure(options: argparse.Namespace) -> Iterator[Row]:
    kept = _kept(options.rows)
    recognisers: dict[str, Recognise] = {}
    for language, dpi, condition in product(options.languages, options.dpi, options.conditions):
        page: Page | None = None
        for by in options.by:
            if (language, dpi, condition, by) in kept:
                yield kept[language, dpi, condition, by]
                continue
            if page is None:
                text = page_text(language, options.page)
                page = CONDITIONS[condition](rendered(text, language, dpi, sans=options.sans))
            if by not in recognisers:
                recognisers[by] = BY[by]()
            row = _measured(page, language, dpi, condition, by, recognisers[by])
            if options.rows:
                with Path(options.rows).open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
            yield row


def _measured(page: Page, language: str, dpi: int, condition: str, by: str, recognise: Recognise) -> Row:
    start = time.monotonic()
    text, words, note = recognise(page, language)
    seconds = time.monotonic() - start
    boxes = boxes_found(words, page.words) if language != "th" else None  # whose words nothing parts
    return Row(language, dpi, condition, by, errors(text, page.text, language), boxes, seconds, note)


def _kept(file: str) -> dict[tuple[str, int, str, str], Row]:
    if not file or not Path(file).is_file():
        return {}
    rows = [Row(**json.loads(line)) for line in Path(file).read_text(encoding="utf-8").splitlines()]
    return {row.key: row for row in rows}


def report(rows: list[Row], options: argparse.Namespace) -> None:
    found = {row.key: row for row in rows}
    for by in options.by:
        print(f"\n{by}: character errors in %")
        print("| | " + " | ".join(f"{condition} {dpi}" for condition, dpi in _columns(options)) + " |")
        print("|---" * (len(_columns(options)) + 1) + "|")
        for language in options.languages:
            cells = [_cell(found.get((language, dpi, condition, by))) for condition, dpi in _columns(options)]
            print(f"| {language} | " + " | ".join(cells) + " |")
        boxes = [row.boxes for row in rows if row.by == by and row.boxes is not None]
        if boxes:
            print(f"words at their boxes: mean {statistics.mean(boxes):.1%}, least {min(boxes):.1%}")
        print(f"seconds for a page: {statistics.mean(row.seconds for row in rows if row.by == by):.2f}")
    if set(options.by) == set(BY):
        _report_losses(rows, found)


def _columns(options: argparse.Namespace) -> list[tuple[str, int]]:
    return list(product(options.conditions, options.dpi))


def _cell(row: Row | None) -> str:
    return "" if row is None else f"{row.errors:.1%}".rstrip("%")


def _report_losses(rows: list[Row], found: dict[tuple[str, int, str, str], Row]) -> None:
    """Where the better library alone is better by more than a point."""
    print()
    worse = 0
    for row in rows:
        if row.by == "product":
            alone = [found[(*row.key[:3], by)] for by in ("tesseract", "rapidocr")]
            best = min(alone, key=lambda other: other.errors)
            if row.errors > best.errors + 0.01:
                worse += 1
                print(
                    f"worse: {row.language} {row.dpi} {row.condition}: {row.errors:.1%} ({row.note}); "
                    f"{best.by} alone {best.errors:.1%}"
                )
    print(f"{worse} pictures are read worse by more than a point than by the better library alone")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--quick", action="store_true", help="a few languages and conditions, in a minute or two"
    )
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES))
    parser.add_argument("--conditions", nargs="+", default=list(CONDITIONS))
    parser.add_argument("--dpi", nargs="+", type=int, default=[150, 300])
    parser.add_argument("--with", dest="by", nargs="+", choices=list(BY), default=list(BY))
    parser.add_argument("--sans", action="store_true")
    parser.add_argument("--page", type=int, default=0, help="which of the texts")
    parser.add_argument("--rows", default="")
    options = parser.parse_args()
    if options.quick:
        options.languages, options.conditions, options.dpi = map(list, _QUICK)
    rows = []
    for row in measure(options):
        rows.append(row)
        print(
            f"{row.language} {row.dpi} {row.condition:6} {row.by:10} {row.errors:7.2%} "
            f"{'' if row.boxes is None else format(row.boxes, '.1%'):7} {row.seconds:5.1f} s  {row.note}",
            file=sys.stderr,
        )
    report(rows, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
