"""Numbers, addresses, code and placeholders of real sentences through engines that damage them.

    python -m tests.benchmarks translation_values [--sentences N] [--model FILE] [--target de]

Takes the sources of tatoeba and multi30k as they are (those with digits), and with something put into each
that must come out as it went in. The engine turns words around and damages one value in two. Counted is what
came out unchanged, what was put right, and what was marked; `lost` must be 0. What is unchanged is told by a
search for the very characters, and of numbers by their digits, not by the program's own comparison.
With `--model`, a chat model translates so many of those with digits, and of those with a value put in.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant.chat.records import LoadOptions
from assistant.chat.service import ChatService
from assistant.translation.prompted_sentences import PromptedSentences
from assistant.translation.records import (
    AnalysedParagraph,
    EngineChoice,
    Flag,
    Hypotheses,
    Paragraph,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation_adapters import ChatCompletion
from assistant.workers.run import Run, Steps
from tests.benchmarks.translators import translator
from tests.unit.translation.made_up_engine import MadeUpEngine

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "parallel"
VALUES = (
    "https://example.org/a/b.html?x=1&y=2#top", "www.example.com/news", "jane.doe+x@mail.example.org",
    "`rm -rf build`", "{name}", "{0}", "{{ user.name }}", "${HOME}", "%s", "%(count)d", "%1$s", "%1", "<b/>",
    "<a href='x.html'>", "</strong>", "report_2024.pdf", "/usr/local/bin/python",
    "C:\\Users\\Jane\\notes.txt", "--no-cache", "my_variable", "1,250.50", "24.12.2024", "10:30", "3,000,000",
    "0.75", "A4", "COVID-19", "12", "+49 30 123456", "&nbsp;", "@jane_doe", "example.de",
    "DE89 3704 0044 0532 0130 00", "192.168.0.1", "550e8400-e29b-41d4-a716-446655440000", "a3f9c01d",
    "978-3-16-148410-0", "s3://bucket/key",
)  # fmt: skip
_NUMBER = re.compile(r"[\d.,:]*\d")

Damage = Callable[[random.Random, str], str]


def _other_sign(rng: random.Random, value: str) -> str:
    place = rng.randrange(len(value))
    new = rng.choice([sign for sign in "0123456789abcxyz" if sign != value[place]])
    return value[:place] + new + value[place + 1 :]


def _lost_sign(rng: random.Random, value: str) -> str:
    place = rng.randrange(len(value))
    return value[:place] + value[place + 1 :]


def _split(rng: random.Random, value: str) -> str:
    place = rng.randrange(len(value) + 1)
    return value[:place] + " " + value[place:]


DAMAGES: tuple[Damage, ...] = (
    _other_sign,
    _lost_sign,
    _split,
    lambda _, value: "",
    lambda _, value: f"{value} {value}",
    lambda _, value: value.upper(),
    lambda _, value: value[::-1],
    lambda _, value: value.replace(",", "").replace(".", ""),
    lambda rng, value: str(rng.randrange(100, 5000)),
    lambda _, value: value.replace("{", "(").replace("}", ")").replace("<", "‹").replace("`", "'"),
)


class DamagingEngine(MadeUpEngine):
    """Turns the letters of words around, and damages values."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._rng = random.Random(seed)
        self.values: dict[str, str] = {}
        """Which value a sentence has, where it was put into it."""

    def answer(self, sentence: str, alternatives: int) -> Hypotheses:
        value = next((value for key, value in self.values.items() if key in sentence), None)
        found = [value] if value else _NUMBER.findall(sentence)
        pattern = "|".join(map(re.escape, sorted(filter(None, found), key=len, reverse=True))) or r"(?!)"
        pieces = []
        end = 0
        for match in re.finditer(pattern, sentence):
            pieces.append(_turned(sentence[end : match.start()]))
            damage = self._rng.choice(DAMAGES) if self._rng.random() < 0.5 else None
            pieces.append(damage(self._rng, match.group()) if damage else match.group())
            end = match.end()
        pieces.append(_turned(sentence[end:]))
        return Hypotheses(("".join(pieces),))


def _turned(text: str) -> str:
    return re.sub(r"[^\W\d_]{2,}", lambda match: match.group()[::-1], text)


def analyse(
    texts: Sequence[str], languages: Sequence[str] = (), expected: Sequence[str] = ()
) -> Run[tuple[AnalysedParagraph, ...]]:
    """Each is one sentence, in the language that is told."""
    found = tuple(
        AnalysedParagraph(language, ((0, len(text)),))
        for text, language in zip(texts, languages, strict=True)
    )
    return Run.derived(lambda _: found)


