"""Turns a message of the history into what the transcript shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from assistant.chat.history.records import MessageState, StoredMessage
from assistant.chat.records import Role
from assistant.documents.records import Quote
from ui.chat.streaming_answer import StreamingAnswer, cut_short, figures
from ui.common import formatting
from ui.transcript.entry import TranscriptEntry

ENDS = {
    MessageState.STOPPED: "Stopped.",
    MessageState.INTERRUPTED: "The program ended while this was written.",
}
THINKING = "Thinking of an answer…"
FINISHES = {
    "length": "The longest answer that is allowed ends here.",
    "context": "The model's memory is full; the answer ends here.",
}


def entry_of(message: StoredMessage, *, last: bool) -> TranscriptEntry:
    return TranscriptEntry(
        key=message.id,
        role=Role.USER if message.role is Role.USER else Role.ASSISTANT,
        text=message.content,
        thinking=message.thinking,
        problem=problem(message),
        figures="" if message.role is Role.USER else figures(message),
        version=message.version,
        versions=max(1, len(message.versions)),
        can_continue=last and cut_short(message),
        files=tuple(str(name) for name in message.meta.get("files", ())),
        quotes=quotes_of(message.meta),
        doubts=tuple(place for place in message.meta.get("doubts", ()) if isinstance(place, int)),
    )


def growing_entry(entry: TranscriptEntry, answer: StreamingAnswer) -> TranscriptEntry:
    """While it is written."""
    return replace(
        entry,
        text=answer.text,
        thinking=answer.thinking,
        doing=answer.doing or ("" if answer.text or answer.thinking else THINKING),
        problem="",
        figures="",
        can_continue=False,
        writing=True,
        quotes=answer.quotes,
        doubts=(),
    )


def problem(message: StoredMessage) -> str:
    """Why an answer ends where it does, or is not all that it should be; "" if it is."""
    if message.state is MessageState.FAILED:
        error = message.meta.get("error")
        if isinstance(error, Mapping):
            return formatting.one_line(f"{error.get('message', '')} {error.get('hint', '')}")
        return "It could not be answered."
    found = [ENDS.get(message.state) or FINISHES.get(str(message.meta.get("finish")), "")]
    if message.meta.get("dropped_messages"):
        found.append("The beginning of the conversation no longer fits into the model's memory.")
    found.append(formatting.one_line(str(message.meta.get("note", ""))))
    return " ".join(part for part in found if part)


def quotes_of(meta: Mapping[str, Any]) -> tuple[Quote, ...]:
    """The quotes that an answer was given, as they were stored with it."""
    found = []
    for stored in meta.get("quotes", ()):
        try:
            found.append(_quote(stored))
        except (TypeError, ValueError, KeyError):
            continue  # written by another version of the program: its chips stay numbers
    return tuple(found)


def _quote(stored: Mapping[str, Any]) -> Quote:
    values = {field.name: stored[field.name] for field in fields(Quote)}
    values["heading"] = tuple(values["heading"])
    values["boxes"] = tuple(tuple(box) for box in values["boxes"])
    return Quote(**values)
