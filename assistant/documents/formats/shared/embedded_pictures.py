"""Pictures among the text of documents: which of them may hold text, and their pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

from assistant.documents.records import Outcome, Part, PartPicture, Section
from assistant.errors import DocumentError, Problem, UnreadableDocument
from assistant.file_reading.picture import Picture

if TYPE_CHECKING:
    from assistant.file_reading.images import ImagePage

_LEAST_SIDES = (60, 16)
"""A picture that is smaller shows an icon or a line, not text."""
_LOOKED_AT_PIXELS = 800_000
"""So many of a picture's pixels tell whether it may show text."""
_DECODED_PIXELS = 12_000_000
"""A larger picture is taken to show text: to decode it costs nearly as much as to recognise it."""


@dataclass(frozen=True, eq=False, slots=True)
class EmbeddedPicture:
    """A picture in a part. Nothing is read of it before it is asked for."""

    show: Callable[[], Picture]
    """Its pixels. Raises DocumentError."""
    file: Callable[[], bytes] | None = None
    """Its file, where it is one: by it the same picture is known again. Raises DocumentError."""
    judged: bool = False
    """It was looked at: it may show text."""
    place: str = ""
    """Where its file stands in the document, if that is known: what is shown again and again is read once."""

    @classmethod
    def of_file(cls, read: Callable[[], bytes], place: str = "") -> EmbeddedPicture:
        return cls(lambda: pixels_of(read()), read, place=place)


Content: TypeAlias = Section | EmbeddedPicture
"""What a part holds, in its order."""


def pixels_of(content: bytes) -> Picture:
    """The picture in a file. Raises DocumentError."""
    # Imported here: a text without pictures costs no library for them.
    from assistant.file_reading.images import image_pixels

    return image_pixels(content)


def may_hold_text(content: bytes) -> bool:
    """Whether the picture in a file may show text; one that cannot be opened does not."""
    try:
        return _may_hold_text(content)
    except DocumentError:
        return False


def _may_hold_text(content: bytes) -> bool:
    import numpy as np

    from assistant.documents.formats.shared.text_likeness import may_show_text
    from assistant.file_reading.images import image_pages, image_pixels

    page = image_pages(content)[0]
    if _is_small(page):
        return False
    if page.width * page.height > _DECODED_PIXELS:
        return True
    pixels = image_pixels(content, most_pixels=_LOOKED_AT_PIXELS).array()
    grey = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels.mean(axis=2).astype(np.uint8)
    return may_show_text(grey)


def _is_small(page: ImagePage) -> bool:
    long, short = _LEAST_SIDES
    return max(page.width, page.height) < long or min(page.width, page.height) < short


def sections_of(content: Iterable[Content], pictures: list[EmbeddedPicture]) -> Iterator[Section]:
    """The sections of a part; its pictures go into `pictures`."""
    for each in content:
        if isinstance(each, EmbeddedPicture):
            pictures.append(each)
        else:
            yield each


class PartPictures:
    """The pictures of a document's parts, as far as it was read."""

    def __init__(self, most: int | None = None) -> None:
        """`most`: so many parts' pictures are kept, where each holds more than its place in a file."""
        self._most = most
        self._of: dict[int, list[EmbeddedPicture]] = {}
        self._seen: set[bytes] = set()
        self._reading: Iterator[Part] = iter(())
        """Goes on where the last part that was asked for ends: they are mostly asked for in their order."""
        self._reached = 0
        self._places: set[str] = set()

    def noted(self, part: Part, pictures: list[EmbeddedPicture]) -> Part:
        """The part with those of its pictures that may hold text; `pictures` is emptied.

        The same picture in several parts, such as a logo, is named once.
        """
        if not pictures:
            return part
        if self._most is not None and len(self._of) >= self._most:
            del self._of[next(iter(self._of))]
        self._of[part.number] = found = list(pictures)
        pictures.clear()
        listed = tuple(
            PartPicture(number, f"picture {number}")
            for number, each in enumerate(found, start=1)
            if self._is_new(each)
        )
        if not listed and part.outcome is Outcome.EMPTY:
            return replace(part, problem=Problem("no-text", "picture-without-text"))
        return replace(part, pictures=listed)

    def _is_new(self, picture: EmbeddedPicture) -> bool:
        if picture.file is None:
            return True
        if picture.place and picture.place in self._places:
            return False
        self._places.add(picture.place)
        try:
            content = picture.file()
        except DocumentError:
            return False
        mark = sha256(content).digest()
        if mark in self._seen:
            return False
        self._seen.add(mark)
        return picture.judged or may_hold_text(content)

    def picture(self, part: int, number: int, parts: Callable[[int], Iterator[Part]]) -> Picture:
        """The pixels of a picture; `parts` reads the document from a part on.

        Raises DocumentError.
        """
        if part not in self._of:
            self._read_to(part, parts)
        found = self._of.get(part, [])
        if not 1 <= number <= len(found):
            raise UnreadableDocument("picture-not-there")
        return found[number - 1].show()

    def close(self) -> None:
        """What was read for the pictures goes no further, and leaves nothing open."""
        self._reading = iter(())

    def _read_to(self, part: int, parts: Callable[[int], Iterator[Part]]) -> None:
        if not 0 < self._reached < part:
            self._reading = parts(part)
        self._reached = 0  # a reading that breaks off begins anew
        for each in self._reading:
            if each.number >= part:
                self._reached = each.number
                return
