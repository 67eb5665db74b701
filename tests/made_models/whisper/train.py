"""Trains the small Whisper and writes it as a folder of CTranslate2, `model/`, beside this file.

    python -m tests.made_models.whisper.train [--steps 8000] [--folder build/whisper]

Needs espeak-ng, torch and transformers. First short windows, cut to what is said; then whole ones of 30 s
among them. Besides the tokens the network learns which word is said at each place, and that its decoder looks
there: with both, two slow cores are enough. A run that was stopped goes on at its last checkpoint.

The model that is kept was trained in two runs, the second begun with the first one's weights (`--trained`):
8,000 steps with three layers in the encoder, at a peak rate of 2.5e-3 and with short windows anywhere in the
30 s; then 1,200 as it stands here, the first 400 of them at 1.5e-3. One run from nothing has not been tried
with these figures. Of 24 sentences by voices and at speeds that it never heard (measure.py) no word is wrong,
with noise and pauses 0.5 to 2.7 % are; in windows of 30 s full of sentences a quarter to a third: it is no
model for those.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from tests.made_models.whisper import corpus, export
from tests.made_models.whisper import tokens as marks
from tests.made_models.whisper.library import MODEL
from tests.made_models.whisper.network import POSITIONS, TIME_TAGS, Heard, Network, places
from tests.made_models.whisper.synthesis import RATE
from tests.made_models.whisper.windows import CLASSES, POSITION, Window, Windows, classes, features, target

SENTENCES = 14_000
LONG_BATCH = 4
SHORT_SECONDS = 84
"""Of a batch of short windows, each counted as long as the longest."""
PROMPTED = 0.2
"""Part of the batches whose windows have text before them, or words to know."""
POOL = 192
"""Windows that are made together, so that those of one length share a batch."""
PEAK_RATE = 8e-4
WARM_STEPS = 150
LONG_FROM, LONG_OFTEN_FROM = 0.3, 0.6
"""Parts of the time: every fourth batch is of whole windows, then every second."""
BLUR = torch.tensor([0.05, 0.25, 0.4, 0.25, 0.05])
"""A time tag is right if it is nearly right."""


class Batch:
    """Windows of about one length, padded as faster_whisper pads them."""

    def __init__(self, windows: list[Window], whole: bool, chance: random.Random) -> None:
        heard = [features(window.samples, max(0.0, chance.uniform(-2, 1))) for window in windows]
        longest = max(item.shape[1] for item in heard)
        length = POSITIONS if whole else min(POSITIONS, math.ceil(longest / 2) + chance.randint(2, 20))
        frames = 2 * length
        self.places = places(length)
        heard_at = len(self.places.positions)
        self.features = torch.zeros(len(windows), heard[0].shape[0], 2 * heard_at)
        for row, item in enumerate(heard):
            self.features[row, :, : item.shape[1]] = item[:, :frames]
            if chance.random() < 0.1:
                low = chance.randrange(72)
                self.features[row, low : low + chance.randint(2, 8)] = float(item.min())
        prompted = chance.random() < PROMPTED
        targets = [target(window, chance, prompted) for window in windows]
        width = max(len(item.tokens) for item in targets) - 1
        self.tokens = torch.full((len(windows), width), marks.mark(marks.END))
        self.wanted = torch.full((len(windows), width), -100)
        self.classes = torch.zeros(len(windows), heard_at, dtype=torch.long)
        self.spans = torch.full((len(windows), width + 1, 2), -1)
        """First and last position of each token; -1 where it stands nowhere."""
        for row, item in enumerate(targets):
            self.tokens[row, : len(item.tokens) - 1] = torch.tensor(item.tokens[:-1])
            self.wanted[row, : len(item.wanted)] = torch.tensor(item.wanted)
            self.classes[row, :length] = torch.from_numpy(classes(windows[row], length))
            for place, span in enumerate(item.spans):
                if span:
                    low, high = round(span[0] / POSITION) - 2, round(span[1] / POSITION) + 2
                    self.spans[row, place] = torch.tensor([max(0, low), min(high, length - 1)])


def loss(heard: Heard, batch: Batch) -> tuple[torch.Tensor, list[float]]:
    """Of the tokens, of the words at each position and of where the decoder looks; the last two for help."""
    written = _written(heard.logits, batch.wanted[batch.wanted >= 0])
    said = functional.cross_entropy(heard.classes.flatten(0, 1), batch.classes.flatten(), ignore_index=-100)
    looks = _looking(heard.looks[-1][:, :2], batch.spans[:, 1:]) + _looking(
        heard.looks[0][:, :1], batch.spans[:, :-1]
    )
    return written + 0.5 * said + 0.3 * looks, [written.item(), said.item(), looks.item()]


def _written(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """
    Args:
        logits: [token, vocabulary], of those tokens behind which something is learned.
    """
    logs = logits.log_softmax(-1)
    first = logits.shape[-1] - TIME_TAGS
    words, times = wanted < first, wanted >= first
    plain = -logs[words].gather(1, wanted[words][:, None]).sum()
    # A little for every token: what is forced to be written without speech is then improbable.
    plain = plain - 0.02 * logs[words][:, :first].mean(-1).sum()
    near = (wanted[times][:, None] + torch.arange(-2, 3)).clamp(first, logits.shape[-1] - 1)
    blurred = -(logs[times].gather(1, near) * BLUR).sum()
    return (plain + blurred) / len(wanted)


def _looking(looks: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
    places = torch.arange(looks.shape[-1])
    inside = (places >= spans[..., :1]) & (places <= spans[..., 1:])
    there = spans[..., 0] >= 0
    mass = (looks * inside[:, None]).sum(-1)
    return -((mass + 1e-4).log() * there[:, None]).sum() / (there.sum() * looks.shape[1]).clamp(min=1)


class Lessons(IterableDataset[Batch]):
    """The batch of each step, made ahead by a process of its own."""

    def __init__(self, windows: Windows, first: int, steps: int) -> None:
        self._windows, self._first, self._steps = windows, first, steps
        self._chance = random.Random(first)
        self._short: list[list[Window]] = []

    def __iter__(self) -> Iterator[Batch]:
        return (self._batch(step, step / self._steps) for step in range(self._first, self._steps))

    def _batch(self, step: int, progress: float) -> Batch:
        whole = 0 if progress < LONG_FROM else 1 if progress < LONG_OFTEN_FROM else 2
        if step % 4 < whole:
            return Batch([self._windows.long() for _ in range(LONG_BATCH)], True, self._chance)
        if not self._short:
            made = (self._windows.short() for _ in range(POOL))
            self._short = _batches(sorted(made, key=lambda window: len(window.samples)))
            self._chance.shuffle(self._short)
        return Batch(self._short.pop(), False, self._chance)


def _batches(windows: list[Window]) -> list[list[Window]]:
    """Of windows in order of their lengths."""
    batches: list[list[Window]] = [[]]
    for window in windows:
        if len(window.samples) * (len(batches[-1]) + 1) > SHORT_SECONDS * RATE:
            batches.append([])
        batches[-1].append(window)
    return batches


def _begin(network: Network, trained: Path) -> None:
    """With another run's weights; a layer that was not there passes on what it gets until it has learned."""
    kept: dict[str, Any] = torch.load(trained, weights_only=True)
    missing = network.load_state_dict(kept["network"], strict=False).missing_keys
    for name, parameter in network.named_parameters():
        if name in missing and ("out_proj" in name or "fc2" in name):
            nn.init.zeros_(parameter)


