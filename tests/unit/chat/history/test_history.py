"""Conversations: their messages and versions, their order, and what becomes of deleted ones."""

from __future__ import annotations

import copy
import pickle
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant.chat.history.history import BIN_DAYS, History
from assistant.chat.history.records import ConversationInfo, MessageState, StoredMessage
from assistant.chat.records import Role, Source
from assistant.errors import StorageError, UserInputError


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(tmp_path / "history.sqlite3")
    yield history
    history.close()


def talk(history: History, *said: str, **values: str) -> ConversationInfo:
    """A conversation in which the person and the assistant take turns."""
    made = history.create(**values)
    for number, content in enumerate(said):
        history.add_message(made.id, (Role.USER, Role.ASSISTANT)[number % 2], content)
    return history.info(made.id)


def contents(messages: tuple[StoredMessage, ...]) -> list[str]:
    return [message.content for message in messages]


# --- messages -----------------------------------------------------------------------------------------


def test_messages_are_kept_with_all_that_belongs_to_them(history: History, tmp_path: Path) -> None:
    conversation = history.create(assistant="tutor", folder="School", documents=[3, 4])
    history.add_message(conversation.id, Role.USER, "What is a prime?")
    answer = history.add_message(
        conversation.id,
        Role.ASSISTANT,
        "A number…",
        thinking="Hm.",
        model="Tiny",
        finish="end",
        source=Source(1, "Book", ("A prime…",), (0,)),
    )
    history.close()
    again = History(tmp_path / "history.sqlite3")
    opened = again.open(conversation.id)
    again.close()
    assert contents(opened.messages) == ["What is a prime?", "A number…"]
    assert opened.messages[1] == answer
    assert (answer.thinking, answer.model, answer.parent) == ("Hm.", "Tiny", opened.messages[0].id)
    assert answer.meta["finish"] == "end"
    assert answer.meta["source"]["head"] == "Book"
    assert (opened.info.assistant, opened.info.folder) == ("tutor", "School")
    assert opened.info.meta == {"documents": [3, 4]}
    assert opened.info.messages == 2


def test_what_is_given_out_can_be_copied_and_sent(history: History) -> None:
    opened = history.open(talk(history, "Hello", "Hi").id)
    assert pickle.loads(pickle.dumps(opened)) == copy.deepcopy(opened) == opened
    assert asdict(opened)["messages"][0]["content"] == "Hello"


def test_an_edited_message_is_a_version_and_each_version_keeps_what_followed(history: History) -> None:
    id = talk(history, "first", "answer 1", "second", "answer 2").id
    first, _, second, _ = history.open(id).messages
    edited = history.add_message(id, Role.USER, "second, better", second.parent)
    history.add_message(id, Role.ASSISTANT, "answer 3")
    assert contents(history.open(id).messages) == ["first", "answer 1", "second, better", "answer 3"]
    assert (edited.versions, edited.version) == ((second.id, edited.id), 2)

    rewritten = history.add_message(id, Role.USER, "another beginning", first.parent)
    assert rewritten.parent is None
    assert contents(history.open(id).messages) == ["another beginning"]

    assert contents(history.choose(first.id)) == ["first", "answer 1", "second, better", "answer 3"]
    assert contents(history.choose(second.id)) == ["first", "answer 1", "second", "answer 2"]
    assert contents(history.open(id).messages) == ["first", "answer 1", "second", "answer 2"]
    history.choose(rewritten.id)
    assert contents(history.choose(second.id)) == ["first", "answer 1", "second", "answer 2"]


def test_answers_written_again_are_versions(history: History) -> None:
    id = talk(history, "question", "answer 1").id
    question = history.open(id).messages[0]
    for text in ("answer 2", "answer 3"):
        writer = history.writer(id, question.id)
        writer.append(text)
        writer.finish()
    answer = history.open(id).messages[1]
    assert (answer.content, answer.version, len(answer.versions)) == ("answer 3", 3, 3)
    assert history.choose(answer.versions[0])[1].content == "answer 1"


