"""Trains the small model that sees, with its projector, and writes both beside this file.

    python -m tests.made_models.colours.train [--steps 3000]

Half an hour on one core. The model has a Llama shape of 170,000 numbers; the projector is LLaVA's, with a
transformer over pieces of the picture and then two steps that make what the model reads. Both learn together
to say which colours are on the left and on the right of pictures, over several turns.
"""

from __future__ import annotations

import argparse
import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests.made_models.colours.pictures import (
    INSTRUCTIONS,
    MODEL,
    PROJECTOR,
    SIDE,
    Talks,
    Turn,
    TwoColours,
    words,
)
from tests.made_models.gguf_writer import GgufWriter, add_word_vocabulary
from tests.made_models.llama_layers import CONTROL, EPSILON, TEMPLATE, TURN_END, Layer, Norm, Shape

WIDTH, HEADS = 64, 4
SHAPE = Shape(WIDTH, layers=3, heads=HEADS, inner=160, context=1024, rope_base=10_000.0)
SEEN_WIDTH, SEEN_INNER, PATCH = 48, 96, 8
CELLS = (SIDE // PATCH) ** 2
"""What the model reads of a picture."""

BATCH = 48
PEAK_RATE = 3e-3


class Eyes(nn.Module):
    """As llama.cpp computes a projector of the kind "mlp", with one layer before it."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = nn.Conv2d(3, SEEN_WIDTH, PATCH, PATCH, bias=False)
        self.place = nn.Parameter(0.1 * torch.randn(CELLS, SEEN_WIDTH))
        self.ln1, self.ln2 = (nn.LayerNorm(SEEN_WIDTH, eps=EPSILON) for _ in range(2))
        self.attn_q, self.attn_k, self.attn_v, self.attn_out = (
            nn.Linear(SEEN_WIDTH, SEEN_WIDTH) for _ in range(4)
        )
        self.ffn_up, self.ffn_down = nn.Linear(SEEN_WIDTH, SEEN_INNER), nn.Linear(SEEN_INNER, SEEN_WIDTH)
        self.first, self.second = nn.Linear(SEEN_WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Pictures as numbers from -1 to 1, colours first → what the model reads."""
        x = self.patch(pictures).flatten(2).transpose(1, 2) + self.place
        rows, length, _ = x.shape
        normed = self.ln1(x)
        q, k, v = (
            project(normed).view(rows, length, HEADS, -1).transpose(1, 2)
            for project in (self.attn_q, self.attn_k, self.attn_v)
        )
        mixed = functional.scaled_dot_product_attention(q, k, v)
        x = x + self.attn_out(mixed.transpose(1, 2).reshape(rows, length, -1))
        x = x + self.ffn_down(functional.gelu(self.ffn_up(self.ln2(x)), approximate="tanh"))
        seen: torch.Tensor = self.second(functional.gelu(self.first(x), approximate="tanh"))
        return seen


class Model(nn.Module):
    """As llama.cpp computes the architecture "llama": neighbouring numbers are turned together."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.token_embd = nn.Embedding(vocabulary, WIDTH)
        nn.init.normal_(self.token_embd.weight, std=0.3)
        self.blk = nn.ModuleList(Layer(SHAPE) for _ in range(SHAPE.layers))
        self.output_norm = Norm(WIDTH)
        self.turn = SHAPE.turn()

    def forward(self, tokens: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """Logits; in place of the tokens below zero stands what is seen."""
        x = self.token_embd(tokens.clamp(min=0))
        x = x.masked_scatter((tokens < 0)[..., None], seen)
        for layer in self.blk:
            x = layer(x, self.turn[: tokens.shape[1]])
        normed: torch.Tensor = self.output_norm(x)
        return normed @ self.token_embd.weight.T


# --- as GGUF files ---------------------------------------------------------------------------------------


def described() -> GgufWriter:
    """The model's file without tensors yet."""
    writer = GgufWriter("llama", "Colours")
    writer.add("general.description", "Says which colours pictures have.")
    for key, value in SHAPE.keys().items():
        writer.add_own(key, value)
    add_word_vocabulary(writer, words(), CONTROL, end=TURN_END, template=TEMPLATE)
    return writer


def export(model: Model, eyes: Eyes, folder: Path) -> None:
    writer = described()
    for name, parameter in model.named_parameters():
        values = parameter.detach().numpy()
        writer.tensor(name, values, "f16" if values.ndim > 1 else "f32")
    writer.write(folder / MODEL.name)

    writer = GgufWriter("clip", "Colours")
    for key, value in {
        "general.type": "mmproj",
        "clip.has_vision_encoder": True,
        "clip.projector_type": "mlp",
        "clip.use_gelu": True,
        "clip.vision.image_size": SIDE,
        "clip.vision.patch_size": PATCH,
        "clip.vision.embedding_length": SEEN_WIDTH,
        "clip.vision.feed_forward_length": SEEN_INNER,
        "clip.vision.block_count": 1,
        "clip.vision.projection_dim": WIDTH,
        "clip.vision.attention.head_count": HEADS,
        "clip.vision.attention.layer_norm_epsilon": EPSILON,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
    }.items():
        writer.add(key, value)
    # Without it the last layer would be left out.
    writer.add("clip.vision.feature_layer", [1], "i32")
    names = {"patch": "v.patch_embd", "place": "v.position_embd.weight", "first": "mm.0", "second": "mm.2"}
    for name, parameter in eyes.named_parameters():
        module, _, rest = name.partition(".")
        values = parameter.detach().numpy()
        full = ".".join(filter(None, (names.get(module, f"v.blk.0.{module}"), rest)))
        writer.tensor(full, values, "f16" if values.ndim > 1 and module != "place" else "f32")
    writer.write(folder / PROJECTOR.name)


# --- texts and pictures ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    tokens: list[int]
    """-1 for what is seen."""
    said: list[bool]
    """Whether a token is one that the model is to say."""
    pictures: list[TwoColours]


class Rows:
    """Conversations as the product makes prompts of them."""

    def __init__(self, folder: Path, seed: int) -> None:
        path = folder / "vocabulary.gguf"
        described().write(path)
        self._llama = llama_cpp.Llama(str(path), vocab_only=True, verbose=False)
        self._known: dict[str, list[int]] = {}
        self._talks = Talks(seed)
        self._chance = np.random.default_rng(seed)

    @property
    def vocabulary(self) -> int:
        return int(self._llama.n_vocab())

    def _of(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._llama.tokenize(text.encode(), add_bos=False, special=True)
        return self._known[text]

    def row(self) -> Row:
        row = Row([], [], [])

        def add(tokens: Sequence[int], said: bool = False) -> None:
            row.tokens.extend(tokens)
            row.said.extend([said] * len(tokens))

        if self._chance.random() < 0.7:
            add(self._of(f"<|system|>{INSTRUCTIONS}<|end|>"))
        for turn in self._talks.talk():
            self._add(row, turn, add)
        return row

    def _add(self, row: Row, turn: Turn, add: Callable[..., None]) -> None:
        add(self._of("<|user|>"))
        for picture in turn.pictures:
            add([-1] * CELLS)
            row.pictures.append(picture)
        add(self._of(f"{turn.question}<|end|><|assistant|>"))
        add(self._of(f"{turn.answer}<|end|>"), True)

    def batch(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Tokens, what is to be said behind each (-100 where nothing is learned), and the pictures."""
        rows = [self.row() for _ in range(BATCH)]
        width = max(len(row.tokens) for row in rows)
        tokens = np.zeros((BATCH, width), dtype=np.int64)
        wanted = np.full((BATCH, width), -100, dtype=np.int64)
        for number, row in enumerate(rows):
            tokens[number, : len(row.tokens)] = row.tokens
            for place, said in enumerate(row.said):
                if said:
                    wanted[number, place - 1] = row.tokens[place]
        pixels = np.stack([each.pixels(self._chance) for row in rows for each in row.pictures])
        pictures = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1
        return torch.from_numpy(tokens), torch.from_numpy(wanted), pictures


def train(folder: Path, steps: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    with tempfile.TemporaryDirectory() as name:
        rows = Rows(Path(name), 1)
    model, eyes = Model(rows.vocabulary), Eyes()
    parameters = [*model.parameters(), *eyes.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    print(f"{sum(each.numel() for each in parameters):,} numbers, {rows.vocabulary} tokens", flush=True)
    losses: list[float] = []
    right: list[float] = []
    began = time.monotonic()
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = PEAK_RATE * min(1.0, step / 100) * 0.5 * (1.02 + math.cos(math.pi * step / steps))
        tokens, wanted, pictures = rows.batch()
        logits = model(tokens, eyes(pictures).flatten(0, 1))
        loss = functional.cross_entropy(logits[wanted >= 0], wanted[wanted >= 0])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        losses.append(loss.item())
        right.append(((logits.argmax(-1) == wanted) | (wanted < 0)).all(dim=1).float().mean().item())
        if step % 100 == 0:
            seconds = (time.monotonic() - began) / step
            print(
                f"{step} loss {np.mean(losses):.4f}, whole talks right {np.mean(right):.3f}, {seconds:.3f} s",
                flush=True,
            )
            losses.clear()
            right.clear()
        if step % 1000 == 0:
            export(model, eyes, folder)
    export(model, eyes, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--folder", type=Path, default=MODEL.parent)
    options = parser.parse_args()
    train(options.folder, options.steps)


if __name__ == "__main__":
    main()
