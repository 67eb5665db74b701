"""How well a chat model translates: chrF on sentences of multi30k and tatoeba, as the product asks it.

    python -m tests.benchmarks translation_quality [--model FILE] [--pairs en-de …] [--sentences N] [--show N]

Beside chrF it counts what is empty, what runs away (three times as long as the reference), what is marked,
and how often the model was asked. Without a model it takes qwen2.5-coder-1.5b, which `make starter` brings.
multi30k has en-de and en-fr, tatoeba en-es, en-zh and more; turned around they are pairs as well.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.chat.records import LoadOptions
from assistant.chat.service import ChatService
from assistant.translation.prompted_sentences import Answer, Prompt, PromptedSentences
from assistant.translation.records import (
    EngineChoice,
    Paragraph,
    TranslatedParagraph,
    TranslationOptions,
)
from assistant.translation.service import TranslationService
from assistant.translation_adapters import ChatCompletion
from assistant.workers.run import Steps
from tests.benchmarks.chrf import chrf
from tests.benchmarks.real_models import ABSENT, real_model
from tests.benchmarks.translators import translator

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "parallel"
_MODEL = "qwen2.5-coder-1.5b"
_TATOEBA = {
    "de": "deu",
    "fr": "fra",
    "es": "spa",
    "zh": "cmn",
    "ar": "ara",
    "hi": "hin",
    "ja": "jpn",
    "ru": "rus",
}
_RUNAWAY = 3.0
_SLACK = 30


def sentences(source: str, target: str, count: int) -> list[tuple[str, str]]:
    """Pairs of a sentence and its reference."""
    other = target if source == "en" else source
    files = [DATA / "multi30k" / f"test_2016_flickr.en-{other}.tsv"]
    files.append(DATA / "tatoeba" / f"eng-{_TATOEBA.get(other, other)}.tsv")
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        sys.exit(f"skipped: {DATA} has no {source}-{target}")
    rows = [line.split("\t")[:2] for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [(english.strip(), foreign.strip()) for english, foreign in rows[:count]]
    return pairs if source == "en" else [(foreign, english) for english, foreign in pairs]


class Counting:
    """The chat model, and how often it was asked."""

    def __init__(self, complete: Callable[[Steps, str, Prompt], Answer]) -> None:
        self._complete = complete
        self.asked = 0

    def __call__(self, steps: Steps, model: str, prompt: Prompt) -> Answer:
        self.asked += 1
        return self._complete(steps, model, prompt)


def main() -> None:
    parser = argparse.ArgumentParser(prog="translation_quality")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--pairs", nargs="+", default=["en-de", "en-fr"])
    parser.add_argument("--sentences", type=int, default=100)
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    model = options.model or next(iter(real_model(_MODEL).glob("*.gguf")), None)
    if model is None:
        sys.exit(f"skipped: {ABSENT}")
    with tempfile.TemporaryDirectory() as folder:
        chat = ChatService(Path(folder) / "chat")
        service = TranslationService()
        try:
            print(model.stem)
            for pair in options.pairs:
                _measure(
                    pair, sentences(*pair.split("-"), options.sentences), model, chat, service, options.show
                )
        finally:
            chat.close()
            service.close()


def _measure(
    pair: str,
    wanted: Sequence[tuple[str, str]],
    model: Path,
    chat: ChatService,
    service: TranslationService,
    show: int,
) -> None:
    source, target = pair.split("-")
    choice = EngineChoice(str(model), model.stem, chat=True)
    complete = Counting(ChatCompletion(chat, LoadOptions))
    engine = PromptedSentences(complete)
    with translator(service.analyse, engine, choice) as work:
        began = time.monotonic()
        paragraphs = [Paragraph(sentence) for sentence, _ in wanted]
        done = work.translate(Steps(None), paragraphs, TranslationOptions(target, source))
        seconds = time.monotonic() - began
    references = [reference for _, reference in wanted]
    counts = Counter(what for text, ref in zip(done, references, strict=True) for what in _faults(text, ref))
    flags = Counter(concern.flag.value for text in done for concern in text.concerns)
    print(
        f"{pair}: chrF {chrf([text.text for text in done], references):.1f}, {len(done)} sentences, "
        f"{seconds / len(done):.1f} s each, asked {complete.asked} times; empty {counts['empty']}, "
        f"runaway {counts['runaway']}; marked {dict(flags)}",
        flush=True,
    )
    for text, reference in list(zip(done, references, strict=True))[:show]:
        print(f"   {text.source}\n      {text.text}\n      {reference}")


def _faults(done: TranslatedParagraph, reference: str) -> list[str]:
    if not done.text.strip() or any(concern.flag.value == "empty" for concern in done.concerns):
        return ["empty"]
    return ["runaway"] if len(done.text) > _RUNAWAY * len(reference) + _SLACK else []


if __name__ == "__main__":
    main()
