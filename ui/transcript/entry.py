"""A message as the transcript shows it, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from assistant.chat.records import Role
from assistant.documents.records import Quote
from ui.common import formatting, recognition_words
from ui.common.translation import translate

if TYPE_CHECKING:
    from ui.common.picture_button import ShownPicture

QUOTE_LENGTH = 400
"""Characters of a quote that its badge shows."""
_CITED = re.compile(r"\[(\d{1,3}(?:,\s*\d{1,3})*)\]")
DOUBT = 0
"""The number of the badge that says: what is cited does not say this."""
NO_SOURCE = 999
"""The number of the badge that says: nothing is cited, and nothing stands behind this. No quote has it."""


class EntryAction(StrEnum):
    """What can be done with a message."""

    COPY = "copy"
    AGAIN = "again"
    EDIT = "edit"
    CONTINUE = "continue"
    READ = "read"
    EARLIER = "earlier"
    LATER = "later"
    TRANSLATE = "translate"


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """A message as it is shown. `key` is its number in the history."""

    key: int
    role: Role
    text: str
    thinking: str = ""
    doing: str = ""
    """What happens now, where nothing can be read yet: "Reading 3 quotes…"."""
    problem: str = ""
    """Why it ends here, for people."""
    model: str = ""
    """What wrote it."""
    figures: str = ""
    """Details of how it was written: "12.4 tokens per second"."""
    version: int = 1
    versions: int = 1
    can_continue: bool = False
    writing: bool = False
    quotes: tuple[Quote, ...] = field(default=(), repr=False)
    doubts: tuple[int, ...] = ()
    """Characters of the text behind which stands that no quote says so."""
    unsourced: tuple[int, ...] = ()
    """Characters of the text where sentences end that cite nothing."""
    pictures: tuple[ShownPicture, ...] = ()
    read_only_text: bool = False
    """It answers a message with pictures, of which its model read nothing but the text."""

    @property
    def mine(self) -> bool:
        return self.role is Role.USER


def actions_of(entry: TranscriptEntry, *, voice: bool) -> list[tuple[EntryAction, str, str]]:
    """What can be done with a message: the action, its icon and its name."""
    found: list[tuple[EntryAction, str, str]] = []
    if entry.versions > 1:
        found += [
            (EntryAction.EARLIER, "caret-left", translate("chat", "Previous version")),
            (EntryAction.LATER, "caret-right", translate("chat", "Next version")),
        ]
    if entry.text:
        found.append((EntryAction.COPY, "copy", translate("chat", "Copy")))
    if entry.mine:
        found.append((EntryAction.EDIT, "pencil-simple", translate("chat", "Edit and send again")))
        return found
    found.append((EntryAction.AGAIN, "arrows-clockwise", translate("chat", "Answer again")))
    if entry.can_continue:
        found.append((EntryAction.CONTINUE, "fast-forward", translate("chat", "Continue")))
    if voice and entry.text:
        found.append((EntryAction.READ, "speaker-high", translate("chat", "Read aloud")))
    return found


def cited_of(entry: TranscriptEntry) -> tuple[Quote, ...]:
    """The quotes that the text cites."""
    cited = {int(number) for group in _CITED.findall(entry.text) for number in group.split(",")}
    return tuple(quote for quote in entry.quotes if quote.n in cited)


def not_supported() -> str:
    """What the badge of a doubt says."""
    return translate("chat", "No quote says this. The model's citation was removed.")


def no_source() -> str:
    """What stands on the badge of a sentence that cites nothing."""
    return translate("chat", "no source")


def nothing_behind() -> str:
    """What that badge says."""
    return translate("chat", "No quote supports this; these are the model's own words.")


def with_marks(text: str, doubts: Iterable[int], unsourced: Iterable[int]) -> str:
    """The text with a mark at these places, which becomes a badge like those of citations."""
    # A space that does not break: a badge alone on a line would say nothing of what it marks.
    return _marked(text, doubts, f"\u00a0【{DOUBT}】", unsourced, f"\u00a0【{NO_SOURCE}】")


def copied(text: str, doubts: Iterable[int], unsourced: Iterable[int]) -> str:
    """The text for the clipboard: its marks go with it."""
    return _marked(text, doubts, " [?]", unsourced, f" [{no_source()}]")


def _marked(text: str, doubts: Iterable[int], doubt: str, unsourced: Iterable[int], none: str) -> str:
    marks = {**dict.fromkeys(unsourced, none), **dict.fromkeys(doubts, doubt)}
    for place in sorted(marks, reverse=True):
        if 0 < place <= len(text):
            text = f"{text[:place]}{marks[place]}{text[place:]}"
    return text


def quote_words(quote: Quote) -> str:
    """What the badge of a quote shows."""
    text = formatting.one_line(quote.quote)
    if len(text) > QUOTE_LENGTH:
        text = f"{text[:QUOTE_LENGTH]}…"
    place = formatting.place(formatting.document_name(quote), quote.location, quote.heading)
    return f"“{text}”\n{recognition_words.with_source(place, quote.recognised)}"
