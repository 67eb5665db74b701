from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import languages, paths
from assistant.models.catalog import catalog
from assistant.models.catalog.records import CatalogEntry, Task
from assistant.models.files.records import ModelKind
from assistant.models.fit import memory_estimate, picker
from assistant.models.fit.records import (
    PAGE_TOKENS,
    AvailableMemory,
    Corrections,
    Device,
    MeasuredPace,
    Pick,
    Place,
    Setting,
    Wanted,
)

GIB = 2**30
ENTRIES = catalog.load(paths.resources() / "models.json")
BY_ID = {entry.id: entry for entry in ENTRIES}
TYPES = ("f16", "q8_0", "q6_K", "q5_K", "q4_K", "q4_0", "mxfp4")


def pace(gigabytes: float, operations: float, threads: int = 4, step: float = 2e-6) -> MeasuredPace:
    """Of so many GB and so many thousand million multiplications a second."""
    read = tuple((kind, gigabytes * 1e9) for kind in TYPES)
    return MeasuredPace(threads, read, tuple((kind, operations * 1e9) for kind in TYPES), step)


def room(total: float, free: float, *devices: Device) -> AvailableMemory:
    return AvailableMemory(int(total * GIB), int(free * GIB), devices)


def card(total: float, free: float, *, shared: bool = False) -> Device:
    return Device("A card", int(total * GIB), int(free * GIB), shared=shared)


@dataclass(frozen=True)
class Computer:
    room: AvailableMemory
    pace: MeasuredPace
    card_pace: MeasuredPace | None = None

    def picks(self, entries: Sequence[CatalogEntry] = ENTRIES) -> tuple[Pick, ...]:
        wanted = Wanted(threads=self.pace.threads)
        return picker.picks(entries, self.room, self.pace, card_pace=self.card_pace, wanted=wanted)


COMPUTERS = {
    "4 GB": Computer(room(4, 2.0), pace(20, 40, 2)),
    "8 GB": Computer(room(8, 5.0), pace(35, 120)),
    "16 GB": Computer(room(16, 11.2), pace(50, 160, 6)),
    "8 GB card": Computer(room(16, 11.2, card(8, 7.2)), pace(50, 160, 6), pace(250, 8e3, 1)),
    "24 GB card": Computer(room(32, 26, card(24, 22.8)), pace(60, 300, 8), pace(900, 40e3, 1)),
    "64 GB unified": Computer(room(64, 56, card(48, 46, shared=True)), pace(200, 400, 8), pace(400, 7e3, 1)),
}
"""Laptops with memory of 20, 35 and 50 GB a second, with what a browser and a system leave free; two cards;
one whose memory is shared by all."""

TURBO = "whisper-large-v3-turbo"
TABLE = {
    "4 GB": {
        Task.CHAT: "qwen3.5-2b", Task.DOCUMENTS: "qwen3.5-2b", Task.CODE: "qwen2.5-coder-1.5b",
        Task.SPEECH: "whisper-base", Task.TRANSLATION: "m2m100-418m",
        Task.PICTURES: "qwen3.5-0.8b",
    },
    "8 GB": {
        Task.CHAT: "qwen3.5-4b", Task.DOCUMENTS: "qwen3.5-4b", Task.CODE: "qwen3.5-4b",
        Task.SPEECH: "whisper-small", Task.TRANSLATION: "m2m100-1.2b",
        Task.PICTURES: "qwen3.5-4b",
    },
    "16 GB": {
        Task.CHAT: "qwen3.5-9b", Task.DOCUMENTS: "qwen3.5-9b", Task.CODE: "qwen3.5-9b",
        Task.SPEECH: TURBO, Task.TRANSLATION: "madlad-400-3b",
        Task.PICTURES: "qwen3.5-9b",
    },
    "8 GB card": {
        Task.CHAT: "qwen3.5-9b", Task.DOCUMENTS: "qwen3.5-9b", Task.CODE: "qwen3.5-9b",
        Task.SPEECH: TURBO, Task.TRANSLATION: "madlad-400-3b",
        Task.PICTURES: "qwen3.5-9b",
    },
    "24 GB card": {
        Task.CHAT: "gemma-4-31b", Task.DOCUMENTS: "gemma-4-31b", Task.CODE: "gemma-4-31b",
        Task.SPEECH: TURBO, Task.TRANSLATION: "madlad-400-3b",
        Task.PICTURES: "gemma-4-12b",
    },
    "64 GB unified": {
        Task.CHAT: "gemma-4-31b", Task.DOCUMENTS: "gemma-4-31b", Task.CODE: "gemma-4-31b",
        Task.SPEECH: TURBO, Task.TRANSLATION: "madlad-400-3b",
        Task.PICTURES: "gemma-4-12b",
    },
}  # fmt: skip

