from __future__ import annotations

from assistant.chat.llama.sampling import parameters
from assistant.chat.records import Sampling


def test_what_was_asked_for_comes_first_then_the_file_then_the_family_then_ours() -> None:
    ours = parameters(Sampling(seed=1), {"general.architecture": "new"})
    assert (ours.temperature, ours.top_k, ours.top_p, ours.min_p, ours.seed) == (0.7, 40, 0.95, 0.05, 1)
    family = parameters(Sampling(), {"general.architecture": "gemma3"})
    assert (family.temperature, family.top_k) == (1.0, 64)
    values = {"general.architecture": "gemma3", "general.sampling.temp": 0.2, "general.sampling.top_k": 7}
    file = parameters(Sampling(), values)
    assert (file.temperature, file.top_k, file.top_p) == (0.2, 7, 0.95)
    asked = parameters(Sampling(temperature=0.0, repeat_penalty=1.2), values)
    assert (asked.temperature, asked.top_k, asked.repeat_penalty) == (0.0, 7, 1.2)


def test_by_name() -> None:
    values = {"general.architecture": "llama", "general.name": "Mistral Nemo Instruct 2407"}
    assert parameters(Sampling(), values).temperature == 0.3


def test_impossible_values_of_a_file_are_not_used() -> None:
    for value in (-1.0, float("nan"), float("inf"), "hot", True, 10**9):
        assert parameters(Sampling(), {"general.sampling.temp": value}).temperature == 0.7
    assert parameters(Sampling(repeat_penalty=0.0), {}).repeat_penalty == 1.0


def test_without_a_seed_each_time_another() -> None:
    assert len({parameters(Sampling(), {}).seed for _ in range(8)}) > 1
