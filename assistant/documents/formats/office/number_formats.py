"""PURE: numbers of a spreadsheet as its cells show them (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

from assistant.documents.formats.office.date_formats import is_date, shown_date

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

MAX_DENOMINATOR_DIGITS = 5
_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[Gg]eneral|GENERAL|[Ee][+-]|.', re.DOTALL)
_PIECES = re.compile(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;])*', re.DOTALL)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
    "<>": operator.ne,
}  # fmt: skip
_OWN_SIGN = re.compile(r"[^0#?]*[-(]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_PLACES = frozenset("0#?")
_GROUPING = frozenset("'’ \u00a0\u202f.")
"""Signs beside the comma that part thousands where a format writes them between its places."""


def shown(value: float, code: str, *, epoch_1904: bool = False) -> str:
    """`value` as a cell with format `code` shows it; under a code that means nothing, the plain number."""
    try:
        section, signed = _section_for(value, code or "General")
        if is_date(section):
            return shown_date(value, section, epoch_1904)
        return _number(value if signed else abs(value), section, alone=";" not in code)
    except (ValueError, OverflowError, IndexError, InvalidOperation, ZeroDivisionError):
        return general(value)


def shown_text(text: str, code: str) -> str:
    """A text as a cell with format `code` shows it."""
    sections = _sections(code)
    own = len(sections) > 3
    tokens = _TOKEN.findall(sections[3] if own else sections[-1])
    if "@" not in tokens and not own:
        return text
    return "".join(text if token == "@" else _literal(token) for token in tokens).strip()


def general(value: float) -> str:
    """A number without a format: at most 11 digits that count, no noise of binary fractions."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = f"{value:.10g}" if abs(value) < 1e11 else f"{value:.11g}"
    return text.replace("e+", "E+").replace("e-", "E-")


# --- which section of a format --------------------------------------------------------------------


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """The sections of a format, which semicolons part."""
    parts, at = [], 0
    while at <= len(code):
        match = _PIECES.match(code, at)
        end = match.end() if match else len(code)
        parts.append(code[at:end])
        at = end + 1
    return tuple(parts)


def _section_for(value: float, code: str) -> tuple[str, bool]:
    """The section that holds for a value, and whether a minus is still to be written."""
    sections = _sections(code)
    conditions = [_CONDITION.search(section) if "[" in section else None for section in sections[:3]]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=False):
            if condition is None or _COMPARISONS[condition.group(1)](value, float(condition.group(2))):
                section = _CONDITION.sub("", section)
                # A section that holds for losses alone writes their sign itself, in its own way.
                losses = condition is not None and _only_losses(*condition.groups())
                return section, not (losses or (value < 0 and _OWN_SIGN.match(section) is not None))
        return "General", True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], True
    return sections[0], True


def _only_losses(comparison: str, limit: str) -> bool:
    return comparison in ("<", "<=") and float(limit) <= 0 and (comparison, float(limit)) != ("<=", 0.0)


# --- numbers --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Plan:
    """The tokens of a section of a format by what they are for."""

    before: list[str]
    whole: list[str]
    """From the first place to the last one before the point, with what stands between them."""
    fraction: list[str]
    exponent: list[str]
    after: list[str]
    thousands: int
    """How often three digits are left out."""


def _number(value: float, section: str, *, alone: bool) -> str:
    if not section.strip():
        return general(value) if alone else ""
    section = _CURRENCY.sub(lambda match: f'"{match.group(1)}"' if match.group(1) else "", section)
    tokens = _TOKEN.findall(section)
    places = [at for at, token in enumerate(tokens) if token in _PLACES]
    if not places:
        return "".join(
            general(value) if token.lower() in ("general", "@") else _literal(token) for token in tokens
        ).strip()
    sign = "-" if value < 0 else ""
    value = abs(value)
    if "/" in tokens[places[0] :]:
        return _as_fraction(value, tokens, places[0], sign)
    plan = _plan(tokens, places)
    value *= 100 ** tokens.count("%")
    value /= 1000**plan.thousands
    number = _scientific(value, plan) if plan.exponent else _decimal(value, plan)
    if not any(digit in "123456789" for digit in number):
        sign = ""
    return f"{sign}{_literals(plan.before)}{number}{_literals(plan.after)}".strip()


def _plan(tokens: list[str], places: list[int]) -> _Plan:
    first, last = places[0], places[-1]
    exponent = next((at for at in range(first, last) if tokens[at][0] in "Ee" and len(tokens[at]) == 2), None)
    end = last if exponent is None else max(at for at in places if at < exponent)
    point = next((at for at in range(first - 1 if first else 0, end) if tokens[at] == "."), None)
    if point is not None and point < first:
        first = point  # ".00": no place before the point
    stop = end + 1
    thousands = 0
    while exponent is None and stop < len(tokens) and tokens[stop] == ",":
        thousands, stop = thousands + 1, stop + 1
    whole = tokens[first : end + 1] if point is None else tokens[first:point]
    while whole and whole[-1] == ",":  # "0,.0" leaves three digits out as well
        whole.pop()
        thousands += 1
    return _Plan(
        tokens[:first],
        whole,
        [] if point is None else tokens[point + 1 : end + 1],
        [] if exponent is None else tokens[exponent : last + 1],
        tokens[stop if exponent is None else last + 1 :],
        thousands,
    )


