"""PURE: dates and times of a spreadsheet as its cells show them, months and days in their language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from assistant.documents.formats.office.date_names import names_of

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|am/pm|a/p|\.0+(?=\D|$)|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|aaaa?|.',
    re.DOTALL,
)
_BRACKETED_TIME = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_LANGUAGE = re.compile(r"\[\$[^\]-]*-([^\]]+)\]")
MAX_SERIAL = 2_958_466
"""The day after the last of the year 9999."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time, also what only a spreadsheet knows: 29 February 1900, and a day 0."""

    year: int
    month: int
    day: int
    weekday: int
    """From 0, Monday."""
    hour: int
    minute: int
    second: int
    microsecond: int


def from_serial(value: float, epoch_1904: bool = False) -> Moment:
    """The moment that a serial number of days means."""
    first = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30 if value >= 60 else 31)
    # Rounded to milliseconds: a time is a fraction of a day and seldom exact.
    milliseconds = round((value % 1) * 86_400_000)
    days = int(value)
    if milliseconds == 86_400_000:
        days, milliseconds = days + 1, 0
    at = first + timedelta(days=days, milliseconds=milliseconds)
    year, month, day, weekday = at.year, at.month, at.day, at.weekday()
    if not epoch_1904 and days in (0, 60):
        # Excel keeps a mistake of Lotus 1-2-3, which took 1900 for a leap year.
        year, month, day, weekday = (1900, 2, 29, 2) if days else (1900, 1, 0, 5)
    return Moment(year, month, day, weekday, at.hour, at.minute, at.second, at.microsecond)


@lru_cache(maxsize=512)
def is_date(section: str) -> bool:
    """Whether a section of a format shows a date or a time."""
    if _BRACKETED_TIME.search(section):
        return True
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', "", section, flags=re.IGNORECASE)
    return bool(re.search(r"[ymdhs]|aaa", bare, re.IGNORECASE)) and not re.search(
        r"[#0?@]", re.sub(r"s+\.0+", "s", bare, flags=re.IGNORECASE)
    )


def shown_date(value: float, section: str, epoch_1904: bool) -> str:
    """`value`, a serial number, under a section of a format. Raises ValueError for what is no date."""
    elapsed = _BRACKETED_TIME.search(section)
    if not elapsed and not 0 <= value < MAX_SERIAL:
        raise ValueError(value)
    sign, value = ("-", -value) if value < 0 else ("", value)
    moment = from_serial(value if value < MAX_SERIAL else 0, epoch_1904)
    language = _LANGUAGE.search(section)
    months, short_months, days, short_days = names_of(language.group(1) if language else "")
    tokens = [
        token
        for token in _TOKEN.findall(section)
        if not (token[0] == "[" and not _BRACKETED_TIME.fullmatch(token))
    ]
    twelve = any(token.upper() in ("AM/PM", "A/P") for token in tokens)
    pieces: list[str] = []
    for index, token in enumerate(tokens):
        low = token.lower()
        if _BRACKETED_TIME.fullmatch(token):
            unit = {"h": 24, "m": 1440, "s": 86400}[low[1]]
            pieces.append(str(int(value * unit + 1e-6)))
        elif low.strip("m") == "" and _is_minutes(tokens, index):
            pieces.append(f"{moment.minute:02}" if len(low) > 1 else str(moment.minute))
        elif low.strip("y") == "":
            pieces.append(f"{moment.year % 100:02}" if len(low) <= 2 else str(moment.year))
        elif low.strip("m") == "":
            at = moment.month - 1
            names = {1: str(moment.month), 2: f"{moment.month:02}", 3: short_months[at], 5: months[at][0]}
            pieces.append(names.get(len(low), months[at]))
        elif low.strip("d") == "":
            at = moment.weekday
            names = {1: str(moment.day), 2: f"{moment.day:02}", 3: short_days[at]}
            pieces.append(names.get(len(low), days[at]))
        elif low in ("aaa", "aaaa"):
            pieces.append(short_days[moment.weekday] if low == "aaa" else days[moment.weekday])
        elif low.strip("h") == "":
            hour = (moment.hour % 12 or 12) if twelve else moment.hour
            pieces.append(f"{hour:02}" if len(low) > 1 else str(hour))
        elif low.strip("s") == "":
            pieces.append(f"{moment.second:02}" if len(low) > 1 else str(moment.second))
        elif low in ("am/pm", "a/p"):
            half = "AM" if moment.hour < 12 else "PM"
            half = half if low == "am/pm" else half[0]
            pieces.append(half if token.isupper() else half.lower())
        elif token[0] == "." and token.strip(".0") == "" and len(token) > 1:
            pieces.append(f".{moment.microsecond:06}"[: len(token)])
        else:
            pieces.append(_literal(token))
    return sign + "".join(pieces).strip()


def _is_minutes(tokens: list[str], index: int) -> bool:
    """An m is minutes after hours or before seconds, else months."""
    if len(tokens[index]) > 2:
        return False
    before = next((token.lower() for token in reversed(tokens[:index]) if token[0].lower() in "ymdhs["), "")
    after = next((token.lower() for token in tokens[index + 1 :] if token[0].lower() in "ymdhs"), "")
    return before.strip("[]").startswith("h") or after.startswith("s")


def _literal(token: str) -> str:
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    if token[0] in "_*" and len(token) == 2:
        return " " if token[0] == "_" else ""
    return "" if token in ("0", "#", "?", "@") else token
