"""Which language each paragraph of a text is in, and where its sentences are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from assistant.jobs import CancelToken
from assistant.text.language_detection import UNKNOWN, detect, script_language
from assistant.text.sentences import whole_sentences
from assistant.translation.records import AnalysedParagraph

_LONG = 30
"""Letters of a paragraph that is sure of its language by itself."""
_SURE = 0.8


def analyse(
    texts: Sequence[str], languages: Sequence[str], token: CancelToken, expected: Sequence[str] = ()
) -> list[AnalysedParagraph]:
    """
    Args:
        languages: of each text, "" where it is to be detected; or none at all.
        expected: languages that a text of few words is rather taken for.

    Raises:
        Cancelled: `token` was cancelled.
    """
    found = []
    for text, language in zip(texts, detected(texts, languages, token, expected), strict=True):
        token.raise_if_cancelled()
        found.append(AnalysedParagraph(language, tuple(whole_sentences(text, language))))
    return found


def detected(
    texts: Sequence[str],
    given: Sequence[str],
    token: CancelToken | None = None,
    expected: Sequence[str] = (),
) -> list[str]:
    """The language of each text. One of few words is taken for what those around it are in: it may be a
    title, a name or a number, which look like many languages. Where all are of few words, as on slides and
    in tables, they are told together, and else one of the expected languages is preferred."""
    token = token or CancelToken()
    sure: list[str] = []
    for text, language in zip(texts, given or [""] * len(texts), strict=True):
        token.raise_if_cancelled()
        sure.append(language or _by_itself(text))
    among: Sequence[str] = tuple(dict.fromkeys(filter(None, sure)))
    neighbours = _neighbours(sure)
    if not among:
        together = _by_itself("\n".join(texts))
        among, neighbours = tuple(filter(None, (together, *expected))), [together] * len(texts)
    beside = lru_cache(maxsize=10_000)(partial(_beside, among=among))
    found = []
    for text, language, neighbour in zip(texts, sure, neighbours, strict=True):
        token.raise_if_cancelled()
        found.append(language or beside(text, neighbour))
    return found


def _neighbours(languages: Sequence[str]) -> list[str]:
    """For each, the language before it, else the one after it; "" where there is none."""
    before = next(filter(None, languages), "")
    found = []
    for language in languages:
        before = language or before
        found.append(before)
    return found


def _by_itself(text: str) -> str:
    """ "" where it says too little."""
    if sum(map(str.isalpha, text)) < _LONG:
        return ""
    language, confidence = detect(text)
    return language if confidence >= _SURE else ""


def _beside(text: str, neighbour: str, among: Sequence[str]) -> str:
    by_script = script_language(text)
    if by_script is not None and by_script != neighbour:
        return neighbour if (by_script, neighbour) == ("zh", "ja") else by_script
    if neighbour and not set(among) - {neighbour}:
        return neighbour
    language, confidence = detect(text, among)
    if not neighbour or language == UNKNOWN:
        return neighbour or language
    return language if language in among and confidence >= _SURE else neighbour
