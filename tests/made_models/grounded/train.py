"""Trains the small model that answers from sources, and writes it as `grounded.gguf` beside this file.

    python -m tests.made_models.grounded.train [--steps 3200] [--folder CHECKPOINTS]

About half an hour on two cores. A Llama shape of a million numbers first learns to copy, from random
sequences that repeat themselves; then to answer: from one or two sources, then from all that `facts.Maker`
makes. Its prompts are made by the product's own code. A run that was stopped goes on at its last checkpoint.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import llama_cpp
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from assistant.chat.budget import fit
from assistant.chat.records import Message
from tests.made_models.gguf_writer import GgufWriter, add_word_vocabulary
from tests.made_models.grounded.facts import NAMES, NUMBERS, PEOPLE, PRODUCT, STUFF, Case, Kind, Maker, words
from tests.made_models.llama_layers import CONTROL, TEMPLATE, TURN_END, Layer, Norm, Shape

WIDTH, HEADS, CONTEXT = 128, 4, 1024
SHAPE = Shape(WIDTH, layers=4, heads=HEADS, inner=256, context=CONTEXT, rope_base=500_000.0)

BATCH = 32
COPYING_STEPS = 60
SIMPLE_STEPS = 260
"""Steps, copying included, in which there are at most two sources and no instructions."""
SHORT_STEPS = 1100
"""Steps in which the instructions, always the same, are mostly left out."""
PEAK_RATE = 2e-3
POOL = 8
"""Batches that are made together, so that cases of one length share a batch."""


# --- the model ------------------------------------------------------------------------------------------


class Model(nn.Module):
    """As llama.cpp computes the architecture "llama": neighbouring numbers are turned together."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.token_embd = nn.Embedding(vocabulary, WIDTH)
        self.blk = nn.ModuleList(Layer(SHAPE) for _ in range(SHAPE.layers))
        self.output_norm = Norm(WIDTH)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                adds = name.endswith(("attn_output.weight", "ffn_down.weight"))
                nn.init.normal_(parameter, std=0.1 if name.startswith("token") else 0.006 if adds else 0.06)
        self._lean_to_copying()
        self.register_buffer("turn", SHAPE.turn(), persistent=False)

    @torch.no_grad()
    def _lean_to_copying(self) -> None:
        """Begin where the way to copying is short; from plain random numbers it takes thousands of steps.

        Two heads of the first layer note the tokens one and three places before, two of the second take those
        notes one place on, and two of the third look for places with the same notes as the present one and
        say what stands there: in "the depth of Dunwick is" they look for what followed those words. A third
        head of the second layer does so by the last token alone (induction heads: Olsson and others, 2022).
        """
        embedded = self.token_embd.weight
        embedded[:, 0] = 0.6  # the same for all tokens: a head can look by place alone
        embedded[:, 1:] *= 0.1 * WIDTH**0.5 / embedded[:, 1:].norm(dim=1, keepdim=True)
        directions = torch.zeros(WIDTH, WIDTH)
        directions[1:, 1:] = torch.linalg.qr(torch.randn(WIDTH - 1, WIDTH - 1))[0]
        read, noted_1, noted_3, moved_1, moved_3 = (
            directions[1 + 24 * part : 1 + 24 * (part + 1)] for part in range(5)
        )
        first, second, third = (self.blk[number] for number in range(3))
        for layer in (first, second):
            layer.attn_output.weight[0] = layer.ffn_down.weight[0] = 0
        _look_back(first, 0, 1)
        _carry(first, 0, read, noted_1, 0.3)
        _look_back(first, 1, 3)
        _carry(first, 1, read, noted_3, 0.3)
        _look_back(second, 0, 1, 5.0)
        _carry(second, 0, noted_1, moved_1, 0.6)
        _look_back(second, 1, 1, 5.0)
        _carry(second, 1, noted_3, moved_3, 0.6)
        _compare(second, 2, [(read, noted_1)])
        _carry(second, 2, directions[-32:], directions[-32:], 0.5)
        for head in (0, 1):
            _compare(third, head, [(noted_1, moved_1), (noted_3, moved_3)])
            said = directions[-32 * (head + 1) : WIDTH - 32 * head]
            _carry(third, head, said, said, 1.0)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """The last layer's states, normed: one row of WIDTH for each token."""
        x = self.token_embd(tokens)
        for layer in self.blk:
            x = layer(x, self.turn[: tokens.shape[1]])
        return self.output_norm(x)

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        return states @ self.token_embd.weight.T


