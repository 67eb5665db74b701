"""What crosses between the program and the chat engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.errors import Problem
from assistant.models.fit.records import Corrections, MeasuredPace, Setting

_NONE = Corrections()


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class MessagePicture:
    """A picture for a model that sees: a PNG or JPEG file that the program made itself."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: str
    pictures: tuple[MessagePicture, ...] = ()
    """Seen before the words, in this order; for a model without a projector there must be none."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How tokens are sampled. None: as the model's own file says, or its family's card, else our default."""

    temperature: float | None = None
    """0 takes the likeliest token always."""
    top_k: int | None = None
    """0 switches it off."""
    top_p: float | None = None
    min_p: float | None = None
    repeat_penalty: float | None = None
    """1 switches it off."""
    seed: int | None = None
    """The same seed gives the same answer; None: another one each time."""
    stop: tuple[str, ...] = ()
    """Words that end the answer; they are not part of it."""
    max_tokens: int | None = None
    """None: until the model ends or the context is full."""


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How a model is loaded. None: chosen from the model and what this computer has."""

    context: int | None = None
    threads: int | None = None
    batch: int | None = None
    flash_attention: bool | None = None
    kv_type: str | None = None
    """"f16", "q8_0" or "q4_0"."""
    gpu_layers: int | None = None
    adapter: str | None = None
    """Path of a LoRA adapter (GGUF)."""
    adapter_scale: float = 1.0


@dataclass(frozen=True, slots=True)
class ComputerProfile:
    """What is known of this computer from before."""

    pace: MeasuredPace | None = None
    corrections: Corrections = _NONE


_UNKNOWN = ComputerProfile()


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """The model that a call is meant for."""

    path: str
    options: LoadOptions
    profile: ComputerProfile = _UNKNOWN
    least_context: int = 0
    """A smaller context is not chosen: there may be more memory soon."""
    projector: str = ""
    """Path of what lets the model see pictures (GGUF); "" for none."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    path: str
    name: str
    architecture: str
    parameters: int
    size: int
    """Bytes of the weights."""
    context: int
    """Tokens that fit."""
    trained_context: int
    threads: int
    gpu_layers: int
    kv_type: str
    adapter: str | None
    thinks: bool
    """Whether it can think before it answers."""
    note: Problem | None
    """What a person should know about it; mostly nothing."""
    reading_speed: float
    """Tokens of a prompt per second, as measured; 0 until known."""
    writing_speed: float
    setting: Setting | None = None
    """How it is loaded, in full."""
    memory_predicted: int = 0
    """Bytes of the computer's own memory that the worker was expected to take with it, the context filled."""
    memory_measured: int = 0
    """Bytes that the worker has held at their most since it began to load the model, all it is counted: its
    program, the weights (those mapped from the file, too), the context. 0 where the system does not tell."""
    corrections: Corrections = _NONE
    """Those that the predictions were made with."""
    reading_predicted: float = 0.0
    """Tokens a second that had been expected; 0 where this computer was not measured."""
    writing_predicted: float = 0.0
    sees: bool = False
    """Whether it is loaded with a projector, and so sees pictures."""


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that an answer may rest on, and be cited as [n]."""

    n: int
    head: str
    """A line that says where it is from."""
    sentences: tuple[str, ...]
    """In reading order."""
    best: tuple[int, ...]
    """Indices of sentences, best first: what stays when there is little room."""


@dataclass(frozen=True, slots=True)
class Request:
    instructions: str
    messages: tuple[Message, ...]
    """Oldest first; the last one is the person's, unless the answer is to be continued."""
    sources: tuple[Source, ...] = ()
    numbered: bool = True
    """The sources stand with their numbers, for the answer to cite."""
    sampling: Sampling = Sampling()
    language: str = ""
    """In which an answer from sources is to be, ISO 639-1; "": that of the question."""
    summary: str = ""
    """What was said before the messages, in short."""
    conversation: str = ""
    """Key under which the state is kept, so that the next turn need not read it all again; "": not kept."""
    continue_last: bool = False
    """Go on with the assistant's message that stands last."""
    prompt_lookup: bool = False
    """The answer is likely to copy from the prompt."""
    answer_tokens: int = 512
    """Tokens kept for the answer."""
    first_token_seconds: float | None = 5.0
    """The prompt is kept so short that the first token is expected by then; None: the whole context."""


@dataclass(frozen=True, slots=True)
class PromptProgress:
    """How many tokens of the prompt have been read."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next characters of the answer, or of the thoughts before it."""

    text: str
    thinking: bool = False


class Finish(StrEnum):
    """Why an answer ended."""

    END = "end"
    STOP_WORD = "stop_word"
    LENGTH = "length"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    thinking: str
    finish: Finish
    prompt_tokens: int
    reused_tokens: int
    """Of the prompt, those that did not have to be read anew."""
    tokens: int
    """Written, thoughts included."""
    thinking_tokens: int
    reading_seconds: float
    writing_seconds: float
    drafted: int
    """Tokens proposed by looking them up in the prompt."""
    accepted: int
    context: int
    """Tokens that fit into the model's context."""
    sources: tuple[int, ...]
    """Numbers of the sources that were in the prompt."""
    dropped_messages: int
    """Oldest messages that are not in the prompt."""
    overflow: bool
    """They did not fit into the context; otherwise reading them would have taken too long."""
    picture_tokens: int = 0
    """Of the prompt, those of pictures."""
    gone_pictures: int = 0
    """The oldest, which are not in the prompt though their messages are."""
