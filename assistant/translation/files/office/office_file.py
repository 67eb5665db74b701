"""A package whose parts are read, and written again, one after the other: one is in memory at a time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from assistant.errors import UnreadableDocument
from assistant.file_reading.safe_xml import Element, serialise
from assistant.file_reading.zip_reader import member_key
from assistant.text_folding import writable
from assistant.translation.files.office import inline
from assistant.translation.files.office.inline import Item, Pieces
from assistant.translation.files.office.package import EditablePackage
from assistant.translation.files.target_language import TargetLanguage, target_language
from assistant.translation.records import Layout, Lost, NotKept, Paragraph, TranslatedParagraph

_PICTURE = re.compile(r"/media/[^/]+\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)$", re.IGNORECASE)
_EMBEDDED = re.compile(r"/embeddings/[^/]+$", re.IGNORECASE)
_SIGNATURE = re.compile(r"^/?_xmlsignatures/.*\.xml$", re.IGNORECASE)


@dataclass(slots=True)
class Writing:
    """How a file is written, and what gets lost of it."""

    language: TargetLanguage
    below: bool
    known: dict[str, str] = field(default_factory=dict)
    """What each paragraph becomes."""
    kept: set[str] = field(default_factory=set)
    """Paragraphs that stay, because something else calls them so."""
    lost: Counter[tuple[NotKept, str]] = field(default_factory=Counter)

    def items(self, pieces: Pieces, translated: Sequence[TranslatedParagraph]) -> list[Item]:
        """A paragraph with its translation; what does not fit in is noted."""
        whole = inline.translated(pieces, translated)
        self.lost[NotKept.LOOK, ""] += whole.lost
        self.lost[NotKept.SPLIT_LOOK, ""] += whole.torn
        return whole.items


def says_the_same(paragraphs: Sequence[Paragraph], translated: Sequence[TranslatedParagraph]) -> bool:
    """Whether nothing was translated; then nothing is put below."""
    return all(before.text == after.text for before, after in zip(paragraphs, translated, strict=True))


class Block(Protocol):
    """A place with text: a paragraph, an attribute, a string of a sheet."""

    @property
    def paragraphs(self) -> Sequence[Paragraph]: ...

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None: ...


class Blocks:
    """The places of a part in reading order. Those that show the same text twice are translated once."""

    def __init__(self) -> None:
        self.places: list[list[Block]] = []
        self._known: dict[object, list[Block]] = {}

    def add(self, block: Block, same: object = None) -> None:
        """`same`: those that are added with equal ones and the same paragraphs get the same translation."""
        if not block.paragraphs:
            return
        key = None
        if same is not None:
            key = (same, tuple((paragraph.text, paragraph.marks) for paragraph in block.paragraphs))
            if key in self._known:
                self._known[key].append(block)
                return
        place = [block]
        self.places.append(place)
        if key is not None:
            self._known[key] = place

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [paragraph for place in self.places for paragraph in place[0].paragraphs]

    def write(self, translated: Sequence[TranslatedParagraph], writing: Writing) -> None:
        end = len(translated)
        # What is inside a paragraph stands after it here, and is written before that is built anew.
        for place in reversed(self.places):
            start = end - len(place[0].paragraphs)
            for block in place:
                block.write(translated[start:end], writing)
            end = start


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the package with what a person reads."""

    name: str
    collect: Callable[[Element, Blocks], None] | None = None
    """Finds its places."""
    finish: Callable[[Element, Writing], bool] | None = None
    """What else the language asks of it, after its places were written; whether anything changed."""
    needed: bool = False
    """Without it there is no document."""
    optional: bool = False
    """Where it cannot be read, most likely nothing is missed."""
    losses: Callable[[Element], Iterator[NotKept]] | None = None
    rewrite: Callable[[bytes, Writing], bytes | None] | None = None
    """For a part that is no XML: what it becomes, None where it stays."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a package."""

    parts: Sequence[Part]
    """In reading order."""
    language: str = ""
    """The one that the document says it is in."""
    prepare: Callable[[EditablePackage, Writing], None] | None = None
    """Looks at all translations before the parts are written."""


class OfficeFile:
    """A TranslatableFile."""

    def __init__(self, path: Path, contents: Callable[[EditablePackage], Contents]) -> None:
        """Raises UnreadableDocument."""
        self._path = path
        self._lost: Counter[tuple[NotKept, str]] = Counter()
        self._paragraphs: list[Paragraph] = []
        self._spans: dict[str, tuple[Part, int, int]] = {}
        with closing(EditablePackage(path)) as package:
            found = contents(package)
            self.language, self._prepare = found.language, found.prepare
            for part in found.parts:
                self._read(package, part)
            self._count_members(package.archive.names)

    @property
    def paragraphs(self) -> Sequence[Paragraph]:
        return self._paragraphs

    @property
    def lost(self) -> tuple[Lost, ...]:
        return _told(self._lost)

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        writing = Writing(target_language(target), layout is Layout.BELOW)
        translated = [replace(one, text=writable(one.text, " ")) for one in translated]
        for before, after in zip(self._paragraphs, translated, strict=True):
            writing.known.setdefault(before.text, after.text)
        with closing(EditablePackage(self._path)) as package:
            if self._prepare is not None:
                self._prepare(package, writing)
            package.save(output, lambda name: self._changed(package, name, translated, writing))
        return _told(self._lost + writing.lost)

    def _read(self, package: EditablePackage, part: Part) -> None:
        key = member_key(part.name)
        if key in self._spans or part.name not in package.archive:
            return
        if part.rewrite is not None:
            self._spans[key] = part, 0, 0
            return
        blocks = Blocks()
        try:
            root = package.editable(part.name)
        except UnreadableDocument:
            if part.needed:
                raise
            self._lost[NotKept.PART_UNREADABLE, part.name] += not part.optional
            return
        if part.losses is not None:
            self._lost.update((what, "") for what in part.losses(root))
        if part.collect is not None:
            part.collect(root, blocks)
        start = len(self._paragraphs)
        self._paragraphs.extend(blocks.paragraphs)
        self._spans[key] = part, start, len(self._paragraphs)

    def _changed(
        self, package: EditablePackage, name: str, translated: Sequence[TranslatedParagraph], writing: Writing
    ) -> bytes | None:
        """What a member becomes; None where it stays."""
        part, start, end = self._spans.get(member_key(name), (None, 0, 0))
        if part is None:
            return None
        if part.rewrite is not None:
            return part.rewrite(package.archive.read(name), writing)
        root = package.editable(name)
        changed = start < end
        if part.collect is not None and changed:
            blocks = Blocks()
            part.collect(root, blocks)
            blocks.write(translated[start:end], writing)
        if part.finish is not None:
            changed = part.finish(root, writing) or changed
        return serialise(root) if changed else None

    def _count_members(self, names: Sequence[str]) -> None:
        for name in names:
            if _PICTURE.search(name):
                self._lost[NotKept.PICTURE_TEXT, ""] += 1
            elif _EMBEDDED.search(name) and member_key(name) not in self._spans:
                self._lost[NotKept.EMBEDDED, ""] += 1
            elif _SIGNATURE.search(name) and name.rpartition("/")[2].lower().startswith("sig"):
                self._lost[NotKept.SIGNATURE, ""] += 1
            elif name.rpartition("/")[2].lower() == "vbaproject.bin":
                self._lost[NotKept.MACROS, ""] += 1


def _told(lost: Counter[tuple[NotKept, str]]) -> tuple[Lost, ...]:
    return tuple(Lost(what, place, count) for (what, place), count in lost.items() if count)
