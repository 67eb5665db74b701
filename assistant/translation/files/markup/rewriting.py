"""PURE: source text with translations in the place of its paragraphs, those inside of others included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from assistant.translation.files.markup.inline import Inline, Writer, rebuilt, whole
from assistant.translation.records import Layout, Paragraph, TranslatedParagraph

Where = TypeVar("Where")


@dataclass(frozen=True, slots=True)
class Slot(Generic[Where]):
    """A paragraph and its place in the source."""

    paragraph: Paragraph
    start: int
    end: int
    where: Where
    """What its format knows of the place."""
    inline: Inline | None = None
    """Its marks; None where it is text alone."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Other source in the place of some; nothing is taken away where `start == end`."""

    start: int
    end: int
    text: str


class Form(Protocol[Where]):
    """How a format writes."""

    def escape(self, text: str) -> str: ...

    def copied(self, opening: str) -> str:
        """What opens an element, without what only one may have."""

    def placed(self, slot: Slot[Where], words: str) -> str:
        """The source of a translation that takes the place of its original."""

    def below(self, slot: Slot[Where], words: str) -> Edit:
        """A translation put below its original."""


def rewritten(
    source: str,
    slots: Sequence[Slot[Where]],
    translated: Sequence[TranslatedParagraph],
    form: Form[Where],
    layout: Layout,
    edits: Sequence[Edit] = (),
) -> tuple[str, int]:
    """The source, and how many looks hold for a whole sentence now.

    Args:
        edits: of what is not text: languages, directions.
    """
    return _Rewriting(source, slots, translated, form, layout, edits).done()


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: Callable[[int], str]
    """Given the number of the change."""


class _Rewriting(Generic[Where]):
    def __init__(
        self,
        source: str,
        slots: Sequence[Slot[Where]],
        translated: Sequence[TranslatedParagraph],
        form: Form[Where],
        layout: Layout,
        edits: Sequence[Edit],
    ) -> None:
        self._source = source
        self._form = form
        self._whole = 0
        changes = [_fixed(edit) for edit in edits]
        for slot, paragraph in zip(slots, translated, strict=True):
            if paragraph.text == slot.paragraph.text:
                continue
            self._whole += whole(paragraph)
            if layout is Layout.BELOW:
                changes.append(_fixed(form.below(slot, self._copy(slot, paragraph))))
            else:
                changes.append(_Change(slot.start, slot.end, self._replacing(slot, paragraph)))
        # What is put between comes before what follows it, what stands around others before these.
        changes.sort(key=lambda change: (change.start, change.end > change.start, -change.end))
        self._changes = changes
        self._starts = [change.start for change in changes]

    def done(self) -> tuple[str, int]:
        return self._between(0, len(self._source), -1), self._whole

    def _between(self, start: int, end: int, inside: int) -> str:
        """The source from `start` to `end` with the changes in it, those after number `inside`."""
        pieces: list[str] = []
        at = start
        number = max(inside + 1, bisect_left(self._starts, start))
        while number < len(self._changes) and self._starts[number] <= end:
            change = self._changes[number]
            # What is put at the edge belongs to what is around.
            outside = change.end > end or (inside >= 0 and change.start == change.end in (start, end))
            if change.start >= at and not outside:
                pieces.append(self._source[at : change.start])
                pieces.append(change.text(number))
                at = change.end
            number += 1
        pieces.append(self._source[at:end])
        return "".join(pieces)

    def _replacing(self, slot: Slot[Where], translated: TranslatedParagraph) -> Callable[[int], str]:
        def text(number: int) -> str:
            if slot.inline is None:
                return self._form.placed(slot, translated.text)
            writer = Writer(
                self._form.escape, lambda start, end: self._between(start, end, number), self._form.copied
            )
            return self._form.placed(slot, rebuilt(slot.inline, translated, writer))

        return text

    def _copy(self, slot: Slot[Where], translated: TranslatedParagraph) -> str:
        if slot.inline is None:
            return translated.text
        writer = Writer(self._form.escape, lambda start, end: self._source[start:end], self._form.copied)
        return rebuilt(slot.inline, translated, writer, atoms=False)


def _fixed(edit: Edit) -> _Change:
    return _Change(edit.start, edit.end, lambda _: edit.text)
