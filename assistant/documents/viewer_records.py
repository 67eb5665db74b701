"""What is handed to whoever looks at a whole document: its pages, its outline, its text, places in it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.documents.records import Box


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    title: str
    level: int
    """0 is the outermost."""
    page: int | None = None
    section: int | None = None
    """Where its text begins; None for a bookmark of the file, which leads to a page alone."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The pages of a document of fixed layout, before any of them is drawn."""

    sizes: tuple[tuple[float, float], ...]
    """Width and height of each page in points, as it is displayed."""
    labels: tuple[str, ...] = ()
    """What is printed on each page, such as "iv"; empty where pages are simply counted."""
    bookmarks: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class TextRun:
    """A section, or a piece of a long one."""

    section: int
    start: int
    """`text` begins at this character of the section."""
    location: str
    heading: tuple[str, ...]
    table: bool
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class TextStretch:
    """A few screens of a document's text, in reading order."""

    runs: tuple[TextRun, ...]
    at_start: bool
    """Nothing comes before it."""
    at_end: bool


@dataclass(frozen=True, slots=True)
class FoundPlace:
    section: int
    start: int
    end: int
    page: int | None
    boxes: tuple[Box, ...]
    """One for each line; empty for formats without pages of fixed layout."""


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    places: tuple[FoundPlace, ...]
    """In reading order."""
    more: bool = False
    """There are further ones, which are not listed."""
