"""What the pictures of a prompt cost, and what stands for them."""

from __future__ import annotations

from assistant.chat.llama.prompt_cells import PictureCells, Prompt, picture_cells, positions
from assistant.chat.llama.prompts import _seeing_cost
from assistant.chat.llama.state_cache import common_prefix
from assistant.chat.records import Message, MessagePicture, Role

OLD, NEW = MessagePicture("old.png", 64, 64), MessagePicture("new.png", 64, 64)


def test_what_stands_for_a_picture_says_what_it_shows_and_how_far_it_goes() -> None:
    one, other = picture_cells(b"one", 0, 12, 4), picture_cells(b"other", 0, 12, 4)
    assert all(cell < 0 for cell in one)
    assert one == picture_cells(b"one", 0, 12, 4)
    assert common_prefix(one, other) == common_prefix(one, picture_cells(b"one", 1, 12, 4)) == 0
    assert (len(one), positions(one), positions([7, 8, *one, 9])) == (12, 4, 7)
    assert positions(picture_cells(b"one", 0, 12, 12)) == 12


def test_no_picture_is_cut() -> None:
    prompt = Prompt("", [0] * 20, (PictureCells(3, 9, OLD, 0), PictureCells(9, 15, OLD, 1)))
    assert [prompt.whole(length) for length in (2, 3, 4, 8, 9, 10, 15, 19)] == [2, 3, 3, 3, 9, 9, 15, 19]


def test_pictures_that_are_talked_about_are_waited_for() -> None:
    messages = [
        Message(Role.USER, "One", (OLD,)),
        Message(Role.USER, "Two", (NEW,)),
        Message(Role.USER, "So?"),
    ]
    prompt = Prompt("", [0] * 50, (PictureCells(0, 10, OLD, 0), PictureCells(20, 40, NEW, 0)))
    assert _seeing_cost(prompt, messages, 0, 5.0) == 10 * 4 - 20
    assert _seeing_cost(prompt, messages, 10, 5.0) == -20
    assert _seeing_cost(prompt, messages, 40, 5.0) == 0
    assert _seeing_cost(Prompt("", [0] * 50), messages[2:], 0, 5.0) == 0
