"""PURE: instructions, history, sources and question as the messages of a prompt that fits.

Where there is too little room the oldest pictures go first, then the oldest turns, then the sources are cut
to their best sentences.
The prompt begins with what stays the same from turn to turn, so that the engine need not read it again: the
instructions, what is known in short of turns that went, the turns. Sources stand in the last message of the
person, before the question:

    [1] report.pdf, page 3
    The well reached water at 43 metres. It was dry in May.

    [2] fence.txt
    The fence was mended in May.

    Question: How deep is the well?

or, for an answer that is not to cite, without the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from assistant.chat.records import Message, MessagePicture, Request, Role, Source
from assistant.errors import PromptTooLong

QUESTION = "Question: "
"""Before the question, where sources stand before it."""
SUMMARY_INTRODUCTION = "What we said before, in short: "
"""The person's words before the summary of turns that went."""
SUMMARY_REPLY = "I will remember this."
"""The assistant's answer to it."""

PICTURE_GONE = "(A picture that you no longer see.) "
"""Before the words of a message, for a picture of it that went."""

_BLOCKS = 4
"""Turns and pictures go in blocks of a fourth of the room: were it one turn each time, the beginning of the
prompt would change with every turn, and all of it would have to be read again."""
_GAP = " … "
"""Between sentences of a source that do not follow each other."""
_FEW = 3
"""Sentences for which the last exchange is kept beside them."""
_ANSWER_PART = 4
"""The answer's room is at most one part in so many of the context, however much was asked for."""
_CITATION = re.compile(r"\[(\d+(?:\s*[,;–-]\s*\d+)*)\]|【(\d+)】")
"""What would be taken for the number of a source."""
_CONTROL = re.compile(r"<[|｜][^<>|｜\n]{1,60}[|｜]>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>")
"""Control texts of the usual models."""
_BREAK = "\u200b"
"""A space without width, in the middle of a control text."""

Measure = Callable[[Sequence[Message]], int]
"""How many tokens a prompt of these messages has."""


@dataclass(frozen=True, slots=True)
class FittedPrompt:
    messages: tuple[Message, ...]
    sources: tuple[int, ...]
    """Numbers of the sources that are in it."""
    dropped: int
    """Oldest messages that are not."""
    overflow: bool
    """They are not because there is no room for them, and not only no time."""
    tokens: int
    gone_pictures: int = 0
    """Pictures that are not, of messages that are."""


