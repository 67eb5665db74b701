"""PURE: what kind of answer a text calls for: a word, yes or no, or a piece of work."""

from __future__ import annotations

import re

from assistant.documents.text.word_lists import interrogatives, question_phrases, stopwords

QUESTION_MARKS = ("?", "？", "؟", "՞", "፧")
_WORD = re.compile(r"[^\W\d_][^\s.,;:!?¿¡।'’\"”»)]*")
"""What is written onto another word is one of its own: "what" in "what's"."""
_SEARCH_WORDS = 6
"""So few words, without a question, are what is looked for, and no work to be done."""
_SEARCH_CHARACTERS = 12
"""The same where no spaces are written."""
_FRAGMENT_CHARACTERS = 6
"""So short a question, where no spaces are written, is a fragment."""


def asks_openly(text: str, language: str) -> bool:
    """Whether it is a question that yes and no do not answer."""
    low = text.casefold()
    if any(phrase in low for phrase in question_phrases(language)):
        return True
    return not interrogatives(language).isdisjoint(_WORD.findall(low))


def is_question(text: str, language: str) -> bool:
    """Whether it wants to be told something."""
    return any(mark in text for mark in QUESTION_MARKS) or asks_openly(text, language)


def is_fragment(text: str, language: str) -> bool:
    """Whether a question says too little by itself, with one word that tells or none: "And in winter?"."""
    asked = text.rstrip()
    if not asked.endswith(QUESTION_MARKS):
        return False
    if question_phrases(language):
        before_particle = asked[:-2]  # 呢 asks in full and in part
        return len(asked) <= _FRAGMENT_CHARACTERS and not asks_openly(before_particle, language)
    if asks_openly(text, language):
        return False
    return sum(word not in stopwords(language) for word in _WORD.findall(text.casefold())) <= 1


def is_task(text: str, language: str) -> bool:
    """Whether it asks for a piece of work ("Write a letter about …") and not for something to be told."""
    if is_question(text, language):
        return False
    unspaced = bool(question_phrases(language))
    return len(text) > _SEARCH_CHARACTERS if unspaced else len(_WORD.findall(text)) > _SEARCH_WORDS
