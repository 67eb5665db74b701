"""Pictures of two colours side by side, and what is asked about them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.chat.records import MessagePicture
from tests.made_models.projectors import picture as write_picture

MODEL = Path(__file__).with_name("colours.gguf")
PROJECTOR = Path(__file__).with_name("colours-mmproj.gguf")
"""What lets it see."""

COLOURS = {
    "red": (205, 40, 35),
    "green": (40, 160, 60),
    "blue": (40, 70, 200),
    "yellow": (235, 215, 50),
    "black": (25, 25, 25),
    "white": (235, 235, 235),
}
SIDES = ("left", "right")
PLACES = ("first", "second")
SIDE = 32
"""Pixels of a picture that the projector looks at; others are scaled to it."""
INSTRUCTIONS = "Be kind."


@dataclass(frozen=True, slots=True)
class TwoColours:
    left: str
    right: str

    def pixels(self, chance: np.random.Generator, side: int = SIDE) -> npt.NDArray[np.uint8]:
        """Rows of red, green and blue: two uneven areas, their border somewhere in the middle."""
        border = int(side * chance.uniform(0.35, 0.65))
        image = np.empty((side, side, 3))
        image[:, :border], image[:, border:] = COLOURS[self.left], COLOURS[self.right]
        image += chance.normal(0, 8, 3) + chance.normal(0, chance.uniform(0, 20), image.shape)
        return np.clip(image, 0, 255).astype(np.uint8)

    def write(self, path: Path, seed: int = 0, side: int = 96) -> MessagePicture:
        write_picture(path, self.pixels(np.random.default_rng(seed), side))
        return MessagePicture(str(path), side, side)


@dataclass(frozen=True, slots=True)
class Turn:
    pictures: tuple[TwoColours, ...]
    question: str
    answer: str


class Talks:
    """Conversations about such pictures, by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def talk(self) -> list[Turn]:
        turns: list[Turn] = []
        for _ in range(self._chance.choice((1, 1, 2, 3))):
            if turns and self._chance.random() < 0.5:
                turns.append(self._turn((), self._last(turns)))
            else:
                shown = tuple(self._picture() for _ in range(2 if self._chance.random() < 0.25 else 1))
                turns.append(self._turn(shown, shown))
        return turns

    def _last(self, turns: Sequence[Turn]) -> tuple[TwoColours, ...]:
        return next(turn.pictures for turn in reversed(turns) if turn.pictures)

    def _picture(self) -> TwoColours:
        return TwoColours(*self._chance.sample(list(COLOURS), 2))

    def _turn(self, shown: tuple[TwoColours, ...], seen: tuple[TwoColours, ...]) -> Turn:
        number = self._chance.randrange(len(seen))
        side = self._chance.choice(SIDES)
        colour = getattr(seen[number], side)
        of = f" of the {PLACES[number]} picture" if len(seen) > 1 else ""
        if self._chance.random() < 0.5:
            question = f"What is on the {side}{of}?"
        else:
            other = self._chance.choice([each for each in COLOURS if each != colour])
            one, two = self._chance.sample((colour, other), 2)
            question = f"Is the {side}{of} {one} or {two}?"
        return Turn(shown, question, f"It is {colour}.")


def words() -> list[str]:
    """All that is said, as words with and without a space before them."""
    said = {
        "What",
        "Is",
        "It",
        "is",
        "on",
        "the",
        "of",
        "picture",
        "or",
        "Be",
        "kind",
        *COLOURS,
        *SIDES,
        *PLACES,
    }
    return [*sorted(said), *(f" {word}" for word in sorted(said)), "?", "."]
