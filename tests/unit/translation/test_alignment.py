"""Which words came from which, by attention; and whether the attention can be believed."""

from __future__ import annotations

from assistant.translation.alignment import Trust, links, words
from assistant.translation.records import Span


def places(text: str, *pieces: str) -> list[Span]:
    found, at = [], 0
    for piece in pieces:
        start = text.index(piece, at)
        at = start + len(piece)
        found.append((start, at))
    return found


def test_words_of_pieces() -> None:
    text = "Un'casa, 老狗 हिन्दी"
    pieces = places(text, "Un", "'", "ca", "sa", ",", "老", "狗", "हि", "न्दी")
    assert words(text, pieces) == [[0], [1], [2, 3], [4], [5], [6], [7, 8]]


def test_pieces_are_linked_as_words() -> None:
    source, target = "the old garden", "alter Garten"
    rows = [
        # mark, the, old, gar, den, </s>
        [0.1, 0.0, 0.8, 0.1, 0.0, 0.0],  # al
        [0.1, 0.0, 0.7, 0.1, 0.1, 0.0],  # ter
        [0.0, 0.0, 0.1, 0.3, 0.5, 0.1],  # Garten
    ]
    found = links(
        rows,
        source,
        places(source, "the", "old", "gar", "den"),
        target,
        places(target, "al", "ter", "Garten"),
        before=1,
    )
    said = [(source[slice(*one)], target[slice(*other)]) for one, other in found]
    assert said == [("old", "alter"), ("garden", "Garten")]


def test_one_word_of_two_and_two_of_one() -> None:
    source, target = "garden house now", "Gartenhaus zu sehen"
    rows = [[0.4, 0.5, 0.1], [0.0, 0.1, 0.9], [0.0, 0.2, 0.8]]
    found = links(
        rows,
        source,
        places(source, "garden", "house", "now"),
        target,
        places(target, "Gartenhaus", "zu", "sehen"),
    )
    said = [(source[slice(*one)], target[slice(*other)]) for one, other in found]
    assert said == [("garden", "Gartenhaus"), ("house", "Gartenhaus"), ("now", "zu"), ("now", "sehen")]


def test_what_looks_at_nothing_is_not_linked() -> None:
    assert links([[0.1, 0.1, 0.8]], "a b", [(0, 1), (2, 3)], "c", [(0, 1)]) == ()
    assert links([], "a", [(0, 1)], "", []) == ()


def test_a_model_that_points_at_its_words_is_believed() -> None:
    right, wrong = Trust(), Trust()
    text, translation = "old dog", "Hund alter"
    aligned = (((4, 7), (0, 4)), ((0, 3), (5, 10)))
    turned = (((0, 3), (0, 4)), ((4, 7), (5, 10)))
    for _ in range(4):
        for word, alone in (((0, 3), "alter"), ((4, 7), "Hund.")):
            right.learn(aligned, word, translation, alone)
            wrong.learn(turned, word, translation, alone)
    assert text[4:7] == "dog"
    assert right.known
    assert right.good
    assert wrong.known
    assert not wrong.good


def test_what_tells_nothing_is_not_counted() -> None:
    trust = Trust()
    for alone in ("Katze", "", "Hun", "und"):
        trust.learn((), (0, 3), "Hund und Haus und Baum", alone)
    assert trust.tried == 0
    assert not trust.good
