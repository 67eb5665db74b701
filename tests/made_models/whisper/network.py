"""Whisper's network in small, with the names of its weights as transformers' Whisper has them.

Windows may be shorter than 30 s here: of the empty positions behind them a few then stand for all, each
counted as often as it stands for others, so that what is heard is what a whole window would give, at a
fraction of the cost. Besides its states the network gives what training alone needs: the class of every
position, and where the decoder looks.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

MELS, WIDTH, HEADS, INNER = 80, 64, 4, 256
ENCODER_LAYERS, DECODER_LAYERS = 4, 3
POSITIONS, LENGTH = 1500, 448
"""Of the encoder, 20 ms each; of the decoder, tokens."""
TIME_TAGS = 1501
SAMPLED = 32
"""Empty positions that stand for all behind a shorter window."""


class Heard(NamedTuple):
    logits: torch.Tensor
    """What follows each chosen token."""
    classes: torch.Tensor
    """Which word is being said at each position."""
    looks: list[torch.Tensor]
    """Of each layer of the decoder: [row, head, token, position], each a distribution."""


class Places(NamedTuple):
    """Which of the 1,500 positions the encoder hears, and the logarithm of how many each stands for."""

    positions: torch.Tensor
    counts: torch.Tensor


def places(length: int, whole: int = POSITIONS) -> Places:
    """All of a window of so many positions, and a sample of those behind it."""
    heard, left = torch.arange(length), whole - length
    sampled = min(SAMPLED, left)
    if not sampled:
        return Places(heard, torch.zeros(length))
    steps = (torch.arange(sampled) + torch.rand(sampled)) * left / sampled
    counts = torch.full((sampled,), math.log(left / sampled))
    return Places(torch.cat((heard, length + steps.long())), torch.cat((torch.zeros(length), counts)))


def sinusoids(length: int) -> torch.Tensor:
    half = WIDTH // 2
    scales = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(half))
    angles = torch.arange(length)[:, None] * scales
    return torch.cat((angles.sin(), angles.cos()), dim=1)


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.k_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.v_proj, self.q_proj, self.out_proj = (nn.Linear(WIDTH, WIDTH) for _ in range(3))

    def forward(self, x: torch.Tensor, counts: torch.Tensor | None = None) -> torch.Tensor:
        """Of x to itself: to all of it, each counted so often, or, without counts, to what came before."""
        q, k, v = self._heads(self.q_proj(x)), self._heads(self.k_proj(x)), self._heads(self.v_proj(x))
        mask = None if counts is None else counts.expand(x.shape[1], -1)
        attend = functional.scaled_dot_product_attention
        return self._joined(attend(q, k, v, attn_mask=mask, is_causal=counts is None))

    def looking(
        self, x: torch.Tensor, seen: torch.Tensor, counts: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        q, k, v = self._heads(self.q_proj(x)), self._heads(self.k_proj(seen)), self._heads(self.v_proj(seen))
        looks = (q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + counts).softmax(-1)
        return self._joined(looks @ v), looks

    def _heads(self, x: torch.Tensor) -> torch.Tensor:
        return x.view(*x.shape[:2], HEADS, -1).transpose(1, 2)

    def _joined(self, x: torch.Tensor) -> torch.Tensor:
        return self.out_proj(x.transpose(1, 2).flatten(2))


class EncoderLayer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.self_attn, self.self_attn_layer_norm = Attention(), nn.LayerNorm(WIDTH)
        self.fc1, self.fc2 = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
        x = x + self.self_attn(self.self_attn_layer_norm(x), counts)
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x))))


class DecoderLayer(EncoderLayer):
    def __init__(self) -> None:
        super().__init__()
        self.encoder_attn, self.encoder_attn_layer_norm = Attention(), nn.LayerNorm(WIDTH)

    def decode(
        self, x: torch.Tensor, sound: torch.Tensor, counts: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = x + self.self_attn(self.self_attn_layer_norm(x))
        found, looks = self.encoder_attn.looking(self.encoder_attn_layer_norm(x), sound, counts)
        x = x + found
        return x + self.fc2(functional.gelu(self.fc1(self.final_layer_norm(x)))), looks


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(MELS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(POSITIONS, WIDTH)
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(ENCODER_LAYERS))
        self.layer_norm = nn.LayerNorm(WIDTH)
        self.embed_positions.weight = nn.Parameter(sinusoids(POSITIONS), requires_grad=False)

    def forward(self, features: torch.Tensor, places: Places) -> torch.Tensor:
        x = functional.gelu(self.conv2(functional.gelu(self.conv1(features)))).transpose(1, 2)
        x = x + self.embed_positions(places.positions)
        for layer in self.layers:
            x = layer(x, places.counts)
        return self.layer_norm(x)


class Decoder(nn.Module):
    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, WIDTH)
        self.embed_positions = nn.Embedding(LENGTH, WIDTH)
        self.layers = nn.ModuleList(DecoderLayer() for _ in range(DECODER_LAYERS))
        self.layer_norm = nn.LayerNorm(WIDTH)
        with torch.no_grad():
            self.embed_tokens.weight.normal_(std=0.15)
            # A time tag begins as the position that it names, so that a time can be read off the sound.
            self.embed_tokens.weight[-TIME_TAGS:] = 0.25 * sinusoids(TIME_TAGS)
            self.embed_positions.weight.copy_(0.15 * sinusoids(LENGTH))

    def forward(
        self, tokens: torch.Tensor, sound: torch.Tensor, counts: torch.Tensor
    ) -> tuple[torch.Tensor, list[torch.Tensor]]:
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        looks = []
        for layer in self.layers:
            x, look = layer.decode(x, sound, counts)
            looks.append(look)
        return self.layer_norm(x), looks


class Network(nn.Module):
    def __init__(self, vocabulary: int, classes: int) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder(vocabulary)
        self.classify = nn.Linear(WIDTH, classes)

    def forward(
        self, features: torch.Tensor, places: Places, tokens: torch.Tensor, chosen: torch.Tensor
    ) -> Heard:
        """
        Args:
            features: [row, mel, frame of 10 ms], two frames for each of the places.
            tokens: [row, token].
            chosen: of which tokens the logits are wanted, [row, token].
        """
        sound = self.encoder(features, places)
        states, looks = self.decoder(tokens, sound, places.counts)
        return Heard(states[chosen] @ self.decoder.embed_tokens.weight.T, self.classify(sound), looks)
