"""PURE: cuts a section into the pieces that are embedded and found, each small enough for the model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from semantic_text_splitter import TextSplitter

from assistant.documents.records import Section
from assistant.documents.text.terms import YEAR

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_MAX_TOKENS = 256
"""What the built-in model reads of a text."""
_MARKS = 2
"""The tokens that the model puts at the beginning and the end of each text."""
_CONTEXT_TOKENS = 48
"""The document's title and the headings take no more of a piece."""
_HEADER_TOKENS = 64
"""Longer rows at the top of a table are not repeated before its other pieces."""
_HEADER_ROWS = 2
"""So many rows at the top of a table may name its columns."""
_MAX_CHARACTERS = 1600
"""A piece is never longer, whatever it counts in tokens: a word of over 100 letters, or a Thai sentence
without spaces, is one "unknown" token to the built-in model."""
_BLOCK = 16_000
"""Characters that the splitter gets at once; see `_blocks`."""
_LONGEST_CACHED = 32
"""Characters of a word whose tokens are remembered."""
_CACHE_WORDS = 100_000
"""Words that are remembered, about 10 MB."""

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAS_IDEOGRAPH = re.compile(f"[{_IDEOGRAPH}]")
_WORDS = re.compile(rf"[{_IDEOGRAPH}]|[^\s{_IDEOGRAPH}]+")
_NUMBER = re.compile(r"[\d.,%$€£()\-–—+]*\d[\d.,%$€£()\-–—+]*")
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Chunk:
    start: int
    end: int
    text: str
    """The section's text[start:end]; it neither begins nor ends with white space."""
    embed_text: str
    """What is embedded: where the text stands (document, headings, header rows of a table), then the text."""


