"""A paragraph as text with marks: whatever comes back as marks, nothing of the paragraph is lost."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.translation.files.office.inline import Container, Item, Look, Point, Segment, Words, segments
from assistant.translation.records import Mark, TranslatedParagraph

LOOKS = [Look(number) for number in range(3)]
LINK, CONTROL, INNER = Container("link"), Container("control", copies=False), Container("inner")
AROUND = [(), (LINK,), (CONTROL,), (CONTROL, INNER)]


@st.composite
def paragraphs(draw: st.DrawFn) -> list[Item]:
    """Items in which every container is one piece."""
    items: list[Item] = []
    for around in draw(st.permutations(AROUND)):
        if CONTROL in around and any(CONTROL in item.around for item in items[:-1]):
            continue
        for kind in draw(st.lists(st.sampled_from("wwwpbot"), max_size=4)):
            if kind == "w":
                text = draw(st.text("ab c", min_size=1, max_size=6))
                items.append(Words(text, draw(st.sampled_from(LOOKS)), around))
            else:
                items.append(
                    Point((kind,), around, breaks=kind == "b", ordered=kind == "o", splits=kind == "t")
                )
    return items


@st.composite
def translations(draw: st.DrawFn, segment: Segment) -> TranslatedParagraph:
    """Any text, and marks that may be anywhere, missing or there twice."""
    text = draw(st.text("xyz ", max_size=20))
    marks = []
    for mark in draw(st.permutations(segment.marks)):
        for _ in range(draw(st.integers(0, 2))):
            start = draw(st.integers(0, len(text)))
            end = start if mark.start == mark.end else draw(st.integers(start, len(text)))
            marks.append(Mark(mark.id, start, end))
    return TranslatedParagraph(segment.text, text, "en", marks=tuple(marks))


def text_of(items: Sequence[Item]) -> str:
    return "".join(item.text for item in items if isinstance(item, Words))


def points_of(items: Sequence[Item]) -> list[str]:
    return [item.nodes[0] for item in items if isinstance(item, Point)]


@settings(max_examples=60)
@given(st.data())
def test_no_point_is_lost_and_ordered_ones_stay_in_order(data: st.DataObject) -> None:
    items = data.draw(paragraphs())
    for piece in segments(items):
        if not isinstance(piece, Segment):
            continue
        done = data.draw(translations(piece))
        written = piece.translated(done).items
        assert sorted(points_of(written)) == sorted(points_of(piece.items))
        assert text_of(written).replace(" ", "") == done.text.replace(" ", "")
        controls = "".join("x" if CONTROL in item.around else " " for item in written).split()
        assert len(controls) <= 1


@settings(max_examples=60)
@given(paragraphs())
def test_what_is_not_changed_comes_out_as_it_was(items: list[Item]) -> None:
    written: list[Item] = []
    for piece in segments(items):
        if isinstance(piece, Segment):
            assert piece.text == piece.text.strip() != ""
            assert all(0 <= mark.start <= mark.end <= len(piece.text) for mark in piece.marks)
            same = TranslatedParagraph(piece.text, piece.text, "en", marks=piece.marks)
            done = piece.translated(same)
            assert (done.lost, done.torn) == (0, 0)
            written.extend(done.items)
        else:
            written.extend(piece)
    assert text_of(written) == text_of(items)
    assert points_of(written) == points_of(items)
    looks = [
        (item.look, item.around) for item in items if isinstance(item, Words) for c in item.text if c.strip()
    ]
    again = [
        (item.look, item.around)
        for item in written
        if isinstance(item, Words)
        for c in item.text
        if c.strip()
    ]
    assert again == looks


def test_marks_nest() -> None:
    """A look goes over the border of a link: it becomes two."""
    bold, plain = LOOKS[:2]
    items = [
        Words("one ", plain),
        Words("two ", bold),
        Words("three", bold, (LINK,)),
        Words(" four five", plain),
    ]
    (segment,) = segments(items)
    assert isinstance(segment, Segment)
    assert [(mark.start, mark.end) for mark in segment.marks] == [(4, 8), (8, 13)]


def test_a_link_keeps_its_look_in_a_look_that_covers_the_whole_sentence() -> None:
    plain, bold, lined = LOOKS
    items = [
        Words("A ", plain),
        Words("big", bold),
        Words(" site on the ", plain),
        Words("net", lined, (LINK,)),
    ]
    (segment,) = segments(items)
    assert isinstance(segment, Segment)
    big, link = segment.marks
    marks = (Mark(big.id, 0, 13), Mark(link.id, 8, 13))
    done = segment.translated(TranslatedParagraph(segment.text, "Etwas im Netz", "en", marks=marks))
    looks = [(item.text, item.look) for item in done.items if isinstance(item, Words)]
    assert looks == [("Etwas im", bold), (" Netz", lined)]
