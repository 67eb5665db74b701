"""Pages a minute of the product against the bare library that it chose: the same pages, in one run.

    python -m tests.benchmarks recognition_speed [--pages N] [--dpi 200] [--only KIND…] [--one] [--naive]

Documents are made from known text (see `rendered_text`). The product recognises in its worker, as it does
for documents: as many pages at once as there are cores for, each told the languages of those before it. It
finds out by itself how a page lies, in which language it is and which library reads it better. The bare
library is told the language, is loaded before and kept, and gets upright pages, one after the other.
`--one` has the product take them so, too; `--naive` also measures the line that beginners write.
Ratios count, by the clock and by the processors' time, which others on the same computer change less.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import tesserocr
from PIL import Image
from rapidocr import RapidOCR

from assistant import hardware
from assistant.file_reading.picture import Picture
from assistant.models.files.tesseract_files import builtin_folder
from assistant.vision.records import RecognisedPicture, Recogniser, RecognitionOptions
from assistant.vision.service import ENGINE
from assistant.vision.side_by_side import pictures_at_once
from assistant.workers.supervisor import Worker
from tests.benchmarks.rendered_text import CONDITIONS, page_text, rendered

KINDS = {
    "English print": ("en", "eng", "clean"),
    "German print": ("de", "deu", "clean"),
    "Russian print": ("ru", "rus", "clean"),
    "Chinese print": ("zh", "chi_sim", "clean"),
    "English, noisy": ("en", "eng", "noise"),
}
_ROUNDS = 2
"""What else the computer does meanwhile then matters less."""
_TESSDATA = str(builtin_folder())


class Times:
    """Seconds by the clock and of the processors."""

    def __init__(self) -> None:
        self.clock: dict[str, float] = defaultdict(float)
        self.processor: dict[str, float] = defaultdict(float)

    def measure(self, name: str, work: Callable[[], object], worker: int | None = None) -> None:
        began, used = time.perf_counter(), _used(worker)
        work()
        self.clock[name] += time.perf_counter() - began
        self.processor[name] += _used(worker) - used


def _used(worker: int | None) -> float:
    ids = [os.getpid()] if worker is None else [os.getpid(), worker]
    return sum(sum(psutil.Process(each).cpu_times()[:2]) for each in ids)


class Bare:
    """Both libraries, loaded when they are first needed."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._tesseract: tesserocr.PyTessBaseAPI | None = None
        self._rapid: RapidOCR | None = None

    def recognise(self, picture: Picture, recogniser: Recogniser) -> int:
        if recogniser is Recogniser.TESSERACT:
            if self._tesseract is None:
                self._tesseract = tesserocr.PyTessBaseAPI(_TESSDATA, self._language, psm=tesserocr.PSM.AUTO)
            self._tesseract.SetImageBytes(picture.pixels, picture.width, picture.height, 1, picture.width)
            self._tesseract.SetSourceResolution(round(picture.dpi))
            return len(self._tesseract.GetUTF8Text())
        if self._rapid is None:
            self._rapid = RapidOCR(params={"Global.log_level": "error"})
        return len(self._rapid(_colours(picture)).txts or ())

    def load(self, recogniser: Recogniser, picture: Picture) -> None:
        self.recognise(Picture(64, 64, 1, bytes(64 * 64), picture.dpi), recogniser)


def naive(picture: Picture, recogniser: Recogniser, language: str) -> None:
    if recogniser is Recogniser.TESSERACT:
        image = Image.frombytes("L", (picture.width, picture.height), picture.pixels)
        tesserocr.image_to_text(image, language, path=_TESSDATA)
    else:
        RapidOCR(params={"Global.log_level": "error"})(_colours(picture))


def _colours(picture: Picture) -> np.ndarray:
    return np.repeat(picture.array(), 3, axis=2)


def pages(language: str, condition: str, dpi: int, count: int) -> list[Picture]:
    made = [rendered(page_text(language, number), language, dpi) for number in range(count)]
    return [CONDITIONS[condition](page).picture for page in made]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--only", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--one", action="store_true")
    parser.add_argument("--naive", action="store_true")
    chosen = parser.parse_args()
    worker = Worker(ENGINE, name="The vision worker")
    at_once = 1 if chosen.one else pictures_at_once()
    print(
        f"{'':16} {'chosen':10} {'product':>9} {'bare':>9}  pages a minute; {'ratio':>6} {'of processors':>6}"
    )
    for kind in chosen.only:
        language, file, condition = KINDS[kind]
        document = pages(language, condition, chosen.dpi, chosen.pages)
        _measure(kind, document, file, worker, at_once, chosen.naive)
    print(f"memory of the worker: {_most_resident(worker.pid)} MB at most, ", end="")
    assert worker.pid is not None
    print(f"{hardware.resident(worker.pid)[0] >> 20} MB between pages, ", end="")
    worker.submit("unload").result()
    print(f"{hardware.resident(worker.pid)[0] >> 20} MB unloaded")
    worker.stop()


def _measure(
    kind: str, document: Sequence[Picture], file: str, worker: Worker, at_once: int, with_naive: bool
) -> None:
    bare, times = Bare(file), Times()
    found: list[RecognisedPicture] = []

    def ours(picture: Picture) -> None:
        expected = found[-1].languages if found else ()
        options = RecognitionOptions(expected=expected)
        found.append(worker.submit("recognise", picture=picture, options=options).result())

    def all_pages() -> None:
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(ours, document))

    all_pages()  # loads what it needs; what follows is counted
    recogniser = found[0].recogniser
    bare.load(recogniser, document[0])
    for _ in range(_ROUNDS):
        times.measure("product", all_pages, worker.pid)
        for picture in document:
            times.measure("bare", lambda: bare.recognise(picture, recogniser))  # noqa: B023 - called at once
            if with_naive:
                times.measure("naive", lambda: naive(picture, recogniser, file))  # noqa: B023
    names = "+".join(dict.fromkeys(each.recogniser for each in found))
    speed = {name: 60 * _ROUNDS * len(document) / seconds for name, seconds in times.clock.items()}
    processor = times.processor["bare"] / times.processor["product"]
    print(
        f"{kind:16} {names:10} {speed['product']:9.1f} {speed['bare']:9.1f} {'':15}"
        f" {speed['product'] / speed['bare']:7.2f} {processor:6.2f}"
        + (f"   naive {speed['naive']:.1f}" if with_naive else ""),
        flush=True,
    )


def _most_resident(pid: int | None) -> int:
    return (hardware.statistic(Path(f"/proc/{pid}/status"), "VmHWM") or 0) >> 10


if __name__ == "__main__":
    main()
