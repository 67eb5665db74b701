"""PURE: what kind of answer a text calls for: a word, yes or no, or a piece of work."""

from __future__ import annotations

import re

from assistant.documents.text.word_lists import interrogatives, question_phrases

QUESTION_MARKS = ("?", "？", "؟", "՞", "፧")
_WORD = re.compile(r"[^\W\d_][^\s.,;:!?¿¡।'’\"”»)]*")
"""What is written onto another word is one of its own: "what" in "what's"."""
_SEARCH_WORDS = 6
"""So few words, without a question, are what is looked for, and no work to be done."""
_SEARCH_CHARACTERS = 12
"""The same where no spaces are written."""


def asks_openly(text: str, language: str) -> bool:
    """Whether it is a question that yes and no do not answer."""
    low = text.casefold()
    if any(phrase in low for phrase in question_phrases(language)):
        return True
    return not interrogatives(language).isdisjoint(_WORD.findall(low))


def is_task(text: str, language: str) -> bool:
    """Whether it asks for a piece of work ("Write a letter about …") and not for something to be told."""
    if any(mark in text for mark in QUESTION_MARKS) or asks_openly(text, language):
        return False
    unspaced = bool(question_phrases(language))
    return len(text) > _SEARCH_CHARACTERS if unspaced else len(_WORD.findall(text)) > _SEARCH_WORDS
