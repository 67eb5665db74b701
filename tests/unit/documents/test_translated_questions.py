"""Questions that are translated for the search, and asked as they stand where that cannot be."""

from __future__ import annotations

from typing import Any

from assistant.documents.grounded_records import Evidence
from assistant.documents.records import EVERYWHERE, Answer, ForeignQuestion, Quote, Scope
from assistant.documents.translated_questions import TranslatedQuestions
from assistant.workers.run import Run, Steps

GERMAN, ENGLISH = "Wie hoch ist der Turm?", "How high is the tower?"
QUOTE = Quote(1, 1.0, 1, "/a.txt", "a.txt", 1, "page 1", (), "The tower is 40 m high.", (), 1, 0, 23)


class Documents:
    """English ones, in which `found` questions are answered."""

    def __init__(self, *found: str) -> None:
        self.found = found
        self.asked: list[str] = []

    def __call__(self, method: str, question: str, scope: Scope) -> Run[Any]:
        self.asked.append(question)
        foreign = ForeignQuestion("de", "en") if question == GERMAN else None
        quotes = (QUOTE,) if question in self.found else ()
        answer = Answer(question, quotes, 0.1, foreign=foreign)
        language = "de" if foreign else "en"
        result = answer if method == "ask" else Evidence(answer, (), (), language, task=False)
        return Run.derived(lambda _: result)


def test_it_is_searched_in_the_language_of_the_documents() -> None:
    asked: list[tuple[str, str, str]] = []

    def translate(*question: str) -> str:
        asked.append(question)  # type: ignore[arg-type]
        return ENGLISH

    documents = Documents(ENGLISH)
    questions = TranslatedQuestions(documents, translate)
    answer = questions.ask(Steps(None), GERMAN, EVERYWHERE)
    assert asked == [(GERMAN, "de", "en")]
    assert answer.question == GERMAN
    assert answer.quotes == (QUOTE,)
    assert answer.note == f"Searched in English: “{ENGLISH}”"
    evidence = questions.evidence(Steps(None), GERMAN, EVERYWHERE)
    assert evidence.language == "de"  # in which the answer is to be
    assert evidence.answer.quotes == (QUOTE,)


def test_it_is_searched_as_it_stands_where_that_is_no_better() -> None:
    for translated in (ENGLISH, None):
        documents = Documents(GERMAN)
        answer = TranslatedQuestions(documents, lambda *_, made=translated: made).ask(
            Steps(None), GERMAN, EVERYWHERE
        )
        assert (answer.question, answer.quotes, answer.note) == (GERMAN, (QUOTE,), "")
    assert TranslatedQuestions(Documents(), None).ask(Steps(None), GERMAN, EVERYWHERE).quotes == ()


def test_a_question_that_is_no_stranger_is_asked_once() -> None:
    documents = Documents(ENGLISH)
    answer = TranslatedQuestions(documents, lambda *_: "").ask(Steps(None), ENGLISH, EVERYWHERE)
    assert documents.asked == [ENGLISH]
    assert not answer.note