def _decimal(value: float, plan: _Plan) -> str:
    places = min(sum(token in _PLACES for token in plan.fraction), 20)
    digits, _, tail = _rounded(value, places).partition(".")
    shown_tail = _fraction(tail, plan.fraction)
    if digits == "0" and "0" not in plan.whole:
        digits = ""
    return _whole(digits, plan.whole) + (f".{shown_tail}" if shown_tail else "")


def _fraction(digits: str, tokens: list[str]) -> str:
    """Digits behind the point; zeros in places that need none are left out from the end."""
    optional = 0
    for token in reversed([token for token in tokens if token in _PLACES]):
        if token == "0" or not digits[: len(digits) - optional].endswith("0"):
            break
        optional += 1
    kept = iter(digits[: len(digits) - optional])
    return "".join(next(kept, "") if token in _PLACES else _literal(token) for token in tokens)


def _whole(digits: str, tokens: list[str]) -> str:
    """Digits before the point, with what the format writes between them."""
    digits = digits.rjust(tokens.count("0"), "0")
    between = [token for token in tokens if token not in _PLACES]
    if not between:
        return digits
    if set(between) == {","}:
        return _grouped(digits, ",")
    separator = _thousands_separator(tokens)
    if separator:
        return _grouped(digits, separator)
    # Each place takes a digit from the right, the first one all that are left: 000-00-0000.
    left, pieces = digits, list[str]()
    first = next(at for at, token in enumerate(tokens) if token in _PLACES)
    for at in range(len(tokens) - 1, -1, -1):
        if tokens[at] not in _PLACES:
            pieces.append("" if tokens[at] == "," else _literal(tokens[at]))
        elif at == first:
            pieces.append(left)
        else:
            pieces.append(left[-1:])
            left = left[:-1]
    return "".join(reversed(pieces))


def _thousands_separator(tokens: list[str]) -> str:
    """The sign between thousands in a format such as #'##0; "" where signs stand for something else."""
    literals = {_literal(token) for token in tokens if token not in _PLACES}
    pattern = "".join(token if token in _PLACES else "," for token in tokens)
    if len(literals) == 1 and re.fullmatch(r"#{1,3}(?:,##[0#])+", pattern):
        (sign,) = literals
        return sign if sign in _GROUPING else ""
    return ""


def _grouped(digits: str, separator: str) -> str:
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    groups += [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return separator.join(groups)


def _scientific(value: float, plan: _Plan) -> str:
    step = max(1, sum(token in _PLACES for token in plan.whole))
    places = sum(token in _PLACES for token in plan.fraction)
    power = 0 if value == 0 else Decimal(repr(value)).adjusted()
    power -= power % step
    mantissa = _rounded(value / 10.0**power, places)
    if len(mantissa.partition(".")[0]) > step:  # rounded up to the next power
        power += step
        mantissa = _rounded(value / 10.0**power, places)
    digits = str(abs(power)).rjust(plan.exponent.count("0"), "0")
    sign = "-" if power < 0 else "+" if plan.exponent[0][1] == "+" else ""
    return f"{mantissa}{plan.exponent[0][0].upper()}{sign}{digits}"


def _as_fraction(value: float, tokens: list[str], first: int, sign: str) -> str:
    """A number as a common fraction: "# ?/?" shows 1.5 as 1 1/2."""
    slash = tokens.index("/", first)
    below = "".join(tokens[slash + 1 :])
    fixed = re.match(r"[1-9]\d*", below)
    width = re.match(r"[0#?]*", below)
    top = slash
    while top > first and tokens[top - 1] in _PLACES:
        top -= 1
    mixed = any(token in _PLACES for token in tokens[first:top])
    whole, rest = (int(value), Fraction(repr(value)) - int(value)) if mixed else (0, Fraction(repr(value)))
    if fixed is not None:
        denominator = int(fixed.group())
        numerator = int(rest * denominator + Fraction(1, 2))
        length = len(fixed.group())
    else:
        length = len(width.group()) if width else 1
        near = rest.limit_denominator(10 ** min(max(1, length), MAX_DENOMINATOR_DIGITS) - 1)
        numerator, denominator = near.numerator, near.denominator
    if mixed and numerator == denominator:
        whole, numerator = whole + 1, 0
    before, after = _literals(tokens[:first]), _literals(tokens[slash + 1 + length :])
    if not whole and not numerator:
        return f"{before}0{after}".strip()
    part = f"{numerator}/{denominator}" if numerator else ""
    number = " ".join(filter(None, (str(whole) if whole else "", part)))
    return f"{sign}{before}{number}{after}".strip()


def _rounded(value: float, places: int) -> str:
    """Halves are rounded away from zero, and by what is written: 2.675 becomes 2.68."""
    return f"{Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


def _literals(tokens: list[str]) -> str:
    return "".join(map(_literal, tokens))


def _literal(token: str) -> str:
    """What a token writes that stands for no digit."""
    if token[0] == '"':
        return token.strip('"')
    if token[0] == "\\":
        return token[1:]
    if token[0] in "_*" and len(token) == 2:
        return " " if token[0] == "_" else ""
    return "" if token[0] == "[" or token in _PLACES else token
