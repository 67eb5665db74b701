"""The one door for what a person reads: the person's language, plurals and places by Qt's rules.

    translate("documents", "Add files")
    arg(translate("documents", "“%1” was added to “%2”."), name, collection)
    translate("documents", "%n page(s)", None, pages)

Context and text are literals, so that Qt's lupdate finds them; tests/test_translation.py holds them to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

_PLACE = re.compile(r"%(\d)")


def translate(context: str, text: str, comment: str | None = None, n: int = -1) -> str:
    """`text` in the person's language.

    Args:
        context: the room that it is said in, such as "documents".
        text: English. "%n" stands for `n`, with "(s)" or "(es)" behind a noun that follows it.
        comment: for the translator, where the same English means two things.
        n: the number that decides about the plural.
    """
    found = QCoreApplication.translate(context, text, comment, n)
    if n < 0:
        return found
    # Qt leaves the English plural to a translation into English; there is none.
    ending = "" if n == 1 else r"\1"
    return re.sub(r"\((e?s)\)", ending, found.replace(str(n), f"{n:,}", 1) if n > 999 else found)


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """`text`: lupdate knows this name and finds it, for tables whose words go through `translate_marked`."""
    return text


def translate_marked(context: str, text: str) -> str:
    return QCoreApplication.translate(context, text)


def arg(text: str, *values: object) -> str:
    """`text` with %1, %2 … replaced by the values, all at once: a value may hold a "%1" of its own."""
    return _PLACE.sub(lambda found: str(values[int(found[1]) - 1]), text)


def listed(parts: Sequence[str], most: int | None = None) -> str:
    """ "a", "a and b", "a, b and c"; with more than `most`, such as 2, "a, b and 3 more"."""
    if most is not None and len(parts) > most:
        text = translate("common", "%1 and %n more", "a list", len(parts) - most)
        return arg(text, _in_a_row(parts[:most]))
    if len(parts) < 2:
        return "".join(parts)
    return arg(translate("common", "%1 and %2", "a list"), _in_a_row(parts[:-1]), parts[-1])


def _in_a_row(parts: Sequence[str]) -> str:
    row = parts[0]
    for part in parts[1:]:
        row = arg(translate("common", "%1, %2", "a list"), row, part)
    return row
