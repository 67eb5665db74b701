"""A small model that was trained to see, in the real worker: what it says must be true of the pictures."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.chat.records import Message, MessagePicture, Request, Role, Sampling
from assistant.chat.service import ChatService
from tests.made_models.colours.pictures import COLOURS, INSTRUCTIONS, MODEL, PROJECTOR, TwoColours

pytestmark = pytest.mark.keeps_children


class Sight:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.service = ChatService(folder / "chat", projector_of=lambda _: PROJECTOR)

    def picture(self, left: str, right: str, seed: int = 0, side: int = 96) -> MessagePicture:
        return TwoColours(left, right).write(self._folder / f"{left}{right}{seed}{side}.png", seed, side)

    def say(self, *turns: tuple[str, tuple[MessagePicture, ...]]) -> str:
        """The answer to the last of some questions, asked one after the other in a conversation."""
        messages: list[Message] = []
        for question, pictures in turns:
            messages.append(Message(Role.USER, question, pictures))
            sampling = Sampling(temperature=0, max_tokens=12)
            request = Request(
                INSTRUCTIONS,
                tuple(messages),
                sampling=sampling,
                conversation="colours",
                first_token_seconds=None,
            )
            answer = self.service.complete(request).result(60).text
            messages.append(Message(Role.ASSISTANT, answer))
        return answer


@pytest.fixture(scope="module")
def sight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sight]:
    sight = Sight(tmp_path_factory.mktemp("sight"))
    assert sight.service.load(MODEL).result(60).sees
    yield sight
    sight.service.close()


def test_which_of_two_colours(sight: Sight) -> None:
    chance = random.Random(5)
    right = 0
    for number in range(24):
        left, other = chance.sample(list(COLOURS), 2)
        asked = ("left", left) if number % 2 else ("right", other)
        wrong = chance.choice([each for each in COLOURS if each != asked[1]])
        one, two = chance.sample((asked[1], wrong), 2)
        said = sight.say((f"Is the {asked[0]} {one} or {two}?", (sight.picture(left, other, number),)))
        right += said == f"It is {asked[1]}."
    assert right >= 22


def test_over_turns(sight: Sight) -> None:
    """What is kept of a picture that was read before is as good as the picture."""
    red_blue, green_black = sight.picture("red", "blue"), sight.picture("green", "black", side=200)
    first = ("What is on the left?", (red_blue,))
    assert sight.say(first) == "It is red."
    assert sight.say(first, ("What is on the right?", ())) == "It is blue."
    then = ("What is on the left?", (green_black,))
    assert sight.say(first, then) == "It is green."
    assert sight.say(first, then, ("Is the right black or blue?", ())) == "It is black."


def test_two_in_one_message(sight: Sight) -> None:
    pictures = (sight.picture("yellow", "white"), sight.picture("black", "red"))
    said = {
        (place, side): sight.say((f"What is on the {side} of the {place} picture?", pictures))
        for place in ("first", "second")
        for side in ("left", "right")
    }
    assert list(said.values()) == ["It is yellow.", "It is white.", "It is black.", "It is red."]
