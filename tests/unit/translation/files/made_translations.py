"""Translations that tests can foresee: the same text, and each word turned around."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from assistant.translation.files.translatable_file import TranslatableFile
from assistant.translation.records import Layout, Lost, Paragraph, Tier, TranslatedParagraph

_WORD = re.compile(r"[^\W\d_]+")


def unchanged(paragraph: Paragraph) -> TranslatedParagraph:
    tiers = tuple((mark.id, Tier.FOUND) for mark in paragraph.marks if mark.start < mark.end)
    return TranslatedParagraph(paragraph.text, paragraph.text, "en", marks=paragraph.marks, tiers=tiers)


def turned(paragraph: Paragraph) -> TranslatedParagraph:
    """Each word spelt backwards, so that marks keep their places."""
    text = _WORD.sub(lambda match: match.group()[::-1], paragraph.text)
    return replace(unchanged(paragraph), text=text)


def texts(file: TranslatableFile) -> list[str]:
    return [paragraph.text for paragraph in file.paragraphs]


def write(
    file: TranslatableFile,
    output: Path,
    *,
    target: str = "de",
    layout: Layout = Layout.TRANSLATION,
    translate: Callable[[Paragraph], TranslatedParagraph] = turned,
) -> Sequence[Lost]:
    return file.write(output, [translate(one) for one in file.paragraphs], target, layout)
