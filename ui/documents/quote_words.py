"""A quote as it is read: its lines, and the words in them that were asked for. Knows no Qt."""

from __future__ import annotations

from assistant.documents.records import Quote
from ui.common import formatting


def shown(quote: Quote, until: int = 0) -> tuple[str, tuple[tuple[int, int], ...], int]:
    """The words of a quote as they are read, which of their characters were asked for, and how many of them
    stand before its character `until`."""
    raw = formatting.passage(quote.quote)
    text = ""
    at: dict[int, int] = {}
    for start, end in quote.lines or ((0, len(raw)),):
        text += "\n" if text else ""
        begin = len(text)
        for place in range(start, end):
            at[place] = len(text)
            if not raw[place].isspace():
                text += raw[place]
            elif len(text) > begin and text[-1] != " ":
                text += " "
        text = text[:begin] + text[begin:].rstrip()
    bold = []
    for start, end in quote.asked:
        places = [at[place] for place in range(start, end) if place in at]
        if places and min(places) < len(text):
            bold.append((min(places), min(max(places) + 1, len(text))))
    before = max((place for character, place in at.items() if character < until), default=-1) + 1
    return text, tuple(bold), min(before, len(text))
