"""An original beside its translation, or above it, as a file for Word: for any format, and for those that
cannot be written, such as PDF.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.languages import NAMES, is_right_to_left, name
from assistant.rich_text.blocks import Block, Language, Span, SpanStyle, Table
from assistant.rich_text.blocks import Paragraph as Text
from assistant.rich_text.docx import docx
from assistant.translation.files.writing import save
from assistant.translation.records import Layout, Paragraph, TranslatedParagraph

_PAGE = re.compile(r"((?:page|slide|chapter) \d+)")
_CELL = re.compile(r"(.+)![A-Z]{1,3}\d+")
_Pair = tuple[Paragraph, TranslatedParagraph]


def write_bilingual(
    path: Path,
    output: Path,
    paragraphs: Sequence[Paragraph],
    translated: Sequence[TranslatedParagraph],
    target: str,
    layout: Layout,
) -> None:
    """Write the paragraphs of the file at `path` with their translations, page by page or sheet by sheet.

    Args:
        layout: BELOW puts each translation below its original, any other one beside it.

    Raises:
        DiskFull, StorageError: it cannot be written.
    """
    pairs = list(zip(paragraphs, translated, strict=True))
    languages = (_language(_most(translated)), _language(target))
    blocks: list[Block] = []
    for heading, group in itertools.groupby(pairs, key=lambda pair: _heading(pair[0].place)):
        if heading:
            blocks.append(Text((Span(heading),), heading=2))
        if layout is Layout.BELOW:
            blocks += _one_below_the_other(group)
        else:
            blocks.append(_side_by_side(group, languages))
    save(output, docx(path.stem, blocks))


def _heading(place: str) -> str:
    """The page, slide, chapter or sheet; "" for smaller places."""
    found = _PAGE.match(place) or _CELL.fullmatch(place)
    heading = found.group(1) if found else ""
    return heading[:1].upper() + heading[1:]


def _most(translated: Sequence[TranslatedParagraph]) -> str:
    """The language of most of the original; "" where it is not known."""
    counts = Counter[str]()
    for one in translated:
        if one.language in NAMES:
            counts[one.language] += len(one.source)
    return counts.most_common(1)[0][0] if counts else ""


def _language(code: str) -> Language:
    return Language(code, is_right_to_left(code))


def _side_by_side(pairs: Iterator[_Pair], languages: tuple[Language, Language]) -> Table:
    heads = tuple((Span(name(one.code) if one.code else "", SpanStyle.BOLD),) for one in languages)
    rows = [((Span(before.text),), (Span(after.text),)) for before, after in pairs]
    return Table((heads, *rows), languages=languages, mirrored=languages[1].right_to_left)


def _one_below_the_other(pairs: Iterator[_Pair]) -> Iterator[Text]:
    for before, after in pairs:
        yield Text((Span(before.text),))
        if after.text != before.text:
            yield Text((Span(after.text),), indent=1)
