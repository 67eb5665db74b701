"""PURE: the paragraphs of a page of HTML or XML, and the page with others in their place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from assistant.translation.files.markup.inline import (
    Inline,
    Kind,
    Piece,
    Writer,
    inline,
    partnered,
    rebuilt,
    whole,
)
from assistant.translation.files.markup.tokens import (
    Attribute,
    Token,
    TokenKind,
    attributes,
    ends,
    escaped_value,
    number_at,
    text_of,
    tokens,
)
from assistant.translation.records import Layout, Paragraph, TranslatedParagraph

MAX_DEPTH = 40
"""Of paragraphs in notes, boxes and the like inside paragraphs; what is deeper stays as it is."""


_NEAREST = 100
"""So many elements that name a language are looked at to find the one around a paragraph."""


class Role(Enum):
    """What an element is to the words in and around it."""

    INLINE = auto()
    BLOCK = auto()
    """Ends the paragraph before it."""
    SKIPPED = auto()
    """As a BLOCK; nothing in it is translated."""
    KEPT = auto()
    """Its words are part of the sentence around it, and stay as they are."""
    OPAQUE = auto()
    """Stands in a sentence, and nothing in it is translated."""
    HOST = auto()
    """Stands in a sentence, and has paragraphs of its own inside."""
    TRANSPARENT = auto()
    """As if its tags were not there."""


@dataclass(frozen=True, slots=True)
class Tag:
    token: Token
    attributes: tuple[Attribute, ...]
    values: dict[str, str]
    """Of the attributes, as they are read."""

    @property
    def name(self) -> str:
        return self.token.name


class Vocabulary(Protocol):
    xml: bool
    repeated: frozenset[str]
    """Elements that may be there twice, one below the other: paragraphs, not cells or headings."""
    bare: frozenset[str]
    """Elements that hold text alone."""
    line_break: str
    ids: re.Pattern[str]
    """Attributes that only one element may have."""

    def role(self, tag: Tag) -> Role: ...

    def white_space(self, tag: Tag) -> str:
        """What an element without words means: "\\n" for a line break; "" for none."""

    def texts(self, tag: Tag) -> Sequence[str]:
        """The attributes that a person reads."""

    def language(self, tag: Tag) -> str:
        """ISO 639-1 of what is inside; "" where the tag does not say it."""

    def escape(self, text: str) -> str: ...

    def around(self, tag: Tag | None, target: str) -> tuple[str, str]:
        """Tags around a translation: like this one, or within a paragraph."""


@dataclass(frozen=True, slots=True)
class _Slot:
    paragraph: Paragraph
    start: int
    end: int
    inline: Inline | None = None
    attribute: Attribute | None = None
    block: tuple[Token, Token] | None = None
    """The tags of the element that holds this paragraph and nothing else, if it may be repeated."""
    bare: bool = False
    """It can hold no elements."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other source in the place of some; nothing is taken away where `start == end`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class _Gathered:
    """A paragraph as far as it is read."""

    pieces: list[Piece] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)
    """What is read after it: notes, boxes, alternative texts."""
    before: Token | None = None
    """The tag in front of it."""

    def add(self, piece: Piece, name: str = "") -> None:
        self.pieces.append(piece)
        self.names.append(name)


