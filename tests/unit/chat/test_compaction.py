"""Which messages a summary stands in for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import settings
from assistant.chat import compaction
from assistant.chat.assistant_records import Assistant
from assistant.chat.compaction import KEY, Compaction
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import Message, Role
from assistant.chat.request_builder import request

HELPER = Assistant("helper", "Helper", "Be brief.")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[tuple[StoredMessage, ...]]:
    history = History(tmp_path / "history.sqlite3")
    id = history.create().id
    for number in range(3):
        history.add_message(id, Role.USER, f"question {number}")
        history.add_message(id, Role.ASSISTANT, f"answer {number}")
    history.add_message(id, Role.USER, "and now?")
    yield history.open(id).messages
    history.close()


def test_what_it_tells_of_is_not_sent_again(path: tuple[StoredMessage, ...]) -> None:
    asked = request(settings.Chat(), HELPER, path, summary=Compaction(path[3].id, "Two were asked."))
    assert asked.summary == "Two were asked."
    assert [message.content for message in asked.messages] == ["question 2", "answer 2", "and now?"]


def test_it_says_nothing_of_another_branch(path: tuple[StoredMessage, ...]) -> None:
    asked = request(settings.Chat(), HELPER, path, summary=Compaction(9999, "Two were asked."))
    assert asked.summary == ""
    assert len(asked.messages) == 7
    last = request(settings.Chat(), HELPER, path, summary=Compaction(path[-1].id, "All of it."))
    assert last.messages[-1] == Message(Role.USER, "and now?")  # what is asked is always sent


@pytest.mark.parametrize("kept", [None, 3, {}, {"until": "x", "text": "y"}, {"until": 3, "text": ""}])
def test_what_another_version_kept_is_no_harm(kept: object) -> None:
    assert compaction.stored({KEY: kept}) is None


def test_what_was_kept_is_found() -> None:
    assert compaction.stored({KEY: {"until": 3, "text": "It rained."}}) == Compaction(3, "It rained.")
