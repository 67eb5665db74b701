"""Translations that tests can foresee: the same text, and each word turned around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.translation.files.translatable_file import TranslatableFile
from assistant.translation.records import Layout, Lost, Paragraph, Tier, TranslatedParagraph

_WORD = re.compile(r"[^\W\d_]+")


def unchanged(paragraph: Paragraph) -> TranslatedParagraph:
    return TranslatedParagraph(
        paragraph.text, paragraph.text, "en", marks=paragraph.marks, tiers=_found(paragraph)
    )


def turned(paragraph: Paragraph) -> TranslatedParagraph:
    """Each word spelt backwards, so that marks keep their places."""
    text = _WORD.sub(lambda match: match.group()[::-1], paragraph.text)
    return TranslatedParagraph(paragraph.text, text, "en", marks=paragraph.marks, tiers=_found(paragraph))


def said(paragraph: Paragraph, words: dict[str, str]) -> TranslatedParagraph:
    """Each text as `words` has it; marks stay on the words that they were on, if these are in there, too."""
    text = words.get(paragraph.text, paragraph.text)
    return TranslatedParagraph(paragraph.text, text, "en")


def _found(paragraph: Paragraph) -> tuple[tuple[int, Tier], ...]:
    return tuple((mark.id, Tier.FOUND) for mark in paragraph.marks if mark.start < mark.end)


def texts(file: TranslatableFile) -> list[str]:
    return [paragraph.text for paragraph in file.paragraphs]


def write(
    file: TranslatableFile,
    output: Path,
    *,
    target: str = "de",
    layout: Layout = Layout.TRANSLATION,
    translate: object = turned,
) -> Sequence[Lost]:
    assert callable(translate)
    return file.write(output, [translate(one) for one in file.paragraphs], target, layout)
