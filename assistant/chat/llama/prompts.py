"""What a model reads: messages through its template, as many as there is room and time for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.chat import budget
from assistant.chat.llama.bindings import Model
from assistant.chat.llama.pictures import Projector
from assistant.chat.llama.prompt_cells import Prompt
from assistant.chat.llama.state_cache import common_prefix
from assistant.chat.llama.thinking import ThinkingSplitter
from assistant.chat.records import Message, Request, Role
from assistant.chat.templates import PICTURE, PLAIN, ChatTemplate
from assistant.errors import ModelUnusable, Problem, TemplateRefused

_FEW_MESSAGES = 3
"""The token counts of parts of a prompt with at most so many messages are remembered."""
_MOST_LENGTHS = 2000
"""Token counts that are remembered."""


class Prompts:
    def __init__(self, model: Model, name: str, template: object, projector: Projector | None) -> None:
        """Args:
        name: of the model, for people.
        template: as the model's file says.
        projector: without one there must be no pictures.
        """
        self._model = model
        self._name = name
        self._projector = projector
        self.template, self.plain, self.note = _template(template, model)
        """The model's own, or a plain one; whether it is that; what a person should know of it."""
        self._control_texts = (*model.control_texts(), PICTURE)
        self._lengths: dict[tuple[Message, ...], int] = {}
        """In tokens."""

    def text(self, messages: Sequence[Message], *, continue_last: bool = False) -> str:
        """The text that the model reads.

        Raises:
            TemplateRefused: in the template's own words.
        """
        if continue_last and messages and messages[-1].role is Role.ASSISTANT:
            text = self.template.render_tolerantly(messages[:-1])
            return text + ThinkingSplitter.closed(text) + messages[-1].content
        return self.template.render_tolerantly(messages)

    def of(self, messages: Sequence[Message], *, continue_last: bool = False) -> Prompt:
        """What the model reads.

        Raises:
            ModelUnusable: there are pictures, and it cannot see.
            TemplateRefused, UserInputError: as `text`, and for a picture that cannot be read.
        """
        text = self.text(messages, continue_last=continue_last)
        pictures = [picture for message in messages for picture in message.pictures]
        if not pictures:
            return Prompt(text, self._model.tokens(text, special=True, beginning=True))
        if self._projector is None:
            raise ModelUnusable("model-sees-no-pictures", name=self._name)
        return self._projector.prompt(text, pictures)

    def fit(
        self,
        request: Request,
        room: int,
        known: Sequence[Sequence[int]],
        reading_speed: float,
        seeing_speed: float,
    ) -> budget.FittedPrompt:
        """What goes into the prompt of a request.

        Args:
            room: tokens of the context.
            known: what need not be read anew, each from its beginning.
            reading_speed, seeing_speed: tokens a second of text and of pictures; 0 if not known.
        """

        def length(messages: Sequence[Message]) -> int:
            key = tuple(messages)
            counted = self._lengths.get(key)
            if counted is None:
                counted = len(read(messages).cells)
                # Old turns are measured with each message; long prompts are not asked for again.
                if len(key) <= _FEW_MESSAGES and not request.continue_last:
                    if len(self._lengths) >= _MOST_LENGTHS:
                        self._lengths.clear()
                    self._lengths[key] = counted
            return counted

        def read(messages: Sequence[Message]) -> Prompt:
            try:
                return self.of(messages, continue_last=request.continue_last)
            except TemplateRefused:
                # A part of a conversation may be refused where all of it is not.
                texts = "\n\n".join(message.content for message in messages)
                return Prompt(texts, self._model.tokens(texts, special=False, beginning=False))

        def unread(messages: Sequence[Message]) -> int:
            prompt = read(messages)
            here = max(common_prefix(each, prompt.cells) for each in known)
            slower = reading_speed / seeing_speed if seeing_speed else 1.0
            return len(prompt.cells) - here + _seeing_cost(prompt, messages, here, slower)

        # Instructions may hold control texts of the model, but pictures come from messages alone.
        instructions = request.instructions.replace(PICTURE, budget.broken(PICTURE))
        return budget.fit(
            _without_lost(replace(request, instructions=instructions)),
            room,
            length,
            unread=unread,
            reading_speed=reading_speed,
            control_texts=self._control_texts,
        )


def _without_lost(request: Request) -> Request:
    """Without pictures of earlier messages whose files are gone: a conversation goes on without them."""
    earlier, last = request.messages[:-1], request.messages[-1:]
    lost = {each for message in earlier for each in message.pictures if not Path(each.path).is_file()}
    if not lost:
        return request
    return replace(request, messages=(*(budget.without_pictures(each, lost) for each in earlier), *last))


def _seeing_cost(prompt: Prompt, messages: Sequence[Message], here: int, slower: float) -> int:
    """How much longer the pictures take than as much text, in tokens; the first `here` have been read.

    Those of the last message that has some are what is talked about: they are waited for.
    """
    shown = next((message.pictures for message in reversed(messages) if message.pictures), ())
    unread = [each for each in prompt.pictures if each.begin >= here]
    awaited = sum(each.end - each.begin for each in unread if each.picture in shown)
    others = sum(each.end - each.begin for each in unread) - awaited
    return int(others * (slower - 1)) - awaited


def _template(source: object, model: Model) -> tuple[ChatTemplate, bool, Problem | None]:
    note = TemplateRefused("model-without-template").problem
    if isinstance(source, str) and source.strip():
        try:
            return ChatTemplate(source, bos=model.bos, eos=model.eos), False, None
        except TemplateRefused as error:
            note = TemplateRefused("model-template-unusable", why=error.details["why"]).problem
    return ChatTemplate(PLAIN, bos=model.bos, eos=model.eos), True, note
