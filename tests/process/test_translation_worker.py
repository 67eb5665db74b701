"""The translation worker, a real process with a trained model."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import Cancelled, ModelUnusable, NoModel, WorkerError
from assistant.translation.model_sentences import ModelSentences
from assistant.translation.records import EngineChoice, Hop, Hypotheses, SentenceDone
from assistant.translation.sentence_engine import Hints
from assistant.translation.service import TranslationService
from assistant.workers.run import Run
from tests.made_models import random_translators as made
from tests.made_models.translation.library import MODELS

PATIENCE = 60.0
SENTENCES = [
    "The dog sleeps.",
    "There are 14 cars in the garden.",
    "The old letter is good.",
    "The teacher reads the letter.",
]


def hop(folder: Path, source: str = "en", target: str = "de") -> Hop:
    return Hop(EngineChoice(str(folder), folder.name, False), source, target)


GERMAN = hop(MODELS["en-de"].folder)


@pytest.fixture
def service() -> Iterator[TranslationService]:
    service = TranslationService()
    yield service
    service.close()


def aligned(source: str, made: Hypotheses) -> set[tuple[str, str]]:
    return {(source[slice(*one)], made.texts[0][slice(*other)]) for one, other in made.alignment}


def test_sentences_are_translated_and_their_words_linked(service: TranslationService) -> None:
    told: list[SentenceDone] = []
    hints = [Hints(alignment=True)] * len(SENTENCES)
    found = Run.derived(
        lambda steps: ModelSentences(service).translate(
            steps, GERMAN, SENTENCES, hints=hints, on_done=lambda *done: told.append(SentenceDone(*done))
        )
    ).result(PATIENCE)
    assert found[0].texts == ("Der Hund schläft.",)
    assert ("dog", "Hund") in aligned(SENTENCES[0], found[0])
    assert ("14", "14") in aligned(SENTENCES[1], found[1])
    assert sorted(done.index for done in told) == [0, 1, 2, 3]
    assert all(found[done.index] == done.hypotheses for done in told)


def test_a_stop_stops_and_what_is_unusable_says_why(service: TranslationService, tmp_path: Path) -> None:
    began = threading.Event()
    run = service.translate(
        GERMAN, [f"{SENTENCES[1]} {number}" for number in range(4_000)], on_report=lambda _: began.set()
    )
    assert began.wait(PATIENCE)
    pid = service.pid
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(PATIENCE)
    short = made.marian(tmp_path / "short")
    (short / "shared_vocabulary.json").write_text('["</s>", "<unk>", "▁a"]')
    for folder, error, reason in (
        (tmp_path / "gone", NoModel, "no-translation-model-folder"),
        (tmp_path, ModelUnusable, "not-translation-model"),
        (short, ModelUnusable, "translation-vocabulary-differs"),
    ):
        with pytest.raises(error) as caught:
            service.translate(hop(folder), ["a"]).result(PATIENCE)
        assert caught.value.problem.reason == reason
    assert service.translate(GERMAN, SENTENCES[:1]).result(PATIENCE)[0].texts == ("Der Hund schläft.",)
    assert service.pid == pid


@pytest.mark.allow_log(r"The translation worker")
def test_after_a_crash_the_next_call_works(service: TranslationService) -> None:
    began = threading.Event()
    run = service.translate(
        GERMAN, [f"{SENTENCES[1]} {number}" for number in range(4_000)], on_report=lambda _: began.set()
    )
    assert began.wait(PATIENCE)
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    with pytest.raises(WorkerError):
        run.result(PATIENCE)
    (analysed,) = service.analyse(["Der Hund schläft im Garten. Er ist alt."]).result(PATIENCE)
    assert analysed.language == "de"
    assert len(analysed.sentences) == 2
    assert service.translate(GERMAN, SENTENCES[:1]).result(PATIENCE)[0].texts == ("Der Hund schläft.",)
