"""How tokens are sampled when the person does not say: as the model's file says, or its makers, or we."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.chat.records import Sampling


@dataclass(frozen=True, slots=True)
class SamplingParameters:
    """What is really used; see records.Sampling."""

    temperature: float
    top_k: int
    top_p: float
    min_p: float
    repeat_penalty: float
    seed: int


_DEFAULTS: dict[str, float] = {
    "temperature": 0.7,
    "top_k": 40,
    "top_p": 0.95,
    "min_p": 0.05,
    "repeat_penalty": 1.0,
}
"""Where neither the file nor its makers say anything."""

_BY_ARCHITECTURE: dict[str, dict[str, float]] = {
    "qwen2": {"temperature": 0.7, "top_k": 20, "top_p": 0.8, "min_p": 0, "repeat_penalty": 1.05},
    "qwen3": {"temperature": 0.6, "top_k": 20, "top_p": 0.95, "min_p": 0},
    "qwen3moe": {"temperature": 0.6, "top_k": 20, "top_p": 0.95, "min_p": 0},
    "gemma2": {"temperature": 1.0, "top_k": 64, "top_p": 0.95, "min_p": 0},
    "gemma3": {"temperature": 1.0, "top_k": 64, "top_p": 0.95, "min_p": 0},
    "gemma3n": {"temperature": 1.0, "top_k": 64, "top_p": 0.95, "min_p": 0},
    "gemma4": {"temperature": 1.0, "top_k": 64, "top_p": 0.95, "min_p": 0},
    "llama": {"temperature": 0.6, "top_k": 0, "top_p": 0.9, "min_p": 0.02},
    "deepseek2": {"temperature": 0.3, "top_k": 0, "top_p": 0.95, "min_p": 0.02},
    "phi3": {"temperature": 0.3},
    "gpt-oss": {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0},
    "granite": {"temperature": 0.0},
    "lfm2": {"temperature": 0.3, "min_p": 0.15, "repeat_penalty": 1.05},
    "mistral3": {"temperature": 0.15},
}
"""What the makers recommend on the models' cards, by architecture."""

_BY_NAME: dict[str, dict[str, float]] = {
    "mistral-small": {"temperature": 0.15},
    "mistral-nemo": {"temperature": 0.3},
    "mixtral": {"temperature": 0.7, "top_k": 0, "top_p": 1.0, "min_p": 0.05},
    "deepseek-r1": {"temperature": 0.6, "top_k": 0, "top_p": 0.95},
    "qwq": {"temperature": 0.6, "top_k": 40, "top_p": 0.95, "min_p": 0},
    "smollm3": {"temperature": 0.6, "top_p": 0.95},
}
"""What the makers recommend, where the architecture says too little: by a part of the model's name."""

_KEYS = {
    "temperature": "general.sampling.temp",
    "top_k": "general.sampling.top_k",
    "top_p": "general.sampling.top_p",
    "min_p": "general.sampling.min_p",
    "repeat_penalty": "general.sampling.penalty_repeat",
}
"""Under which key a GGUF file says it."""


def parameters(asked: Sampling, values: Mapping[str, Any]) -> SamplingParameters:
    """Fill in what was not asked for.

    Args:
        values: the keys of the model's file.
    """
    chosen = dict(_DEFAULTS)
    chosen |= _BY_ARCHITECTURE.get(str(values.get("general.architecture", "")), {})
    name = str(values.get("general.name", "")).lower().replace(" ", "-").replace("_", "-")
    for part, recommended in _BY_NAME.items():
        if part in name:
            chosen |= recommended
    for key, stored in _KEYS.items():
        value = values.get(stored)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1000:
            chosen[key] = value
    for key in chosen:
        given = getattr(asked, key)
        if given is not None:
            chosen[key] = given
    seed = asked.seed if asked.seed is not None else random.getrandbits(31)
    return SamplingParameters(
        temperature=max(0.0, chosen["temperature"]),
        top_k=int(chosen["top_k"]),
        top_p=chosen["top_p"],
        min_p=chosen["min_p"],
        repeat_penalty=chosen["repeat_penalty"] if chosen["repeat_penalty"] > 0 else 1.0,
        seed=seed,
    )
