"""Chat models that see, in the real worker: tiny ones with random weights and the projectors made for them.

What they see means nothing, so these tests look at how: what is read anew, what it takes, how it stops.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.chat.engine import ChatEngine
from assistant.chat.records import (
    Completion,
    LoadOptions,
    LoadRequest,
    Message,
    MessagePicture,
    ModelInfo,
    PromptProgress,
    Request,
    Role,
    Sampling,
)
from assistant.chat.service import ChatService
from assistant.errors import Cancelled, ModelTooLarge, ModelUnusable, UserInputError
from assistant.models.fit import memory_estimate
from assistant.models.fit.records import AvailableMemory
from assistant.workers.child import CallContext
from tests.made_models import families, projectors

pytestmark = pytest.mark.keeps_children

STOP_SECONDS = 1.5
"""The promise is 0.2 s on a computer that does nothing else; a step over a picture is a longer one."""


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


def test_what_is_said_stands_for_no_picture(room: Room) -> None:
    """Neither our own marks nor those of llama.cpp, wherever they are written."""
    room.load("mlp")
    marks = "<__media__> <__picture_0__> <__picture_7__>"
    assert not room.say(person(marks), instructions=marks).picture_tokens
    one = room.say(person("What is it?", room.picture(1))).picture_tokens
    assert room.say(person(marks, room.picture(1)), instructions=marks).picture_tokens == one


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


def test_stop_while_a_picture_is_looked_at(room: Room) -> None:
    """How far it is is told, it ends at once and leaves nothing half read."""
    shape = projectors.ProjectorShape(width=256, layers=8, side=256)
    kind = "gemma3"
    room.eyes = projectors.make(
        room.folder / "slow.gguf", kind, shape, clip__vision__projector__scale_factor=4
    )
    room.service.load(room.model(kind)).result(60)
    picture = room.picture(20, 256, 256)
    said = threading.Event()
    shares: list[int] = []

    def on_report(report: Any) -> None:
        shares.append(report.done)
        if len(shares) > 3:
            said.set()

    run = room.service.complete(request(person("What is it?", picture)), on_report=on_report)
    assert said.wait(30)
    stopped = time.monotonic()
    run.cancel()
    with pytest.raises(Cancelled):
        run.result(10)
    room.say(person("Hello"))
    assert time.monotonic() - stopped < STOP_SECONDS
    assert shares == sorted(shares)
    seen = room.say(person("What is it?", picture))
    assert seen.picture_tokens == 64
    assert room.say(person("What is it?", picture), conversation="anew").text == seen.text


def test_models_whose_memory_cannot_be_cut(room: Room) -> None:
    room.eyes = room.projector("mlp")
    assert room.service.load(room.model("lfm2")).result(60).sees
    first = person("What is it?", room.picture(1))
    answer = room.say(first, conversation="hybrid")
    turns = (first, Message(Role.ASSISTANT, answer.text), person("And now?", room.picture(2)))
    more = room.say(*turns, conversation="hybrid")
    assert more.picture_tokens == 128
    assert room.say(*turns).text == more.text


def test_too_little_memory_to_see(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is loaded without, and says so; but first others may make room."""
    engine = ChatEngine(room.folder / "engine", emit=lambda _: None)
    model, projector = room.model("llama"), room.projector("mlp", width=512)
    needs = engine.load(CallContext(), LoadRequest(str(model), LoadOptions())).memory_predicted
    spare = memory_estimate.spare(AvailableMemory(16 * 2**30, 0, ()))
    free = needs + spare + projector.stat().st_size // 2
    monkeypatch.setattr("assistant.hardware.memory", lambda: (16 * 2**30, free))
    wanted = LoadRequest(str(model), LoadOptions(context=4096), projector=str(projector))
    with pytest.raises(ModelTooLarge):
        engine.load(CallContext(), replace(wanted, least_context=4096))
    blind = engine.load(CallContext(), wanted)
    assert not blind.sees
    assert blind.note is not None
    assert blind.note.reason == "projector-too-large"
    engine.unload(CallContext())
