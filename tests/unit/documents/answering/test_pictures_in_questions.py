"""A question about documents that comes with a picture: what is searched, and what may be answered."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.chat.records import Completion, Finish, Message, MessagePicture, Request, Role, Source
from assistant.documents.answering.generative import GenerativeAnswerer
from assistant.documents.grounded_records import CheckedText, Evidence, GroundedAnswer
from assistant.documents.records import Answer, Scope
from assistant.errors import Problem
from assistant.workers.run import Run
from tests.gui.chat_doubles import model

SOURCE = Source(1, "r.pdf", ("Debt was 1.9.",), (0,))
ABSENT = Problem("not-found", "as-told", {"message": "Nothing was found.", "hint": ""})


class Documents:
    """Finds `sources`, and finds what a model wrote borne out by nothing."""

    def __init__(self, *sources: Source) -> None:
        self.sources = sources
        self.asked: list[str] = []
        self.told: list[str] = []

    def evidence(self, question: str, scope: Scope) -> Run[Evidence]:
        self.asked.append(question)
        answer = Answer(question, (), 0.0, absence=None if self.sources else ABSENT)
        found = Evidence(answer, self.sources, ((),) * len(self.sources), "en", False)
        return Run.derived(lambda _: found)

    def check_claims(self, text: str, sources: Any, question: str, told: str = "") -> Run[CheckedText]:
        self.told.append(told)
        return Run.derived(lambda _: CheckedText(text, (), absent=True))


class Chat:
    loaded = model(parameters=7_000_000_000, sees=True)

    def __init__(self) -> None:
        self.requests: list[Request] = []

    def complete(self, request: Request, *, on_report: Any = None) -> Run[Completion]:
        self.requests.append(request)
        done = Completion("A red square.", "", Finish.END, 9, 0, 4, 0, 1.0, 1.0, 0, 0, 4096, (1,), 0, False)
        return Run.derived(lambda _: done)


def ask(documents: Documents, chat: Chat, message: Message, question: str) -> GroundedAnswer:
    answerer = GenerativeAnswerer(documents, chat)  # type: ignore[arg-type]
    return answerer.ask(Request("", (message,)), question=question).result(10)


SEEN = Message(Role.USER, "What is this?", (MessagePicture("/p/a.png", 30, 20),))
READ = Message(Role.USER, "[Text recognised in the picture:]\nTotal 12.40\n\nWhat is this?")


@pytest.mark.parametrize("sources", [(), (SOURCE,)])
def test_a_picture_that_is_seen_may_answer_what_the_documents_do_not(sources: tuple[Source, ...]) -> None:
    documents, chat = Documents(*sources), Chat()
    answer = ask(documents, chat, SEEN, "What is this?")
    assert (answer.checked.text, answer.refused) == ("A red square.", False)
    assert chat.requests[0].messages[-1].pictures == SEEN.pictures


def test_the_question_is_searched_and_the_text_of_the_picture_was_told() -> None:
    documents, chat = Documents(SOURCE), Chat()
    ask(documents, chat, READ, "What is this?")
    assert documents.asked == ["What is this?"]
    assert "Total 12.40" in documents.told[0]
    assert chat.requests[0].messages[-1].content == READ.content


def test_without_a_picture_the_documents_alone_answer() -> None:
    documents, chat = Documents(), Chat()
    answer = ask(documents, chat, Message(Role.USER, "What is this?"), "")
    assert answer.refused
    assert chat.requests == []