def fit(
    request: Request,
    context: int,
    measure: Measure,
    *,
    unread: Measure | None = None,
    reading_speed: float = 0.0,
    control_texts: Collection[str] = (),
) -> FittedPrompt:
    """The largest prompt that leaves the answer its room and is read in the time that was asked for.

    The time is a wish: a question with its best sentence is never cut further because of it.

    Args:
        context: tokens that the model can hold, prompt and answer together.
        measure: the tokens of the prompt that is made of messages, template and all.
        unread: those of them that have to be read anew; all, if left out.
        reading_speed: tokens a second; 0 if not known.
        control_texts: texts of the model's control tokens. They have no meaning in what people wrote.

    Raises:
        PromptTooLong: instructions, question with its pictures and the best sentence do not fit.
    """
    limit = context - min(request.answer_tokens, context // _ANSWER_PART)
    seconds = request.first_token_seconds
    wish = seconds * reading_speed if seconds is not None and reading_speed > 0 else None
    last = _last_of_person(request.messages)
    all_turns = tuple(_broken_message(message, control_texts) for message in request.messages)
    sources = tuple(_plain_source(source, control_texts) for source in request.sources)
    ranked = _ranked(sources)

    def laid_out(first: int, kept: int, gone: int = 0) -> tuple[Message, ...]:
        turns = _without_pictures(all_turns, gone)
        head = [Message(Role.SYSTEM, request.instructions)] if request.instructions.strip() else []
        if request.summary:
            summary = Message(Role.USER, SUMMARY_INTRODUCTION + request.summary)
            head += [_broken_message(summary, control_texts), Message(Role.ASSISTANT, SUMMARY_REPLY)]
        body = [*turns[first:last], *turns[last:]]
        if sources and body:
            asked = body[last - first]
            text = with_sources(_cut(sources, ranked[:kept]), asked.content, numbered=request.numbered)
            body[last - first] = replace(asked, content=text)
        return (*head, *body)

    def fits(first: int, kept: int, gone: int = 0) -> bool:
        messages = laid_out(first, kept, gone)
        if measure(messages) > limit:
            return False
        return wish is None or (unread or measure)(messages) <= wish

    def choose(gone: int) -> tuple[int, int]:
        turns = _without_pictures(all_turns, gone)
        return _choose(turns, last, len(ranked), partial(fits, gone=gone), measure, limit)

    *fewer, most, every = _picture_blocks(all_turns, last, measure, limit)
    gone = next((each for each in fewer if fits(0, len(ranked), each)), most) if every else 0
    first, kept = choose(gone)
    if first == last and gone < every:  # nothing else is left: rather the words than what was seen with them
        without = choose(every)
        if without[0] < last:
            (first, kept), gone = without, every
    messages = laid_out(first, kept, gone)
    tokens = measure(messages)
    if tokens > limit:
        blind = tuple(replace(message, pictures=()) for message in messages)
        reason = "pictures-too-many" if blind != messages and measure(blind) <= limit else "prompt-too-long"
        raise PromptTooLong(reason, tokens=tokens, limit=limit)
    used = tuple(source.n for source in _cut(sources, ranked[:kept]))
    overflow = first > 0 and measure(laid_out(0, len(ranked), gone)) > limit
    shown = sum(len(message.pictures) for message in messages)
    gone_pictures = sum(len(message.pictures) for message in all_turns[first:]) - shown
    return FittedPrompt(messages, used, first, overflow, tokens, gone_pictures)


def with_sources(sources: Sequence[Source], question: str, *, numbered: bool = True) -> str:
    """The message of the person: the sources, then the question."""
    parts = [
        f"{f'[{source.n}] ' if numbered else ''}{source.head}\n{' '.join(source.sentences)}"
        for source in sources
    ]
    return "\n\n".join((*parts, QUESTION + question))


def break_control_texts(text: str, control_texts: Collection[str] = ()) -> str:
    """The text with control texts of models broken, so that they have no meaning; looks the same."""
    text = _CONTROL.sub(lambda found: broken(found[0]), text)
    for mark in control_texts:
        if len(mark) > 1 and mark in text:
            text = text.replace(mark, broken(mark))
    return text


def broken(mark: str) -> str:
    """A control text without its meaning."""
    return mark[0] + _BREAK + mark[1:]


def _broken_message(message: Message, control_texts: Collection[str]) -> Message:
    return replace(message, content=break_control_texts(message.content, control_texts))


def _without_pictures(turns: Sequence[Message], count: int) -> tuple[Message, ...]:
    """The turns without the first `count` of their pictures."""
    left = []
    for turn in turns:
        gone = min(count, len(turn.pictures))
        count -= gone
        left.append(without_pictures(turn, turn.pictures[:gone]) if gone else turn)
    return tuple(left)


def without_pictures(message: Message, gone: Collection[MessagePicture]) -> Message:
    """The message without some of its pictures, which it says."""
    left = tuple(picture for picture in message.pictures if picture not in gone)
    words = PICTURE_GONE * (len(message.pictures) - len(left)) + message.content
    return replace(message, content=words, pictures=left)


def _picture_blocks(turns: Sequence[Message], last: int, measure: Measure, limit: int) -> list[int]:
    """How many of the oldest pictures may go, fewest first.

    Those of the message that is answered stay. The last number is all others; the one before leaves those
    that were talked about last.
    """
    old = [(index, picture) for index, turn in enumerate(turns[:last]) for picture in turn.pictures]
    earlier = len(old)
    if old and not turns[last].pictures:
        earlier = sum(index < old[-1][0] for index, _ in old)
    block, filled, chosen = max(1, limit // _BLOCKS), 0, [0]
    for number, (_, picture) in enumerate(old[:earlier], 1):
        filled += measure((Message(Role.USER, "", (picture,)),))
        if filled >= block:
            chosen.append(number)
            filled = 0
    return [*chosen, earlier, len(old)]


def _plain_source(source: Source, control_texts: Collection[str]) -> Source:
    """A source that cannot be taken for another one, nor for a turn: no numbers in brackets, no line ends."""
    sentences = tuple(_one_line(sentence, control_texts) for sentence in source.sentences)
    return replace(source, head=_one_line(source.head, control_texts), sentences=sentences)


def _one_line(text: str, control_texts: Collection[str]) -> str:
    return break_control_texts(
        _CITATION.sub(lambda found: f"({found[1] or found[2]})", " ".join(text.split())), control_texts
    )


def _last_of_person(messages: Sequence[Message]) -> int:
    for index in range(len(messages) - 1, -1, -1):
        if messages[index].role is Role.USER:
            return index
    return max(0, len(messages) - 1)


def _ranked(sources: Sequence[Source]) -> list[tuple[int, int]]:
    """All sentences as (index of the source, index of the sentence): the best of each, then the second…"""
    orders = []
    for source in sources:
        best = [index for index in source.best if 0 <= index < len(source.sentences)]
        rest = [index for index in range(len(source.sentences)) if index not in best]
        orders.append(list(dict.fromkeys((*best, *rest))))
    deepest = max(map(len, orders), default=0)
    return [
        (number, order[depth])
        for depth in range(deepest)
        for number, order in enumerate(orders)
        if depth < len(order)
    ]


def _cut(sources: Sequence[Source], kept: Sequence[tuple[int, int]]) -> list[Source]:
    """The sources with these sentences only, in reading order; a gap shows."""
    chosen: dict[int, list[int]] = {}
    for number, sentence in kept:
        chosen.setdefault(number, []).append(sentence)
    cut = []
    for number, source in enumerate(sources):
        indices = sorted(chosen.get(number, ()))
        if not indices:
            continue
        text = source.sentences[indices[0]]
        for before, index in pairwise(indices):
            text += (" " if index == before + 1 else _GAP) + source.sentences[index]
        cut.append(replace(source, sentences=(text,), best=(0,)))
    return cut


def _choose(
    turns: Sequence[Message],
    last: int,
    sentences: int,
    fits: Callable[[int, int], bool],
    measure: Measure,
    limit: int,
) -> tuple[int, int]:
    """The first message to keep and how many sentences: least is dropped, oldest turns before sentences."""
    beginnings = _beginnings(turns, last, measure, limit)
    previous = beginnings[-2] if len(beginnings) > 1 else last
    for first in beginnings:
        if (first < last or previous == last) and fits(first, sentences):
            return first, sentences
    smallest = min(1, sentences)
    # The last exchange stays as long as there is room for a few sentences beside it.
    for first, least in ((previous, min(_FEW, sentences)), (last, smallest)):
        if fits(first, least):
            low, high = least, sentences
            while low < high:
                middle = (low + high + 1) // 2
                if fits(first, middle):
                    low = middle
                else:
                    high = middle - 1
            return first, low
    return last, smallest


def _beginnings(turns: Sequence[Message], last: int, measure: Measure, limit: int) -> list[int]:
    """Where the kept turns may begin, oldest first: at messages of the person that begin a block.

    The last exchange and the last message are always among them.
    """
    own = [index for index in range(last + 1) if turns[index].role is Role.USER] or [last]
    lengths = [measure(turns[before:index]) for before, index in pairwise(own)]
    block = max(1, limit // _BLOCKS)
    left, filled = sum(lengths), block
    chosen = []
    for index, length in zip(own, (*lengths, 0), strict=True):
        # The sum counts some of the template with each turn, so it may be up to twice as much.
        if index in own[-2:] or (filled >= block and left <= 2 * limit):
            chosen.append(index)
        filled = length if filled >= block else filled + length
        left -= length
    return chosen
