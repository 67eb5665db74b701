"""Numbers and dates of a spreadsheet as its cells show them (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

BUILTIN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "$#,##0_);($#,##0)",
    6: "$#,##0_);[Red]($#,##0)", 7: "$#,##0.00_);($#,##0.00)", 8: "$#,##0.00_);[Red]($#,##0.00)",
    9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)', 42: '_($* #,##0_);_($* (#,##0);_($* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
    44: '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)',
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Formats that a file names by number. 14 and 22 follow the reader's country; here they are ISO dates."""

_TOKEN = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P|am/pm|a/p|[Gg]eneral|GENERAL|E[+-]|e[+-]|\.0+(?=\D|$)|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[0#?]+|.',
    re.DOTALL,
)
_BRACKETED_TIME = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]")
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def shown(value: float, code: str, *, epoch_1904: bool = False) -> str:
    """`value` as a cell with format `code` shows it; under a code that means nothing, the plain number."""
    try:
        if is_date(code):
            return _date(value, code, epoch_1904)
        return _number(value, code or "General")
    except (ValueError, OverflowError, IndexError, InvalidOperation):
        return general(value)


def general(value: float) -> str:
    """A number without a format: at most 11 digits that count, no noise of binary fractions."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10g}" if abs(value) < 1e11 else f"{value:.11g}"
    return text.replace("e+", "E+").replace("e-", "E-")


@lru_cache(maxsize=512)
def is_date(code: str) -> bool:
    """Whether a format shows a date or a time."""
    code = code.partition(";")[0]
    if _BRACKETED_TIME.search(code):
        return True
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|General', "", code, flags=re.IGNORECASE)
    return bool(re.search(r"[ymdhs]", bare, re.IGNORECASE)) and not re.search(
        r"[#0?@]", re.sub(r"s+\.0+", "s", bare)
    )


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    parts: list[str] = [""]
    for token in _TOKEN.findall(code):
        if token == ";":
            parts.append("")
        else:
            parts[-1] += token
    return tuple(parts)


def _number(value: float, code: str) -> str:
    sections = _sections(code)
    if "[" in code and re.search(r"\[[<>=]", code):
        return general(value)
    index = 0
    if len(sections) > 1 and value < 0:
        index, value = 1, -value
    elif len(sections) > 2 and value == 0:
        index = 2
    code = sections[index]
    if not code.strip():
        return "" if len(sections) > 1 else general(value)
    tokens = _TOKEN.findall(
        _CURRENCY.sub(lambda match: f'"{match.group(1)}"' if match.group(1) else "", code)
    )
    digits = [i for i, token in enumerate(tokens) if _is_digits(token)]
    if not digits:
        return "".join(
            _literal(token) if token.lower() not in ("general", "@") else general(value) for token in tokens
        ).strip()
    first, last = digits[0], digits[-1]
    core = "".join(
        token
        for token in tokens[first : last + 1]
        if _is_digits(token) or token in (",", ".", "/", " ") or token[0] in "eE"
    )
    trailing = last + 1
    while trailing < len(tokens) and tokens[trailing] == ",":
        value /= 1000  # each comma after the digits leaves three of them out
        trailing += 1
    value *= 100 ** sum(token == "%" for token in tokens)
    negative = value < 0
    number = _digits(abs(value), core)
    if not any(sign in "123456789" for sign in number):
        negative = False
    before = "".join(map(_literal, tokens[:first]))
    after = "".join(map(_literal, tokens[trailing:]))
    return f"{'-' if negative else ''}{before}{number}{after}".strip()


def _is_digits(token: str) -> bool:
    return token.strip("0#?") == "" or (token[0] == "." and token.strip(".0") == "")


def _literal(token: str) -> str:
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    if token[0] in "_*":
        return " " if token[0] == "_" else ""
    if token[0] == "[" or token in "0#?":
        return ""
    return token


def _rounded(value: float, places: int) -> str:
    """Halves are rounded away from zero, and by what is written: 2.675 becomes 2.68."""
    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def _digits(value: float, core: str) -> str:
    if "/" in core:
        return general(round(value, 4))
    if "e" in core.lower():
        mantissa = core.lower().partition("e")[0]
        places = len(mantissa.partition(".")[2])
        head, _, power = f"{value:.{places}E}".partition("E")
        return f"{head}E{power[0]}{power[1:].lstrip('0').rjust(2, '0')}"
    whole, _, fraction = core.partition(".")
    places = min(sum(sign in "0#?" for sign in fraction), 20)
    text = _rounded(value, places)
    if places:
        optional = len(fraction) - len(fraction.rstrip("#?"))
        head, _, tail = text.partition(".")
        while optional and tail.endswith("0"):
            tail, optional = tail[:-1], optional - 1
        text = f"{head}.{tail}" if tail else head
    head, dot, tail = text.partition(".")
    head = head.rjust(whole.count("0"), "0") if whole.count("0") > 1 else head
    if "," in whole:
        padded = head
        head = f"{int(padded):,}" if len(padded) == len(str(int(padded))) else padded
    if head == "0" and "0" not in whole and tail:
        head = ""
    return head + dot + tail


def _date(value: float, code: str, epoch_1904: bool) -> str:
    elapsed = _BRACKETED_TIME.search(code)
    if not elapsed and not 0 <= value < 2_958_466:
        return general(value)
    moment = from_serial(max(value, 0), epoch_1904) if value < 2_958_466 else datetime(1899, 12, 31)
    code = _sections(code)[0]
    tokens = [
        token
        for token in _TOKEN.findall(code)
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
            name = _MONTHS[moment.month - 1]
            pieces.append(
                {1: str(moment.month), 2: f"{moment.month:02}", 3: name[:3], 5: name[0]}.get(len(low), name)
            )
        elif low.strip("d") == "":
            name = _DAYS[moment.weekday()]
            pieces.append({1: str(moment.day), 2: f"{moment.day:02}", 3: name[:3]}.get(len(low), name))
        elif low.strip("h") == "":
            hour = (moment.hour % 12 or 12) if twelve else moment.hour
            pieces.append(f"{hour:02}" if len(low) > 1 else str(hour))
        elif low.strip("s") == "":
            pieces.append(f"{moment.second:02}" if len(low) > 1 else str(moment.second))
        elif low in ("am/pm", "a/p"):
            half = "AM" if moment.hour < 12 else "PM"
            pieces.append(half if low == "am/pm" else half[0])
        elif token[0] == "." and token.strip(".0") == "":
            pieces.append(f".{moment.microsecond:06}"[: len(token)])
        else:
            pieces.append(_literal(token))
    return "".join(pieces).strip()


def _is_minutes(tokens: list[str], index: int) -> bool:
    """An m is minutes after hours or before seconds, else months."""
    if len(tokens[index]) > 2:
        return False
    before = next((token.lower() for token in reversed(tokens[:index]) if token[0].lower() in "ymdhs["), "")
    after = next((token.lower() for token in tokens[index + 1 :] if token[0].lower() in "ymdhs"), "")
    return before.strip("[]").startswith("h") or after.startswith("s")


def from_serial(value: float, epoch_1904: bool = False) -> datetime:
    """The moment that a serial number of days means; day 60 of 1900, which never was, is taken for day 59."""
    if epoch_1904:
        start = datetime(1904, 1, 1)
    else:
        start = datetime(1899, 12, 30) if value >= 60 else datetime(1899, 12, 31)
    # Rounded to milliseconds: a time is a fraction of a day and seldom exact.
    return start + timedelta(days=int(value), milliseconds=round((value % 1) * 86_400_000))
