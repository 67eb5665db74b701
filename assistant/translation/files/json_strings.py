"""Strings of data files (.json) that are said to people, as in translations of programs.

Translation alone: a string has no place for two languages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UnreadableDocument
from assistant.translation.files.encoded_text import EncodedText, read_text, replaced
from assistant.translation.files.language_tags import language_of
from assistant.translation.files.readable import is_said
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Lost, NotKept, Paragraph, TranslatedParagraph

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]')
_LANGUAGE_KEYS = {"lang", "language", "locale", "@@locale"}
_NO_WORDS = {
    "id", "uuid", "guid", "key", "type", "kind", "class", "classname", "url", "uri", "href", "src",
    "path", "file", "filename", "icon", "color", "colour", "format", "version", "date", "datetime",
    "timestamp", "mimetype", "email", "author", "license", "$schema", "$id", "$ref", "encoding",
    "charset", "slug", "token", "hash", "regex", "pattern",
}  # fmt: skip
"""Keys whose strings are for programs."""
_PLURALS = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
"""Messages of ICU, which hold sentences inside sentences."""


@dataclass(frozen=True, slots=True)
class _String:
    start: int
    end: int
    text: str
    key: str


class JsonStrings:
    def __init__(self, source: EncodedText) -> None:
        try:
            json.loads(source.text)
        except ValueError as error:
            raise UnreadableDocument("json-damaged") from error
        self._source = source
        strings = list(_values(source.text))
        said = [one for one in strings if one.key.lower() not in _NO_WORDS and is_said(one.text)]
        said = [one for one in said if not _names_language(one)]
        self._said = [one for one in said if not _PLURALS.search(one.text)]
        self._named = [one for one in strings if _names_language(one)]
        self.language = language_of(self._named[0].text) if self._named else ""
        self.lost = tuple(Lost(NotKept.PART_UNREADABLE, one.key) for one in said if _PLURALS.search(one.text))
        self._places = [
            (one, match.start(), match.end())
            for one in self._said
            for match in re.finditer(r"[^\n]*[^\W\d_][^\n]*", one.text)
        ]
        self.paragraphs = tuple(
            Paragraph(one.text[start:end].strip(), place=one.key) for one, start, end in self._places
        )

    def write(
        self, output: Path, translated: Sequence[TranslatedParagraph], target: str, layout: Layout
    ) -> tuple[Lost, ...]:
        inside: dict[_String, list[tuple[int, int, str]]] = {}
        for (one, start, end), before, after in zip(self._places, self.paragraphs, translated, strict=True):
            if before.text != after.text:
                words = one.text[start:end].replace(before.text, after.text, 1)
                inside.setdefault(one, []).append((start, end, words))
        text = self._source.text
        escapes = text.isascii() and "\\u" in text
        changes = [
            (one.start, one.end, json.dumps(replaced(one.text, lines), ensure_ascii=escapes))
            for one, lines in inside.items()
        ]
        changes += [(one.start, one.end, json.dumps(target)) for one in self._named]
        save(output, self._source.encode(replaced(text, changes))[0])
        return ()


def open(path: Path) -> JsonStrings:
    """Raises UnreadableDocument."""
    return JsonStrings(read_text(path))


def _names_language(string: _String) -> bool:
    return string.key in _LANGUAGE_KEYS and bool(language_of(string.text))


def _values(text: str) -> Iterator[_String]:
    """The strings that are values, with the key that they belong to."""
    keys: list[str] = [""]
    pending: tuple[int, int, str] | None = None
    for match in _TOKEN.finditer(text):
        sign = match.group()
        if sign[0] == '"':
            pending = (*match.span(), sign)
            continue
        if pending is not None:
            start, end, written = pending
            word = str(json.loads(written, strict=False))
            if sign == ":":
                keys[-1] = word
            else:
                yield _String(start, end, word, keys[-1])
            pending = None
        if sign in "{[":
            keys.append(keys[-1])
        elif sign in "}]" and len(keys) > 1:
            keys.pop()
    if pending is not None:
        yield _String(pending[0], pending[1], str(json.loads(pending[2], strict=False)), keys[-1])
