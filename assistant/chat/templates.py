"""A model's own chat template, rendered in a sandbox: it comes from a stranger's file.

The environment follows the one that models are published for (`apply_chat_template` of transformers): blocks
trimmed, loop controls, `raise_exception`, `strftime_now`, `tojson` that leaves scripts readable, and the
`generation` tag, which only marks text.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant.chat.records import Message, Role
from assistant.errors import TemplateRefused

SECONDS = 2.0
"""A template that takes longer is refused. Real ones take a few milliseconds."""

LARGEST_SOURCE = 1_000_000
"""Characters of a template."""
LARGEST_TEXT = 20_000_000
"""Characters that any one value may reach while a template is rendered."""

PICTURE = "<__picture_"
"""How a mark for a picture begins; it must not stand in what people wrote."""
PICTURE_MARK = re.compile(PICTURE + r"(\d+)__>")
"""Stands for a picture in a prompt, with its number among those of the conversation, from 0."""

PLAIN = (
    "{% for message in messages %}"
    "{{ {'system': 'Instructions', 'user': 'User', 'assistant': 'Assistant'}[message['role']] }}: "
    "{{ message['content'] }}\n\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}Assistant:{% endif %}"
)
"""For a model that brings no template: a conversation as people write it down."""

PLAIN_STOP = ("\nUser:", "\nInstructions:")
"""Where a model that continues such a text would go on to speak for the person."""


class _Refusal(Exception):
    """What the template itself has to say against the conversation."""


class _TooLong(Exception):
    """The rendering took too long; raised into its thread from outside."""


class _Generation(Extension):
    """`{% generation %}…{% endgeneration %}` marks what the assistant wrote; here only the text matters."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it so

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Environment(ImmutableSandboxedEnvironment):
    """jinja2's sandbox with limits on what a template can make this process take."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self) -> None:
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, optimized=False, extensions=[loopcontrols, _Generation]
        )
        for name in ("urlize", "striptags", "pprint", "wordwrap", "xmlattr", "random"):
            del self.filters[name]
        self.filters["tojson"] = _tojson
        for name in ("join", "replace", "center", "indent", "format"):
            self.filters[name] = _limited_filter(name, self.filters[name])
        self.globals["raise_exception"] = _refuse
        for name in ("lipsum", "cycler", "joiner"):
            del self.globals[name]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for parent in (*tree.find_all(nodes.Node), tree):
            for field, value in parent.iter_fields():
                if isinstance(value, nodes.Concat):
                    setattr(parent, field, _limited_concat(value))
                elif isinstance(value, list):
                    value[:] = [_limited_concat(v) if isinstance(v, nodes.Concat) else v for v in value]
        return tree

    def limited_join(self, *parts: Any) -> str:
        texts = [str(part) for part in parts]
        _check(sum(map(len, texts)))
        return "".join(texts)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "*":
            for sized, count in ((left, right), (right, left)):
                if isinstance(sized, str | list | tuple) and isinstance(count, int):
                    _check(len(sized) * max(count, 0))
        elif operator == "+" and isinstance(left, str | list | tuple) and isinstance(right, type(left)):
            _check(len(left) + len(right))
        elif operator == "**" and isinstance(right, int) and isinstance(left, int):
            _check(left.bit_length() * abs(right))
        elif operator == "%" and isinstance(left, str):
            _check_format(left)
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(str(value.__self__))
        return wrapped

    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            _check_method(owner, getattr(__obj, "__name__", ""), args)
        return super().call(__context, __obj, *args, **kwargs)


def _limited_concat(node: nodes.Concat) -> nodes.Node:
    join = nodes.EnvironmentAttribute("limited_join", lineno=node.lineno)
    return nodes.Call(join, node.nodes, [], None, None, lineno=node.lineno)


def _limited_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter whose output may be much longer than its input, its sizes looked at before."""

    def limited(context: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        given = [*args, *kwargs.values()]
        numbers = [each for each in given if isinstance(each, int)]
        longest = max((len(each) for each in given if isinstance(each, str)), default=0)
        size = len(value) if hasattr(value, "__len__") else 0
        if name == "format":
            _check_format(str(value))
        elif name == "join" and isinstance(value, list | tuple):
            _check(sum(len(str(each)) + longest for each in value))
        else:
            _check((size + 1) * (longest + 1) + sum(max(n, 0) for n in numbers) * (size + 1))
        if name == "join" or name == "replace":
            return function(context.eval_ctx, value, *args, **kwargs)
        return function(value, *args, **kwargs)

    return jinja2.pass_context(limited)


def _check_method(owner: str, name: str, args: Sequence[Any]) -> None:
    longest = max((len(each) for each in args if isinstance(each, str)), default=0)
    if name in ("center", "ljust", "rjust", "zfill", "expandtabs"):
        _check(
            len(owner) + sum(max(each, 0) for each in args if isinstance(each, int)) * (1 + len(owner) // 8)
        )
    elif name == "replace":
        _check((len(owner) + 1) * (longest + 1))
    elif name == "join" and args and isinstance(args[0], list | tuple):
        _check(sum(len(str(each)) + len(owner) for each in args[0]))
    elif name in ("format", "format_map"):
        _check_format(owner)


def _check_format(form: str) -> None:
    """Widths may be asked for, but not enormous or computed ones."""
    if re.search(r"\d{4}|%[^%a-zA-Z]*\*|:[^}]*\{", form):
        _refuse("it uses a way of formatting text that is not allowed here")


def _check(size: int) -> None:
    if size > LARGEST_TEXT:
        _refuse("it makes texts that are too long")


def _refuse(message: object = "") -> NoReturn:
    raise _Refusal(str(message)[:500])


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    if isinstance(indent, int) and indent > 16:
        _refuse("it makes texts that are too long")
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


class ChatTemplate:
    """A template that turns a conversation into the prompt that its model was trained on."""

    def __init__(
        self,
        source: str,
        *,
        bos: str = "",
        eos: str = "",
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        """Args:
            source: in Jinja.
            bos, eos: the tokens at the beginning and at the end of a text, as the model writes them.

        Raises:
            TemplateRefused: it is no template, or uses what is not known here.
        """
        self.source = source
        self._names = {"bos_token": bos, "eos_token": eos}
        self._now = now
        if len(source) > LARGEST_SOURCE:
            raise _as_error("it is too long")
        self._template: jinja2.Template = _in_time(self._compile)
        self._typed = False
        """What was said is given as parts with their kind: some templates made for pictures want it so."""
        if "type" in source and not self._keeps_text():
            self._typed = True
            self._typed = self._keeps_text()

    def _compile(self) -> jinja2.Template:
        environment = _Environment()
        environment.globals["strftime_now"] = lambda form: self._now().strftime(str(form)[:200])
        return environment.from_string(self.source)

    def _keeps_text(self) -> bool:
        said = "needle"
        with contextlib.suppress(TemplateRefused):
            return said in self.render((Message(Role.USER, said),))
        return False

    def render(
        self, messages: Sequence[Message], *, answer: bool = True, thinking: bool | None = None
    ) -> str:
        """The prompt.

        Args:
            answer: end where the assistant's answer begins.
            thinking: ask the model to think first, or not to, where its template knows how; None: as it is.

        Raises:
            TemplateRefused: in the template's own words.
        """
        names: dict[str, Any] = dict(self._names)
        names["messages"] = [
            {
                "role": each.role.value,
                "content": [{"type": "text", "text": content}] if self._typed else content,
            }
            for each, content in zip(messages, _contents(messages), strict=True)
        ]
        names["add_generation_prompt"] = answer
        if thinking is not None:
            names["enable_thinking"] = thinking
        return str(_in_time(lambda: self._rendered(names)))

    def _rendered(self, names: dict[str, Any]) -> str:
        try:
            return self._attempt(names | {"tools": None})
        except (TypeError, jinja2.UndefinedError) as first:
            # Made for calls of tools, it goes through a list of them without asking whether there is one.
            try:
                return self._attempt(names | {"tools": [], "documents": [], "functions": []})
            except (TypeError, jinja2.UndefinedError):
                raise first from None

    def _attempt(self, names: dict[str, Any]) -> str:
        pieces, size = [], 0
        for piece in self._template.generate(names):
            pieces.append(piece)
            size += len(piece)
            _check(size)
        return "".join(pieces)

    def render_tolerantly(self, messages: Sequence[Message]) -> str:
        """`render`; but where the template knows no instructions, they stand in the first message.

        Gemma's templates, for one, raise an exception for the role "system".
        """
        try:
            return self.render(messages)
        except TemplateRefused:
            folded = fold_instructions(messages)
            if folded == tuple(messages):
                raise
            return self.render(folded)


def _contents(messages: Sequence[Message]) -> Iterator[str]:
    """What was said, marks for the pictures before it."""
    count = 0
    for message in messages:
        numbers = range(count, count := count + len(message.pictures))
        yield "".join(f"{PICTURE}{number}__>" for number in numbers) + message.content


def fold_instructions(messages: Sequence[Message]) -> tuple[Message, ...]:
    """The conversation with its instructions at the beginning of the person's first message."""
    system = [each.content for each in messages if each.role is Role.SYSTEM]
    others = [each for each in messages if each.role is not Role.SYSTEM]
    if not system or not others or others[0].role is not Role.USER:
        return tuple(messages)
    first = replace(others[0], content="\n\n".join([*system, others[0].content]))
    return (first, *others[1:])


def _in_time(work: Callable[[], Any]) -> Any:
    """Do it on a thread that can be stopped: a template can loop for ever without giving anything.

    Raises:
        TemplateRefused: whatever went wrong, in words.
    """
    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((work(), None))
        except BaseException as error:  # a RecursionError and _TooLong among them
            outcome.append((None, error))

    thread = threading.Thread(target=run, name="chat template", daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        identifier = ctypes.c_ulong(thread.ident or 0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(identifier, ctypes.py_object(_TooLong))
        thread.join(SECONDS)
        raise _as_error("it takes too long")
    value, error = outcome[0]
    if error is None:
        return value
    raise _as_error(_in_words(error)) from error


def _in_words(error: BaseException) -> str:
    if isinstance(error, _Refusal):
        return str(error) or "it gives no reason"
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"line {error.lineno}: {error.message}"
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    if isinstance(error, MemoryError):
        return "it makes texts that are too long"
    return str(error)[:500] or type(error).__name__


def _as_error(words: str) -> TemplateRefused:
    return TemplateRefused("template-refused", why=words.rstrip("."))
