"""PURE: what an engine made of a sentence, put right where that is possible, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.translation import checks, edits, names, sentence_parts, values
from assistant.translation.glossary import matching
from assistant.translation.glossary.records import Term
from assistant.translation.memory.records import MemoryKey, Remembered
from assistant.translation.records import Concern, Flag, Hypotheses


def judged(key: MemoryKey, terms: Sequence[Term], over: Hypotheses | None, made: Hypotheses) -> Remembered:
    """
    Args:
        terms: of the glossary, those that occur in the sentence.
        over: what it became in the language in between, if there is one.
    """
    raw = made.texts[0] if made.texts else ""
    text = sentence_parts.with_end(key.sentence, raw)
    alignment = edits.shifted(made.alignment, len(raw) - len(raw.lstrip()), len(text))
    if over is not None:
        alignment = edits.composed(over.alignment, alignment)
    concerns = list(checks.concerns(key.sentence, text, key.source_language, key.target_language))
    if text:
        text, alignment = values.repaired(key.sentence, text, alignment)
        text, alignment, absent = matching.put_right(key.sentence, text, alignment, terms)
        concerns += (Concern(Flag.GLOSSARY, term.target) for term in absent)
    found = values.difference(key.sentence, text)
    concerns += (Concern(Flag.VALUES, value.text) for value in (*found.missing, *found.added))
    concerns += (Concern(Flag.VALUES, name) for name in names.altered(key.sentence, text))
    if made.cut or (over is not None and over.cut):
        concerns.append(Concern(Flag.CUT))
    return Remembered(text, alignment, tuple(concerns))
