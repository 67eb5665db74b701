from __future__ import annotations

import contextlib
import time
from datetime import datetime

import pytest

from assistant.chat.records import Message, MessagePicture, Role
from assistant.chat.templates import PLAIN, ChatTemplate, fold_instructions
from assistant.errors import TemplateRefused

TALK = [
    Message(Role.SYSTEM, "Be kind."),
    Message(Role.USER, "Hello"),
    Message(Role.ASSISTANT, "Hi"),
    Message(Role.USER, "Who?"),
]


def render(source: str, messages: list[Message] = TALK, **options: bool) -> str:
    return ChatTemplate(source, bos="<s>", eos="</s>").render(messages, **options)


def test_plain() -> None:
    assert (
        render(PLAIN) == "Instructions: Be kind.\n\nUser: Hello\n\nAssistant: Hi\n\nUser: Who?\n\nAssistant:"
    )


def test_what_templates_use() -> None:
    source = """{{ bos_token }}
    {%- for message in messages %}
        {%- if message.role == 'system' %}{% continue %}{% endif %}
        {%- generation %}{{ message['content'] | trim }}{% endgeneration %}{{ eos_token }}
    {%- endfor %}
    {%- set state = namespace(found=false) %}
    {%- if add_generation_prompt %}>{{ tools is none }}{% endif %}"""
    assert render(source) == "<s>Hello</s>Hi</s>Who?</s>>True"
    assert render(source, answer=False) == "<s>Hello</s>Hi</s>Who?</s>"
    assert render("{{ {'a': 'ü', 'b': [1]} | tojson }}") == '{"a": "ü", "b": [1]}'
    assert render("{{ enable_thinking is defined }}{{ enable_thinking }}", thinking=False) == "TrueFalse"
    assert render("{{ '%d of %s' % (3, 'x') }}{{ '{:>3}'.format(7) }}{{ 'ab' * 2 ~ 1 }}") == "3 of x  7abab1"
    today = ChatTemplate("{{ strftime_now('%d %b %Y') }}", now=lambda: datetime(2025, 7, 26))
    assert today.render(TALK) == "26 Jul 2025"


def test_refusal_in_its_own_words() -> None:
    with pytest.raises(TemplateRefused, match="Only poems") as caught:
        render("{{ raise_exception('Only poems.') }}")
    assert caught.value.details["why"] == "Only poems"


def test_made_for_tools() -> None:
    assert render("{% for tool in tools %}{{ tool }}{% endfor %}done") == "done"
    assert render("{{ functions | length }}") == "0"


def test_without_a_role_for_instructions() -> None:
    source = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "{% for message in messages %}[{{ message.role }}]{{ message.content }}{% endfor %}"
    )
    with pytest.raises(TemplateRefused):
        render(source)
    text = ChatTemplate(source).render_tolerantly(TALK)
    assert text == "[user]Be kind.\n\nHello[assistant]Hi[user]Who?"
    assert fold_instructions(TALK[1:]) == tuple(TALK[1:])


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}text{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{{ 'a' * 10**9 }}",
        "{% set s = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set s.x = s.x ~ s.x %}{% endfor %}",
        "{% set s = namespace(x='aaaaaaaa') %}{% for i in range(60) %}{% set s.x = s.x + s.x %}{% endfor %}",
        "{% set s = namespace(x=[1]) %}{% for i in range(60) %}{% set s.x = s.x + s.x %}{% endfor %}",
        "{{ 'a' | center(2000000000) }}",
        "{{ 'a'.ljust(2000000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ '{:{}}'.format(1, 2000000000) }}",
        "{{ ('a' * 1000000) | replace('a', 'b' * 1000000) }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ range(100000000) | list }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ raise_exception.__globals__ }}",
        "{% include '/etc/passwd' %}",
        "{% if %}",
        "(" * 3 + "{{" + "(" * 5000 + ")" * 5000 + "}}",
        "x" * 2_000_000,
    ],
)
def test_hostile(source: str) -> None:
    began = time.monotonic()
    text = ""
    with contextlib.suppress(TemplateRefused):
        text = render(source)
    assert len(text) < 1000
    assert "root:" not in text
    assert time.monotonic() - began < 10


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(TemplateRefused):
        render("{{ messages.append(1) }}")


PICTURE = MessagePicture("well.png", 64, 64)
SEEN = [
    Message(Role.SYSTEM, "Be kind."),
    Message(Role.USER, "What?", (PICTURE, PICTURE)),
    Message(Role.ASSISTANT, "A well."),
    Message(Role.USER, "And this?", (PICTURE,)),
]


def test_marks_stand_where_pictures_are_seen() -> None:
    source = "{% for message in messages %}{{ message['content'] }}|{% endfor %}"
    expected = "<__picture_0__><__picture_1__>What?|A well.|<__picture_2__>And this?|"
    assert render(source, SEEN) == "Be kind.|" + expected
    refusing = "{% if messages[0].role == 'system' %}{{ raise_exception('No.') }}{% endif %}" + source
    folded = "<__picture_0__><__picture_1__>Be kind.\n\nWhat?|A well.|<__picture_2__>And this?|"
    assert ChatTemplate(refusing).render_tolerantly(SEEN) == folded


def test_templates_that_want_what_was_said_in_parts() -> None:
    """Made for pictures, they go through the parts of a message; what is one text they leave out."""
    source = """{%- for message in messages %}{{ message.role }}:
    {%- for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}
    {%- endfor %};{% endfor %}"""
    assert render(source, SEEN[:2]) == "system:Be kind.;user:<__picture_0__><__picture_1__>What?;"
    text = "messages[0].content"
    both = f"{{% if {text} is string %}}{{{{ {text} }}}}{{% else %}}{{{{ 'parts, type' }}}}{{% endif %}}"
    assert render(both, SEEN[:1]) == "Be kind."
