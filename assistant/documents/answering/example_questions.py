"""Questions that documents invite, made of their headings; rather none than a silly one."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from assistant import paths
from assistant.documents.store.rows import HeadingRow
from assistant.documents.text.word_lists import stopwords

_NUMBERING = re.compile(
    r"(?:§+\s*)?(?:\d+(?:[.\-]\d+)*|[IVXivx]{1,5}|[A-Za-z])[.):]?(?:\s+|(?<=[.):]))|§+\s*"
)
_QUESTION = re.compile(r"[?？؟]$")
_ODD = re.compile(r"[?？؟\\/_=<>{}@|#*~^`\[\]…]|https?:|www\.|\.\s|\d{4,}.*\d{4,}|[.,;!。；，！]$")
"""Code, addresses, paths, whole sentences and their beginnings."""
_SHORTEST, _LONGEST = 6, 60
"""Letters, and characters, of a heading that is asked for."""
_LONGEST_QUESTION = 90
_SHORTEST_DENSE = 3
"""Letters, in scripts where one is a syllable or a word."""
_MOST_WORDS = 8
_LETTERS = 0.7
"""The least share of letters."""
_TEXT = 200
"""Characters that stand below a heading that is worth asking for."""


def questions(headings: Sequence[HeadingRow]) -> list[tuple[int, str]]:
    """Questions with the document that each is about, the most inviting first, those of one document apart.

    Args:
        headings: in reading order, those of the document first that comes first.
    """
    often = Counter(heading.text.casefold() for heading in headings)
    asked: dict[int, list[str]] = {}
    titles = {heading.document: heading for heading in reversed(headings)}
    for heading in sorted(headings, key=_order):
        of_document = asked.setdefault(heading.document, [])
        if _is_made(heading) and heading is titles[heading.document]:
            continue
        # What comes again is a form's, a running head, or an advertisement.
        if often[heading.text.casefold()] == 1 and (made := question(heading)) and made not in of_document:
            of_document.append(made)
    order = dict.fromkeys(heading.document for heading in headings)
    return [
        (document, asked[document][turn])
        for turn in range(max(map(len, asked.values()), default=0))
        for document in order
        if turn < len(asked[document])
    ]


def _order(heading: HeadingRow) -> int:
    """The author's own questions come first, and last what one word names: "Segments" may be of anything."""
    if not _is_made(heading):
        return 0
    return 1 if len(_named(heading.text).split()) > 1 or _dense(heading.text) else 2


def _is_made(heading: HeadingRow) -> bool:
    """Whether a question has to be made of it."""
    return _QUESTION.search(heading.text.rstrip()) is None


def question(heading: HeadingRow) -> str:
    """The question that a heading is or invites; "" where none would be good."""
    text = _named(heading.text)
    if heading.characters < _TEXT:
        return ""
    if _QUESTION.search(text):
        many = len(text.split()) >= 3 or _dense(text)
        return text if many and len(text) <= _LONGEST_QUESTION and not _ODD.search(text[:-1]) else ""
    text = text.rstrip(":： ")
    words = _lists()["questions"].get(heading.language)
    if words is None or not _is_topic(text, heading):
        return ""
    return words.format(text.capitalize() if text.isupper() else text)


def _named(heading: str) -> str:
    """A heading without its number."""
    text = " ".join(heading.split())
    return text[match.end() :] if (match := _NUMBERING.match(text)) else text


def _is_topic(text: str, heading: HeadingRow) -> bool:
    empty = _empty_words() | stopwords(heading.language)
    letters = sum(character.isalpha() or not character.isascii() for character in text if character != " ")
    words = text.casefold().split()
    return (
        letters >= (_SHORTEST_DENSE if _dense(text) else _SHORTEST)
        and len(text) <= _LONGEST
        and 1 <= len(words) <= _MOST_WORDS
        and letters >= _LETTERS * len(text.replace(" ", ""))
        and not _ODD.search(text)
        and not all(word.strip("().:") in empty or word.isdigit() for word in words)
        and words[0].strip("().:") not in _empty_words()
        and _sentence_words(heading.language).isdisjoint(words)
        and _form_words().isdisjoint(re.findall(r"[^\W_]+(?:-[^\W_]+)*", text.casefold()))
        and not _is_fragment(text, words, heading.language)
        and text.casefold() not in heading.title.casefold()
    )


def _is_fragment(text: str, words: Sequence[str], language: str) -> bool:
    """Whether it goes on from, or into, words that are not there, or is but a remark in brackets."""
    bracketed = text[0] in "([{" or text.count("(") != text.count(")")
    hangs = len(words) > 1 and (words[-1] in stopwords(language) or words[-1].endswith(("-", "–", "—", "&")))
    return bracketed or text[0].islower() or hangs


def _dense(text: str) -> bool:
    """Whether it is of a script without spaces, or of one in which a letter is a syllable."""
    return any("\u0900" <= character <= "\u0dff" or "\u3040" <= character <= "\ud7af" for character in text)


@cache
def _empty_words() -> frozenset[str]:
    """Headings of such words, or that begin with one, say nothing of what stands below them."""
    return frozenset(word for listed in _lists()["empty"].values() for word in listed.split())


@cache
def _form_words() -> frozenset[str]:
    """What fields of forms, and what the law wants said, are called."""
    return frozenset(word for listed in _lists()["form"].values() for word in listed.split())


@cache
def _sentence_words(language: str) -> frozenset[str]:
    """Words that make a heading a sentence, and no name of what it is about."""
    return frozenset(_lists()["sentence"].get(language, "").split())


@cache
def _lists() -> dict[str, dict[str, str]]:
    """By kind and language: how a question about a heading is put, and words."""
    file = paths.resources() / "example_questions.json"
    lists: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8"))
    return lists
