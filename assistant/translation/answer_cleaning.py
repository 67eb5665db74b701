"""PURE: the translation in what a chat model answered, without what it says around it."""

from __future__ import annotations

import re

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```[^\n`]*\n(.*?)\n?(?:```|\Z)", re.DOTALL)
_LEADING_LABEL = re.compile(r"(?:\*\*)?[^\W\d_]+(?: [^\W\d_]+)?(?:\*\*)?\s?[:：](?:\*\*)?\s*(?=\S)")
_PREFACE = re.compile(r"[^\n]{0,120}[:：](?:\*\*)?\s*")
"""A line that announces something: "Sure! Here is the translation:"."""
_REFUSAL = re.compile(
    r"(?:i['’]m sorry|i am sorry|sorry, (?:but )?i\b|i can(?:no|['’])t (?:help|assist|translate|provide)"
    r"|as an ai\b|i am an ai\b|i['’]m unable\b|i am unable\b)",
    re.IGNORECASE,
)
_QUOTES = {
    '"': '"',
    "'": "'",
    "“": "”",
    "„": "“",
    "«": "»",
    "»": "«",
    "‘": "’",
    "「": "」",
    "『": "』",
    "`": "`",
}


def translation(source: str, answer: str, *, ended: bool) -> str:
    """What of an answer is the translation of a sentence; "" of a refusal and of what did not end.

    Args:
        ended: the model ended by itself; else the last line breaks off.
    """
    text = _THOUGHTS.sub("", answer).strip()
    fenced = _FENCE.search(text)
    if fenced and "```" not in source:
        text = fenced.group(1).strip()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not ended and len(lines) < 2:
        return ""
    if len(lines) > 1 and _PREFACE.fullmatch(lines[0]) and not source.rstrip().endswith((":", "：")):
        del lines[0]
    text = _without_label(source, lines[0]) if lines else ""
    text = _without_quotes(source, _without_stars(source, text))
    if _REFUSAL.match(text) and not _REFUSAL.search(source):
        return ""
    return text


def _without_label(source: str, text: str) -> str:
    """ "German: Ein Hund" where the sentence has no colon of its own."""
    if ":" in source or "：" in source:
        return text
    return _LEADING_LABEL.sub("", text, count=1) if _LEADING_LABEL.match(text) else text


def _without_stars(source: str, text: str) -> str:
    """ "**Ein Hund**" of a sentence that was not bold."""
    match = re.fullmatch(r"(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1", text)
    return match.group(2) if match and not source.startswith(match.group(1)[0]) else text


def _without_quotes(source: str, text: str) -> str:
    """What stands in quotation marks that the sentence does not have."""
    while len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and source[:1] not in _QUOTES:
        inner = text[1:-1]
        if text[0] in inner or text[-1] in inner:
            break
        text = inner.strip()
    return text
