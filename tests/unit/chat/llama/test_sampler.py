"""Draws with the engine's own samplers, from made-up logits."""

from __future__ import annotations

import ctypes
import random
from types import SimpleNamespace
from typing import Any

import llama_cpp as lib
import pytest

from assistant.chat.llama.sampler import Sampler
from assistant.chat.llama.sampling import SamplingParameters

TOKENS = 2000


def candidates(logits: list[float]) -> Any:
    """llama_token_data_array"""
    data = (lib.llama_token_data * TOKENS)(
        *(lib.llama_token_data(number, logit, 0.0) for number, logit in enumerate(logits))
    )
    return lib.llama_token_data_array(data, TOKENS, -1, False), data


def left(chain: int, logits: list[float]) -> dict[int, float]:
    """What a chain of samplers leaves to draw from, each with its chance."""
    array, kept = candidates(logits)
    lib.llama_sampler_apply(chain, ctypes.byref(array))
    assert len(kept) == TOKENS
    return {array.data[each].id: round(array.data[each].p, 5) for each in range(array.size)}


def plain(parameters: SamplingParameters, before: list[int]) -> int:
    """Penalties first, over all tokens: the order of the steps as it is usually given."""
    chain: int = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
    steps = [lib.llama_sampler_init_penalties(TOKENS, 64, parameters.repeat_penalty, 0.0, 0.0)]
    if parameters.top_k:
        steps.append(lib.llama_sampler_init_top_k(parameters.top_k))
    steps += [
        lib.llama_sampler_init_top_p(parameters.top_p, 1),
        lib.llama_sampler_init_temp(parameters.temperature),
        lib.llama_sampler_init_dist(parameters.seed),
    ]
    for step in steps:
        lib.llama_sampler_chain_add(chain, step)
    for token in before:
        lib.llama_sampler_accept(chain, token)
    return chain


@pytest.mark.parametrize("penalty", [0.8, 1.05, 3.0])
@pytest.mark.parametrize("top_k", [0, 1, 20])
def test_a_penalty_that_looks_only_at_the_likeliest_leaves_the_same(top_k: int, penalty: float) -> None:
    parameters = SamplingParameters(0.7, top_k, 0.9, 0.0, penalty, 5)
    for seed in range(20):
        chance = random.Random(seed)
        logits = [chance.gauss(0, 4) for _ in range(TOKENS)]
        likeliest = sorted(range(TOKENS), key=lambda token: -logits[token])
        before = likeliest[: chance.randrange(1, 64)] + chance.sample(range(TOKENS), 5)
        sampler = Sampler(lib, SimpleNamespace(token_count=TOKENS), parameters, before)  # type: ignore[arg-type]
        usual = plain(parameters, before[-64:])
        try:
            found = left(sampler._chain, logits)
            assert found == left(usual, logits) != {}
        finally:
            sampler.close()
            lib.llama_sampler_free(usual)


def test_without_chance_the_likeliest_after_its_penalty_is_taken() -> None:
    logits = [0.0] * TOKENS
    logits[7], logits[8] = 2.0, 1.9
    parameters = SamplingParameters(0.0, 0, 1.0, 0.0, 1.2, 5)
    for before, taken in (([], 7), ([7], 8), ([7, 8], 7)):
        sampler = Sampler(lib, SimpleNamespace(token_count=TOKENS), parameters, before)  # type: ignore[arg-type]
        array, kept = candidates(logits)
        lib.llama_sampler_apply(sampler._chain, ctypes.byref(array))
        assert array.data[array.selected].id == taken, len(kept)
        sampler.close()
