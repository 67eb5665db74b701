"""A sentence that is too long is parted, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.translation.long_sentences import parts


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def parted(text: str, most: int) -> list[str]:
    return [text[start:end] for start, end in parts(text, words, most)]


def test_at_clauses_then_commas_then_spaces() -> None:
    text = "The dog sleeps, as it did before; the house is old, and the river is near."
    assert parted(text, 9) == [
        "The dog sleeps, as it did before;",
        "the house is old, and the river is near.",
    ]
    assert parted("one two three, four five six", 4) == ["one two three,", "four five six"]
    assert parted("one two three four", 2) == ["one two", "three four"]


def test_a_short_one_stays_whole() -> None:
    assert parted(" The dog sleeps. ", 3) == ["The dog sleeps."]
    assert parted("  ", 3) == []


def test_without_spaces() -> None:
    def letters(texts: Sequence[str]) -> list[int]:
        return list(map(len, texts))

    text = "老狗在花园里睡觉，小狗在河边跑。" * 4
    found = parts(text, letters, 20)
    assert "".join(text[start:end] for start, end in found) == text
    assert all(end - start <= 20 for start, end in found)
    assert text[found[0][0] : found[0][1]].endswith(("，", "。"))


@given(st.text(max_size=200), st.integers(1, 5))
def test_nothing_is_lost(text: str, most: int) -> None:
    found = parts(text, words, most)
    assert found == sorted(found)
    assert all(start < end for start, end in found)
    covered = {place for start, end in found for place in range(start, end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)
