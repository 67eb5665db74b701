"""What conversations and settings become for the engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import settings
from assistant.chat.assistant_records import Assistant
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredPicture
from assistant.chat.records import LoadOptions, Message, MessagePicture, Role, Sampling
from assistant.chat.request_builder import load_options, request

HELPER = Assistant("helper", "Helper", "Be brief.")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    history = History(tmp_path / "history.sqlite3")
    yield history
    history.close()


def test_what_nobody_chose_is_left_to_the_engine() -> None:
    assert load_options(settings.Chat()) == LoadOptions()
    asked = request(settings.Chat(), HELPER, ())
    assert asked.sampling == Sampling(max_tokens=1024)
    assert (asked.instructions, asked.conversation, asked.first_token_seconds) == ("Be brief.", "", 5.0)


def test_what_was_chosen_is_handed_on() -> None:
    chosen = settings.Chat(
        context=2048, kv_type=settings.KvType.Q8_0, gpu_layers=0, temperature=0.0, seed=3, longest_answer=99
    )
    chosen.whole_context = True
    chosen.stop_words = ["END"]
    assert load_options(chosen, "/lora.gguf") == LoadOptions(
        context=2048, kv_type="q8_0", gpu_layers=0, adapter="/lora.gguf"
    )
    asked = request(chosen, Assistant("x", "X", "Be kind.", language="de"), (), conversation=7)
    assert asked.sampling == Sampling(temperature=0.0, seed=3, stop=("END",), max_tokens=99)
    assert asked.instructions == "Be kind.\n\nAlways answer in German."
    assert (asked.conversation, asked.answer_tokens, asked.first_token_seconds) == ("7", 99, None)


def test_the_sides_take_turns(history: History) -> None:
    id = history.create().id
    for role, content in (
        (Role.SYSTEM, "not this one"),
        (Role.USER, "one"),
        (Role.ASSISTANT, ""),  # it failed
        (Role.USER, "two"),
        (Role.ASSISTANT, "three"),
    ):
        history.add_message(id, role, content)
    asked = request(settings.Chat(), HELPER, history.open(id).messages, continue_last=True)
    assert asked.messages == (Message(Role.USER, "one\n\ntwo"), Message(Role.ASSISTANT, "three"))
    assert asked.continue_last


def test_a_model_that_sees_gets_the_pictures_of_a_turn(history: History, tmp_path: Path) -> None:
    red, blue = (StoredPicture(f"{digit * 64}.png", "a.png", 30, 20, "Total 12.40") for digit in "01")
    for each in (red, blue):
        (tmp_path / each.file).touch()
    id = history.create().id
    history.add_message(id, Role.USER, "", pictures=[red])  # its answer failed
    history.add_message(id, Role.ASSISTANT, "")
    history.add_message(id, Role.USER, "Which is red?", pictures=[blue])
    messages = history.open(id).messages
    (seen,) = request(settings.Chat(), HELPER, messages, seen_in=tmp_path).messages
    assert seen.content == "Which is red?"
    assert seen.pictures == (
        MessagePicture(str(tmp_path / red.file), 30, 20),
        MessagePicture(str(tmp_path / blue.file), 30, 20),
    )
    (read,) = request(settings.Chat(), HELPER, messages).messages
    assert (read.pictures, read.content.count("Total 12.40")) == ((), 2)
    assert read.content.endswith("Which is red?")
    (tmp_path / red.file).unlink()
    (left,) = request(settings.Chat(), HELPER, messages, seen_in=tmp_path).messages
    assert left.pictures == seen.pictures[1:]
