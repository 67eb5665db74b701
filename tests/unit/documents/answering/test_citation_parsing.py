"""Citations in what models write: found, read and put back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.documents.answering.citation_parsing import Cited, numbers_in, parse, put_back


def cited(answer: str) -> list[tuple[str, tuple[int, ...]]]:
    plain, found = parse(answer)
    return [(plain[each.start : each.end], each.numbers) for each in found]


@pytest.mark.parametrize(
    ("answer", "numbers"),
    [
        ("The well is 43 metres deep [1].", (1,)),
        ("The well is 43 metres deep. [1]", (1,)),
        ("The well is 43 metres deep.[1]", (1,)),
        ("The well is 43 metres deep [1, 2].", (1, 2)),
        ("The well is 43 metres deep [1][3].", (1, 3)),
        ("The well is 43 metres deep [1–3].", (1, 2, 3)),
        ("The well is 43 metres deep【2】.", (2,)),
        ("The well is 43 metres deep [Source 2].", (2,)),
        ("The well is 43 metres deep [^2].", (2,)),
        ("The well is 43 metres deep.", ()),
    ],
)
def test_ways_to_cite(answer: str, numbers: tuple[int, ...]) -> None:
    assert cited(answer) == [("The well is 43 metres deep" + ("." if answer.count(".") else ""), numbers)]


@pytest.mark.parametrize(
    "text",
    [
        "Call `x[1]` with the list.",
        "```\nfirst = rows[1]\n```",
        "See [1](https://example.org) about the farm.",
        "In the year [1999] it was dry on the farm.",
        "Mark it with [x] or [a1] on the paper.",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    plain, found = parse(text)
    assert plain == text
    assert all(each.numbers == () for each in found)


def test_backticks_within_a_line_do_not_hide_what_follows() -> None:
    assert cited("Code stands between ``` marks in it. The fence was mended in May [2].")[-1][1] == (2,)


def test_each_sentence_has_its_own() -> None:
    answer = (
        "The well in the field is 43 metres deep [1]. The fence was mended in May. [2][3] Nobody came to see."
    )
    assert cited(answer) == [
        ("The well in the field is 43 metres deep.", (1,)),
        ("The fence was mended in May.", (2, 3)),
        ("Nobody came to see.", ()),
    ]


def test_lines_of_a_list_are_sentences_of_their_own() -> None:
    answer = (
        "What was done this year:\n\n- The fence was mended [2]\n- The well was deepened by two metres [1]\n"
    )
    assert cited(answer) == [
        ("What was done this year:", ()),
        ("The fence was mended", (2,)),
        ("The well was deepened by two metres", (1,)),
    ]


def test_they_come_back_before_the_full_stop() -> None:
    plain, found = parse("- The fence was mended in May. [7]\n- The well is deep [1] [2]!\n")
    text, spans = put_back(plain, [(found[0], (2,)), (found[1], (1, 2))])
    assert text == "- The fence was mended in May [2].\n- The well is deep [1][2]!\n"
    assert [text[slice(*span)] for span in spans] == [
        "The fence was mended in May [2].",
        "The well is deep [1][2]!",
    ]


def test_numbers_of_ranges_are_not_endless() -> None:
    assert numbers_in("3, 5-7") == (3, 5, 6, 7)
    assert numbers_in("1-999") == (1, 999)


@settings(max_examples=60)
@given(st.text(alphabet="ab .[]12,-–\n!?`【】(^", max_size=80))
def test_nothing_but_citations_is_lost(text: str) -> None:
    plain, found = parse(text)
    assert [each for each in found if not 0 <= each.start < each.end <= len(plain)] == []
    letters = [char for char in text if char in "ab"]
    assert [char for char in plain if char in "ab"] == letters
    again, _ = put_back(plain, [(each, ()) for each in found])
    assert again == plain
    assert put_back(plain, [(Cited(0, len(plain), ()), ())])[0] == plain
