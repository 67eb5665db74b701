"""What chat is asked: of pictures the text, or the pictures themselves for a model that sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant import paths, settings
from assistant.chat.assistant_records import Assistant
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import Request, Role
from assistant.chat_pictures import ChatPictures
from assistant.chat_requests import ChatRequests
from assistant.workers.run import Run
from tests.scripted_vision import ScriptedVision


class Asked:
    """A message with a picture, and what the model of `chat` is asked about it."""

    def __init__(self, history: History, folder: Path) -> None:
        self.vision = ScriptedVision()
        self.vision.texts.append("Total 12.40")
        self.chat = SimpleNamespace(loaded=None)
        pictures = ChatPictures(self.vision, lambda: history, list)  # type: ignore[arg-type]
        self.requests = ChatRequests(self.chat, pictures, lambda: history, settings.Chat)  # type: ignore[arg-type]
        (folder / "bill.png").write_bytes(b"red")
        taken = pictures.take(folder / "bill.png", "bill.png").result(10)
        self.message: StoredMessage = history.add_message(
            history.create().id, Role.USER, "How much?", pictures=[taken]
        )

    def load(self, *, sees: bool) -> None:
        self.chat.loaded = SimpleNamespace(sees=sees)

    def answer(self) -> Request:
        def begin(request: Request, report: Callable[[Any], None] | None) -> Run[Request]:
            return Run.derived(lambda _: request)

        return self.requests.answer(Assistant("plain", "Plain", ""), [self.message], begin).result(10)


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    history = History(paths.history_file(), paths.chat_pictures_folder())
    yield Asked(history, tmp_path)
    history.close()


def test_a_model_that_sees_is_given_pictures_and_another_one_their_text(asked: Asked) -> None:
    assert not asked.requests.sees
    asked.load(sees=True)
    (seen,) = asked.answer().messages
    assert (seen.content, len(seen.pictures)) == ("How much?", 1)
    assert asked.vision.recognised == []
    asked.load(sees=False)
    (read,) = asked.answer().messages
    assert "Total 12.40" in read.content
    assert read.pictures == ()


def test_a_model_that_is_loaded_while_pictures_are_read_changes_nothing(asked: Asked) -> None:
    asked.load(sees=False)
    recognise = asked.vision.recognise

    def meanwhile(*what: Any) -> Any:
        asked.load(sees=True)
        return recognise(*what)

    asked.vision.recognise = meanwhile  # type: ignore[method-assign]
    (read,) = asked.answer().messages
    assert "Total 12.40" in read.content
    assert read.pictures == ()
