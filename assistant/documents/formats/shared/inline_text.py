"""What a page says by the look of its text alone, written out: raised signs, struck-out text, links.

A number is never read together with what is set smaller beside it: 10⁶ is not 106, and 48,500 with the mark
of a third note is "48,500 [note 3]".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

SUPERSCRIPT, BASELINE, SUBSCRIPT = 1, 0, -1
STRUCK_BEGINS, STRUCK_ENDS = "[struck out: ", "]"
MAX_ADDRESS_CHARACTERS = 200
"""A longer address is cut: it would drown the words."""
MAX_ADDRESSES = 5
"""A paragraph with more links is a page's own net of links, whose addresses nobody asks for."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text is set."""

    shift: int = BASELINE
    struck: bool = False
    note: bool = False
    """It is certain that this is the mark of a note."""
    address: str = ""
    """What it links to."""


PLAIN = Look()


class InlineText:
    """Runs of one paragraph, cell or heading, each with its look, as they become text."""

    def __init__(self) -> None:
        self._runs: list[tuple[Look, str]] = []

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, text: str, look: Look = PLAIN) -> None:
        if text:
            self._runs.append((look, text))

    def clear(self) -> None:
        self._runs.clear()

    def take(self) -> str:
        """The text so far; the next run begins a new one."""
        text = self.text()
        self._runs.clear()
        return text

    def text(self) -> str:
        if all(look is PLAIN for look, _ in self._runs):
            return "".join([text for _, text in self._runs])
        joined = [
            (look, "".join([text for _, text in same]))
            for look, same in groupby(self._runs, key=lambda run: run[0])
        ]
        told = len({look.address for look, _ in joined if look.address}) <= MAX_ADDRESSES
        written = ""
        at = 0
        for (address, struck), same in groupby(joined, key=lambda run: (run[0].address, run[0].struck)):
            words = ""
            for look, text in same:
                at += 1
                level = at < len(joined) and joined[at][0].shift == BASELINE
                after = joined[at][1] if level else ""
                words += "".join(shifted(written + words, text, after, look)) if look.shift else text
            if struck:
                words = struck_out(words)
                follows = joined[at][1][:1] if at < len(joined) else ""
                words += " " if words.endswith(STRUCK_ENDS) and follows.isalnum() else ""
            written += with_address(words, address) if address and told else words
        return written


def struck_out(words: str) -> str:
    """Words that the writer has struck out; what replaces them stands beside them."""
    bare = words.strip()
    if not bare or bare.startswith(STRUCK_BEGINS):
        return words
    before, _, after = words.partition(bare)
    return f"{before}{STRUCK_BEGINS}{bare}{STRUCK_ENDS}{after}"


def with_address(words: str, address: str) -> str:
    """The words of a link with the address it leads to; a link within the same document has none to tell."""
    address = " ".join(address.split())
    scheme = address.partition(":")[0].lower()
    if scheme not in ("http", "https", "ftp", "mailto", "tel"):
        return words
    shown = address.removeprefix("mailto:").removeprefix("tel:")
    if scheme == "mailto":
        shown = shown.partition("?")[0]
    bare = words.strip()
    if not shown or _bare(shown) in _bare(bare):
        return words
    if len(shown) > MAX_ADDRESS_CHARACTERS:
        shown = shown.partition("?")[0]
    if len(shown) > MAX_ADDRESS_CHARACTERS:
        shown = shown[: MAX_ADDRESS_CHARACTERS - 1] + "…"
    if not bare:
        return words
    before, _, after = words.partition(bare)
    return f"{before}{bare} ({shown}){after}"


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/$", "", "".join(address.lower().split()))


# --- raised and lowered text -------------------------------------------------------------------------

