"""Models that search documents in plain words: the languages they speak, what changing to one takes."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import languages
from assistant.documents.embedder_records import EmbedderChange, EmbedderChoice, EmbedderState, EmbedderStep
from ui.common import error_words, formatting, quantities
from ui.common.translation import arg, listed, translate

MOST_NAMED = 4
"""Of more languages only the number is said, and two of them as examples."""
_EXAMPLES = ("hi", "ar", "zh", "es", "fr", "de", "ru", "ja")
"""Languages named first as examples, where the person's own are not known."""


def spoken(codes: Sequence[str], wanted: Sequence[str] = ()) -> str:
    """ "English", "94 languages, including Hindi and Arabic"; "" where nobody says.

    Args:
        wanted: codes of those that the person needs; they alone are named.
    """
    if not codes:
        return ""
    names = list(dict.fromkeys(languages.name(code) for code in codes if code != languages.MANY))
    if languages.MANY not in codes and len(names) <= MOST_NAMED:
        return listed(names)
    many = translate("documents", "many languages")
    if languages.MANY not in codes:
        many = translate("documents", "%n languages", None, len(names))
    known = [code for code in wanted if code in codes or languages.MANY in codes]
    named = known or [code for code in _EXAMPLES if code in codes]
    examples = [languages.name(code) for code in named]
    if not examples:
        return many
    text = translate("documents", "%1, including %2", "94 languages, including Hindi and Arabic")
    return arg(text, many, listed(list(dict.fromkeys(examples))[:2]))


def finds(codes: Sequence[str], wanted: Sequence[str] = ()) -> str:
    """ "It finds by meaning in English."; "" where nobody says in which languages."""
    text = translate("documents", "It searches by meaning in %1.", "a language, or several")
    return arg(text, spoken(codes, wanted)) if codes else ""


def about(seconds: float) -> str:
    """ "less than a minute", "about 12 minutes", "about 3 hours"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return translate("documents", "less than a minute")
    if minutes < 100:
        return translate("documents", "about %n minute(s)", None, minutes)
    return translate("documents", "about %n hour(s)", None, round(minutes / 60))


def takes(choice: EmbedderChoice) -> str:
    """ "Takes 475 MB of memory while it searches · changing takes about 12 minutes"."""
    text = arg(
        translate("documents", "Needs %1 of memory while it searches", "a size"),
        quantities.size(choice.memory),
    )
    if choice.state in (EmbedderState.ACTIVE, EmbedderState.CHANGING):
        return text
    changing = arg(translate("documents", "changing takes %1", "about 12 minutes"), about(choice.seconds))
    return f"{text} · {changing}"


def progress(change: EmbedderChange) -> str:
    """ "Reading your documents again · 42 % · about 12 minutes left"."""
    if change.held is not None:
        return formatting.one_line(error_words.both(change.held))
    done = percent(change)
    if done is None:
        return translate("documents", "Being prepared, which happens once")
    text = arg(translate("documents", "Reading your documents again, %1 %"), done)
    if change.seconds_left is None:
        return text
    left = arg(translate("documents", "%1 left", "a duration"), quantities.duration(change.seconds_left))
    return f"{text} · {left}"


def percent(change: EmbedderChange) -> int | None:
    """How much of the change is done; None while that is not known. 100 is left to its end."""
    if change.step is EmbedderStep.CONVERTING or not change.chunks:
        return None
    return max(0, min(99, 100 * change.chunks_done // change.chunks))
