"""PURE: sizes, durations, numbers and lists in short English words, the same everywhere; 1 GB is 10**9 bytes.

Kept though there are libraries for it: babel (36 MB) writes "840 byte" and one unit of a duration only,
humanize "840 Bytes" and "2 hours and 5 minutes". The window says its numbers in its own language.
"""

from __future__ import annotations

from collections.abc import Sequence


def number(value: int) -> str:
    """ "2,104"."""
    return f"{value:,}"


def decimal(value: float) -> str:
    """With one decimal where that tells something: "5.1", "16", "2,000"."""
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.1f}".removesuffix(".0")


def clock(seconds: float) -> str:
    """ "12:34", "1:02:34"; a moment within a recording, or how long it is."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def plural(noun: str, value: int) -> str:
    """The noun as it follows a number."""
    if value == 1:
        return noun
    if noun.endswith(("s", "x", "ch", "sh")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}s"


def count(value: int, noun: str) -> str:
    """ "1 page", "2,104 pages"."""
    return f"{number(value)} {plural(noun, value)}"


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    *first, last = parts or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def size(octets: float) -> str:
    """ "840 B", "1.2 MB", "11.2 GB", "118 GB"."""
    value, unit = float(octets), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            break
        value /= 1000
    if unit == "GB":
        return f"{decimal(value)} GB"
    return f"{value:.0f} {unit}" if unit == "B" or value >= 9.95 else f"{decimal(value)} {unit}"


def size_of(part: float, whole: float) -> str:
    """ "5.1 of 11.2 GB", "840 MB of 11.2 GB"."""
    shown, total = size(part), size(whole)
    unit = total[total.index(" ") :]
    return f"{shown.removesuffix(unit)} of {total}"


def duration(seconds: float) -> str:
    """ "20 s", "3 min", "2 h", "2 h 5 min"."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