def with_values(sentences: Sequence[str], seed: int) -> Iterator[tuple[str, str]]:
    """Each sentence with one of the values between two of its words, and that."""
    rng = random.Random(seed)
    for number, sentence in enumerate(sentences):
        value = VALUES[number % len(VALUES)]
        words = re.sub(r"\d", "", sentence).split()
        words.insert(rng.randrange(len(words) + 1), value)
        yield " ".join(words), value


def fate(value: str, done: TranslatedParagraph) -> str:
    """What became of a value that was put into a sentence."""
    marked = any(concern.flag is Flag.VALUES for concern in done.concerns)
    if marked:
        return "marked"
    if value.isascii() and re.fullmatch(r"[\d.,:]+", value):
        return "unchanged" if _digits(done.text) == _digits(value) else "lost"
    return "unchanged" if done.text.count(value) == 1 else "lost"


def number_fate(done: TranslatedParagraph) -> str:
    if any(concern.flag is Flag.VALUES for concern in done.concerns):
        return "marked"
    return "unchanged" if _digits(done.source) == _digits(done.text) else "lost"


def _digits(text: str) -> list[str]:
    """The numbers as plain digits, whatever stands between groups of them."""
    return sorted(re.sub(r"\D", "", number) for number in re.findall(r"\d(?:[\d.,:]*\d)?", text))


def sources(most: int) -> list[str]:
    files = [*sorted(DATA.glob("tatoeba/*.tsv")), *sorted(DATA.glob("multi30k/*.tsv"))]
    if not files:
        sys.exit(f"skipped: {DATA} is absent")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    found = list(dict.fromkeys(line.split("\t")[0].strip() for line in lines))
    return found[:most] if most else found


def main() -> None:
    parser = argparse.ArgumentParser(prog="translation_values")
    parser.add_argument("--sentences", type=int, default=0, help="at most; 0: all")
    parser.add_argument("--model", type=Path, help="a chat model that translates")
    parser.add_argument("--target", default="de", help="the language that it translates into")
    options = parser.parse_args()
    if options.model:
        _with_chat_model(options.model, options.target, options.sentences or 60)
        return
    english = sources(options.sentences)
    numbered = [sentence for sentence in english if re.search(r"\d", sentence)]
    wanted = TranslationOptions("xx", "en", use_memory=False)
    engine = DamagingEngine(1)
    with translator(analyse, engine, EngineChoice("/damaging", "engine", chat=False)) as work:
        done = work.translate(Steps(None), [Paragraph(text) for text in numbered], wanted)
        _show("their own numbers", Counter(map(number_fate, done)))
        pairs = list(with_values(english, 2))
        table: dict[str, Counter[str]] = {}
        for value in VALUES:
            texts = list(dict.fromkeys(text for text, put in pairs if put == value))
            engine.values = {value: value}
            done = work.translate(Steps(None), [Paragraph(text) for text in texts], wanted)
            table[value] = Counter(fate(value, each) for each in done)
            _show(value, table[value])
        _show("all put in", sum(table.values(), Counter()))


def _with_chat_model(model: Path, target: str, count: int) -> None:
    english = sources(0)
    numbered = [sentence for sentence in english if re.search(r"\d", sentence)][:count]
    rng = random.Random(4)
    pairs = list(with_values(rng.sample(english, count), 2))
    wanted = TranslationOptions(target, "en", use_memory=False)
    with tempfile.TemporaryDirectory() as folder:
        chat = ChatService(Path(folder) / "chat")
        engine = PromptedSentences(ChatCompletion(chat, LoadOptions))
        try:
            with translator(analyse, engine, EngineChoice(str(model), "engine", chat=True)) as work:
                done = work.translate(Steps(None), [Paragraph(text) for text in numbered], wanted)
                _show("their own numbers", Counter(map(number_fate, done)))
                done = work.translate(Steps(None), [Paragraph(text) for text, _ in pairs], wanted)
            _show("put in", Counter(fate(value, each) for (_, value), each in zip(pairs, done, strict=True)))
        finally:
            chat.close()


def _show(name: str, counts: Counter[str]) -> None:
    rows = "  ".join(f"{what} {counts[what]:6}" for what in ("unchanged", "marked", "lost"))
    print(f"{name:42} {counts.total():6} sentences   {rows}", flush=True)


if __name__ == "__main__":
    main()