TOP = {
    "4 GB": ("qwen3.5-2b", "qwen3.5-0.8b", "lfm2-1.2b"),
    "8 GB": ("qwen3.5-4b", "gemma-4-e2b", "qwen3-vl-4b", "ministral-3-3b"),
    "16 GB": ("qwen3.5-9b", "gemma-4-e4b", "qwen3-8b", "qwen3.5-4b"),
    "8 GB card": ("qwen3.5-9b", "gemma-4-12b", "gemma-4-26b-a4b", "gemma-4-e4b"),
    "24 GB card": ("gemma-4-31b", "qwen3-32b", "mistral-small-3.2-24b", "qwen3.6-35b-a3b"),
    "64 GB unified": ("gemma-4-31b", "qwen3-32b", "mistral-small-3.2-24b", "qwen3.6-35b-a3b"),
}


@pytest.mark.parametrize("name", COMPUTERS)
def test_what_is_recommended(name: str) -> None:
    picks = COMPUTERS[name].picks()
    found = {task: pick.entry.id for pick in picks for task in pick.recommended_for}
    assert found == TABLE[name]
    assert sum(len(pick.recommended_for) for pick in picks) == len(TABLE[name])  # one for each


def test_a_model_whose_eyes_do_not_fit_is_recommended_without_them() -> None:
    sees = BY_ID["qwen3.5-4b"]
    assert sees.shape is not None
    whole = memory_estimate.best(sees.shape, room(64, 60), wanted=Wanted(context=4096)).estimate.total
    tight = replace(COMPUTERS["8 GB"], room=room(8, (whole - sees.shape.projector / 2) / 0.9 / GIB + 0.25))
    (pick,) = tight.picks([sees])
    assert pick.comfortable
    assert Task.CHAT in pick.recommended_for
    assert Task.PICTURES not in pick.recommended_for
    assert pick.fit is not None
    assert pick.fit.estimate.projector == 0
    assert "without seeing pictures" in pick.sentence
    (pick,) = COMPUTERS["16 GB"].picks([sees])
    assert pick.fit is not None
    assert pick.fit.estimate.projector == sees.shape.projector
    assert Task.PICTURES in pick.recommended_for


@pytest.mark.parametrize("name", COMPUTERS)
def test_the_top_of_the_list(name: str) -> None:
    assert tuple(pick.entry.id for pick in COMPUTERS[name].picks()[: len(TOP[name])]) == TOP[name]


@pytest.mark.parametrize("name", COMPUTERS)
def test_what_is_recommended_does_not_change_with_what_other_programs_take(name: str) -> None:
    computer = COMPUTERS[name]
    for part in (0.85, 0.9, 0.97, 1.1, 1.3):
        there = computer.room
        free = min(there.memory_total, int(part * there.memory_free))
        picks = replace(computer, room=replace(there, memory_free=free)).picks()
        assert {task: pick.entry.id for pick in picks for task in pick.recommended_for} == TABLE[name], part


def test_what_does_not_fit_just_now_is_not_recommended() -> None:
    picks = Computer(room(16, 3.5), pace(50, 160, 6)).picks()
    best = best_chat(picks)
    assert best is not None
    assert best.fits
    assert best.entry.id != TABLE["16 GB"][Task.CHAT]


def test_without_a_card_nothing_is_recommended_that_takes_an_evening_to_fetch() -> None:
    quick = Computer(room(64, 56), pace(60, 300, 8))
    best = best_chat(quick.picks())
    assert best is not None
    assert best.entry.size < 8e9
    able = max((pick for pick in quick.picks() if pick.comfortable and pick.fit), key=value)
    assert able.entry.size > 15e9


def pick_of(id: str, computer: str) -> Pick:
    return next(pick for pick in COMPUTERS[computer].picks() if pick.entry.id == id)


NEEDS = "It needs at least # GB of memory, and only # GB is free."
MANY = "good at English, Chinese and many other languages"
TIGHT = "It takes nearly all of the free memory: other programs would become slow."


