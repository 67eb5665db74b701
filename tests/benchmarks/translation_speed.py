"""Sentences a second of the product against bare CTranslate2: the same sentences and model, in one run.

The model has the shape of an OPUS-MT one (6 + 6 layers, 512 wide, vocabulary of 58,000) and random weights,
and is written to a temporary folder (about 300 MB). What it writes means nothing, but it comes to an end. The
product runs in its worker, as it always does, and cuts and joins the pieces as well; the bare library gets
them cut, in the batches that suit it best.

    python -m tests.benchmarks.translation_speed [--sentences N] [--rounds N] [--marks]
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the worker

import ctranslate2
import psutil
import sentencepiece

from assistant.hardware import usable_cores
from assistant.translation.records import EngineChoice, Hop
from assistant.translation.service import TranslationService
from tests.made_models import random_translators

SENTENCES = Path(__file__).resolve().parents[3] / "shared" / "data" / "parallel" / "multi30k"
VOCABULARY = 58_000
LENGTH = 24
BATCHES = (("examples", 32), ("examples", 64))
PRODUCT = "product"


def sentences(count: int) -> list[str]:
    """Captions of pictures, some of them joined: as long as sentences of documents are."""
    files = sorted(SENTENCES.glob("*.en-de.tsv"))
    lines = [line.partition("\t")[0] for file in files for line in file.read_text("utf-8").splitlines()]
    if not lines:
        raise SystemExit(f"There are no sentences in {SENTENCES}.")
    joined = [" and ".join(lines[number : number + 1 + number % 3]) for number in range(len(lines))]
    return list(dict.fromkeys(joined))[:count]


def make(folder: Path, texts: list[str]) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts), model_prefix=str(folder) + "-pieces", vocab_size=2000,
        hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    made = Path(str(folder) + "-pieces.model").read_bytes()
    model = sentencepiece.SentencePieceProcessor(model_proto=made)
    tokens = ["</s>", "<unk>", *(model.id_to_piece(each) for each in range(3, model.get_piece_size()))]
    tokens += [f"▁other{number}" for number in range(VOCABULARY - len(tokens))]
    random_translators.write(
        folder, tokens, size=512, layers=6, heads=8, inner=2048, positions=512, from_zero=True, length=LENGTH
    )
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(made)


class Bare:
    def __init__(self, folder: Path, texts: list[str]) -> None:
        model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
        self._pieces = [[*pieces, "</s>"] for pieces in model.encode(texts, out_type=str)]
        self._translator = ctranslate2.Translator(
            str(folder), compute_type="int8", intra_threads=usable_cores()
        )
        self.written = 0.0
        """Pieces of a translation."""

    @property
    def read(self) -> float:
        return statistics.fmean(map(len, self._pieces))

    def run(self, kind: str, size: int) -> None:
        results = self._translator.translate_batch(
            self._pieces, max_batch_size=size, batch_type=kind, beam_size=2, max_decoding_length=256
        )
        self.written = statistics.fmean(len(result.hypotheses[0]) for result in results)


class Meter:
    """Seconds by the clock and of the processors, which others on the same computer change less."""

    def __init__(self) -> None:
        self.clock: dict[str, list[float]] = {}
        self.processor: dict[str, list[float]] = {}

    def measure(self, name: str, work: Callable[[], object], worker: int | None = None) -> None:
        began, used = time.perf_counter(), self._used(worker)
        work()
        self.clock.setdefault(name, []).append(time.perf_counter() - began)
        self.processor.setdefault(name, []).append(self._used(worker) - used)

    @staticmethod
    def _used(worker: int | None) -> float:
        ids = [os.getpid()] if worker is None else [os.getpid(), worker]
        return sum(sum(psutil.Process(each).cpu_times()[:2]) for each in ids)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--marks", action="store_true", help="the product says which words came from which")
    chosen = parser.parse_args()
    texts = sentences(chosen.sentences)
    meter = Meter()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "opus-mt-en-de"
        make(folder, texts)
        bare, service = Bare(folder, texts), TranslationService()
        hop = Hop(EngineChoice(str(folder), "", False), "en", "de")
        aligned = [chosen.marks] * len(texts)

        def ours() -> None:
            service.translate(hop, texts, alignment=aligned, on_report=lambda _: None).result()

        try:
            service.translate(hop, texts[:4]).result()
            for _ in range(chosen.rounds):
                for kind, size in BATCHES:
                    meter.measure(f"bare, {size} {kind}", partial(bare.run, kind, size))
                meter.measure(PRODUCT, ours, service.pid)
        finally:
            service.close()
    for unit, seconds in (("s", meter.clock), ("s of the processors", meter.processor)):
        speeds = {name: len(texts) / statistics.median(each) for name, each in seconds.items()}
        for name, speed in speeds.items():
            print(f"{name:24} {speed:6.2f} sentences/{unit}")
        best = max(speed for name, speed in speeds.items() if name != PRODUCT)
        print(f"product / bare: {speeds[PRODUCT] / best:.3f}")
    print(f"{len(texts)} sentences of {bare.read:.0f} pieces, translations of {bare.written:.0f}")


if __name__ == "__main__":
    main()
