"""PURE: what belongs to a quote: the list that it introduces, and the quotes beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from assistant.documents.answering.sentence_ranking import RankedSentence
from assistant.documents.records import Quote
from assistant.text.sentences import Span

_GAP = 200
"""Characters between two quotes of one section that are one place, with what stands between them."""
_LONGEST = 1500
"""Characters of a place, and of a list."""
_LEAD = re.compile(r"[:：﹕፦]\s*(?=\n|\Z)")
"""What introduces a list: a colon at the end of its line."""
_ITEM = re.compile(
    r"[^\S\n]*(?:[•◦▪‣⁃●○■□☐☒☑✓✔➢►①-⑳]|(?:[-–—*+·]|\(?(?:\d{1,3}|[^\W\d_])[.)])\s|"
    r"[(（]?[^\W_]{1,3}[、）])\s*(?=\S)"
)
"""How an item of a list begins."""
_LOOSE = 2
"""So many lines that begin like a new text may belong to an item, if another item follows."""


def with_lists(chosen: Sequence[RankedSentence], section_text: Callable[[int], str]) -> list[RankedSentence]:
    """The sentences, best first; one that introduces a list brings it along, and its items stand in it.

    Args:
        section_text: of a section, by its number.
    """
    longer = [
        one if one.source.row.table else _with_list(one, section_text(one.source.row.section))
        for one in chosen
    ]
    return [one for one in longer if not any(_inside(one, other) for other in longer)]


def places(quotes: Sequence[Quote], tables: Collection[int] = ()) -> list[tuple[tuple[int, ...], Span]]:
    """The numbers of quotes that are neighbours, best first, and where they and what is between them stand.

    Args:
        quotes: best first.
        tables: sections that are tables.
    """
    found: list[tuple[list[Quote], int, int]] = []
    for quote in sorted(quotes, key=lambda quote: (quote.section, quote.start)):
        gap = 1 if quote.section in tables else _GAP
        if found:
            together, start, end = found[-1]
            near = together[-1].section == quote.section and quote.start - end <= gap
            if near and max(end, quote.end) - start <= _LONGEST:
                found[-1] = [*together, quote], start, max(end, quote.end)
                continue
        found.append(([quote], quote.start, quote.end))
    numbered = [
        (tuple(sorted(quote.n for quote in together)), (start, end)) for together, start, end in found
    ]
    return sorted(numbered)


def list_end(text: str, lead: int) -> int:
    """Where the list ends that begins on the line after offset `lead`; `lead` itself if there is none."""
    end, loose, gap = lead, 0, False
    for line in re.finditer(r"[^\n]+", text[lead : lead + _LONGEST]):
        said = line[0].strip()
        if not said:
            gap = gap or end > lead
            continue
        stop = lead + line.start() + len(line[0].rstrip())
        gap = gap or "\n\n" in text[end : lead + line.start()]
        if _ITEM.match(line[0]):
            end, loose, gap = stop, 0, False
        elif end == lead or gap or loose == _LOOSE:
            break
        elif said[0].islower() or line[0][0].isspace():
            end = stop
        else:
            loose += 1
    return end


def lines(text: str, *, table: bool = False) -> tuple[Span, ...]:
    """What of a quote is read as a line of its own: paragraphs, items of a list, rows of a table."""
    found: list[Span] = []
    gap = True
    for line in re.finditer(r"[^\n]*", text):
        said = line[0].strip()
        if not said:
            gap = gap or (line.start() > 0 and text[line.start() - 1] == "\n")
            continue
        start = line.start() + line[0].index(said)
        if gap or table or not found or _ITEM.match(line[0]):
            found.append((start, start + len(said)))
        else:
            found[-1] = found[-1][0], start + len(said)
        gap = False
    return tuple(found)


def _with_list(one: RankedSentence, text: str) -> RankedSentence:
    ends = (list_end(text, one.start + lead.end()) for lead in _LEAD.finditer(text[one.start : one.end]))
    return replace(one, end=max(one.end, *ends, one.end))


def _inside(one: RankedSentence, other: RankedSentence) -> bool:
    """Whether it is an item of the list that the other one brings along."""
    same = one.source.row.section == other.source.row.section
    return same and one is not other and other.start <= one.start and one.end <= other.end
