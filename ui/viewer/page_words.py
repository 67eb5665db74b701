"""The words that were recognised on pages: found under the mouse, selected in reading order, put together."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.documents.records import Box, WordOnPage
from ui.common.formatting import is_right_to_left

_SLACK = 2.0
"""Points around a word that still belong to it."""
_ROWS_APART = 40.0
"""How much farther another line is than the next word of the same line."""
_FAR_BACK = 3.0
"""Heights of a line."""
_WITHOUT_SPACES = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""How the names of letters begin whose words stand side by side."""


class WordPlace(NamedTuple):
    page: int
    number: int
    """Of the word on its page, from 0."""


class PageWords:
    def __init__(self) -> None:
        self._words: dict[int, tuple[WordOnPage, ...]] = {}
        self._anchor: WordPlace | None = None
        self._head: WordPlace | None = None

    def clear(self) -> None:
        self._words.clear()
        self.unselect()

    def put(self, page: int, words: Sequence[WordOnPage]) -> None:
        if tuple(words) != self._words.get(page):
            self._words[page] = tuple(words)
            if any(place is not None and place.page == page for place in (self._anchor, self._head)):
                self.unselect()

    def knows(self, page: int) -> bool:
        return page in self._words

    def of_page(self, page: int) -> tuple[WordOnPage, ...]:
        return self._words.get(page, ())

    # --- finding

    def at(self, page: int, x: float, y: float) -> WordPlace | None:
        """The word at a point of the page."""
        for number, word in enumerate(self.of_page(page)):
            x0, y0, x1, y1 = word.box
            if x0 - _SLACK <= x <= x1 + _SLACK and y0 - _SLACK <= y <= y1 + _SLACK:
                return WordPlace(page, number)
        return None

    def nearest(self, page: int, x: float, y: float) -> WordPlace | None:
        """The word that is closest to a point, rather in its line than above or below."""
        words = self.of_page(page)
        if not words:
            return None
        return WordPlace(page, min(range(len(words)), key=lambda number: _distance(words[number].box, x, y)))

    def word(self, place: WordPlace) -> WordOnPage:
        return self._words[place.page][place.number]

    # --- selecting

    def select(self, anchor: WordPlace, head: WordPlace) -> None:
        """From the one to the other, both included."""
        self._anchor, self._head = anchor, head

    def select_page(self, page: int) -> None:
        if words := self.of_page(page):
            self.select(WordPlace(page, 0), WordPlace(page, len(words) - 1))

    def unselect(self) -> None:
        self._anchor = self._head = None

    @property
    def anchor(self) -> WordPlace | None:
        return self._anchor

    def selected(self, page: int) -> range:
        """Numbers of the words of a page that are selected."""
        if self._anchor is None or self._head is None:
            return range(0)
        first, last = sorted((self._anchor, self._head))
        if not first.page <= page <= last.page:
            return range(0)
        begin = first.number if page == first.page else 0
        end = last.number + 1 if page == last.page else len(self.of_page(page))
        return range(begin, end)

    def selected_boxes(self, page: int) -> list[Box]:
        """A box for each line of what is selected on a page."""
        boxes: list[Box] = []
        before: WordOnPage | None = None
        for number in self.selected(page):
            word = self.of_page(page)[number]
            if before is not None and _in_one_line(before, word):
                boxes[-1] = _around(boxes[-1], word.box)
            else:
                boxes.append(word.box)
            before = word
        return boxes

    def text(self) -> str:
        """Of what is selected, a line for each line."""
        return "\n".join(filter(None, map(self._text_of_page, sorted(self._words))))

    def _text_of_page(self, page: int) -> str:
        words = [self.of_page(page)[number] for number in self.selected(page)]
        return "".join(_joined(words))


def _joined(words: Sequence[WordOnPage]) -> Iterator[str]:
    yield from (word.text for word in words[:1])
    for before, word in pairwise(words):
        yield _between(before, word)
        yield word.text


def _between(before: WordOnPage, word: WordOnPage) -> str:
    if not _in_one_line(before, word):
        return "\n"
    return "" if _is_unspaced(before.text[-1:]) and _is_unspaced(word.text[:1]) else " "


def _in_one_line(before: WordOnPage, word: WordOnPage) -> bool:
    one, other = before.box, word.box
    if not (one[1] <= _middle(other) <= one[3] or other[1] <= _middle(one) <= other[3]):
        return False
    # A line that slopes ends as low as the next one begins: far back, where reading went on to.
    back = one[0] - other[2]
    if is_right_to_left(before.text) or is_right_to_left(word.text):
        back = other[0] - one[2]
    return back <= _FAR_BACK * max(one[3] - one[1], other[3] - other[1])


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _is_unspaced(character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith(_WITHOUT_SPACES)


def _distance(box: Box, x: float, y: float) -> float:
    across = max(box[0] - x, 0.0, x - box[2])
    down = max(box[1] - y, 0.0, y - box[3])
    return across + _ROWS_APART * down
