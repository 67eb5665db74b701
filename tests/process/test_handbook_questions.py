"""The questions that are offered to somebody new, asked of the handbook as it is: the first quote answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import paths
from assistant.chat.records import Completion, Finish, Message, Request, Role
from assistant.documents.answering.generative import GenerativeAnswerer
from assistant.documents.records import HANDBOOK_COLLECTION, Scope
from assistant.documents.service import DocumentsService
from assistant.workers.run import Run
from ui.documents.handbook_questions import handbook_questions

ANSWERS = {
    "What leaves my computer?": "Nothing leaves your computer",
    "Which file formats can be read?": "These file formats can be read:",
    "Can scans and photographs be searched?": "Yes. Scans and photographs can be searched",
}
"""How the first quote begins; said in full, so that it answers by itself and a model need only repeat it."""
OFTEN_ASKED = (
    "Does anything leave my computer?",
    "Does anything leave this computer?",
    "What leaves this computer?",
)
pytestmark = pytest.mark.keeps_children
SCOPE = Scope(collection=HANDBOOK_COLLECTION)
PACKAGING = Path(__file__).parents[2] / "packaging"


class Writer:
    """A chat whose model writes this."""

    def __init__(self, text: str) -> None:
        self.loaded = self
        self.parameters = 500_000_000
        self._text = text

    def complete(self, request: Request, **_: Any) -> Run[Completion]:
        read = tuple(source.n for source in request.sources)
        done = Completion(self._text, "", Finish.END, 0, 0, 0, 0, 0.0, 0.0, 0, 0, 0, read, 0, False)
        return Run.derived(lambda _: done)


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DocumentsService]:
    folder = tmp_path_factory.mktemp("handbook")
    service = DocumentsService(folder / "documents", handbook=paths.resources() / "handbook")
    service.wait([]).result(60)  # until it is known which pages there are
    pages = service.documents(HANDBOOK_COLLECTION).result(60)
    service.wait([page.id for page in pages]).result(120)
    yield service
    service.close()


def test_the_answers_here_are_those_to_what_is_offered() -> None:
    assert set(handbook_questions()) == set(ANSWERS)
    for name in ("run.sh", "smoke_test.py"):
        asked = re.findall(r'"([A-Z][^"\n]+\?)"', (PACKAGING / name).read_text("utf-8"))
        assert handbook_questions()[0] in asked


@pytest.mark.parametrize("question", ANSWERS)
def test_the_first_quote_answers_by_itself(handbook: DocumentsService, question: str) -> None:
    quote = handbook.ask(question, SCOPE).result(60).quotes[0]
    assert quote.quote.startswith(ANSWERS[question])
    assert quote.heading[-1] == question


@pytest.mark.parametrize("question", OFTEN_ASKED)
def test_what_leaves_is_told_however_it_is_asked(handbook: DocumentsService, question: str) -> None:
    quote = handbook.ask(question, SCOPE).result(60).quotes[0]
    assert quote.quote.startswith("Nothing leaves your computer")


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("Does anything leave my computer?", "Yes, anything leaves your computer."),
        (
            "Does anything leave this computer?",
            "Yes, anything leaves this computer: no document, no question.",
        ),
        ("Do my documents leave my computer?", "Yes, your documents leave your computer [2]."),
    ],
)
def test_yes_where_the_handbook_says_no_is_not_shown(
    handbook: DocumentsService, question: str, written: str
) -> None:
    request = Request("", (Message(Role.USER, question),), first_token_seconds=None)
    answerer = GenerativeAnswerer(handbook, Writer(written))  # type: ignore[arg-type]
    answer = answerer.ask(request, SCOPE).result(60)
    assert answer.checked.text.startswith("Nothing leaves your computer: no document")
    assert len(answer.checked.citations) == 1
    assert not answer.checked.unsourced


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("Does anything leave my computer?", "No, nothing leaves your computer."),
        ("Do my documents stay on this computer?", "Yes, your documents stay on this computer."),
        ("Can scans and photographs be searched?", "Yes, scans and photographs can be searched."),
    ],
)
def test_what_the_handbook_says_is_shown_as_it_was_written(
    handbook: DocumentsService, question: str, written: str
) -> None:
    request = Request("", (Message(Role.USER, question),), first_token_seconds=None)
    answerer = GenerativeAnswerer(handbook, Writer(written))  # type: ignore[arg-type]
    answer = answerer.ask(request, SCOPE).result(60)
    assert answer.checked.text.startswith(written[:-1])
    assert answer.checked.citations
