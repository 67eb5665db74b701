"""Marks: aligned, found, on the whole; points; nesting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.translation import marks
from assistant.translation.edits import Alignment
from assistant.translation.records import Mark, Tier
from assistant.translation.sentence_parts import Piece, Segment, assembled


def one(text: str, translated: str, alignment: Alignment = ()) -> tuple[Segment, ...]:
    return assembled(text, [Piece((0, len(text)), (0, len(text)))], [(translated, alignment)])[1]


def by_words(text: str, translated: str, pairs: str) -> Alignment:
    """ "0-1 1-0": the first word became the second one, the second one the first."""
    here, there = (marks.mark_words.words(each) for each in (text, translated))
    numbers = (pair.split("-") for pair in pairs.split())
    return tuple((here[int(a)], there[int(b)]) for a, b in numbers)


def marked(text: str, words: str, id: int = 1) -> Mark:
    start = text.index(words)
    return Mark(id, start, start + len(words))


def shown(translated: str, placed: marks.Placed) -> list[str]:
    return [translated[mark.start : mark.end] for mark in placed.marks]


def test_by_alignment_a_mark_finds_its_words() -> None:
    text, translated = "I like to drive my red car.", "Ich fahre gern mein rotes Auto."
    alignment = by_words(text, translated, "0-0 1-2 3-1 4-3 5-4 6-5")
    mark = marked(text, "red car")
    found = marks.placed(text, translated, [mark], one(text, translated, alignment))
    assert shown(translated, found) == ["rotes Auto"]
    assert found.tiers == ((1, Tier.ALIGNED),)
    assert found.whole == ()


def test_words_torn_apart_are_marked_twice() -> None:
    text, translated = "He called up his friend.", "Er rief seinen Freund an."
    alignment = by_words(text, translated, "0-0 1-1 2-4 3-2 4-3")
    found = marks.placed(text, translated, [marked(text, "called up")], one(text, translated, alignment))
    assert shown(translated, found) == ["rief", "an"]


def test_words_that_stand_unchanged_need_no_help() -> None:
    text, translated = "Ask Ada Lovelace and Ada again.", "Frag Ada Lovelace und noch einmal Ada."
    later = Mark(2, text.index("Ada again"), text.index(" again"))
    both = [marked(text, "Ada Lovelace"), later]
    assert marks.fragments(text, translated, both, one(text, translated)) == set()
    found = marks.placed(text, translated, both, one(text, translated))
    assert [(mark.id, mark.start) for mark in found.marks] == [(1, 5), (2, 34)]
    assert found.tiers == ((1, Tier.FOUND), (2, Tier.FOUND))


@pytest.mark.parametrize(
    ("text", "translated", "words", "alone", "found"),
    [
        (
            "The black dog sleeps.",
            "Der schwarze Hund schläft.",
            "black dog",
            "Schwarzer Hund.",
            "schwarze Hund",
        ),
        ("The dog saw a house.", "Der Hund sah ein Haus.", "house", "das Haus", "Haus"),
        ("I like the red car.", "J'aime la voiture rouge.", "red car", "voiture rouge", "voiture rouge"),
        ("They sing a song.", "Sie singen ein Lied.", "sing", "singt", "singen"),
        ("He buys old books.", "他买旧书。", "old books", "旧书", "旧书"),
        (
            "Who closed our door?",
            "Wer hat unsere Tür geschlossen?",
            "closed our door",
            "Schließen unserer Tür",
            "+",
        ),
        ("He buys old books.", "他买了许多旧的书。", "old books", "旧书籍", "书"),
    ],
)
def test_words_translated_alone_are_found_in_another_form(
    text: str, translated: str, words: str, alone: str, found: str
) -> None:
    segments = one(text, translated)
    mark = marked(text, words)
    assert marks.fragments(text, translated, [mark], segments) == {words}
    placed = marks.placed(text, translated, [mark], segments, {words: alone})
    if found == "书":  # too little of it is there
        assert placed.tiers == ((1, Tier.WHOLE),)
    else:
        assert shown(translated, placed) == (["unsere Tür geschlossen"] if found == "+" else [found])
        assert placed.tiers == ((1, Tier.FOUND),)


def test_words_that_are_not_found_mark_the_sentence_and_are_reported() -> None:
    text, translated = "First one. The dog sleeps.", "Erstens. Der Vierbeiner schläft."
    pieces = [Piece((0, 10), (0, 10)), Piece((11, 26), (11, 26))]
    whole, segments = assembled(text, pieces, [("Erstens.", ()), ("Der Vierbeiner schläft.", ())])
    found = marks.placed(text, whole, [marked(text, "dog")], segments, {"dog": "Hund"})
    assert shown(translated, found) == ["Der Vierbeiner schläft."]
    assert found.tiers == ((1, Tier.WHOLE),)
    assert found.whole == ((1, "dog"),)


def test_a_mark_over_whole_sentences_needs_no_words() -> None:
    text = "Yes it is. No it is not. Perhaps."
    pieces = [Piece((0, 10), (0, 10)), Piece((11, 24), (11, 24)), Piece((25, 33), (25, 33))]
    whole, segments = assembled(text, pieces, [("Ja.", ()), ("Nein, nein.", ()), ("Vielleicht.", ())])
    both = [Mark(1, 0, 24), Mark(2, 0, 33), Mark(3, 25, 32)]
    assert marks.fragments(text, whole, both, segments) == set()
    found = marks.placed(text, whole, both, segments)
    assert [(mark.id, whole[mark.start : mark.end]) for mark in found.marks] == [
        (2, whole),
        (1, "Ja. Nein, nein."),
        (3, "Vielleicht"),
    ]
    assert {tier for _, tier in found.tiers} == {Tier.ALIGNED}


def test_signs_around_marked_words_stay_in_or_out() -> None:
    text, translated = 'He said "good morning" to me.', "Er sagte mir „guten Morgen“, ja."
    alignment = by_words(text, translated, "0-0 1-1 2-3 3-4 5-2")
    inside, outside = marked(text, "good morning"), marked(text, '"good morning"')
    segments = one(text, translated, alignment)
    assert shown(translated, marks.placed(text, translated, [inside], segments)) == ["guten Morgen"]
    assert shown(translated, marks.placed(text, translated, [outside], segments))[0].startswith(
        "„guten Morgen“"
    )


def test_a_part_of_a_word_marks_the_word() -> None:
    text, translated = "Cold transatlantic waters", "Kalte transatlantische Gewässer"
    alignment = by_words(text, translated, "0-0 1-1 2-2")
    found = marks.placed(text, translated, [marked(text, "trans")], one(text, translated, alignment))
    assert shown(translated, found) == ["transatlantische"]


def test_nested_marks_stay_nested() -> None:
    text, translated = "See the very big red dog now", "Nun sieh den sehr großen roten Hund"
    alignment = by_words(text, translated, "0-1 1-2 2-3 3-4 4-5 5-6 6-0")
    outer, inner = marked(text, "very big red dog", 1), marked(text, "red", 2)
    found = marks.placed(text, translated, [inner, outer], one(text, translated, alignment))
    assert [(mark.id, translated[mark.start : mark.end]) for mark in found.marks] == [
        (1, "sehr großen roten Hund"),
        (2, "roten"),
    ]
    assert found.tiers == ((2, Tier.ALIGNED), (1, Tier.ALIGNED))


def test_a_word_that_is_not_found_stays_within_the_mark_around_it() -> None:
    text, translated = "Press the green Start button.", "Drücke den Knopf namens Start."
    outer, inner = marked(text, "green Start", 1), marked(text, "green", 2)
    alone = {"green Start": "Start", "green": "grün"}
    found = marks.placed(text, translated, [outer, inner], one(text, translated), alone)
    assert [translated[mark.start : mark.end] for mark in found.marks] == ["Start", "Start"]
    assert found.tiers == ((1, Tier.FOUND), (2, Tier.WHOLE))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("|A dog barks.", "|Ein Hund bellt."),
        ("A dog barks.|", "Ein Hund bellt.|"),
        ("A dog barks|.", "Ein Hund bellt|."),
        ("A dog| barks.", "Ein Hund| bellt."),
        ("A |dog barks.", "Ein |Hund bellt."),
    ],
)
@pytest.mark.parametrize("is_aligned", [True, False])
def test_points_keep_their_place(place: str, expected: str, is_aligned: bool) -> None:
    text, translated = place.replace("|", ""), expected.replace("|", "")
    alignment = by_words(text, translated, "0-0 1-1 2-2") if is_aligned else ()
    point = Mark(5, place.index("|"), place.index("|"))
    found = marks.placed(text, translated, [point], one(text, translated, alignment))
    assert [(mark.start, mark.end) for mark in found.marks] == [(expected.index("|"),) * 2]
    assert found.tiers == ()


def test_a_point_goes_with_its_word() -> None:
    text, translated = "Today the dog barks.", "Der Hund bellt heute."
    alignment = by_words(text, translated, "0-3 1-0 2-1 3-2")
    found = marks.placed(text, translated, [Mark(1, 5, 5)], one(text, translated, alignment))
    assert found.marks == (Mark(1, 20, 20),)


def test_what_stays_as_it_was_keeps_its_marks_exactly() -> None:
    text = "12,5 % of A4"
    whole, segments = assembled(text, [Piece((0, 12), (0, 0))], [None])
    all_marks = [Mark(1, 0, 4), Mark(2, 5, 6), Mark(3, 7, 7)]
    assert list(marks.placed(text, whole, all_marks, segments).marks) == all_marks


def _stretch(start: int, length: int, most: int) -> tuple[int, int]:
    return start % most, min(most, start % most + length)


WORDS = ["one", "two", "three.", "four", "“five”", "six,", "七八", "9"]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
    st.lists(st.sampled_from(["eins", "zwei", "drei.", "vier", "五", "9"]), min_size=0, max_size=8),
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(1, 9)), max_size=6
    ),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_no_mark_is_lost_and_none_crosses_another(
    source: list[str],
    target: list[str],
    pieces: list[tuple[int, int, int, int]],
    cuts: list[tuple[int, int]],
) -> None:
    text, translated = " ".join(source), " ".join(target)
    alignment = tuple(
        (_stretch(a, c, len(text)), _stretch(b, d, len(translated)))
        for a, b, c, d in pieces
        if translated and c
    )
    wanted = []
    low, high = 0, len(text)
    for id, (a, b) in enumerate(cuts):  # each inside the one before
        start = min(high, low + a % (high - low + 1))
        end = min(high, start + b)
        wanted.append(Mark(id, start, end))
        if start < end:
            low, high = start, end
    segments = one(text, translated, alignment)
    found = marks.placed(text, translated, wanted, segments, {"two": "zwei"})
    assert {mark.id for mark in found.marks} == {mark.id for mark in wanted}
    assert {id for id, _ in found.tiers} == {mark.id for mark in wanted if mark.start < mark.end}
    for one_mark in found.marks:
        assert 0 <= one_mark.start <= one_mark.end <= len(translated)
        for other in found.marks:
            assert not one_mark.start < other.start < one_mark.end < other.end
