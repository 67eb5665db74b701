"""What a conversation, an assistant and the settings become for the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assistant import languages, settings
from assistant.chat import picture_words
from assistant.chat.assistant_records import Assistant
from assistant.chat.compaction import Compaction, after_summary, turns
from assistant.chat.history.records import StoredMessage
from assistant.chat.records import LoadOptions, Message, MessagePicture, Request, Role, Sampling, Source


def load_options(chat: settings.Chat, adapter: str = "") -> LoadOptions:
    """How the settings want a model loaded, with this adapter on top."""
    return LoadOptions(
        context=chat.context,
        threads=chat.threads,
        batch=chat.batch,
        flash_attention=chat.flash_attention,
        kv_type=None if chat.kv_type is None else chat.kv_type.value,
        gpu_layers=chat.gpu_layers,
        adapter=adapter or None,
    )


def sampling(chat: settings.Chat) -> Sampling:
    """How the settings want tokens to be sampled."""
    return Sampling(
        temperature=chat.temperature,
        top_k=chat.top_k,
        top_p=chat.top_p,
        min_p=chat.min_p,
        repeat_penalty=chat.repeat_penalty,
        seed=chat.seed,
        stop=tuple(word for word in chat.stop_words if word),
        max_tokens=chat.longest_answer,
    )


def request(
    chat: settings.Chat,
    assistant: Assistant,
    messages: Iterable[StoredMessage],
    *,
    conversation: int | None = None,
    sources: Sequence[Source] = (),
    continue_last: bool = False,
    summary: Compaction | None = None,
    seen_in: Path | None = None,
) -> Request:
    """What the engine is asked, from the messages of a conversation's chosen path, the last one included.

    Args:
        conversation: its id; the engine keeps its state, so that the next turn is read faster.
        summary: the summary of its beginning, which stands in for the messages that it tells of.
        continue_last: go on with the answer that stands last.
        seen_in: the folder of the pictures, for a model that sees them; for others their text stands in.
    """
    rest, told = after_summary(tuple(messages), summary)
    said = (_message(turn, seen_in) for turn in turns(rest))
    return Request(
        instructions=instructions(assistant),
        messages=tuple(said),
        language=assistant.language,
        summary=told,
        sources=tuple(sources),
        sampling=sampling(chat),
        conversation="" if conversation is None else str(conversation),
        continue_last=continue_last,
        answer_tokens=min(512, chat.longest_answer),
        first_token_seconds=None if chat.whole_context else chat.first_word_seconds,
    )


def _message(turn: Sequence[StoredMessage], seen_in: Path | None) -> Message:
    pictures = () if seen_in is None else tuple(_pictures(turn, seen_in))
    if not pictures:
        return Message(turn[0].role, "\n\n".join(map(picture_words.words, turn)))
    return Message(turn[0].role, "\n\n".join(each.content for each in turn if each.content), pictures)


def _pictures(turn: Sequence[StoredMessage], folder: Path) -> Iterator[MessagePicture]:
    """Those that are there: without one that somebody deleted the conversation goes on."""
    for message in turn:
        for each in message.pictures:
            if (folder / each.file).is_file():
                yield MessagePicture(str(folder / each.file), each.width, each.height)


def question(chat: settings.Chat, text: str) -> Request:
    """A message without a conversation or an assistant's character."""
    return Request(
        instructions="",
        messages=(Message(Role.USER, text),),
        sampling=sampling(chat),
        answer_tokens=min(512, chat.longest_answer),
        first_token_seconds=None if chat.whole_context else chat.first_word_seconds,
    )


def instructions(assistant: Assistant) -> str:
    """The system message of an assistant, with the language that it is to answer in."""
    if not assistant.language:
        return assistant.instructions
    return f"{assistant.instructions}\n\nAlways answer in {languages.name(assistant.language)}.".strip()