class Page:
    def __init__(self, source: str, vocabulary: Vocabulary, *, language: str = "", place: str = "") -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.place = place
        self.tokens = tokens(source, xml=vocabulary.xml)
        self.ends = ends(self.tokens)
        self.read: list[Tag] = []
        """The tags of what is translated and of what stands around it."""
        self._slots: list[_Slot] = []
        self._roles: dict[int, Role] = {}
        """Of end tags that stand in a sentence, by their numbers."""
        self._languages: list[tuple[int, int, str]] = [(0, len(source), language)]
        """Where in the source each holds; the last one counts."""
        self._collect(0, len(self.tokens), 0)

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [slot.paragraph for slot in self._slots]

    def tag(self, token: Token) -> Tag:
        found = attributes(self.source, token, xml=self.vocabulary.xml)
        values = {one.name: text_of(self.source, Token(TokenKind.TEXT, one.start, one.end)) for one in found}
        return Tag(token, tuple(found), values)

    def _collect(self, at: int, end: int, depth: int) -> None:
        current = _Gathered(before=self.tokens[at - 1] if at else None)
        while at < end:
            token = self.tokens[at]
            closing = self.ends.get(at, -1) if token.kind is TokenKind.START else at
            after = at + 1
            match token.kind:
                case TokenKind.TEXT:
                    self._add_text(current, token)
                case TokenKind.OTHER:
                    current.add(Piece(Kind.ATOM, token.start, token.end))
                case TokenKind.END:
                    match self._roles.get(at):
                        case Role.INLINE:
                            current.add(Piece(Kind.CLOSE, token.start, token.end), token.name)
                        case Role.TRANSPARENT:
                            pass
                        case _:
                            self._finish(current, token)
                            current = _Gathered(before=token)
                case TokenKind.START | TokenKind.EMPTY:
                    tag = self.tag(token)
                    role = self.vocabulary.role(tag)
                    if role in (Role.SKIPPED, Role.OPAQUE, Role.KEPT) and closing < 0:
                        role = Role.BLOCK
                    if role is Role.HOST and (closing < 0 or depth >= MAX_DEPTH):
                        role = Role.BLOCK if closing < 0 else Role.OPAQUE
                    if role not in (Role.SKIPPED, Role.OPAQUE, Role.KEPT):
                        self.read.append(tag)
                        self._note_language(tag, closing)
                    if role in (Role.BLOCK, Role.SKIPPED):
                        self._finish(current, token)
                        current = _Gathered(before=token)
                        if role is Role.SKIPPED:
                            after = closing + 1
                            current.before = self.tokens[closing]
                        else:
                            self._read_attributes(tag)
                    else:
                        self._roles[closing] = role
                        after = self._inside(current, at, closing, tag, role, depth)
            at = after
        self._finish(current, self.tokens[end] if end < len(self.tokens) else None)

    def _add_text(self, current: _Gathered, token: Token) -> None:
        """Text, and the white space around it apart: at the edges of a paragraph it stays as it is."""
        raw = self._source_of(token)
        bare = raw.strip(" \t\r\n\f")
        start = token.start + raw.find(bare) if bare else token.end
        for begin, end in ((token.start, start), (start, start + len(bare)), (start + len(bare), token.end)):
            if begin < end:
                text = text_of(self.source, Token(TokenKind.TEXT, begin, end))
                current.add(Piece(Kind.TEXT, begin, end, text))

    def _inside(self, current: _Gathered, at: int, closing: int, tag: Tag, role: Role, depth: int) -> int:
        """Read an element in a sentence; the number of the token after what was read."""
        token = tag.token
        if role is Role.TRANSPARENT:
            return at + 1
        if role is Role.INLINE and token.kind is TokenKind.START:
            current.add(Piece(Kind.OPEN, token.start, token.end), token.name)
            current.after.append(lambda: self._read_attributes(tag))
            return at + 1
        until = self.tokens[closing].end
        if role is Role.KEPT:
            text = "".join(
                text_of(self.source, one) for one in self.tokens[at:closing] if one.kind is TokenKind.TEXT
            )
            text = " ".join(text.split())
            kind = Kind.KEPT if text else Kind.ATOM
            current.add(Piece(kind, token.start, until, text))
            return closing + 1
        current.add(Piece(Kind.ATOM, token.start, until, self.vocabulary.white_space(tag)))
        if role is not Role.OPAQUE:
            current.after.append(lambda: self._read_attributes(tag))
        if role is Role.HOST and closing > at:
            current.after.append(lambda: self._collect(at + 1, closing, depth + 1))
        return closing + 1

    def _note_language(self, tag: Tag, closing: int) -> None:
        language = self.vocabulary.language(tag)
        if language and tag.token.kind is TokenKind.START and closing >= 0:
            self._languages.append((tag.token.end, self.tokens[closing].start, language))

    def _language_at(self, place: int) -> str:
        for start, end, language in reversed(self._languages[-_NEAREST:]):
            if start <= place < end:
                return language
        return self._languages[0][2]

    def _finish(self, current: _Gathered, following: Token | None) -> None:
        found = [one for run in partnered(current.pieces, current.names) if (one := inline(run)) is not None]
        before = current.before
        block = None
        if (
            len(found) == 1
            and before is not None
            and following is not None
            and before.kind is TokenKind.START
            and following.kind is TokenKind.END
            and before.name == following.name
            and before.name in self.vocabulary.repeated
        ):
            block = (before, following)
        for one in found:
            paragraph = one.paragraph(self._language_at(one.start), self.place)
            bare = before is not None and before.name in self.vocabulary.bare
            self._slots.append(_Slot(paragraph, one.start, one.end, one, block=block, bare=bare))
        for read in current.after:
            read()

    def _read_attributes(self, tag: Tag) -> None:
        for name in self.vocabulary.texts(tag):
            for attribute in tag.attributes:
                text = " ".join(tag.values.get(name, "").split())
                if attribute.name == name and any(character.isalpha() for character in text):
                    paragraph = Paragraph(text, (), self._language_at(attribute.start), self.place)
                    slot = _Slot(paragraph, attribute.start, attribute.end, attribute=attribute)
                    self._slots.append(slot)
                    break

    def look_around(self, start: int, words: int, end: int) -> tuple[str, str]:
        """The tags of the elements between a place and some words that go on to the end of these."""
        first, last = "", ""
        for number in range(number_at(self.tokens, start), number_at(self.tokens, words)):
            closing = self.ends.get(number)
            if closing is not None and self.tokens[closing].start >= end:
                first += self._source_of(self.tokens[number])
                last = self._source_of(self.tokens[closing]) + last
        return first, last

    def _source_of(self, token: Token) -> str:
        return self.source[token.start : token.end]

    # --- written -----------------------------------------------------------------------------------------

    def written(
        self,
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
        edits: Sequence[Edit] = (),
    ) -> tuple[str, int]:
        """The source with these paragraphs, and how many looks hold for a whole sentence now.

        Args:
            edits: of what is not text: languages, directions.
        """
        return _Written(self, self._slots, translated, target, layout, edits).whole()


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: Callable[[int], str]
    """Given the number of the change."""