def train(folder: Path, steps: int, threads: int, trained: Path | None) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    if not (folder / "corpus").is_dir():
        corpus.write(folder / "corpus", SENTENCES)
    network = Network(marks.tokenizer().get_vocab_size(), len(CLASSES))
    learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
    decayed = [parameter for parameter in learned if parameter.dim() > 1]
    plain = [parameter for parameter in learned if parameter.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.98))
    print(f"{sum(parameter.numel() for parameter in learned):,} numbers", flush=True)
    checkpoint, first = folder / "checkpoint.pt", 0
    if trained:
        _begin(network, trained)
    if checkpoint.exists():
        kept: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    lessons = Lessons(Windows(corpus.read(folder / "corpus"), first), first, steps)
    batches = DataLoader(lessons, batch_size=None, num_workers=1, prefetch_factor=6)
    began, losses = time.monotonic(), []
    for step, batch in enumerate(batches, first + 1):
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, steps)
        total, parts = loss(network(batch.features, batch.places, batch.tokens, batch.wanted >= 0), batch)
        optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        losses.append(parts)
        if step % 50 == 0 or step == steps:
            tokens, words, looks = np.mean(losses, axis=0)
            speed = (time.monotonic() - began) / len(losses)
            print(
                f"{step}: tokens {tokens:.3f} words {words:.3f} looks {looks:.3f}, {speed:.2f} s", flush=True
            )
            began, losses = time.monotonic(), []
        if step % 100 == 0 or step == steps:
            kept = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
            torch.save(kept, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
    export.write(network, MODEL)


def _rate(step: int, steps: int) -> float:
    return PEAK_RATE * min(1.0, step / WARM_STEPS) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / steps)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--trained", type=Path, help="the checkpoint of another run, to begin with")
    parser.add_argument("--folder", type=Path, default=Path("build/whisper"))
    options = parser.parse_args()
    train(options.folder, options.steps, options.threads, options.trained)


if __name__ == "__main__":
    main()
