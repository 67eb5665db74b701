"""Tells a model's thoughts from its answer, by the tags that stand around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

TAG_PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("[THINK]", "[/THINK]"),
    ("<seed:think>", "</seed:think>"),
    ("◁think▷", "◁/think▷"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|inner_prefix|>", "<|inner_suffix|>"),
    ("<|channel>thought", "<channel|>"),
    ("<mm:think>", "</mm:think>"),
    ("<reasoning>", "</reasoning>"),
    ("<thought>", "</thought>"),
)
"""Where thoughts begin and end, as models write it."""

_WORDS = (*(tag for pair in TAG_PAIRS for tag in pair), "enable_thinking", "<|think|>")
"""One of these in a chat template says that its model can think."""
_CHANNEL, _MESSAGE, _START, _END = "<|channel|>", "<|message|>", "<|start|>", "<|end|>"

_BEGIN = dict(TAG_PAIRS)
TAGS = frozenset((*(tag for pair in TAG_PAIRS for tag in pair), _CHANNEL, _MESSAGE, _START, _END))
"""Tokens whose text matters here although no person sees it."""


def thinks(template: str) -> bool:
    """Whether a model with this chat template can think before it answers."""
    return (_CHANNEL in template and "analysis" in template) or any(word in template for word in _WORDS)


class ThinkingSplitter:
    """Takes text as it is written and gives it back as (text, whether it is a thought)."""

    def __init__(self, prompt: str, template: str, *, continuing: bool = False) -> None:
        """Args:
        prompt: its end says whether the model is to go on with its thoughts.
        template: says which tags it knows.
        continuing: the answer has begun already: its spaces count, and no thoughts come any more.
        """
        self._channels = _CHANNEL in template
        self._held = ""
        self._close = _left_open(prompt)
        self._begun = continuing
        """Something of the answer itself has been given."""
        self._trim = not continuing
        self._header: str | None = None
        """What stands between the tags of a channel and of its message."""
        self._aside = False
        """In a channel that is not the answer."""

    @staticmethod
    def closed(prompt: str) -> str:
        """What ends the thoughts that a prompt has begun, where the answer is to follow at once."""
        tag = _left_open(prompt)
        return f"\n{tag}\n\n" if tag is not None else ""

    @property
    def inside(self) -> bool:
        """Whether the next text is a thought."""
        return self._close is not None or self._aside or self._header is not None

    def feed(self, text: str) -> list[tuple[str, bool]]:
        """The next text; what may become a tag is held back until it is known."""
        self._held += text
        return [part for part in self._parts() if part[0]]

    def finish(self) -> list[tuple[str, bool]]:
        """What was held back."""
        held, self._held = self._held, ""
        if self._header is not None:
            return []
        part = self._given(held)
        return [part] if part[0] else []

    def _parts(self) -> Iterator[tuple[str, bool]]:
        while True:
            tags = self._tags()
            index, tag = _first(self._held, tags)
            if tag is None:
                safe = len(self._held) - _unsure(self._held, tags)
                if self._trim and not self.inside and not self._held[:safe].strip():
                    safe = 0  # spaces before the answer, or before its thoughts
                if safe and self._header is not None:
                    self._header += self._held[:safe]
                elif safe:
                    yield self._given(self._held[:safe])
                self._held = self._held[safe:]
                return
            if not self.inside and tag in _BEGIN and self._held[:index].strip():
                # The answer has begun by then, and speaks of the tag.
                before, self._held = self._held[:index], self._held[index:]
                yield self._given(before)
                continue
            before, self._held = self._held[:index], self._held[index + len(tag) :]
            if self._header is not None:
                self._header += before
            elif before.strip() or not self._trim:
                yield self._given(before)
            self._pass(tag)

    def _tags(self) -> Sequence[str]:
        tags: list[str] = []
        if self._close is not None:
            return [self._close]
        if self._channels:
            tags += [_CHANNEL, _MESSAGE, _START, _END]
        if not self._begun and self._header is None:
            tags += [begin for begin, _ in TAG_PAIRS]
        return tags

    def _pass(self, tag: str) -> None:
        if self._close is not None:
            self._close, self._trim = None, True
        elif tag in (_START, _CHANNEL):
            self._header = ""
        elif tag == _MESSAGE:
            name = (self._header or "").strip()
            self._aside = name.startswith(("analysis", "commentary"))
            self._header = None
            self._trim = not self._begun
        elif tag == _END:
            self._aside = False
        else:
            self._close = _BEGIN[tag]

    def _given(self, text: str) -> tuple[str, bool]:
        if self.inside:
            return text, True
        if self._trim:
            text = text.lstrip()
        if text:
            self._begun, self._trim = True, False
        return text, False


def _left_open(prompt: str) -> str | None:
    """The tag that ends the thoughts which the prompt has begun."""
    end = prompt.rstrip()
    return next((close for begin, close in TAG_PAIRS if end.endswith(begin)), None)


def _first(text: str, tags: Sequence[str]) -> tuple[int, str | None]:
    found = [(index, tag) for tag in tags if (index := text.find(tag)) >= 0]
    return min(found, default=(0, None), key=lambda each: (each[0], -len(each[1])))


def _unsure(text: str, tags: Sequence[str]) -> int:
    """How many characters at the end may be the beginning of a tag."""
    longest = max((len(tag) for tag in tags), default=0)
    for length in range(min(longest - 1, len(text)), 0, -1):
        if any(tag.startswith(text[-length:]) for tag in tags):
            return length
    return 0
