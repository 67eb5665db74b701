"""Turns a message of the history into what the transcript shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from assistant import paths
from assistant.chat.history.records import READ_ONLY_TEXT, MessageState, StoredMessage, StoredPicture
from assistant.chat.records import Finish, Role
from assistant.documents.records import Quote
from assistant.errors import Problem
from ui.chat.answer_request import SUMMARISES
from ui.chat.streaming_answer import StreamingAnswer
from ui.common import error_words, formatting
from ui.common.picture_button import ShownPicture
from ui.common.translation import arg, translate
from ui.transcript.entry import TranscriptEntry


def entry_of(message: StoredMessage, *, last: bool) -> TranscriptEntry:
    return TranscriptEntry(
        key=message.id,
        role=Role.USER if message.role is Role.USER else Role.ASSISTANT,
        text=message.content,
        thinking=message.thinking,
        problem=_problem(message),
        model=formatting.name(message.model) if message.role is not Role.USER else "",
        figures="" if message.role is Role.USER else _figures(message),
        version=message.version,
        versions=max(1, len(message.versions)),
        can_continue=last and cut_short(message),
        quotes=_quotes(message.meta),
        doubts=_places(message.meta.get("doubts")),
        unsourced=_places(message.meta.get("unsourced")),
        pictures=shown(message.pictures),
        read_only_text=bool(message.meta.get(READ_ONLY_TEXT)),
    )


def shown(pictures: Iterable[StoredPicture]) -> tuple[ShownPicture, ...]:
    """Pictures of the history as they are shown."""
    folder = paths.chat_pictures_folder()
    return tuple(
        ShownPicture(str(folder / each.file), each.name, each.width, each.height) for each in pictures
    )


def growing_entry(entry: TranscriptEntry, answer: StreamingAnswer) -> TranscriptEntry:
    """While it is written."""
    return replace(
        entry,
        text=answer.text,
        thinking=answer.thinking,
        doing=answer.status or ("" if answer.text or answer.thinking else thinking()),
        problem="",
        figures="",
        can_continue=False,
        writing=True,
        quotes=answer.quotes,
        read_only_text=answer.read_only_text and bool(answer.text),
        doubts=(),
        unsourced=(),
    )


def thinking() -> str:
    """What an answer does before anything of it is there."""
    return translate("chat", "Thinking…")


def cut_short(message: StoredMessage) -> bool:
    """Whether there is more to be had by going on."""
    if SUMMARISES in message.meta:  # what its passes found before is not there any more
        return False
    if message.state in (MessageState.STOPPED, MessageState.INTERRUPTED):
        return bool(message.content)
    return message.meta.get("finish") in (Finish.LENGTH, Finish.CONTEXT)


def _figures(message: StoredMessage) -> str:
    """ "12.4 tokens per second"; "" where that was not measured."""
    tokens, seconds = message.meta.get("tokens"), message.meta.get("writing_seconds")
    if isinstance(tokens, int) and isinstance(seconds, int | float) and seconds > 0 and tokens > 1:
        return arg(translate("chat", "%1 tokens per second"), f"{tokens / seconds:.1f}")
    return ""


def _problem(message: StoredMessage) -> str:
    """Why an answer ends where it does, or is not all that it should be; "" if it is."""
    if message.state is MessageState.FAILED:
        return formatting.one_line(_failure(message.meta.get("error")))
    found = [_end(message)]
    if message.meta.get("overflow"):
        found.append(
            translate(
                "chat", "The beginning of the conversation no longer fits into the conversation memory."
            )
        )
    found.append(formatting.one_line(str(message.meta.get("note", ""))))
    return " ".join(part for part in found if part)


def _end(message: StoredMessage) -> str:
    match message.state, message.meta.get("finish"):
        case MessageState.STOPPED, _:
            return translate("chat", "Stopped.")
        case MessageState.INTERRUPTED, _:
            return translate("chat", "The program closed while this was being written.")
        case _, Finish.LENGTH:
            return translate("chat", "The answer reached its maximum length.")
        case _, Finish.CONTEXT:
            return translate("chat", "The conversation memory is full; the answer ends here.")
    return ""


def _failure(kept: Any) -> str:
    """What is said of the error of an answer, in its own words where this version has none for it."""
    if not isinstance(kept, Mapping):
        return translate("chat", "This could not be answered.")
    try:
        return error_words.both(Problem(kept["code"], kept["reason"], kept["details"]))
    except (KeyError, TypeError, ValueError):
        return f"{kept.get('message', '')} {kept.get('hint', '')}"


def _places(stored: Any) -> tuple[int, ...]:
    return tuple(place for place in stored or () if isinstance(place, int))


def _quotes(meta: Mapping[str, Any]) -> tuple[Quote, ...]:
    """The quotes that an answer was given, as they were stored with it."""
    found = []
    for stored in meta.get("quotes", ()):
        try:
            found.append(_quote(stored))
        except (TypeError, ValueError, KeyError):
            continue  # written by another version of the program: its badges stay numbers
    return tuple(found)


def _quote(stored: Mapping[str, Any]) -> Quote:
    values = {field.name: stored[field.name] for field in fields(Quote) if field.name in stored}
    values["heading"] = tuple(values["heading"])
    for name in ("boxes", "asked", "lines"):
        values[name] = tuple(tuple(each) for each in values.get(name, ()))
    return Quote(**values)
