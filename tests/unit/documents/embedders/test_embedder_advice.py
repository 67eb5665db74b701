"""When another embedder is recommended, and which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.documents.embedder_records import EmbedderChoice, EmbedderState
from assistant.documents.embedders.embedder_advice import best, unspoken
from assistant.documents.embedders.embedder_estimate import BUILTIN_SHAPE, EmbedderShape, memory, seconds

ENGLISH = ("en",)
E5_SMALL = EmbedderShape(12, 384, 1536, 250_037)
E5_BASE = EmbedderShape(12, 768, 3072, 250_002)

BUILTIN = EmbedderChoice("built-in", "Built in", "", ("en",), EmbedderState.ACTIVE, 0.0, 200, 90)
GERMAN = replace(BUILTIN, id="german", languages=("de", "fr"), state=EmbedderState.READY, memory=300)
MANY = replace(BUILTIN, id="many", languages=("mul",), state=EmbedderState.OFFERED, memory=500)
LARGE = replace(MANY, id="large", memory=900)


@pytest.mark.parametrize(
    ("spoken", "amounts", "languages"),
    [
        (ENGLISH, {}, ()),
        (ENGLISH, {"en": 1000}, ()),
        (ENGLISH, {"en": 900, "de": 100}, ()),
        (ENGLISH, {"en": 800, "de": 200}, ("de",)),
        (ENGLISH, {"en": 700, "hi": 100, "de": 200}, ("de", "hi")),
        (ENGLISH, {"en": 780, "de": 210, "la": 10}, ("de",)),  # so little Latin is none
        (ENGLISH, {"de": 5, "hi": 5}, ("de", "hi")),
        (("en", "de"), {"en": 10, "de": 900}, ()),
        (("mul",), {"hi": 1000}, ()),
        ((), {"hi": 1000}, ()),  # nobody knows what it speaks
    ],
)
def test_languages_that_are_not_spoken(
    spoken: tuple[str, ...], amounts: dict[str, int], languages: tuple[str, ...]
) -> None:
    assert unspoken(spoken, amounts, 0.2) == languages


def test_one_that_is_here_is_better_than_one_to_be_got_and_a_light_one_than_a_heavy_one() -> None:
    here = replace(LARGE, id="here", state=EmbedderState.INSTALLED)
    assert best([BUILTIN, MANY, LARGE], ["hi"]) == MANY
    assert best([BUILTIN, LARGE, MANY, here], ["hi"]) == here
    assert best([BUILTIN, MANY, GERMAN], ["de"]) == GERMAN
    assert best([BUILTIN, MANY, GERMAN], ["de", "hi"]) == GERMAN  # it is here, and speaks most of it
    assert best([BUILTIN, replace(MANY, state=EmbedderState.READY), GERMAN], ["de", "hi"]) != GERMAN
    assert best([BUILTIN, GERMAN], ["hi"]) is None
    assert best([replace(MANY, state=EmbedderState.ACTIVE)], ["hi"]) is None


def test_time_grows_with_the_layers_and_the_vocabulary() -> None:
    assert seconds(3000, BUILTIN_SHAPE, BUILTIN_SHAPE, 30.0) == pytest.approx(100)
    small = seconds(3000, E5_SMALL, BUILTIN_SHAPE, 30.0)
    assert 2.3 < small / 100 < 3.1  # measured: 2.6 times
    assert seconds(3000, E5_BASE, BUILTIN_SHAPE, 30.0) > 3 * small
    assert seconds(3000, BUILTIN_SHAPE, E5_SMALL, 3000 / small) == pytest.approx(100)
    assert seconds(0, E5_BASE, BUILTIN_SHAPE, 30.0) == 0


def test_memory_is_about_what_was_measured() -> None:
    assert 80 < memory(BUILTIN_SHAPE) / 2**20 < 110
    assert 420 < memory(E5_SMALL) / 2**20 < 500
    assert memory(E5_BASE) > memory(E5_SMALL) + 100 * 2**20