def test_a_message_is_changed_in_part(history: History) -> None:
    id = talk(history, "question", "wrong").id
    answer = history.open(id).messages[1]
    history.update_message(answer.id, content="right", checked=True)
    changed = history.update_message(answer.id, claims=[1, 2])
    assert (changed.content, changed.role) == ("right", Role.ASSISTANT)
    assert changed.meta == {"checked": True, "claims": [1, 2]}
    assert history.search("wrong") == ()
    assert history.search("right")[0].message == answer.id


def test_what_is_gone_is_said(history: History) -> None:
    one, other = talk(history, "one"), talk(history, "other")
    for call in (
        lambda: history.open(99),
        lambda: history.message(99),
        lambda: history.choose(99),
        lambda: history.rename(99, "x"),
        lambda: history.update_message(99, content="x"),
        lambda: history.add_message(99, Role.USER, "x"),
        lambda: history.add_message(one.id, Role.USER, "x", history.open(other.id).messages[0].id),
    ):
        with pytest.raises(UserInputError):
            call()
    assert contents(history.open(one.id).messages) == ["one"]


def test_half_characters_are_stored_as_question_marks(history: History) -> None:
    id = talk(history, "a\ud800b", folder="\udcffx").id
    assert history.open(id).messages[0].content == "a?b"
    assert history.info(id).folder == "?x"


def test_a_closed_history_says_so(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    history.close()
    history.close()
    with pytest.raises(StorageError, match="closed"):
        history.conversations()


# --- titles -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("How deep is the well?", "How deep is the well?"),
        ("\n\n  ## Plan\nfor *today*", "Plan"),
        ("```\nprint(1)\n```", "print(1)"),
        ("Please write a long letter to the council, about the state of the road to our village", ""),
        ("北" * 100, "北" * 60 + "…"),
        ("…", "…"),
    ],
)
def test_the_title_comes_from_the_first_message(history: History, message: str, title: str) -> None:
    made = talk(history, message, "answer", "and now?").title
    assert made == (title or "Please write a long letter to the council, about the state…")


def test_a_given_title_stays_and_an_empty_one_brings_the_first_back(history: History) -> None:
    conversation = talk(history, "question", title="  My\ntitle ")
    assert conversation.title == "My title"
    assert history.rename(conversation.id, "Other").title == "Other"
    assert history.search("other")[0].message is None
    assert history.rename(conversation.id, " ").title == "question"
    assert history.search("other") == ()


# --- the list -----------------------------------------------------------------------------------------


def test_pinned_first_then_what_was_said_last(history: History) -> None:
    old, middle, new = (talk(history, name) for name in ("old", "middle", "new"))
    history.pin(old.id)
    history.add_message(middle.id, Role.USER, "more")
    assert [info.id for info in history.conversations()] == [old.id, middle.id, new.id]
    history.pin(old.id, False)
    assert [info.id for info in history.conversations()] == [middle.id, new.id, old.id]


def test_folders(history: History) -> None:
    one, two, three = (talk(history, name) for name in ("one", "two", "three"))
    history.move(one.id, "Work")
    history.move(two.id, "Work")
    assert [(folder.name, folder.conversations) for folder in history.folders()] == [("Work", 2)]
    assert [info.id for info in history.conversations("Work")] == [two.id, one.id]
    assert [info.id for info in history.conversations("")] == [three.id]
    assert history.rename_folder("Work", " The  office ") == "The office"
    assert history.info(one.id).folder == "The office"


def test_values_are_remembered_with_a_conversation(history: History) -> None:
    id = talk(history, "one").id
    history.remember(id, draft="half a sen", collection="Farm")
    assert history.remember(id, draft=None).meta == {"collection": "Farm"}
    assert history.set_assistant(id, "farm").assistant == "farm"


