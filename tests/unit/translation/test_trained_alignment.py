"""Words are linked by a model that was taught to align, and not by a head that was not."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from assistant.translation.engine import TranslationEngine
from assistant.translation.records import Hypotheses
from assistant.workers.child import CallContext
from tests.made_models.translation.library import MODELS
from tests.made_models.translation.sentences import sample

GUIDED = MODELS["en-de"]
EXAMPLES = sample(GUIDED.pair, 5, 40)


def translated(folder: Path) -> tuple[Hypotheses, ...]:
    texts = [example.source for example in EXAMPLES]
    return TranslationEngine(lambda _: None).translate(
        CallContext(), str(folder), *GUIDED.pair, texts, alignment=[True] * len(texts)
    )


def test_the_head_that_was_taught_is_believed() -> None:
    right = asked = 0
    for example, made in zip(EXAMPLES, translated(GUIDED.folder), strict=True):
        if made.texts[0] == example.target:
            asked += len(example.alignment)
            right += sum(
                any(
                    one[0] <= word[0] < one[1] and other[0] <= became[0] < other[1]
                    for one, other in made.alignment
                )
                for word, became in example.alignment
            )
    assert asked
    assert right >= 0.9 * asked


def test_another_head_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(GUIDED.folder, folder)
    weights = (folder / "model.bin").read_bytes()
    name = b"decoder/alignment_layer\0"
    at = weights.index(name) + len(name) + struct.calcsize("<BBI")
    (folder / "model.bin").write_bytes(weights[:at] + struct.pack("<h", 0) + weights[at + 2 :])
    assert not any(made.alignment for made in translated(folder))
