"""PURE: sizes, durations and numbers in words, the same everywhere in the program. 1 GB is 10**9 bytes."""

from __future__ import annotations


def number(value: int) -> str:
    """ "2,104"."""
    return f"{value:,}"


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


def size(octets: float) -> str:
    """ "840 B", "1.2 MB", "11.2 GB", "118 GB"."""
    value, digits = float(octets), 0
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.5 or unit == "GB":
            break
        value /= 1000
    if unit == "GB":
        digits = 1 if value < 100 else 0
    elif unit != "B":
        digits = 1 if value < 9.95 else 0
    return f"{value:,.{digits}f} {unit}"


def duration(seconds: float) -> str:
    """ "20 s", "3 min", "2 h 5 min"."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
