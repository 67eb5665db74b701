"""What is recommended to whom, and what a new data folder begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant.documents.embedder_records import EmbedderAdvice, EmbedderChoice, EmbedderState
from assistant.documents.indexing.embedder_adviser import EmbedderAdviser
from assistant.documents.records import FileSeen, Outcome, Section
from assistant.documents.store.embedders import KnownEmbedder
from assistant.documents.store.rows import NewChunk, NewPart, NewSection
from assistant.documents.store.store import Store
from tests.unit.documents.store_samples import MODEL, vector_of

BUILTIN = KnownEmbedder("built-in", "Built in", "built-in", ("en",))
E5 = EmbedderChoice("e5", "E5", "", ("mul",), EmbedderState.INSTALLED, 60.0, 500, 400)
QUESTIONS = (
    "Wie tief ist der neue Brunnen auf dem nördlichen Feld?",
    "Welche Kühe bekamen im letzten Winter Gerste zu fressen?",
    "Wann wurde der Zaun am Ufer des Flusses ausgebessert?",
    "Wie viele Gänse haben in diesem Jahr gebrütet?",
    "Welche Bäume blühen im Garten hinter dem alten Haus?",
)


def choices() -> list[EmbedderChoice]:
    return [E5]


@pytest.fixture
def add(store: Store) -> Callable[[str, int], None]:
    def add(language: str, characters: int) -> None:
        text = f"{language} " + "x" * (characters - 3)
        document = store.register([FileSeen(f"/{language}", 1, 1)])[0].document
        chunk = NewChunk(0, characters, language, "x", Store.embedding_key(text), vector_of(text))
        section = NewSection(Section(text, 1, "page 1"), (chunk,))
        store.add_batch(document, [NewPart(1, "page 1", Outcome.TEXT, None, (section,))], MODEL)

    return add


def test_a_new_data_folder_begins_with_what_speaks_its_first_documents(store: Store, add: Any) -> None:
    reading = True
    adviser = EmbedderAdviser(store, lambda: reading)
    assert adviser.beginning(BUILTIN, choices) is None  # there is nothing yet
    add("hi", 1000)
    assert adviser.beginning(BUILTIN, choices) is None  # that is little, and more comes
    add("de", 4000)
    assert adviser.beginning(BUILTIN, choices) == EmbedderAdvice("e5", "E5", True, ("de", "hi"))
    assert EmbedderAdviser(store, lambda: reading).beginning(BUILTIN, choices) is None  # it was said once


def test_few_documents_are_enough_when_no_more_come(store: Store, add: Any) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    add("hi", 100)
    assert adviser.beginning(BUILTIN, choices) is not None


@pytest.mark.parametrize("state", [EmbedderState.OFFERED, EmbedderState.READY])
def test_nothing_is_begun_that_has_to_be_got(store: Store, add: Any, state: EmbedderState) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    add("hi", 100)
    begun = adviser.beginning(BUILTIN, lambda: [replace(E5, state=state)])
    assert (begun is None) == (state is EmbedderState.OFFERED)
    advice = adviser.advice(BUILTIN, lambda: [replace(E5, state=state)])
    assert advice == EmbedderAdvice("e5", "E5", state is EmbedderState.READY, ("hi",), 1)


def test_nothing_is_begun_against_a_choice(store: Store, add: Any) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    adviser.decided()
    add("hi", 5000)
    assert adviser.beginning(BUILTIN, choices) is None
    assert adviser.advice(BUILTIN, choices) is not None


def test_nothing_is_begun_where_documents_have_been_before(store: Store, add: Any) -> None:
    add("en", 100)
    adviser = EmbedderAdviser(store, lambda: False)
    add("hi", 5000)
    assert adviser.beginning(BUILTIN, choices) is None


def test_nothing_is_begun_for_some_documents_among_others(store: Store, add: Any) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    add("en", 6000)
    add("hi", 4000)
    assert adviser.beginning(BUILTIN, choices) is None
    assert adviser.advice(BUILTIN, choices) == EmbedderAdvice("e5", "E5", True, ("hi",), 1)


def test_questions_count_when_there_are_some(store: Store, add: Any) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    add("en", 6000)
    for question in QUESTIONS[:4]:
        adviser.asked(question)
    assert adviser.advice(BUILTIN, choices) is None
    adviser.asked("2019?")
    assert adviser.advice(BUILTIN, choices) is None  # in no language
    adviser.asked(QUESTIONS[4])
    assert adviser.advice(BUILTIN, choices) == EmbedderAdvice("e5", "E5", True, ("de",), 0)
    assert adviser.advice(replace(BUILTIN, languages=("mul",)), choices) is None


def test_what_is_only_known_to_be_unknown_counts_for_nothing(store: Store, add: Any) -> None:
    adviser = EmbedderAdviser(store, lambda: False)
    add("und", 6000)
    assert adviser.beginning(BUILTIN, choices) is None
    assert adviser.advice(BUILTIN, choices) is None
