"""A model has one name that people know it by, however its file is called."""

from __future__ import annotations

import pytest

from assistant.models.files.model_names import model_name, stem, with_quantisation


def values(name: str, **other: str) -> dict[str, str]:
    return {"general.name": name, **{f"general.{key}": value for key, value in other.items()}}


@pytest.mark.parametrize(
    ("metadata", "file", "name"),
    [
        (values("Qwen2.5 Coder 0.5B Instruct AWQ"), "x.gguf", "Qwen2.5 Coder 0.5B Instruct"),
        (
            values("Qwen2.5 Coder 1.5B Instruct GGUF", size_label="1.5B"),
            "x.gguf",
            "Qwen2.5 Coder 1.5B Instruct",
        ),
        (values("Gemma 3 270m"), "gemma-3-270m-q4_k_m.gguf", "Gemma 3 270M"),
        (values("qwen2.5-0.5b-instruct"), "x.gguf", "Qwen2.5 0.5B Instruct"),
        (values("Meta-Llama-3.1-8B-Instruct"), "x.gguf", "Meta Llama 3.1 8B Instruct"),
        (values("Phi 3 Mini", size_label="3.8B"), "x.gguf", "Phi 3 Mini 3.8B"),
        (values("Mixtral 8x7b Instruct"), "x.gguf", "Mixtral 8x7B Instruct"),
        (
            values("", basename="SmolLM2", size_label="135M", finetune="Instruct"),
            "x.gguf",
            "SmolLM2 135M Instruct",
        ),
        (values("/home/me/models/merged"), "my-model-7b.Q4_K_M.gguf", "My Model 7B"),
        (values("model"), "granite-3.3-2b-instruct-Q4_K_M.gguf", "Granite 3.3 2B Instruct"),
        (values("Model 1"), "Tiny-1B-00001-of-00003.gguf", "Tiny 1B"),
        ({}, "日本.gguf", "日本"),
        ({}, "q4_0.gguf", "q4_0"),
        (values("  Two \n lines "), "x.gguf", "Two lines"),
    ],
)
def test_the_name_of_a_model(metadata: dict[str, str], file: str, name: str) -> None:
    assert model_name(metadata, file) == name


def test_variants_are_told_apart() -> None:
    assert with_quantisation("Tiny 1B", "tiny-1b-q8_0.gguf") == "Tiny 1B (Q8_0)"
    assert with_quantisation("Tiny 1B", "other.gguf") == "Tiny 1B (other)"
    assert stem("Tiny-1B-Q4_K_M-00001-of-00002.GGUF") == "Tiny-1B-Q4_K_M"