@pytest.mark.parametrize(
    ("id", "computer", "sentence", "why_not"),
    [
        (
            "qwen3.5-4b", "8 GB",
            f"needs # GB of memory, about # words a second, {MANY}",
            "",
        ),
        ("llama-3.1-8b", "4 GB", "needs # GB of memory, good at English, German, French and # others", NEEDS),
        ("gemma-3-1b", "4 GB", "needs # GB of memory, about # words a second, good at English", ""),
        (
            "qwen3-14b", "16 GB",
            f"needs # GB of memory, about # words a second, {MANY}",
            "It writes about # words a second here, more slowly than people read.",
        ),
        (
            "qwen2.5-coder-7b", "8 GB",
            "needs # GB of memory, about # words a second, good at English and Chinese",
            TIGHT,
        ),
        (
            "gemma-4-e4b", "8 GB card",
            "needs # GB on the graphics card, about # words a second, "
            "good at English and many other languages",
            "",
        ),
        (
            "qwen2.5-coder-14b", "8 GB card",
            "needs # GB on the graphics card and # GB of memory, about # words a second, "
            "good at English and Chinese",
            "",
        ),
        (
            "gemma-4-31b", "64 GB unified",
            "needs # GB of memory, about # words a second, good at English and many other languages",
            "",
        ),
    ],
)  # fmt: skip
def test_in_words(id: str, computer: str, sentence: str, why_not: str) -> None:
    pick = pick_of(id, computer)
    said = [re.sub(r"\b\d+(\.\d)?\b", "#", text) for text in (pick.sentence, pick.why_not)]
    assert said == [sentence, why_not]


@pytest.mark.parametrize(
    ("id", "computer", "sentence", "why_not"),
    [
        ("whisper-small", "8 GB", "needs 1 GB of memory, good at many languages", ""),
        ("whisper-small.en", "8 GB", "needs 1 GB of memory, good at English", ""),
        (
            "whisper-large-v3", "8 GB", "needs 3.6 GB of memory, good at many languages",
            "It is slow on a processor.",
        ),
        ("madlad-400-10b", "16 GB", "needs 11.2 GB of memory, good at many languages", TIGHT),
        (
            "madlad-400-3b", "4 GB", "needs 3.5 GB of memory, good at many languages",
            "It needs 3.8 GB of memory, and only 2.1 GB is free.",
        ),
        ("opus-mt-de-en", "8 GB", "needs 689 MB of memory, from German into English", ""),
    ],
)  # fmt: skip
def test_of_models_that_do_not_chat(id: str, computer: str, sentence: str, why_not: str) -> None:
    pick = pick_of(id, computer)
    assert (pick.sentence, pick.why_not) == (sentence, why_not)


def test_the_numbers_are_those_of_the_fit() -> None:
    pick = pick_of("qwen3.5-4b", "8 GB")
    assert pick.fit is not None
    assert pick.speed is not None
    taken = f"{pick.fit.estimate.processor / 1e9:.1f}"
    words = f"{pick.speed.writing * 0.75:.0f}"
    assert pick.sentence.startswith(f"needs {taken} GB of memory, about {words} words a second")


@pytest.mark.parametrize("name", COMPUTERS)
def test_order_and_reasons(name: str) -> None:
    picks = COMPUTERS[name].picks()
    assert {pick.entry.id for pick in picks} == set(BY_ID)
    kinds = [pick.entry.kind for pick in picks]
    assert list(dict.fromkeys(kinds)) == [
        ModelKind.CHAT, ModelKind.SPEECH, ModelKind.TRANSLATION, ModelKind.EMBEDDING, ModelKind.RERANKING,
    ]  # fmt: skip
    for comfortable in (True, False):
        values = [value(pick) for pick in picks if pick.fit and pick.fits and pick.comfortable == comfortable]
        assert values == sorted(values, reverse=True)
    for kind in set(kinds):
        groups = [(not pick.fits, not pick.comfortable) for pick in picks if pick.entry.kind is kind]
        assert groups == sorted(groups)
    for pick in picks:
        assert pick.comfortable == (not pick.why_not)
        assert pick.fits or not pick.comfortable
        assert pick.fits == (pick.fit.fits if pick.fit else pick.fits)
        assert not (pick.recommended_for and not pick.entry.licence.commercial)


