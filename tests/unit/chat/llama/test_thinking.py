from __future__ import annotations

import pytest

from assistant.chat.llama.thinking import ThinkingSplitter, thinks

PLAIN = "{{ messages }}"
CHANNELS = "<|channel|>analysis<|message|>"


def told(
    text: str, prompt: str = "", template: str = PLAIN, size: int = 1, **options: bool
) -> tuple[str, str]:
    """Thoughts and answer, the text fed in pieces of `size` characters."""
    thoughts = ThinkingSplitter(prompt, template, **options)
    parts = [
        part for index in range(0, len(text), size) for part in thoughts.feed(text[index : index + size])
    ]
    parts += thoughts.finish()
    return (
        "".join(text for text, thinking in parts if thinking).strip(),
        "".join(text for text, thinking in parts if not thinking),
    )


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "prompt", "expected"),
    [
        ("Hello <b>you</b>", "", ("", "Hello <b>you</b>")),
        ("<think>\nLet me see.\n</think>\n\nIt is 4.", "", ("Let me see.", "It is 4.")),
        ("\n<think>\nHm\n</think>\nYes", "", ("Hm", "Yes")),
        ("Let me see.\n</think>\n\nIt is 4.", "<|assistant|><think>\n", ("Let me see.", "It is 4.")),
        ("[THINK]Hm[/THINK]Yes", "", ("Hm", "Yes")),
        ("<think>never ends", "", ("never ends", "")),
        ("<think></think>\n\nYes", "", ("", "Yes")),
        ("The mark <think> opens </think> thoughts", "", ("", "The mark <think> opens </think> thoughts")),
        ("a <thin", "", ("", "a <thin")),
        (" Hello", "", ("", "Hello")),
    ],
)
def test_marks(text: str, prompt: str, expected: tuple[str, str], size: int) -> None:
    assert told(text, prompt, size=size) == expected


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_channels(size: int) -> None:
    text = (
        "<|channel|>analysis<|message|>The user greets.<|end|>"
        "<|start|>assistant<|channel|>final<|message|>Hello!"
    )
    assert told(text, template=CHANNELS, size=size) == ("The user greets.", "Hello!")
    assert told("Hello!", template=CHANNELS, size=size) == ("", "Hello!")


def test_an_answer_that_is_continued_keeps_its_spaces() -> None:
    assert told(" and more", continuing=True) == ("", " and more")
    assert told("<think>", continuing=True) == ("", "<think>")


def test_thoughts_that_are_closed_for_an_answer_to_follow() -> None:
    assert ThinkingSplitter.closed("<|assistant|><think>\n") == "\n</think>\n\n"
    assert ThinkingSplitter.closed("<|assistant|>") == ""


def test_inside() -> None:
    thoughts = ThinkingSplitter("", PLAIN)
    states = []
    for piece in ("<think>", "hm", "</think>", "yes"):
        thoughts.feed(piece)
        states.append(thoughts.inside)
    assert states == [True, True, False, False]


def test_whether_a_model_thinks() -> None:
    assert thinks("{% if enable_thinking %}")
    assert thinks(CHANNELS)
    assert not thinks(PLAIN)
