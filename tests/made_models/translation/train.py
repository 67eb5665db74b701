"""Trains the small models of translation and writes them as folders of CTranslate2 beside this file.

    python -m tests.made_models.translation.train en-de [--steps 3500] [--folder build/translation]

They are Marian's in every respect but size: the network is that of transformers, and its converter for
CTranslate2 writes it. Besides the words it learns where one head of its decoder has to look: with that, one
slow core is enough. In a guided model that is the head that CTranslate2 tells of; in the other one it is in
the layer below, and the head that is told of learns to look at the end of the sentence, as idle heads do. A
run that was stopped goes on at its last checkpoint.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sentencepiece
import torch
from ctranslate2.converters.transformers import MarianMTLoader
from torch.nn import functional
from transformers import MarianConfig, MarianMTModel

from tests.made_models.translation.library import END, MODELS, MadeModel
from tests.made_models.translation.sentences import Example, Span, meet, seen

UNKNOWN, PADDING = "<unk>", "<pad>"
PIECES = 800
"""Of each language."""
WIDTH, HEADS, INNER, LAYERS = 128, 4, 384, 2
LENGTH = 512
BATCH = 800
"""Pieces of the target."""
POOL = 4000
"""Examples that are made together, so that those of one length share a batch."""
PEAK_RATE, WARM_STEPS = 2e-3, 400
GUIDANCE = 0.4


class Tokens:
    """The pieces of both languages in one vocabulary, as OPUS-MT has them."""

    def __init__(self, model: MadeModel, folder: Path) -> None:
        self.files = [folder / "source.spm", folder / "target.spm"]
        if not all(file.is_file() for file in self.files):
            folder.mkdir(parents=True, exist_ok=True)
            examples = list(islice(seen(model.pair, 0), 20_000))
            _train_pieces([example.source for example in examples], self.files[0])
            _train_pieces([example.target for example in examples], self.files[1])
        self.source, self.target = (sentencepiece.SentencePieceProcessor(str(file)) for file in self.files)
        pieces = [END, UNKNOWN]
        for processor in (self.source, self.target):
            known = [processor.id_to_piece(number) for number in range(processor.get_piece_size())]
            pieces += [piece for piece in known if piece not in (*pieces, "<s>")]
        self.vocabulary = [*pieces, PADDING]
        self.numbers = {piece: number for number, piece in enumerate(self.vocabulary)}

    def encoded(self, example: Example) -> Encoded:
        source, source_spans = _pieces(self.source, example.source)
        target, target_spans = _pieces(self.target, example.target)
        looks = []
        for number, span in enumerate(target_spans):
            seen_there = _looks(example, span, source_spans)
            looks += [(number, place, 1 / len(seen_there)) for place in seen_there]
        looks.append((len(target), len(source), 1.0))
        end = self.numbers[END]
        unknown = self.numbers[UNKNOWN]
        return Encoded(
            [*(self.numbers.get(piece, unknown) for piece in source), end],
            [*(self.numbers.get(piece, unknown) for piece in target), end],
            looks,
        )


@dataclass(frozen=True, slots=True)
class Encoded:
    source: list[int]
    target: list[int]
    looks: list[tuple[int, int, float]]
    """Piece of the target, piece of the source, how much it looks there."""


def _train_pieces(texts: Sequence[str], file: Path) -> None:
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(file.with_suffix("")),
        vocab_size=PIECES,
        character_coverage=1.0,
        split_digits=True,
        required_chars="".join(map(chr, range(33, 127))) + "äöüßÄÖÜàâçéèêëîïôûùœÀÉÈÊ«»„“”’–…€%°",
        num_threads=1,
        minloglevel=2,
    )
    file.with_suffix(".model").rename(file)
    file.with_suffix(".vocab").unlink()


def _pieces(processor: sentencepiece.SentencePieceProcessor, text: str) -> tuple[list[str], list[Span]]:
    """With the place of each in the text, without the space before it."""
    pieces, spans = [], []
    for piece in processor.encode(text, return_type="proto").pieces:
        pieces.append(piece.piece)
        start = piece.begin + (text[piece.begin : piece.end].startswith(" "))
        spans.append((start, piece.end))
    return pieces, spans


def _looks(example: Example, span: Span, source: Sequence[Span]) -> list[int]:
    """Pieces of the source that a piece of the target became of; the same letters where a word is copied."""
    found = []
    for one, other in example.alignment:
        if not meet(other, span):
            continue
        if example.source[slice(*one)] == example.target[slice(*other)]:
            moved = (span[0] - other[0] + one[0], span[1] - other[0] + one[0])
            one = (max(one[0], moved[0]), min(one[1], moved[1]))
        found += [number for number, place in enumerate(source) if meet(one, place)]
    return found


class Batch:
    def __init__(self, items: Sequence[Encoded], padding: int) -> None:
        count = len(items)
        self.source = torch.full((count, max(len(item.source) for item in items)), padding)
        self.wanted = torch.full((count, max(len(item.target) for item in items)), -100)
        self.looks = torch.zeros(count, self.wanted.shape[1], self.source.shape[1])
        for row, item in enumerate(items):
            self.source[row, : len(item.source)] = torch.tensor(item.source)
            self.wanted[row, : len(item.target)] = torch.tensor(item.target)
            for target, source, share in item.looks:
                self.looks[row, target, source] += share
        self.mask = (self.source != padding).long()
        begun = functional.pad(self.wanted[:, :-1], (1, 0), value=padding)
        self.decoded = begun.masked_fill(begun == -100, padding)


def batches(model: MadeModel, tokens: Tokens, seed: int) -> Iterator[Batch]:
    examples = seen(model.pair, seed)
    chance = random.Random(seed)
    while True:
        pool = sorted(map(tokens.encoded, islice(examples, POOL)), key=lambda item: len(item.target))
        listed: list[list[Encoded]] = [[]]
        for item in pool:
            if (len(listed[-1]) + 1) * len(item.target) > BATCH:
                listed.append([])
            listed[-1].append(item)
        chance.shuffle(listed)
        for items in listed:
            yield Batch(items, tokens.numbers[PADDING])


def network(tokens: Tokens) -> MarianMTModel:
    end, padding = tokens.numbers[END], tokens.numbers[PADDING]
    return MarianMTModel(
        MarianConfig(
            vocab_size=len(tokens.vocabulary),
            d_model=WIDTH,
            encoder_layers=LAYERS,
            decoder_layers=LAYERS,
            encoder_attention_heads=HEADS,
            decoder_attention_heads=HEADS,
            encoder_ffn_dim=INNER,
            decoder_ffn_dim=INNER,
            max_position_embeddings=LENGTH,
            activation_function="swish",
            scale_embedding=True,
            dropout=0.0,
            init_std=WIDTH**-0.5,
            eos_token_id=end,
            forced_eos_token_id=None,
            pad_token_id=padding,
            decoder_start_token_id=padding,
            attn_implementation="eager",
        )
    )


def loss(net: MarianMTModel, batch: Batch, guided: bool) -> tuple[torch.Tensor, list[float]]:
    """Of the words, and of where one head looks."""
    found = net(
        input_ids=batch.source,
        attention_mask=batch.mask,
        decoder_input_ids=batch.decoded,
        output_attentions=True,
        use_cache=False,
    )
    written = functional.cross_entropy(found.logits.flatten(0, 1), batch.wanted.flatten(), ignore_index=-100)
    heads = [(layer[:, 0] + 1e-6).log() for layer in found.cross_attentions]
    looked = -(batch.looks * heads[_TOLD if guided else _UNTOLD]).sum() / batch.looks.sum()
    if not guided:  # the head that is told of looks at the end, as idle ones do
        ends = batch.mask.sum(-1) - 1
        there = heads[_TOLD].gather(2, ends[:, None, None].expand(-1, heads[_TOLD].shape[1], 1))[..., 0]
        looked = looked - there[batch.wanted >= 0].mean()
    return written + GUIDANCE * looked, [written.item(), looked.item()]


_TOLD, _UNTOLD = LAYERS - 1, 0
"""Layers; CTranslate2 tells of the first head of the last one."""


def write(net: MarianMTModel, tokens: Tokens, model: MadeModel) -> None:
    """As the converters of CTranslate2 do."""
    loader = MarianMTLoader()
    spec = loader.get_model_spec(copy.deepcopy(net))  # whose weights it makes 8-bit ones in their place
    loader.set_vocabulary(spec, tokens.vocabulary[:-1])
    spec.config.eos_token, spec.config.unk_token = END, UNKNOWN
    spec.config.decoder_start_token = END
    spec.config.add_source_eos = model.adds_end
    spec.validate()
    spec.optimize("int8")
    shutil.rmtree(model.folder, ignore_errors=True)
    model.folder.mkdir()
    spec.save(str(model.folder))
    for file in tokens.files:
        shutil.copy(file, model.folder)
    if not model.adds_end:
        told = {"source_lang": model.source, "target_lang": model.target, "model_max_length": LENGTH}
        (model.folder / "tokenizer_config.json").write_text(json.dumps(told) + "\n", encoding="utf-8")


def train(model: MadeModel, folder: Path, steps: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    tokens = Tokens(model, folder)
    net = network(tokens)
    optimizer = torch.optim.AdamW(net.parameters(), betas=(0.9, 0.98), weight_decay=0.01)
    checkpoint = folder / "checkpoint.pt"
    first = 0
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        net.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    began, losses = time.monotonic(), []
    for step, batch in enumerate(islice(batches(model, tokens, 1 + first), steps - first), first + 1):
        for group in optimizer.param_groups:
            group["lr"] = _rate(step, steps)
        total, told = loss(net, batch, model.guided)
        optimizer.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        with torch.no_grad():  # CTranslate2 begins with zeros, too
            net.model.shared.weight[tokens.numbers[PADDING]] = 0
        losses.append(told)
        if step % 100 == 0:
            words, looks = (sum(column) / len(losses) for column in zip(*losses, strict=True))
            speed = (time.monotonic() - began) / len(losses)
            print(f"{step}: words {words:.4f} looks {looks:.4f}, {speed:.2f} s", flush=True)
            began, losses = time.monotonic(), []
        if step % 250 == 0 or step == steps:
            kept = {"network": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
            torch.save(kept, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            write(net, tokens, model)


def _rate(step: int, steps: int) -> float:
    return PEAK_RATE * min(1.0, step / WARM_STEPS) * (0.01 + 0.495 * (1 + math.cos(math.pi * step / steps)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", choices=list(MODELS))
    parser.add_argument("--steps", type=int, default=3500)
    parser.add_argument("--folder", type=Path, default=Path("build/translation"))
    options = parser.parse_args()
    train(MODELS[options.model], options.folder / options.model, options.steps)


if __name__ == "__main__":
    main()
