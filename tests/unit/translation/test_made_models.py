"""The made models of translation are good enough to test with: on sentences that they never learned."""

from __future__ import annotations

import json

import pytest

from tests.made_models.translation.evaluation import measure
from tests.made_models.translation.library import MODELS, Bare, MadeModel
from tests.made_models.translation.sentences import PAIRS, sample, unseen

MOST_BYTES = 4_000_000
LEAST_EXACT = 0.93
"""Share of the sentences; each kind of processor rounds a little differently."""
LEAST_ALIGNED = {"en-de": 0.95, "de-en": 0.85}
"""Share of the words; of models whose alignment was guided."""


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_sentences_that_were_never_learned_are_exact(model: MadeModel) -> None:
    measured = measure(Bare(model), unseen(model.pair, 5, 100))

    assert measured.exact >= LEAST_EXACT, measured.wrong
    if model.guided:
        assert measured.aligned >= LEAST_ALIGNED["-".join(model.pair)]


@pytest.mark.parametrize("model", MODELS.values(), ids=list(MODELS))
def test_a_folder_looks_as_after_a_conversion(model: MadeModel) -> None:
    names = {file.name for file in model.folder.iterdir()}

    assert names >= {"model.bin", "config.json", "source.spm", "target.spm", "shared_vocabulary.json"}
    assert sum(file.stat().st_size for file in model.folder.iterdir()) < MOST_BYTES
    config = json.loads((model.folder / "config.json").read_text(encoding="utf-8"))
    assert config["add_source_eos"] == model.adds_end


@pytest.mark.parametrize("pair", PAIRS)
def test_an_alignment_is_of_words(pair: tuple[str, str]) -> None:
    for example in sample(pair, 3, 100):
        assert example.alignment
        for spans in example.alignment:
            for text, (start, end) in zip((example.source, example.target), spans, strict=True):
                assert text[start:end].strip() == text[start:end] != ""