def test_a_conversation_in_which_nothing_was_said_is_gone_at_the_next_start(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    history.create()
    kept = history.create("Named")
    history.close()
    history = History(tmp_path / "history.sqlite3")
    assert [info.id for info in history.conversations()] == [kept.id]
    history.close()


# --- the bin ------------------------------------------------------------------------------------------


def test_deleting_is_undone(history: History) -> None:
    one, two = talk(history, "one"), talk(history, "two")
    token = history.delete([one.id, two.id])
    assert history.conversations() == ()
    assert history.search("one") == ()
    assert [info.id for info in history.bin()] == [two.id, one.id]
    assert history.delete([one.id]) == ()
    assert len(history.restore(token)) == 2
    assert [info.title for info in history.conversations()] == ["two", "one"]
    assert history.search("one")


def test_the_bin_is_emptied_for_good(history: History) -> None:
    one, two, three = (talk(history, name) for name in ("one", "two", "three"))
    token = history.delete([one.id, two.id])
    assert history.purge([one.id, three.id]) == 1
    assert [info.id for info in history.bin()] == [two.id]
    assert history.purge() == 1
    assert history.restore(token) == ()
    assert [info.id for info in history.conversations()] == [three.id]
    assert history._one("SELECT count(*) FROM message_words") == (1,)


def test_what_lies_in_the_bin_for_long_is_gone_at_the_next_start(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    old, recent = talk(history, "old"), talk(history, "recent")
    history.delete([old.id, recent.id])
    with history._writing() as connection:
        past = time.time() - (BIN_DAYS + 1) * 86_400
        connection.execute("UPDATE conversations SET deleted = ? WHERE id = ?", (past, old.id))
    history.close()
    history = History(tmp_path / "history.sqlite3")
    assert [info.id for info in history.bin()] == [recent.id]
    history.close()


# --- while it is written ------------------------------------------------------------------------------


def test_a_partial_answer_is_on_the_disk_within_a_second(history: History) -> None:
    id = talk(history, "question").id
    writer = history.writer(id, model="Tiny")
    assert history.open(id).messages[1].state is MessageState.WRITING
    writer.append("Let me see.", thinking=True)
    for word in ("The ", "well ", "is "):
        writer.append(word)
    time.sleep(1.0)
    stored = history.open(id).messages[1]
    assert (stored.content, stored.thinking, stored.model) == ("The well is ", "Let me see.", "Tiny")
    assert history.search("well") == ()
    writer.append("deep.")
    finished = writer.finish(finish="end")
    writer.append("late")
    assert (finished.content, finished.state) == ("The well is deep.", MessageState.COMPLETE)
    assert finished.meta["finish"] == "end"
    assert writer.finish(MessageState.FAILED) == finished
    assert history.search("well")[0].message == finished.id


def test_an_answer_is_gone_on_with(history: History) -> None:
    id = talk(history, "question", "The well").id
    writer = history.resume(history.open(id).messages[1].id)
    writer.append(" is deep.")
    assert writer.finish(MessageState.STOPPED).content == "The well is deep."
    assert len(history.open(id).messages) == 2


def test_appending_never_waits_for_the_disk(history: History) -> None:
    writer = history.writer(talk(history, "question").id)
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with history._writing():
            holding.set()
            let_go.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    began = time.monotonic()
    for _ in range(1000):
        writer.append("word ")
    spent = time.monotonic() - began
    let_go.set()
    holder.join()
    assert spent < 0.5
    assert writer.finish().content == "word " * 1000


def test_closing_keeps_what_is_being_written(tmp_path: Path) -> None:
    history = History(tmp_path / "history.sqlite3")
    id = talk(history, "question").id
    history.writer(id).append("Half an ans")
    history.close()
    history = History(tmp_path / "history.sqlite3")
    answer = history.open(id).messages[1]
    assert (answer.content, answer.state) == ("Half an ans", MessageState.INTERRUPTED)
    assert history.search("half")[0].message == answer.id
    history.close()


# --- many ---------------------------------------------------------------------------------------------


def test_a_long_conversation_opens_at_once(history: History) -> None:
    id = talk(history, "begin").id
    with history._writing():
        for number in range(500):
            history.add_message(id, (Role.ASSISTANT, Role.USER)[number % 2], f"Message {number}. " * 40)
    began = time.monotonic()
    opened = history.open(id)
    assert time.monotonic() - began < 0.5
    assert len(opened.messages) == 501
    assert [message.version for message in opened.messages] == [1] * 501


def test_threads_write_side_by_side(history: History) -> None:
    ids = [talk(history, f"conversation {number}").id for number in range(4)]

    def write(id: int) -> None:
        for number in range(10):
            history.add_message(id, Role.USER, f"{id} says {number}")

    threads = [threading.Thread(target=write, args=(id,)) for id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for id in ids:
        assert contents(history.open(id).messages)[1:] == [f"{id} says {number}" for number in range(10)]
