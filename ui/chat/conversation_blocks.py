"""A conversation as blocks to be printed: who said what, and under each answer the quotes it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assistant.chat.history.records import Conversation, StoredMessage, StoredPicture
from assistant.chat.records import Role
from assistant.documents.records import Quote
from assistant.rich_text.blocks import Block, Paragraph, Picture, Rule, Span, SpanStyle
from ui.chat.transcript_entries import entry_of, shown
from ui.common import formatting, recognition_words
from ui.common.picture_button import said_name
from ui.common.translation import translate
from ui.text.markdown import parse


def blocks(conversation: Conversation) -> tuple[Block, ...]:
    return tuple(block for message in conversation.messages for block in _message(message))


def _message(message: StoredMessage) -> Iterator[Block]:
    who = {
        Role.USER: translate("chat", "You"),
        Role.ASSISTANT: translate("chat", "Assistant"),
        Role.SYSTEM: translate("chat", "Instructions"),
    }
    yield Paragraph((Span(who[message.role]),), heading=2)
    yield from map(_picture, message.pictures)
    if message.role is Role.USER:
        if message.content or not message.pictures:
            for line in formatting.passage(message.content).split("\n"):
                yield Paragraph((Span(line),))
        return
    yield from parse(message.content)
    entry = entry_of(message, last=False)
    if entry.problem:
        yield Paragraph((Span(entry.problem, SpanStyle.ITALIC),))
    if entry.quotes:
        yield Rule()
        yield Paragraph((Span(translate("chat", "Sources"), SpanStyle.BOLD),))
        for quote in entry.quotes:
            yield from _quote(quote)


def _picture(stored: StoredPicture) -> Block:
    """Only its name where it is not here any more."""
    (picture,) = shown([stored])
    try:
        file = Path(picture.path).read_bytes()
    except OSError:
        return Paragraph((Span(said_name(picture), SpanStyle.ITALIC),))
    kind = Path(picture.path).suffix.removeprefix(".")
    return Picture(file, kind, picture.width, picture.height, said_name(picture))


def _quote(quote: Quote) -> Iterator[Block]:
    """The words as they stand in the document, then where: each in the direction of its own text."""
    yield Paragraph((Span(f"“{formatting.one_line(quote.quote)}”"),), indent=1, marker=f"[{quote.n}]")
    place = formatting.place(formatting.document_name(quote), quote.location, quote.heading)
    place = recognition_words.with_source(place, quote.recognised)
    yield Paragraph((Span(place, SpanStyle.ITALIC),), indent=1, close=True)
