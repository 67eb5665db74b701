"""PURE: a prompt as cells of the KV cache: tokens of text, and what stands for a picture's.

A picture takes many cells, which have no tokens. Numbers below zero stand for them, made from what it shows:
so prompts are compared, and kept on disk, as if they were all text. A cell mostly takes the next position; of
a picture whose cells lie in rows and columns (M-RoPE) only some do. The odd numbers do, the even ones not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.chat.records import MessagePicture

_HASHES = 2**29


@dataclass(frozen=True, slots=True)
class PictureCells:
    """Cells that are read at once: a picture, or one of the parts that it is cut into."""

    begin: int
    end: int
    picture: MessagePicture
    part: int


@dataclass(frozen=True, slots=True)
class Prompt:
    text: str
    cells: list[int]
    pictures: tuple[PictureCells, ...] = ()

    @property
    def text_tokens(self) -> Sequence[int]:
        return [cell for cell in self.cells if cell >= 0] if self.pictures else self.cells

    @property
    def picture_tokens(self) -> int:
        return sum(each.end - each.begin for each in self.pictures)

    def whole(self, length: int) -> int:
        """So many cells or fewer, without a picture that is cut."""
        return next((each.begin for each in self.pictures if each.begin < length < each.end), length)


def picture_cells(digest: bytes, part: int, count: int, positions: int) -> list[int]:
    """What stands for `count` cells that take so many positions."""
    number = int.from_bytes(hashlib.sha256(digest + part.to_bytes(4)).digest()[:8]) % _HASHES
    still = -2 * (number + 1)
    return [still + 1] * positions + [still] * (count - positions)


def positions(cells: Iterable[int]) -> int:
    """How many positions they take."""
    return sum(cell >= 0 or cell & 1 for cell in cells)
