"""How the next token is sampled, by llama.cpp.

`lib` is the module of bindings; it is imported in engine.py alone and handed in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.chat.llama.bindings import Context, Model
from assistant.chat.llama.sampling import SamplingParameters

_PENALTY_TOKENS = 64
"""How many tokens back a repetition counts."""


class Sampler:
    """Samples the next token from what a context gives."""

    def __init__(self, lib: Any, model: Model, parameters: SamplingParameters, before: Sequence[int]) -> None:
        """Args:
        before: the end of the prompt, where repetition counts.
        """
        self._lib = lib
        chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        steps = []
        if parameters.repeat_penalty != 1.0:
            if parameters.repeat_penalty > 1 and (parameters.top_k > 0 or parameters.temperature <= 0):
                # So many cannot all be penalised; to look for each of the vocabulary among them takes long.
                likeliest = parameters.top_k if parameters.temperature > 0 else 1
                steps.append(lib.llama_sampler_init_top_k(likeliest + _PENALTY_TOKENS))
            steps.append(
                lib.llama_sampler_init_penalties(
                    model.token_count, _PENALTY_TOKENS, parameters.repeat_penalty, 0.0, 0.0
                )
            )
        if parameters.temperature <= 0:
            steps.append(lib.llama_sampler_init_greedy())
        else:
            if parameters.top_k > 0:
                steps.append(lib.llama_sampler_init_top_k(parameters.top_k))
            if parameters.top_p < 1:
                steps.append(lib.llama_sampler_init_top_p(parameters.top_p, 1))
            if parameters.min_p > 0:
                steps.append(lib.llama_sampler_init_min_p(parameters.min_p, 1))
            steps.append(lib.llama_sampler_init_temp(parameters.temperature))
            steps.append(lib.llama_sampler_init_dist(parameters.seed & 0xFFFFFFFF))
        for step in steps:
            lib.llama_sampler_chain_add(chain, step)
        self._chain = chain
        if parameters.repeat_penalty != 1.0:
            for token in before[-_PENALTY_TOKENS:]:
                lib.llama_sampler_accept(chain, token)

    def sample(self, context: Context, index: int = -1) -> int:
        """The token after the `index`-th of those that were read last."""
        return int(self._lib.llama_sampler_sample(self._chain, context.pointer, index))

    def close(self) -> None:
        self._lib.llama_sampler_free(self._chain)
