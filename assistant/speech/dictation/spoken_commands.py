"""Spoken commands: "new line", "comma" and the like in a phrase, by a table for each language.

Words are a command unless they are talked about. The rule:

1. They stand there as whole words, with nothing but sentence punctuation and spaces around them.
2. They do not follow an article or another word that goes with a noun ("a comma", "this period"), and
   unless they end a sentence, no word follows that speaks of them ("colon of", "comma is"). Punctuation
   between lifts this, for then the speaker paused.
3. They do not stand between two numbers ("3 point 5").
4. Words that mean something else as well ("period", "dash") are one only at the end of the phrase, or before
   punctuation, another command or, where only names have capitals, a capital.
5. "Undo that" is one only as a sentence of its own at the end of the phrase: "I cannot undo that" is none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from assistant import paths

PAUSES = ",.;:!?…"
"""What Whisper writes around a command because the speaker paused there."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_ELIDED = re.compile(
    r"\b(l|d|j|n|m|t|s|c|qu|un|dell|all|nell|sull|dall|quest|quell)['’](?=\w)", re.IGNORECASE
)
_GAP = re.compile(rf"\s*[{re.escape(PAUSES)}–—-]*\s*")
_ENDS_SENTENCE = tuple(".!?")


class Kind(StrEnum):
    MARK = "mark"
    """Punctuation behind a word."""
    OPEN = "open"
    CLOSE = "close"
    APART = "apart"
    """With a space on both sides."""
    JOINED = "joined"
    """Without any."""
    LINE = "line"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Command:
    kind: Kind
    writes: str = ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    words: tuple[str, ...]
    command: Command
    doubtful: bool


class Language:
    """The table of one language."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        doubtful = {_normal(words) for words in table["doubtful"]}
        self._by_first: dict[str, list[_Spoken]] = {}
        for kind in Kind:
            listed = {"": table["undo"]} if kind is Kind.UNDO else table[kind]
            for writes, sayings in listed.items():
                for saying in map(_normal, sayings):
                    words = tuple(word.normal for word in _words(saying))
                    spoken = _Spoken(words, Command(kind, writes), saying in doubtful)
                    self._by_first.setdefault(spoken.words[0], []).append(spoken)
        for found in self._by_first.values():
            found.sort(key=lambda spoken: -len(spoken.words))
        self._capital_ends: bool = table["capital_ends"]
        self._not_after = frozenset(table["not_after"].split())
        self._doubtful_not_after = self._not_after.union(table["doubtful_not_after"].split())
        self._not_before = frozenset(table["not_before"].split())
        self.small = frozenset(table["small"].split())
        """Words that are small within a sentence, and sure to be no names."""
        self.lines_begin_capital: bool = table["lines_begin_capital"]
        """Whether a capital follows "Dear Sir," and a new line."""

    def parts(self, text: str) -> list[str | Command]:
        """The phrase as what is written and what is done, in turn; without the pauses behind commands."""
        words = _words(text)
        parts: list[str | Command] = []
        done = at = 0
        after_command = True
        while at < len(words):
            spoken = self._command(text, words, at, after_command)
            if spoken is None:
                at, after_command = at + 1, False
                continue
            parts += [text[done : words[at].start], spoken.command]
            at, after_command = at + len(spoken.words), True
            done = words[at - 1].end
            done += _pause(text[done : words[at].start if at < len(words) else len(text)])
        parts.append(text[done:])
        return [part.strip() if isinstance(part, str) else part for part in parts if part]

    def _command(self, text: str, words: list[_Word], at: int, after_command: bool) -> _Spoken | None:
        for spoken in self._by_first.get(words[at].normal, ()):
            if _stands(text, words, at, spoken) and self._is_meant(text, words, at, spoken, after_command):
                return spoken
        return None

    def _is_meant(self, text: str, words: list[_Word], at: int, spoken: _Spoken, after_command: bool) -> bool:
        end = at + len(spoken.words)
        before = words[at - 1] if at else None
        after = words[end] if end < len(words) else None
        gap_before = text[before.end if before else 0 : words[at].start]
        gap_after = text[words[end - 1].end : after.start if after else len(text)]
        if not (_GAP.fullmatch(gap_before) and _GAP.fullmatch(gap_after)):
            return False
        paused_before = before is None or after_command or bool(gap_before.strip())
        paused_after = after is None or bool(gap_after.strip())
        if spoken.command.kind is Kind.UNDO:
            return paused_before and (after is None or self._only_undo(text, words, end))
        not_after = self._doubtful_not_after if spoken.doubtful else self._not_after
        if before and not paused_before and before.normal in not_after:
            return False
        if after and not paused_after:
            if before and not paused_before and before.normal[-1].isdigit() and after.normal[0].isdigit():
                return False
            if after.normal in self._not_before and not spoken.command.writes.strip().startswith(
                _ENDS_SENTENCE
            ):
                return False
            if spoken.doubtful:
                capital = self._capital_ends and text[after.start].isupper()
                return capital or self._begins(text, words, end)
        return True

    def _begins(self, text: str, words: list[_Word], at: int) -> bool:
        """Whether the words of a command stand here, meant or not."""
        return any(
            _stands(text, words, at, spoken)
            for spoken in self._by_first.get(words[at].normal, ())
            if spoken.command.kind is not Kind.UNDO
        )

    def _only_undo(self, text: str, words: list[_Word], at: int) -> bool:
        """Whether nothing but "undo that" is said from here on."""
        while at < len(words):
            found = next(
                (
                    spoken
                    for spoken in self._by_first.get(words[at].normal, ())
                    if spoken.command.kind is Kind.UNDO and _stands(text, words, at, spoken)
                ),
                None,
            )
            if found is None:
                return False
            at += len(found.words)
        return True


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    normal: str


def _words(text: str) -> list[_Word]:
    """The words; what is elided before an apostrophe is one of its own: l'adresse, d'une."""
    found: list[_Word] = []
    for match in _WORD.finditer(text):
        start = match.start()
        elided = _ELIDED.match(text, start, match.end())
        if elided:
            found.append(_Word(start, elided.end() - 1, _normal(elided[1])))
            start = elided.end()
        found.append(_Word(start, match.end(), _normal(text[start : match.end()])))
    return found


def _normal(text: str) -> str:
    return text.casefold().replace("’", "'")


def _stands(text: str, words: list[_Word], at: int, spoken: _Spoken) -> bool:
    here = words[at : at + len(spoken.words)]
    return tuple(word.normal for word in here) == spoken.words and all(
        text[one.end : other.start].isspace() or text[one.end : other.start] in ("'", "’")
        for one, other in pairwise(here)
    )


def _pause(gap: str) -> int:
    match = _GAP.match(gap)
    return match.end() if match else 0


@cache
def read() -> Mapping[str, Language]:
    """The tables that came with the program, by code of language."""
    tables = json.loads((paths.resources() / "spoken_commands.json").read_text("utf-8"))
    return {code: Language(table) for code, table in tables.items()}