def _always(text: str) -> Callable[[int], str]:
    return lambda _: text


class _Written:
    def __init__(
        self,
        page: Page,
        slots: Sequence[_Slot],
        translated: Sequence[TranslatedParagraph],
        target: str,
        layout: Layout,
        edits: Sequence[Edit],
    ) -> None:
        self._page = page
        self._source = page.source
        self._target = target
        self._below = layout is Layout.BELOW
        self._whole = 0
        changes = [_Change(edit.start, edit.end, _always(edit.text)) for edit in edits]
        for slot, paragraph in zip(slots, translated, strict=True):
            if paragraph.text != slot.paragraph.text:
                changes.extend(self._of_slot(slot, paragraph))
        # What stands around others comes first; what is put between comes before what follows it.
        changes.sort(key=lambda change: (change.start, change.end > change.start, -change.end))
        self._changes = changes
        self._starts = [change.start for change in changes]

    def whole(self) -> tuple[str, int]:
        return self._between(0, len(self._source), -1), self._whole

    def _between(self, start: int, end: int, inside: int) -> str:
        """The source from `start` to `end` with the changes in it, those after number `inside`."""
        pieces: list[str] = []
        at = start
        number = max(inside + 1, bisect_left(self._starts, start))
        while number < len(self._changes) and self._starts[number] <= end:
            change = self._changes[number]
            outside = change.end > end or (inside >= 0 and change.start == change.end in (start, end))
            if change.start >= at and not outside:
                pieces.append(self._source[at : change.start])
                pieces.append(change.text(number))
                at = change.end
            number += 1
        pieces.append(self._source[at:end])
        return "".join(pieces)

    def _of_slot(self, slot: _Slot, translated: TranslatedParagraph) -> Iterator[_Change]:
        attribute = slot.attribute
        if attribute is not None:
            text = f"{slot.paragraph.text} / {translated.text}" if self._below else translated.text
            value = escaped_value(text, attribute.quote)
            yield _Change(slot.start, slot.end, _always(value))
            return
        self._whole += whole(translated)
        if not self._below:
            yield _Change(slot.start, slot.end, lambda number: self._rebuilt(slot, translated, number))
            return
        if slot.block is not None:
            place = slot.block[1].end
            yield _Change(place, place, lambda _: self._copy(slot, translated))
        else:
            yield _Change(
                slot.start,
                slot.end,
                lambda number: self._between(slot.start, slot.end, number) + self._copy(slot, translated),
            )

    def _rebuilt(self, slot: _Slot, translated: TranslatedParagraph, number: int) -> str:
        assert slot.inline is not None
        vocabulary = self._page.vocabulary
        writer = Writer(
            vocabulary.escape,
            lambda start, end: self._between(start, end, number),
            lambda source: vocabulary.ids.sub("", source),
        )
        return rebuilt(slot.inline, translated, writer)

    def _copy(self, slot: _Slot, translated: TranslatedParagraph) -> str:
        """The translation below its original."""
        assert slot.inline is not None
        vocabulary = self._page.vocabulary
        writer = Writer(
            vocabulary.escape,
            lambda start, end: self._source[start:end],
            lambda source: vocabulary.ids.sub("", source),
        )
        if slot.bare:
            return f" / {vocabulary.escape(translated.text)}"
        words = rebuilt(slot.inline, translated, writer, atoms=False)
        if slot.block is None:
            opening, closing = vocabulary.around(None, self._target)
            return f"{vocabulary.line_break}{opening}{words}{closing}"
        first, last = self._page.look_around(slot.block[0].end, slot.start, slot.end)
        opening, closing = vocabulary.around(self._page.tag(slot.block[0]), self._target)
        return f"{opening}{vocabulary.ids.sub('', first)}{words}{last}{closing}"
