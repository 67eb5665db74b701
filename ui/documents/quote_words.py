"""A quote as it is read: its lines, and the words in them that were asked for. Knows no Qt."""

from __future__ import annotations

from assistant.documents.records import Quote
from ui.common import formatting


def shown(quote: Quote) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The words of a quote as they are read, and which of their characters were asked for."""
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
    return text, tuple(bold)