_RAISED = str.maketrans("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_HAS_RAISED = re.compile(r"[0-9+\-−–=()ni]+")
_HAS_LOWERED = re.compile(r"[0-9+\-−–=()]+")
_NUMBERS = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*,?")
"""What marks notes: "3", "1,2", "4–6"."""
_IN_BRACKETS = re.compile(r"(?:[(\[]?\w{1,3}[)\]]\s*)+")
"""Marks of notes that stand apart by themselves."""
_SIGNED = re.compile(r"[+\-−–]\s?\d+")
_NUMBER_AT_END = re.compile(r"(?<![\w.,'’])([\d.,'’  ]*\d)$")
_LETTERS_AT_END = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*$")
_OPERATOR_BEFORE = re.compile(r"[=×·*+/^≈<>(−]\s*(?:[\d.,]+|[^\W\d_]{1,3})$")
_OPERATOR_AFTER = re.compile(r"\s*[=×·*+^≈<>≤≥−)]|\s+[-–]\s")
_FRACTION_LINE = re.compile(r"\s*[/⁄∕]\s*(?:$|(2|3|4|5|6|8|10|16|32)(?![\d.,]))")
"""What follows the number above a fraction's line: the line, and the number below if it is not set apart."""
_SQUARES = re.compile(
    r"squar|cub|power|root|quadrat|kubik|potenz|wurzel|carré|puissance|cuadrad", re.IGNORECASE
)
_SMALL_BASE = 2
"""Digits of a number that may be squared or cubed in a running text; longer ones never are."""
_TERM_AT_END = re.compile(r"\([^()]{0,40}[-+−*/=·×^][^()]{0,40}\)$|\([^\W\d_]{1,2}\)$")
_ORDINALS = frozenset(
    {
        "st", "nd", "rd", "th", "er", "re", "e", "ère", "ème", "eme", "o", "a", "os", "as", "me", "lle",
        "mes", "lles", "r", "rs", "gr", "te", "ter", "de", "ste", "va", "vo", "no",
    }
)  # fmt: skip
_UNITS = frozenset(
    {
        "m", "km", "cm", "mm", "dm", "nm", "pm", "µm", "μm", "in", "ft", "yd", "mi", "s", "sec", "h", "hr",
        "min", "kg", "g", "mg", "mol", "l", "k", "v", "w", "hz", "n", "j", "c", "cal", "inch", "inches",
        "foot", "feet", "yard", "yards", "mile", "miles", "metre", "metres", "meter", "meters", "м", "км",
        "см", "мм", "с",
    }
)  # fmt: skip


def shifted(before: str, text: str, after: str, look: Look) -> tuple[str, str, str]:
    """Raised or lowered text between two others: what is put before it, itself, and what is put behind it.

    The text itself keeps its length, so that each of its characters stays what it was.
    """
    bare = text.strip()
    if not bare:
        return "", text, ""
    lead, _, tail = text.partition(bare)
    more, shown, behind = (_raised if look.shift > 0 else _lowered)(before + lead, bare, tail + after, look)
    return lead + more, shown, behind + tail


def _raised(before: str, text: str, after: str, look: Look) -> tuple[str, str, str]:
    behind = after[:1]
    if not before.strip():
        # The mark with which the text of a note begins.
        return "", text, " " if text[-1].isalnum() and behind.isalnum() else ""
    marks = _NUMBERS.fullmatch(text) is not None
    if not look.note and _is_numerator(before, text, after):
        return " " if before[-1].isdigit() else "", text, ""  # a fraction: 3 1/2
    if marks and not look.note and before[-1].isspace() and behind.isalpha():
        return "", text.translate(_RAISED), ""  # an isotope: ¹⁴C
    if marks and (look.note or not _is_exponent(before, text, after)):
        return ("" if before[-1].isspace() else " ") + "[note ", text, "]" + (" " if behind.isalnum() else "")
    if _HAS_RAISED.fullmatch(text) and not text.isalpha() and not _IN_BRACKETS.fullmatch(text):
        return "", text.translate(_RAISED), ""
    if not any(map(str.isalnum, text)):
        return "", text, ""
    if _IN_BRACKETS.fullmatch(text):
        return "" if before[-1].isspace() else " ", text, " " if behind.isalnum() else ""
    if text.lower() in ("o", "0") and before[-1].isdigit():
        return "", "°", ""
    if text.upper() in ("TM", "SM"):
        return "", "™" if text.upper() == "TM" else "℠", ""
    if text.lower().rstrip(".") in _ORDINALS and not (text == "a" and len(_number(before)) > 2):
        return "", text, " " if behind.isalnum() else ""
    if before[-1].isalnum() and text[0].isalnum():
        return "^" if len(text) <= 3 else " ", text, " " if behind.isalnum() else ""
    return "", text, ""


def _is_numerator(before: str, text: str, after: str) -> bool:
    """Whether raised digits stand above the line of a fraction: 3 1/2."""
    line = _FRACTION_LINE.match(after)
    if line is None or not text.isdigit() or not (before[-1].isspace() or 0 < len(_number(before)) <= 3):
        return False
    return line.group(1) is None or int(text) < int(line.group(1))


def _is_exponent(before: str, text: str, after: str) -> bool:
    """Whether raised digits are a power rather than the mark of a note."""
    if _SIGNED.fullmatch(text):
        return True
    if not text.isdigit():
        return False
    last = before[-1]
    if last.isdigit():
        number = _number(before)
        if not number:
            return False  # a name such as CO2
        if number in ("10", "2") or _OPERATOR_BEFORE.search(before[-40:]):
            return True
        # A count with the mark of a note looks the same: "95² trees" are 95 of them.
        reckoned = _OPERATOR_AFTER.match(after) is not None or _SQUARES.search(before[-60:]) is not None
        return reckoned and len(number) <= _SMALL_BASE and text in ("2", "3")
    if last.isalpha():
        word = _LETTERS_AT_END.search(before[-40:])
        letters = word.group().lower() if word else ""
        known = len(letters) == 1 or (letters in _UNITS and int(text) <= 4)
        return len(text) <= 2 and (known or _OPERATOR_BEFORE.search(before[-40:]) is not None)
    return last == ")" and len(text) <= 2 and _TERM_AT_END.search(before[-90:]) is not None


def _number(before: str) -> str:
    """The number at the end of a text, "" where there is none or it belongs to a name."""
    found = _NUMBER_AT_END.search(before[-40:])
    return found.group(1).strip() if found else ""


def _lowered(before: str, text: str, after: str, look: Look) -> tuple[str, str, str]:
    beside = before[-1:].isdigit() or (after[:1].isdigit() and text[-1:].isdigit())
    if beside and _HAS_LOWERED.fullmatch(text):
        return "", text.translate(_LOWERED), ""
    return "_" if before[-1:].isdigit() and text[0].isalnum() else "", text, ""
