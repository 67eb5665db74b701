"""The Bergamot project's examples of markup and white space through the translator, with made-up engines.

    python -m tests.benchmarks translation_markup

`identity` says each sentence again: all must come out as it was. `aligned` turns the order of the words
around, changes them, and tells which became which; `alone` tells nothing. Counted are the tags that are
missing, and marks by their tiers. A tag that is there once more stands on words that were torn apart.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from assistant.translation.files.open_file import open_file
from assistant.translation.records import Hypotheses, Layout, TranslationOptions
from assistant.workers.run import Steps
from tests.unit.translation.made_up_engine import House, MadeUpEngine

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "parallel" / "bergamot-markup"
_TAG = re.compile(r"<[^!/][^>]*>")
WAYS = ("identity", "aligned", "alone")


class TurningEngine(MadeUpEngine):
    """Turns the words between the first and the last one around, unless it is to say them again."""

    def __init__(self, way: str) -> None:
        super().__init__()
        self._way = way

    def answer(self, sentence: str, alternatives: int) -> Hypotheses:
        if self._way == "identity":
            return Hypotheses((sentence,))
        words = [match.span() for match in re.finditer(r"\S+", sentence)]
        text = ""
        alignment = []
        for start, end in (*words[:1], *words[-2:0:-1], *words[-1:][: len(words) - 1]):
            text += " " if text else ""
            word = re.sub("e(?=[a-z])", "ei", sentence[start:end])
            alignment.append(((start, end), (len(text), len(text) + len(word))))
            text += word
        return Hypotheses((text,), tuple(alignment) if self._way == "aligned" else ())


def main() -> None:
    files = sorted(DATA.glob("*"))
    if not files:
        sys.exit(f"skipped: {DATA} is absent")
    for file in files:
        for way in WAYS:
            _measure(file, way)


def _measure(file: Path, way: str) -> None:
    is_page = "html" in file.name
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / ("page.html" if is_page else "text.txt")
        source.write_bytes(file.read_bytes())
        output = Path(folder) / f"translated{source.suffix}"
        house = House(Path(folder), TurningEngine(way))
        opened = open_file(source)
        done = house.translator.translate(Steps(None), opened.paragraphs, TranslationOptions("xx", "en"))
        opened.write(output, done, "xx", Layout.TRANSLATION)
        house.memory.close()
        before, after = (path.read_text(encoding="utf-8") for path in (source, output))
    tags = [Counter(_TAG.findall(text)) for text in (before, after)]
    tiers = Counter(tier.value for paragraph in done for _, tier in paragraph.tiers)
    print(
        f"{file.name:38} {way:9} {len(done):3} paragraphs, {tags[0].total():3} tags, "
        f"missing {(tags[0] - tags[1]).total()}, more {(tags[1] - tags[0]).total()}; {dict(tiers)}"
        f"{'; the same text' if before == after else ''}"
    )


if __name__ == "__main__":
    main()