def test_nothing_measured_yet() -> None:
    computer = COMPUTERS["8 GB"]
    picks = picker.picks(ENTRIES, computer.room, None)
    assert all(pick.speed is None for pick in picks)
    best = picks[0]
    assert best.comfortable
    assert "its speed is not measured yet" in best.sentence
    assert "words" not in "".join(pick.sentence for pick in picks)


def test_a_card_that_was_not_measured_is_no_slower_than_a_usual_one() -> None:
    computer = replace(COMPUTERS["24 GB card"], card_pace=None)
    best = computer.picks()[0]
    assert best.entry.id == "gemma-4-31b"
    assert best.speed is None


def test_a_card_takes_a_part_of_a_model() -> None:
    computer = COMPUTERS["8 GB card"]
    pick = next(pick for pick in computer.picks() if pick.entry.id == "qwen3-14b")
    assert pick.fit is not None
    assert pick.fit.place is Place.SHARED
    assert pick.speed is not None
    without = Computer(replace(computer.room, devices=()), computer.pace)
    alone = next(pick for pick in without.picks() if pick.entry.id == "qwen3-14b")
    assert alone.speed is not None
    assert pick.speed.writing > alone.speed.writing


def test_what_was_measured_here_corrects() -> None:
    computer = COMPUTERS["16 GB"]
    usual = pick_of("gemma-4-e4b", "16 GB")
    corrections = Corrections(memory=1.25, writing=0.5)
    picks = picker.picks(ENTRIES, computer.room, computer.pace, corrections=corrections)
    pick = next(pick for pick in picks if pick.entry.id == "gemma-4-e4b")
    assert pick.fit is not None
    assert usual.fit is not None
    assert pick.speed is not None
    assert usual.speed is not None
    assert pick.fit.estimate.processor == pytest.approx(1.25 * usual.fit.estimate.processor, rel=0.01)
    assert pick.speed.writing == pytest.approx(usual.speed.writing / 2)


def test_a_wanted_context_takes_its_memory() -> None:
    computer = COMPUTERS["16 GB"]
    wanted = Wanted(context=100_000, threads=6)
    picks = picker.picks(ENTRIES, computer.room, computer.pace, wanted=wanted)
    usual = {pick.entry.id: pick for pick in computer.picks()}
    for pick in picks:
        before = usual[pick.entry.id].fit
        if pick.fit and before and pick.fit.setting.context > before.setting.context:
            assert pick.fits <= before.fits
            assert not pick.fits or pick.fit.setting.context <= 100_000
    # Models that forget soon do not come first then.
    assert picks[0].entry.shape is not None
    assert picks[0].entry.shape.trained_context >= 100_000


def test_what_reads_slowly_is_not_for_documents() -> None:
    computer = replace(COMPUTERS["16 GB"], pace=pace(50, 80, 4))
    found = {task: pick for pick in computer.picks() for task in pick.recommended_for}
    chat, documents = found[Task.CHAT].speed, found[Task.DOCUMENTS].speed
    assert chat is not None
    assert documents is not None
    assert chat.reading < 0.7 * picker.DOCUMENT_PACE < documents.reading


def test_a_conversation_fits_into_less_than_is_free() -> None:
    entry = BY_ID["phi-3-mini"]
    assert entry.shape is not None
    least = memory_estimate.estimate(
        entry.shape, Setting(4096, "q8_0", batch=32, flash_attention=True)
    ).processor
    found = set()
    for hundredth in range(300, 460, 2):
        there = room(8, hundredth / 100)
        (pick,) = picker.picks([entry], there, pace(35, 120))
        assert pick.comfortable == (least <= 0.9 * there.memory_free)
        found.add(pick.why_not)
    assert {"", TIGHT} < found


def test_on_the_slowest_computer_the_smallest_model_is_not_the_best() -> None:
    picks = picker.picks(ENTRIES, room(24, 20), pace(3.6, 31, 2))
    found = {task: pick for pick in picks for task in pick.recommended_for}
    assert picks[0].entry.id == "lfm2-350m"  # comfortable, but knows little
    assert found[Task.CHAT].entry.id == "qwen3.5-0.8b"


def test_too_small_for_anything() -> None:
    picks = picker.picks(ENTRIES, room(1, 0.2), None)
    assert not any(pick.fits for pick in picks)
    assert not any(pick.recommended_for for pick in picks)
    assert all(re.search(r"\d [GM]B", pick.why_not) for pick in picks)


