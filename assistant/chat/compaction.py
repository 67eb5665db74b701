"""What stands in for the turns of a long conversation that no longer fit: a summary, made when there is time.

It lies in the conversation's `meta`, tells of all messages up to one of them, and is made anew, from itself
and from what fell out since, when more turns have fallen out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.chat import picture_words
from assistant.chat.history.history import History
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import Completion, Message, Request, Role, Sampling, Source
from assistant.chat.service import ChatService
from assistant.errors import AssistantError, Cancelled
from assistant.workers.run import Run

log = logging.getLogger(__name__)

KEY = "gist"
"""Of a conversation's `meta`, under which its summary is kept."""
INSTRUCTIONS = (
    "Summarise the beginning of a conversation in a few sentences, in its own language: what the person "
    "wants, the names, numbers and facts that were told, and what came of it."
)
"""For the model that summarises."""
QUESTION = "What was said?"
"""To which the summary is the answer."""

_LONGEST = 256
"""Tokens of a summary."""
_PART = 8
"""The summary takes at most one part in so many of the context."""
_WHO = {Role.USER: "The person", Role.ASSISTANT: "The assistant", Role.SYSTEM: "The program"}
"""How a turn is headed."""
_SENTENCE = re.compile(r"(?<=[.!?。？！।])\s+|\n+")
"""Where a turn is cut into sentences, of which the first are kept if there is little room."""
_NUMBERS = re.compile(r"\s?\[\d+(?:\s*[,;–-]\s*\d+)*\]")
"""Citations, which a summary has no sources for."""


@dataclass(frozen=True, slots=True)
class Compaction:
    until: int
    """Id of the last message that it tells of."""
    text: str


def stored(meta: Mapping[str, Any]) -> Compaction | None:
    """The summary that was kept with a conversation."""
    kept = meta.get(KEY)
    if not isinstance(kept, Mapping) or not isinstance(kept.get("until"), int) or not kept.get("text"):
        return None
    return Compaction(kept["until"], str(kept["text"]))


def after_summary(
    messages: Sequence[StoredMessage], summary: Compaction | None
) -> tuple[Sequence[StoredMessage], str]:
    """The messages that a summary does not tell of, and its text; of another branch it tells nothing."""
    if summary is not None:
        for place, message in enumerate(messages[:-1]):
            if message.id == summary.until:
                return messages[place + 1 :], summary.text
    return messages, ""


def turns(messages: Sequence[StoredMessage]) -> list[list[StoredMessage]]:
    """What was said, in turns: many models refuse two messages of one side in a row, as a failed answer
    leaves them."""
    found: list[list[StoredMessage]] = []
    for each in messages:
        if each.role is Role.SYSTEM or not (each.content.strip() or each.pictures):
            continue
        if found and found[-1][0].role is each.role:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def begin(
    chat: ChatService, history: History, conversation: int, path: Sequence[StoredMessage]
) -> Run[Completion] | None:
    """Have what fell out of the last answer's prompt summarised and kept; None if nothing did.

    Any other call of the engine waits for it: cancel it when the person says something.

    Args:
        path: the messages that are read, the answer last.
    """
    loaded = chat.loaded
    dropped = path[-1].meta.get("dropped_messages") if path else None
    if loaded is None or not isinstance(dropped, int) or dropped < 1:
        return None
    rest, told = after_summary(path[:-1], stored(history.info(conversation).meta))
    gone = [message for turn in turns(rest)[:dropped] for message in turn]
    if not gone:
        return None
    run = chat.complete(_request(gone, told, min(_LONGEST, loaded.context // _PART)))

    def keep(done: Run[Completion]) -> None:
        try:
            text = _NUMBERS.sub("", done.result(0).text).strip()
            if text:
                history.remember(conversation, **{KEY: {"until": gone[-1].id, "text": text}})
        except (Cancelled, AssistantError) as error:
            log.info("no summary of what no longer fits: %r", error)  # the next answer is another occasion

    run.when_done(keep)
    return run


def _request(gone: Sequence[StoredMessage], told: str, longest: int) -> Request:
    texts = [("Before that", told)] if told else []
    texts += [(_WHO[message.role], picture_words.words(message)) for message in gone]
    sources = []
    for number, (who, text) in enumerate(texts, 1):
        sentences = tuple(part for part in _SENTENCE.split(text) if part.strip())
        sources.append(Source(number, who, sentences, tuple(range(len(sentences)))))
    return Request(
        INSTRUCTIONS,
        (Message(Role.USER, QUESTION),),
        tuple(sources),
        sampling=Sampling(temperature=0.0, max_tokens=longest),
        answer_tokens=longest,
        first_token_seconds=None,
    )