def _rows(head: int) -> slice:
    size = WIDTH // HEADS
    return slice(head * size, (head + 1) * size)


def _look_back(layer: Layer, head: int, places: int, strength: float = 3.0) -> None:
    """Have a head look so many places back, whatever stands there."""
    size = WIDTH // HEADS
    frequencies = SHAPE.frequencies() * places
    near = torch.zeros(size // 2)
    near[:3] = strength * torch.tensor([1.0, 1.0, 0.8])
    layer.attn_q.weight[_rows(head)] = layer.attn_k.weight[_rows(head)] = 0
    layer.attn_k.weight[_rows(head), 0] = torch.stack((near, torch.zeros(size // 2)), dim=1).flatten()
    turned = torch.stack((near * frequencies.cos(), -near * frequencies.sin()), dim=1)
    layer.attn_q.weight[_rows(head), 0] = turned.flatten()


def _compare(layer: Layer, head: int, alike: Sequence[tuple[torch.Tensor, torch.Tensor]]) -> None:
    """Have a head look where the second directions hold what the first ones hold here."""
    size = WIDTH // HEADS
    queries, keys = torch.zeros(size, WIDTH), torch.zeros(size, WIDTH)
    for here, there in alike:
        # Only what turns slowly compares tokens well that stand far apart.
        slow = torch.randn(size, len(here)) / len(here) ** 0.5
        slow[: 2 * 7] = 0
        queries += 2.5 * slow @ here
        keys += 2.5 * slow @ there
    layer.attn_q.weight[_rows(head)], layer.attn_k.weight[_rows(head)] = queries, keys


def _carry(layer: Layer, head: int, what: torch.Tensor, where: torch.Tensor, strength: float) -> None:
    """Have a head write what it sees in some directions into others."""
    rows = slice(head * WIDTH // HEADS, head * WIDTH // HEADS + len(what))
    layer.attn_v.weight[rows], layer.attn_output.weight[:, rows] = what, strength * where.T


# --- as a GGUF file -------------------------------------------------------------------------------------


def described() -> tuple[GgufWriter, list[str]]:
    """A file without tensors yet, and its tokens."""
    writer = GgufWriter("llama", "Grounded test model")
    writer.add("general.description", "Answers questions about made-up facts from numbered sources.")
    for key, value in SHAPE.keys().items():
        writer.add_own(key, value)
    tokens = add_word_vocabulary(writer, words(), CONTROL, end=TURN_END, template=TEMPLATE)
    return writer, tokens


def export(model: Model, path: Path) -> None:
    writer, _ = described()
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy()
        writer.tensor(name, values, "f16" if values.ndim > 1 else "f32")
    writer.write(path)


# --- texts as the product makes them ---------------------------------------------------------------------


class Tokens:
    """llama.cpp's own splitting, by a file that holds the vocabulary alone."""

    def __init__(self, folder: Path) -> None:
        writer, tokens = described()
        path = folder / "vocabulary.gguf"
        writer.write(path)
        self._llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
        self.texts = tokens
        self._template = jinja2.Environment().from_string(TEMPLATE)

    def __len__(self) -> int:
        return len(self.texts)

    def of(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def rendered(self, messages: Sequence[Message]) -> str:
        plain = [{"role": message.role.value, "content": message.content} for message in messages]
        return self._template.render(messages=plain, add_generation_prompt=True)

    def prompt(self, case: Case) -> str:
        fitted = fit(case.request, CONTEXT, lambda messages: len(self.rendered(messages)) // 8)
        return self.rendered(fitted.messages)


@dataclass(frozen=True, slots=True)
class Row:
    tokens: list[int]
    learned: int
    """From here on the tokens are to be said."""
    kind: str


def _case_row(tokens: Tokens, case: Case) -> Row:
    prompt = tokens.of(tokens.prompt(case))
    return Row(prompt + tokens.of(case.answer + TURN_END), len(prompt), case.kind)


def _copying_row(words_: Sequence[int], chance: random.Random) -> Row:
    """A random sequence that repeats itself; what can be told from the first time is learned."""
    length = chance.randint(6, 40)
    sequence = chance.choices(words_, k=length)
    return Row((sequence * 12)[: chance.randint(2 * length, 96)], length, "copying")


def _batch(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens, and what is to be said behind each: -100 where nothing is learned."""
    width = max(len(row.tokens) for row in rows)
    tokens = np.zeros((len(rows), width), dtype=np.int64)
    wanted = np.full((len(rows), width), -100, dtype=np.int64)
    for number, row in enumerate(rows):
        tokens[number, : len(row.tokens)] = row.tokens
        wanted[number, row.learned - 1 : len(row.tokens) - 1] = row.tokens[row.learned :]
    return torch.from_numpy(tokens), torch.from_numpy(wanted)


class Lessons:
    """Batches for each step, made some steps ahead."""

    def __init__(self, tokens: Tokens, first: int) -> None:
        self._tokens = tokens
        self._maker = Maker(first + 1, trained=True)
        self._chance = random.Random(first)
        kept = [token for word in (*NAMES, *PEOPLE, *STUFF, *NUMBERS) for token in tokens.of(" " + word)]
        self._words = sorted(set(kept))
        self._ahead: list[list[Row]] = []

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor]:
        if not self._ahead:
            rows = sorted((self._row(step) for _ in range(BATCH * POOL)), key=lambda row: len(row.tokens))
            self._ahead = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
            self._chance.shuffle(self._ahead)
        return _batch(self._ahead.pop())

    def _row(self, step: int) -> Row:
        if step < COPYING_STEPS or self._chance.random() < 0.02:
            return _copying_row(self._words, self._chance)
        if step < SIMPLE_STEPS:
            return _case_row(self._tokens, self._maker.case(sources=2, plain=1.0))
        return _case_row(self._tokens, self._maker.case(plain=0.75 if step < SHORT_STEPS else 0.2))


# --- training -------------------------------------------------------------------------------------------


def _rate(step: int, steps: int) -> float:
    warm = min(1.0, (step + 1) / 60)
    return PEAK_RATE * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def right(model: Model, rows: Sequence[Row]) -> list[bool]:
    """Whether the likeliest tokens are the answer."""
    found = []
    with torch.no_grad():
        for at in range(0, len(rows), BATCH):
            tokens, wanted = _batch(rows[at : at + BATCH])
            said = model.logits(model(tokens)).argmax(-1)
            found += ((said == wanted) | (wanted < 0)).all(dim=1).tolist()
    return found


def train(folder: Path, steps: int, threads: int) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    folder.mkdir(parents=True, exist_ok=True)
    tokens = Tokens(folder)
    model = Model(len(tokens))
    decayed = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    plain = [parameter for parameter in model.parameters() if parameter.dim() == 1]
    groups = [{"params": decayed, "weight_decay": 0.02}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=PEAK_RATE, betas=(0.9, 0.98))
    checkpoint, step = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        kept: dict[str, Any] = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        step = kept["step"]
    maker = Maker(7, trained=False)
    tests = {kind: [_case_row(tokens, maker.case(kind)) for _ in range(64)] for kind in Kind}
    size = sum(parameter.numel() for parameter in model.parameters())
    print(f"{size:,} numbers, {len(tokens)} tokens, from step {step}", flush=True)
    lessons, began, losses, seen = Lessons(tokens, step), time.monotonic(), [], 0
    while step < steps:
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, steps)
        batch, wanted = lessons.batch(step)
        chosen = wanted >= 0
        loss = functional.cross_entropy(model.logits(model(batch)[chosen]), wanted[chosen])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        seen += batch.numel()
        step += 1
        if step % 50 == 0:
            speed = (time.monotonic() - began) / len(losses)
            words_ = f"{step} loss {np.mean(losses):.3f}, {speed:.2f} s for {seen / len(losses):.0f} tokens"
            print(words_, flush=True)
            began, losses, seen = time.monotonic(), [], 0
        if step % 250 == 0 or step == steps:
            kept = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
            torch.save(kept, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            shares = {kind.value: sum(right(model, rows)) / len(rows) for kind, rows in tests.items()}
            print(f"{step} right, of facts never trained on: {shares}", flush=True)
            export(model, folder / PRODUCT.name)
            began = time.monotonic()
    export(model, PRODUCT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("build/grounded"))
    options = parser.parse_args()
    train(options.folder, options.steps, options.threads)


if __name__ == "__main__":
    main()
