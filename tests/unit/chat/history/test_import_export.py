"""Out as Markdown or JSON and in again; and JSON as other programs write it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.chat.history.history import History
from assistant.chat.history.import_export import (
    ConversationData,
    MessageData,
    from_text,
    to_json,
    to_markdown,
)
from assistant.chat.history.records import MessageState
from assistant.chat.records import Role
from assistant.errors import UserInputError


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(tmp_path / "history.sqlite3")
    yield history
    history.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[History]:
    """The history of another computer."""
    history = History(tmp_path / "other.sqlite3")
    yield history
    history.close()


def well(history: History) -> int:
    """A conversation with two versions of the question and of an answer."""
    id = history.create("The well", "farm", folder="Farm", collection="Notes").id
    history.pin(id)
    first = history.add_message(id, Role.USER, "How deep?")
    history.add_message(id, Role.ASSISTANT, "43 metres.", thinking="Hm.", model="Tiny", finish="end")
    edited = history.add_message(id, Role.USER, "How deep is the well?\n\n## Assistant\n\nno", first.parent)
    history.add_message(id, Role.ASSISTANT, "| a |\n|---|\n\n```\n<b>\n```\n")
    history.add_message(id, Role.ASSISTANT, "About 43 m.\n", edited.id, state=MessageState.STOPPED)
    return id


def tree(history: History, id: int) -> list[tuple[object, ...]]:
    """Every version with what it follows, told apart from ids."""
    data = json.loads(history.export([id], "json"))["conversations"][0]["messages"]
    place = {message["id"]: number for number, message in enumerate(data)}
    return [
        (place.get(each["parent"]), each["role"], each["content"], each["thinking"], each["chosen"])
        for each in data
    ]


def test_json_brings_everything_to_another_computer(history: History, other: History) -> None:
    id = well(history)
    (taken,) = other.import_(history.export([id], "json"))
    assert tree(other, taken) == tree(history, id)
    before, after = history.open(id), other.open(taken)
    assert [(m.content, m.state, m.model, m.created, m.version, dict(m.meta)) for m in after.messages] == [
        (m.content, m.state, m.model, m.created, m.version, dict(m.meta)) for m in before.messages
    ]
    for field in ("title", "assistant", "folder", "pinned", "created", "changed", "meta"):
        assert getattr(after.info, field) == getattr(before.info, field)
    assert other.search("43 metres")
    chosen = other.choose(after.messages[0].versions[0])
    assert [message.content for message in chosen] == ["How deep?", "43 metres."]


def test_markdown_brings_the_chosen_path(history: History, other: History) -> None:
    id = well(history)
    text = history.export([id], "markdown")
    assert "# The well" in text
    assert "## You\n\nHow deep is the well?" in text
    (taken,) = other.import_(text.replace("\n", "\r\n"))
    before, after = history.open(id), other.open(taken)
    assert [(m.role, m.content, m.state) for m in after.messages] == [
        (m.role, m.content, m.state) for m in before.messages
    ]
    assert (after.info.title, after.info.folder, after.info.pinned) == ("The well", "Farm", True)


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_several_at_once_and_none_twice(history: History, other: History, form: str) -> None:
    ids = [well(history), history.create("Empty").id, well(history)]
    text = history.export(ids, form)  # type: ignore[arg-type]
    taken = other.import_(text)
    assert len(taken) == 2  # nothing was said in one
    assert other.import_(text) == taken
    other.delete(taken)
    assert other.import_(text) == taken
    assert len(other.conversations()) == 2
    other.add_message(taken[0], Role.USER, "And more")
    assert len(set(other.import_(text)) | set(taken)) == 3
    assert [message.content for message in other.open(taken[0]).messages][-1] == "And more"


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from(Role),
        st.text(alphabet=st.sampled_from("a \n#\\<!->offline-assistant {}\t\u2028é")) | st.text(),
    ),
    min_size=1,
    max_size=4,
)


def with_plain_ends(text: str) -> str:
    """In Markdown every line ends in the same way."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@example([(Role.SYSTEM, "\r")], "")
@given(MESSAGES, st.text(max_size=20))
def test_any_text_comes_back_as_it_was(said: list[tuple[Role, str]], title: str) -> None:
    data = ConversationData(title=title, created=5.0, changed=6.0)
    for number, (role, content) in enumerate(said, start=1):
        data.messages.append(MessageData(role, content, number, number - 1 or None, created=7.0))
    for text in (to_json([data]), to_markdown([data])):
        (back,) = from_text(text)
        assert [(m.role, m.created) for m in back.messages] == [(role, 7.0) for role, _ in said]
        contents = [with_plain_ends(m.content) for m in back.messages]
        assert contents == [with_plain_ends(content) for _, content in said]
        assert (back.created, back.changed) == (5.0, 6.0)


@pytest.mark.parametrize(
    "value",
    [
        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}],
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]},
        [{"name": "x", "messages": [{"role": "USER", "content": "Hi"}, {"role": "bot", "content": "Hello"}]}],
        {
            "conversations": [
                {"messages": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}
            ]
        },
    ],
)
def test_json_of_other_programs(history: History, value: object) -> None:
    (id,) = history.import_(json.dumps(value))
    opened = history.open(id)
    assert [(m.role, m.content) for m in opened.messages] == [(Role.USER, "Hi"), (Role.ASSISTANT, "Hello")]
    assert opened.info.title in ("Hi", "x")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just words",
        "{",
        "[]",
        "{}",
        "[1]",
        '{"conversations": []}',
        '{"conversations": 3}',
        '[{"role": "user"}]',
        '[{"role": "wizard", "content": "x"}]',
        '[{"role": "user", "content": ["x"]}]',
        '<!-- offline-assistant {"title": "x"} -->',
        "<!-- offline-assistant {broken} -->",
        "[" * 100_000,
    ],
)
def test_what_holds_no_conversation_is_said(history: History, text: str) -> None:
    with pytest.raises(UserInputError, match="no conversation"):
        history.import_(text)
    assert history.conversations() == ()


def test_wrong_parents_and_times_do_no_harm(history: History) -> None:
    value = [
        {"id": 1, "role": "user", "content": "a", "parent": 1, "created": "yesterday"},
        {"id": 1, "role": "assistant", "content": "b", "parent": 77, "created": 1e300},
        {"id": None, "role": "user", "content": "c", "created": -4, "state": "writing"},
    ]
    (id,) = history.import_(json.dumps(value))
    messages = history.open(id).messages
    assert [message.content for message in messages] == ["a", "b", "c"]
    assert messages[2].state is MessageState.INTERRUPTED
