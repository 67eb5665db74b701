"""Which language each paragraph of a text is in, and where its sentences are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.text.language_detection import UNKNOWN, detect, script_language
from assistant.text.sentences import whole_sentences
from assistant.translation.records import AnalysedParagraph

_LONG = 30
"""Letters of a paragraph that is sure of its language by itself."""
_SURE = 0.8


def analyse(texts: Sequence[str], languages: Sequence[str]) -> Iterator[AnalysedParagraph]:
    """
    Args:
        languages: of each text, "" where it is to be detected; or none at all.
    """
    for text, language in zip(texts, detected(texts, languages), strict=True):
        yield AnalysedParagraph(language, tuple(whole_sentences(text, language)))


def detected(texts: Sequence[str], given: Sequence[str]) -> list[str]:
    """The language of each text. One of few words is taken for what those around it are in: it may be a
    title, a name or a number, which look like many languages."""
    found = [
        language or _by_itself(text) for text, language in zip(texts, given or [""] * len(texts), strict=True)
    ]
    sure = [language for language in found if language]
    among = tuple(dict.fromkeys(sure))
    before = ""
    for index, language in enumerate(found):
        if not language:
            after = next((each for each in found[index + 1 :] if each), "")
            found[index] = _beside(texts[index], before or after, among)
        elif language != UNKNOWN:
            before = language
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
    language, confidence = detect(text, among)
    if not neighbour or language == UNKNOWN:
        return neighbour or language
    return language if language in among and confidence >= _SURE else neighbour
