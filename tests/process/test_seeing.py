"""Chat models that see, in the real worker: tiny ones with random weights and the projectors made for them.

What they see means nothing, so these tests look at how: what is read anew, what it takes, how it stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.chat.records import (
    Completion,
    LoadOptions,
    Message,
    MessagePicture,
    ModelInfo,
    PromptProgress,
    Request,
    Role,
    Sampling,
)
from assistant.chat.service import ChatService
from assistant.errors import ModelUnusable, UserInputError
from tests.made_models import families, projectors

pytestmark = pytest.mark.keeps_children


class Room:
    """A chat worker, and what it needs to see."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.eyes: Path | None = None
        """The projector of whatever model is loaded."""
        self.service = ChatService(folder / "chat", projector_of=lambda model: self.eyes)

    def model(self, family: str) -> Path:
        path = self.folder / f"{family}.gguf"
        return path if path.is_file() else families.make(path, family)

    def projector(self, kind: str, **sizes: int) -> Path:
        path = self.folder / f"{kind}{sizes}-projector.gguf"
        shape = projectors.ProjectorShape(**sizes)
        return path if path.is_file() else projectors.make(path, kind, shape)

    def load(self, kind: str, **options: Any) -> ModelInfo:
        self.eyes = self.projector(kind)
        return self.service.load(self.model(projectors.SEEING[kind]), LoadOptions(**options)).result(60)

    def picture(self, seed: int, width: int = 96, height: int = 64) -> MessagePicture:
        path = self.folder / f"{seed}.png"
        if not path.is_file():
            pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3))
            projectors.picture(path, pixels)
        return MessagePicture(str(path), width, height)

    def say(self, *messages: Message, **changes: Any) -> Completion:
        return self.service.complete(request(*messages, **changes)).result(60)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.service.close()


def request(*messages: Message, **changes: Any) -> Request:
    sampling = Sampling(temperature=0, max_tokens=8)
    made = Request("Be kind.", messages, sampling=sampling, first_token_seconds=None)
    return replace(made, **changes)


def person(text: str, *pictures: MessagePicture) -> Message:
    return Message(Role.USER, text, pictures)


@pytest.mark.parametrize("kind", projectors.KINDS)
def test_a_picture_is_read_once(room: Room, kind: str) -> None:
    """Whatever the projector: what it makes is counted, kept over turns and on disk, compared by content."""
    assert room.load(kind).sees
    first = person("What is it?", room.picture(1))
    reports: list[Any] = []
    run = room.service.complete(request(first, conversation="seen"), on_report=reports.append)
    answer = run.result(60)
    assert 0 < answer.picture_tokens < answer.prompt_tokens
    done = [report.done for report in reports if isinstance(report, PromptProgress)]
    assert done == sorted(done)
    assert done[-1] == answer.prompt_tokens

    assert room.say(first, conversation="seen").reused_tokens == answer.prompt_tokens - 1
    turns = (
        first,
        Message(Role.ASSISTANT, answer.text),
        person("And those?", room.picture(2), room.picture(3)),
    )
    more = room.say(*turns, conversation="seen")
    assert more.reused_tokens >= answer.prompt_tokens - 1
    assert more.picture_tokens == 3 * answer.picture_tokens

    other = room.say(person("What is it?", room.picture(2)))  # the words are the same, the picture is not
    assert other.reused_tokens < answer.prompt_tokens - answer.picture_tokens
    reopened = room.say(*turns, conversation="seen")
    assert reopened.reused_tokens == more.prompt_tokens - 1
    anew = room.say(*turns, conversation="another one")
    assert anew.text == reopened.text == more.text


def test_what_cannot_see(room: Room) -> None:
    """A projector that is none, or another model's, leaves the model as it is, and says why."""
    model = room.model("llama")
    wrong = {
        "projector-for-another-model": room.projector("mlp", out=32),
        "not-a-projector": model,
    }
    for reason, room.eyes in wrong.items():
        info = room.service.load(model).result(60)
        assert not info.sees
        assert info.note is not None
        assert info.note.reason == reason
        assert room.say(person("Hello")).prompt_tokens
    with pytest.raises(ModelUnusable, match="cannot see"):
        room.say(person("What is it?", room.picture(1)))


def test_pictures_that_are_gone_or_none(room: Room) -> None:
    room.load("mlp")
    gone = MessagePicture(str(room.folder / "gone.png"), 64, 64)
    text = room.folder / "text.png"
    text.write_text("no picture")
    for picture in (gone, MessagePicture(str(text), 64, 64), replace(room.picture(1), width=95)):
        with pytest.raises(UserInputError):
            room.say(person("What is it?", picture))
    assert room.say(person("What is it?", room.picture(1))).picture_tokens


def test_a_conversation_of_many_pictures_goes_on(room: Room) -> None:
    """The oldest go; those that stay are not read anew with each message, and a lost file is no end."""
    room.load("mlp", context=768)
    turns: list[Message] = []
    anew = []
    for number in range(10, 19):
        turns.append(person("What is it?", room.picture(number)))
        answer = room.say(*turns, conversation="many", answer_tokens=16)
        turns.append(Message(Role.ASSISTANT, "I see."))
        anew.append(answer.prompt_tokens - answer.reused_tokens)
    assert answer.gone_pictures > 3
    assert answer.picture_tokens >= 2 * 64
    assert sum(each < 120 for each in anew[1:]) >= 6
    Path(turns[-4].pictures[0].path).unlink()
    turns.append(person("And before?"))
    assert room.say(*turns, answer_tokens=16).picture_tokens >= 64