class Chunker:
    """Cuts sections, counting with a tokenizer. Belongs to one thread."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = _MAX_TOKENS) -> None:
        """
        Args:
            tokenizer: it must neither cut nor pad; `Embedder.tokenizer` is so.
            max_tokens: what the model reads of a text, the marks at its ends included.
        """
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens - _MARKS
        self._words: dict[str, int] = {}

    def chunk(self, section: Section, title: str) -> list[Chunk]:
        """The pieces of a section in order. Together they hold all of its text but white space at the cuts.

        None is longer, with what is put before it, than the model reads. Rows of a table are not cut, but
        for a row that is too long by itself.
        """
        text = section.text
        if not text.strip():
            return []
        context = self._context(title, section.heading)
        room = self._max_tokens - self.count(context)
        if section.table:
            return self._table(text, context, room)
        chunks = [
            self._piece(text, start, end, context) for start, end in self._cut(text, 0, len(text), room)
        ]
        if section.heading and _begins_with(text, section.heading[-1]):
            # The first piece says its heading itself.
            outer = self._context(title, section.heading[:-1])
            if self.count(outer) <= self.count(context):
                chunks[0] = self._piece(text, chunks[0].start, chunks[0].end, outer)
        return chunks

    def embedded_texts(self, section: Section, title: str, start: int, end: int) -> list[str]:
        """What `chunk` may have given as `embed_text` of the piece text[start:end], likeliest first.

        For pieces that were cut earlier: where they were cut is not decided again.
        """
        context = self._context(title, section.heading)
        before = [context]
        if section.table:
            rows = _rows(section.text)
            header = "\n".join(
                section.text[first:last].strip()
                for first, last in rows[: self._header_rows(section.text, rows) if rows else 0]
            )
            if header:
                before.insert(0, f"{context}\n{header}".strip())
        elif section.heading:
            before.append(self._context(title, section.heading[:-1]))
        return [self._piece(section.text, start, end, each).embed_text for each in dict.fromkeys(before)]

    def count(self, text: str) -> int:
        """Tokens of a text, without the marks at its ends.

        The tokenizer is asked for each new word only: no token crosses white space, and none holds more
        than one ideograph. That is twenty times as fast as asking it for each text that is tried.
        """
        if text.isascii() or not _HAS_IDEOGRAPH.search(text):
            words: list[str] = text.split()
        else:
            words = _WORDS.findall(text)
        known = self._words
        total = 0
        for word in words:
            size = known.get(word)
            if size is None:
                size = self._count_word(word)
            total += size
        return total

    def _count_word(self, word: str) -> int:
        size = len(self._tokenizer.encode(_SURROGATES.sub("?", word), add_special_tokens=False).ids)
        if len(word) <= _LONGEST_CACHED:
            if len(self._words) >= _CACHE_WORDS:
                self._words.clear()
            self._words[word] = size
        return size

    # --- running text ----------------------------------------------------------------------------

    def _cut(self, text: str, start: int, end: int, room: int) -> list[tuple[int, int]]:
        """Where the pieces of text[start:end] begin and end."""
        # A heading that the splitter keeps apart from its text would be found for its words and say
        # nothing: what is short joins what follows and, at the end, what comes before.
        short = room // 6
        pieces: list[tuple[int, int]] = []
        for block in _blocks(text, start, end):
            for piece in self._split(text, *block, room):
                pieces.append(piece)
                if len(pieces) > 1 and self._size(text, *pieces[-2], room) < short:
                    pieces[-2:] = self._evened(text, pieces[-2][0], pieces[-1][1], room)
        if len(pieces) > 1 and self._size(text, *pieces[-1], room) < short:
            pieces[-2:] = self._evened(text, pieces[-2][0], pieces[-1][1], room)
        return pieces

    def _split(self, text: str, start: int, end: int, room: int, flat: bool = False) -> list[tuple[int, int]]:
        """As the splitter sees it: at blank lines, else at line ends, else between sentences, else words.

        Where it is `flat`, line ends count as spaces.
        """
        part = _SURROGATES.sub("?", text[start:end])
        if flat:
            part = re.sub(r"\s", " ", part)
        splitter = TextSplitter.from_callback(lambda some: self._length(some, room), room, trim=False)
        pieces = []
        for offset, piece in splitter.chunk_indices(part):
            bare = piece.strip()
            if bare:
                first = start + offset + piece.index(bare)
                pieces.append((first, first + len(bare)))
        return pieces

    def _evened(self, text: str, start: int, end: int, room: int) -> list[tuple[int, int]]:
        """One piece or, if that is too long, two that come nearer to each other in length."""
        size = self._size(text, start, end, room)
        if size <= room:
            return [(start, end)]
        for share in (room * 2 // 3, room):
            pieces = self._split(text, start, end, share, flat=True)
            if len(pieces) <= 2:
                return pieces
        return pieces

    def _size(self, text: str, start: int, end: int, room: int) -> int:
        return self._length(text[start:end], room)

    def _length(self, part: str, room: int) -> int:
        """In tokens, or in characters where these are what is too many."""
        # What is far too long is not looked at: a line of a million letters is tried often.
        if len(part) > _MAX_CHARACTERS:
            return len(part)
        return max(self.count(part), -(-len(part) * room // _MAX_CHARACTERS))

    def _piece(self, text: str, start: int, end: int, context: str) -> Chunk:
        return Chunk(
            start, end, text[start:end], f"{context}\n{text[start:end]}" if context else text[start:end]
        )

    # --- tables ----------------------------------------------------------------------------------

    def _table(self, text: str, context: str, room: int) -> list[Chunk]:
        rows = _rows(text)
        headers = self._header_rows(text, rows)
        header = "\n".join(text[start:end].strip() for start, end in rows[:headers])
        room_below = room - self.count(header)
        chunks: list[Chunk] = []
        first = 0
        while first < len(rows):
            top = first == 0 or not header
            start, end = rows[first]
            limit = room if top else room_below
            last = first
            used = self.count(text[start:end])
            while last + 1 < len(rows):
                more = self.count(text[slice(*rows[last + 1])])
                if used + more > limit or rows[last + 1][1] - start > _MAX_CHARACTERS:
                    break
                used += more
                last += 1
            before = context if top else f"{context}\n{header}".strip()
            end = rows[last][1]
            pieces = [_stripped(text, start, end)]
            if last == first and self._size(text, start, end, limit) > limit:
                pieces = self._cut(text, start, end, limit)
            chunks += (self._piece(text, *piece, before) for piece in pieces)
            first = last + 1
        return chunks

    def _header_rows(self, text: str, rows: list[tuple[int, int]]) -> int:
        """How many rows at the top name the columns: the first ones without amounts (years may be names)."""
        count = 0
        for start, end in rows[:_HEADER_ROWS]:
            words = text[start:end].split()
            amounts = sum(bool(_NUMBER.fullmatch(word)) and not YEAR.fullmatch(word) for word in words)
            if amounts:
                break
            count += 1
        if count == len(rows) or self.count(text[rows[0][0] : rows[max(count, 1) - 1][1]]) > _HEADER_TOKENS:
            return 0
        return count

    # --- what is put before a piece ----------------------------------------------------------------

    def _context(self, title: str, heading: tuple[str, ...]) -> str:
        """The document's title and the headings; of a long path the innermost heading stays longest."""
        parts = [" ".join(part.split()) for part in (title, *heading)]
        parts = [part for index, part in enumerate(parts) if part and part not in parts[:index]]
        while len(parts) > 2 and self.count(" > ".join(parts)) > _CONTEXT_TOKENS:
            del parts[1]
        share = _CONTEXT_TOKENS // max(1, len(parts)) - 1
        if self.count(" > ".join(parts)) > _CONTEXT_TOKENS:
            parts = [self._shortened(part, share) for part in parts]
        return " > ".join(parts)

    def _shortened(self, text: str, tokens: int) -> str:
        text = text[: tokens * 12]
        while text and self.count(text) > tokens:
            text = text[: len(text) * 3 // 4]
        return text.rstrip()


def _rows(text: str) -> list[tuple[int, int]]:
    """Where the rows of a table begin and end."""
    return [(row.start(), row.end()) for row in re.finditer(r"[^\n]+", text) if row[0].strip()]


def _begins_with(text: str, heading: str) -> bool:
    words = heading.split()
    return bool(words) and text[: 2 * len(heading) + 100].split()[: len(words)] == words


def _blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """text[start:end] in blocks that the splitter handles quickly, cut where it would cut too.

    Its time grows with the square of the distance to the next break of a kind (text-splitter issue 1177).
    """
    while end - start > _BLOCK:
        cut = -1
        for mark in ("\n\n", "\n", ". ", "。", " "):
            found = text.rfind(mark, start + _BLOCK // 2, start + _BLOCK)
            if found >= 0:
                cut = found + len(mark)
                break
        if cut < 0:
            # Not a space in thousands of characters: an encoded picture, or Chinese without punctuation.
            cut = start + _MAX_CHARACTERS
            while cut > start + _MAX_CHARACTERS - 32 and unicodedata.combining(text[cut]):
                cut -= 1
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))