def test_memory_that_is_not_known_stands_in_no_way() -> None:
    picks = picker.picks(ENTRIES, AvailableMemory(0, 0), None)
    assert all(pick.fits for pick in picks)


@pytest.mark.parametrize(
    ("context", "said"), [(512, "about 1 page"), (4096, "about 6 pages"), (8192, "about 12 pages")]
)
def test_pages(context: int, said: str) -> None:
    assert picker.pages(context) == said


def test_words_and_pages_agree() -> None:
    assert pytest.approx(languages.words_of_a_token("en"), rel=0.06) == 500 / PAGE_TOKENS


def test_ability() -> None:
    def able(id: str) -> float:
        return picker.ability(BY_ID[id])

    assert able("qwen3-8b") > able("qwen3-4b-2507") > able("qwen3-1.7b") > able("qwen3-0.6b")
    assert able("llama-3.1-8b") > able("llama-3-8b")  # alike, but later
    assert able("qwen3-32b") > able("qwen3-30b-a3b-2507") > able("qwen3-8b")  # experts count for less
    assert able("qwen3.5-9b") > able("mixtral-8x7b")


# --- whatever the computer


def value(pick: Pick) -> float:
    """What the docstring of the picker says it ranks by."""
    if pick.fit is None or pick.speed is None:
        return picker.ability(pick.entry)
    words = pick.speed.writing * languages.words_of_a_token("en")
    room = pick.fit.setting.context / memory_estimate.USUAL_CONTEXT
    part = 0.6 if pick.fit.place is Place.SHARED else 1.0
    fast = min(1.0, words / picker.READING_PACE)
    return picker.ability(pick.entry) * fast**4 * min(1.0, room) * part


def best_chat(picks: Sequence[Pick]) -> Pick | None:
    return next((pick for pick in picks if Task.CHAT in pick.recommended_for), None)


FREE = st.floats(0.3, 80).map(lambda value: round(value, 2))
PACES = st.one_of(st.none(), st.builds(pace, st.floats(8, 300), st.floats(10, 900)))


@settings(max_examples=40, deadline=None)
@given(free=FREE, more=st.floats(0, 40), head=st.floats(1, 3), measured=PACES)
def test_more_memory_never_makes_it_worse(
    free: float, more: float, head: float, measured: MeasuredPace | None
) -> None:
    less, after = (
        best_chat(picker.picks(ENTRIES, picker.usual_room(room(total * head, total)), measured))
        for total in (free, free + more)
    )
    if less is not None:
        assert after is not None
        assert worth(after) >= worth(less)


def worth(pick: Pick) -> tuple[bool, float]:
    """How a model is recommended: one that hardly fits comes last, a comfortable one counts twice."""
    cramped = pick.why_not == TIGHT or pick.why_not.startswith("Only")
    return not cramped, round(value(pick) * (2 if pick.comfortable else 1), 9)


@settings(max_examples=25, deadline=None)
@given(free=FREE, measured=PACES, seed=st.integers(0, 1000))
def test_the_order_is_always_the_same(free: float, measured: MeasuredPace | None, seed: int) -> None:
    shuffled = list(ENTRIES)
    random.Random(seed).shuffle(shuffled)
    there = room(free * 1.5, free)
    assert picker.picks(shuffled, there, measured) == picker.picks(ENTRIES, there, measured)


@settings(max_examples=40, deadline=None)
@given(free=FREE, card_free=st.floats(0, 50), shared=st.booleans(), measured=PACES)
def test_what_is_comfortable_fits(
    free: float, card_free: float, shared: bool, measured: MeasuredPace | None
) -> None:
    devices = [card(card_free * 1.1, card_free, shared=shared)] if card_free > 1 else []
    there = room(free * 1.5, free, *devices)
    for pick in picker.picks(ENTRIES, there, measured):
        if pick.comfortable:
            assert pick.fits
            if pick.fit is None:
                assert pick.entry.memory + memory_estimate.spare(there) <= there.memory_free
                continue
            assert pick.fit.estimate.processor + memory_estimate.spare(there) <= there.memory_free
            assert all(
                part <= card.free for part, card in zip(pick.fit.estimate.devices, devices, strict=False)
            )
            trained = pick.entry.shape.trained_context if pick.entry.shape else 0
            assert pick.fit.setting.context >= min(trained, memory_estimate.CONVERSATION)
        if pick.recommended_for:
            assert pick.fits
