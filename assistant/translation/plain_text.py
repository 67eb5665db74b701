"""PURE: a text as paragraphs, and translated paragraphs as a text with the same line breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assistant.text.language_detection import UNKNOWN
from assistant.translation.records import Route, Span, TextTranslation, TranslatedParagraph

_LINE = re.compile(r"[^\s][^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]*")


def lines(text: str) -> list[Span]:
    """Where the paragraphs of a text stand: its lines, without the white space around them."""
    found = []
    for match in _LINE.finditer(text):
        found.append((match.start(), match.start() + len(match.group().rstrip())))
    return found


def joined(
    source: str,
    places: Sequence[Span],
    paragraphs: Sequence[TranslatedParagraph],
    language: str,
    route: Route | None,
    target: str,
) -> TextTranslation:
    """A text with `paragraphs` in the place of its lines; what stands between them stays."""
    parts, begins, at, length = [], [], 0, 0
    for (start, end), paragraph in zip(places, paragraphs, strict=True):
        between = source[at:start]
        begins.append((start, length + len(between)))
        parts += [between, paragraph.text]
        length += len(between) + len(paragraph.text)
        at = end
    parts.append(source[at:])
    return TextTranslation(source, "".join(parts), tuple(paragraphs), tuple(begins), language, route, target)


def most(languages: Iterable[tuple[str, int]]) -> str:
    """The language of most characters, of which each has so many; UNKNOWN where nothing tells it."""
    characters: Counter[str] = Counter()
    for language, count in languages:
        if language != UNKNOWN:
            characters[language] += count
    return characters.most_common(1)[0][0] if characters else UNKNOWN
