"""PURE: the paragraphs of a page of HTML or XML, and the page with others in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from assistant.translation.files.markup.inline import Kind, Piece, inline, partnered
from assistant.translation.files.markup.rewriting import Edit, Slot, rewritten
from assistant.translation.files.markup.tokens import (
    Attribute,
    Token,
    TokenKind,
    attributes,
    ends,
    escaped,
    escaped_value,
    number_at,
    text_of,
    tokens,
)
from assistant.translation.files.readable import has_letters
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

    place: str
    """Where the tag stands that was asked about last, for reports."""

    def role(self, tag: Tag) -> Role: ...

    def white_space(self, tag: Tag) -> str:
        """What an element without words means: "\\n" for a line break; "" for none."""

    def texts(self, tag: Tag) -> Sequence[str]:
        """The attributes that a person reads."""

    def language(self, tag: Tag) -> str:
        """ISO 639-1 of what is inside; "" where the tag does not say it."""

    def around(self, tag: Tag | None, target: str) -> tuple[str, str]:
        """Tags around a translation: like this one, or within a paragraph."""


@dataclass(frozen=True, slots=True)
class Where:
    """What a paragraph stands in."""

    attribute: Attribute | None = None
    block: tuple[Token, Token] | None = None
    """The tags of the element that holds this paragraph and nothing else, if it may be repeated."""
    bare: bool = False
    """It can hold no elements."""


@dataclass(slots=True)
class _Gathered:
    """A paragraph as far as it is read."""

    place: str
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
    def __init__(self, source: str, vocabulary: Vocabulary, kept: frozenset[str] = frozenset()) -> None:
        """
        Args:
            kept: folded texts that no paragraph is made of.
        """
        self.source = source
        self.vocabulary = vocabulary
        self._kept = kept
        self.left = 0
        """How many paragraphs stay as they are for this reason."""
        self.tokens = tokens(source, xml=vocabulary.xml)
        self.ends = ends(self.tokens)
        self.read: list[Tag] = []
        """The tags of what is translated and of what stands around it."""
        self._slots: list[Slot[Where]] = []
        self._roles: dict[int, Role] = {}
        """Of end tags that stand in a sentence, by their numbers."""
        self._languages: list[tuple[int, int, str]] = [(0, len(source), "")]
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
        current = _Gathered(self.vocabulary.place, before=self.tokens[at - 1] if at else None)
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
                        case _:
                            self._finish(current, token)
                            current = _Gathered(self.vocabulary.place, before=token)
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
                        current = _Gathered(self.vocabulary.place, before=token)
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
        # The tag that ended it may have told another place already.
        now, self.vocabulary.place = self.vocabulary.place, current.place
        for one in found:
            if one.text.casefold() in self._kept:
                self.left += 1
                continue
            paragraph = one.paragraph(self._language_at(one.start), current.place)
            bare = before is not None and before.name in self.vocabulary.bare
            self._slots.append(Slot(paragraph, one.start, one.end, Where(block=block, bare=bare), one))
        for read in current.after:
            read()
        self.vocabulary.place = now

    def _read_attributes(self, tag: Tag) -> None:
        for name in self.vocabulary.texts(tag):
            for attribute in tag.attributes:
                text = " ".join(tag.values.get(name, "").split())
                if attribute.name == name and has_letters(text):
                    paragraph = Paragraph(text, (), self._language_at(attribute.start), self.vocabulary.place)
                    where = Where(attribute=attribute)
                    slot = Slot(paragraph, attribute.start, attribute.end, where)
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
        form = _PageForm(self, target)
        return rewritten(self.source, self._slots, translated, form, layout, edits)


class _PageForm:
    def __init__(self, page: Page, target: str) -> None:
        self._page = page
        self._target = target

    def escape(self, text: str) -> str:
        return escaped(text)

    def copied(self, opening: str) -> str:
        return self._page.vocabulary.ids.sub("", opening)

    def placed(self, slot: Slot[Where], words: str) -> str:
        attribute = slot.where.attribute
        return words if attribute is None else escaped_value(words, attribute.quote)

    def below(self, slot: Slot[Where], words: str) -> Edit:
        where = slot.where
        if where.attribute is not None:
            value = escaped_value(f"{slot.paragraph.text} / {words}", where.attribute.quote)
            return Edit(slot.start, slot.end, value)
        if where.bare:
            return Edit(slot.end, slot.end, f" / {words}")
        vocabulary = self._page.vocabulary
        if where.block is None:
            opening, closing = vocabulary.around(None, self._target)
            return Edit(slot.end, slot.end, f"{vocabulary.line_break}{opening}{words}{closing}")
        start, end = where.block
        first, last = self._page.look_around(start.end, slot.start, slot.end)
        opening, closing = vocabulary.around(self._page.tag(start), self._target)
        return Edit(end.end, end.end, f"{opening}{self.copied(first)}{words}{last}{closing}")
