"""PURE: the text of a dictation: phrases one after another, with commands, replacements and undo."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.speech.dictation.records import Edit
from assistant.speech.dictation.replacements import Replacements
from assistant.speech.dictation.spoken_commands import PAUSES, Command, Kind, Language
from assistant.text_folding import is_unspaced

_CLOSING = (*",.;:!?…)]}»”",)
"""What stands at the word before it, at a phrase's begin."""
_CLOSERS = "\"'’”“»)]}"
"""What may stand behind the end of a sentence."""
_OPENERS = "([{„«‹¿¡‘"
_SENTENCE_ENDS = tuple(".!?…")
_NEAR = 400
"""Characters before the cursor that are looked at."""
_SPACES = re.compile(r"[ \t\r\n]+")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_PAUSES_AT_END = re.compile(rf"[\s{re.escape(PAUSES)}]*[{re.escape(PAUSES)}]$")
_HYPHEN_AT_END = re.compile(r"\w-$")
_COMMA_AT_END = re.compile(r"\s*[,;]$")


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing that undo takes back: what is said between two commands, or a command."""

    removed: str
    added: str
    said: bool
    """Whether the model wrote it; else it is a command's."""
    untouched: int
    """Characters at its end in which nothing was replaced."""
    glued: bool = False
    """Whether what follows stands at it without a space."""


class DictationText:
    """Grows by phrases; each change comes as the Edit that does the same to the text before a cursor."""

    def __init__(
        self,
        before: str = "",
        *,
        languages: Mapping[str, Language] | None = None,
        commands: bool = True,
        replacements: Replacements | None = None,
    ) -> None:
        """
        Args:
            before: what stands before the cursor, where that is known; it is never changed.
            languages: tables of spoken commands by code of language.
            commands: whether they are carried out.
        """
        self._before = before[-_NEAR:]
        self._languages = languages or {}
        self._commands = commands
        self._replacements = replacements or Replacements()
        self._steps: list[_Step] = []
        self._text = ""
        self._unchanged = 0
        """Characters that the phrase at hand has left as they were."""

    @property
    def text(self) -> str:
        """All that was dictated, as it stands now."""
        return self._text

    def phrase(self, text: str, language: str = "") -> Edit:
        """Add the final text of a phrase."""
        before = self._begin()
        table = self._languages.get(language)
        text = _SPACES.sub(" ", text).strip(" ")
        for part in table.parts(text) if table and self._commands else [text]:
            if isinstance(part, str):
                self._say(part, table)
            elif part.kind is Kind.UNDO:
                self._take_back()
            else:
                self._carry_out(part)
        return self._edit(before)

    def undo(self) -> Edit:
        """Take back the last phrase or command; what a phrase says between two commands counts as one."""
        before = self._begin()
        self._take_back()
        return self._edit(before)

    def _begin(self) -> str:
        self._unchanged = len(self._text)
        return self._text

    def _edit(self, before: str) -> Edit:
        return Edit(len(before) - self._unchanged, self._text[self._unchanged :])

    # --- steps

    def _say(self, text: str, table: Language | None) -> None:
        if not text:
            return
        if table:
            text = self._with_fitting_capital(text, table)
        last = self._steps[-1] if self._steps else None
        heard_before = last.added[len(last.added) - last.untouched :] if last and last.said else ""
        space = self._space_before(text)
        replaced = self._replacements.apply(space + text, heard_before)
        removed = self._text[len(self._text) - replaced.taken :]
        self._add(_Step(removed, replaced.text, True, replaced.untouched))

    def _carry_out(self, command: Command) -> None:
        last = self._steps[-1] if self._steps else None
        removed = ""
        if last and last.said:
            pauses = _PAUSES_AT_END if command.kind is Kind.MARK else _COMMA_AT_END
            found = pauses.search(last.added)
            removed = found[0] if found else ""
        rest = self._context()[: -len(removed)] if removed else self._context()
        space = " " if command.kind in (Kind.OPEN, Kind.APART) and self._wants_space(rest) else ""
        glued = command.kind in (Kind.OPEN, Kind.JOINED)
        self._add(_Step(removed, space + command.writes, False, 0, glued))

    def _add(self, step: _Step) -> None:
        self._change(step.removed, step.added)
        self._steps.append(step)

    def _take_back(self) -> None:
        if self._steps:
            step = self._steps.pop()
            self._change(step.added, step.removed)

    def _change(self, removed: str, added: str) -> None:
        kept = self._text.removesuffix(removed)
        self._text = kept + added
        self._unchanged = min(self._unchanged, len(kept))

    # --- spaces

    def _context(self) -> str:
        """What stands before the cursor now, as far as it matters."""
        return (self._before + self._text[-_NEAR:])[-_NEAR:]

    def _space_before(self, text: str) -> str:
        context = self._context()
        if not context or not self._wants_space(context) or text.startswith(_CLOSING):
            return ""
        if text.startswith("“") and _is_open(context, "„", "“"):
            return ""
        return "" if is_unspaced(context[-1]) or is_unspaced(text[0]) else " "

    def _wants_space(self, context: str) -> bool:
        glued = self._steps[-1].glued if self._steps else _HYPHEN_AT_END.search(context) is not None
        return bool(context) and not glued and not context[-1].isspace() and not _opens(context)

    # --- capitals

    def _with_fitting_capital(self, text: str, table: Language) -> str:
        """The model begins each phrase as if it were a sentence.

        Within a sentence, words are made small that are sure to be no names; after a command that ends one,
        the first letter is made a capital.
        """
        word = _FIRST_WORD.match(text)
        if word is None:
            return text
        context = self._context().rstrip(" \u00a0\u202f")
        at_line = context.endswith("\n") and table.lines_begin_capital
        context = context.rstrip()
        sentence = context.rstrip(_CLOSERS + " ")
        begins = at_line or not context or sentence.endswith(_SENTENCE_ENDS)
        commanded = bool(self._steps) and not self._steps[-1].said
        if begins and commanded and word[0].islower():
            return text[0].upper() + text[1:]
        if not begins and not _opens(context) and word[0].istitle() and word[0].casefold() in table.small:
            return text[0].lower() + text[1:]
        return text


def _opens(text: str) -> bool:
    """Whether a bracket or a quote is open at the end of the text, with nothing in it yet."""
    last = text[-1:]
    if last == '"':
        return text.rpartition("\n")[2].count('"') % 2 == 1
    if last == "“":
        return not _is_open(text[:-1], "„", "“")
    return bool(last) and last in _OPENERS


def _is_open(text: str, opening: str, closing: str) -> bool:
    return text.rfind(opening) > text.rfind(closing)
